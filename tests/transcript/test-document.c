/* SPDX-License-Identifier: MIT */
#include "document.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define HOUR_MS (G_GUINT64_CONSTANT (3600) * 1000)

/* --- records ---------------------------------------------------------------------------------- */

static WhisRecord *
create_record (guint64 length_ms)
{
  WhisRecord *record = whis_record_new ("20260101-000000-000000");

  record->name = g_strdup ("talk.ogg");
  g_free (record->provider);
  record->provider = g_strdup ("custom");
  record->length_ms = length_ms;

  return record;
}

static WhisRecordChunk *
add_chunk (WhisRecord *record, guint64 start_ms, guint64 length_ms, const char *text)
{
  g_autoptr (WhisChunk) chunk = whis_chunk_new (record->id, record->chunks->len);
  WhisRecordChunk *added;

  chunk->start_ms = start_ms;
  chunk->length_ms = length_ms;
  chunk->has_speech = TRUE;
  added = whis_record_chunk_new (chunk);
  added->text = g_strdup (text);
  g_ptr_array_add (record->chunks, added);

  return added;
}

static void
add_time (WhisRecordChunk *chunk, guint64 start_ms, guint64 end_ms, const char *text)
{
  if (chunk->times == NULL)
    chunk->times = whis_timed_texts_new ();
  g_ptr_array_add (chunk->times, whis_timed_text_new (start_ms, end_ms, text));
}

/* A word every half second. */
static void
add_words (WhisRecordChunk *chunk, guint64 start_ms, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    add_time (chunk, start_ms + 500 * i, start_ms + 500 * i + 400, words[i]);
}

/* --- a reader of subtitles -------------------------------------------------------------------- */

typedef struct
{
  guint64 start;
  guint64 end;
  char *text;
} Read;

static void
read_free (gpointer data)
{
  Read *cue = data;

  g_free (cue->text);
  g_free (cue);
}

static guint64
read_time (const char *word, char point)
{
  guint hours, minutes, seconds, ms;
  char its_point;
  int length = 0;

  g_assert_cmpint (
      sscanf (word, "%u:%2u:%2u%c%3u%n", &hours, &minutes, &seconds, &its_point, &ms, &length), ==,
      5);
  g_assert_cmpint (its_point, ==, point);
  g_assert_cmpuint (minutes, <, 60);
  g_assert_cmpuint (seconds, <, 60);
  g_assert_cmpint ((int) strcspn (word, ":"), >=, 2);
  g_assert_cmpint ((int) strcspn (word, " "), ==, length);

  return hours * HOUR_MS + minutes * 60000 + seconds * 1000 + ms;
}

static Read *
read_cue (const char *times, const char *text, char point)
{
  Read *cue = g_new0 (Read, 1);
  g_auto (GStrv) ends = g_strsplit (times, " --> ", -1);

  g_assert_cmpuint (g_strv_length (ends), ==, 2);
  cue->start = read_time (ends[0], point);
  cue->end = read_time (ends[1], point);
  cue->text = g_strdup (text);

  return cue;
}

