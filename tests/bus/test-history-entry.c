/* SPDX-License-Identifier: MIT */
#include "history-entry.h"

#include <string.h>

#include "bus-error.h"
#include "list-options.h"

/* --- what is asked for ------------------------------------------------------------------------ */

static GVariant *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *dictionary = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);

  return dictionary;
}

static void
test_query (void)
{
  static const struct
  {
    const char *dictionary;
    WhisHistoryQuery query;
  } cases[] = {
    { "{}", { .limit = 100 } },
    { "{'limit': <@u 7>}", { .limit = 7 } },
    /* nobody gets nothing, and nobody gets all of a long history at once */
    { "{'limit': <@u 0>}", { .limit = 100 } },
    { "{'limit': <@u 500>}", { .limit = 500 } },
    { "{'limit': <@u 501>}", { .limit = 500 } },
    { "{'limit': <@u 4294967295>, 'offset': <@u 4294967295>}",
      { .limit = 500, .offset = G_MAXUINT } },
    { "{'marked': <true>}", { .limit = 100, .marked = TRUE } },
    { "{'marked': <false>}", { .limit = 100 } },
    { "{'search': <'two words'>}", { .limit = 100, .search = "two words" } },
    { "{'states': <@as []>}", { .limit = 100 } },
    { "{'states': <['done', 'failed', 'done']>}",
      { .limit = 100,
        .states = 1u << WHIS_DICTATION_STATE_DONE | 1u << WHIS_DICTATION_STATE_FAILED } },
    { "{'states': <['waiting', 'interrupted']>, 'offset': <@u 3>}",
      { .limit = 100,
        .offset = 3,
        .states = 1u << WHIS_DICTATION_STATE_WAITING | 1u << WHIS_DICTATION_STATE_INTERRUPTED } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) dictionary = parse (cases[i].dictionary);
      g_auto (WhisListOptions) options = { 0 };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].dictionary);
      g_assert_true (whis_list_options_read (&options, dictionary, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (options.query.limit, ==, cases[i].query.limit);
      g_assert_cmpuint (options.query.offset, ==, cases[i].query.offset);
      g_assert_cmpint (options.query.marked, ==, cases[i].query.marked);
      g_assert_cmpuint (options.query.states, ==, cases[i].query.states);
      g_assert_cmpstr (options.query.search, ==, cases[i].query.search);
    }
}

/* What is not understood is refused and not passed over: the answer would be another one. */
static void
test_wrong_query (void)
{
  static const char *const cases[] = {
    "{'limit': <3>}",
    "{'limit': <'3'>}",
    "{'offset': <@x 1>}",
    "{'marked': <'yes'>}",
    "{'search': <['a']>}",
    "{'states': <'done'>}",
    "{'states': <['']>}",
    "{'states': <['Done']>}",
    "{'states': <['done', 'asleep']>}",
    "{'colour': <'blue'>}",
    "{'': <@u 1>}",
    "{'Limit': <@u 1>}",
    "{'limit': <@u 1>, 'x': <1>}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) dictionary = parse (cases[i]);
      g_auto (WhisListOptions) options = { 0 };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i]);
      g_assert_false (whis_list_options_read (&options, dictionary, &error));
      g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS);
    }
}

/* --- what is answered ------------------------------------------------------------------------- */

static WhisRecord *
create_record (const char *text)
{
  WhisRecord *record = whis_record_new ("20260101-000000-000000");

  record->created_ms = 1772600760000;
  record->length_ms = 61500;
  record->state = WHIS_DICTATION_STATE_DONE;
  record->text = g_strdup (text);

  return record;
}

static void
assert_string (GVariant *entry, const char *key, const char *expected)
{
  const char *value = NULL;

  g_assert_true (g_variant_lookup (entry, key, "&s", &value));
  g_assert_cmpstr (value, ==, expected);
}

/* Every key is there, whatever is known, so that a client needs no defaults. */
static void
test_empty_record (void)
{
  static const char *const texts[] = { "name", "model", "language", "host",
                                       "text", "code",  "message" };
  static const char *const switches[] = { "delivered", "marked", "private", "has-sound",
                                          "lossless" };
  g_autoptr (WhisRecord) record = create_record (NULL);
  g_autoptr (GVariant) entry = g_variant_ref_sink (whis_history_entry_describe (record));
  g_autoptr (GVariant) chunks = g_variant_lookup_value (entry, "chunks", G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GVariant) versions =
      g_variant_lookup_value (entry, "versions", G_VARIANT_TYPE ("aa{sv}"));
  guint64 length = 0;
  gint64 created = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_string (entry, texts[i], "");
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      gboolean value = TRUE;

      g_assert_true (g_variant_lookup (entry, switches[i], "b", &value));
      g_assert_false (value);
    }
  assert_string (entry, "id", "20260101-000000-000000");
  assert_string (entry, "source", "microphone");
  assert_string (entry, "state", "done");
  g_assert_true (g_variant_lookup (entry, "length", "t", &length));
  g_assert_true (g_variant_lookup (entry, "created", "x", &created));
  g_assert_cmpuint (length, ==, 61500);
  g_assert_cmpint (created, ==, 1772600760000);
  g_assert_cmpuint (g_variant_n_children (chunks), ==, 0);
  g_assert_cmpuint (g_variant_n_children (versions), ==, 0);
}

