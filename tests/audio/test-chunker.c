/* SPDX-License-Identifier: MIT */
#include "chunker.h"

#define FRAME_MS 36
#define LONGEST_MS 30000
#define STEP_MS 10

/* A dictation as the chunker sees it: one byte per 10 ms of voice, one size per frame. */
typedef struct
{
  GArray *voice;
  GArray *sizes;
} Story;

static Story *
story_new (void)
{
  Story *story = g_new0 (Story, 1);

  story->voice = g_array_new (FALSE, FALSE, 1);
  story->sizes = g_array_new (FALSE, FALSE, sizeof (guint));

  return story;
}

static void
story_free (Story *story)
{
  g_array_unref (story->voice);
  g_array_unref (story->sizes);
  g_free (story);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Story, story_free)

static void
tell (Story *story, guint ms, gboolean voice)
{
  for (guint i = 0; i < ms / STEP_MS; i++)
    {
      guint8 step = voice ? 1 : 0;

      g_array_append_val (story->voice, step);
    }
}

static void
make_frames (Story *story, gboolean same_size)
{
  guint n = (story->voice->len * STEP_MS + FRAME_MS - 1) / FRAME_MS;

  for (guint i = 0; i < n; i++)
    {
      guint size = same_size ? 144 : (guint) g_test_rand_int_range (100, 300);

      g_array_append_val (story->sizes, size);
    }
}

static guint64
offset_of (Story *story, guint64 frame)
{
  guint64 sum = 0;

  for (guint64 i = 0; i < frame; i++)
    sum += g_array_index (story->sizes, guint, i);

  return sum;
}

static gboolean
voice_at (Story *story, guint64 ms)
{
  return ms / STEP_MS < story->voice->len
         && g_array_index (story->voice, guint8, ms / STEP_MS) != 0;
}

static guint64
voice_in (Story *story, guint64 from, guint64 to)
{
  guint64 sum = 0;

  for (guint64 ms = from; ms < to; ms++)
    sum += voice_at (story, ms);

  return sum;
}

static void
take (WhisChunker *chunker, WhisChunk *(*cut) (WhisChunker *), GPtrArray *chunks)
{
  WhisChunk *chunk;

  while ((chunk = cut (chunker)) != NULL)
    g_ptr_array_add (chunks, chunk);
}

/* Feeds the story in the order it happens; @batch frames at a time, voice behind by @delay_ms. */
static GPtrArray *
feed_story (Story *story, WhisChunker *chunker, guint batch, guint delay_ms)
{
  GPtrArray *chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_chunk_free);
  guint step = 0;

  for (guint i = 0; i < story->sizes->len; i++)
    {
      whis_chunker_add_frame (chunker, g_array_index (story->sizes, guint, i));
      while (step < story->voice->len && (step + 1) * STEP_MS + delay_ms <= (i + 1) * FRAME_MS)
        whis_chunker_add_voice (chunker, STEP_MS, g_array_index (story->voice, guint8, step++));
      if (i % batch == 0)
        take (chunker, whis_chunker_next, chunks);
    }
  while (step < story->voice->len)
    whis_chunker_add_voice (chunker, STEP_MS, g_array_index (story->voice, guint8, step++));
  take (chunker, whis_chunker_flush, chunks);

  return chunks;
}

static GPtrArray *
cut_story (Story *story, guint longest_ms, guint batch, guint delay_ms)
{
  g_autoptr (WhisChunker) chunker = whis_chunker_new ("d", longest_ms, FRAME_MS);

  return feed_story (story, chunker, batch, delay_ms);
}

static WhisChunk *
nth (GPtrArray *chunks, guint n)
{
  g_assert_cmpuint (n, <, chunks->len);

  return g_ptr_array_index (chunks, n);
}

static guint64
end_of (WhisChunk *chunk)
{
  return chunk->start_ms + chunk->length_ms;
}

static void
assert_bytes (Story *story, WhisChunk *chunk)
{
  guint64 first = chunk->start_ms / FRAME_MS;
  guint64 end = end_of (chunk) / FRAME_MS;

  g_assert_cmpuint (chunk->start_ms % FRAME_MS, ==, 0);
  g_assert_cmpuint (chunk->length_ms % FRAME_MS, ==, 0);
  g_assert_cmpuint (chunk->offset, ==, offset_of (story, first > 4 ? first - 4 : 0));
  g_assert_cmpuint (chunk->offset + chunk->size, ==, offset_of (story, end));
}

