/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "bus-error.h"
#include "cli-commands.h"
#include "cli-output.h"
#include "cli-service.h"
#include "window-start.h"

/* Calls a method without arguments that takes no options and answers with at most an id. */
static int
call_simple (const char *method, GVariant *arguments, gboolean start, const char *not_running)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GVariant) sunk = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  service = whis_cli_connect (start, &status);
  if (service == NULL)
    {
      if (not_running != NULL)
        g_printerr ("whis: %s\n", not_running);
      return not_running != NULL ? WHIS_EXIT_FAILED : status;
    }

  answer = g_dbus_proxy_call_sync (G_DBUS_PROXY (service), method, sunk, G_DBUS_CALL_FLAGS_NONE, -1,
                                   NULL, &error);

  return answer != NULL ? WHIS_EXIT_OK : whis_cli_report (g_steal_pointer (&error));
}

static GVariant *
no_options (void)
{
  return g_variant_new ("(@a{sv})", g_variant_new ("a{sv}", NULL));
}

static int
run_start (int argc, char **argv)
{
  return call_simple ("Start", no_options (), TRUE, NULL);
}

static int
run_stop (int argc, char **argv)
{
  return call_simple ("Stop", NULL, FALSE,
                      _ ("Nothing is being recorded; “whis start” begins a dictation."));
}

static int
run_toggle (int argc, char **argv)
{
  return call_simple ("Toggle", no_options (), TRUE, NULL);
}

static int
run_cancel (int argc, char **argv)
{
  return call_simple ("Cancel", g_variant_new ("(s)", ""), FALSE,
                      _ ("There is no dictation to cancel."));
}

static void
print_status_json (WhisBusWhis1 *service)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;
  const struct
  {
    const char *name;
    const char *value;
  } members[] = {
    { "state", service != NULL ? whis_bus_whis1_get_state (service) : "idle" },
    { "dictation", service != NULL ? whis_bus_whis1_get_dictation (service) : "" },
    { "provider", service != NULL ? whis_bus_whis1_get_provider (service) : "" },
    { "destination", service != NULL ? whis_bus_whis1_get_destination (service) : "" },
    { "message", service != NULL ? whis_bus_whis1_get_message (service) : "" },
  };

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "running");
  json_builder_add_boolean_value (builder, service != NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      json_builder_set_member_name (builder, members[i].name);
      json_builder_add_string_value (builder, members[i].value);
    }
  json_builder_set_member_name (builder, "elapsed_ms");
  json_builder_add_int_value (builder,
                              service != NULL ? (gint64) whis_bus_whis1_get_elapsed (service) : 0);
  json_builder_set_member_name (builder, "tray");
  json_builder_add_boolean_value (builder, service != NULL && whis_bus_whis1_get_tray (service));
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  line = json_to_string (root, FALSE);
  g_print ("%s\n", line);
}

static void
print_status (WhisBusWhis1 *service)
{
  const char *message;

  if (service == NULL)
    {
      g_print ("%s\n", _ ("not running"));
      return;
    }

  g_print ("%s\n", whis_bus_whis1_get_state (service));
  message = whis_bus_whis1_get_message (service);
  if (message != NULL && *message != '\0')
    g_print ("%s\n", message);
}

static int
run_undo (int argc, char **argv)
{
  return call_simple ("UndoCancel", NULL, FALSE,
                      _ ("There is no cancelled dictation to take back."));
}

static int
run_status (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  gboolean json = argc == 2 && g_str_equal (argv[1], "--json");
  g_autoptr (GDBusConnection) bus = NULL;
  int status;

  if (argc > 1 && !json)
    return whis_cli_usage (_ ("“status” knows only --json, not “%s”."), argv[1]);

  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  service = whis_cli_connect (FALSE, &status);
  if (service == NULL && bus == NULL)
    return status;
  if (json)
    print_status_json (service);
  else
    print_status (service);

  return WHIS_EXIT_OK;
}

