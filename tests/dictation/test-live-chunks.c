/* SPDX-License-Identifier: MIT */
#include "live-chunks.h"

#include "realtime.h"

/* Live text for the chunks of a dictation, with a service on the loopback. */

typedef struct
{
  char *directory;
  WhisHistory *history;
  WhisSettings *settings;
  WhisUsage *usage;
  WhisMeter *meter;
  Realtime *service;
  WhisLiveChunks *live;
  WhisRecord *record;
  GPtrArray *texts;
  guint n_left;
  gboolean ended;
  char *sentence; /* why it ended */
} Fixture;

static void
text_cb (Fixture *fixture, WhisRecordChunk *chunk, const char *text)
{
  g_ptr_array_add (fixture->texts, g_strdup (text));
}

static void
left_cb (Fixture *fixture)
{
  fixture->n_left++;
}

static void
ended_cb (Fixture *fixture, const char *sentence)
{
  g_assert_false (fixture->ended);
  fixture->ended = TRUE;
  fixture->sentence = g_strdup (sentence);
}

static void
set_up (Fixture *fixture, gconstpointer data /* RealtimePlan, or NULL for one that behaves */)
{
  static const RealtimePlan good = { 0 };
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("whis-live-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->history = whis_history_new (fixture->directory);
  fixture->settings = whis_settings_new (&error);
  g_assert_no_error (error);
  fixture->usage = whis_usage_new (fixture->history);
  fixture->meter = whis_meter_new (fixture->settings, fixture->usage);
  fixture->service = realtime_new (REALTIME_DEEPGRAM, data != NULL ? data : &good);
  fixture->live =
      whis_live_chunks_new (whis_provider_lookup ("deepgram"),
                            realtime_get_address (fixture->service), NULL, fixture->meter);
  fixture->record = whis_record_new ("20261130-120000-0000");
  fixture->texts = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect_swapped (fixture->live, "text", G_CALLBACK (text_cb), fixture);
  g_signal_connect_swapped (fixture->live, "left", G_CALLBACK (left_cb), fixture);
  g_signal_connect_swapped (fixture->live, "ended", G_CALLBACK (ended_cb), fixture);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->live);
  realtime_free (fixture->service);
  settle ();
  whis_record_free (fixture->record);
  g_ptr_array_unref (fixture->texts);
  g_assert_finalize_object (fixture->meter);
  g_assert_finalize_object (fixture->usage);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->history);
  g_free (fixture->directory);
  g_free (fixture->sentence);
}

static void
say (Fixture *fixture)
{
  guint rate = whis_live_chunks_get_rate (fixture->live);
  GByteArray *sound = g_byte_array_new ();
  g_autoptr (GBytes) samples = NULL;

  realtime_say (sound, rate, 1);
  realtime_pause (sound, rate, 300);
  samples = g_byte_array_free_to_bytes (sound);
  whis_live_chunks_push (fixture->live, samples);
}

static WhisRecordChunk *
make_chunk (guint index)
{
  g_autoptr (WhisChunk) chunk = whis_chunk_new ("20261130-120000-0000", index);

  chunk->has_speech = TRUE;
  chunk->start_ms = index * 500;
  chunk->length_ms = 500;

  return whis_record_chunk_new (chunk);
}

static void
start (Fixture *fixture)
{
  whis_live_chunks_start (fixture->live, fixture->record, NULL, REALTIME_KEY);
}

static void
test_stopped_after_key (Fixture *fixture, gconstpointer data)
{
  WhisRecordChunk *chunk = make_chunk (0);

  say (fixture);
  start (fixture);
  g_assert_true (whis_live_chunks_add (fixture->live, chunk));
  whis_live_chunks_finish (fixture->live);
  while (!fixture->ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->texts->len, ==, 1);
  g_assert_cmpuint (fixture->n_left, ==, 0);
  whis_record_chunk_free (chunk);
}

