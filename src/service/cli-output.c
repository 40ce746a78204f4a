/* SPDX-License-Identifier: MIT */
#include "cli-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
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

/**
 * whis_cli_write_text:
 * @path: a file, which is replaced; or a device, a pipe or a link to one
 * @text: what was said, with its last newline
 *
 * Writes a text to a file, or says on standard error why not.
 *
 * Returns: whether it was written
 */
gboolean
whis_cli_write_text (const char *path, const char *text)
{
  int fd;
  int problem = 0;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  /* Not g_file_set_contents(), which puts a new file in the place of a device or a link. */
  fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0 || !write_all (fd, text))
    problem = errno;
  if (fd >= 0 && close (fd) != 0 && problem == 0)
    problem = errno;
  if (problem != 0)
    {
      g_autofree char *name = g_filename_display_name (path);

      g_printerr (_ ("whis: %s cannot be written (%s); the text is printed instead.\n"), name,
                  g_strerror (problem));
    }

  return problem == 0;
}