static guint64
silence_after (Story *story, WhisChunk *chunk)
{
  guint64 ms = end_of (chunk);

  while (ms > chunk->start_ms && !voice_at (story, ms - 1))
    ms--;

  return end_of (chunk) - ms;
}

static void
assert_follows (Story *story, const WhisChunkMargins *margins, WhisChunk *before, WhisChunk *chunk)
{
  g_assert_cmpuint (chunk->index, ==, before->index + 1);

  if (chunk->overlaps_previous)
    {
      g_assert_cmpuint (end_of (before) - chunk->start_ms, <=, WHIS_CHUNKER_OVERLAP_MS);
      g_assert_cmpuint (end_of (before) - chunk->start_ms, >, WHIS_CHUNKER_OVERLAP_MS - FRAME_MS);
      g_assert_cmpuint (end_of (chunk), >, end_of (before));
      /* a pause that was seen only in part is no word that is cut */
      if (before->has_speech && silence_after (story, before) < 80)
        g_assert_true (whis_chunker_cut_inside_speech (before, margins));
    }
  else
    {
      g_assert_cmpuint (chunk->start_ms, ==, end_of (before));
      g_assert_false (voice_at (story, chunk->start_ms));
    }
}

static const WhisChunkMargins usual = WHIS_CHUNK_MARGINS_INIT;

/* What must hold for whatever was said. */
static void
assert_story (Story *story, GPtrArray *chunks, const WhisChunkMargins *margins, guint longest_ms)
{
  g_assert_cmpuint (nth (chunks, 0)->index, ==, 0);
  g_assert_cmpuint (nth (chunks, 0)->start_ms, ==, 0);
  g_assert_false (nth (chunks, 0)->overlaps_previous);
  g_assert_cmpuint (end_of (nth (chunks, chunks->len - 1)), ==, story->sizes->len * FRAME_MS);

  for (guint i = 0; i < chunks->len; i++)
    {
      WhisChunk *chunk = nth (chunks, i);
      guint64 voice = voice_in (story, chunk->start_ms, end_of (chunk));

      g_assert_cmpstr (chunk->dictation, ==, "d");
      g_assert_cmpuint (chunk->length_ms, >, 0);
      g_assert_cmpuint (chunk->length_ms, <=, longest_ms);
      g_assert_cmpuint (chunk->voice_ms, ==, voice);
      g_assert_cmpint (chunk->has_speech, ==, voice >= WHIS_CHUNKER_SPEECH_MS);
      assert_bytes (story, chunk);
      if (i > 0)
        assert_follows (story, margins, nth (chunks, i - 1), chunk);
    }
}

static void
assert_same (GPtrArray *chunks, GPtrArray *others)
{
  g_assert_cmpuint (chunks->len, ==, others->len);

  for (guint i = 0; i < chunks->len; i++)
    {
      g_assert_cmpuint (nth (chunks, i)->start_ms, ==, nth (others, i)->start_ms);
      g_assert_cmpuint (nth (chunks, i)->length_ms, ==, nth (others, i)->length_ms);
    }
}

static void
tell_at_random (Story *story)
{
  static const guint longest_stretch[] = { 100, 400, 2000, 8000, 40000 };
  guint kind = (guint) g_test_rand_int_range (0, G_N_ELEMENTS (longest_stretch));
  guint n = (guint) g_test_rand_int_range (0, 40);

  for (guint i = 0; i < n; i++)
    {
      tell (story, (guint) g_test_rand_int_range (0, (int) longest_stretch[kind]), TRUE);
      tell (story, (guint) g_test_rand_int_range (10, (int) longest_stretch[(kind + 2) % 5]),
            FALSE);
    }
  tell (story, 1 + (guint) g_test_rand_int_range (10, 3000), g_test_rand_bit ());
}

static void
test_random (void)
{
  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (Story) story = story_new ();
      guint longest_ms = (guint) g_test_rand_int_range (10, 300) * 1000;
      g_autoptr (GPtrArray) chunks = NULL;
      g_autoptr (GPtrArray) others = NULL;

      tell_at_random (story);
      make_frames (story, FALSE);

      chunks = cut_story (story, longest_ms, 1, 0);
      assert_story (story, chunks, &usual, longest_ms);

      others = cut_story (story, longest_ms, 50, 300);
      assert_same (chunks, others);
    }
}

