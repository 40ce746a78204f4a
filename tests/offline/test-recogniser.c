/* SPDX-License-Identifier: MIT */
#include "recogniser.h"

#include <string.h>

#include "offline-error.h"
#include "speech.h"

/* The bound is about twice what bench/wer.py measures on these sentences, so that it fails when
 * the recogniser is broken and not when a word changes. */
#define MOST_ERRORS 0.3

static WhisRecogniser *shared;

static const WhisEngineRequest plain_request;

static WhisRecogniser *
make_recogniser (const char *sphinx_folder)
{
  g_autoptr (WhisModelList) models = whis_model_list_new (NULL, sphinx_folder);

  return whis_recogniser_new (models);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

static void
await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static char *
transcribe (GBytes *samples)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WhisTranscript) transcript = NULL;
  g_autoptr (GError) error = NULL;

  whis_recogniser_transcribe_async (shared, NULL, &plain_request, samples, NULL, keep_result,
                                    &result);
  await (&result);
  transcript = whis_recogniser_transcribe_finish (shared, result, &error);
  g_assert_no_error (error);

  return whis_transcript_get_text (transcript);
}

/* All the sentences together are judged: one word more or less in a short one says little. */
static void
test_sentences (void)
{
  static const struct
  {
    const char *name;
    const char *text;
  } sentences[] = {
    { "0870", "and mister john dashwood had then leisure to consider how much there might be "
              "prudently in his power to do for them" },
    { "0880", "he was not an ill disposed young man" },
    { "0890", "unless to be rather cold hearted and rather selfish is to be ill disposed" },
    { "0920", "had he married a more amiable woman he might have been made still more respectable "
              "than he was" },
    { "0930", SPEECH_TEXT },
  };
  g_autoptr (GString) known = g_string_new (NULL);
  g_autoptr (GString) heard = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      g_autofree char *path = g_strdup_printf (
          SPEECH_DIR "/librivox/sense_and_sensibility_01_austen_64kb-%s.wav", sentences[i].name);
      g_autoptr (GBytes) samples = speech_read_samples (path);
      g_autofree char *text = transcribe (samples);

      g_string_append_printf (known, "%s ", sentences[i].text);
      g_string_append_printf (heard, "%s ", text);
    }

  speech_assert_wer (known->str, heard->str, MOST_ERRORS);
}

/* What was said before does not change what is heard. */
static void
test_same_again (void)
{
  g_autoptr (GBytes) samples = speech_read_samples (SPEECH_WAV);
  g_autoptr (GBytes) other = speech_read_samples (SPEECH_DIR "/cards/005.wav");
  g_autofree char *first = transcribe (samples);
  g_autofree char *between = transcribe (other);
  g_autofree char *second = transcribe (samples);

  g_assert_cmpstr (first, ==, second);
  g_assert_cmpstr (first, !=, between);
}

static void
test_long (void)
{
  g_autoptr (GBytes) samples = speech_read_samples (SPEECH_DIR "/cards/005.wav");
  g_autoptr (GBytes) long_sound = speech_repeat (samples, 4);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WhisTranscript) transcript = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint64 end = 0;

  whis_recogniser_transcribe_async (shared, NULL, &plain_request, long_sound, NULL, keep_result,
                                    &result);
  await (&result);
  transcript = whis_recogniser_transcribe_finish (shared, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (transcript->segments->len, >=, 4);
  for (guint i = 0; i < transcript->segments->len; i++)
    {
      const WhisSegment *segment = g_ptr_array_index (transcript->segments, i);

      g_assert_cmpuint (segment->start_ms, >=, end);
      g_assert_cmpuint (segment->end_ms, >, segment->start_ms);
      end = segment->end_ms;
    }
  g_assert_cmpuint (end, <=, transcript->duration_ms);
  text = whis_transcript_get_text (transcript);
  speech_assert_wer ("eight of spades four of clubs seven of hearts "
                     "eight of spades four of clubs seven of hearts "
                     "eight of spades four of clubs seven of hearts "
                     "eight of spades four of clubs seven of hearts",
                     text, MOST_ERRORS);
}

