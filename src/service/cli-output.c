/* SPDX-License-Identifier: MIT */
#include "cli-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
  g_return_val_if_fail (text != NULL, FALSE);

  if (write_all (STDOUT_FILENO, text))
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

  *mode = 0666;
  if (lstat (path, &status) != 0)
    return errno == ENOENT;

  *mode = status.st_mode & 0777;

  return S_ISREG (status.st_mode);
}

static gboolean
write_and_close (int fd, const char *text)
{
  gboolean written = write_all (fd, text);
  int problem = errno;

  if (close (fd) != 0 && written)
    return FALSE;
  errno = problem;

  return written;
}

static gboolean
write_in_place (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

  return fd >= 0 && write_and_close (fd, text);
}

/* The file is there with all of the text, or as it was. */
static gboolean
replace (const char *path, const char *text, mode_t mode)
{
  g_autofree char *new_path = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (new_path, O_WRONLY | O_CLOEXEC, (int) mode);
  int problem;

  if (fd < 0)
    return FALSE;
  if (write_and_close (fd, text) && rename (new_path, path) == 0)
    return TRUE;

  problem = errno;
  unlink (new_path);
  errno = problem;

  return FALSE;
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
  mode_t mode;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (is_plain (path, &mode) ? replace (path, text, mode) : write_in_place (path, text))
    return TRUE;

  name = g_filename_display_name (path);
  g_printerr (_ ("whis: %s cannot be written (%s); the text is printed instead.\n"), name,
              g_strerror (errno));

  return FALSE;
}