static GPtrArray *
cut_and_check (Story *story)
{
  GPtrArray *chunks;

  make_frames (story, TRUE);
  chunks = cut_story (story, LONGEST_MS, 1, 300);
  assert_story (story, chunks, &usual, LONGEST_MS);

  return chunks;
}

static void
test_nothing (void)
{
  g_autoptr (WhisChunker) chunker = whis_chunker_new ("d", LONGEST_MS, FRAME_MS);

  g_assert_null (whis_chunker_next (chunker));
  g_assert_null (whis_chunker_flush (chunker));
}

static void
test_short (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  tell (story, 300, FALSE);
  tell (story, 250, TRUE); /* "No." */
  tell (story, 400, FALSE);
  chunks = cut_and_check (story);

  g_assert_cmpuint (chunks->len, ==, 1);
  g_assert_true (nth (chunks, 0)->has_speech);
}

static void
test_clicks (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  for (guint i = 0; i < 5; i++)
    {
      tell (story, 20, TRUE);
      tell (story, 900, FALSE);
    }
  chunks = cut_and_check (story);

  g_assert_cmpuint (chunks->len, ==, 1);
  g_assert_false (nth (chunks, 0)->has_speech);
}

static void
test_pause (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  tell (story, 5000, TRUE);
  tell (story, 800, FALSE); /* too early to cut */
  tell (story, 6000, TRUE);
  tell (story, 600, FALSE);
  tell (story, 3000, TRUE);
  chunks = cut_and_check (story);

  g_assert_cmpuint (chunks->len, ==, 2);
  g_assert_false (nth (chunks, 1)->overlaps_previous);
  g_assert_cmpuint (nth (chunks, 1)->start_ms, >, 11900);
  g_assert_cmpuint (nth (chunks, 1)->start_ms, <, 12200);
  g_assert_false (nth (chunks, 0)->cut_in_speech);
  g_assert_false (nth (chunks, 1)->cut_in_speech);
  g_assert_false (whis_chunker_cut_inside_speech (nth (chunks, 0), &usual));
}

/* What is heard up to the cut ends in the middle of the next sentence. */
static void
test_pause_that_was_over (void)
{
  g_autoptr (WhisChunker) chunker = whis_chunker_new ("d", LONGEST_MS, FRAME_MS);
  g_autoptr (WhisChunk) chunk = NULL;

  whis_chunker_add_voice (chunker, 11000, TRUE);
  whis_chunker_add_voice (chunker, 600, FALSE);
  whis_chunker_add_voice (chunker, 100, TRUE);
  while (chunk == NULL)
    {
      whis_chunker_add_frame (chunker, 144);
      chunk = whis_chunker_next (chunker);
    }
  g_assert_cmpuint (end_of (chunk), <, 11600);
  g_assert_true (chunk->cut_in_speech);
}

static void
test_short_pause_when_late (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  tell (story, 15000, TRUE);
  tell (story, 250, FALSE); /* a breath: not good enough yet */
  tell (story, 12000, TRUE);
  tell (story, 250, FALSE); /* good enough now */
  tell (story, 5000, TRUE);
  chunks = cut_and_check (story);

  g_assert_cmpuint (chunks->len, ==, 2);
  g_assert_false (nth (chunks, 1)->overlaps_previous);
  g_assert_cmpuint (nth (chunks, 1)->start_ms, >, 27250);
  g_assert_cmpuint (nth (chunks, 1)->start_ms, <, 27500);
}

static void
test_forced (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  tell (story, 50000, TRUE);
  chunks = cut_and_check (story);

  g_assert_cmpuint (chunks->len, ==, 2);
  g_assert_cmpuint (nth (chunks, 0)->length_ms, >, LONGEST_MS - FRAME_MS);
  g_assert_true (nth (chunks, 1)->overlaps_previous);
  g_assert_true (nth (chunks, 0)->cut_in_speech);
  g_assert_false (nth (chunks, 1)->cut_in_speech);
}