static guint
count_columns (const char *line)
{
  guint width = 0;

  for (; *line != '\0'; line = g_utf8_next_char (line))
    {
      gunichar c = g_utf8_get_char (line);

      g_assert_false (g_unichar_iscntrl (c));
      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

static void
check_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpstr (lines[0], !=, NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpstr (lines[i], !=, "");
      g_assert_cmpuint (count_columns (lines[i]), <=, 42);
      g_assert_null (strstr (lines[i], "-->"));
    }
}

static void
check_order (GPtrArray *cues)
{
  guint64 last = 0;

  for (guint i = 0; i < cues->len; i++)
    {
      const Read *cue = g_ptr_array_index (cues, i);

      g_assert_cmpuint (cue->start, >=, last);
      g_assert_cmpuint (cue->end, >, cue->start);
      last = cue->end;
    }
}

/* Blocks with an empty line between: number, times, lines. */
static GPtrArray *
read_srt (const char *document)
{
  GPtrArray *cues = g_ptr_array_new_with_free_func (read_free);
  g_auto (GStrv) blocks = NULL;

  g_assert_true (g_utf8_validate (document, -1, NULL));
  if (*document == '\0')
    return cues;
  g_assert_true (g_str_has_suffix (document, "\n"));
  blocks = g_strsplit (document, "\n\n", -1);
  for (guint i = 0; blocks[i] != NULL; i++)
    {
      g_auto (GStrv) lines = g_strsplit (g_strchomp (blocks[i]), "\n", 3);
      g_autofree char *number = g_strdup_printf ("%u", i + 1);

      g_assert_cmpuint (g_strv_length (lines), ==, 3);
      g_assert_cmpstr (lines[0], ==, number);
      check_lines (lines[2]);
      g_ptr_array_add (cues, read_cue (lines[1], lines[2], ','));
    }
  check_order (cues);

  return cues;
}

static char *
read_vtt_text (const char *text)
{
  g_autoptr (GString) plain = g_string_new (text);

  g_assert_null (strpbrk (text, "<>"));
  g_string_replace (plain, "&lt;", "<", 0);
  g_string_replace (plain, "&gt;", ">", 0);
  g_assert_cmpuint (g_string_replace (plain, "&amp;", "\1", 0), >=, 0);
  g_assert_null (strchr (plain->str, '&'));
  g_string_replace (plain, "\1", "&", 0);

  return g_strdup (plain->str);
}

static GPtrArray *
read_vtt (const char *document)
{
  GPtrArray *cues = g_ptr_array_new_with_free_func (read_free);
  g_auto (GStrv) blocks = g_strsplit (document, "\n\n", -1);

  g_assert_true (g_utf8_validate (document, -1, NULL));
  g_assert_true (g_str_has_prefix (document, "WEBVTT\n"));
  for (guint i = 1; blocks[i] != NULL; i++)
    {
      g_auto (GStrv) lines = g_strsplit (g_strchomp (blocks[i]), "\n", 2);
      g_autofree char *text = read_vtt_text (lines[1]);

      g_ptr_array_add (cues, read_cue (lines[0], text, '.'));
    }
  check_order (cues);

  return cues;
}

/* What both formats say, which is the same but for the arrow. */
static GPtrArray *
write_cues (const WhisRecord *record)
{
  g_autofree char *srt = whis_document_write (record, WHIS_DOCUMENT_SRT);
  g_autofree char *vtt = whis_document_write (record, WHIS_DOCUMENT_VTT);
  GPtrArray *cues = read_srt (srt);
  g_autoptr (GPtrArray) others = read_vtt (vtt);

  g_assert_cmpuint (cues->len, ==, others->len);
  for (guint i = 0; i < cues->len; i++)
    {
      const Read *cue = g_ptr_array_index (cues, i);
      const Read *other = g_ptr_array_index (others, i);

      g_assert_cmpuint (cue->start, ==, other->start);
      g_assert_cmpuint (cue->end, ==, other->end);
    }

  return cues;
}

static void
assert_cue (GPtrArray *cues, guint index, guint64 start, guint64 end, const char *text)
{
  const Read *cue;

  g_assert_cmpuint (index, <, cues->len);
  cue = g_ptr_array_index (cues, index);
  g_assert_cmpstr (cue->text, ==, text);
  g_assert_cmpuint (cue->start, ==, start);
  g_assert_cmpuint (cue->end, ==, end);
}

/* All that is said, in one line. */
static char *
join_cues (GPtrArray *cues)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < cues->len; i++)
    {
      const Read *cue = g_ptr_array_index (cues, i);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", cue->text);
    }
  g_string_replace (text, "\n", " ", 0);

  return g_string_free (text, FALSE);
}

/* --- cues ------------------------------------------------------------------------------------- */

