/* SPDX-License-Identifier: MIT */
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "decode.h"
#include "offline-error.h"
#include "private-socket.h"
#include "recogniser.h"
#include "server.h"
#include "sphinx.h"

static char *socket_path;
static char *model_dir;
static int idle_seconds = 300;
static gboolean exit_on_eof;
static gboolean show_version;

static GMainLoop *loop;
static int exit_code = EXIT_SUCCESS;

static const GOptionEntry options[] = {
  { "socket", 0, 0, G_OPTION_ARG_FILENAME, &socket_path, N_ ("Unix socket to listen on"),
    N_ ("PATH") },
  { "idle-seconds", 0, 0, G_OPTION_ARG_INT, &idle_seconds,
    N_ ("Exit when nothing was asked for so long, 0 for never"), N_ ("SECONDS") },
  { "exit-on-eof", 0, 0, G_OPTION_ARG_NONE, &exit_on_eof,
    N_ ("Exit when standard input ends, as it does with the parent"), NULL },
  { "model-dir", 0, 0, G_OPTION_ARG_FILENAME, &model_dir, N_ ("PocketSphinx's folder of models"),
    N_ ("PATH") },
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, N_ ("Print the version"), NULL },
  G_OPTION_ENTRY_NULL
};

static int
fail (int code, const GError *error)
{
  g_printerr ("whis-offline: %s\n", error->message);

  return code;
}

static gboolean
quit (gpointer data)
{
  g_main_loop_quit (loop);

  return G_SOURCE_CONTINUE;
}

static gboolean
input_readable (GObject *input, gpointer data)
{
  char buffer[64];

  if (g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input), buffer,
                                                sizeof buffer, NULL, NULL)
      > 0)
    return G_SOURCE_CONTINUE;

  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

static void
watch_input (void)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GSource) source =
      g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (input_readable), NULL, NULL);
  g_source_attach (source, NULL);
}

static void
loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (whis_recogniser_load_finish (WHIS_RECOGNISER (source), result, &error))
    return;

  exit_code = fail (WHIS_EXIT_MISSING, error);
  g_main_loop_quit (loop);
}

static int
serve (GSocket *socket)
{
  g_autoptr (WhisRecogniser) recogniser = whis_recogniser_new (model_dir);
  g_autoptr (WhisOfflineServer) server = whis_offline_server_new (recogniser);
  g_autoptr (GError) error = NULL;

  if (!whis_offline_server_listen (server, socket, &error))
    return fail (EXIT_FAILURE, error);

  loop = g_main_loop_new (NULL, FALSE);
  whis_offline_server_set_idle_seconds (server, idle_seconds);
  g_signal_connect_swapped (server, "idle", G_CALLBACK (g_main_loop_quit), loop);
  g_unix_signal_add (SIGTERM, quit, NULL);
  g_unix_signal_add (SIGINT, quit, NULL);
  if (exit_on_eof)
    watch_input ();
  whis_recogniser_load_async (recogniser, NULL, loaded, NULL);

  g_print ("ready\n");
  g_main_loop_run (loop);
  g_unlink (socket_path);

  return exit_code;
}

static gboolean
parse_options (int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, options, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, _ ("The embedded recogniser of Whis, for English."));
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (show_version || (socket_path != NULL && idle_seconds >= 0))
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _ ("Say where to listen with --socket PATH, and give no negative time."));
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, WHIS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  if (!parse_options (&argc, &argv, &error))
    return fail (EXIT_FAILURE, error);
  if (show_version)
    {
      g_print ("whis-offline %s\n", WHIS_VERSION);
      return EXIT_SUCCESS;
    }

  if (!whis_sphinx_check_model (model_dir != NULL ? model_dir : WHIS_POCKETSPHINX_MODELDIR, &error))
    return fail (WHIS_EXIT_MISSING, error);
  if (!gst_init_check (NULL, NULL, &error) || !whis_decode_check_plugins (&error))
    return fail (WHIS_EXIT_MISSING, error);
  socket = whis_private_socket_new (socket_path, &error);
  if (socket == NULL)
    return fail (EXIT_FAILURE, error);

  return serve (socket);
}
