/* SPDX-License-Identifier: MIT */
#include "scripted-service.h"

#include <string.h>

/* `whis providers|models|usage|stats|key|endpoint|import`: what they print of the service's
 * answers.
 */

static void
test_providers (void)
{
  static const ScriptedCase cases[] = {
    { "providers", 0,
      "groq         Groq                   keyring      \n"
      "openai       OpenAI                 no key       two of its models retire\n"
      "custom       Own server             -            \n"
      "new          -                      environment  \n",
      "", "ListProviders()\n" },
    { "providers all", 2, "", "whis: “providers” takes no argument “all”.\n", "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (
      service, "ListProviders",
      "([{'id': <'groq'>, 'name': <'Groq'>, 'needs-key': <true>, 'key-source': <'keyring'>}, "
      "{'id': <'openai'>, 'name': <'OpenAI'>, 'needs-key': <true>, 'key-source': <''>, "
      "'note': <'two of its models retire'>}, "
      "{'id': <'custom'>, 'name': <'Own server'>, 'needs-key': <false>}, "
      "{'id': <'new'>, 'name': <'-'>, 'key-source': <'environment'>}],)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_models (void)
{
  static const ScriptedCase cases[] = {
    { "models groq", 0,
      "whisper-large-v3                     until 2026-12-01   \n"
      "nova                                                    live only\n",
      "", "ListModels('groq')\n" },
    { "models", 2, "",
      "whis: Write “whis models PROVIDER” or “whis models local”; “whis providers” lists the "
      "services.\n",
      "" },
    { "models groq openai", 2, "", NULL, "" },
  };
  static const ScriptedCase none[] = {
    { "models custom", 0, "", "custom has no list of models; its server decides.\n", NULL },
  };
  static const ScriptedCase refused[] = {
    { "models nobody", 1, "", "whis: There is no transcription service “nobody”.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ListModels",
                           "([{'id': <'whisper-large-v3'>, 'retires': <'2026-12-01'>}, "
                           "{'id': <'nova'>, 'live': <true>}],)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_answer (service, "ListModels", "([],)");
  scripted_service_check (service, none, 1);
  scripted_service_refuse (service, "ListModels", "Provider",
                           "There is no transcription service “nobody”.");
  scripted_service_check (service, refused, 1);
}

/* Money that nobody knows is not written as none. */
static void
test_usage (void)
{
  static const ScriptedCase cases[] = {
    { "usage", 0,
      "month    service      requests    seconds       cost        cap\n"
      "2026-03  groq               12       61.5      $0.04      $5.00\n"
      "2026-02  custom              1        0.1                      \n"
      "2026-02  openai       4000000000   100000.0   $1234.50           \n",
      "", "ListUsage()\n" },
  };
  static const ScriptedCase none[] = {
    { "usage", 0, "month    service      requests    seconds       cost        cap\n", "", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (
      service, "ListUsage",
      "([{'month': <'2026-03'>, 'provider': <'groq'>, 'requests': <@t 12>, 'sent': <@t 61500>, "
      "'cost': <0.041>, 'cap': <5.0>}, "
      "{'month': <'2026-02'>, 'provider': <'custom'>, 'requests': <@t 1>, 'sent': <@t 99>}, "
      "{'month': <'2026-02'>, 'provider': <'openai'>, 'requests': <@t 4000000000>, "
      "'sent': <@t 100000000>, 'cost': <1234.5>}],)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_answer (service, "ListUsage", "([],)");
  scripted_service_check (service, none, 1);
}

static void
test_statistics (void)
{
  static const ScriptedCase cases[] = {
    { "stats", 0,
      "service      model                          pieces    holes   filled     left invented    "
      "loops   sounds\n"
      "offline      parakeet                           90        2        1        1        3    "
      "    4        5\n"
      "custom       -                                   1        0        0        0        0    "
      "    0        0\n",
      "", "ListStatistics()\n" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (
      service, "ListStatistics",
      "([{'provider': <'offline'>, 'model': <'parakeet'>, 'pieces': <@t 90>, "
      "'holes-found': <@t 2>, 'holes-filled': <@t 1>, 'holes-left': <@t 1>, 'invented': <@t 3>, "
      "'loops': <@t 4>, 'sounds': <@t 5>}, "
      "{'provider': <'custom'>, 'model': <''>, 'pieces': <@t 1>}],)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

/* A key comes from a pipe, whole and as it is, and is in no argument and no answer. */
static void
test_key_set (void)
{
  g_autofree char *longest = g_strnfill (4000, 'k');
  const char *const keys[] = { "sk-key\n", "sk-key", "", "k\xc3\xa9y with blanks \n", longest };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "SetKey", "('keyring', 'The key is in the keyring.')");
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *calls = g_strdup_printf ("SetKey('groq', 0) <- %s\n", keys[i]);

      scripted_service_run (service, "key set groq", keys[i]);
      g_assert_cmpstr (service->err, ==, "The key is in the keyring.\n");
      g_assert_cmpstr (service->out, ==, "");
      g_assert_cmpint (service->status, ==, 0);
      g_assert_cmpstr (service->calls->str, ==, calls);
    }
}

static void
test_key (void)
{
  static const ScriptedCase cases[] = {
    { "key set groq sk-on-the-command-line", 2, "",
      "whis: A key is no argument: others can read those. Run “whis key set PROVIDER” and type it, "
      "or pipe it in.\n",
      "" },
    { "key set", 2, "",
      "whis: Write “whis key set PROVIDER”; “whis providers” lists the services.\n", "" },
    { "key set nobody", 1, "", "whis: There is no transcription service “nobody”.\n", NULL },
    { "key check groq", 0, "", "The key is right.\n", "CheckKey('groq')\n" },
    { "key remove groq", 0, "", "The key for groq is forgotten.\n", "RemoveKey('groq')\n" },
    { "key remove", 2, "",
      "whis: Write “whis key remove PROVIDER”; “whis providers” lists the services.\n", "" },
  };
  static const struct
  {
    const char *answer;
    const char *said;
  } results[] = {
    { "('wrong', 'The key is wrong.')", "The key is wrong.\n" },
    { "('missing', 'There is no key.')", "There is no key.\n" },
    { "('unknown', 'Groq did not say.')", "Groq did not say.\n" },
  };
  static const ScriptedCase locked[] = {
    { "key remove groq", 1, "", "whis: The keyring is locked.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "CheckKey", "('ok', 'The key is right.')");
  scripted_service_refuse (service, "SetKey", "NotFound",
                           "There is no transcription service “nobody”.");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  /* a script goes by the status */
  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    {
      const ScriptedCase check[] = { { "key check groq", 1, "", results[i].said, NULL } };

      scripted_service_answer (service, "CheckKey", results[i].answer);
      scripted_service_check (service, check, 1);
    }
  scripted_service_refuse (service, "RemoveKey", "Keyring", "The keyring is locked.");
  scripted_service_check (service, locked, 1);
}

static void
test_endpoint (void)
{
  static const ScriptedCase off[] = {
    { "endpoint status", 0, "off\n", "", "" },
    { "endpoint off", 0, "", "Whis answers no other programs any more.\n", "SetEnabled(false)\n" },
    { "endpoint status now", 2, "", "whis: “endpoint status” takes no argument “now”.\n", "" },
  };
  static const ScriptedCase on[] = {
    { "endpoint status", 0, "http://127.0.0.1:7777/v1\n", "", "" },
    { "endpoint on", 0, "",
      "Whis answers other programs on this computer now; “whis endpoint status” says where, “whis "
      "endpoint key” prints the key that they need.\n",
      "SetEnabled(true)\n" },
    { "endpoint key", 0, "a-key\n", "", "OpenKey(false)\n" },
    { "endpoint key --new", 0, "a-key\n", "", "OpenKey(true)\n" },
  };
  static const ScriptedCase taken[] = {
    { "endpoint status", 1, "", "whis: Another program has the port 7777.\n", "" },
  };
  static const ScriptedCase refused[] = {
    { "endpoint on", 1, "", "whis: There is no recogniser.\n", NULL },
    { "endpoint key", 1, "", "whis: The keyring is locked.\n", NULL },
  };
  static const ScriptedCase forgetful[] = {
    { "endpoint key", 0, "a-key\n",
      "There is no keyring, so the key is kept only until Whis quits.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_set (service, "KeyringAvailable", "true");
  scripted_service_check (service, off, G_N_ELEMENTS (off));
  scripted_service_set (service, "Address", "'http://127.0.0.1:7777/v1'");
  scripted_service_answer_file (service, "OpenKey", "a-key", 5);
  scripted_service_check (service, on, G_N_ELEMENTS (on));
  scripted_service_set (service, "KeyringAvailable", "false");
  scripted_service_check (service, forgetful, 1);
  scripted_service_set (service, "KeyringAvailable", "true");
  scripted_service_set (service, "Address", "''");
  scripted_service_set (service, "Problem", "'Another program has the port 7777.'");
  scripted_service_check (service, taken, 1);
  scripted_service_refuse (service, "SetEnabled", "Failed", "There is no recogniser.");
  scripted_service_refuse (service, "OpenKey", "Keyring", "The keyring is locked.");
  scripted_service_check (service, refused, G_N_ELEMENTS (refused));
}

static void
test_import (void)
{
  static const ScriptedCase cases[] = {
    { "import", 0, "Read:\n  settings.json\nImported:\n  Language: de\n", "",
      "ImportOriginal({'again': <false>, 'dry-run': <false>, 'overwrite': <false>})\n" },
    { "import --dry-run --again", 0, "Read:\n  settings.json\nWould be imported:\n  Language: de\n",
      "", "ImportOriginal({'again': <true>, 'dry-run': <true>, 'overwrite': <false>})\n" },
    { "import everything", 2, "", "whis: “import” takes no argument “everything”.\n", "" },
  };
  static const struct
  {
    const char *report;
    int status;
    const char *out;
  } reports[] = {
    { "([('kept', 'Language: fr')],)", 0,
      "Kept as it is in Whis:\n  Language: fr\n“whis import --again --overwrite” replaces what is "
      "kept.\n" },
    /* a key that is not stored yet is not done */
    { "([('waiting', 'Key for Groq')],)", 1, "Not imported yet:\n  Key for Groq\n" },
    { "([('failed', 'settings.json')],)", 1, "Went wrong:\n  settings.json\n" },
    { "([('missing', 'Theme'), ('note', 'Look at it.'), ('missing', 'Sounds')],)", 0,
      "Not taken over:\n  Theme\n  Sounds\nPlease note:\n  Look at it.\n" },
    { "([('melted', 'a word of a later service')],)", 0, "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ImportOriginal",
                           "([('imported', 'Language: de'), ('read', 'settings.json')],)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  for (gsize i = 0; i < G_N_ELEMENTS (reports); i++)
    {
      const ScriptedCase check[] = { { "import", reports[i].status, reports[i].out, "", NULL } };

      scripted_service_answer (service, "ImportOriginal", reports[i].report);
      scripted_service_check (service, check, 1);
    }
}

/* What others name is written by a terminal's rules only there; a script gets it as it is. */
static void
test_refusals_are_harmless (void)
{
  static const ScriptedCase cases[] = {
    { "providers", 1, "", "whis: No\xef\xbf\xbd[2J way.\n", NULL },
    { "key check groq", 1, "", "whis: No\xef\xbf\xbd[2J way.\n", NULL },
    { "usage", 1, "", "whis: Whis did not answer; start it again if this stays so.\n", NULL },
    { "stats", 1, "", "whis: Whis did not answer; start it again if this stays so.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_refuse (service, "ListProviders", "Failed", "No\x1b[2J way.");
  scripted_service_refuse (service, "CheckKey", "Failed", "No\x1b[2J way.");
  scripted_service_refuse (service, "ListUsage", "org.freedesktop.DBus.Error.UnknownMethod",
                           "No such method “ListUsage”");
  scripted_service_refuse (service, "ListStatistics", "org.freedesktop.DBus.Error.Disconnected",
                           "Connection is closed");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/service-commands/providers", test_providers);
  g_test_add_func ("/service-commands/models", test_models);
  g_test_add_func ("/service-commands/usage", test_usage);
  g_test_add_func ("/service-commands/statistics", test_statistics);
  g_test_add_func ("/service-commands/key-set", test_key_set);
  g_test_add_func ("/service-commands/key", test_key);
  g_test_add_func ("/service-commands/endpoint", test_endpoint);
  g_test_add_func ("/service-commands/import", test_import);
  g_test_add_func ("/service-commands/refusals-are-harmless", test_refusals_are_harmless);

  return g_test_run ();
}
