/* SPDX-License-Identifier: MIT */
#include "history-run.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * WhisHistoryRun:
 *
 * One run of a program that writes the history, as other programs see it. Every run has a number,
 * and holds a lock on the byte of that number in the file `history.lock` for as long as it lives:
 * the kernel lets go of it however the run ends. What a dictation's entry names as its run is being
 * worked on if the lock is held, and was left behind if it is not. The file stays empty.
 *
 * The locks are those of an open file description (see fcntl(2)): two histories in one process are
 * two runs. For one thread at a time.
 */
struct _WhisHistoryRun
{
  char *path;
  gint64 id;
  int fd; /* -1 without a lock */
};

static struct flock
lock_of (gint64 id)
{
  return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = id, .l_len = 1 };
}

static gint64
create_id (void)
{
  return 1 + ((gint64) (g_random_int () & 0x3FFFFFFF) << 32 | g_random_int ());
}

static void
let_go (WhisHistoryRun *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/* A lock in a file that was deleted is seen by nobody. */
static gboolean
is_held (WhisHistoryRun *self)
{
  struct stat status;

  return self->fd >= 0 && fstat (self->fd, &status) == 0 && status.st_nlink > 0;
}

/**
 * whis_history_run_hold:
 * @self: a run
 *
 * Takes the lock, unless it is held. The folder must be there. A run without a lock is taken for
 * one that has ended by all others.
 *
 * Returns: the number of the run, more than 0
 */
gint64
whis_history_run_hold (WhisHistoryRun *self)
{
  struct flock lock;

  g_return_val_if_fail (self != NULL, 0);

  if (is_held (self))
    return self->id;

  let_go (self);
  lock = lock_of (self->id);
  self->fd = open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->fd >= 0 && fcntl (self->fd, F_OFD_SETLK, &lock) == 0)
    return self->id;

  g_debug ("The history's lock cannot be had: %s", g_strerror (errno));
  let_go (self);

  return self->id;
}

/**
 * whis_history_run_is_alive:
 * @self: a run
 * @id: the number of a run, maybe another one
 *
 * Returns: whether that run has not ended; %FALSE where nobody can tell
 */
gboolean
whis_history_run_is_alive (WhisHistoryRun *self, gint64 id)
{
  struct flock lock;
  gboolean alive;
  int fd;

  g_return_val_if_fail (self != NULL, FALSE);

  if (id == self->id)
    return TRUE;
  if (id <= 0)
    return FALSE;

  lock = lock_of (id);
  fd = open (self->path, O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  alive = fcntl (fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close (fd);

  return alive;
}

void
whis_history_run_free (WhisHistoryRun *self)
{
  if (self == NULL)
    return;

  let_go (self);
  g_free (self->path);
  g_free (self);
}

/**
 * whis_history_run_new:
 * @directory: where the history is
 *
 * Returns: (transfer full): a run that holds no lock yet
 */
WhisHistoryRun *
whis_history_run_new (const char *directory)
{
  WhisHistoryRun *self = g_new0 (WhisHistoryRun, 1);

  self->path = g_build_filename (directory, "history.lock", NULL);
  self->id = create_id ();
  self->fd = -1;

  return self;
}
