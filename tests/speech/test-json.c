/* SPDX-License-Identifier: MIT */
#include "answer.h"
#include "assemblyai-answer.h"
#include "deepgram-answer.h"
#include "elevenlabs-answer.h"
#include "gemini-answer.h"
#include "json.h"
#include "live-protocol.h"
#include "models.h"

#include <string.h>

typedef WhisTranscription *(*Parse) (const char *data, gsize size, GError **error);

static WhisTranscription *
parse_openai (const char *data, gsize size, GError **error)
{
  return whis_answer_parse ("S", WHIS_ANSWER_LINES_OF_WORDS, "application/json", data, size, NULL,
                            error);
}

static WhisTranscription *
parse_deepgram (const char *data, gsize size, GError **error)
{
  return whis_deepgram_answer_parse ("S", data, size, NULL, error);
}

static WhisTranscription *
parse_elevenlabs (const char *data, gsize size, GError **error)
{
  return whis_elevenlabs_answer_parse ("S", data, size, NULL, error);
}

static WhisTranscription *
parse_gemini (const char *data, gsize size, GError **error)
{
  return whis_gemini_answer_parse ("S", data, size, NULL, error);
}

static WhisTranscription *
parse_assemblyai (const char *data, gsize size, GError **error)
{
  gboolean is_waiting;

  return whis_assemblyai_answer_parse ("S", data, size, NULL, &is_waiting, error);
}

static WhisTranscription *
parse_live (const WhisLiveProtocol *protocol, const char *data, gsize size)
{
  g_auto (WhisLiveEvent) event = { WHIS_LIVE_EVENT_NONE };

  protocol->parse (data, size, &event);

  return event.type == WHIS_LIVE_EVENT_FINAL && event.text != NULL
             ? whis_transcription_new (event.text)
             : NULL;
}

static WhisTranscription *
parse_live_openai (const char *data, gsize size, GError **error)
{
  return parse_live (&whis_live_openai, data, size);
}

static WhisTranscription *
parse_live_deepgram (const char *data, gsize size, GError **error)
{
  return parse_live (&whis_live_deepgram, data, size);
}

static WhisTranscription *
parse_live_elevenlabs (const char *data, gsize size, GError **error)
{
  return parse_live (&whis_live_elevenlabs, data, size);
}

/* An answer of each dialect: @1 is the text in it, @2 a number. */
static const struct
{
  const char *name;
  Parse parse;
  const char *body;
} dialects[] = {
  { "openai", parse_openai,
    "{\"text\":\"@1\",\"segments\":[{\"start\":0,\"end\":1,\"text\":\"a\",\"avg_logprob\":@2,"
    "\"no_speech_prob\":@2,\"compression_ratio\":@2}]}" },
  { "deepgram", parse_deepgram,
    "{\"results\":{\"channels\":[{\"alternatives\":[{\"confidence\":@2,\"transcript\":\"@1\","
    "\"words\":[{\"word\":\"a\",\"start\":@2,\"end\":@2}]}]}]}}" },
  { "elevenlabs", parse_elevenlabs,
    "{\"language_probability\":@2,\"text\":\"@1\",\"words\":[{\"type\":\"word\",\"text\":\"a\","
    "\"start\":@2,\"end\":1,\"logprob\":@2}]}" },
  { "gemini", parse_gemini,
    "{\"status\":\"completed\",\"usage\":@2,\"steps\":[{\"type\":\"model_output\",\"content\":[{"
    "\"type\":\"text\",\"text\":\"@1\"}]}]}" },
  { "assemblyai", parse_assemblyai,
    "{\"status\":\"completed\",\"confidence\":@2,\"text\":\"@1\",\"words\":[{\"text\":\"a\","
    "\"start\":@2,\"end\":@2}]}" },
  { "live openai", parse_live_openai,
    "{\"type\":\"conversation.item.input_audio_transcription.completed\",\"item_id\":\"i\","
    "\"transcript\":\"@1\",\"logprob\":@2}" },
  { "live deepgram", parse_live_deepgram,
    "{\"type\":\"Results\",\"is_final\":true,\"start\":@2,\"duration\":@2,\"channel\":{"
    "\"alternatives\":[{\"transcript\":\"@1\",\"confidence\":@2}]}}" },
  { "live elevenlabs", parse_live_elevenlabs,
    "{\"message_type\":\"committed_transcript\",\"text\":\"@1\",\"logprob\":@2}" },
};

