/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>

#include "engine.h"
#include "ggml-abort.h"
#include "ggml-modules.h"
#include "model-layout.h"
#include "offline-error.h"
#include "recogniser.h"
#include "speech.h"
#include "whisper-prompt.h"

/* What the small models say of any sound; see tests/whisper_model.py and parakeet_model.py. */
#define WHISPER_TEXT "The real server has spoken. Nothing was trained for it."
#define PARAKEET_TEXT "The local engine has spoken."

#define WHISPER "ggml-tiny-test"
#define PARAKEET "ggml-parakeet-test"

static WhisRecogniser *shared;

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

static WhisTranscript *
transcribe_with (const char *model, const char *language, GBytes *samples, GError **error)
{
  const WhisEngineRequest request = { .language = language };
  g_autoptr (GAsyncResult) result = NULL;

  whis_recogniser_transcribe_async (shared, model, &request, samples, NULL, keep_result, &result);
  await (&result);

  return whis_recogniser_transcribe_finish (shared, result, error);
}

/* A tone that comes and goes, so that there is something to be heard all along. */
static GBytes *
make_sound (guint seconds)
{
  gsize n_samples = (gsize) seconds * 16000;
  gint16 *samples = g_new (gint16, n_samples);

  for (gsize i = 0; i < n_samples; i++)
    samples[i] = (gint16) (i / 1600 % 3 == 0 ? (gssize) (i % 7) : (gssize) (i % 40) * 200 - 4000);

  return g_bytes_new_take (samples, n_samples * 2);
}

static void
assert_words_in_order (const WhisTranscript *transcript)
{
  g_autoptr (GString) words = g_string_new (NULL);
  g_autofree char *text = whis_transcript_get_text (transcript);
  guint64 end = 0;

  for (guint i = 0; i < transcript->segments->len; i++)
    {
      const WhisSegment *segment = g_ptr_array_index (transcript->segments, i);

      g_assert_cmpuint (segment->start_ms, >=, end);
      for (guint j = 0; j < segment->words->len; j++)
        {
          const WhisWord *word = g_ptr_array_index (segment->words, j);

          g_assert_cmpuint (word->start_ms, >=, end);
          g_assert_cmpuint (word->end_ms, >, word->start_ms);
          end = word->end_ms;
          g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", word->text);
        }
      g_assert_cmpuint (segment->end_ms, >=, end);
      end = segment->end_ms;
    }
  g_assert_cmpuint (end, <=, transcript->duration_ms);
  g_assert_cmpstr (words->str, ==, text);
}

static void
assert_says (const char *model, const char *language, guint seconds, const char *expected)
{
  g_autoptr (GBytes) samples = make_sound (seconds);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscript) transcript = transcribe_with (model, language, samples, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = whis_transcript_get_text (transcript);
  g_assert_cmpstr (text, ==, expected);
  assert_words_in_order (transcript);
}

static void
test_whisper (void)
{
  g_autoptr (GBytes) samples = make_sound (4);
  g_autoptr (WhisTranscript) transcript = transcribe_with (WHISPER, NULL, samples, NULL);
  const WhisSegment *first;

  /* The model hears French in everything, and is told otherwise. */
  g_assert_cmpstr (transcript->language, ==, "fr");
  g_assert_cmpuint (transcript->segments->len, ==, 2);
  first = g_ptr_array_index (transcript->segments, 0);
  g_assert_cmpuint (first->start_ms, ==, 0);
  g_assert_cmpuint (first->end_ms, ==, 1200);
  g_assert_true (first->is_measured);
  assert_says (WHISPER, NULL, 4, WHISPER_TEXT);
  assert_says (WHISPER, "de", 12, WHISPER_TEXT);
}

static gboolean
is_time (struct whisper_context *context, GArray *tokens, guint i)
{
  return g_array_index (tokens, whisper_token, i) >= whisper_token_beg (context);
}

