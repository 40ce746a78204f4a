/* SPDX-License-Identifier: MIT */
#include "pieces.h"

#include <math.h>
#include <string.h>

/* An engine that writes down what it is asked, and says what the test wants. */
typedef struct
{
  GString *asked;           /* a line for each piece: its seconds and its prompt */
  const char *const *texts; /* of the pieces, the last one for all that follow */
  guint n_pieces;
  guint fails_at;        /* number of a piece, from 1 */
  GCancellable *cancels; /* after the first piece */
  float loudest;
} Engine;

static WhisTranscript *
engine_transcribe (gpointer data,
                   const WhisEngineRequest *request,
                   const float *samples,
                   gsize n_samples,
                   const WhisLoudness *loudness,
                   GCancellable *cancellable,
                   GError **error)
{
  Engine *engine = data;
  const char *text = engine->texts[0];
  WhisTranscript *transcript;

  for (guint i = 0; i <= engine->n_pieces && engine->texts[i] != NULL; i++)
    text = engine->texts[i];
  engine->n_pieces++;
  for (gsize i = 0; i < n_samples; i++)
    engine->loudest = fmaxf (engine->loudest, fabsf (samples[i]));
  g_string_append_printf (engine->asked, "%.1f %s\n", (double) n_samples / WHIS_SAMPLE_RATE,
                          request->prompt != NULL ? request->prompt : "-");
  if (engine->n_pieces == engine->fails_at)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "broken");
      return NULL;
    }
  if (engine->cancels != NULL)
    g_cancellable_cancel (engine->cancels);
  transcript = whis_transcript_new ((guint64) n_samples * 1000 / WHIS_SAMPLE_RATE);
  if (*text != '\0')
    whis_transcript_add (transcript, 100, 900, text);
  transcript->language = g_strdup ("en");

  return transcript;
}

/* Speech is a tone with a pause of half a second each three seconds. */
static GBytes *
make_sound (guint seconds)
{
  gsize n = (gsize) seconds * WHIS_SAMPLE_RATE;
  gint16 *samples = g_new0 (gint16, n);

  for (gsize i = 0; i < n; i++)
    if (i % (3 * WHIS_SAMPLE_RATE) < 5 * WHIS_SAMPLE_RATE / 2)
      samples[i] = (gint16) (8000 * sin ((double) i / 5));

  return g_bytes_new_take (samples, n * sizeof (gint16));
}

static WhisTranscript *
run (Engine *engine, GBytes *sound, const char *prompt, GError **error)
{
  const WhisEngineRequest request = { .prompt = prompt };

  engine->asked = g_string_new (NULL);

  return whis_pieces_transcribe (engine, engine_transcribe, &request, sound, engine->cancels,
                                 error);
}

static void
engine_clear (Engine *engine)
{
  g_string_free (engine->asked, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Engine, engine_clear)

static const char *const hello[] = { "Hello.", NULL };

static void
test_one_piece (void)
{
  g_auto (Engine) engine = { .texts = hello };
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscript) whole = run (&engine, make_sound (10), "words", &error);
  g_autofree char *text = whis_transcript_get_text (whole);

  g_assert_no_error (error);
  g_assert_cmpstr (engine.asked->str, ==, "10.0 words\n");
  g_assert_cmpstr (text, ==, "Hello.");
  g_assert_cmpstr (whole->language, ==, "en");
  g_assert_cmpuint (whole->duration_ms, ==, 10000);
  /* samples are numbers from -1 to 1 */
  g_assert_cmpfloat (engine.loudest, <=, 1);
  g_assert_cmpfloat (engine.loudest, >, 0.2);
}

/* No engine gets more than 28 s at a time, nothing is left out, and times are those of the whole.
 */
