/* SPDX-License-Identifier: MIT */
#include "cli-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli-terminal.h"

/* As it is, in UTF-8: g_print() would put a “?” for what the locale's encoding does not have. */
static gboolean
write_all (int fd, const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      gssize written = write (fd, text, left);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      text += written;
      left -= (gsize) written;
    }

  return TRUE;
}

/**
 * whis_cli_print_text:
 * @text: what was said, with its last newline
 *
 * Writes a text to standard output, or says on standard error where it still is.
 *
 * Returns: whether it was written
 */
gboolean
whis_cli_print_text (const char *text)
{
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (text != NULL, FALSE);

  if (isatty (STDOUT_FILENO))
    escaped = whis_cli_terminal_escape (text);
  if (write_all (STDOUT_FILENO, escaped != NULL ? escaped : text))
    return TRUE;

  g_printerr (_ ("whis: The text cannot be printed (%s); “whis last” prints the last one again.\n"),
              g_strerror (errno));

  return FALSE;
}

/* A device, a pipe or a link stays what it is. */
static gboolean
is_plain (const char *path, mode_t *mode)
{
  struct stat status;

  if (lstat (path, &status) != 0)
    return errno == ENOENT;

  *mode = status.st_mode & 0777;

  return S_ISREG (status.st_mode);
}

/**
 * whis_cli_file_open:
 * @self: what is opened; to be closed with whis_cli_file_close() where this succeeds
 * @path: a file, which must outlive @self
 * @mode: the permissions of a new file; an earlier one's stay
 *
 * Opens a file for writing that replaces an earlier one as a whole when it is closed, and until
 * then leaves that as it is. A device, a pipe or a link is written to in its place.
 *
 * Returns: whether that worked; `errno` says why not
 */
gboolean
whis_cli_file_open (WhisCliFile *self, const char *path, guint mode)
{
  mode_t permissions = mode;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  self->path = path;
  self->new_path = NULL;
  if (!is_plain (path, &permissions))
    self->fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  else
    {
      self->new_path = g_strconcat (path, ".XXXXXX", NULL);
      self->fd = g_mkstemp_full (self->new_path, O_WRONLY | O_CLOEXEC, (int) permissions);
      if (self->fd < 0)
        g_clear_pointer (&self->new_path, g_free);
    }

  return self->fd >= 0;
}

/**
 * whis_cli_file_close:
 * @self: an open file
 * @is_whole: whether all was written; if not, the earlier file stays
 *
 * Returns: whether the file is in its place; if not, `errno` says why, and is what it was before
 *   where @is_whole is %FALSE
 */
gboolean
whis_cli_file_close (WhisCliFile *self, gboolean is_whole)
{
  int problem = errno;

  g_return_val_if_fail (self != NULL, FALSE);

  if (close (self->fd) != 0 && is_whole)
    {
      problem = errno;
      is_whole = FALSE;
    }
  if (is_whole && self->new_path != NULL && rename (self->new_path, self->path) != 0)
    {
      problem = errno;
      is_whole = FALSE;
    }
  if (!is_whole && self->new_path != NULL)
    unlink (self->new_path);
  g_clear_pointer (&self->new_path, g_free);
  errno = problem;

  return is_whole;
}

/**
 * whis_cli_write_text:
 * @path: a file, which is replaced as a whole; or a device, a pipe or a link to one
 * @text: what was said, with its last newline
 *
 * Writes a text to a file, or says on standard error why not.
 *
 * Returns: whether it was written
 */
gboolean
whis_cli_write_text (const char *path, const char *text)
{
  g_autofree char *name = NULL;
  WhisCliFile file;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (whis_cli_file_open (&file, path, 0666)
      && whis_cli_file_close (&file, write_all (file.fd, text)))
    return TRUE;

  name = g_filename_display_name (path);
  g_printerr (_ ("whis: %s cannot be written (%s); the text is printed instead.\n"), name,
              g_strerror (errno));

  return FALSE;
}
