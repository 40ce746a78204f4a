/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-output.h"
#include "cli-parse.h"
#include "cli-service.h"

/* The commands that are what the icon does, and those that say what became of it. */

/* A command that is one call, which answers with at most an id. */
typedef struct
{
  const char *path;
  const char *method;
  const char *not_running; /* what is said if the service is not; NULL to start it */
} Simple;

static int
cli_control_run (const Simple *simple, GVariant *arguments, int argc, char **argv)
{
  g_autoptr (GVariant) sunk = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;
  int status;

  if (!whis_cli_parse (simple->path, NULL, &argc, &argv, &status))
    return status;

  return whis_cli_call (simple->method, sunk,
                        simple->not_running != NULL ? _ (simple->not_running) : NULL);
}

/* A command that begins a dictation. */
static int
cli_control_begin (const char *path, const char *method, int argc, char **argv)
{
  gboolean continuous = FALSE;
  gboolean hands_free = FALSE;
  const WhisCliBinding bindings[] = { { "continuous", &continuous },
                                      { "hands-free", &hands_free },
                                      { NULL } };
  g_autoptr (GVariant) arguments = NULL;
  GVariantDict options;
  int status;

  if (!whis_cli_parse (path, bindings, &argc, &argv, &status))
    return status;

  g_variant_dict_init (&options, NULL);
  if (continuous)
    g_variant_dict_insert (&options, "continuous", "b", TRUE);
  if (hands_free)
    g_variant_dict_insert (&options, "hands-free", "b", TRUE);
  arguments = g_variant_ref_sink (g_variant_new ("(@a{sv})", g_variant_dict_end (&options)));

  return whis_cli_call (method, arguments, NULL);
}

int
whis_cli_start (int argc, char **argv)
{
  return cli_control_begin ("start", "Start", argc, argv);
}

int
whis_cli_stop (int argc, char **argv)
{
  static const Simple simple = {
    "stop", "Stop", N_ ("Nothing is being recorded; “whis start” begins a dictation.")
  };

  return cli_control_run (&simple, NULL, argc, argv);
}

int
whis_cli_toggle (int argc, char **argv)
{
  return cli_control_begin ("toggle", "Toggle", argc, argv);
}

int
whis_cli_cancel (int argc, char **argv)
{
  static const Simple simple = { "cancel", "Cancel", N_ ("There is no dictation to cancel.") };

  return cli_control_run (&simple, g_variant_new ("(s)", ""), argc, argv);
}

int
whis_cli_undo (int argc, char **argv)
{
  static const Simple simple = { "undo", "UndoCancel",
                                 N_ ("There is no cancelled dictation to take back.") };

  return cli_control_run (&simple, NULL, argc, argv);
}

int
whis_cli_last (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  int status;

  if (!whis_cli_parse ("last", NULL, &argc, &argv, &status))
    return status;
  service = whis_cli_connect (FALSE, &status);
  if (service == NULL && status != WHIS_EXIT_FAILED)
    return status;
  if (service != NULL && !whis_bus_whis1_call_get_last_text_sync (service, &text, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));
  if (text == NULL || *text == '\0')
    {
      g_printerr ("whis: %s\n", _ ("There is no text yet."));
      return WHIS_EXIT_FAILED;
    }

  line = g_strconcat (text, "\n", NULL);

  return whis_cli_print_text (line) ? WHIS_EXIT_OK : WHIS_EXIT_FAILED;
}

int
whis_cli_quit (int argc, char **argv)
{
  static const Simple simple = { "quit", "Quit", N_ ("Whis is not running.") };

  return cli_control_run (&simple, NULL, argc, argv);
}