static void
test_long (void)
{
  g_auto (Engine) engine = { .texts = hello };
  g_autoptr (WhisTranscript) whole = run (&engine, make_sound (100), NULL, NULL);
  g_auto (GStrv) lines = g_strsplit (engine.asked->str, "\n", -1);
  double sum = 0;
  guint64 last = 0;

  g_assert_cmpuint (engine.n_pieces, >=, 4);
  for (guint i = 0; i < engine.n_pieces; i++)
    {
      double seconds = g_ascii_strtod (lines[i], NULL);

      g_assert_cmpfloat (seconds, <=, 28);
      sum += seconds;
    }
  /* the tone is five sixths of it */
  g_assert_cmpfloat (sum, >=, 83);
  g_assert_cmpuint (whole->segments->len, ==, engine.n_pieces);
  for (guint i = 0; i < whole->segments->len; i++)
    {
      const WhisSegment *segment = g_ptr_array_index (whole->segments, i);

      g_assert_cmpuint (segment->start_ms, >=, last);
      g_assert_cmpuint (segment->end_ms, <=, whole->duration_ms);
      last = segment->end_ms;
    }
  g_assert_cmpuint (last, >, 70000);
}

/* What is shorter than a word, and what is digital silence, is not given to an engine. */
static void
test_nothing (void)
{
  static const gsize lengths[] = { 0, 2, 3198, 64000 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_auto (Engine) engine = { .texts = hello };
      g_autoptr (WhisTranscript) whole =
          run (&engine, g_bytes_new_take (g_malloc0 (lengths[i]), lengths[i]), NULL, NULL);

      g_assert_cmpuint (engine.n_pieces, ==, 0);
      g_assert_cmpuint (whole->segments->len, ==, 0);
      g_assert_cmpuint (whole->duration_ms, ==, lengths[i] / 32);
    }
}

/* A sentence that goes on is told to the next piece, behind the words of the request. */
static void
test_prompts (void)
{
  static const char *const texts[] = { "And so he", "went home.", "Then", NULL };
  g_auto (Engine) engine = { .texts = texts };
  g_autoptr (WhisTranscript) whole = run (&engine, make_sound (100), "Austen", NULL);
  g_auto (GStrv) lines = g_strsplit (engine.asked->str, "\n", -1);

  g_assert_true (g_str_has_suffix (lines[0], " Austen"));
  g_assert_true (g_str_has_suffix (lines[1], " Austen And so he"));
  g_assert_true (g_str_has_suffix (lines[2], " Austen"));
  g_assert_true (g_str_has_suffix (lines[3], " Austen Then"));
}

static void
test_prompts_without_words (void)
{
  static const char *const texts[] = { "And so he", "", "went home.", NULL };
  g_auto (Engine) engine = { .texts = texts };
  g_autoptr (WhisTranscript) whole = run (&engine, make_sound (100), NULL, NULL);
  g_auto (GStrv) lines = g_strsplit (engine.asked->str, "\n", -1);

  g_assert_true (g_str_has_suffix (lines[0], " -"));
  g_assert_true (g_str_has_suffix (lines[1], " And so he"));
  /* a piece in which nothing was said ends no sentence */
  g_assert_true (g_str_has_suffix (lines[2], " And so he"));
  g_assert_true (g_str_has_suffix (lines[3], " -"));
}