/* A name of a file is any bytes, and those that are no text would end the connection. */
static void
test_not_utf8 (void)
{
  g_autoptr (WhisRecord) record = create_record ("broken \xff text");
  g_autoptr (GVariant) entry = NULL;
  g_autoptr (GVariant) summary = NULL;

  record->name = g_strdup ("caf\xe9.wav");
  record->is_file = TRUE;
  entry = g_variant_ref_sink (whis_history_entry_describe (record));
  summary = g_variant_ref_sink (whis_history_entry_summarize (record));
  g_assert_true (g_variant_is_normal_form (entry));
  assert_string (entry, "name", "caf\xef\xbf\xbd.wav");
  assert_string (entry, "text", "broken \xef\xbf\xbd text");
  assert_string (entry, "source", "file");
  assert_string (summary, "text", "broken \xef\xbf\xbd text");
}

/* A summary has 300 letters, of whatever length; the entry has all of them. */
static void
test_long_text (void)
{
  static const char *const letters[] = { "x", "ö", "今", "👍" };

  for (gsize i = 0; i < G_N_ELEMENTS (letters); i++)
    for (guint n = 299; n <= 302; n++)
      {
        g_autoptr (GString) text = g_string_new (NULL);
        g_autoptr (WhisRecord) record = NULL;
        g_autoptr (GVariant) summary = NULL;
        g_autoptr (GVariant) entry = NULL;
        const char *shown = NULL;

        for (guint letter = 0; letter < n; letter++)
          g_string_append (text, letters[i]);
        record = create_record (text->str);
        summary = g_variant_ref_sink (whis_history_entry_summarize (record));
        entry = g_variant_ref_sink (whis_history_entry_describe (record));
        assert_string (entry, "text", text->str);
        g_variant_lookup (summary, "text", "&s", &shown);
        g_assert_cmpint (g_str_has_suffix (shown, "…"), ==, n > 300);
        g_assert_cmpint (g_utf8_strlen (shown, -1), ==, n > 300 ? 301 : n);
      }
}

static void
test_chunks_and_versions (void)
{
  g_autoptr (WhisRecord) record = create_record ("the text");
  g_autoptr (WhisChunk) chunk = whis_chunk_new (record->id, 4);
  WhisRecordChunk *added;
  WhisRecordVersion *version = g_new0 (WhisRecordVersion, 1);
  const WhisSpan gap = { 1000, 2500 };
  g_autoptr (GVariant) entry = NULL;
  g_autoptr (GVariant) summary = NULL;
  g_autofree char *printed = NULL;

  chunk->start_ms = 500;
  chunk->length_ms = 3000;
  chunk->has_speech = TRUE;
  added = whis_record_chunk_new (chunk);
  added->text = g_strdup ("the");
  added->tried = g_strdup ("groq,openai");
  added->gaps = g_array_new (FALSE, FALSE, sizeof (WhisSpan));
  g_array_append_val (added->gaps, gap);
  g_ptr_array_add (record->chunks, added);
  version->number = 2;
  version->provider = g_strdup ("groq");
  version->text = g_strdup ("another");
  g_ptr_array_add (record->versions, version);

  entry = g_variant_ref_sink (whis_history_entry_describe (record));
  printed = g_variant_print (entry, FALSE);
  g_assert_nonnull (strstr (printed, "'index': <uint32 4>, 'start': <uint64 500>, "
                                     "'length': <uint64 3000>, 'has-speech': <true>"));
  g_assert_nonnull (strstr (printed, "'tried': <'groq,openai'>, 'text': <'the'>"));
  g_assert_nonnull (strstr (printed, "'gaps': <[(uint64 1000, uint64 2500)]>"));
  g_assert_nonnull (strstr (printed, "'number': <uint32 2>"));
  /* a list of a hundred dictations is not to have all their pieces in it */
  summary = g_variant_ref_sink (whis_history_entry_summarize (record));
  g_assert_false (g_variant_lookup (summary, "chunks", "aa{sv}", NULL));
  g_assert_false (g_variant_lookup (summary, "versions", "aa{sv}", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/history-entry/query", test_query);
  g_test_add_func ("/history-entry/wrong-query", test_wrong_query);
  g_test_add_func ("/history-entry/empty-record", test_empty_record);
  g_test_add_func ("/history-entry/not-utf8", test_not_utf8);
  g_test_add_func ("/history-entry/long-text", test_long_text);
  g_test_add_func ("/history-entry/chunks-and-versions", test_chunks_and_versions);

  return g_test_run ();
}