/* Nobody would end a session that began after the stop. */
static void
test_stopped_before_key (Fixture *fixture, gconstpointer data)
{
  WhisRecordChunk *chunk = make_chunk (0);

  chunk->chunk->cut_in_speech = TRUE;
  say (fixture);
  whis_live_chunks_finish (fixture->live);
  g_assert_true (fixture->ended);
  start (fixture);
  g_assert_false (whis_live_chunks_add (fixture->live, chunk));
  settle ();
  g_assert_cmpuint (realtime_get_n_connections (fixture->service), ==, 0);
  g_assert_cmpuint (whis_live_chunks_get_n_waiting (fixture->live), ==, 0);
  whis_record_chunk_free (chunk);
}

static void
wait_for_end (Fixture *fixture)
{
  while (!fixture->ended)
    g_main_context_iteration (NULL, TRUE);
}

static void
add (Fixture *fixture, WhisRecordChunk *chunk)
{
  g_assert_true (whis_live_chunks_add (fixture->live, chunk));
}

/* Each chunk gets its own text, in order, also of sound from before the key was known. */
static void
test_two_chunks (Fixture *fixture, gconstpointer data)
{
  WhisRecordChunk *first = make_chunk (0);
  WhisRecordChunk *second = make_chunk (1);

  say (fixture);
  start (fixture);
  add (fixture, first);
  g_assert_cmpuint (whis_live_chunks_get_n_waiting (fixture->live), ==, 1);
  say (fixture);
  add (fixture, second);
  whis_live_chunks_finish (fixture->live);
  wait_for_end (fixture);
  g_assert_cmpuint (fixture->texts->len, ==, 2);
  g_assert_cmpuint (fixture->n_left, ==, 0);
  g_assert_null (fixture->sentence);
  g_assert_cmpuint (whis_live_chunks_get_n_waiting (fixture->live), ==, 0);
  whis_record_chunk_free (first);
  whis_record_chunk_free (second);
}

/* Without a service that takes sound, everything goes the ordinary way. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  WhisRecordChunk *first = make_chunk (0);
  WhisRecordChunk *second = make_chunk (1);

  say (fixture);
  start (fixture);
  add (fixture, first);
  wait_for_end (fixture);
  g_assert_cmpuint (fixture->texts->len, ==, 0);
  g_assert_cmpuint (fixture->n_left, ==, 1);
  g_assert_nonnull (fixture->sentence);
  g_assert_false (whis_live_chunks_add (fixture->live, second));
  g_assert_cmpuint (whis_usage_get_ms (fixture->usage, "deepgram"), ==, 0);
  whis_record_chunk_free (first);
  whis_record_chunk_free (second);
}

/* What has its text keeps it; what has none goes the ordinary way. */
static void
test_dropped (Fixture *fixture, gconstpointer data)
{
  WhisRecordChunk *first = make_chunk (0);
  WhisRecordChunk *second = make_chunk (1);

  say (fixture);
  start (fixture);
  add (fixture, first);
  while (fixture->texts->len == 0)
    g_main_context_iteration (NULL, TRUE);
  say (fixture);
  add (fixture, second);
  wait_for_end (fixture);
  g_assert_cmpuint (fixture->texts->len, ==, 1);
  g_assert_cmpuint (fixture->n_left, ==, 1);
  g_assert_nonnull (fixture->sentence);
  whis_record_chunk_free (first);
  whis_record_chunk_free (second);
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  WhisRecordChunk *chunk = make_chunk (0);

  chunk->chunk->has_speech = FALSE;
  say (fixture);
  start (fixture);
  add (fixture, chunk);
  whis_live_chunks_finish (fixture->live);
  wait_for_end (fixture);
  g_assert_cmpuint (fixture->texts->len + fixture->n_left, ==, 1);
  g_assert_cmpuint (whis_usage_get_ms (fixture->usage, "deepgram"), ==, 0);
  whis_record_chunk_free (chunk);
}

