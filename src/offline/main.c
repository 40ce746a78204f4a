/* SPDX-License-Identifier: MIT */
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "calibration.h"
#include "decode.h"
#include "engine.h"
#include "known-sound.h"
#include "model-list.h"
#include "offline-error.h"
#include "private-socket.h"
#include "process-limits.h"
#include "recogniser.h"
#include "server.h"

static char *socket_path;
static char *sphinx_folder;
static char **model_folders;
static char *model_name;
static char *module_folder;
static gboolean plain_processor;
static int idle_seconds = 300;
static char *gpu_device;
static char **gpu_models;
static gboolean exit_on_eof;
static gboolean wants_calibration;
static char *sound_path;
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
  { "model", 0, 0, G_OPTION_ARG_FILENAME, &model_name,
    N_ ("Model for requests that name none; NAME=PATH for a file outside the folders"),
    N_ ("NAME") },
  { "models-dir", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &model_folders,
    N_ ("Folder with models for whisper.cpp, can be given several times"), N_ ("PATH") },
  { "model-dir", 0, 0, G_OPTION_ARG_FILENAME, &sphinx_folder,
    N_ ("PocketSphinx's folder of models"), N_ ("PATH") },
  { "modules-dir", 0, 0, G_OPTION_ARG_FILENAME, &module_folder,
    N_ ("Folder with ggml's modules for processors"), N_ ("PATH") },
  { "plain-processor", 0, 0, G_OPTION_ARG_NONE, &plain_processor,
    N_ ("Use no instructions that only newer processors have"), NULL },
  { "gpu", 0, 0, G_OPTION_ARG_STRING, &gpu_device,
    N_ ("Use the graphics processor of this name, or whichever there is if it is empty"),
    N_ ("NAME") },
  { "gpu-model", 0, 0, G_OPTION_ARG_STRING_ARRAY, &gpu_models,
    N_ ("Use it for this model alone, can be given several times"), N_ ("NAME") },
  { "calibrate", 0, 0, G_OPTION_ARG_NONE, &wants_calibration,
    N_ ("Measure how fast the model is on this computer, print that and exit"), NULL },
  { "sound", 0, 0, G_OPTION_ARG_FILENAME, &sound_path,
    N_ ("WAV file to measure with, in place of the one that is installed or computed"),
    N_ ("PATH") },
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, N_ ("Print the version"), NULL },
  G_OPTION_ENTRY_NULL
};

static int
offline_fail (int code, const GError *error)
{
  g_printerr ("whis-offline: %s\n", error->message);

  return code;
}

static gboolean
offline_quit (gpointer data)
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
on_offline_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (whis_recogniser_load_finish (WHIS_RECOGNISER (source), result, &error))
    return;

  exit_code = offline_fail (WHIS_EXIT_MISSING, error);
  g_main_loop_quit (loop);
}

/* Whoever started the program offers this model when the kernel ends it for its memory. */
static void
announce_smaller (WhisRecogniser *recogniser)
{
  g_autofree char *smaller = whis_recogniser_find_smaller (recogniser);

  if (smaller != NULL)
    g_print ("smaller %s\n", smaller);
}

static int
offline_serve (GSocket *socket, WhisModelList *models)
{
  g_autoptr (WhisRecogniser) recogniser = whis_recogniser_new (models);
  g_autoptr (WhisOfflineServer) server = whis_offline_server_new (recogniser);
  g_autoptr (GError) error = NULL;

  if (!whis_offline_server_listen (server, socket, &error))
    return offline_fail (EXIT_FAILURE, error);

  loop = g_main_loop_new (NULL, FALSE);
  whis_offline_server_set_idle_seconds (server, idle_seconds);
  g_signal_connect_swapped (server, "idle", G_CALLBACK (g_main_loop_quit), loop);
  g_unix_signal_add (SIGTERM, offline_quit, NULL);
  g_unix_signal_add (SIGINT, offline_quit, NULL);
  if (exit_on_eof)
    watch_input ();
  g_signal_connect (recogniser, "loaded", G_CALLBACK (announce_smaller), NULL);
  whis_recogniser_load_async (recogniser, NULL, NULL, on_offline_loaded, NULL);

  g_print ("ready\n");
  g_main_loop_run (loop);
  g_unlink (socket_path);

  return exit_code;
}