static void
test_empty (void)
{
  g_autoptr (WhisRecord) record = create_record (5000);
  g_autofree char *vtt = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) cues = NULL;
  WhisRecordChunk *silence = add_chunk (record, 0, 5000, NULL);

  silence->chunk->has_speech = FALSE;
  add_chunk (record, 0, 5000, " \n ");
  cues = write_cues (record);
  g_assert_cmpuint (cues->len, ==, 0);
  vtt = whis_document_write (record, WHIS_DOCUMENT_VTT);
  g_assert_cmpstr (vtt, ==, "WEBVTT\n");
  text = whis_document_write (record, WHIS_DOCUMENT_TEXT);
  g_assert_cmpstr (text, ==, "");
}

/* Nothing is known but where the chunk is, and nothing else is said. */
static void
test_chunk_without_times (void)
{
  g_autoptr (WhisRecord) record = create_record (62000);
  g_autoptr (GPtrArray) cues = NULL;

  add_chunk (record, 1000, 30000,
             "Nobody knows when in these thirty seconds one of all these many words was said, and "
             "so no cue pretends to know it.");
  add_chunk (record, 31000, 31000, "And the next.");
  cues = write_cues (record);
  g_assert_cmpuint (cues->len, ==, 2);
  assert_cue (cues, 0, 1000, 31000,
              "Nobody knows when in these thirty\nseconds one of all these many words was\n"
              "said, and so no cue pretends to know it.");
  assert_cue (cues, 1, 31000, 62000, "And the next.");
}

static void
test_words (void)
{
  g_autoptr (WhisRecord) record = create_record (60000);
  g_autoptr (GPtrArray) cues = NULL;
  WhisRecordChunk *chunk = add_chunk (record, 0, 30000, "“One two three four. Five, six!” Seven");

  /* As some services give them: without marks. */
  add_words (chunk, 100, "one two three four five six");
  add_time (chunk, 9000, 9200, "seven");
  cues = write_cues (record);
  g_assert_cmpuint (cues->len, ==, 3);
  assert_cue (cues, 0, 100, 2000, "“One two three four.");
  assert_cue (cues, 1, 2100, 3100, "Five, six!”");
  assert_cue (cues, 2, 9000, 10000, "Seven");
}

static void
test_limits_of_a_cue (void)
{
  g_autoptr (WhisRecord) record = create_record (200000);
  g_autoptr (GPtrArray) cues = NULL;
  g_autoptr (GString) text = g_string_new ("word0");
  g_autofree char *said = NULL;
  WhisRecordChunk *chunk;

  for (guint i = 1; i < 300; i++)
    g_string_append_printf (text, " word%u", i);
  chunk = add_chunk (record, 0, 200000, text->str);
  add_words (chunk, 0, text->str);
  cues = write_cues (record);
  said = join_cues (cues);
  g_assert_cmpstr (said, ==, text->str);
  for (guint i = 0; i < cues->len; i++)
    {
      const Read *cue = g_ptr_array_index (cues, i);
      const char *first_end = strchr (cue->text, '\n');

      g_assert_cmpuint (cue->end - cue->start, <=, 7000);
      g_assert_true (first_end == NULL || strchr (first_end + 1, '\n') == NULL);
    }
}

static void
test_marks_of_other_words (void)
{
  g_autoptr (WhisRecord) record = create_record (9000);
  g_autoptr (GPtrArray) cues = NULL;
  WhisRecordChunk *chunk = add_chunk (record, 0, 9000, "Twenty-one, please.");

  /* The words are not those of the text: they are taken as they are. */
  add_words (chunk, 0, "21 please");
  add_time (chunk, 3000, 3500, " , ");
  cues = write_cues (record);
  assert_cue (cues, 0, 0, 1000, "21 please");
}

static void
test_long_word (void)
{
  g_autoptr (WhisRecord) record = create_record (9000);
  g_autofree char *word = g_strnfill (200, 'w');
  g_autoptr (GPtrArray) cues = NULL;
  WhisRecordChunk *chunk = add_chunk (record, 0, 9000, word);
  g_autofree char *said = NULL;

  add_time (chunk, 0, 8900, word);
  cues = write_cues (record);
  g_assert_cmpuint (cues->len, ==, 1);
  g_assert_cmpuint (((Read *) g_ptr_array_index (cues, 0))->end, ==, 7000);
  said = join_cues (cues);
  g_assert_cmpuint (strlen (said), ==, 204);
}

