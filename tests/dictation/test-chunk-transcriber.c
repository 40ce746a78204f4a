/* SPDX-License-Identifier: MIT */
#include "chunk-transcriber.h"

#include "frame-format.h"
#include "fake-backend.h"
#include "service-error.h"
#include "file-sound.h"

/* What becomes of a chunk: what was left out is asked for again, what nobody said goes. */

/* A chunk of 10.8 s, of which 10 s are voice; the sound that is sent begins with it. */
#define FRAME_BYTES 288
#define FIRST_FRAME 100
#define N_FRAMES 300
#define START_MS (FIRST_FRAME * WHIS_FRAME_MS)
#define VOICE_START_MS 4000
#define VOICE_END_MS 14000

typedef struct
{
  TestBackend *backend;
  WhisPool *pool;
  WhisFailover *failover;
  WhisChunk *chunk;
  WhisSound *sound;
  WhisSpeechRequest *request;
  GCancellable *cancellable;
  WhisChunkAnswer *answer;
  GError *error;
  gboolean done;
} Fixture;

/* In the times of the sound that is sent. */
static const TestBackendTime all_words[] = {
  { 400, 2400, "It began as" },
  { 2400, 4900, "any other day" },
  { 4900, 7400, "and nobody knew" },
  { 7400, 10400, "what was to come." },
  { 0 },
};
static const TestBackendTime with_gap[] = {
  { 400, 2400, "It began as" },
  { 2400, 3400, "any other day" },
  { 6400, 10400, "what was to come." },
  { 0 },
};
/* In those of the sound around the gap. */
static const TestBackendTime of_gap[] = { { 600, 3000, "and nobody knew" }, { 0 } };

#define ALL_TEXT "It began as any other day and nobody knew what was to come."
#define GAP_TEXT "It began as any other day what was to come."

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->backend = test_backend_new ("first.example");
  fixture->pool = whis_pool_new (WHIS_BACKEND (fixture->backend), 3);
  fixture->failover =
      whis_failover_new (whis_provider_lookup ("groq"), fixture->pool, "whisper-large-v3");
  whis_failover_set_key (fixture->failover, g_strdup ("first-key"), NULL);
  fixture->chunk = whis_chunk_new ("dictation", 1);
  fixture->chunk->offset = FIRST_FRAME * FRAME_BYTES;
  fixture->chunk->size = N_FRAMES * FRAME_BYTES;
  fixture->chunk->start_ms = START_MS;
  fixture->chunk->length_ms = N_FRAMES * WHIS_FRAME_MS;
  fixture->chunk->has_speech = TRUE;
  fixture->chunk->voice = whis_spans_new ();
  whis_spans_add (fixture->chunk->voice, VOICE_START_MS, VOICE_END_MS);
  fixture->chunk->voice_ms = VOICE_END_MS - VOICE_START_MS;
  fixture->sound = whis_file_sound_new ("/nowhere.mp3");
  fixture->request = whis_speech_request_new_for_chunk (fixture->sound, fixture->chunk);
  whis_speech_request_set_language (fixture->request, "en");
  whis_speech_request_set_prompt (fixture->request, "A novel.");
  whis_speech_request_set_wants_times (fixture->request, TRUE);
  fixture->cancellable = g_cancellable_new ();
  /* Nothing more is found, unless a test has a plan. */
  test_backend_set_default (fixture->backend, &(TestBackendPlan){ .text = "" });
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->answer, whis_chunk_answer_free);
  g_clear_error (&fixture->error);
  whis_speech_request_unref (fixture->request);
  g_object_unref (fixture->sound);
  whis_chunk_free (fixture->chunk);
  g_object_unref (fixture->cancellable);
  g_assert_finalize_object (fixture->failover);
  g_assert_finalize_object (fixture->pool);
  g_assert_finalize_object (fixture->backend);
}

static void
done_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->answer = whis_chunk_transcribe_finish (WHIS_FAILOVER (object), result, &fixture->error);
  fixture->done = TRUE;
}

