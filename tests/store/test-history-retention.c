/* SPDX-License-Identifier: MIT */
#include "history-fixture.h"

#include <fcntl.h>
#include <string.h>

/* What is left, by a letter per thing: e the entry, t its text, s its sound. */
static char *
get_rest (HistoryFixture *fixture, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = try_get_record (fixture->history, id, &error);

  return g_strconcat (record != NULL ? "e" : "", record != NULL && record->text != NULL ? "t" : "",
                      history_fixture_has_sound (fixture, id) ? "s" : "", NULL);
}

static void
test_rules (HistoryFixture *fixture, gconstpointer data)
{
  enum
  {
    DELIVERED = 1,
    MARKED = 2,
    PRIVATE = 4,
    SILENT = 8, /* there is no sound */
  };
  const WhisDictationState done = WHIS_DICTATION_STATE_DONE;
  const WhisDictationState cancelled = WHIS_DICTATION_STATE_CANCELLED;
  const int always = WHIS_KEEP_ALWAYS;
  const gint64 minute = 60 * 1000;
  const struct
  {
    WhisDictationState state;
    guint flags;
    gint64 age_ms;
    int keep_sound;
    int keep_text;
    const char *rest;
  } cases[] = {
    { done, DELIVERED, 5 * DAY_MS, always, always, "ets" },
    { done, DELIVERED, 5 * DAY_MS, 7, 7, "ets" },
    { done, DELIVERED, 5 * DAY_MS, 5, always, "et" },
    { done, DELIVERED, 5 * DAY_MS - minute, 5, always, "ets" },
    { done, DELIVERED, 5 * DAY_MS, 0, always, "et" },
    { done, DELIVERED, 0, 0, always, "et" },
    { done, DELIVERED, 0, 0, 0, "" },
    { done, DELIVERED, 0, 1, 0, "es" },
    { done, DELIVERED, 0, always, 0, "es" },
    { done, DELIVERED, 5 * DAY_MS, always, 3, "es" },
    { done, DELIVERED, 5 * DAY_MS, 4, 3, "" },
    { done, DELIVERED, 5 * DAY_MS, 3, 7, "et" },
    { done, DELIVERED | SILENT, 5 * DAY_MS, always, 3, "" },
    { done, DELIVERED | SILENT, 5 * DAY_MS, 3, 7, "et" },
    { done, DELIVERED | MARKED, 5 * DAY_MS, 0, 0, "ets" },
    { done, DELIVERED | PRIVATE, 0, always, always, "" },
    { done, DELIVERED | PRIVATE | MARKED, 0, always, always, "" },
    { done, 0, 5 * DAY_MS, 0, 0, "ets" },
    { done, PRIVATE, 5 * DAY_MS, 0, 0, "ets" },
    { cancelled, 0, 5 * DAY_MS, 0, 0, "ets" },
    { cancelled, DELIVERED, 5 * DAY_MS, 0, 0, "ets" },
    { cancelled, PRIVATE, minute / 2, 0, 0, "ets" },
    { cancelled, PRIVATE, 2 * minute, always, always, "" },
    { cancelled, PRIVATE | MARKED, 2 * minute, always, always, "" },
    { WHIS_DICTATION_STATE_FAILED, 0, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_FAILED, DELIVERED, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_FAILED, PRIVATE, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_WAITING, DELIVERED | PRIVATE, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_INTERRUPTED, PRIVATE, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_TRANSCRIBING, DELIVERED, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_RECORDING, PRIVATE, 5 * DAY_MS, 0, 0, "ets" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *id = g_strdup_printf ("case-%" G_GSIZE_FORMAT, i);
      gint64 since = g_get_real_time () / 1000 - cases[i].age_ms;
      g_autofree char *age = NULL;
      g_autofree char *rest = NULL;

      if ((cases[i].flags & SILENT) == 0)
        g_free (history_fixture_write_sound (fixture, id, "mp3"));
      put_record (fixture->history, id, 1, cases[i].state, "words");
      put_chunk (fixture->history, id, 0, "words");
      flush_history (fixture->history);
      age = g_strdup_printf ("UPDATE dictations SET delivered = %d, private = %d, marked = %d,"
                             " delivered_at = %" G_GINT64_FORMAT ", state_at = %" G_GINT64_FORMAT
                             " WHERE id = '%s'",
                             (cases[i].flags & DELIVERED) != 0, (cases[i].flags & PRIVATE) != 0,
                             (cases[i].flags & MARKED) != 0, since, since, id);
      write_as_other (fixture->path, age);
      whis_history_set_rules (fixture->history, cases[i].keep_sound, cases[i].keep_text);
      whis_history_apply_rules (fixture->history);
      rest = get_rest (fixture, id);
      if (!g_str_equal (rest, cases[i].rest))
        g_error ("Of case %" G_GSIZE_FORMAT " there is “%s” left, not “%s”", i, rest,
                 cases[i].rest);
      whis_history_delete (fixture->history, (const char *const[]){ id, NULL });
    }
}

/* Where the rules say so, nothing waits for the next day. */
static void
test_rules_at_once (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) record = create_record ("a", 1, WHIS_DICTATION_STATE_DONE, "words");

  g_free (history_fixture_write_sound (fixture, "a", "mp3"));
  g_free (history_fixture_write_sound (fixture, "b", "mp3"));
  whis_history_set_rules (fixture->history, 0, WHIS_KEEP_ALWAYS);
  whis_history_put (fixture->history, record);
  flush_history (fixture->history);
  g_assert_true (history_fixture_has_sound (fixture, "a"));
  record->delivered = TRUE;
  whis_history_put (fixture->history, record);
  put_text (fixture->history, "b", 2, "words");
  whis_history_set_delivered (fixture->history, "b");
  flush_history (fixture->history);
  g_assert_false (history_fixture_has_sound (fixture, "a"));
  g_assert_false (history_fixture_has_sound (fixture, "b"));
  g_assert_true (has_record (fixture->history, "a"));
}

