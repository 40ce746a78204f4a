/* SPDX-License-Identifier: MIT */
#include "transcription-session.h"

#include "fake-backend.h"
#include "memory-sound.h"
#include "model-profile.h"
#include "service-error.h"

/* How chunks are sent, and what is made of their answers: no history, a sound in memory. */

#define CHUNK_MS 3600
#define CHUNK_SIZE (CHUNK_MS / 36 * 288)

typedef struct
{
  TestBackend *backend;
  WhisPool *pool;
  WhisFailover *failover;
  WhisSound *sound;
  WhisRecord *record;
  WhisTranscriptionSession *transcript;
  GString *partial;
  guint n_settled;
  guint n_warnings;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (8 * CHUNK_SIZE), 8 * CHUNK_SIZE);

  fixture->backend = test_backend_new ("first.example");
  fixture->pool = whis_pool_new (WHIS_BACKEND (fixture->backend), 3);
  fixture->failover = whis_failover_new (whis_provider_lookup (data != NULL ? data : "groq"),
                                         fixture->pool, "whisper-1");
  fixture->sound = whis_memory_sound_new (bytes, WHIS_SOUND_FORMAT_MP3);
  fixture->record = whis_record_new ("20261130-120000-0000");
  fixture->partial = g_string_new (NULL);
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
  whis_transcription_session_cancel (fixture->transcript);
  settle ();
  g_assert_finalize_object (fixture->transcript);
  g_assert_finalize_object (fixture->failover);
  g_assert_finalize_object (fixture->pool);
  g_assert_finalize_object (fixture->backend);
  g_assert_finalize_object (fixture->sound);
  whis_record_free (fixture->record);
  g_string_free (fixture->partial, TRUE);
}

static void
settled_cb (Fixture *fixture)
{
  fixture->n_settled++;
}

static void
partial_cb (Fixture *fixture, const char *text)
{
  g_string_assign (fixture->partial, text);
}

static void
warning_cb (Fixture *fixture)
{
  fixture->n_warnings++;
}

static void
create (Fixture *fixture, gboolean again)
{
  fixture->transcript = whis_transcription_session_new (fixture->record, again, fixture->sound,
                                                        fixture->failover, NULL);
  g_signal_connect_swapped (fixture->transcript, "settled", G_CALLBACK (settled_cb), fixture);
  g_signal_connect_swapped (fixture->transcript, "partial-text", G_CALLBACK (partial_cb), fixture);
  g_signal_connect_swapped (fixture->transcript, "warning", G_CALLBACK (warning_cb), fixture);
}

static void
set_key (Fixture *fixture)
{
  whis_transcription_session_set_key (fixture->transcript, g_strdup ("key"), NULL);
}

static WhisChunk *
make_chunk (guint index)
{
  WhisChunk *chunk = whis_chunk_new ("20261130-120000-0000", index);

  chunk->offset = index * CHUNK_SIZE;
  chunk->size = CHUNK_SIZE;
  chunk->start_ms = index * CHUNK_MS;
  chunk->length_ms = CHUNK_MS;
  chunk->voice_ms = CHUNK_MS;
  chunk->has_speech = TRUE;

  return chunk;
}

static void
add (Fixture *fixture, guint index)
{
  g_autoptr (WhisChunk) chunk = make_chunk (index);

  whis_transcription_session_add (fixture->transcript, chunk);
}

/* One that the record has from before. */
static WhisRecordChunk *
record_chunk (WhisRecord *record, guint index, const char *text)
{
  g_autoptr (WhisChunk) chunk = make_chunk (index);
  WhisRecordChunk *known = whis_record_chunk_new (chunk);

  known->text = g_strdup (text);
  g_ptr_array_add (record->chunks, known);

  return known;
}

static WhisRecordChunk *
get_chunk (Fixture *fixture, guint index)
{
  return g_ptr_array_index (fixture->record->chunks, index);
}

static void
plan_text (Fixture *fixture, const char *text)
{
  test_backend_plan (fixture->backend, &(TestBackendPlan){ .text = text });
}