/* A pause of seconds ago is a good place to cut, but not one where somebody is silent now. */
static void
test_forced_at_earlier_pause (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  tell (story, 26000, TRUE);
  tell (story, 200, FALSE);
  tell (story, 10000, TRUE);
  chunks = cut_and_check (story);

  g_assert_cmpuint (chunks->len, ==, 2);
  g_assert_false (nth (chunks, 1)->overlaps_previous);
  g_assert_true (nth (chunks, 0)->cut_in_speech);
}

static void
test_forced_at_dip (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  tell (story, 26000, TRUE);
  tell (story, 60, FALSE);
  tell (story, 1000, TRUE);
  tell (story, 100, FALSE); /* the closure of a "t" */
  tell (story, 10000, TRUE);
  chunks = cut_and_check (story);

  g_assert_cmpuint (chunks->len, ==, 2);
  g_assert_true (nth (chunks, 1)->overlaps_previous);
  g_assert_cmpuint (end_of (nth (chunks, 0)), >, 27050);
  g_assert_cmpuint (end_of (nth (chunks, 0)), <, 27160);
}

static void
test_flush_at_forced_cut (void)
{
  g_autoptr (WhisChunker) chunker = whis_chunker_new ("d", 10000, FRAME_MS);
  g_autoptr (WhisChunk) chunk = NULL;

  for (guint i = 0; i < 10000 / FRAME_MS; i++)
    {
      g_assert_null (whis_chunker_next (chunker));
      whis_chunker_add_frame (chunker, 144);
      whis_chunker_add_voice (chunker, FRAME_MS, TRUE);
    }

  chunk = whis_chunker_next (chunker);
  g_assert_nonnull (chunk);

  /* only the overlap is left, and it holds nothing new */
  g_assert_null (whis_chunker_flush (chunker));
}

static void
test_silence_first (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  tell (story, 20000, FALSE);
  tell (story, 2000, TRUE);
  tell (story, 300, FALSE);
  chunks = cut_and_check (story);

  g_assert_cmpuint (chunks->len, ==, 2);
  g_assert_false (nth (chunks, 0)->has_speech);
  g_assert_false (nth (chunks, 0)->cut_in_speech);
  g_assert_true (nth (chunks, 1)->has_speech);
  g_assert_cmpuint (nth (chunks, 1)->start_ms, >=, 19460);
  g_assert_cmpuint (nth (chunks, 1)->start_ms, <=, 19500);
}

static void
test_silence_only (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  tell (story, 3 * 60 * 1000, FALSE);
  chunks = cut_and_check (story);

  for (guint i = 0; i < chunks->len; i++)
    g_assert_false (nth (chunks, i)->has_speech);
}

/* As models of the Whisper and of the Parakeet kind want it. */
static const WhisChunkMargins narrow = { .wanted_ms = 20000,
                                         .lead_ms = 700,
                                         .before_ms = 400,
                                         .behind_ms = 300,
                                         .end_ms = 300,
                                         .sentence_ms = 600,
                                         .pause_ms = 3000 };
static const WhisChunkMargins late = { .wanted_ms = 12000,
                                       .lead_ms = 240,
                                       .before_ms = 160,
                                       .behind_ms = 500,
                                       .least_behind_ms = 540,
                                       .end_ms = 600,
                                       .pause_ms = 2000 };

static GPtrArray *
cut_with_margins (Story *story, guint longest_ms, const WhisChunkMargins *margins)
{
  g_autoptr (WhisChunker) chunker = whis_chunker_new ("d", longest_ms, FRAME_MS);

  whis_chunker_set_margins (chunker, margins);

  return feed_story (story, chunker, 1, 300);
}

static GPtrArray *
cut_and_check_margins (Story *story, const WhisChunkMargins *margins)
{
  GPtrArray *chunks;

  make_frames (story, TRUE);
  chunks = cut_with_margins (story, 28000, margins);
  assert_story (story, chunks, margins, 28000);

  return chunks;
}

/* How much silence a chunk begins or ends with. */
static guint64
silence_before (Story *story, WhisChunk *chunk)
{
  guint64 ms = chunk->start_ms;

  while (ms < end_of (chunk) && !voice_at (story, ms))
    ms++;

  return ms - chunk->start_ms;
}