static void
test_half_a_day (void)
{
  g_autoptr (WhisRecord) record = create_record (101 * HOUR_MS);
  g_autofree char *srt = NULL;
  g_autoptr (GPtrArray) cues = NULL;

  add_chunk (record, 12 * HOUR_MS + 62005, 1000, "noon");
  add_chunk (record, 100 * HOUR_MS, 2000, "later");
  cues = write_cues (record);
  assert_cue (cues, 1, 100 * HOUR_MS, 100 * HOUR_MS + 2000, "later");
  srt = whis_document_write (record, WHIS_DOCUMENT_SRT);
  g_assert_nonnull (strstr (srt, "1\n12:01:02,005 --> 12:01:03,005\nnoon\n\n2\n100:00:00,000"));
}

static void
test_wide_text (void)
{
  g_autoptr (WhisRecord) record = create_record (30000);
  g_autoptr (GPtrArray) cues = NULL;
  const char *text = "今日は天気がいいから散歩しましょう。明日は雨が降るかもしれません。";
  WhisRecordChunk *chunk = add_chunk (record, 0, 30000, text);
  guint i = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      g_autofree char *sign = g_strndup (c, (gsize) (g_utf8_next_char (c) - c));

      add_time (chunk, 300 * i, 300 * i + 300, sign);
      i++;
    }
  cues = write_cues (record);
  g_assert_cmpuint (cues->len, ==, 2);
  assert_cue (cues, 0, 0, 5400, "今日は天気がいいから散歩しましょう。");
  assert_cue (cues, 1, 5400, 9900, "明日は雨が降るかもしれません。");
}

/* Two lines would do, if the second began with the mark. */
static void
test_wide_mark (void)
{
  g_autoptr (WhisRecord) record = create_record (30000);
  g_autoptr (GPtrArray) cues = NULL;
  const Read *cue;

  add_chunk (
      record, 0, 30000,
      "一二三四五六七八九十一二三四五六七八九十一、二三四五六七八九十一二三四五六七八九十一");
  cues = write_cues (record);
  g_assert_cmpuint (cues->len, ==, 1);
  cue = g_ptr_array_index (cues, 0);
  g_assert_nonnull (strchr (cue->text, '\n'));
  g_assert_null (strstr (cue->text, "\n、"));
}

/* No sign is torn, and what is written from the right passes through. */
static void
test_wide_lines (void)
{
  g_autoptr (WhisRecord) record = create_record (30000);
  g_autoptr (GPtrArray) cues = NULL;
  const char *text = "一二三四五六七八九十一二三四五六七八九十一、二三四五六七八九十一二三四五六👩"
                     "‍👩‍👧👍🏽é"
                     "한국어 שלום עולם.";
  const Read *cue;

  add_chunk (record, 0, 30000, text);
  cues = write_cues (record);
  g_assert_cmpuint (cues->len, ==, 1);
  cue = g_ptr_array_index (cues, 0);
  g_assert_nonnull (strstr (cue->text, "👩‍👩‍👧"));
  g_assert_nonnull (strstr (cue->text, "👍🏽"));
  g_assert_nonnull (strstr (cue->text, "שלום"));
}

static void
test_controls_and_marks_of_the_formats (void)
{
  g_autoptr (WhisRecord) record = create_record (9000);
  g_autofree char *srt = NULL;
  g_autofree char *vtt = NULL;
  g_autoptr (GPtrArray) cues = NULL;

  add_chunk (record, 0, 9000, "\na \x1b[31m b\r\n\r\n2 --> 3 <i>&amp;\xff\xe2\x80\xa8 end\n\n");
  cues = write_cues (record);
  srt = whis_document_write (record, WHIS_DOCUMENT_SRT);
  g_assert_cmpstr (srt, ==,
                   "1\n00:00:00,000 --> 00:00:09,000\na [31m b 2 → 3 <i>&amp;\xef\xbf\xbd end\n");
  vtt = whis_document_write (record, WHIS_DOCUMENT_VTT);
  g_assert_cmpstr (vtt, ==,
                   "WEBVTT\n\n00:00:00.000 --> 00:00:09.000\n"
                   "a [31m b 2 --&gt; 3 &lt;i&gt;&amp;amp;\xef\xbf\xbd end\n");
}

