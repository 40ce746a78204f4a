/* SPDX-License-Identifier: MIT */
#include "cli-job.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * whis_cli_job_new:
 * @path: a file, or %WHIS_CLI_STDIN
 *
 * Returns: (transfer full): a job that was not begun
 */
WhisCliJob *
whis_cli_job_new (const char *path)
{
  WhisCliJob *self = g_new0 (WhisCliJob, 1);

  self->path = g_strdup (path);

  return self;
}

void
whis_cli_job_free (WhisCliJob *self)
{
  g_free (self->path);
  g_free (self->output);
  g_free (self->id);
  g_free (self->message);
  g_free (self->document);
  g_free (self);
}

/**
 * whis_cli_display_name:
 * @path: a file
 *
 * Returns: (transfer full): its name for one line on a terminal; the name of a file may have
 *   newlines in it, and worse
 */
char *
whis_cli_display_name (const char *path)
{
  char *name = g_filename_display_name (path);

  for (char *c = name; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';

  return name;
}

static gboolean
is_stdin (const WhisCliJob *self)
{
  return g_str_equal (self->path, WHIS_CLI_STDIN);
}

/**
 * whis_cli_job_dup_name:
 * @self: a job
 *
 * Returns: (transfer full): what the file is called in the history
 */
char *
whis_cli_job_dup_name (const WhisCliJob *self)
{
  return is_stdin (self) ? g_strdup (_ ("standard input"))
                         : g_filename_display_basename (self->path);
}

static int
open_stdin (WhisCliJob *self)
{
  int fd = isatty (STDIN_FILENO) ? -1 : fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

  if (fd < 0)
    whis_cli_job_end (self, WHIS_EXIT_FAILED,
                      g_strdup (_ ("Nothing comes from standard input; pipe a sound file into "
                                   "it.")));

  return fd;
}

static int
open_path (WhisCliJob *self)
{
  g_autofree char *name = whis_cli_display_name (self->path);
  struct stat status;
  int fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0 || fstat (fd, &status) != 0)
    {
      whis_cli_job_end (self, WHIS_EXIT_FAILED,
                        g_strdup_printf (_ ("%s cannot be read: %s."), name, g_strerror (errno)));
      return -1;
    }
  if (S_ISDIR (status.st_mode))
    {
      whis_cli_job_end (self, WHIS_EXIT_FAILED,
                        g_strdup_printf (_ ("%s is a directory; name the files in it."), name));
      close (fd);
      return -1;
    }
  (void) fcntl (fd, F_SETFL, 0);

  return fd;
}

/**
 * whis_cli_job_open:
 * @self: a job
 *
 * Returns: a descriptor, to be closed; -1 if the job has ended with that
 */
int
whis_cli_job_open (WhisCliJob *self)
{
  return is_stdin (self) ? open_stdin (self) : open_path (self);
}

/**
 * whis_cli_job_end:
 * @self: a job that has not ended
 * @status: what became of it
 * @message: (transfer full) (nullable): a sentence about it
 */
void
whis_cli_job_end (WhisCliJob *self, WhisExit status, char *message)
{
  g_return_if_fail (!self->ended);

  self->ended = TRUE;
  self->status = status;
  self->message = message;
}