static void
plan_error (Fixture *fixture, int code)
{
  test_backend_plan (fixture->backend, &(TestBackendPlan){ .error_code = code });
}

static void
wait_until_settled (Fixture *fixture)
{
  while (!whis_transcription_session_is_settled (fixture->transcript))
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_text (Fixture *fixture, const char *expected)
{
  g_autofree char *text = NULL;

  wait_until_settled (fixture);
  text = whis_transcription_session_get_text (fixture->transcript);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_n_requests (Fixture *fixture, guint n)
{
  settle ();
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, n);
}

static void
test_waits_for_key (Fixture *fixture, gconstpointer data)
{
  create (fixture, FALSE);
  add (fixture, 0);
  assert_n_requests (fixture, 0);
  g_assert_false (whis_transcription_session_is_settled (fixture->transcript));
  plan_text (fixture, "First.");
  plan_text (fixture, "Second.");
  set_key (fixture);
  add (fixture, 1);
  assert_text (fixture, "First. Second.");
  g_assert_cmpstr (fixture->partial->str, ==, "First. Second.");
  g_assert_cmpstr (get_chunk (fixture, 1)->text, ==, "Second.");
  g_assert_cmpstr (get_chunk (fixture, 1)->host, ==, "first.example");
  g_assert_cmpuint (whis_transcription_session_get_done_ms (fixture->transcript), ==, 2 * CHUNK_MS);
  g_assert_cmpstr (test_backend_get_key (fixture->backend), ==, "key");
  g_assert_true (test_backend_get_request (fixture->backend, 1)->sound == fixture->sound);
  g_assert_cmpuint (test_backend_get_request (fixture->backend, 1)->offset, ==, CHUNK_SIZE);
}

/* The chunks of a file are sent at once; their texts are ordered by chunk and not by answer. */
static void
test_out_of_order (Fixture *fixture, gconstpointer data)
{
  fixture->record->is_file = TRUE;
  create (fixture, FALSE);
  set_key (fixture);
  test_backend_plan (fixture->backend, &(TestBackendPlan){ .text = "First.", .hold = TRUE });
  plan_text (fixture, "Second.");
  add (fixture, 0);
  add (fixture, 1);
  while (get_chunk (fixture, 1)->text == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fixture->partial->str, ==, "");
  g_assert_false (whis_transcription_session_is_settled (fixture->transcript));
  test_backend_release (fixture->backend);
  assert_text (fixture, "First. Second.");
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisChunk) chunk = make_chunk (0);

  create (fixture, FALSE);
  set_key (fixture);
  chunk->has_speech = FALSE;
  whis_transcription_session_add (fixture->transcript, chunk);
  assert_text (fixture, "");
  assert_n_requests (fixture, 0);
  g_assert_false (whis_transcription_session_has_failed (fixture->transcript));
}

static void
test_echo (Fixture *fixture, gconstpointer data)
{
  fixture->record->prompt = g_strdup ("A novel about the sea.");
  create (fixture, FALSE);
  set_key (fixture);
  plan_text (fixture, "A novel about the sea.");
  add (fixture, 0);
  assert_text (fixture, "");
  g_assert_true (whis_transcription_session_had_echo (fixture->transcript));
  g_assert_cmpstr (get_chunk (fixture, 0)->code, ==, "no-speech");
}

static void
test_gap (Fixture *fixture, gconstpointer data)
{
  create (fixture, FALSE);
  set_key (fixture);
  plan_text (fixture, "First.");
  plan_error (fixture, WHIS_SERVICE_ERROR_NETWORK);
  plan_text (fixture, "Third.");
  for (guint i = 0; i < 3; i++)
    {
      add (fixture, i);
      settle ();
    }
  assert_text (fixture, "First. […] Third.");
  g_assert_error (whis_transcription_session_get_error (fixture->transcript), WHIS_SERVICE_ERROR,
                  WHIS_SERVICE_ERROR_NETWORK);
  g_assert_false (whis_transcription_session_has_failed (fixture->transcript));
  g_assert_cmpuint (fixture->n_warnings, ==, 1);
  g_assert_cmpstr (get_chunk (fixture, 1)->code, ==, "network");
}

