/* SPDX-License-Identifier: MIT */
#include "history-rules.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "history-words.h"
#include "storage-condition.h"

#define DAY (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
#define NOW (G_GINT64_CONSTANT (20000) * DAY)

/* --- how long things are kept ----------------------------------------------------------------- */

static const WhisDictationState states[] = {
  WHIS_DICTATION_STATE_RECORDING, WHIS_DICTATION_STATE_WAITING,   WHIS_DICTATION_STATE_INTERRUPTED,
  WHIS_DICTATION_STATE_FAILED,    WHIS_DICTATION_STATE_CANCELLED,
};

/* Nothing that was spoken is lost by a rule: what has no text yet, or one that did not arrive. */
static void
test_unfinished (void)
{
  const WhisHistoryRules strict = { 0, 0 };
  const WhisHistoryCase undelivered = { .state = WHIS_DICTATION_STATE_DONE, .has_sound = TRUE };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      const WhisHistoryCase entry = { .state = states[i], .has_sound = TRUE, .delivered = TRUE };

      g_assert_cmpint (whis_history_rules_judge (strict, &entry, NOW), ==, WHIS_HISTORY_KEEP);
    }
  g_assert_cmpint (whis_history_rules_judge (strict, &undelivered, NOW), ==, WHIS_HISTORY_KEEP);
}

static void
test_days (void)
{
  static const struct
  {
    int sound_days;
    int text_days;
    gboolean has_sound;
    gint64 age;
    WhisHistoryVerdict verdict;
  } cases[] = {
    { -1, -1, TRUE, 10000 * DAY, WHIS_HISTORY_KEEP },
    { 30, -1, TRUE, 30 * DAY, WHIS_HISTORY_KEEP },
    { 30, -1, TRUE, 30 * DAY + 1, WHIS_HISTORY_DROP_SOUND },
    { 30, -1, FALSE, 31 * DAY, WHIS_HISTORY_KEEP },
    { 0, -1, TRUE, 0, WHIS_HISTORY_DROP_SOUND },
    { -1, 30, TRUE, 31 * DAY, WHIS_HISTORY_DROP_TEXT },
    { -1, 30, FALSE, 31 * DAY, WHIS_HISTORY_DROP_ENTRY },
    { 7, 30, TRUE, 8 * DAY, WHIS_HISTORY_DROP_SOUND },
    { 7, 30, TRUE, 31 * DAY, WHIS_HISTORY_DROP_ENTRY },
    { 30, 7, TRUE, 8 * DAY, WHIS_HISTORY_DROP_TEXT },
    { 0, 0, TRUE, 0, WHIS_HISTORY_DROP_ENTRY },
    /* a clock that was set back: nothing is of tomorrow */
    { 30, 30, TRUE, -5 * DAY, WHIS_HISTORY_KEEP },
    { 0, -1, TRUE, -5 * DAY, WHIS_HISTORY_DROP_SOUND },
    { G_MAXINT, G_MAXINT, TRUE, 10000 * DAY, WHIS_HISTORY_KEEP },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const WhisHistoryRules rules = { cases[i].sound_days, cases[i].text_days };
      WhisHistoryCase entry = { .state = WHIS_DICTATION_STATE_DONE,
                                .delivered = TRUE,
                                .has_sound = cases[i].has_sound,
                                .delivered_ms = NOW - cases[i].age };

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (whis_history_rules_judge (rules, &entry, NOW), ==, cases[i].verdict);
      entry.marked = TRUE;
      g_assert_cmpint (whis_history_rules_judge (rules, &entry, NOW), ==, WHIS_HISTORY_KEEP);
    }
}

/* A private one goes once its text has arrived, whatever is marked, and a minute after a cancel. */
static void
test_private (void)
{
  const WhisHistoryRules always = { -1, -1 };
  WhisHistoryCase entry = { .state = WHIS_DICTATION_STATE_DONE, .private = TRUE, .marked = TRUE };

  g_assert_cmpint (whis_history_rules_judge (always, &entry, NOW), ==, WHIS_HISTORY_KEEP);
  entry.delivered = TRUE;
  g_assert_cmpint (whis_history_rules_judge (always, &entry, NOW), ==, WHIS_HISTORY_DROP_ENTRY);

  entry.state = WHIS_DICTATION_STATE_CANCELLED;
  entry.state_ms = NOW - 60000;
  g_assert_cmpint (whis_history_rules_judge (always, &entry, NOW), ==, WHIS_HISTORY_KEEP);
  entry.state_ms = NOW - 60001;
  g_assert_cmpint (whis_history_rules_judge (always, &entry, NOW), ==, WHIS_HISTORY_DROP_ENTRY);
  entry.state_ms = NOW + DAY;
  g_assert_cmpint (whis_history_rules_judge (always, &entry, NOW), ==, WHIS_HISTORY_DROP_ENTRY);
}

/* --- what is searched for --------------------------------------------------------------------- */

