/* SPDX-License-Identifier: MIT */
#include "scripted-service.h"

#include <string.h>

/* `whis complete -- WORD…`, as the scripts of the shells call it. */

static gboolean
offers (ScriptedService *service, const char *word)
{
  g_auto (GStrv) lines = g_strsplit (service->out, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      *(*line + strcspn (*line, "\t")) = '\0';
      if (g_str_equal (*line, word))
        return TRUE;
    }

  return FALSE;
}

static void
test_offers (void)
{
  static const struct
  {
    const char *words;
    const char *has;
    const char *has_not;
  } cases[] = {
    { "''", "transcribe", "complete" },
    { "''", "history", "--version" },
    { "--", "--version", "transcribe" },
    { "history ''", "export", "transcribe" },
    { "history export --", "--format", "--yes" },
    { "history delete --", "--yes", "--format" },
    { "history export --format ''", "audio", "--all" },
    { "history export -f ''", "srt", NULL },
    { "transcribe --format=''", "--format=json", "json" },
    { "transcribe --format=s", "--format=srt", NULL },
    { "transcribe -fs", "-fsrt", NULL },
    { "transcribe ''", ":file", "--format" },
    { "transcribe a.mp3 ''", ":file", NULL },
    { "transcribe --output ''", ":file", NULL },
    { "record --provider ''", "groq", "local" },
    { "record -p ''", "custom", NULL },
    { "models ''", "local", NULL },
    { "record --language ''", "auto", NULL },
    { "record --provider groq --model ''", "whisper-large-v3", "parakeet" },
    { "record -pgroq -m ''", "whisper-large-v3", NULL },
    { "record --provider=groq --model=''", "--model=whisper-large-v3", NULL },
    { "record --provider offline --model ''", "whisper-tiny", "whisper-large-v3" },
    { "record --model ''", NULL, "whisper-large-v3" },
    { "model fetch ''", "whisper-tiny", NULL },
    { "model check ''", "whisper-tiny", NULL },
    { "key set ''", "groq", "set" },
    { "settings ''", "language", "--list" },
    { "settings models/", "models/groq", "language" },
    { "settings live ''", "true", "groq" },
    { "settings provider ''", "groq", "true" },
    { "settings language ''", NULL, "true" },
    { "record --duration ''", NULL, "--microphone" },
    { "start ''", NULL, "transcribe" },
    { "nonsense ''", NULL, "transcribe" },
    /* behind a “--” there are no options */
    { "transcribe -- --", ":file", "--format" },
    /* one that is there is not offered again, by whichever name */
    { "transcribe --json --", "--jobs", "--json" },
    { "transcribe -j --", "--jobs", "--json" },
    { "record -p groq --", "--model", "--provider" },
    /* no command of a command behind an option */
    { "history --json ''", NULL, "export" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *command = g_strconcat ("complete -- ", cases[i].words, NULL);

      g_test_message ("%s", cases[i].words);
      scripted_service_run (service, command, NULL);
      g_assert_cmpint (service->status, ==, 0);
      g_assert_cmpstr (service->err, ==, "");
      if (cases[i].has != NULL)
        g_assert_true (offers (service, cases[i].has));
      if (cases[i].has_not != NULL)
        g_assert_false (offers (service, cases[i].has_not));
      /* who presses Tab asks no service for what the table says */
      g_assert_cmpstr (service->calls->str, ==, "");
    }
}

/* Ids with when it was and how it begins, on one line and harmless. */
static void
test_dictations (void)
{
  static const ScriptedCase cases[] = {
    { "complete -- history show ''", 0,
      "last\tthe newest\n"
      "one\t2026-03-04 05:06 words with  [2J a line\n"
      "two\t2026-03-04 05:06 The key is wrong.\n"
      "three\t2026-03-04 05:06 ööööööööööööööööööööööööööööööööööööööööööööööööö\n",
      "", "ListHistory({'limit': <uint32 50>})\n" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();
  g_autofree char *entries = NULL;
  g_autoptr (GString) letters = g_string_new (NULL);

  for (guint i = 0; i < 48; i++)
    g_string_append (letters, "ö");
  entries = g_strdup_printf (
      "([{'id': <'one'>, 'created': <@x 1772600760000>, 'text': <'words with\\n\\u001b[2J a "
      "line'>}, {'id': <'two'>, 'created': <@x 1772600760000>, 'text': <''>, "
      "'message': <'The key is wrong.'>}, {'id': <'three'>, 'created': <@x 1772600760000>, "
      "'text': <'%sand more'>}], 3)",
      letters->str);
  scripted_service_answer (service, "ListHistory", entries);
  scripted_service_run (service, cases[0].command, NULL);
  g_assert_cmpstr (service->calls->str, ==, cases[0].calls);
  g_assert_true (g_str_has_prefix (service->out, "last\tthe newest\n"
                                                 "one\t2026-03-04 05:06 words with  [2J a line\n"
                                                 "two\t2026-03-04 05:06 The key is wrong.\n"
                                                 "three\t2026-03-04 05:06 "));
  g_assert_true (g_str_has_suffix (service->out, letters->str)
                 || strstr (service->out, letters->str) != NULL);
  g_assert_null (strstr (service->out, "and more"));
  g_assert_cmpuint (strcspn (service->out, "\x1b"), ==, strlen (service->out));
}

/* No service is started, and none that refuses is complained about. */
static void
test_without_service (void)
{
  static const ScriptedCase cases[] = {
    { "complete -- history play ''", 0, "last\tthe newest\n", "", NULL },
    { "complete -- history again last -p g", 0, NULL, "", "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_refuse (service, "ListHistory", "Storage", "The history is damaged.");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_leave (service);
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_usage (void)
{
  static const ScriptedCase cases[] = {
    { "complete", 2, "", "whis: “complete” needs “--” and the words up to the cursor.\n", "" },
    { "complete history", 2, "", NULL, "" },
    { "complete --", 2, "", NULL, "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/complete/offers", test_offers);
  g_test_add_func ("/complete/dictations", test_dictations);
  g_test_add_func ("/complete/without-service", test_without_service);
  g_test_add_func ("/complete/usage", test_usage);

  return g_test_run ();
}