/* Speech that runs on over a cut is one text, that of the second chunk. */
static void
test_cut_in_speech (Fixture *fixture, gconstpointer data)
{
  WhisRecordChunk *first = make_chunk (0);
  WhisRecordChunk *second = make_chunk (1);

  first->chunk->cut_in_speech = TRUE;
  start (fixture);
  say (fixture);
  add (fixture, first);
  say (fixture);
  add (fixture, second);
  whis_live_chunks_finish (fixture->live);
  wait_for_end (fixture);
  g_assert_cmpuint (fixture->texts->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (fixture->texts, 0), ==, "");
  g_assert_cmpstr (g_ptr_array_index (fixture->texts, 1), !=, "");
  whis_record_chunk_free (first);
  whis_record_chunk_free (second);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  WhisRecordChunk *chunk = make_chunk (0);

  say (fixture);
  start (fixture);
  add (fixture, chunk);
  whis_live_chunks_cancel (fixture->live);
  settle ();
  g_assert_cmpuint (whis_live_chunks_get_n_waiting (fixture->live), ==, 0);
  g_assert_cmpuint (fixture->texts->len + fixture->n_left, ==, 0);
  g_assert_false (fixture->ended);
  g_assert_false (whis_live_chunks_add (fixture->live, chunk));
  whis_record_chunk_free (chunk);
}

/* A key that takes too long: what would be told live then is no live text. */
static void
test_too_early (Fixture *fixture, gconstpointer data)
{
  const gsize half_minute = 30 * 24000 * 2;
  g_autoptr (GBytes) samples = g_bytes_new_take (g_malloc0 (half_minute), half_minute);

  whis_live_chunks_push (fixture->live, samples);
  g_assert_false (fixture->ended);
  whis_live_chunks_push (fixture->live, samples);
  g_assert_true (fixture->ended);
  g_assert_null (fixture->sentence);
  start (fixture);
  settle ();
  g_assert_cmpuint (realtime_get_n_connections (fixture->service), ==, 0);
}

/* The budget of the month is spent: the ordinary way says so. */
static void
test_cap (Fixture *fixture, gconstpointer data)
{
  WhisRecordChunk *chunk = make_chunk (0);
  g_autoptr (GError) error = NULL;

  whis_settings_parse (fixture->settings, "prices/deepgram", "0.6", &error);
  g_assert_no_error (error);
  whis_settings_parse (fixture->settings, "monthly-caps/deepgram", "0.001", &error);
  g_assert_no_error (error);
  while (!whis_meter_knows_usage (fixture->meter, whis_provider_lookup ("deepgram")))
    g_main_context_iteration (NULL, TRUE);
  while (G_OBJECT (fixture->usage)->ref_count > 2)
    g_main_context_iteration (NULL, TRUE);
  say (fixture);
  start (fixture);
  g_assert_false (whis_live_chunks_add (fixture->live, chunk));
  g_assert_true (fixture->ended);
  g_assert_nonnull (fixture->sentence);
  whis_settings_parse (fixture->settings, "monthly-caps", "{}", &error);
  g_assert_no_error (error);
  whis_settings_parse (fixture->settings, "prices", "{}", &error);
  g_assert_no_error (error);
  whis_record_chunk_free (chunk);
}

int
main (int argc, char **argv)
{
  static const RealtimePlan refusing = { .refuse_status = 401 };
  static const RealtimePlan dropping = { .drop_at_commit = 2 };

  g_test_init (&argc, &argv, NULL);

  g_test_add ("/live-chunks/stopped-after-key", Fixture, NULL, set_up, test_stopped_after_key,
              tear_down);
  g_test_add ("/live-chunks/stopped-before-key", Fixture, NULL, set_up, test_stopped_before_key,
              tear_down);

  g_test_add ("/live-chunks/two-chunks", Fixture, NULL, set_up, test_two_chunks, tear_down);
  g_test_add ("/live-chunks/refused", Fixture, &refusing, set_up, test_refused, tear_down);
  g_test_add ("/live-chunks/dropped", Fixture, &dropping, set_up, test_dropped, tear_down);
  g_test_add ("/live-chunks/silence", Fixture, NULL, set_up, test_silence, tear_down);
  g_test_add ("/live-chunks/cut-in-speech", Fixture, NULL, set_up, test_cut_in_speech, tear_down);
  g_test_add ("/live-chunks/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  g_test_add ("/live-chunks/too-early", Fixture, NULL, set_up, test_too_early, tear_down);
  g_test_add ("/live-chunks/cap", Fixture, NULL, set_up, test_cap, tear_down);

  return g_test_run ();
}