static void
begin (Fixture *fixture)
{
  whis_chunk_transcribe_async (fixture->chunk, fixture->failover, fixture->request,
                               fixture->cancellable, done_cb, fixture);
}

static void
finish (Fixture *fixture)
{
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true ((fixture->answer == NULL) == (fixture->error != NULL));
}

static void
plan (Fixture *fixture, const char *text, const TestBackendTime *times)
{
  test_backend_plan (fixture->backend, &(TestBackendPlan){ .text = text, .times = times });
}

static void
assert_text (Fixture *fixture, const char *text, guint n_requests)
{
  begin (fixture);
  finish (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->answer->answer->transcription->text, ==, text);
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, n_requests);
  g_assert_cmpuint (fixture->answer->numbers[WHIS_STATISTIC_PIECES], ==, 1);
}

static void
assert_numbers (Fixture *fixture, guint found, guint filled, guint left)
{
  const guint64 *numbers = fixture->answer->numbers;

  g_assert_cmpuint (numbers[WHIS_STATISTIC_HOLES_FOUND], ==, found);
  g_assert_cmpuint (numbers[WHIS_STATISTIC_HOLES_FILLED], ==, filled);
  g_assert_cmpuint (numbers[WHIS_STATISTIC_HOLES_LEFT], ==, left);
  g_assert_cmpuint (fixture->answer->gaps->len, ==, left);
}

/* The whole chunk once, as it was asked for; times are those of the dictation. */
static void
test_complete (Fixture *fixture, gconstpointer data)
{
  const WhisTimedText *first;

  plan (fixture, ALL_TEXT, all_words);
  assert_text (fixture, ALL_TEXT, 1);
  assert_numbers (fixture, 0, 0, 0);
  first = g_ptr_array_index (fixture->answer->answer->transcription->times, 0);
  g_assert_cmpuint (first->start_ms, ==, START_MS + 400);
  g_assert_cmpstr (fixture->answer->answer->provider->id, ==, "groq");
  g_assert_cmpstr (test_backend_get_request (fixture->backend, 0)->prompt, ==, "A novel.");
}

/* Speech in no word is asked for alone: its sound, without what was said before. */
static void
test_gap_filled (Fixture *fixture, gconstpointer data)
{
  const WhisSpeechRequest *request;
  guint64 from_ms;

  plan (fixture, GAP_TEXT, with_gap);
  plan (fixture, "and nobody knew", of_gap);
  assert_text (fixture, ALL_TEXT, 2);
  assert_numbers (fixture, 1, 1, 0);

  request = test_backend_get_request (fixture->backend, 1);
  from_ms = request->offset / FRAME_BYTES * WHIS_FRAME_MS;
  g_assert_true (request->sound == fixture->sound);
  g_assert_cmpuint (request->offset % FRAME_BYTES, ==, 0);
  g_assert_cmpuint (from_ms, >, START_MS + 2400);
  g_assert_cmpuint (from_ms, <, START_MS + 3400);
  g_assert_cmpuint (from_ms + request->duration_ms, >=, START_MS + 6400);
  g_assert_cmpuint (request->size, <, fixture->chunk->size / 2);
  g_assert_cmpstr (request->language, ==, "en");
  g_assert_null (request->prompt);
  g_assert_null (request->context);
  g_assert_true (request->wants_times);
}

/* Two looks, with other silence around; then it is marked. */
static void
test_gap_left (Fixture *fixture, gconstpointer data)
{
  const WhisSpan *gap;

  plan (fixture, GAP_TEXT, with_gap);
  assert_text (fixture, GAP_TEXT, 3);
  assert_numbers (fixture, 1, 0, 1);
  gap = &g_array_index (fixture->answer->gaps, WhisSpan, 0);
  g_assert_cmpuint (gap->start_ms, >=, START_MS + 3400);
  g_assert_cmpuint (gap->end_ms, <=, START_MS + 6400);
  g_assert_cmpuint (test_backend_get_request (fixture->backend, 1)->offset, !=,
                    test_backend_get_request (fixture->backend, 2)->offset);
}

