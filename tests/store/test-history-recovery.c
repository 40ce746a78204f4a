/* SPDX-License-Identifier: MIT */
#include "history-fixture.h"

#include <fcntl.h>
#include <unistd.h>
#include <utime.h>

#include "awaited.h"

static void
test_recover (HistoryFixture *fixture, gconstpointer data)
{
  WhisHistory *history;
  g_autofree char *orphan = history_fixture_write_sound (fixture, "orphan", "mp3");
  const struct utimbuf long_ago = { 50, 50 };
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (WhisRecord) given_up = NULL;
  g_autoptr (WhisRecord) interrupted = NULL;
  g_autoptr (GError) error = NULL;
  const char *const with_sound[] = { "recording", "transcribing", "waiting",   "stopped",
                                     "done",      "failed",       "cancelled", "locked" };
  int locked, born;

  g_free (history_fixture_write_sound (fixture, "empty-orphan", ""));
  for (gsize i = 0; i < G_N_ELEMENTS (with_sound); i++)
    g_free (history_fixture_write_sound (fixture, with_sound[i], "mp3"));
  g_free (history_fixture_write_sound (fixture, "empty", ""));
  g_free (history_fixture_write_sound (fixture, "being-born", ""));
  utime (orphan, &long_ago);
  history = fixture->history;
  put_record (history, "recording", 100, WHIS_DICTATION_STATE_RECORDING, NULL);
  put_record (history, "transcribing", 300, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);
  put_chunk (history, "transcribing", 0, "half");
  put_record (history, "waiting", 200, WHIS_DICTATION_STATE_WAITING, NULL);
  put_record (history, "stopped", 400, WHIS_DICTATION_STATE_INTERRUPTED, NULL);
  put_record (history, "done", 500, WHIS_DICTATION_STATE_DONE, "Done");
  put_record (history, "failed", 600, WHIS_DICTATION_STATE_FAILED, NULL);
  put_record (history, "cancelled", 700, WHIS_DICTATION_STATE_CANCELLED, NULL);
  put_record (history, "locked", 800, WHIS_DICTATION_STATE_RECORDING, NULL);
  put_record (history, "no-sound", 900, WHIS_DICTATION_STATE_STARTING, NULL);
  put_record (history, "empty", 1000, WHIS_DICTATION_STATE_RECORDING, NULL);
  put_record (history, "text-alone", 1100, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);
  put_chunk (history, "text-alone", 0, "words");
  flush_history (history);
  history_fixture_reopen (fixture);
  history = fixture->history;
  locked = lock_sound (history, "locked", &error);
  g_assert_no_error (error);
  born = lock_sound (history, "being-born", &error);
  g_assert_no_error (error);

  found = recover_records (history);
  g_assert_cmpuint (found->len, ==, 5);
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (found, 0))->id, ==, "recording");
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (found, 4))->id, ==, "orphan");
  g_assert_cmpint (find_record (found, "orphan")->created_ms, ==, 50000);
  g_assert_cmpint (find_record (found, "orphan")->state, ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_cmpint (find_record (found, "waiting")->state, ==, WHIS_DICTATION_STATE_WAITING);
  g_assert_cmpint (find_record (found, "transcribing")->state, ==,
                   WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_cmpuint (find_record (found, "transcribing")->chunks->len, ==, 1);

  given_up = get_record (history, "text-alone");
  g_assert_cmpint (given_up->state, ==, WHIS_DICTATION_STATE_FAILED);
  g_assert_cmpuint (given_up->chunks->len, ==, 1);
  interrupted = get_record (history, "recording");
  g_assert_cmpint (interrupted->state, ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_true (has_record (history, "orphan"));
  g_assert_false (has_record (history, "no-sound"));
  g_assert_false (has_record (history, "empty"));
  g_assert_false (history_fixture_has_sound (fixture, "empty"));
  g_assert_false (history_fixture_has_sound (fixture, "empty-orphan"));
  g_assert_true (history_fixture_has_sound (fixture, "being-born"));
  g_assert_true (has_record (history, "locked"));

  close (locked);
  close (born);
  again = recover_records (history);
  g_assert_cmpuint (again->len, ==, 6);
  g_assert_false (history_fixture_has_sound (fixture, "being-born"));
}

static GPtrArray *
recover_counting (WhisHistory *history, guint *n_owned)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *records;

  whis_history_recover_async (history, NULL, store_result, &result);
  records = whis_history_recover_finish (history, wait_for (&result), n_owned, &error);
  g_assert_no_error (error);

  return records;
}

/* Whoever ended a moment ago is not taken for one that is about to begin. */
static void
test_recover_at_once (HistoryFixture *fixture, gconstpointer data)
{
  gint64 now = g_get_real_time () / 1000;
  g_autoptr (GPtrArray) found = NULL;
  guint n_owned = 99;

  put_record (fixture->history, "sound", now, WHIS_DICTATION_STATE_RECORDING, NULL);
  put_record (fixture->history, "nothing", now, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);
  g_free (history_fixture_write_sound (fixture, "sound", "mp3"));
  g_free (history_fixture_write_sound (fixture, "no-entry", "mp3"));
  flush_history (fixture->history);
  history_fixture_reopen (fixture);

  found = recover_counting (fixture->history, &n_owned);
  g_assert_cmpuint (found->len, ==, 2);
  g_assert_nonnull (find_record (found, "sound"));
  g_assert_nonnull (find_record (found, "no-entry"));
  g_assert_cmpuint (n_owned, ==, 0);
  g_assert_false (has_record (fixture->history, "nothing"));
}

/* What another program works on is its own for as long as it lives, however old it is. */
static void
test_recover_other_run (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) own = NULL;
  g_autoptr (GPtrArray) again = NULL;
  HistoryFixture other = *fixture;
  guint n_owned = 0;

  history_fixture_open (&other);
  put_record (other.history, "sound", 1, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);
  put_record (other.history, "nothing", 1, WHIS_DICTATION_STATE_STARTING, NULL);
  put_record (other.history, "waiting", 1, WHIS_DICTATION_STATE_WAITING, NULL);
  g_free (history_fixture_write_sound (fixture, "sound", "mp3"));
  g_free (history_fixture_write_sound (fixture, "waiting", "mp3"));
  flush_history (other.history);

  found = recover_counting (fixture->history, &n_owned);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_nonnull (find_record (found, "waiting"));
  g_assert_cmpuint (n_owned, ==, 2);
  g_assert_true (has_record (fixture->history, "nothing"));

  own = recover_counting (other.history, &n_owned);
  g_assert_cmpuint (own->len, ==, 1);
  g_assert_cmpuint (n_owned, ==, 0);

  history_fixture_close (&other);
  again = recover_counting (fixture->history, &n_owned);
  g_assert_cmpuint (again->len, ==, 2);
  g_assert_nonnull (find_record (again, "sound"));
  g_assert_cmpuint (n_owned, ==, 0);
  g_assert_false (has_record (fixture->history, "nothing"));
}

