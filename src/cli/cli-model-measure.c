/* SPDX-License-Identifier: MIT */
#include "cli-model.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "cli-commands.h"
#include "measure-text.h"
#include "service-call.h"

/* `whis model measure NAME`: the service measures, the command line waits and says what came out.
 */
typedef struct
{
  WhisBusWhis1Models *models;
  const char *id;
  GMainLoop *loop;
  gboolean ended;
  int status;
} Measuring;

/* Takes the message. */
static void
cli_model_measure_end (Measuring *measuring, int status, char *message)
{
  g_autofree char *sentence = message;

  if (measuring->ended)
    return;

  measuring->ended = TRUE;
  measuring->status = status;
  if (sentence != NULL)
    g_printerr ("whis: %s\n", sentence);
  g_main_loop_quit (measuring->loop);
}

static void
on_measured (Measuring *measuring, const char *id)
{
  if (g_str_equal (id, measuring->id))
    cli_model_measure_end (measuring, WHIS_EXIT_OK, NULL);
}

static void
on_failed (Measuring *measuring, const char *id, const char *code, const char *message)
{
  if (g_str_equal (id, measuring->id))
    cli_model_measure_end (measuring,
                           g_str_equal (code, "cancelled") ? WHIS_EXIT_CANCELLED : WHIS_EXIT_FAILED,
                           g_strdup (message));
}

static void
on_owner_changed (Measuring *measuring)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (measuring->models));

  if (owner == NULL)
    cli_model_measure_end (measuring, WHIS_EXIT_NO_SERVICE,
                           g_strdup (_ ("The Whis service ended.")));
}

static void
on_called (GObject *object, GAsyncResult *result, gpointer data)
{
  Measuring *measuring = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *state = NULL;

  if (!whis_bus_whis1_models_call_measure_finish (WHIS_BUS_WHIS1_MODELS (object), &state, result,
                                                  &error))
    cli_model_measure_end (measuring, WHIS_EXIT_FAILED,
                           whis_service_call_error_to_sentence (error));
  else if (g_str_equal (state, "waiting"))
    g_printerr ("%s\n",
                _ ("It begins when the dictation and other measurements are at their end."));
}

static gboolean
on_interrupt (gpointer data)
{
  Measuring *measuring = data;

  whis_bus_whis1_models_call_cancel_measure (measuring->models, measuring->id, NULL, NULL, NULL);

  return G_SOURCE_CONTINUE;
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
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Measuring measuring = { .models = models, .id = id, .loop = loop };
  guint interrupt = g_unix_signal_add (SIGINT, on_interrupt, &measuring);
  guint terminate = g_unix_signal_add (SIGTERM, on_interrupt, &measuring);

  g_signal_connect_swapped (models, "measured", G_CALLBACK (on_measured), &measuring);
  g_signal_connect_swapped (models, "measure-failed", G_CALLBACK (on_failed), &measuring);
  g_signal_connect_swapped (models, "notify::g-name-owner", G_CALLBACK (on_owner_changed),
                            &measuring);
  whis_bus_whis1_models_call_measure (models, id, NULL, on_called, &measuring);
  g_main_loop_run (loop);
  g_signal_handlers_disconnect_by_data (models, &measuring);
  g_source_remove (interrupt);
  g_source_remove (terminate);

  return measuring.status == WHIS_EXIT_OK ? print_result (models, id) : measuring.status;
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