/* Each sentence stands between times, which go on. */
static void
test_prompt (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("TEST_MODELS"), WHISPER ".bin", NULL);
  struct whisper_context_params params = whisper_context_default_params ();
  struct whisper_context *context;
  g_autoptr (GArray) tokens = NULL;
  guint n_times = 0;

  g_assert_true (whis_ggml_load (NULL));
  params.use_gpu = FALSE;
  context = whisper_init_from_file_with_params (path, params);
  g_assert_nonnull (context);
  tokens = whis_whisper_prompt_new (context, WHISPER_TEXT);
  g_assert_cmpuint (tokens->len, ==, 10 + 4);
  g_assert_true (is_time (context, tokens, 0));
  g_assert_true (is_time (context, tokens, tokens->len - 1));
  for (guint i = 0, last = 0; i < tokens->len; i++)
    {
      guint time = (guint) g_array_index (tokens, whisper_token, i);

      if (!is_time (context, tokens, i))
        continue;
      g_assert_cmpuint (time, >=, last);
      last = time;
      n_times++;
    }
  g_assert_cmpuint (n_times, ==, 4);
  whisper_free (context);
}

/* The tokens' times are those that the model gives them: 320 ms each. */
static void
test_parakeet (void)
{
  g_autoptr (GBytes) samples = make_sound (4);
  g_autoptr (WhisTranscript) transcript = transcribe_with (PARAKEET, NULL, samples, NULL);
  const WhisSegment *segment = g_ptr_array_index (transcript->segments, 0);
  const WhisWord *third = g_ptr_array_index (segment->words, 2);

  g_assert_cmpuint (segment->words->len, ==, 5);
  g_assert_cmpstr (third->text, ==, "engine");
  g_assert_cmpuint (third->start_ms, ==, 640);
  g_assert_cmpuint (third->end_ms, ==, 1280);
  assert_says (PARAKEET, NULL, 4, PARAKEET_TEXT);
}

/* A sound of two minutes is recognised piece by piece, and all pieces lie where they belong. */
static void
test_long (void)
{
  g_autoptr (GBytes) samples = make_sound (120);
  g_autoptr (WhisTranscript) transcript = transcribe_with (PARAKEET, NULL, samples, NULL);
  const WhisSegment *last;

  g_assert_cmpuint (transcript->segments->len, >=, 5);
  assert_words_in_order (transcript);
  last = g_ptr_array_index (transcript->segments, transcript->segments->len - 1);
  g_assert_cmpuint (last->start_ms, >, 90000);
}

/* Samples that are all alike, or too few of them. */
static void
test_nothing (gconstpointer model)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static (NULL, 0);
  g_autoptr (GBytes) blip = g_bytes_new_static ("\1\2\3\4", 4);
  g_autoptr (GBytes) silence = g_bytes_new_take (g_malloc0 (96000), 96000);
  GBytes *sounds[] = { nothing, blip, silence };

  for (guint i = 0; i < G_N_ELEMENTS (sounds); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscript) transcript = transcribe_with (model, NULL, sounds[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (transcript->segments->len, ==, 0);
    }
}