static void
put_file (WhisHistory *history,
          const char *id,
          gint64 created,
          WhisDictationState state,
          const char *text)
{
  g_autoptr (WhisRecord) record = create_record (id, created, state, NULL);

  record->is_file = TRUE;
  record->origin = g_strdup ("talk 7 9");
  whis_history_put (history, record);
  put_chunk (history, id, 0, text);
}

static WhisRecord *
find_origin (WhisHistory *history, const char *origin)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  WhisRecord *record;

  whis_history_find_origin_async (history, origin, NULL, store_result, &result);
  record = whis_history_find_origin_finish (history, wait_for (&result), &error);
  g_assert_no_error (error);

  return record;
}

/* The words of an earlier run are found, and only those that can be gone on with. */
static void
test_find_origin (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) found = NULL;
  const WhisRecordChunk *chunk;

  g_assert_null (find_origin (fixture->history, "talk 7 9"));
  put_file (fixture->history, "empty", 6, WHIS_DICTATION_STATE_FAILED, "");
  g_assert_null (find_origin (fixture->history, "talk 7 9"));
  put_file (fixture->history, "older", 2, WHIS_DICTATION_STATE_FAILED, "Old words");
  put_file (fixture->history, "newer", 3, WHIS_DICTATION_STATE_INTERRUPTED, "New words");
  put_file (fixture->history, "oldest", 1, WHIS_DICTATION_STATE_CANCELLED, "Oldest words");
  put_file (fixture->history, "done", 5, WHIS_DICTATION_STATE_DONE, "All words");
  put_text (fixture->history, "spoken", 7, "Other words");

  found = find_origin (fixture->history, "talk 7 9");
  g_assert_cmpstr (found->id, ==, "newer");
  chunk = g_ptr_array_index (found->chunks, 0);
  g_assert_cmpstr (chunk->text, ==, "New words");
  assert_time (g_ptr_array_index (chunk->times, 0), 100, 200, "New words");
  g_assert_null (find_origin (fixture->history, "talk 7 8"));
}

/* What was recovered is gone on with, and not sent again. */
static void
test_recover_chunks (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (WhisRecord) copy = NULL;
  const WhisRecordChunk *chunk;

  g_free (history_fixture_write_sound (fixture, "a", "mp3"));
  put_file (fixture->history, "a", 1, WHIS_DICTATION_STATE_TRANSCRIBING, "Words");
  flush_history (fixture->history);
  history_fixture_reopen (fixture);
  found = recover_records (fixture->history);
  g_assert_cmpuint (found->len, ==, 1);
  copy = whis_record_copy (g_ptr_array_index (found, 0));
  g_ptr_array_set_size (found, 0);
  g_assert_cmpstr (copy->origin, ==, "talk 7 9");
  chunk = g_ptr_array_index (copy->chunks, 0);
  assert_time (g_ptr_array_index (chunk->times, 0), 100, 200, "Words");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (HistoryFixture *fixture, gconstpointer data);
  } tests[] = {
    { "/history/recover", test_recover },
    { "/history/recover-at-once", test_recover_at_once },
    { "/history/recover-other-run", test_recover_other_run },
    { "/history/find-origin", test_find_origin },
    { "/history/recover-chunks", test_recover_chunks },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, HistoryFixture, NULL, history_fixture_set_up, tests[i].run,
                history_fixture_tear_down);

  return g_test_run ();
}