static int
run_last (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  int status;

  service = whis_cli_connect (FALSE, &status);
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

static int
run_quit (int argc, char **argv)
{
  return call_simple ("Quit", NULL, FALSE, _ ("Whis is not running."));
}

static const struct
{
  const char *name;
  int (*run) (int argc, char **argv);
  gboolean takes_arguments;
  const char *arguments;
  const char *help;
} commands[] = {
  { "start", run_start, FALSE, "", N_ ("Start a dictation") },
  { "stop", run_stop, FALSE, "", N_ ("Stop recording; the text goes to the clipboard") },
  { "toggle", run_toggle, FALSE, "", N_ ("Start or stop, whichever fits") },
  { "cancel", run_cancel, FALSE, "", N_ ("End the dictation without text; the sound is kept") },
  { "undo", run_undo, FALSE, "", N_ ("Take the last “cancel” back, for a minute") },
  { "status", run_status, TRUE, "[--json]", N_ ("Say what Whis is doing") },
  { "last", run_last, FALSE, "", N_ ("Print the last text") },
  { "record", whis_cli_record, TRUE, "[--duration TIME]",
    N_ ("Record in the terminal and print the text") },
  { "transcribe", whis_cli_transcribe, TRUE, "FILE…",
    N_ ("Print the text of sound or video files") },
  { "history", whis_cli_history, TRUE, "[COMMAND]",
    N_ ("Find, finish, compare, play or delete earlier dictations") },
  { "providers", whis_cli_providers, FALSE, "", N_ ("List the transcription services") },
  { "models", whis_cli_models, TRUE, "PROVIDER",
    N_ ("List the models that a service has at present") },
  { "usage", whis_cli_usage_list, FALSE, "", N_ ("Show what was sent to each service") },
  { "key", whis_cli_key, TRUE, "set|check|remove PROVIDER",
    N_ ("Store, check or forget an API key") },
  { "settings", whis_cli_settings, TRUE, "[--list | KEY [VALUE]]",
    N_ ("Open the preferences, or show and change a setting") },
  { "import", whis_cli_import, TRUE, "[--dry-run]",
    N_ ("Take over settings, presets and keys of the earlier Whis") },
  { "quit", run_quit, FALSE, "", N_ ("End the service; what is recorded is kept") },
};

static void
print_help (void)
{
  g_print ("%s\n\n%s\n", _ ("Usage: whis [COMMAND]"),
           _ ("Speak, and your words are text where you are working. Without a command the window "
              "opens."));
  g_print ("\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *call = g_strjoin (" ", commands[i].name, commands[i].arguments, NULL);

      g_print ("  %-32s %s\n", call, _ (commands[i].help));
    }
  g_print ("\n  %-32s %s\n  %-32s %s\n", "--help", _ ("Print this, or the options of a command"),
           "--version", _ ("Print the version"));
}

static int
open_window (void)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;
  if (!whis_window_start ("home", g_getenv ("XDG_ACTIVATION_TOKEN"), &error))
    return whis_cli_report (g_steal_pointer (&error));

  return WHIS_EXIT_OK;
}

static int
run_command (int argc, char **argv)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (!g_str_equal (argv[0], commands[i].name))
        continue;
      if (argc > 1 && !commands[i].takes_arguments && g_str_equal (argv[1], "--help"))
        {
          g_print ("whis %s: %s\n", commands[i].name, _ (commands[i].help));
          return WHIS_EXIT_OK;
        }
      if (argc > 1 && !commands[i].takes_arguments)
        return whis_cli_usage (_ ("“%s” takes no argument “%s”."), argv[0], argv[1]);

      return commands[i].run (argc, argv);
    }

  return whis_cli_usage (_ ("There is no command “%s”; “whis --help” lists them."), argv[0]);
}

/**
 * whis_cli_run:
 * @argc: number of arguments
 * @argv: the arguments of the program
 *
 * Runs the command line.
 *
 * Returns: the exit status
 */
int
whis_cli_run (int argc, char **argv)
{
  /* Known before the first answer comes, so that errors keep their names. */
  (void) whis_bus_error_quark ();

  if (argc < 2)
    return open_window ();
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")
      || g_str_equal (argv[1], "help"))
    {
      print_help ();
      return WHIS_EXIT_OK;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      g_print ("whis %s\n", WHIS_VERSION);
      return WHIS_EXIT_OK;
    }

  return run_command (argc - 1, argv + 1);
}
