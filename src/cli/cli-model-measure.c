/* SPDX-License-Identifier: MIT */
#include "cli-model-follow.h"

#include <glib/gi18n-lib.h>

#include "cli-commands.h"
#include "measure-text.h"
#include "service-call.h"

/* `whis model measure NAME`: the service measures, the command line waits and says what came out.
 */

static void
on_measured (WhisCliModelFollow *follow, const char *id)
{
  if (g_str_equal (id, follow->id))
    whis_cli_model_follow_end (follow, WHIS_EXIT_OK, NULL);
}

static void
on_failed (WhisCliModelFollow *follow, const char *id, const char *code, const char *message)
{
  if (g_str_equal (id, follow->id))
    whis_cli_model_follow_end (follow, whis_cli_status_from_code (code), g_strdup (message));
}

static void
on_called (GObject *object, GAsyncResult *result, gpointer data)
{
  WhisCliModelFollow *follow = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *state = NULL;

  if (!whis_bus_whis1_models_call_measure_finish (WHIS_BUS_WHIS1_MODELS (object), &state, result,
                                                  &error))
    whis_cli_model_follow_end (follow, WHIS_EXIT_FAILED,
                               whis_service_call_error_to_sentence (error));
  else if (g_str_equal (state, "waiting"))
    g_printerr ("%s\n",
                _ ("It begins when the dictation and other measurements are at their end."));
}

static int
print_result (WhisBusWhis1Models *models, const char *id)
{
  int status;
  g_autoptr (GVariant) row = whis_cli_model_find (models, id, &status);
  g_autofree char *text = row != NULL ? whis_measure_text_new (row) : NULL;
  g_autofree char *gpu = row != NULL ? whis_measure_text_new_for_gpu (row) : NULL;
  const char *smaller;

  if (row == NULL)
    return status;
  if (text == NULL)
    {
      g_printerr (_ ("whis: The model “%s” is another one by now; measure it again.\n"), id);
      return WHIS_EXIT_FAILED;
    }

  g_print ("%s: %s\n", id, text);
  if (gpu != NULL)
    g_printerr ("%s\n", gpu);
  if (!whis_measure_text_is_slow (row))
    return WHIS_EXIT_OK;
  if (g_variant_lookup (row, "replacement", "&s", &smaller))
    g_printerr (_ ("With %s each text would come late on this computer. The next smaller model is "
                   "%s: “whis model fetch %s”, then “whis settings models/offline %s”.\n"),
                id, smaller, smaller, smaller);
  else
    g_printerr (_ ("With %s each text would come late on this computer.\n"), id);

  return WHIS_EXIT_OK;
}

static int
measure_model (WhisBusWhis1Models *models, const char *id)
{
  WhisCliModelFollow follow = {
    .models = models,
    .id = id,
    .cancel = "CancelMeasure",
    .lost = _ ("The Whis service ended."),
    .unanswered = _ ("The Whis service does not answer; it may go on measuring."),
  };
  int status;

  g_signal_connect_swapped (models, "measured", G_CALLBACK (on_measured), &follow);
  g_signal_connect_swapped (models, "measure-failed", G_CALLBACK (on_failed), &follow);
  whis_bus_whis1_models_call_measure (models, id, NULL, on_called, &follow);
  whis_cli_model_follow_run (&follow);
  g_signal_handlers_disconnect_by_data (models, &follow);
  status = whis_cli_model_follow_tell (&follow);

  return status == WHIS_EXIT_OK ? print_result (models, id) : status;
}

/**
 * whis_cli_model_measure:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis model measure NAME`
 *
 * Returns: the exit status
 */
int
whis_cli_model_measure (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1Models) models = NULL;
  int status;

  if (!whis_cli_parse ("model measure", NULL, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return whis_cli_usage (_ ("Write “whis %s NAME”; “whis models local” lists the models."),
                           "model measure");

  models = whis_cli_model_connect (&status);

  return models != NULL ? measure_model (models, argv[1]) : status;
}