static WhisChunk *
nth_with_speech (GPtrArray *chunks, guint n)
{
  for (guint i = 0; i < chunks->len; i++)
    if (nth (chunks, i)->has_speech && n-- == 0)
      return nth (chunks, i);

  g_assert_not_reached ();
}

static guint
count_with_speech (GPtrArray *chunks)
{
  guint n = 0;

  for (guint i = 0; i < chunks->len; i++)
    n += nth (chunks, i)->has_speech;

  return n;
}

/* A sentence with long silence around it is sent with a little of it. */
static void
test_margins (void)
{
  static const WhisChunkMargins *const all[] = { &narrow, &late };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (Story) story = story_new ();
      g_autoptr (GPtrArray) chunks = NULL;
      WhisChunk *chunk;

      tell (story, 2500, FALSE);
      tell (story, 4000, TRUE);
      tell (story, 2500, FALSE);
      chunks = cut_and_check_margins (story, all[i]);
      chunk = nth_with_speech (chunks, 0);
      g_assert_cmpuint (count_with_speech (chunks), ==, 1);
      g_assert_cmpuint (silence_before (story, chunk), <=, all[i]->before_ms + FRAME_MS);
      g_assert_cmpuint (silence_before (story, chunk), >=, all[i]->before_ms);
      g_assert_cmpuint (silence_after (story, chunk), >=, all[i]->least_behind_ms > 0 ? 500 : 260);
      g_assert_cmpuint (silence_after (story, chunk), <=, all[i]->end_ms + FRAME_MS);
    }
}

/* A pause goes behind the speech before it, as far as the model wants that. */
static void
test_margins_at_pause (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;
  WhisChunk *chunk;

  tell (story, 14000, TRUE);
  tell (story, 650, FALSE);
  tell (story, 7000, TRUE);
  tell (story, 700, FALSE);
  tell (story, 3000, TRUE);

  chunks = cut_and_check_margins (story, &late);
  chunk = nth (chunks, 0);
  g_assert_cmpuint (chunk->length_ms, <, 14700);
  g_assert_cmpuint (silence_after (story, chunk), >=, 500);
  g_assert_cmpuint (silence_before (story, nth_with_speech (chunks, 1)), <=, 200);
  g_clear_pointer (&chunks, g_ptr_array_unref);

  chunks = cut_with_margins (story, 28000, &narrow);
  chunk = nth (chunks, 0);
  g_assert_cmpuint (chunk->length_ms, >, 21000);
  g_assert_cmpuint (silence_after (story, chunk), <=, 300);
  g_assert_cmpuint (silence_before (story, nth_with_speech (chunks, 1)), >=, 200 - FRAME_MS);
}

/* As Whisper wants it, the first chunk ends between these times. */
static void
assert_first_ends (Story *story, guint64 from_ms, guint64 to_ms)
{
  g_autoptr (GPtrArray) chunks = cut_and_check_margins (story, &narrow);

  g_assert_cmpuint (end_of (nth (chunks, 0)), >=, from_ms);
  g_assert_cmpuint (end_of (nth (chunks, 0)), <=, to_ms);
}

/* A sentence ends at the longest pause, also where that was over before the chunk had its length.
 */
static void
test_margins_sentence (void)
{
  g_autoptr (Story) story = story_new ();

  tell (story, 20500, TRUE);
  tell (story, 450, FALSE);
  tell (story, 1500, TRUE);
  tell (story, 550, FALSE);
  tell (story, 3000, TRUE);
  tell (story, 400, FALSE);
  tell (story, 5000, TRUE);
  assert_first_ends (story, 22450, 23000);
}

/* Nothing is waited for behind a pause that only a sentence has. */
static void
test_margins_sentence_at_once (void)
{
  g_autoptr (Story) story = story_new ();

  tell (story, 21000, TRUE);
  tell (story, 300, FALSE);
  tell (story, 1000, TRUE);
  tell (story, 650, FALSE);
  tell (story, 1000, TRUE);
  tell (story, 1200, FALSE);
  tell (story, 1000, TRUE);
  assert_first_ends (story, 22300, 22950);
}

/* A piece that is shorter than wanted is better than a cut inside a word. */
static void
test_margins_no_pause_when_late (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  tell (story, 15000, TRUE);
  tell (story, 700, FALSE);
  tell (story, 20000, TRUE);
  chunks = cut_and_check_margins (story, &narrow);

  g_assert_cmpuint (end_of (nth (chunks, 0)), >=, 15000);
  g_assert_cmpuint (end_of (nth (chunks, 0)), <=, 15700);
  g_assert_false (nth (chunks, 1)->overlaps_previous);
}