static void
test_no_speech (void)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static (NULL, 0);
  g_autoptr (GBytes) silence = g_bytes_new_take (g_malloc0 (96000), 96000);
  g_autoptr (GBytes) blip = g_bytes_new_static ("\1\2\3\4", 4);
  g_autofree char *of_nothing = transcribe (nothing);
  g_autofree char *of_silence = transcribe (silence);
  g_autofree char *of_blip = transcribe (blip);

  g_assert_cmpstr (of_nothing, ==, "");
  g_assert_cmpstr (of_silence, ==, "");
  g_assert_cmpstr (of_blip, ==, "");
}

static void
test_queue (void)
{
  g_autoptr (GBytes) samples = speech_read_samples (SPEECH_DIR "/cards/001.wav");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GAsyncResult) third = NULL;
  g_autoptr (WhisTranscript) of_first = NULL;
  g_autoptr (WhisTranscript) of_third = NULL;
  g_autoptr (GError) error = NULL;

  whis_recogniser_transcribe_async (shared, NULL, &plain_request, samples, NULL, keep_result,
                                    &first);
  whis_recogniser_transcribe_async (shared, NULL, &plain_request, samples, cancellable, keep_result,
                                    &second);
  whis_recogniser_transcribe_async (shared, NULL, &plain_request, samples, NULL, keep_result,
                                    &third);
  g_cancellable_cancel (cancellable);
  await (&third);
  g_assert_nonnull (first);
  g_assert_nonnull (second);
  of_first = whis_recogniser_transcribe_finish (shared, first, NULL);
  of_third = whis_recogniser_transcribe_finish (shared, third, NULL);
  g_assert_nonnull (of_first);
  g_assert_nonnull (of_third);
  g_assert_null (whis_recogniser_transcribe_finish (shared, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gboolean
cancel (gpointer data)
{
  g_cancellable_cancel (data);

  return G_SOURCE_REMOVE;
}

/* Half an hour of sound would take longer than this test may; it is given up in the midst, and what
 * comes after is answered. */
static void
test_cancel_running (void)
{
  g_autoptr (GBytes) samples = speech_read_samples (LONG_SPEECH_WAV);
  g_autoptr (GBytes) long_sound = speech_repeat (samples, 220);
  g_autoptr (GBytes) short_sound = speech_read_samples (SPEECH_DIR "/cards/001.wav");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *next = NULL;
  gint64 start;

  whis_recogniser_transcribe_async (shared, NULL, &plain_request, long_sound, cancellable,
                                    keep_result, &result);
  g_timeout_add_seconds (8, cancel, cancellable);
  while (!g_cancellable_is_cancelled (cancellable))
    g_main_context_iteration (NULL, TRUE);
  start = g_get_monotonic_time ();
  next = transcribe (short_sound);
  g_assert_nonnull (result);
  g_assert_null (whis_recogniser_transcribe_finish (shared, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_test_message ("given up and the next answered after %.2f s",
                  (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
}

/* The thread that did the work may still be about to let go of it. */
static void
assert_finalizes (WhisRecogniser *recogniser)
{
  gpointer weak = recogniser;

  g_object_add_weak_pointer (G_OBJECT (recogniser), &weak);
  g_object_unref (recogniser);
  while (g_atomic_pointer_get (&weak) != NULL)
    g_thread_yield ();
}

static void
test_missing_model (void)
{
  WhisRecogniser *recogniser = make_recogniser ("/nonexistent");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  whis_recogniser_load_async (recogniser, NULL, NULL, keep_result, &result);
  await (&result);
  g_assert_false (whis_recogniser_load_finish (recogniser, result, &error));
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, "pocketsphinx-en-us"));
  g_assert_false (whis_recogniser_is_loaded (recogniser, NULL));
  g_clear_object (&result);
  assert_finalizes (recogniser);
}

int
main (int argc, char **argv)
{
  int failed;

  g_test_init (&argc, &argv, NULL);
  shared = make_recogniser (WHIS_POCKETSPHINX_MODELDIR);
  g_test_add_func ("/offline/recogniser/sentences", test_sentences);
  g_test_add_func ("/offline/recogniser/same-again", test_same_again);
  g_test_add_func ("/offline/recogniser/long", test_long);
  g_test_add_func ("/offline/recogniser/no-speech", test_no_speech);
  g_test_add_func ("/offline/recogniser/queue", test_queue);
  g_test_add_func ("/offline/recogniser/cancel-running", test_cancel_running);
  g_test_add_func ("/offline/recogniser/missing-model", test_missing_model);
  failed = g_test_run ();
  assert_finalizes (shared);

  return failed;
}
