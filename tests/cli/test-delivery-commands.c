/* SPDX-License-Identifier: MIT */
#include "scripted-service.h"

/* `whis paste|unpaste`: what each outcome of an insertion says, and its exit status. */

#define SILENCE "whis: Whis did not answer; start it again if this stays so.\n"
#define ON_CLIPBOARD "whis: The text is on the clipboard; this desktop lets Whis insert nothing.\n"

static void
test_outcomes (void)
{
  static const struct
  {
    const char *outcome;
    int status;
    const char *err;
  } cases[] = {
    { "landed", 0, "" },
    { "handed-over", 0, "" },
    { "not-seen", 1, "whis: The text was not seen to arrive; it is on the clipboard.\n" },
    { "no-text-field", 1, "whis: No text field has the focus; the text is on the clipboard.\n" },
    { "password-field", 1, "whis: A password field has the focus; nothing was inserted.\n" },
    { "copied", 1, ON_CLIPBOARD },
    { "", 1, ON_CLIPBOARD },
    { "of-a-later-service", 1, ON_CLIPBOARD },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "GetHistoryEntry", "(@a{sv} {},)");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *answer = g_strdup_printf ("('%s',)", cases[i].outcome);
      const ScriptedCase commands[] = {
        { "paste", cases[i].status, "", cases[i].err, "InsertLastText()\n" },
        { "paste an-id", cases[i].status, "", cases[i].err,
          "GetHistoryEntry('an-id')\nInsertEntry('an-id')\n" },
      };

      scripted_service_answer (service, "InsertLastText", answer);
      scripted_service_answer (service, "InsertEntry", answer);
      scripted_service_check (service, commands, G_N_ELEMENTS (commands));
    }
}

/* A part of an id is enough if no other dictation has it; then the whole one is asked for. */
static void
test_paste_entry (void)
{
  static const ScriptedCase cases[] = {
    { "paste last", 0, "", "", NULL },
    { "paste 0b-2", 0, "", "", NULL },
    { "paste 0", 1, "",
      "whis: More than one dictation begins or ends with “0”; write more of its id.\n", NULL },
    { "paste nothing", 1, "", "whis: There is no dictation “nothing”; “whis history” lists them.\n",
      NULL },
  };
  static const char *const inserted[] = { "InsertEntry('0a-1')\n", "InsertEntry('0b-2')\n", NULL,
                                          NULL };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_refuse (service, "GetHistoryEntry", "NotFound", "There is no such dictation.");
  scripted_service_answer (service, "ListHistory", "([{'id': <'0a-1'>}, {'id': <'0b-2'>}], 2)");
  scripted_service_answer (service, "InsertEntry", "('landed',)");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      scripted_service_check (service, &cases[i], 1);
      if (inserted[i] != NULL)
        g_assert_true (g_str_has_suffix (service->calls->str, inserted[i]));
      else
        g_assert_null (g_strstr_len (service->calls->str, -1, "InsertEntry"));
    }
}

static void
test_unpaste (void)
{
  static const ScriptedCase undone[] = { { "unpaste", 0, "", "", "UndoInsertion()\n" } };
  static const ScriptedCase not_seen[] = {
    { "unpaste", 1, "",
      "whis: It cannot be seen that the text still stands before the cursor, so nothing was "
      "deleted; the text is on the clipboard.\n",
      "UndoInsertion()\n" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "UndoInsertion", "(true,)");
  scripted_service_check (service, undone, 1);
  scripted_service_answer (service, "UndoInsertion", "(false,)");
  scripted_service_check (service, not_seen, 1);
}

static void
test_refused (void)
{
  static const ScriptedCase empty[] = {
    { "paste", 1, "", "whis: There is no text yet.\n", NULL },
    { "paste an-id", 1, "", "whis: It has no text.\n", NULL },
    { "unpaste", 1, "", "whis: Nothing was inserted.\n", NULL },
  };
  static const ScriptedCase older[] = {
    { "paste", 1, "", SILENCE, NULL },
    { "paste an-id", 1, "", SILENCE, NULL },
    { "unpaste", 1, "", SILENCE, NULL },
  };
  static const char *const methods[] = { "InsertLastText", "InsertEntry", "UndoInsertion" };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "GetHistoryEntry", "(@a{sv} {},)");
  scripted_service_refuse (service, "InsertLastText", "NotFound", "There is no text yet.");
  scripted_service_refuse (service, "InsertEntry", "NotFound", "It has no text.");
  scripted_service_refuse (service, "UndoInsertion", "NotFound", "Nothing was inserted.");
  scripted_service_check (service, empty, G_N_ELEMENTS (empty));
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    scripted_service_refuse (service, methods[i], "org.freedesktop.DBus.Error.UnknownMethod",
                             "No such interface");
  scripted_service_check (service, older, G_N_ELEMENTS (older));
}

static void
test_usage (void)
{
  static const ScriptedCase cases[] = {
    { "paste one two", 2, "", "whis: “paste” takes no argument “two”.\n", "" },
    { "paste --again", 2, "", "whis: Unknown option --again\n", "" },
    { "unpaste last", 2, "", "whis: “unpaste” takes no argument “last”.\n", "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

/* There is a text in the history to insert, but nothing to take back without a service. */
static void
test_not_running (void)
{
  static const ScriptedCase cases[] = {
    { "paste", 3, "",
      "whis: Whis ended right after it was started; run “/bin/false” in a terminal to see why.\n",
      "" },
    { "unpaste", 1, "", "whis: Nothing was inserted that could be taken back.\n", "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_leave (service);
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/delivery-commands/outcomes", test_outcomes);
  g_test_add_func ("/delivery-commands/paste-entry", test_paste_entry);
  g_test_add_func ("/delivery-commands/unpaste", test_unpaste);
  g_test_add_func ("/delivery-commands/refused", test_refused);
  g_test_add_func ("/delivery-commands/usage", test_usage);
  g_test_add_func ("/delivery-commands/not-running", test_not_running);

  return g_test_run ();
}