/* Who stops to think gets what was said so far. */
static void
test_margins_long_pause (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  tell (story, 4000, TRUE);
  tell (story, 3500, FALSE);
  tell (story, 4000, TRUE);
  chunks = cut_and_check_margins (story, &narrow);

  g_assert_cmpuint (count_with_speech (chunks), ==, 2);
  g_assert_cmpuint (nth (chunks, 0)->length_ms, <=, 4300);
}

/* Whatever is said, nothing is lost between the pieces, none is too long, and no margin too wide.
 */
static void
test_margins_random (void)
{
  for (guint i = 0; i < 50; i++)
    {
      const WhisChunkMargins *margins = i % 2 == 0 ? &narrow : &late;
      g_autoptr (Story) story = story_new ();
      g_autoptr (GPtrArray) chunks = NULL;

      for (guint k = 0; k < 20; k++)
        {
          tell (story, (guint) g_test_rand_int_range (300, 9000), TRUE);
          tell (story, (guint) g_test_rand_int_range (1, 6) * g_test_rand_int_range (20, 700),
                FALSE);
        }
      chunks = cut_and_check_margins (story, margins);
      for (guint k = 0; k < count_with_speech (chunks); k++)
        {
          WhisChunk *chunk = nth_with_speech (chunks, k);

          g_assert_cmpuint (silence_before (story, chunk), <=, margins->lead_ms + 2 * FRAME_MS);
          g_assert_cmpuint (silence_after (story, chunk), <=,
                            MAX (margins->behind_ms, margins->end_ms) + 2 * FRAME_MS);
        }
    }
}

/* An hour of speech keeps the chunker as small as a minute does. */
static void
test_long (void)
{
  g_autoptr (Story) story = story_new ();
  g_autoptr (GPtrArray) chunks = NULL;

  for (guint i = 0; i < 300; i++)
    {
      tell (story, (guint) g_test_rand_int_range (300, 20000), TRUE);
      tell (story, (guint) g_test_rand_int_range (10, 900), FALSE);
    }
  make_frames (story, TRUE);
  chunks = cut_story (story, LONGEST_MS, 1, 300);

  g_assert_cmpuint (end_of (nth (chunks, chunks->len - 1)), ==, story->sizes->len * FRAME_MS);
  for (guint i = 1; i < chunks->len; i++)
    assert_follows (story, &usual, nth (chunks, i - 1), nth (chunks, i));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/chunker/random", test_random);
  g_test_add_func ("/chunker/nothing", test_nothing);
  g_test_add_func ("/chunker/short", test_short);
  g_test_add_func ("/chunker/clicks", test_clicks);
  g_test_add_func ("/chunker/pause", test_pause);
  g_test_add_func ("/chunker/pause-that-was-over", test_pause_that_was_over);
  g_test_add_func ("/chunker/short-pause-when-late", test_short_pause_when_late);
  g_test_add_func ("/chunker/forced", test_forced);
  g_test_add_func ("/chunker/forced-at-earlier-pause", test_forced_at_earlier_pause);
  g_test_add_func ("/chunker/forced-at-dip", test_forced_at_dip);
  g_test_add_func ("/chunker/flush-at-forced-cut", test_flush_at_forced_cut);
  g_test_add_func ("/chunker/silence-first", test_silence_first);
  g_test_add_func ("/chunker/silence-only", test_silence_only);
  g_test_add_func ("/chunker/margins", test_margins);
  g_test_add_func ("/chunker/margins-at-pause", test_margins_at_pause);
  g_test_add_func ("/chunker/margins-sentence", test_margins_sentence);
  g_test_add_func ("/chunker/margins-sentence-at-once", test_margins_sentence_at_once);
  g_test_add_func ("/chunker/margins-no-pause-when-late", test_margins_no_pause_when_late);
  g_test_add_func ("/chunker/margins-long-pause", test_margins_long_pause);
  g_test_add_func ("/chunker/margins-random", test_margins_random);
  g_test_add_func ("/chunker/long", test_long);

  return g_test_run ();
}