/* Half an hour is given up once it is begun, and what comes after is answered. */
static void
test_abort (gconstpointer model)
{
  static const WhisEngineRequest request;
  g_autoptr (GBytes) long_sound = make_sound (1800);
  g_autoptr (GBytes) short_sound = make_sound (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (WhisTranscript) transcript = NULL;
  g_autoptr (GError) error = NULL;

  /* The model is loaded before, so that what is aborted is the recognition. */
  g_clear_pointer (&transcript, whis_transcript_free);
  transcript = transcribe_with (model, NULL, short_sound, NULL);
  g_assert_nonnull (transcript);
  g_clear_pointer (&transcript, whis_transcript_free);

  whis_recogniser_transcribe_async (shared, model, &request, long_sound, cancellable, keep_result,
                                    &first);
  whis_recogniser_transcribe_async (shared, model, &request, short_sound, NULL, keep_result,
                                    &second);
  g_cancellable_cancel (cancellable);
  await (&second);
  g_assert_nonnull (first);
  g_assert_null (whis_recogniser_transcribe_finish (shared, first, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  transcript = whis_recogniser_transcribe_finish (shared, second, NULL);
  g_assert_nonnull (transcript);

  /* The libraries look between two computations only, and one may take seconds. */
  g_assert_true (whis_ggml_is_abortable ());
  /* What was ended in its midst has left nothing behind. */
  if (g_str_equal (model, WHISPER))
    assert_says (WHISPER, "en", 4, WHISPER_TEXT);
  else
    assert_says (PARAKEET, "en", 4, PARAKEET_TEXT);
}

/* One model takes the place of the other, both ways. */
static void
test_change (void)
{
  assert_says (WHISPER, "en", 4, WHISPER_TEXT);
  assert_says (PARAKEET, "en", 4, PARAKEET_TEXT);
  g_assert_true (whis_recogniser_is_loaded (shared, PARAKEET));
  g_assert_false (whis_recogniser_is_loaded (shared, WHISPER));
  assert_says ("tiny-test", "en", 4, WHISPER_TEXT);
}

static void
assert_refused (const char *model, const char *language, WhisOfflineError code, const char *word)
{
  g_autoptr (GBytes) samples = make_sound (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscript) transcript = transcribe_with (model, language, samples, &error);

  g_assert_null (transcript);
  g_assert_error (error, WHIS_OFFLINE_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, word));
}

/* Noise and half a file never reach a library; they are no models at all. */
static void
test_refused (void)
{
  assert_refused ("noise", NULL, WHIS_OFFLINE_ERROR_NO_MODEL, "noise");
  assert_refused ("cut", NULL, WHIS_OFFLINE_ERROR_NO_MODEL, "cut");
  assert_refused ("absent", NULL, WHIS_OFFLINE_ERROR_NO_MODEL, "absent");
  assert_refused (WHISPER, "tlh", WHIS_OFFLINE_ERROR_LANGUAGE, "tlh");
  assert_refused (PARAKEET, "ja", WHIS_OFFLINE_ERROR_LANGUAGE, "English only");
  assert_says (PARAKEET, NULL, 4, PARAKEET_TEXT);
}

static char *
write_damaged (const char *folder)
{
  g_autofree char *whole = g_build_filename (g_getenv ("TEST_MODELS"), PARAKEET ".bin", NULL);
  g_autofree char *data = NULL;
  char *path = g_build_filename (folder, "damaged.bin", NULL);
  gsize size;

  g_assert_true (g_file_get_contents (whole, &data, &size, NULL));
  g_assert_true (g_file_set_contents (path, data, (gssize) size - 100, NULL));

  return path;
}

static void
assert_damaged (const char *path)
{
  g_autofree char *name = g_strdup_printf ("damaged=%s", path);
  g_autoptr (GError) error = NULL;

  g_assert_true (whis_model_list_set_default (whis_recogniser_get_models (shared), name, &error));
  assert_refused ("damaged", NULL, WHIS_OFFLINE_ERROR_MODEL, "damaged");
}

/* A file that is cut off behind its head is found before it is loaded. */
static void
test_damaged (void)
{
  g_autofree char *folder = g_dir_make_tmp ("whis-models-XXXXXX", NULL);
  g_autofree char *path = write_damaged (folder);

  assert_damaged (path);
  assert_says (PARAKEET, NULL, 4, PARAKEET_TEXT);
  g_unlink (path);
  g_rmdir (folder);
}

/* A card that is not there is not used, and an engine that fails with one takes the process with
 * it: whoever started it goes on without. */
static void
test_gpu (void)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;

  if (g_test_subprocess ())
    {
      whis_engine_set_gpu ("No such card", NULL);
      assert_says (WHISPER, "en", 4, WHISPER_TEXT);
      g_printerr ("The processor has recognised.\n");
      assert_damaged (g_getenv ("TEST_DAMAGED"));
      return;
    }

  folder = g_dir_make_tmp ("whis-models-XXXXXX", NULL);
  path = write_damaged (folder);
  g_setenv ("TEST_DAMAGED", path, TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*The processor has recognised.*The graphics processor failed: *");
  g_unlink (path);
  g_rmdir (folder);
}

static void
assert_layout (const char *data, gsize size, gboolean good)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (whis_model_layout_check ((const guint8 *) data, size, &error), ==, good);
  if (!good)
    g_assert_true (error->domain == WHIS_MODEL_HEADER_ERROR);
}

/* One byte too few or too many, and lengths that would make a library allocate gigabytes. */
static void
test_layout (void)
{
  static const char *const names[] = { WHISPER ".bin", PARAKEET ".bin" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("TEST_MODELS"), names[i], NULL);
      g_autofree char *data = NULL;
      gsize size, at;

      g_assert_true (g_file_get_contents (path, &data, &size, NULL));
      assert_layout (data, size, TRUE);
      assert_layout (data, size - 1, FALSE);
      assert_layout (data, size + 1, FALSE);

      /* The name of the last tensor stands behind its length, the type and the dimensions. */
      at = size - 6;
      while (memcmp (data + at, i == 0 ? "decoder." : "joint.", 6) != 0)
        at--;
      data[at - 13] = 0x7f;
      assert_layout (data, size, FALSE);
      /* The first of the dimensions of the filters. */
      data[i == 0 ? 48 : 64] = 0x7f;
      assert_layout (data, size, FALSE);
    }
}