static void
on_offline_calibrated (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *measured = whis_calibration_run_finish (result, &error);

  if (measured != NULL)
    g_print ("%s\n", measured);
  else
    exit_code = offline_fail (
        g_error_matches (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING) ? WHIS_EXIT_MISSING
                                                                                : EXIT_FAILURE,
        error);
  g_main_loop_quit (loop);
}

static GBytes *
read_sound (GError **error)
{
  if (sound_path != NULL)
    return whis_known_sound_read (sound_path, error);
  if (g_file_test (WHIS_SPEECH_SAMPLE, G_FILE_TEST_IS_REGULAR))
    return whis_known_sound_read (WHIS_SPEECH_SAMPLE, error);

  return whis_known_sound_make ();
}

/* Whoever started it ends it by a signal, or by the end of its input. */
static int
offline_calibrate (WhisModelList *models)
{
  g_autoptr (WhisRecogniser) recogniser = whis_recogniser_new (models);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) samples = read_sound (&error);

  if (samples == NULL)
    return offline_fail (EXIT_FAILURE, error);

  loop = g_main_loop_new (NULL, FALSE);
  if (exit_on_eof)
    watch_input ();
  exit_code = EXIT_SUCCESS;
  whis_calibration_run_async (recogniser, samples, on_offline_calibrated, NULL);
  g_main_loop_run (loop);
  /* A piece that is being recognised would be waited for. */
  if (whis_recogniser_is_at_work (recogniser))
    _exit (EXIT_FAILURE);

  return exit_code;
}

static gboolean
parse_options (int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, options, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, _ ("The embedded recogniser of Whis."));
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (show_version || wants_calibration || (socket_path != NULL && idle_seconds >= 0))
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _ ("Say where to listen with --socket PATH, and give no negative time."));
  return FALSE;
}

static void
make_absolute (char **path)
{
  char *absolute = *path != NULL ? g_canonicalize_filename (*path, NULL) : NULL;

  g_free (*path);
  *path = absolute;
}

/* The current directory is left later on. */
static void
make_paths_absolute (void)
{
  make_absolute (&socket_path);
  make_absolute (&sphinx_folder);
  make_absolute (&module_folder);
  make_absolute (&sound_path);
  for (guint i = 0; model_folders != NULL && model_folders[i] != NULL; i++)
    make_absolute (&model_folders[i]);
}

static WhisModelList *
find_models (GError **error)
{
  g_autoptr (WhisModelList) models = NULL;
  g_autoptr (WhisModel) model = NULL;

  if (sphinx_folder == NULL)
    sphinx_folder = g_strdup (WHIS_POCKETSPHINX_MODELDIR);
  models = whis_model_list_new ((const char *const *) model_folders, sphinx_folder);
  if (model_name != NULL && !whis_model_list_set_default (models, model_name, error))
    return NULL;
  model = whis_model_list_find (models, NULL, error);

  return model != NULL ? g_steal_pointer (&models) : NULL;
}

static int
get_exit_code (const GError *error)
{
  return g_error_matches (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING)
                 || g_error_matches (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_NO_MODEL)
             ? WHIS_EXIT_NO_MODEL
             : WHIS_EXIT_MISSING;
}

int
main (int argc, char **argv)
{
  g_autoptr (WhisModelList) models = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, WHIS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  if (!parse_options (&argc, &argv, &error))
    return offline_fail (EXIT_FAILURE, error);
  if (show_version)
    {
      g_print ("whis-offline %s\n", WHIS_VERSION);
      return EXIT_SUCCESS;
    }

  make_paths_absolute ();
  models = find_models (&error);
  if (models == NULL)
    return offline_fail (get_exit_code (error), error);
  whis_engine_set_modules (module_folder, plain_processor);
  whis_engine_set_gpu (gpu_device, (const char *const *) gpu_models);
  whis_limits_apply ();
  if (wants_calibration)
    return offline_calibrate (models);
  socket = whis_private_socket_new (socket_path, &error);
  if (socket == NULL)
    return offline_fail (EXIT_FAILURE, error);

  return offline_serve (socket, models);
}