static void
test_fails (void)
{
  g_auto (Engine) engine = { .texts = hello, .fails_at = 2 };
  g_autoptr (GError) error = NULL;

  g_assert_null (run (&engine, make_sound (100), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpuint (engine.n_pieces, ==, 2);
}

/* Nobody waits for the rest of a long sound. */
static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Engine) engine = { .texts = hello, .cancels = cancellable };
  g_autoptr (GError) error = NULL;

  g_assert_null (run (&engine, make_sound (100), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (engine.n_pieces, ==, 1);
}

/* --- how loud it is --------------------------------------------------------------------------- */

static void
test_loudness (void)
{
  g_autoptr (GBytes) sound = make_sound (6);
  gsize size;
  const gint16 *samples = g_bytes_get_data (sound, &size);
  g_autoptr (WhisLoudness) loudness = whis_loudness_new (samples, size / 2);
  g_autoptr (WhisLoudness) empty = whis_loudness_new (NULL, 0);

  g_assert_cmpuint (loudness->frames->len, ==, 300);
  g_assert_true (whis_loudness_is_loud_at (loudness, 0));
  g_assert_true (whis_loudness_is_loud_at (loudness, 2400));
  g_assert_false (whis_loudness_is_loud_at (loudness, 2700));
  g_assert_true (whis_loudness_is_loud_at (loudness, 3100));
  /* behind the end nobody speaks */
  g_assert_false (whis_loudness_is_loud_at (loudness, 6000));
  g_assert_false (whis_loudness_is_loud_at (loudness, G_MAXUINT64));
  g_assert_cmpuint (whis_loudness_count_loud_ms (loudness, 0, 6000), ==, 5000);
  g_assert_cmpuint (whis_loudness_count_loud_ms (loudness, 2520, 2960), ==, 0);
  g_assert_cmpuint (whis_loudness_count_loud_ms (loudness, 7000, 9000), ==, 0);
  g_assert_cmpuint (whis_loudness_count_loud_ms (empty, 0, 1000), ==, 0);
  g_assert_false (whis_loudness_is_loud_at (empty, 0));
}

/* --- segments --------------------------------------------------------------------------------- */

/* Models give times before the start, behind the end and backwards. */
static void
test_limits (void)
{
  g_autoptr (WhisSegment) segment = whis_segment_new (100, 9000, "one two three");
  const WhisWord *words[3];

  whis_segment_add_word (segment, 0, 700, "one");
  whis_segment_add_word (segment, 300, 200, "two");
  whis_segment_add_word (segment, 8000, 9500, "three");
  whis_segment_add_word (segment, 100, 200, "  ");
  g_assert_cmpuint (segment->words->len, ==, 3);
  whis_segment_limit (segment, 500, 5000);
  g_assert_cmpuint (segment->start_ms, ==, 500);
  g_assert_cmpuint (segment->end_ms, ==, 5000);
  for (guint i = 0; i < 3; i++)
    words[i] = g_ptr_array_index (segment->words, i);
  g_assert_cmpuint (words[0]->start_ms, ==, 500);
  g_assert_cmpuint (words[0]->end_ms, ==, 700);
  g_assert_cmpuint (words[1]->start_ms, ==, 700);
  g_assert_cmpuint (words[1]->end_ms, ==, 700);
  g_assert_cmpuint (words[2]->start_ms, ==, 5000);
  g_assert_cmpuint (words[2]->end_ms, ==, 5000);
  whis_segment_shift (segment, 28000);
  g_assert_cmpuint (segment->start_ms, ==, 28500);
  g_assert_cmpuint (words[2]->end_ms, ==, 33000);
}

/* A text that repeats itself becomes much smaller; 2.4 is where Whisper doubts it. */
static void
test_compression (void)
{
  g_autoptr (GString) loop = g_string_new (NULL);

  for (guint i = 0; i < 40; i++)
    g_string_append (loop, "and again ");
  g_assert_cmpfloat (whis_compression_ratio (loop->str), >, 2.4);
  g_assert_cmpfloat (whis_compression_ratio ("He might even have been made amiable himself."), <,
                     2.4);
  g_assert_cmpfloat (whis_compression_ratio (""), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/offline/pieces/one", test_one_piece);
  g_test_add_func ("/offline/pieces/long", test_long);
  g_test_add_func ("/offline/pieces/nothing", test_nothing);
  g_test_add_func ("/offline/pieces/prompts", test_prompts);
  g_test_add_func ("/offline/pieces/prompts-without-words", test_prompts_without_words);
  g_test_add_func ("/offline/pieces/fails", test_fails);
  g_test_add_func ("/offline/pieces/cancelled", test_cancelled);
  g_test_add_func ("/offline/loudness", test_loudness);
  g_test_add_func ("/offline/segment/limits", test_limits);
  g_test_add_func ("/offline/segment/compression", test_compression);

  return g_test_run ();
}