static void
test_split (void)
{
  static const struct
  {
    const char *text;
    const char *words;
  } cases[] = {
    { "", "" },
    { "plain words", "plain words" },
    /* writings without spaces: each letter is a word */
    { "今日は", " 今  日  は " },
    { "ab今c", "ab 今 c" },
    /* the same letters in their common form */
    { "ﬁne Ｗide", "fine Wide" },
    { "u\xcc\x88"
      "ber",
      "über" },
    { "한", " 한 " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = whis_history_words_split (cases[i].text);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

/* Whatever somebody types: it is words, and no query language. */
static void
test_query (void)
{
  static const struct
  {
    const char *search;
    const char *query;
  } cases[] = {
    { "", NULL },
    { "   ", NULL },
    { "\"", NULL },
    { "*** --- '", NULL },
    { "fox", "\"fox\"*" },
    { "quick fox", "\"quick\" \"fox\"*" },
    { " quick\tfox\n", "\"quick\" \"fox\"*" },
    { "quick\xe2\x80\x83"
      "fox",
      "\"quick\" \"fox\"*" },
    { "fox AND", "\"fox\" \"AND\"*" },
    { "NEAR(a b)", "\"NEAR a\" \"b \"*" },
    { "text:fox", "\"text fox\"*" },
    { "it's", "\"it s\"*" },
    { "a\"b", "\"a b\"*" },
    { "'; DROP TABLE", "\"DROP\" \"TABLE\"*" },
    { "天気", "\" 天  気 \"*" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *query = whis_history_words_to_query (cases[i].search);

      g_assert_cmpstr (query, ==, cases[i].query);
    }
}

/* A whole book is not searched for, and is cut between two letters. */
static void
test_long_query (void)
{
  for (gsize shift = 0; shift < 3; shift++)
    {
      g_autoptr (GString) search = g_string_new (NULL);
      g_autofree char *query = NULL;

      for (gsize i = 0; i < shift; i++)
        g_string_append_c (search, 'a');
      for (guint i = 0; i < 100000; i++)
        g_string_append (search, "ű");
      query = whis_history_words_to_query (search->str);
      g_assert_true (g_utf8_validate (query, -1, NULL));
      g_assert_true (g_str_has_suffix (query, "ű\"*"));
      g_assert_cmpuint (strlen (query), <=, 4096 + 3);
    }
}

/* --- what is wrong with the disk -------------------------------------------------------------- */

static void
test_conditions (void)
{
  static const struct
  {
    int code;
    WhisStorageCondition condition;
    const char *says;
  } cases[] = {
    { SQLITE_FULL, WHIS_STORAGE_CONDITION_FULL, "full" },
    { SQLITE_NOMEM, WHIS_STORAGE_CONDITION_FULL, "full" },
    { SQLITE_IOERR, WHIS_STORAGE_CONDITION_FAILING, "disk fails" },
    { SQLITE_IOERR_FSYNC, WHIS_STORAGE_CONDITION_FAILING, "disk fails" },
    { SQLITE_BUSY, WHIS_STORAGE_CONDITION_IN_USE, "Another program" },
    { SQLITE_BUSY_SNAPSHOT, WHIS_STORAGE_CONDITION_IN_USE, "Another program" },
    { SQLITE_LOCKED, WHIS_STORAGE_CONDITION_IN_USE, "Another program" },
    { SQLITE_READONLY, WHIS_STORAGE_CONDITION_DENIED, "belongs to you" },
    { SQLITE_READONLY_DBMOVED, WHIS_STORAGE_CONDITION_DENIED, "belongs to you" },
    { SQLITE_CANTOPEN, WHIS_STORAGE_CONDITION_DENIED, "belongs to you" },
    { SQLITE_PERM, WHIS_STORAGE_CONDITION_DENIED, "belongs to you" },
    { SQLITE_CORRUPT, WHIS_STORAGE_CONDITION_DAMAGED, "damaged" },
    { SQLITE_CORRUPT_VTAB, WHIS_STORAGE_CONDITION_DAMAGED, "damaged" },
    { SQLITE_NOTADB, WHIS_STORAGE_CONDITION_DAMAGED, "damaged" },
    { SQLITE_CONSTRAINT, WHIS_STORAGE_CONDITION_OTHER, "An entry" },
    { SQLITE_TOOBIG, WHIS_STORAGE_CONDITION_OTHER, "An entry" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (whis_storage_condition_from_code (cases[i].code), ==, cases[i].condition);
      whis_storage_condition_set_error (cases[i].condition, &error);
      g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_true (g_str_has_suffix (error->message, "."));
    }
  g_assert_cmpint (whis_storage_condition_from_errno (ENOSPC), ==, WHIS_STORAGE_CONDITION_FULL);
  g_assert_cmpint (whis_storage_condition_from_errno (EDQUOT), ==, WHIS_STORAGE_CONDITION_FULL);
  g_assert_cmpint (whis_storage_condition_from_errno (EIO), ==, WHIS_STORAGE_CONDITION_FAILING);
  g_assert_cmpint (whis_storage_condition_from_errno (EROFS), ==, WHIS_STORAGE_CONDITION_DENIED);
  g_assert_cmpint (whis_storage_condition_from_errno (EACCES), ==, WHIS_STORAGE_CONDITION_DENIED);
}

static void
test_too_new (void)
{
  g_autoptr (GError) error = NULL;

  whis_storage_condition_set_too_new (17, 3, &error);
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_TOO_NEW);
  g_assert_nonnull (strstr (error->message, "17"));
  g_assert_nonnull (strstr (error->message, "3"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/history-rules/unfinished", test_unfinished);
  g_test_add_func ("/history-rules/days", test_days);
  g_test_add_func ("/history-rules/private", test_private);
  g_test_add_func ("/history-words/split", test_split);
  g_test_add_func ("/history-words/query", test_query);
  g_test_add_func ("/history-words/long-query", test_long_query);
  g_test_add_func ("/storage-condition/codes", test_conditions);
  g_test_add_func ("/storage-condition/too-new", test_too_new);

  return g_test_run ();
}