static void
test_all_failed (Fixture *fixture, gconstpointer data)
{
  create (fixture, FALSE);
  set_key (fixture);
  plan_error (fixture, WHIS_SERVICE_ERROR_NETWORK);
  plan_error (fixture, WHIS_SERVICE_ERROR_WRONG_KEY);
  add (fixture, 0);
  settle ();
  add (fixture, 1);
  wait_until_settled (fixture);
  g_assert_true (whis_transcription_session_has_failed (fixture->transcript));
  g_assert_error (whis_transcription_session_get_error (fixture->transcript), WHIS_SERVICE_ERROR,
                  WHIS_SERVICE_ERROR_NETWORK);
  g_assert_cmpuint (fixture->n_warnings, ==, 1);
}

static void
test_no_key (Fixture *fixture, gconstpointer data)
{
  create (fixture, FALSE);
  add (fixture, 0);
  whis_transcription_session_set_key (
      fixture->transcript, NULL,
      whis_service_error_new (WHIS_SERVICE_ERROR_NO_KEY, "No key.", NULL));
  wait_until_settled (fixture);
  assert_n_requests (fixture, 0);
  g_assert_true (whis_transcription_session_has_failed (fixture->transcript));
  g_assert_error (whis_transcription_session_get_error (fixture->transcript), WHIS_SERVICE_ERROR,
                  WHIS_SERVICE_ERROR_NO_KEY);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  guint n_settled;

  create (fixture, FALSE);
  set_key (fixture);
  test_backend_set_default (fixture->backend, &(TestBackendPlan){ .text = "late", .hold = TRUE });
  add (fixture, 0);
  assert_n_requests (fixture, 1);
  n_settled = fixture->n_settled;
  whis_transcription_session_cancel (fixture->transcript);
  settle ();
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backend), ==, 1);
  g_assert_cmpuint (fixture->n_settled, ==, n_settled);
  g_assert_null (get_chunk (fixture, 0)->text);
  add (fixture, 1);
  assert_n_requests (fixture, 1);
}

/* A dictation that goes on: only what has no text is sent. */
static void
test_resumed (Fixture *fixture, gconstpointer data)
{
  record_chunk (fixture->record, 0, "First.");
  record_chunk (fixture->record, 1, NULL);
  create (fixture, FALSE);
  plan_text (fixture, "Second.");
  set_key (fixture);
  assert_text (fixture, "First. Second.");
  assert_n_requests (fixture, 1);
  g_assert_cmpuint (test_backend_get_request (fixture->backend, 0)->offset, ==, CHUNK_SIZE);
}

/* What comes behind a chunk that is lost is cut again. */
static void
test_hole (Fixture *fixture, gconstpointer data)
{
  record_chunk (fixture->record, 0, "First.");
  record_chunk (fixture->record, 2, "Third.");
  create (fixture, FALSE);
  set_key (fixture);
  assert_text (fixture, "First.");
  g_assert_cmpuint (fixture->record->chunks->len, ==, 1);
}

static void
test_again (Fixture *fixture, gconstpointer data)
{
  record_chunk (fixture->record, 0, "First.");
  create (fixture, TRUE);
  plan_text (fixture, "Another first.");
  set_key (fixture);
  assert_text (fixture, "Another first.");
  assert_n_requests (fixture, 1);
}

/* Sound that may be speech is sent only when the user asks once more. */
static void
test_doubtful (Fixture *fixture, gconstpointer data)
{
  WhisRecordChunk *doubtful = record_chunk (fixture->record, 0, NULL);

  doubtful->chunk->has_speech = FALSE;
  doubtful->gaps = whis_spans_new ();
  whis_spans_add (doubtful->gaps, 100, 900);
  create (fixture, data != NULL);
  plan_text (fixture, "Psst.");
  set_key (fixture);
  assert_text (fixture, data != NULL ? "Psst." : "");
  assert_n_requests (fixture, data != NULL ? 1 : 0);
}