static void
test_strange_times (void)
{
  g_autoptr (WhisRecord) record = create_record (20000);
  g_autoptr (GPtrArray) cues = NULL;
  g_autofree char *said = NULL;
  WhisRecordChunk *chunk = add_chunk (record, 10000, 10000, "a b c d e f g");

  add_time (chunk, 10000, 10000, "a");
  add_time (chunk, 10000, 10000, "b");
  add_time (chunk, 13000, 13100, "d");
  add_time (chunk, 12000, 12500, "c");
  add_time (chunk, 16000, 15000, "e");
  add_time (chunk, 99000, 99500, "f");
  add_time (chunk, 99000, 99500, "g");
  cues = write_cues (record);
  said = join_cues (cues);
  g_assert_cmpstr (said, ==, "a b c d e f g");
  assert_cue (cues, 0, 10000, 11000, "a b");
  assert_cue (cues, 3, 20000, 20001, "f g");
}

static void
test_segments (void)
{
  g_autoptr (WhisRecord) record = create_record (30000);
  g_autoptr (GPtrArray) cues = NULL;
  WhisRecordChunk *chunk = add_chunk (record, 0, 30000, "One two. Three four five.");

  add_time (chunk, 500, 2000, " One two.");
  add_time (chunk, 1900, 9000, " Three four five.");
  cues = write_cues (record);
  g_assert_cmpuint (cues->len, ==, 2);
  assert_cue (cues, 0, 500, 1900, "One two.");
  assert_cue (cues, 1, 1900, 9000, "Three four five.");
}

/* --- seams ------------------------------------------------------------------------------------ */

static void
check_seam (WhisRecord *record, const char *expected)
{
  g_autoptr (GPtrArray) cues = NULL;
  g_autofree char *said = NULL;

  ((WhisRecordChunk *) g_ptr_array_index (record->chunks, 1))->chunk->overlaps_previous = TRUE;
  cues = write_cues (record);
  said = join_cues (cues);
  g_assert_cmpstr (said, ==, expected);
}

/* Each side has half a word at the cut, and the times differ. */
static void
test_seam_of_words (void)
{
  g_autoptr (WhisRecord) record = create_record (12000);
  WhisRecordChunk *first = add_chunk (record, 0, 6000, "we went over the green fie");
  WhisRecordChunk *second = add_chunk (record, 4000, 8000, "ver the green fields again");

  add_time (first, 3000, 3300, "we");
  add_time (first, 3400, 3800, "went");
  add_time (first, 3900, 4300, "over");
  add_time (first, 4400, 4600, "the");
  add_time (first, 4800, 5200, "green");
  add_time (first, 5700, 6000, "fie");
  add_time (second, 4000, 4250, "ver");
  add_time (second, 4350, 4550, "the");
  add_time (second, 4850, 5250, "green");
  add_time (second, 5650, 6200, "fields");
  add_time (second, 6300, 6800, "again");
  check_seam (record, "we went over the green fields again");
}

/* What the later chunk does not have stays. */
static void
test_seam_with_a_silent_side (void)
{
  g_autoptr (WhisRecord) record = create_record (12000);
  WhisRecordChunk *first = add_chunk (record, 0, 6000, "one two three");
  WhisRecordChunk *second = add_chunk (record, 4000, 8000, "four");

  add_time (first, 3000, 3300, "one");
  add_time (first, 4500, 4800, "two");
  add_time (first, 5500, 5900, "three");
  add_time (second, 8000, 8300, "four");
  check_seam (record, "one two three four");
}

