/* SPDX-License-Identifier: MIT */
#include "cli-model.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <unistd.h>

#include "cli-commands.h"
#include "cli-job.h"
#include "cli-progress.h"
#include "service-call.h"

/* `whis model fetch NAME`: the service fetches, the command line shows how far it is. */
typedef struct
{
  WhisBusWhis1Models *models;
  const char *id;
  GMainLoop *loop;
  WhisCliJob *job; /* of which the progress is a bar */
  WhisCliProgress *progress;
  gboolean ended;
  WhisExit status;
  gboolean wants_answer; /* the network is metered */
  gboolean interrupted;
} Fetch;

/* Takes the message. */
static void
cli_model_fetch_end (Fetch *fetch, WhisExit status, char *message)
{
  g_autofree char *sentence = message;

  if (fetch->ended)
    return;

  fetch->ended = TRUE;
  fetch->status = status;
  whis_cli_progress_hide (fetch->progress);
  if (sentence != NULL)
    g_printerr ("whis: %s\n", sentence);
  g_main_loop_quit (fetch->loop);
}

static void
on_progress (Fetch *fetch, const char *id, guint64 done, guint64 total)
{
  if (!g_str_equal (id, fetch->id))
    return;

  fetch->job->done = done;
  fetch->job->total = total;
  whis_cli_progress_show (fetch->progress);
}

static void
on_fetched (Fetch *fetch, const char *id)
{
  if (g_str_equal (id, fetch->id))
    cli_model_fetch_end (fetch, WHIS_EXIT_OK, NULL);
}

static void
on_failed (Fetch *fetch, const char *id, const char *code, const char *message, const char *kept)
{
  if (!g_str_equal (id, fetch->id))
    return;

  fetch->wants_answer = g_str_equal (code, "metered") && isatty (STDIN_FILENO);
  if (fetch->wants_answer)
    cli_model_fetch_end (fetch, WHIS_EXIT_FAILED, NULL);
  else
    cli_model_fetch_end (fetch, whis_cli_status_from_code (code),
                         g_strjoin (*kept != '\0' ? " " : "", message, kept, NULL));
}

static void
on_owner_changed (Fetch *fetch)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (fetch->models));

  if (owner == NULL)
    cli_model_fetch_end (fetch, WHIS_EXIT_NO_SERVICE,
                         g_strdup (_ ("The Whis service ended; what has come is kept.")));
}

static void
on_called (GObject *object, GAsyncResult *result, gpointer data)
{
  Fetch *fetch = data;
  g_autoptr (GError) error = NULL;

  if (whis_bus_whis1_models_call_fetch_finish (WHIS_BUS_WHIS1_MODELS (object), result, &error))
    return;

  cli_model_fetch_end (fetch, WHIS_EXIT_FAILED, whis_service_call_error_to_sentence (error));
}

static gboolean
on_interrupt (gpointer data)
{
  Fetch *fetch = data;

  if (fetch->interrupted)
    cli_model_fetch_end (
        fetch, WHIS_EXIT_CANCELLED,
        g_strdup (_ ("The Whis service does not answer; its download may go on.")));
  else
    whis_bus_whis1_models_call_cancel_fetch (fetch->models, fetch->id, NULL, NULL, NULL);
  fetch->interrupted = TRUE;

  return G_SOURCE_CONTINUE;
}

/* The download is this terminal's: it ends with it, unless somebody else wants the model too. */
static GVariant *
create_options (gboolean metered)
{
  g_autoptr (GVariant) places = g_variant_ref_sink (whis_cli_model_get_places ());
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (places);

  g_variant_dict_insert (&options, "attached", "b", TRUE);
  g_variant_dict_insert (&options, "metered", "b", metered);

  return g_variant_dict_end (&options);
}

static void
run_once (Fetch *fetch, gboolean metered)
{
  fetch->ended = FALSE;
  whis_bus_whis1_models_call_fetch (fetch->models, fetch->id, create_options (metered), NULL,
                                    on_called, fetch);
  g_main_loop_run (fetch->loop);
}