/* An earlier try on the same sound: its texts hold where the cuts are the same. */
static void
test_known (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) earlier = whis_record_new ("earlier");

  record_chunk (earlier, 0, "First.");
  record_chunk (earlier, 1, "Other cut.")->chunk->size--;
  create (fixture, FALSE);
  whis_transcription_session_set_earlier (fixture->transcript, earlier);
  set_key (fixture);
  plan_text (fixture, "Second.");
  add (fixture, 0);
  add (fixture, 1);
  assert_text (fixture, "First. Second.");
  assert_n_requests (fixture, 1);
}

/* A recogniser on this computer gets one chunk at a time, with the text before it. */
static void
test_in_order (Fixture *fixture, gconstpointer data)
{
  g_assert_true (whis_model_profile_find (whis_provider_lookup ("offline"), "whisper-1")->in_order);

  create (fixture, FALSE);
  set_key (fixture);
  test_backend_plan (fixture->backend, &(TestBackendPlan){ .text = "It began as", .hold = TRUE });
  plan_text (fixture, "any other day.");
  plan_text (fixture, "Nobody knew.");
  for (guint i = 0; i < 3; i++)
    add (fixture, i);
  assert_n_requests (fixture, 1);
  test_backend_release (fixture->backend);
  assert_text (fixture, "It began as any other day. Nobody knew.");
  g_assert_null (test_backend_get_request (fixture->backend, 0)->context);
  g_assert_cmpstr (test_backend_get_request (fixture->backend, 1)->context, ==, "It began as");
  g_assert_null (test_backend_get_request (fixture->backend, 2)->context);
}

/* What waits for the chunk before is not sent after a cancellation. */
static void
test_in_order_cancelled (Fixture *fixture, gconstpointer data)
{
  create (fixture, FALSE);
  set_key (fixture);
  test_backend_set_default (fixture->backend, &(TestBackendPlan){ .text = "late", .hold = TRUE });
  add (fixture, 0);
  add (fixture, 1);
  assert_n_requests (fixture, 1);
  whis_transcription_session_cancel (fixture->transcript);
  assert_n_requests (fixture, 1);
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backend), ==, 1);
}

static void
test_wishes (Fixture *fixture, gconstpointer data)
{
  const char *const vocabulary[] = { "Whis", "GNOME", NULL };
  const WhisSpeechRequest *request;

  fixture->record->language = g_strdup ("de");
  fixture->record->prompt = g_strdup ("A letter.");
  create (fixture, FALSE);
  whis_transcription_session_set_wishes (fixture->transcript, vocabulary, TRUE);
  whis_transcription_session_set_temperature (fixture->transcript, 0.5);
  set_key (fixture);
  add (fixture, 0);
  wait_until_settled (fixture);
  request = test_backend_get_request (fixture->backend, 0);
  g_assert_cmpstr (request->language, ==, "de");
  g_assert_cmpstr (request->prompt, ==, "A letter.");
  g_assert_cmpstr (request->vocabulary[1], ==, "GNOME");
  g_assert_cmpfloat (request->temperature, ==, 0.5);
}

#define ADD(path, data, function)                                                                  \
  g_test_add ("/transcript/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("waits-for-key", NULL, test_waits_for_key);
  ADD ("out-of-order", NULL, test_out_of_order);
  ADD ("silence", NULL, test_silence);
  ADD ("echo", NULL, test_echo);
  ADD ("gap", NULL, test_gap);
  ADD ("all-failed", NULL, test_all_failed);
  ADD ("no-key", NULL, test_no_key);
  ADD ("cancelled", NULL, test_cancelled);
  ADD ("resumed", NULL, test_resumed);
  ADD ("hole", NULL, test_hole);
  ADD ("again", NULL, test_again);
  ADD ("doubtful/left-out", NULL, test_doubtful);
  ADD ("doubtful/asked-again", "groq", test_doubtful);
  ADD ("known", NULL, test_known);
  ADD ("in-order/with-context", "offline", test_in_order);
  ADD ("in-order/cancelled", "offline", test_in_order_cancelled);
  ADD ("wishes", NULL, test_wishes);

  return g_test_run ();
}