/* A text that there is counts, also where no more can be had. */
static void
test_gap_refused (Fixture *fixture, gconstpointer data)
{
  plan (fixture, GAP_TEXT, with_gap);
  test_backend_set_default (fixture->backend,
                            &(TestBackendPlan){ .error_code = WHIS_SERVICE_ERROR_WRONG_KEY });
  assert_text (fixture, GAP_TEXT, 2);
  assert_numbers (fixture, 1, 0, 1);
}

/* A model that says the same once more has found nothing. */
static void
test_gap_repeated (Fixture *fixture, gconstpointer data)
{
  static const TestBackendTime again[] = { { 600, 3000, GAP_TEXT }, { 0 } };

  plan (fixture, GAP_TEXT, with_gap);
  plan (fixture, GAP_TEXT, again);
  plan (fixture, GAP_TEXT, again);
  assert_text (fixture, GAP_TEXT, 3);
  assert_numbers (fixture, 1, 0, 1);
}

/* Where voice was is not known of an old chunk, so that no word can be missing. */
static void
test_gap_unknown (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->chunk->voice, g_array_unref);
  plan (fixture, GAP_TEXT, with_gap);
  assert_text (fixture, GAP_TEXT, 1);
  assert_numbers (fixture, 0, 0, 0);
}

/* The same words over and over, in a time in which they could be said: another look, without what
 * may have led the model on. */
static void
test_loop_asked_again (Fixture *fixture, gconstpointer data)
{
  const WhisSpeechRequest *request;

  whis_speech_request_set_context (fixture->request, "Something else was said before.");
  plan (fixture, "and so on and so on and so on and so on and so on and so on and so on and so on",
        NULL);
  plan (fixture, "That was all.", NULL);
  assert_text (fixture, "That was all.", 2);
  g_assert_cmpuint (fixture->answer->numbers[WHIS_STATISTIC_LOOPS], ==, 1);
  request = test_backend_get_request (fixture->backend, 1);
  g_assert_cmpuint (request->offset, ==, fixture->chunk->offset);
  g_assert_cmpuint (request->size, ==, fixture->chunk->size);
  g_assert_null (request->prompt);
  g_assert_null (request->context);
}

/* Two looks that see the same: it was said. */
static void
test_loop_said (Fixture *fixture, gconstpointer data)
{
  static const char said[] =
      "and so on and so on and so on and so on and so on and so on and so on";

  plan (fixture, said, NULL);
  plan (fixture, said, NULL);
  assert_text (fixture, said, 2);
  g_assert_cmpuint (fixture->answer->numbers[WHIS_STATISTIC_LOOPS], ==, 0);
}

/* A model that hears nothing says once more what it was told was said before. */
static void
test_context_repeated (Fixture *fixture, gconstpointer data)
{
  whis_speech_request_set_context (fixture->request, "That was what she had said to him.");
  plan (fixture, "What she had said to him.", NULL);
  plan (fixture, "He did not answer.", NULL);
  assert_text (fixture, "He did not answer.", 2);
}

/* What the model itself calls a sound has no words that could be missing. */
static void
test_sound (Fixture *fixture, gconstpointer data)
{
  plan (fixture, "[Music]", NULL);
  assert_text (fixture, "", 1);
  assert_numbers (fixture, 0, 0, 0);
  g_assert_cmpuint (fixture->answer->numbers[WHIS_STATISTIC_SOUNDS], ==, 1);
}

static void
test_error (Fixture *fixture, gconstpointer data)
{
  test_backend_set_default (fixture->backend,
                            &(TestBackendPlan){ .error_code = WHIS_SERVICE_ERROR_WRONG_KEY });
  begin (fixture);
  finish (fixture);
  g_assert_error (fixture->error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_WRONG_KEY);
}

static void
wait_requests (Fixture *fixture, guint n)
{
  while (test_backend_get_n_requests (fixture->backend) < n)
    g_main_context_iteration (NULL, TRUE);
}

