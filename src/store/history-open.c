/* SPDX-License-Identifier: MIT */
#include "history.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history-private.h"
#include "history-sounds.h"

/* The sounds of the history, opened for whoever reads or works on one. */

/* A sound that is open. */
typedef struct
{
  int fd;
  guint64 size;
  char *path; /* nullable */
} Sound;

static void
sound_free (gpointer data)
{
  Sound *sound = data;

  if (sound->fd >= 0)
    close (sound->fd);
  g_free (sound->path);
  g_free (sound);
}

static Sound *
create_sound (int fd)
{
  Sound *sound;
  struct stat status;

  if (fd < 0)
    return NULL;

  sound = g_new0 (Sound, 1);
  sound->fd = fd;
  if (fstat (fd, &status) == 0)
    sound->size = (guint64) status.st_size;

  return sound;
}

static gpointer
lock_sound (WhisHistoryDatabase *database, gconstpointer id, GError **error)
{
  return create_sound (
      whis_history_sounds_lock (whis_history_database_get_directory (database), id, error));
}

static gpointer
open_sound (WhisHistoryDatabase *database, gconstpointer id, GError **error)
{
  g_autofree char *path = NULL;
  int fd =
      whis_history_sounds_open (whis_history_database_get_directory (database), id, &path, error);
  Sound *sound = create_sound (fd);

  if (sound != NULL)
    sound->path = g_steal_pointer (&path);

  return sound;
}

static void
read_sound (WhisHistory *self,
            gpointer source_tag,
            WhisHistoryReadFunc func,
            const char *id,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, g_strdup (id), g_free);
  whis_history_worker_read (whis_history_get_worker (self), func, sound_free, task);
}

static int
finish_sound (GAsyncResult *result, guint64 *size, char **path, GError **error)
{
  Sound *sound = g_task_propagate_pointer (G_TASK (result), error);
  int fd;

  if (sound == NULL)
    return -1;
  fd = sound->fd;
  sound->fd = -1;
  if (size != NULL)
    *size = sound->size;
  if (path != NULL)
    *path = g_steal_pointer (&sound->path);
  sound_free (sound);

  return fd;
}

/**
 * whis_history_lock_async:
 * @self: a history
 * @id: a dictation
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Takes the right to work on a dictation, which ends with whis_history_unlock() or when the
 * descriptor is closed.
 */
void
whis_history_lock_async (WhisHistory *self,
                         const char *id,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (id != NULL);

  read_sound (self, whis_history_lock_async, lock_sound, id, cancellable, callback, user_data);
}

/**
 * whis_history_lock_finish:
 * @self: a history
 * @result: the result
 * @size: (out) (optional): how many bytes the sound has
 * @error: return location for an error: %WHIS_STORE_ERROR_BUSY if somebody else has the lock,
 *   %WHIS_STORE_ERROR_NOT_FOUND if there is no sound
 *
 * Returns: the sound, open for reading; -1 with an error
 */
int
whis_history_lock_finish (WhisHistory *self, GAsyncResult *result, guint64 *size, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_history_lock_async), -1);

  return finish_sound (result, size, NULL, error);
}

static void
unlock_sound (gpointer fd)
{
  flock (GPOINTER_TO_INT (fd), LOCK_UN);
  close (GPOINTER_TO_INT (fd));
}

/**
 * whis_history_unlock:
 * @self: a history
 * @fd: (transfer full): a descriptor that holds the lock on a sound
 *
 * Lets go of a lock, also for other descriptors that it was duplicated from; what is asked for
 * after this call finds it free.
 */
void
whis_history_unlock (WhisHistory *self, int fd)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (fd >= 0);

  whis_history_worker_run (whis_history_get_worker (self), unlock_sound, GINT_TO_POINTER (fd));
}

/**
 * whis_history_open_sound_async:
 * @self: a history
 * @id: a dictation
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Opens the sound of a dictation, whoever works on it.
 */
void
whis_history_open_sound_async (WhisHistory *self,
                               const char *id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (id != NULL);

  read_sound (self, whis_history_open_sound_async, open_sound, id, cancellable, callback,
              user_data);
}

/**
 * whis_history_open_sound_finish:
 * @self: a history
 * @result: the result
 * @path: (out) (optional) (transfer full): where it is
 * @error: return location for an error: %WHIS_STORE_ERROR_NOT_FOUND if there is no sound
 *
 * Returns: the sound, open for reading; -1 with an error
 */
int
whis_history_open_sound_finish (WhisHistory *self,
                                GAsyncResult *result,
                                char **path,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_history_open_sound_async), -1);

  return finish_sound (result, NULL, path, error);
}
