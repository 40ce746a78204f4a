/* SPDX-License-Identifier: MIT */
#include "scripted-service.h"

#include <string.h>

/* What a shortcut calls: exit statuses, sentences and calls of the commands that steer a dictation.
 */

#define SILENCE "whis: Whis did not answer; start it again if this stays so.\n"
#define NO_START                                                                                   \
  "whis: Whis ended right after it was started; run “/bin/false” in a terminal to see why.\n"

static void
test_calls (void)
{
  static const ScriptedCase cases[] = {
    { "start", 0, "", "", "Start({})\n" },
    { "stop", 0, "", "", "Stop()\n" },
    { "toggle", 0, "", "", "Toggle({})\n" },
    { "cancel", 0, "", "", "Cancel('')\n" },
    { "undo", 0, "", "", "UndoCancel()\n" },
    { "quit", 0, "", "", "Quit()\n" },
    { "start --continuous", 0, "", "", "Start({'continuous': <true>})\n" },
    { "toggle -c", 0, "", "", "Toggle({'continuous': <true>})\n" },
    { "start --hands-free", 0, "", "", "Start({'hands-free': <true>})\n" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "Start", "('an-id',)");
  scripted_service_answer (service, "Stop", "('an-id',)");
  scripted_service_answer (service, "Toggle", "('an-id',)");
  scripted_service_answer (service, "UndoCancel", "('an-id',)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_refused (void)
{
  static const ScriptedCase cases[] = {
    { "start", 1, "", "whis: A dictation is being recorded already.\n", NULL },
    { "stop", 1, "", "whis: Nothing is being recorded.\n", NULL },
    /* What others say is no sentence for a user. */
    { "toggle", 1, "", SILENCE, NULL },
    { "cancel", 1, "", SILENCE, NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_refuse (service, "Start", "AlreadyRecording",
                           "A dictation is being recorded already.");
  scripted_service_refuse (service, "Stop", "NotRecording", "Nothing is being recorded.");
  scripted_service_refuse (service, "Toggle", "org.freedesktop.DBus.Error.NoReply",
                           "Message recipient disconnected");
  scripted_service_refuse (service, "Cancel", "org.gtk.GDBus.UnmappedGError.Quark._x.Code3",
                           "assertion failed");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

/* What needs no service starts none; what cannot start one says so with a status of its own. */
static void
test_not_running (void)
{
  static const ScriptedCase cases[] = {
    { "stop", 1, "", "whis: Nothing is being recorded; “whis start” begins a dictation.\n", "" },
    { "cancel", 1, "", "whis: There is no dictation to cancel.\n", "" },
    { "undo", 1, "", "whis: There is no cancelled dictation to take back.\n", "" },
    { "quit", 1, "", "whis: Whis is not running.\n", "" },
    { "last", 1, "", "whis: There is no text yet.\n", "" },
    { "status", 0, "not running\n", "", "" },
    { "start", 3, "", NO_START, "" },
    { "toggle", 3, "", NO_START, "" },
    { "history", 3, "", NO_START, "" },
    { "record", 3, "", NO_START, "" },
    { "providers", 3, "", NO_START, "" },
    { "models local", 3, "", NO_START, "" },
    { "endpoint status", 3, "", NO_START, "" },
    { "key check groq", 3, "", NO_START, "" },
    { "import", 3, "", NO_START, "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_leave (service);
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

/* Whatever a command wants of the service: where no bus is, a script is told that alone. */
static void
test_no_bus (void)
{
  static const char *const commands[] = {
    "start",        "stop",    "toggle",          "cancel",         "undo",
    "quit",         "last",    "status",          "status --json",  "status --follow",
    "paste",        "unpaste", "history",         "record",         "providers",
    "models local", "usage",   "endpoint status", "key check groq", "import",
    "doctor",       "stats",   "shortcut check",  "history retry",
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_setenv (service, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      const ScriptedCase none[] = {
        { commands[i], 3, "",
          "whis: There is no session bus; run this inside a desktop session, or as "
          "“dbus-run-session "
          "whis …”.\n",
          "" },
      };

      scripted_service_check (service, none, 1);
    }
}

static void
test_usage (void)
{
  static const ScriptedCase cases[] = {
    { "start now", 2, "", "whis: “start” takes no argument “now”.\n", "" },
    { "toggle --fast", 2, "", "whis: Unknown option --fast\n", "" },
    { "strat", 2, "", "whis: There is no command “strat”; “whis --help” lists them.\n", "" },
    { "history shwo", 2, "",
      "whis: There is no command “history shwo”; “whis history list shwo” searches for it.\n", "" },
    { "key", 2, "", "whis: “whis key” needs a command; “whis key --help” lists them.\n", "" },
    { "key list", 2, "", "whis: There is no command “key list”; “whis key --help” lists them.\n",
      "" },
    { "model", 2, "", "whis: “whis model” needs a command; “whis model --help” lists them.\n", "" },
    { "endpoint start", 2, "",
      "whis: There is no command “endpoint start”; “whis endpoint --help” lists them.\n", "" },
    { "transcribe -f docx talk.mp3", 2, "",
      "whis: “docx” is nothing for --format; there are: text, json, srt, vtt.\n", "" },
    { "--version", 0, "whis " WHIS_VERSION "\n", "", "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

/* Help calls nobody, wherever it stands. */
static void
test_help (void)
{
  static const struct
  {
    const char *command;
    const char *first;
  } cases[] = {
    { "--help", "Usage: whis [OPTION…] [COMMAND]\n" },
    { "-h", "Usage: whis [OPTION…] [COMMAND]\n" },
    { "help", "Usage: whis [OPTION…] [COMMAND]\n" },
    { "stop --help", "Usage: whis stop\n" },
    { "start --help", "Usage: whis start [OPTION…]\n" },
    { "history --help", "Usage: whis history [OPTION…] [COMMAND]\n" },
    { "history export last --help", "Usage: whis history export [OPTION…] [ID…]\n" },
    { "key -h", "Usage: whis key COMMAND\n" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      scripted_service_run (service, cases[i].command, NULL);
      g_assert_cmpint (service->status, ==, 0);
      g_assert_cmpstr (service->err, ==, "");
      g_assert_cmpstr (service->calls->str, ==, "");
      if (!g_str_has_prefix (service->out, cases[i].first))
        g_assert_cmpstr (service->out, ==, cases[i].first);
      g_assert_nonnull (strstr (service->out, "--help"));
      /* what only programs call */
      g_assert_null (strstr (service->out, "  complete"));
    }
}

static void
test_status (void)
{
  static const ScriptedCase recording[] = {
    { "status", 0, "recording\nThe dictation is continuous: the microphone stays open.\n", "", "" },
    { "status --json", 0,
      "{\"running\":true,\"state\":\"recording\",\"dictation\":\"an-id\",\"provider\":\"groq\","
      "\"destination\":\"api.groq.com\",\"message\":\"\",\"code\":\"\",\"outcome\":\"\","
      "\"elapsed_ms\":61500,\"tray\":true,\"continuous\":true,\"microphone_open\":true}\n",
      "", "" },
  };
  static const ScriptedCase failed[] = {
    { "status", 0, "failed\nThe key is “wrong”.\nAsk for another.\n", "", "" },
    { "status -j", 0,
      "{\"running\":true,\"state\":\"failed\",\"dictation\":\"an-id\",\"provider\":\"groq\","
      "\"destination\":\"api.groq.com\",\"message\":\"The key is “wrong”.\\nAsk for another.\","
      "\"code\":\"key-wrong\",\"outcome\":\"\",\"elapsed_ms\":61500,\"tray\":true,"
      "\"continuous\":false,\"microphone_open\":false}\n",
      "", "" },
  };
  static const ScriptedCase away[] = {
    { "status --json", 0,
      "{\"running\":false,\"state\":\"idle\",\"dictation\":\"\",\"provider\":\"\","
      "\"destination\":\"\",\"message\":\"\",\"code\":\"\",\"outcome\":\"\",\"elapsed_ms\":0,"
      "\"tray\":false,\"continuous\":false,\"microphone_open\":false}\n",
      "", "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_set (service, "State", "'recording'");
  scripted_service_set (service, "Dictation", "'an-id'");
  scripted_service_set (service, "Provider", "'groq'");
  scripted_service_set (service, "Destination", "'api.groq.com'");
  scripted_service_set (service, "Elapsed", "@t 61500");
  scripted_service_set (service, "Tray", "true");
  scripted_service_set (service, "Continuous", "true");
  scripted_service_set (service, "MicrophoneOpen", "true");
  scripted_service_check (service, recording, G_N_ELEMENTS (recording));
  scripted_service_set (service, "State", "'failed'");
  scripted_service_set (service, "Message", "'The key is “wrong”.\\nAsk for another.'");
  scripted_service_set (service, "Code", "'key-wrong'");
  scripted_service_set (service, "Continuous", "false");
  scripted_service_set (service, "MicrophoneOpen", "false");
  scripted_service_check (service, failed, G_N_ELEMENTS (failed));
  scripted_service_leave (service);
  scripted_service_check (service, away, G_N_ELEMENTS (away));
}

static void
test_last (void)
{
  static const ScriptedCase some[] = { { "last", 0, "two\nlines, Grüße\n", "", NULL } };
  static const ScriptedCase none[] = { { "last", 1, "", "whis: There is no text yet.\n", NULL } };
  static const ScriptedCase lost[] = { { "last", 1, "", "whis: The history is damaged.\n", NULL } };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "GetLastText", "('two\\nlines, Grüße',)");
  scripted_service_check (service, some, 1);
  scripted_service_answer (service, "GetLastText", "('',)");
  scripted_service_check (service, none, 1);
  scripted_service_refuse (service, "GetLastText", "Storage", "The history is damaged.");
  scripted_service_check (service, lost, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/control-commands/calls", test_calls);
  g_test_add_func ("/control-commands/refused", test_refused);
  g_test_add_func ("/control-commands/not-running", test_not_running);
  g_test_add_func ("/control-commands/no-bus", test_no_bus);
  g_test_add_func ("/control-commands/usage", test_usage);
  g_test_add_func ("/control-commands/help", test_help);
  g_test_add_func ("/control-commands/status", test_status);
  g_test_add_func ("/control-commands/last", test_last);

  return g_test_run ();
}