/* What is in a string of an answer, and the words that are read. */
static const struct
{
  const char *sent;
  gsize size;
  const char *read;
} strings[] = {
#define SENT(text) text, sizeof text - 1
  { SENT ("one two"), "one two" },
  { SENT ("one\\u0000two"), "one two" },
  { SENT ("one two\\u0000"), "one two" },
  { SENT ("\\u0000one two"), "one two" },
  { SENT ("one\0two"), "one two" },
  { SENT ("caf\xE9 two"), "caf\uFFFD two" },
  { SENT ("one \xF0\x9F\x98"), "one \uFFFD\uFFFD\uFFFD" },
  { SENT ("one \xED\xA0\xBD two"), "one \uFFFD\uFFFD\uFFFD two" },
  { SENT ("one \\ud83d two"), "one \uFFFD two" },
  { SENT ("one \\ude00 two"), "one \uFFFD two" },
  { SENT ("one \\ud83d\\u0041 two"), "one \uFFFDA two" },
  { SENT ("one \\ud83d"), "one \uFFFD" },
  { SENT ("one \\ud83d\\ude00 two"), "one \U0001F600 two" },
  { SENT ("d\\u00e9j\\u00e0 \\\"vu\\\""), "déjà \"vu\"" },
  { SENT ("NaN, Infinity -inf"), "NaN, Infinity -inf" },
  { SENT ("NaN \\\" Infinity \\\\"), "NaN \" Infinity \\" },
};

static const char *const numbers[] = { "0.5",  "NaN",  "-NaN",      "nan", "Infinity", "-Infinity",
                                       "+inf", "-inf", "-nan(ind)", "-0",  "1e400",    "null" };

static GByteArray *
fill (const char *body, const char *text, gsize size, const char *number)
{
  GByteArray *filled = g_byte_array_new ();

  for (const char *p = body; *p != '\0'; p++)
    {
      if (g_str_has_prefix (p, "@1"))
        g_byte_array_append (filled, (const guint8 *) text, size), p++;
      else if (g_str_has_prefix (p, "@2"))
        g_byte_array_append (filled, (const guint8 *) number, strlen (number)), p++;
      else
        g_byte_array_append (filled, (const guint8 *) p, 1);
    }

  return filled;
}

static void
assert_read (gsize dialect, const char *text, gsize size, const char *number, const char *expected)
{
  g_autoptr (GByteArray) body = fill (dialects[dialect].body, text, size, number);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) transcription =
      dialects[dialect].parse ((const char *) body->data, body->len, &error);

  g_test_message ("%s: “%s” and %s", dialects[dialect].name, expected, number);
  g_assert_no_error (error);
  g_assert_nonnull (transcription);
  g_assert_cmpstr (transcription->text, ==, expected);
}

static void
test_strings (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (strings); j++)
      assert_read (i, strings[j].sent, strings[j].size, "0.5", strings[j].read);
}

static void
test_numbers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (numbers); j++)
      assert_read (i, "one two", 7, numbers[j], "one two");
}

/* A word is told from a number that is none. */
static void
test_names (void)
{
  static const char *const bad[] = {
    "{\"a\":Nano}",      "{\"a\":infinit}",   "{\"a\":-}",   "{\"a\":NaN NaN}",    "NaN{",
    "{\"a\":\"\\u00\"}", "{\"a\":\"\\ud8\"}", "{\"a\":\"\\", "{\"a\":\"\\ud83d\\u"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (JsonNode) root = whis_json_parse (bad[i], strlen (bad[i]), NULL);

      g_test_message ("%s", bad[i]);
      g_assert_null (whis_json_as_object (root));
    }
}

/* Brackets would overflow the stack, and a quotation mark in what json-glib takes for a comment
 * would hide them. */
static void
test_refused (void)
{
  g_autofree char *deep = g_strnfill (100, '[');
  g_autofree char *in_string = g_strdup_printf ("{\"a\":\"%s\\\"%s\"}", deep, deep);
  g_autoptr (JsonNode) root = whis_json_parse (in_string, strlen (in_string), NULL);

  g_assert_nonnull (whis_json_as_object (root));
  g_assert_null (whis_json_parse (deep, strlen (deep), NULL));
  g_assert_null (whis_json_parse ("/* \" */{}", 9, NULL));
  g_assert_null (whis_json_parse ("# \" \n{}", 7, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/strings", test_strings);
  g_test_add_func ("/json/numbers", test_numbers);
  g_test_add_func ("/json/names", test_names);
  g_test_add_func ("/json/refused", test_refused);

  return g_test_run ();
}