static void
test_seam_of_segments (void)
{
  g_autoptr (WhisRecord) record = create_record (12000);
  WhisRecordChunk *first = add_chunk (record, 0, 6000, "We went out and over the green fields.");
  WhisRecordChunk *second = add_chunk (record, 4000, 8000, "over the green fields again. Bye now.");

  add_time (first, 1000, 6000, "We went out and over the green fields.");
  add_time (second, 4000, 7000, "over the green fields again.");
  add_time (second, 7000, 8000, "Bye now.");
  check_seam (record, "We went out and over the green fields. again. Bye now.");
}

static void
test_seam_of_chunks (void)
{
  g_autoptr (WhisRecord) record = create_record (12000);
  g_autoptr (GPtrArray) cues = NULL;

  add_chunk (record, 0, 6000, "We went out and over the green fields");
  add_chunk (record, 4000, 8000, "over the green fields again");
  check_seam (record, "We went out and over the green fields again");
  cues = write_cues (record);
  assert_cue (cues, 1, 6000, 12000, "again");
}

static void
test_seam_at_a_gap (void)
{
  g_autoptr (WhisRecord) record = create_record (20000);
  g_autoptr (GPtrArray) cues = NULL;
  WhisRecordChunk *failed = add_chunk (record, 0, 6000, NULL);

  failed->code = g_strdup ("network");
  failed->message = g_strdup ("The network is gone.");
  add_chunk (record, 4000, 8000, "over the green fields");
  check_seam (record, "[…] over the green fields");
  cues = write_cues (record);
  assert_cue (cues, 0, 0, 4000, "[…]");
  assert_cue (cues, 1, 4000, 12000, "over the green fields");
}

/* --- anything ----------------------------------------------------------------------------------
 */

static char *
create_text (void)
{
  static const char *const pieces[] = {
    "word",
    "a",
    " ",
    " ",
    "  ",
    ".",
    "?",
    "。",
    "漢字",
    "한국",
    "👩‍👧",
    "🇩🇪",
    "é",
    "\n\n",
    "-->",
    "<b>",
    "&",
    "\x1b",
    "\xff",
    "שלום",
    "\xe2\x80\xa8",
    "looooooooooooooooooooooooooooooooooooooong",
  };
  GString *text = g_string_new (NULL);

  for (int i = g_test_rand_int_range (0, 60); i > 0; i--)
    g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);

  return g_string_free (text, FALSE);
}

static void
add_random_times (WhisRecordChunk *chunk)
{
  for (int i = g_test_rand_int_range (0, 40); i > 0; i--)
    {
      g_autofree char *text = create_text ();
      guint64 start = (guint64) g_test_rand_int_range (0, 100000);

      add_time (chunk, start, start + (guint64) g_test_rand_int_range (0, 9000), text);
    }
}

static void
add_random_chunk (WhisRecord *record, guint64 *end)
{
  gboolean overlaps = g_test_rand_bit () && *end > 2000;
  guint64 start = overlaps ? *end - 2000 : *end;
  guint64 length = (guint64) g_test_rand_int_range (0, 30000);
  g_autofree char *text = create_text ();
  WhisRecordChunk *chunk =
      add_chunk (record, start, length, g_test_rand_int_range (0, 6) > 0 ? text : NULL);

  chunk->chunk->overlaps_previous = overlaps;
  chunk->chunk->has_speech = g_test_rand_int_range (0, 6) > 0;
  if (g_test_rand_bit ())
    add_words (chunk, start, text);
  else if (g_test_rand_bit ())
    add_random_times (chunk);
  *end = start + length;
}

/* Whatever a service answers, the documents can be read. */
static void
test_anything (void)
{
  for (guint i = 0; i < 300; i++)
    {
      guint64 end = 0;
      g_autoptr (WhisRecord) record = create_record (0);
      g_autoptr (JsonParser) parser = json_parser_new ();
      g_autoptr (GPtrArray) cues = NULL;
      g_autofree char *json = NULL;

      for (int n = g_test_rand_int_range (0, 6); n > 0; n--)
        add_random_chunk (record, &end);
      record->length_ms = end;
      cues = write_cues (record);
      json = whis_document_write (record, WHIS_DOCUMENT_JSON);
      g_assert_true (json_parser_load_from_data (parser, json, -1, NULL));
    }
}

