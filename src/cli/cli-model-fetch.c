/* SPDX-License-Identifier: MIT */
#include "cli-model-follow.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <unistd.h>

#include "cli-commands.h"
#include "cli-job.h"
#include "cli-progress.h"
#include "fetch-text.h"
#include "service-call.h"

/* `whis model fetch NAME`: the service fetches, the command line shows how far it is. */
typedef struct
{
  WhisCliModelFollow follow;
  WhisCliJob *job; /* of which the progress is a bar */
  WhisCliProgress *progress;
  gboolean wants_answer; /* the network is metered */
} Fetch;

static void
on_progress (Fetch *fetch, const char *id, guint64 done, guint64 total)
{
  if (!g_str_equal (id, fetch->follow.id))
    return;

  fetch->job->done = done;
  fetch->job->total = total;
  whis_cli_progress_show (fetch->progress);
}

static void
on_fetched (Fetch *fetch, const char *id)
{
  if (g_str_equal (id, fetch->follow.id))
    whis_cli_model_follow_end (&fetch->follow, WHIS_EXIT_OK, NULL);
}

static void
on_failed (Fetch *fetch,
           const char *id,
           const char *code,
           const char *message,
           const char *kept,
           guint64 done)
{
  if (!g_str_equal (id, fetch->follow.id))
    return;

  fetch->wants_answer = g_str_equal (code, "metered") && isatty (STDIN_FILENO);
  whis_cli_model_follow_end (
      &fetch->follow, whis_cli_status_from_code (code),
      fetch->wants_answer ? NULL : whis_fetch_text_new_failed (message, kept, done));
}

static void
on_called (GObject *object, GAsyncResult *result, gpointer data)
{
  Fetch *fetch = data;
  g_autoptr (GError) error = NULL;

  if (!whis_bus_whis1_models_call_fetch_finish (WHIS_BUS_WHIS1_MODELS (object), result, &error))
    whis_cli_model_follow_end (&fetch->follow, WHIS_EXIT_FAILED,
                               whis_service_call_error_to_sentence (error));
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
  whis_bus_whis1_models_call_fetch (fetch->follow.models, fetch->follow.id,
                                    create_options (metered), NULL, on_called, fetch);
  whis_cli_model_follow_run (&fetch->follow);
  whis_cli_progress_hide (fetch->progress);
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
  WhisBusWhis1Models *models = fetch->follow.models;

  g_signal_connect_swapped (models, "progress", G_CALLBACK (on_progress), fetch);
  g_signal_connect_swapped (models, "fetched", G_CALLBACK (on_fetched), fetch);
  g_signal_connect_swapped (models, "fetch-failed", G_CALLBACK (on_failed), fetch);
  run_once (fetch, metered);
  if (fetch->wants_answer && ask_about_metered ())
    run_once (fetch, TRUE);
  g_signal_handlers_disconnect_by_data (models, fetch);

  return whis_cli_model_follow_tell (&fetch->follow);
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
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_cli_job_free);
  Fetch fetch = { .follow = {
                      .models = models,
                      .id = id,
                      .cancel = "CancelFetch",
                      .lost = _ ("The Whis service ended; what has come is kept."),
                      .unanswered = _ ("The Whis service does not answer; its download may go on."),
                  } };

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