/* What is for one library must not reach the other: it ends the process. */
static void
test_mixed_up (void)
{
  g_autofree char *whisper = g_build_filename (g_getenv ("TEST_MODELS"), WHISPER ".bin", NULL);
  g_autofree char *parakeet = g_build_filename (g_getenv ("TEST_MODELS"), PARAKEET ".bin", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (whis_model_file_check (whisper, WHIS_MODEL_WHISPER, &error));
  g_assert_true (whis_model_file_check (parakeet, WHIS_MODEL_PARAKEET, &error));
  g_assert_false (whis_model_file_check (whisper, WHIS_MODEL_PARAKEET, NULL));
  g_assert_false (whis_model_file_check (parakeet, WHIS_MODEL_WHISPER, &error));
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL);
}

static void
test_smaller (void)
{
  g_autofree char *smaller = NULL;

  assert_says (WHISPER, "en", 4, WHISPER_TEXT);
  smaller = whis_recogniser_find_smaller (shared);
  g_assert_cmpstr (smaller, ==, PARAKEET);
}

int
main (int argc, char **argv)
{
  const char *folders[] = { g_getenv ("TEST_MODELS"), NULL };
  g_autoptr (WhisModelList) models = NULL;
  int failed;

  g_test_init (&argc, &argv, NULL);
  models = whis_model_list_new (folders, WHIS_POCKETSPHINX_MODELDIR);
  shared = whis_recogniser_new (models);
  g_test_add_func ("/offline/engines/whisper", test_whisper);
  g_test_add_func ("/offline/engines/whisper/prompt", test_prompt);
  g_test_add_func ("/offline/engines/parakeet", test_parakeet);
  g_test_add_func ("/offline/engines/long", test_long);
  g_test_add_data_func ("/offline/engines/whisper/nothing", WHISPER, test_nothing);
  g_test_add_data_func ("/offline/engines/parakeet/nothing", PARAKEET, test_nothing);
  g_test_add_func ("/offline/engines/gpu", test_gpu);
  g_test_add_data_func ("/offline/engines/whisper/abort", WHISPER, test_abort);
  g_test_add_data_func ("/offline/engines/parakeet/abort", PARAKEET, test_abort);
  g_test_add_func ("/offline/engines/change", test_change);
  g_test_add_func ("/offline/engines/refused", test_refused);
  g_test_add_func ("/offline/engines/damaged", test_damaged);
  g_test_add_func ("/offline/engines/layout", test_layout);
  g_test_add_func ("/offline/engines/mixed-up", test_mixed_up);
  g_test_add_func ("/offline/engines/smaller", test_smaller);
  failed = g_test_run ();
  g_object_unref (shared);

  return failed;
}
