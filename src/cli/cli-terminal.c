/* SPDX-License-Identifier: MIT */
#include "cli-terminal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Names of models, files and services come from elsewhere, and a terminal obeys control characters.
 */

static gboolean
is_control (gunichar c)
{
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
}

/**
 * whis_cli_terminal_escape:
 * @text: text in UTF-8
 *
 * Makes a text harmless to a terminal: control characters but for newline and tab become U+FFFD, as
 * do bytes that are no UTF-8.
 *
 * Returns: (transfer full): the harmless text
 */
char *
whis_cli_terminal_escape (const char *text)
{
  g_autofree char *valid = NULL;
  GString *escaped;

  g_return_val_if_fail (text != NULL, NULL);

  valid = g_utf8_make_valid (text, -1);
  escaped = g_string_sized_new (strlen (valid));
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (escaped, is_control (c) ? 0xfffd : c);
    }

  return g_string_free (escaped, FALSE);
}

/* As g_print() does it, in the encoding of the locale. */
static void
write_text (FILE *stream, const char *text)
{
  g_autofree char *converted = NULL;
  const char *charset;

  if (!g_get_console_charset (&charset))
    converted = g_convert_with_fallback (text, -1, charset, "UTF-8", "?", NULL, NULL, NULL);
  fputs (converted != NULL ? converted : text, stream);
  fflush (stream);
}

/* What a script reads stays as it is. */
static void
cli_terminal_print (const char *text)
{
  g_autofree char *escaped = isatty (STDOUT_FILENO) ? whis_cli_terminal_escape (text) : NULL;

  write_text (stdout, escaped != NULL ? escaped : text);
}

static void
print_error (const char *text)
{
  g_autofree char *escaped = whis_cli_terminal_escape (text);

  write_text (stderr, escaped);
}

/**
 * whis_cli_terminal_init:
 *
 * From here on what g_print() and g_printerr() write is harmless to a terminal.
 */
void
whis_cli_terminal_init (void)
{
  g_set_print_handler (cli_terminal_print);
  g_set_printerr_handler (print_error);
}

/**
 * whis_cli_terminal_clear_line:
 *
 * Clears the line of the cursor on standard error.
 */
void
whis_cli_terminal_clear_line (void)
{
  fputs ("\r\033[K", stderr);
  fflush (stderr);
}
