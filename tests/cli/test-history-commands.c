/* SPDX-License-Identifier: MIT */
#include "scripted-service.h"

#include <string.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

/* Lists, entries and exports as the command line writes them. */

/* 2026-03-04 05:06 UTC */
#define CREATED "'created': <@x 1772600760000>"

#define FIRST                                                                                      \
  "{'id': <'20260304-050600-aaaa'>, " CREATED ", 'length': <@t 3725999>, 'provider': <'groq'>, "   \
  "'state': <'done'>, 'text': <'one\\ttwo\\u001b[31m\\nthree'>, 'marked': <true>}"
#define SECOND                                                                                     \
  "{'id': <'20260304-050600-bbbb'>, " CREATED ", 'length': <@t 999>, 'state': <'failed'>, "        \
  "'text': <''>, 'message': <'The key is wrong.'>}"
#define BOTH "([" FIRST ", " SECOND "], 2)"

#define WHOLE                                                                                      \
  "({'id': <'20260304-050600-aaaa'>, 'text': <'the first words'>, 'versions': <["                  \
  "{'number': <@u 0>, 'provider': <'groq'>, 'model': <'whisper'>, 'text': <'the first words'>}, "  \
  "{'number': <@u 2>, 'provider': <'offline'>, 'model': <''>, 'text': <'the last words'>}"         \
  "]>},)"

#define NO_PAGE "ListHistory({'limit': <uint32 100>, 'offset': <uint32 0>})\n"