/* At the first look and at a later one. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  const guint n_answers = GPOINTER_TO_UINT (data);

  if (n_answers > 0)
    plan (fixture, GAP_TEXT, with_gap);
  test_backend_set_default (fixture->backend, &(TestBackendPlan){ .text = "late", .hold = TRUE });
  begin (fixture);
  wait_requests (fixture, n_answers + 1);
  g_cancellable_cancel (fixture->cancellable);
  finish (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backend), ==, 1);
}

/* Every service answers with what models of its kind make up, with times of words and without. */
static void
test_every_service (Fixture *fixture, gconstpointer data)
{
  static const TestBackendTime after_voice[] = { { 400, 2400, "It began as" },
                                                 { 2400, 4900, "any other day" },
                                                 { 4900, 7400, "and nobody knew" },
                                                 { 7400, 10400, "what was to come." },
                                                 { 10700, 10790, "Thank you for watching!" },
                                                 { 0 } };
  g_autoptr (GString) sentence = g_string_new (NULL);
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);
  const struct
  {
    const char *text;
    const TestBackendTime *times;
    const char *rest;
    gboolean is_noise;
  } cases[] = {
    { "[BLANK_AUDIO]", NULL, "", FALSE },
    { "[BLANK_AUDIO] " ALL_TEXT, NULL, ALL_TEXT, FALSE },
    { "<|startoftranscript|><|en|> " ALL_TEXT "<|endoftext|>", NULL, ALL_TEXT, FALSE },
    { "(music) " ALL_TEXT, NULL, ALL_TEXT, FALSE },
    { "Thank you for watching!", NULL, "", TRUE },
    { "[BLANK_AUDIO]", NULL, "", TRUE },
    { ALL_TEXT " Thank you for watching!", after_voice, ALL_TEXT, FALSE },
    { ALL_TEXT, all_words, ALL_TEXT, FALSE },
    { NULL, NULL, "We meet again at the old mill by the river and talk it over.", FALSE },
  };

  for (guint i = 0; i < 400; i++)
    g_string_append (sentence, "We meet again at the old mill by the river and talk it over. ");
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (cases); j++)
      {
        Fixture own = { NULL };
        const char *text = cases[j].text != NULL ? cases[j].text : sentence->str;

        set_up (&own, NULL);
        g_clear_object (&own.failover);
        own.failover = whis_failover_new (&providers[i], own.pool, "a-model");
        if (cases[j].is_noise)
          {
            g_array_set_size (own.chunk->voice, 0);
            whis_spans_add (own.chunk->voice, VOICE_START_MS, VOICE_START_MS + 200);
          }
        test_backend_set_default (own.backend,
                                  &(TestBackendPlan){ .text = text, .times = cases[j].times });
        begin (&own);
        finish (&own);
        g_test_message ("%s, case %zu", providers[i].id, j);
        g_assert_no_error (own.error);
        g_assert_cmpstr (own.answer->answer->transcription->text, ==, cases[j].rest);
        tear_down (&own, NULL);
      }
}

#define ADD(path, function, data) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/chunk-transcriber/every-service", test_every_service, NULL);
  ADD ("/chunk-transcriber/complete", test_complete, NULL);
  ADD ("/chunk-transcriber/gap/filled", test_gap_filled, NULL);
  ADD ("/chunk-transcriber/gap/left", test_gap_left, NULL);
  ADD ("/chunk-transcriber/gap/refused", test_gap_refused, NULL);
  ADD ("/chunk-transcriber/gap/repeated", test_gap_repeated, NULL);
  ADD ("/chunk-transcriber/gap/unknown", test_gap_unknown, NULL);
  ADD ("/chunk-transcriber/loop/asked-again", test_loop_asked_again, NULL);
  ADD ("/chunk-transcriber/loop/said", test_loop_said, NULL);
  ADD ("/chunk-transcriber/context-repeated", test_context_repeated, NULL);
  ADD ("/chunk-transcriber/sound", test_sound, NULL);
  ADD ("/chunk-transcriber/error", test_error, NULL);
  ADD ("/chunk-transcriber/cancelled", test_cancelled, NULL);
  ADD ("/chunk-transcriber/cancelled-later", test_cancelled, GUINT_TO_POINTER (1));

  return g_test_run ();
}
