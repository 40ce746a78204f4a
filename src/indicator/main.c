/* SPDX-License-Identifier: MIT */
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <sys/resource.h>
#include <unistd.h>

#include "indicator-application.h"
#include "standard-streams.h"

/*
 * Shows that the microphone is open, and what becomes of the dictation: `whis-indicator DICTATION`.
 * The service starts it when a dictation records, and it ends by itself.
 *
 * On standard output it says `ready` when it is shown. It ends when its standard input does.
 */

static gboolean
on_signal (gpointer indicator)
{
  whis_indicator_application_end (indicator);

  return G_SOURCE_CONTINUE;
}

/* Nothing is ever sent: it can be read when it has ended. */
static gboolean
on_input_ended (GObject *stream, gpointer indicator)
{
  whis_indicator_application_end (indicator);

  return G_SOURCE_REMOVE;
}

static void
watch_input (WhisIndicatorApplication *indicator)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GSource) source =
      g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (on_input_ended), indicator, NULL);
  g_source_attach (source, NULL);
}

int
main (int argc, char *argv[])
{
  const struct rlimit no_core_files = { 0, 0 };
  g_autoptr (WhisIndicatorApplication) indicator = NULL;

  whis_standard_streams_fill ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, WHIS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc != 2 || argv[1][0] == '-')
    {
      g_printerr ("whis-indicator is started by Whis when a dictation records.\n");
      return WHIS_INDICATOR_EXIT_FAILED;
    }

  g_set_prgname (WHIS_APP_ID);
  /* What is dictated is in its memory. */
  if (setrlimit (RLIMIT_CORE, &no_core_files) != 0)
    g_warning ("Core files cannot be forbidden");
  indicator = whis_indicator_application_new (argv[1]);
  watch_input (indicator);
  g_unix_signal_add (SIGTERM, on_signal, indicator);
  g_unix_signal_add (SIGINT, on_signal, indicator);

  return whis_indicator_application_run (indicator);
}