/* --- the other documents ---------------------------------------------------------------------- */

static void
test_json (void)
{
  g_autoptr (WhisRecord) record = create_record (12345);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *json = NULL;
  WhisRecordChunk *chunk = add_chunk (record, 0, 6001, "he said “\"hi\"\\\n\x01\xff");
  WhisRecordChunk *failed = add_chunk (record, 6001, 3000, NULL);
  JsonObject *root, *first, *second, *third;
  JsonArray *chunks, *words;

  record->text = g_strdup ("all of it");
  record->language = g_strdup ("");
  chunk->provider = g_strdup ("openai");
  chunk->model = g_strdup ("whisper-1");
  chunk->host = g_strdup ("api.openai.com");
  add_time (chunk, 10, 1010, "he");
  failed->message = g_strdup ("No.");
  add_chunk (record, 9001, 1000, NULL)->chunk->has_speech = FALSE;
  json = whis_document_write (record, WHIS_DOCUMENT_JSON);
  g_assert_true (g_utf8_validate (json, -1, NULL));
  g_assert_true (json_parser_load_from_data (parser, json, -1, NULL));
  g_assert_cmpuint (strcspn (json, "\n"), ==, strlen (json) - 1);
  g_assert_nonnull (strstr (json, "\"duration\":12.345,"));

  root = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (json_object_get_string_member (root, "file"), ==, "talk.ogg");
  g_assert_cmpstr (json_object_get_string_member (root, "text"), ==, "all of it");
  g_assert_cmpstr (json_object_get_string_member (root, "service"), ==, "custom");
  g_assert_true (json_object_get_null_member (root, "model"));
  g_assert_true (json_object_get_null_member (root, "language"));
  chunks = json_object_get_array_member (root, "chunks");
  g_assert_cmpuint (json_array_get_length (chunks), ==, 3);
  first = json_array_get_object_element (chunks, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "text"), ==,
                   "he said “\"hi\"\\\n\x01\xef\xbf\xbd");
  g_assert_cmpstr (json_object_get_string_member (first, "host"), ==, "api.openai.com");
  g_assert_cmpstr (json_object_get_string_member (first, "times"), ==, "words");
  g_assert_cmpfloat (json_object_get_double_member (first, "end"), ==, 6.001);
  words = json_object_get_array_member (first, "words");
  g_assert_cmpfloat (
      json_object_get_double_member (json_array_get_object_element (words, 0), "start"), ==, 0.01);
  second = json_array_get_object_element (chunks, 1);
  g_assert_true (json_object_get_null_member (second, "text"));
  g_assert_cmpstr (json_object_get_string_member (second, "error"), ==, "No.");
  g_assert_cmpstr (json_object_get_string_member (second, "times"), ==, "chunk");
  third = json_array_get_object_element (chunks, 2);
  g_assert_cmpstr (json_object_get_string_member (third, "text"), ==, "");
}

/* A decoder needs some sound in front of a chunk, and padding follows it: a service may hear a word
 * begin or end there. */
static void
test_json_times_in_chunk (void)
{
  g_autoptr (WhisRecord) record = create_record (20000);
  WhisRecordChunk *chunk = add_chunk (record, 6000, 3000, "early late");
  g_autofree char *json = NULL;

  add_time (chunk, 5880, 6200, "early");
  add_time (chunk, 8800, 9050, "late");
  json = whis_document_write (record, WHIS_DOCUMENT_JSON);
  g_assert_nonnull (strstr (json, "{\"start\":6.000,\"end\":6.200,\"text\":\"early\"}"));
  g_assert_nonnull (strstr (json, "{\"start\":8.800,\"end\":9.000,\"text\":\"late\"}"));
}

static void
test_formats (void)
{
  WhisDocumentFormat format;

  g_assert_true (whis_document_format_from_nick ("vtt", &format));
  g_assert_cmpstr (whis_document_format_get_nick (format), ==, "vtt");
  g_assert_false (whis_document_format_from_nick ("doc", &format));
}

