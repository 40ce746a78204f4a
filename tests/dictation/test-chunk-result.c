/* SPDX-License-Identifier: MIT */
#include "chunk-result.h"

/* What the history is told of a chunk, and when an earlier try has it already. */

static WhisRecordChunk *
create (guint index)
{
  g_autoptr (WhisChunk) chunk = whis_chunk_new ("20261130-120000-0000", index);

  chunk->offset = index * 1000;
  chunk->size = 1000;
  chunk->start_ms = index * 5000;
  chunk->length_ms = 5000;

  return whis_record_chunk_new (chunk);
}

static GPtrArray *
create_times (void)
{
  GPtrArray *times = whis_timed_texts_new ();

  g_ptr_array_add (times, whis_timed_text_new (0, 500, "words"));

  return times;
}

/* A text takes the place of an error, and the other way round. */
static void
test_text_and_error (void)
{
  g_autoptr (WhisRecordChunk) chunk = create (0);

  whis_chunk_result_set_error (chunk, "network", "The network is down.");
  g_assert_null (chunk->text);
  g_assert_cmpstr (chunk->code, ==, "network");
  g_assert_cmpstr (chunk->message, ==, "The network is down.");

  whis_chunk_result_set_text (chunk, "words");
  g_assert_cmpstr (chunk->text, ==, "words");
  g_assert_null (chunk->code);
  g_assert_null (chunk->message);

  whis_chunk_result_set_error (chunk, "network", "Again.");
  g_assert_null (chunk->text);
}

static void
test_echo (void)
{
  g_autoptr (WhisRecordChunk) chunk = create (0);

  whis_chunk_result_set_echo (chunk);
  g_assert_cmpstr (chunk->text, ==, "");
  g_assert_cmpstr (chunk->code, ==, "no-speech");
}

static void
test_source (void)
{
  g_autoptr (WhisRecordChunk) chunk = create (0);

  whis_chunk_result_set_source (chunk, &(WhisChunkSource){ "groq", "a-model", "host", "openai" });
  whis_chunk_result_set_source (chunk, &(WhisChunkSource){ .provider = "openai", .host = "other" });
  g_assert_cmpstr (chunk->provider, ==, "openai");
  g_assert_cmpstr (chunk->host, ==, "other");
  g_assert_null (chunk->model);
  g_assert_null (chunk->tried);
}

static void
test_times (void)
{
  g_autoptr (WhisRecordChunk) chunk = create (0);
  g_autoptr (GPtrArray) times = create_times ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  whis_chunk_result_set_times (chunk, times);
  g_assert_nonnull (chunk->times);
  g_assert_cmpuint (chunk->times->len, ==, 1);
  whis_chunk_result_set_times (chunk, none);
  g_assert_null (chunk->times);
}

static WhisRecord *
create_earlier (void)
{
  WhisRecord *record = whis_record_new ("20261130-110000-0000");

  for (guint i = 0; i < 2; i++)
    {
      WhisRecordChunk *chunk = create (i);

      whis_chunk_result_set_text (chunk, i == 0 ? "first" : "second");
      whis_chunk_result_set_source (chunk, &(WhisChunkSource){ "groq", "a-model", "host", NULL });
      g_ptr_array_add (record->chunks, chunk);
    }

  return record;
}

static const WhisRecordChunk *
find (WhisRecord *earlier, WhisRecordChunk *chunk)
{
  return whis_chunk_result_find (earlier, chunk->chunk, FALSE);
}

static void
test_found (void)
{
  g_autoptr (WhisRecord) earlier = create_earlier ();
  g_autoptr (WhisRecordChunk) chunk = create (1);
  const WhisRecordChunk *found = find (earlier, chunk);

  g_assert_nonnull (found);
  whis_chunk_result_copy (chunk, found);
  g_assert_cmpstr (chunk->text, ==, "second");
  g_assert_cmpstr (chunk->provider, ==, "groq");
  g_assert_cmpstr (chunk->model, ==, "a-model");
}

/* Another sound under the same number is not taken for the same. */
static void
test_not_found (void)
{
  g_autoptr (WhisRecord) earlier = create_earlier ();
  g_autoptr (WhisRecordChunk) offset = create (1);
  g_autoptr (WhisRecordChunk) size = create (1);
  g_autoptr (WhisRecordChunk) start = create (1);
  g_autoptr (WhisRecordChunk) index = create (2);
  g_autoptr (WhisRecordChunk) failed = create (0);

  offset->chunk->offset++;
  g_assert_null (find (earlier, offset));
  size->chunk->size++;
  g_assert_null (find (earlier, size));
  start->chunk->start_ms++;
  g_assert_null (find (earlier, start));
  g_assert_null (find (earlier, index));
  g_assert_null (find (NULL, index));

  g_assert_nonnull (find (earlier, failed));
  whis_chunk_result_set_error (g_ptr_array_index (earlier->chunks, 0), "network", "It failed.");
  g_assert_null (find (earlier, failed));
}

/* Where times are wanted, a text without them is of no use, but silence has none. */
static void
test_times_wanted (void)
{
  g_autoptr (WhisRecord) earlier = create_earlier ();
  g_autoptr (WhisRecordChunk) chunk = create (1);
  g_autoptr (GPtrArray) times = create_times ();
  WhisRecordChunk *known = g_ptr_array_index (earlier->chunks, 1);

  g_assert_null (whis_chunk_result_find (earlier, chunk->chunk, TRUE));
  whis_chunk_result_set_times (known, times);
  g_assert_true (whis_chunk_result_find (earlier, chunk->chunk, TRUE) == known);
  whis_chunk_result_copy (chunk, known);
  g_assert_nonnull (chunk->times);

  whis_chunk_result_set_times (known, NULL);
  whis_chunk_result_set_text (known, "");
  g_assert_true (whis_chunk_result_find (earlier, chunk->chunk, TRUE) == known);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chunk-result/text-and-error", test_text_and_error);
  g_test_add_func ("/chunk-result/echo", test_echo);
  g_test_add_func ("/chunk-result/source", test_source);
  g_test_add_func ("/chunk-result/times", test_times);
  g_test_add_func ("/chunk-result/found", test_found);
  g_test_add_func ("/chunk-result/not-found", test_not_found);
  g_test_add_func ("/chunk-result/times-wanted", test_times_wanted);

  return g_test_run ();
}