static gboolean
ask_about_metered (void)
{
  char answer[8] = "";

  g_printerr ("%s ", _ ("The network is metered, so this may cost money. Go on? [y/N]"));

  return fgets (answer, sizeof answer, stdin) != NULL && (*answer == 'y' || *answer == 'Y');
}

static int
cli_model_fetch_run (Fetch *fetch, gboolean metered)
{
  guint interrupt = g_unix_signal_add (SIGINT, on_interrupt, fetch);
  guint terminate = g_unix_signal_add (SIGTERM, on_interrupt, fetch);

  g_signal_connect_swapped (fetch->models, "progress", G_CALLBACK (on_progress), fetch);
  g_signal_connect_swapped (fetch->models, "fetched", G_CALLBACK (on_fetched), fetch);
  g_signal_connect_swapped (fetch->models, "fetch-failed", G_CALLBACK (on_failed), fetch);
  g_signal_connect_swapped (fetch->models, "notify::g-name-owner", G_CALLBACK (on_owner_changed),
                            fetch);
  run_once (fetch, metered);
  if (fetch->wants_answer && ask_about_metered ())
    run_once (fetch, TRUE);
  g_signal_handlers_disconnect_by_data (fetch->models, fetch);
  g_source_remove (interrupt);
  g_source_remove (terminate);

  return (int) fetch->status;
}

/* Where it comes from, before the first byte does. */
static void
print_what_follows (GVariant *row)
{
  const char *name = "", *hosts = "", *license = "", *attribution = "";
  guint64 bytes = 0, done = 0;
  g_autofree char *size = NULL;
  g_autofree char *here = NULL;

  g_variant_lookup (row, "name", "&s", &name);
  g_variant_lookup (row, "hosts", "&s", &hosts);
  g_variant_lookup (row, "license", "&s", &license);
  g_variant_lookup (row, "attribution", "&s", &attribution);
  g_variant_lookup (row, "bytes", "t", &bytes);
  g_variant_lookup (row, "done", "t", &done);
  size = g_format_size (bytes);
  here = g_format_size (done);
  /* Translators: a model, its size, a host; then who made it and its licence */
  g_printerr (_ ("Fetching %s, %s, from %s (%s, %s).\n"), name, size, hosts, attribution, license);
  if (done > 0)
    g_printerr (_ ("%s of it are here already.\n"), here);
}

static gboolean
is_here (GVariant *row)
{
  const char *state = "";

  g_variant_lookup (row, "state", "&s", &state);

  return g_str_equal (state, "verified") || g_str_equal (state, "own");
}

static int
fetch_model (WhisBusWhis1Models *models, const char *id, gboolean metered)
{
  int status;
  g_autoptr (GVariant) row = whis_cli_model_find (models, id, &status);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_cli_job_free);
  Fetch fetch = { .models = models, .id = id, .loop = loop };

  if (row == NULL)
    return status;
  if (is_here (row))
    {
      g_printerr (_ ("The model %s is on this computer already.\n"), id);
      return WHIS_EXIT_OK;
    }

  print_what_follows (row);
  fetch.job = whis_cli_job_new (id);
  g_ptr_array_add (jobs, fetch.job);
  fetch.progress = whis_cli_progress_new (jobs);
  status = cli_model_fetch_run (&fetch, metered);
  whis_cli_progress_free (fetch.progress);
  if (status == WHIS_EXIT_OK)
    g_printerr (_ ("The model %s is on this computer now; its checksum is right.\n"), id);

  return status;
}

/**
 * whis_cli_model_fetch:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis model fetch [--metered] NAME`
 *
 * Returns: the exit status
 */
int
whis_cli_model_fetch (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1Models) models = NULL;
  gboolean metered = FALSE;
  const WhisCliBinding bindings[] = { { "metered", &metered }, { NULL } };
  int status;

  if (!whis_cli_parse ("model fetch", bindings, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return whis_cli_usage (_ ("Write “whis %s NAME”; “whis models local” lists the models."),
                           "model fetch");

  models = whis_cli_model_connect (&status);

  return models != NULL ? fetch_model (models, argv[1], metered) : status;
}