/* Somebody else's reader: ffmpeg turns one format into the other, with every cue in it. */
static void
convert (const WhisRecord *record, WhisDocumentFormat format)
{
  g_autofree char *directory = g_dir_make_tmp ("whis-XXXXXX", NULL);
  g_autofree char *name = g_strdup_printf ("in.%s", whis_document_format_get_nick (format));
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *document = whis_document_write (record, format);
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autoptr (GString) plain = NULL;
  g_autoptr (GPtrArray) cues = write_cues (record);
  g_autoptr (GPtrArray) converted = NULL;
  const char *const command[] = { "ffmpeg", "-v", "error", "-i", path, "-f", "srt", "-", NULL };
  int status;

  g_assert_true (g_file_set_contents (path, document, -1, NULL));
  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                               &output, &errors, &status, NULL));
  g_assert_cmpstr (errors, ==, "");
  g_assert_cmpint (status, ==, 0);
  /* Its lines end as on Windows, inside of a cue. */
  plain = g_string_new (output);
  g_string_replace (plain, "\r", "", 0);
  g_string_truncate (plain, plain->len - 1);
  converted = read_srt (plain->str);
  g_assert_cmpuint (converted->len, ==, cues->len);
  for (guint i = 0; i < cues->len; i++)
    {
      const Read *cue = g_ptr_array_index (cues, i);

      assert_cue (converted, i, cue->start, cue->end, cue->text);
    }
  g_unlink (path);
  g_rmdir (directory);
}

static void
test_ffmpeg (void)
{
  g_autoptr (WhisRecord) record = create_record (13 * HOUR_MS);
  g_autofree char *ffmpeg = g_find_program_in_path ("ffmpeg");
  WhisRecordChunk *chunk;

  if (ffmpeg == NULL)
    {
      g_test_skip ("there is no ffmpeg");
      return;
    }

  chunk = add_chunk (record, 0, 30000, "One two three 4. Five & six, seven: “eight”. 九十。");
  add_words (chunk, 200, "One two three 4. Five & six, seven: “eight”. 九十。");
  add_chunk (record, 30000, 30000,
             "2\n\nA long text that needs more than one line, and so it has more than one line.");
  add_chunk (record, 12 * HOUR_MS, 2500, "שלום 👍🏽");
  convert (record, WHIS_DOCUMENT_SRT);
  convert (record, WHIS_DOCUMENT_VTT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/empty", test_empty);
  g_test_add_func ("/document/chunk-without-times", test_chunk_without_times);
  g_test_add_func ("/document/words", test_words);
  g_test_add_func ("/document/limits-of-a-cue", test_limits_of_a_cue);
  g_test_add_func ("/document/marks-of-other-words", test_marks_of_other_words);
  g_test_add_func ("/document/long-word", test_long_word);
  g_test_add_func ("/document/half-a-day", test_half_a_day);
  g_test_add_func ("/document/wide-text", test_wide_text);
  g_test_add_func ("/document/wide-mark", test_wide_mark);
  g_test_add_func ("/document/wide-lines", test_wide_lines);
  g_test_add_func ("/document/controls-and-marks", test_controls_and_marks_of_the_formats);
  g_test_add_func ("/document/strange-times", test_strange_times);
  g_test_add_func ("/document/segments", test_segments);
  g_test_add_func ("/document/seam/words", test_seam_of_words);
  g_test_add_func ("/document/seam/silent-side", test_seam_with_a_silent_side);
  g_test_add_func ("/document/seam/segments", test_seam_of_segments);
  g_test_add_func ("/document/seam/chunks", test_seam_of_chunks);
  g_test_add_func ("/document/seam/gap", test_seam_at_a_gap);
  g_test_add_func ("/document/anything", test_anything);
  g_test_add_func ("/document/json", test_json);
  g_test_add_func ("/document/json-times-in-chunk", test_json_times_in_chunk);
  g_test_add_func ("/document/formats", test_formats);
  g_test_add_func ("/document/ffmpeg", test_ffmpeg);

  return g_test_run ();
}
