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
ended_cb (Fixture *fixture)
{
  fixture->ended = TRUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("whis-live-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->history = whis_history_new (fixture->directory);
  fixture->settings = whis_settings_new (&error);
  g_assert_no_error (error);
  fixture->usage = whis_usage_new (fixture->history);
  fixture->meter = whis_meter_new (fixture->settings, fixture->usage);
  fixture->service = realtime_new (REALTIME_DEEPGRAM, &(RealtimePlan){ 0 });
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/live-chunks/stopped-after-key", Fixture, NULL, set_up, test_stopped_after_key,
              tear_down);
  g_test_add ("/live-chunks/stopped-before-key", Fixture, NULL, set_up, test_stopped_before_key,
              tear_down);

  return g_test_run ();
}
