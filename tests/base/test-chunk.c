/* SPDX-License-Identifier: MIT */
#include "chunk.h"

#include "timed-text.h"

static void
assert_spans (GArray *spans, const char *expected)
{
  g_autofree char *text = whis_spans_print (spans);

  g_assert_cmpstr (text, ==, expected);
}

/* A chunk that is sent outlives the one that the chunker goes on with. */
static void
test_copy (void)
{
  WhisChunk *chunk = whis_chunk_new ("20260101-000000-000000", 7);
  g_autoptr (WhisChunk) copy = NULL;

  chunk->offset = G_MAXUINT64;
  chunk->size = 42;
  chunk->start_ms = 1000;
  chunk->length_ms = 2000;
  chunk->overlaps_previous = TRUE;
  chunk->has_speech = TRUE;
  chunk->cut_in_speech = TRUE;
  chunk->voice_ms = 1500;
  chunk->voice = whis_spans_parse ("1000-2500");
  chunk->sounds = whis_spans_parse ("2600-2700");
  copy = whis_chunk_copy (chunk);
  whis_spans_add (chunk->voice, 2600, 2700);
  whis_spans_add (chunk->sounds, 2800, 2900);
  whis_chunk_free (chunk);

  g_assert_cmpstr (copy->dictation, ==, "20260101-000000-000000");
  g_assert_cmpuint (copy->index, ==, 7);
  g_assert_cmpuint (copy->offset, ==, G_MAXUINT64);
  g_assert_cmpuint (copy->size, ==, 42);
  g_assert_cmpuint (copy->start_ms, ==, 1000);
  g_assert_cmpuint (copy->length_ms, ==, 2000);
  g_assert_true (copy->overlaps_previous);
  g_assert_true (copy->has_speech);
  g_assert_true (copy->cut_in_speech);
  g_assert_cmpuint (copy->voice_ms, ==, 1500);
  assert_spans (copy->voice, "1000-2500");
  assert_spans (copy->sounds, "2600-2700");
}

/* That where voice was heard is not known stays so. */
static void
test_copy_without_spans (void)
{
  g_autoptr (WhisChunk) chunk = whis_chunk_new ("d", 0);
  g_autoptr (WhisChunk) copy = g_boxed_copy (WHIS_TYPE_CHUNK, chunk);

  g_assert_null (copy->voice);
  g_assert_null (copy->sounds);
  whis_chunk_free (NULL);
}

/* Services send times that run backwards; no subtitle may. */
static void
test_timed_text (void)
{
  static const guint64 times[][3] = {
    { 10, 20, 20 },
    { 10, 10, 10 },
    { 20, 10, 20 },
    { G_MAXUINT64, 0, G_MAXUINT64 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autoptr (WhisTimedText) text = whis_timed_text_new (times[i][0], times[i][1], "word");

      g_assert_cmpuint (text->start_ms, ==, times[i][0]);
      g_assert_cmpuint (text->end_ms, ==, times[i][2]);
    }
}

static void
test_timed_texts_copy (void)
{
  g_autoptr (GPtrArray) texts = whis_timed_texts_new ();
  g_autoptr (GPtrArray) copy = NULL;
  const WhisTimedText *first;

  g_ptr_array_add (texts, whis_timed_text_new (1, 2, "one"));
  g_ptr_array_add (texts, whis_timed_text_new (3, 4, "“two”"));
  copy = whis_timed_texts_copy (texts);
  g_ptr_array_set_size (texts, 0);

  g_assert_cmpuint (copy->len, ==, 2);
  first = g_ptr_array_index (copy, 0);
  g_assert_cmpuint (first->start_ms, ==, 1);
  g_assert_cmpuint (first->end_ms, ==, 2);
  g_assert_cmpstr (first->text, ==, "one");
  g_assert_cmpstr (((const WhisTimedText *) g_ptr_array_index (copy, 1))->text, ==, "“two”");
  g_assert_null (whis_timed_texts_copy (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chunk/copy", test_copy);
  g_test_add_func ("/chunk/copy-without-spans", test_copy_without_spans);
  g_test_add_func ("/timed-text/times", test_timed_text);
  g_test_add_func ("/timed-text/copy", test_timed_texts_copy);

  return g_test_run ();
}