/* When the text goes before the sound, its versions and chunks go too. */
static void
test_text_before_sound (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) read = NULL;
  const WhisRecordChunk *chunk;

  g_free (history_fixture_write_sound (fixture, "a", "mp3"));
  put_text (fixture->history, "a", 1, "xylophone");
  put_chunk (fixture->history, "a", 0, "xylophone");
  add_version (fixture->history, "a", "groq", "xylophones");
  whis_history_set_rules (fixture->history, WHIS_KEEP_ALWAYS, 0);
  whis_history_set_delivered (fixture->history, "a");
  read = get_record (fixture->history, "a");
  g_assert_null (read->text);
  g_assert_cmpuint (read->versions->len, ==, 0);
  g_assert_cmpuint (read->chunks->len, ==, 1);
  chunk = g_ptr_array_index (read->chunks, 0);
  g_assert_null (chunk->text);
  g_assert_null (chunk->times);
  assert_found (fixture->history, "xylophone", "");
}

/* Whether any file of the folder has these bytes. */
static gboolean
is_on_disk (const char *directory, const char *bytes)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;
  gboolean found = FALSE;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autofree char *contents = NULL;
      gsize size;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        found = is_on_disk (path, bytes) || found;
      else if (g_file_get_contents (path, &contents, &size, NULL))
        found = memmem (contents, size, bytes, strlen (bytes)) != NULL || found;
    }

  return found;
}

static void
test_private_leaves_nothing (HistoryFixture *fixture, gconstpointer data)
{
  const int n = 60;

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("open-%d", i);

      put_text (fixture->history, id, i, "An open word that stays");
    }
  for (int i = 0; i < n; i++)
    put_secret (fixture->history, i, TRUE);
  flush_history (fixture->history);
  g_assert_true (is_on_disk (fixture->directory, "zanzibarine"));
  for (int i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("secret-%d", (i * 7) % n);

      whis_history_set_delivered (fixture->history, id);
    }
  flush_history (fixture->history);
  assert_found (fixture->history, "zanzibarine", "");
  g_assert_false (is_on_disk (fixture->directory, "zanzibarine"));
  g_assert_true (is_on_disk (fixture->directory, "open word"));
}

static void
test_deleted_leaves_nothing (HistoryFixture *fixture, gconstpointer data)
{
  put_text (fixture->history, "a", 1, "An open word that stays");
  for (int i = 0; i < 20; i++)
    put_secret (fixture->history, i, FALSE);
  flush_history (fixture->history);
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("secret-%d", i);

      whis_history_delete (fixture->history, (const char *const[]){ id, NULL });
    }
  flush_history (fixture->history);
  g_assert_false (is_on_disk (fixture->directory, "zanzi"));
}

/* What is kept is the sound; of the text nothing stays in a file. */
static void
test_text_rule_leaves_nothing (HistoryFixture *fixture, gconstpointer data)
{
  put_text (fixture->history, "a", 1, "An open word that stays");
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("secret-%d", i);

      g_free (history_fixture_write_sound (fixture, id, "mp3"));
      put_secret (fixture->history, i, FALSE);
      whis_history_set_delivered (fixture->history, id);
    }
  flush_history (fixture->history);
  g_assert_true (is_on_disk (fixture->directory, "zanzi"));

  whis_history_set_rules (fixture->history, WHIS_KEEP_ALWAYS, 0);
  whis_history_apply_rules (fixture->history);
  flush_history (fixture->history);
  g_assert_true (has_record (fixture->history, "secret-7"));
  g_assert_true (history_fixture_has_sound (fixture, "secret-7"));
  g_assert_false (is_on_disk (fixture->directory, "zanzi"));
  assert_found (fixture->history, "open word", "a");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (HistoryFixture *fixture, gconstpointer data);
  } tests[] = {
    { "/history/rules", test_rules },
    { "/history/rules-at-once", test_rules_at_once },
    { "/history/text-before-sound", test_text_before_sound },
    { "/history/private-leaves-nothing", test_private_leaves_nothing },
    { "/history/deleted-leaves-nothing", test_deleted_leaves_nothing },
    { "/history/text-rule-leaves-nothing", test_text_rule_leaves_nothing },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, HistoryFixture, NULL, history_fixture_set_up, tests[i].run,
                history_fixture_tear_down);

  return g_test_run ();
}