static void
test_list (void)
{
  static const char lines[] =
      "20260304-050600-aaaa  2026-03-04 05:06   62:05  groq        done         * one two [31m "
      "three\n"
      "20260304-050600-bbbb  2026-03-04 05:06    0:00  -           failed       - The key is "
      "wrong.\n";
  static const ScriptedCase cases[] = {
    { "history", 0, lines, "", NULL },
    { "history list", 0, lines, "", NULL },
    { "history list --json", 0,
      "[{\"id\":\"20260304-050600-aaaa\",\"created\":1772600760000,\"length\":3725999,"
      "\"provider\":\"groq\",\"state\":\"done\",\"text\":\"one\\ttwo\\u001b[31m\\nthree\","
      "\"marked\":true},{\"id\":\"20260304-050600-bbbb\",\"created\":1772600760000,"
      "\"length\":999,\"state\":\"failed\",\"text\":\"\",\"message\":\"The key is wrong.\"}]\n",
      "", NULL },
  };
  static const ScriptedCase empty[] = {
    { "history", 0, "", "", NULL },
    { "history list --json", 0, "[]\n", "", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ListHistory", BOTH);
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_answer (service, "ListHistory", "([], 0)");
  scripted_service_check (service, empty, G_N_ELEMENTS (empty));
}

/* An entry of a later version, of which little is known. */
static void
test_list_unknown_members (void)
{
  static const ScriptedCase cases[] = {
    { "history", 0, "x  1970-01-01 00:00    0:00  -           asleep       - \n", "", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ListHistory",
                           "([{'id': <'x'>, 'state': <'asleep'>, 'length': <'long'>, "
                           "'colour': <7>}], 1)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_query (void)
{
  static const ScriptedCase cases[] = {
    { "history list", 0, NULL, NULL, NO_PAGE },
    { "history list --limit 7", 0, NULL, NULL,
      "ListHistory({'limit': <uint32 7>, 'offset': <uint32 0>})\n" },
    { "history list -n 1 --marked two words", 0, NULL, NULL,
      "ListHistory({'limit': <uint32 1>, 'marked': <true>, 'offset': <uint32 0>, "
      "'search': <'two words'>})\n" },
    { "history --unfinished", 0, NULL, NULL,
      "ListHistory({'limit': <uint32 100>, 'offset': <uint32 0>, "
      "'states': <['waiting', 'interrupted']>})\n" },
    /* what looks like an option is searched for behind a “--” */
    { "history list -- --marked", 0, NULL, NULL, NULL },
    { "history list --limit 0", 2, "", "whis: “--limit” needs a number above 0.\n", "" },
    { "history list --limit -3", 2, "", "whis: “--limit” needs a number above 0.\n", "" },
    { "history list --limit many", 2, "", NULL, "" },
    { "history list --limit 99999999999", 2, "", NULL, "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ListHistory", "([], 0)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

/* The service answers with as much as it likes: the rest is asked for, and an empty page ends it.
 */
static void
test_pages (void)
{
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ListHistory",
                           "([{'id': <'a'>}, {'id': <'b'>}, {'id': <'c'>}], 5)");
  scripted_service_run (service, "history list --limit 4 --json", NULL);
  g_assert_cmpstr (service->calls->str, ==,
                   "ListHistory({'limit': <uint32 4>, 'offset': <uint32 0>})\n"
                   "ListHistory({'limit': <uint32 1>, 'offset': <uint32 3>})\n");
  scripted_service_answer (service, "ListHistory", "([], 5)");
  scripted_service_run (service, "history list --json", NULL);
  g_assert_cmpstr (service->calls->str, ==, NO_PAGE);
  g_assert_cmpstr (service->out, ==, "[]\n");
  g_assert_cmpint (service->status, ==, 0);
}

static void
test_list_refused (void)
{
  static const ScriptedCase cases[] = {
    { "history", 1, "", "whis: The history is damaged.\n", NULL },
    { "history list --json", 1, "", "whis: The history is damaged.\n", NULL },
    { "history show last", 1, "", "whis: The history is damaged.\n", NULL },
    { "history export --all", 1, "", "whis: The history is damaged.\n", NULL },
    { "history delete --yes last", 1, "", "whis: The history is damaged.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_refuse (service, "ListHistory", "Storage", "The history is damaged.");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

/* By its beginning, its end or “last”; never by what two of them have. */
static void
test_names (void)
{
  static const ScriptedCase cases[] = {
    { "history mark bbbb", 0, "", "", NULL },
    { "history mark 20260304-050600-a", 0, "", "", NULL },
    { "history mark last", 0, "", "", NULL },
    { "history mark 2026", 1, "",
      "whis: More than one dictation begins or ends with “2026”; write more of its id.\n", NULL },
    { "history mark 0600", 1, "",
      "whis: There is no dictation “0600”; “whis history” lists them.\n", NULL },
    { "history mark ''", 1, "", "whis: There is no dictation “”; “whis history” lists them.\n",
      NULL },
    { "history mark", 2, "", "whis: “history mark” needs one id; “whis history” lists them.\n",
      "" },
    { "history mark a b", 2, "", "whis: “history mark” needs one id; “whis history” lists them.\n",
      "" },
    { "history unmark bbbb", 0, "", "", NULL },
  };
  static const char *const marked[] = {
    "MarkHistoryEntry('20260304-050600-bbbb', true)\n",
    "MarkHistoryEntry('20260304-050600-aaaa', true)\n",
    "MarkHistoryEntry('20260304-050600-aaaa', true)\n",
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    "MarkHistoryEntry('20260304-050600-bbbb', false)\n",
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ListHistory", BOTH);
  scripted_service_refuse (service, "GetHistoryEntry", "NotFound", "There is no such dictation.");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      scripted_service_check (service, &cases[i], 1);
      if (marked[i] != NULL)
        g_assert_true (g_str_has_suffix (service->calls->str, marked[i]));
      else
        g_assert_null (strstr (service->calls->str, "MarkHistoryEntry"));
    }
}

static void
test_names_in_empty_history (void)
{
  static const ScriptedCase cases[] = {
    { "history show last", 1, "", "whis: There is nothing in the history yet.\n", NULL },
    { "history show x", 1, "", "whis: There is no dictation “x”; “whis history” lists them.\n",
      NULL },
    { "history diff last", 2, "", "whis: There is nothing in the history yet.\n", NULL },
    { "history export --all", 0, "", "", NULL },
    { "history export --all -f json", 0, "[]\n", "", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ListHistory", "([], 0)");
  scripted_service_refuse (service, "GetHistoryEntry", "NotFound", "There is no such dictation.");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_show (void)
{
  static const ScriptedCase cases[] = {
    { "history show aaaa", 0, "the first words\n", "", NULL },
    { "history show aaaa --version 2", 0, "the last words\n", "", NULL },
    { "history show aaaa --version 0", 0, "the first words\n", "", NULL },
    { "history show aaaa --version 1", 1, "",
      "whis: There is no version 1; “whis history show --versions” lists them.\n", NULL },
    { "history show aaaa --version -1", 2, "",
      "whis: “history show” needs one id; “whis history” lists them.\n", "" },
    { "history show aaaa --versions", 0,
      "0  groq  whisper\nthe first words\n\n2  offline\nthe last words\n", "", NULL },
    { "history show", 2, "", "whis: “history show” needs one id; “whis history” lists them.\n",
      "" },
  };
  static const ScriptedCase silent[] = {
    { "history show aaaa", 1, "", "whis: This dictation has no text.\n", NULL },
    { "history show aaaa --versions", 0, "", "", NULL },
    { "history show aaaa --json", 0, "{\"text\":\"\"}\n", "", NULL },
  };
  static const ScriptedCase failed[] = {
    { "history show aaaa", 1, "", "whis: The key is wrong.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "GetHistoryEntry", WHOLE);
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_answer (service, "GetHistoryEntry", "({'text': <''>},)");
  scripted_service_check (service, silent, G_N_ELEMENTS (silent));
  scripted_service_answer (service, "GetHistoryEntry",
                           "({'text': <''>, 'message': <'The key is wrong.'>},)");
  scripted_service_check (service, failed, G_N_ELEMENTS (failed));
}

/* As diff(1): 0 the same, 1 different, 2 trouble. */
static void
test_diff (void)
{
  static const ScriptedCase cases[] = {
    { "history diff aaaa", 1, "the [-first-]{+last+} words\n", "", NULL },
    { "history diff aaaa 0 2", 1, "the [-first-]{+last+} words\n", "", NULL },
    { "history diff aaaa 2 0", 1, "the [-last-]{+first+} words\n", "", NULL },
    { "history diff aaaa 2 2", 0, "the last words\n", "", NULL },
    { "history diff aaaa 2", 0, "the last words\n", "", NULL },
    { "history diff aaaa 9", 2, "",
      "whis: There is no version 9; “whis history show --versions” lists them.\n", NULL },
    { "history diff aaaa newest", 2, "",
      "whis: A version is a number; “whis history show --versions” lists them.\n", NULL },
    { "history diff aaaa 4294967296", 2, "",
      "whis: A version is a number; “whis history show --versions” lists them.\n", NULL },
    { "history diff", 2, "", "whis: “history diff” needs an id, and may name two versions.\n", "" },
    { "history diff aaaa 0 1 2", 2, "",
      "whis: “history diff” needs an id, and may name two versions.\n", "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "GetHistoryEntry", WHOLE);
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_copy_and_delete (void)
{
  static const ScriptedCase cases[] = {
    { "history copy aaaa", 0, "", "", "GetHistoryEntry('aaaa')\nCopyHistoryEntry('aaaa', 0)\n" },
    { "history copy aaaa --version 2", 0, "", "",
      "GetHistoryEntry('aaaa')\nCopyHistoryEntry('aaaa', 2)\n" },
    { "history delete --yes aaaa bbbb", 0, "", "",
      "GetHistoryEntry('aaaa')\nGetHistoryEntry('bbbb')\n"
      "DeleteHistoryEntries(['aaaa', 'bbbb'])\n" },
    /* nobody can be asked */
    { "history delete aaaa", 2, "",
      "whis: Nothing was deleted: without a terminal to ask, “history delete” needs --yes.\n", "" },
    { "history delete --yes", 2, "",
      "whis: “history delete” needs an id; “whis history” lists them.\n", "" },
  };
  static const ScriptedCase refused[] = {
    { "history copy aaaa", 1, "", "whis: There is no clipboard here.\n", NULL },
    { "history delete --yes aaaa", 1, "", "whis: It is being recorded.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "GetHistoryEntry", WHOLE);
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_refuse (service, "CopyHistoryEntry", "Clipboard", "There is no clipboard here.");
  scripted_service_refuse (service, "DeleteHistoryEntries", "Failed", "It is being recorded.");
  scripted_service_check (service, refused, G_N_ELEMENTS (refused));
}

/* All or nothing: a name that is nobody's deletes none of the others. */
static void
test_delete_needs_all_names (void)
{
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ListHistory", BOTH);
  scripted_service_refuse (service, "GetHistoryEntry", "NotFound", "There is no such dictation.");
  scripted_service_run (service, "history delete --yes aaaa nobody", NULL);
  g_assert_cmpint (service->status, ==, 1);
  g_assert_null (strstr (service->calls->str, "DeleteHistoryEntries"));
}

/* --- export ----------------------------------------------------------------------------------- */

static void
test_export_usage (void)
{
  static const ScriptedCase cases[] = {
    { "history export", 2, "", "whis: “history export” needs ids, or --all.\n", "" },
    { "history export --all aaaa", 2, "", "whis: “history export” needs ids, or --all.\n", "" },
    { "history export -f audio --all", 2, "",
      "whis: The sound of one dictation at a time can be exported.\n", "" },
    { "history export -f audio a b", 2, "",
      "whis: The sound of one dictation at a time can be exported.\n", "" },
    { "history export -f srt --all", 2, "",
      "whis: The subtitles of one dictation at a time can be exported.\n", "" },
    { "history export -f vtt a b", 2, "",
      "whis: The subtitles of one dictation at a time can be exported.\n", "" },
    { "history export -f html a", 2, "",
      "whis: “html” is nothing for --format; there are: text, json, audio, srt, vtt.\n", "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_export_to_output (void)
{
  static const ScriptedCase cases[] = {
    { "history export aaaa", 0, "the first words\n", "", NULL },
    { "history export aaaa -o -", 0, "the first words\n", "", NULL },
    { "history export aaaa bbbb", 0, "the first words\n\nthe first words\n", "", NULL },
    { "history export --all -f text", 0, "the first words\n\nthe first words\n", "", NULL },
    { "history export -f srt aaaa", 0, "1\n00:00:00,000 --> 00:00:01,000\nthe first words\n\n", "",
      "GetHistoryEntry('aaaa')\nGetDocument('aaaa', 'srt')\n" },
    { "history export -f vtt aaaa", 0, NULL, "",
      "GetHistoryEntry('aaaa')\nGetDocument('aaaa', 'vtt')\n" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ListHistory", BOTH);
  scripted_service_answer (service, "GetHistoryEntry", WHOLE);
  scripted_service_answer (service, "GetDocument",
                           "('1\\n00:00:00,000 --> 00:00:01,000\\nthe first words\\n\\n',)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

/* One is an object, several are an array, and a program can read both. */
static void
test_export_json (void)
{
  static const ScriptedCase cases[] = {
    { "history export -f json a", 0, "{\"text\":\"x\"}\n", "", NULL },
    { "history export -f json a b", 0, "[{\"text\":\"x\"},{\"text\":\"x\"}]\n", "", NULL },
    { "history export -f json --all", 0, "[{\"text\":\"x\"},{\"text\":\"x\"}]\n", "", NULL },
  };
  static const ScriptedCase one[] = {
    { "history export -f json --all", 0, "[{\"text\":\"x\"}]\n", "", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "ListHistory", BOTH);
  scripted_service_answer (service, "GetHistoryEntry", "({'text': <'x'>},)");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_answer (service, "ListHistory", "([" FIRST "], 1)");
  scripted_service_check (service, one, G_N_ELEMENTS (one));
}

static char *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static guint
count_files (ScriptedService *service)
{
  g_autofree char *path = scripted_service_dup_path (service, ".");
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;

  return n;
}

static void
assert_file (const char *path, const char *expected)
{
  g_autofree char *text = read_file (path);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_export_to_file (void)
{
  static const ScriptedCase first[] = {
    { "history export aaaa -o out.txt", 0, "", "", NULL },
    { "history export aaaa -o out.txt", 1, "",
      "whis: out.txt is there already, and was left alone; --force replaces it.\n", NULL },
    { "history export aaaa -o no/such/place", 1, "",
      "whis: no/such/place cannot be written (No such file or directory).\n", NULL },
  };
  static const ScriptedCase forced[] = {
    { "history export aaaa --version", 2, "", NULL, "" },
    { "history export aaaa -o out.txt --force", 0, "", "", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();
  g_autofree char *path = scripted_service_dup_path (service, "out.txt");
  GStatBuf status;

  scripted_service_answer (service, "GetHistoryEntry", WHOLE);
  scripted_service_check (service, first, G_N_ELEMENTS (first));
  assert_file (path, "the first words\n");
  /* dictated text is for its owner alone */
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 0777, ==, 0600);

  scripted_service_answer (service, "GetHistoryEntry", "({'text': <'newer'>},)");
  scripted_service_check (service, forced, G_N_ELEMENTS (forced));
  assert_file (path, "newer\n");
  g_assert_cmpuint (count_files (service), ==, 1);
}

/* What fails in the middle leaves no half of a file, and an earlier one as it was. */
static void
test_export_that_fails (void)
{
  static const ScriptedCase cases[] = {
    { "history export -f srt aaaa -o new.srt", 1, "", "whis: There are no times.\n", NULL },
    { "history export -f srt aaaa -o old.srt --force", 1, "", "whis: There are no times.\n", NULL },
    { "history export -f audio aaaa -o old.srt --force", 1, "", "whis: The sound is gone.\n",
      NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();
  g_autofree char *old = scripted_service_dup_path (service, "old.srt");

  g_assert_true (g_file_set_contents (old, "as it was", -1, NULL));
  scripted_service_answer (service, "GetHistoryEntry", WHOLE);
  scripted_service_refuse (service, "GetDocument", "NotFound", "There are no times.");
  scripted_service_refuse (service, "OpenSound", "File", "The sound is gone.");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  assert_file (old, "as it was");
  g_assert_cmpuint (count_files (service), ==, 1);
}

/* Every byte of it, also those that end a string. */
static void
test_export_sound (void)
{
  enum
  {
    SIZE = 200000
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();
  g_autofree char *path = scripted_service_dup_path (service, "sound");
  g_autofree char *sound = g_malloc (SIZE);
  g_autofree char *written = NULL;
  gsize size = 0;

  for (gsize i = 0; i < SIZE; i++)
    sound[i] = (char) (i * 7 % 251);
  scripted_service_answer (service, "GetHistoryEntry", WHOLE);
  scripted_service_answer_file (service, "OpenSound", sound, SIZE);
  scripted_service_run (service, "history export -f audio aaaa -o sound", NULL);
  g_assert_cmpstr (service->err, ==, "");
  g_assert_cmpint (service->status, ==, 0);
  g_assert_true (g_file_get_contents (path, &written, &size, NULL));
  g_assert_cmpmem (written, size, sound, SIZE);
}

/* --- once more -------------------------------------------------------------------------------- */

static void
test_retry (void)
{
  static const ScriptedCase cases[] = {
    { "history retry", 0, "the text\n", "", "Resume('', {})\n" },
    { "history retry aaaa -p groq -m whisper -l auto", 0, "the text\n", "",
      "GetHistoryEntry('aaaa')\n"
      "Resume('aaaa', {'language': <''>, 'model': <'whisper'>, 'provider': <'groq'>})\n" },
    { "history retry a b", 2, "", "whis: “history retry” takes one id, or none for the newest.\n",
      "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "GetHistoryEntry", WHOLE);
  scripted_service_answer (service, "Resume", "('an-id',)");
  /* that of another dictation first */
  scripted_service_signal (service, "Resume", "Finished", "('other', 'another text')");
  scripted_service_signal (service, "Resume", "Finished", "('an-id', 'the text')");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_again (void)
{
  static const ScriptedCase cases[] = {
    { "history again aaaa --provider groq", 0, "other words\n", "",
      "GetHistoryEntry('aaaa')\nTranscribeAgain('aaaa', {'provider': <'groq'>})\n" },
    { "history again aaaa", 2, "",
      "whis: “history again” needs an id and --provider; “whis providers” lists the services.\n",
      "" },
    { "history again --provider groq", 2, "",
      "whis: “history again” needs an id and --provider; “whis providers” lists the services.\n",
      "" },
  };
  static const ScriptedCase refused[] = {
    { "history again aaaa -p groq", 1, "", "whis: The sound is gone.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "GetHistoryEntry", WHOLE);
  scripted_service_signal (service, "TranscribeAgain", "Finished", "('aaaa', 'other words')");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_refuse (service, "TranscribeAgain", "File", "The sound is gone.");
  scripted_service_check (service, refused, G_N_ELEMENTS (refused));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/history-commands/list", test_list);
  g_test_add_func ("/history-commands/list-unknown-members", test_list_unknown_members);
  g_test_add_func ("/history-commands/query", test_query);
  g_test_add_func ("/history-commands/pages", test_pages);
  g_test_add_func ("/history-commands/list-refused", test_list_refused);
  g_test_add_func ("/history-commands/names", test_names);
  g_test_add_func ("/history-commands/names-in-empty-history", test_names_in_empty_history);
  g_test_add_func ("/history-commands/show", test_show);
  g_test_add_func ("/history-commands/diff", test_diff);
  g_test_add_func ("/history-commands/copy-and-delete", test_copy_and_delete);
  g_test_add_func ("/history-commands/delete-needs-all-names", test_delete_needs_all_names);
  g_test_add_func ("/history-commands/export-usage", test_export_usage);
  g_test_add_func ("/history-commands/export-to-output", test_export_to_output);
  g_test_add_func ("/history-commands/export-json", test_export_json);
  g_test_add_func ("/history-commands/export-to-file", test_export_to_file);
  g_test_add_func ("/history-commands/export-that-fails", test_export_that_fails);
  g_test_add_func ("/history-commands/export-sound", test_export_sound);
  g_test_add_func ("/history-commands/retry", test_retry);
  g_test_add_func ("/history-commands/again", test_again);

  return g_test_run ();
}
