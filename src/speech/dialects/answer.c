/* SPDX-License-Identifier: MIT */
#include "answer.h"
#include "bad-answer.h"
#include "json.h"
#include "utf8.h"

#include <math.h>
#include <string.h>

/* Times in `verbose_json` are seconds; LocalAI gave nanoseconds once. */
#define LARGEST_SECONDS 1e6

static double
get_seconds (JsonObject *object, const char *member)
{
  double value = whis_json_get_double (object, member);

  return value > LARGEST_SECONDS ? value / 1e9 : value;
}

/* The words themselves are called so by OpenAI and `text` by others. */
static const char *
get_words (JsonObject *object)
{
  const char *text = whis_json_get_string (object, "word");

  return text != NULL ? text : whis_json_get_string (object, "text");
}

static JsonObject *
get_object (JsonArray *array, guint index)
{
  return whis_json_as_object (json_array_get_element (array, index));
}

static guint
get_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

static JsonObject *
get_object_or_null (JsonArray *array, guint index)
{
  return index < get_length (array) ? get_object (array, index) : NULL;
}

static void
add_parts (WhisTranscription *transcription, JsonObject *object, const char *member)
{
  JsonArray *parts = whis_json_get_array (object, member);

  for (guint i = 0; i < get_length (parts); i++)
    {
      JsonObject *part = get_object (parts, i);

      whis_transcription_add_time (transcription, get_seconds (part, "start"),
                                   get_seconds (part, "end"), get_words (part));
    }
}

/* The words that a segment has in it are tokens in whisper.cpp: a blank in front begins a word, and
 * what has none goes on with it. */
static gboolean
are_tokens (JsonArray *parts)
{
  const char *first = get_length (parts) > 0 ? get_words (get_object (parts, 0)) : NULL;

  return first != NULL && *first == ' ';
}

/* A word that is put together of tokens. */
typedef struct
{
  GString *text;
  double start;
  double end;
} Word;

static void
end_word (WhisTranscription *transcription, Word *word)
{
  whis_transcription_add_time (transcription, word->start, word->end, word->text->str);
  g_string_truncate (word->text, 0);
}

static void
add_tokens (WhisTranscription *transcription, JsonArray *parts, Word *word)
{
  for (guint i = 0; i < get_length (parts); i++)
    {
      JsonObject *part = get_object (parts, i);
      const char *text = get_words (part);

      if (text == NULL)
        continue;
      if (*text == ' ')
        end_word (transcription, word);
      if (word->text->len == 0)
        word->start = get_seconds (part, "start");
      g_string_append (word->text, text);
      word->end = get_seconds (part, "end");
    }
}

/* A segment of whisper.cpp may end inside a word, which the next one goes on with. */
static void
add_words_of_segments (WhisTranscription *transcription, JsonObject *object)
{
  JsonArray *segments = whis_json_get_array (object, "segments");
  gboolean tokens = are_tokens (whis_json_get_array (get_object_or_null (segments, 0), "words"));
  Word word = { g_string_new (NULL), -1, -1 };

  for (guint i = 0; i < get_length (segments); i++)
    {
      JsonObject *segment = get_object (segments, i);

      if (tokens && segment != NULL)
        add_tokens (transcription, whis_json_get_array (segment, "words"), &word);
      else if (segment != NULL)
        add_parts (transcription, segment, "words");
    }
  end_word (transcription, &word);
  g_string_free (word.text, TRUE);
}

static gsize
count_letters (const char *text)
{
  gsize n = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    n += g_unichar_isalnum (g_utf8_get_char (text)) ? 1 : 0;

  return n;
}

/* Parts of which one is missing are worse than none: what is made of them would lack it too. */
static gboolean
has_all_words (const WhisTranscription *transcription)
{
  gsize n = 0;

  for (guint i = 0; i < transcription->times->len; i++)
    n += count_letters (((WhisTimedText *) g_ptr_array_index (transcription->times, i))->text);

  return n > 0 && n >= count_letters (transcription->text);
}

typedef void (*AddTimes) (WhisTranscription *transcription, JsonObject *object);

static void
add_words (WhisTranscription *transcription, JsonObject *object)
{
  add_parts (transcription, object, "words");
}

static void
add_segments (WhisTranscription *transcription, JsonObject *object)
{
  add_parts (transcription, object, "segments");
}

/* Words where there are any, or else segments; and none rather than some. */
static void
read_times (WhisTranscription *transcription, JsonObject *object)
{
  static const AddTimes sources[] = { add_words, add_words_of_segments, add_segments };

  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_ptr_array_set_size (transcription->times, 0);
      sources[i](transcription, object);
      if (has_all_words (transcription))
        return;
    }
  g_ptr_array_set_size (transcription->times, 0);
}

static double
get_measure (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) == G_TYPE_STRING)
    return NAN;

  return json_node_get_double (node);
}

/* What `verbose_json` of OpenAI says of each segment, and others after it. */
static void
read_measures (WhisTranscription *transcription, JsonObject *object)
{
  JsonArray *segments = whis_json_get_array (object, "segments");

  for (guint i = 0; i < get_length (segments); i++)
    {
      JsonObject *segment = get_object (segments, i);

      if (segment != NULL && json_object_has_member (segment, "avg_logprob"))
        whis_transcription_add_segment (
            transcription, get_seconds (segment, "start"), get_seconds (segment, "end"),
            get_measure (segment, "avg_logprob"), get_measure (segment, "no_speech_prob"),
            get_words (segment));
    }
}

/* whisper.cpp says which language it heard beside the one that it was told; gpt-transcribe has a
 * list, which is one of guesses when it is longer than one. */
static const char *
find_language (JsonObject *object)
{
  const char *detected = whis_json_get_string (object, "detected_language");
  JsonArray *languages = whis_json_get_array (object, "languages");

  if (detected != NULL)
    return detected;
  if (get_length (languages) == 1)
    return whis_json_get_string (get_object (languages, 0), "code");

  return whis_json_get_string (object, "language");
}

static WhisTranscription *
read_transcription (JsonObject *object, const char *text)
{
  WhisTranscription *transcription = whis_transcription_new (text);

  transcription->language = g_strdup (find_language (object));
  read_times (transcription, object);
  read_measures (transcription, object);

  return transcription;
}

/* Lines that end anywhere. Without a blank at the beginning of any of them, their ends are all that
 * is between the words. */
static char *
join_lines_as_they_are (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (*lines[i] == ' ')
      return g_strjoinv ("", lines);

  return g_strdup (text);
}

/* As the lines of whisper.cpp's server look, whatever stands between it and us: a blank in front of
 * the first word, and an end of line behind the last one. */
static gboolean
looks_like_whisper_cpp (const char *text)
{
  return *text == ' ' && g_str_has_suffix (text, "\n");
}

static WhisTranscription *
parse_text (WhisAnswerLines lines, JsonObject *object, const char *text)
{
  g_autofree char *joined = lines == WHIS_ANSWER_LINES_AS_THEY_ARE || looks_like_whisper_cpp (text)
                                ? join_lines_as_they_are (text)
                                : g_strdup (text);

  return read_transcription (object, joined);
}

static WhisTranscription *
parse_json (WhisAnswerLines lines, const char *data, gsize size)
{
  g_autoptr (JsonNode) root = whis_json_parse (data, size, NULL);
  JsonObject *object = whis_json_as_object (root);
  const char *text = whis_json_get_string (object, "text");

  return text != NULL ? parse_text (lines, object, text) : NULL;
}

static gboolean
is_plain_text (const char *content_type, const char *data)
{
  return content_type != NULL && g_ascii_strncasecmp (content_type, "text/plain", 10) == 0
         && *data != '{' && *data != '<';
}

/**
 * whis_answer_parse:
 * @service: name of the service, for people
 * @lines: how the service breaks lines
 * @content_type: (nullable): media type of the answer
 * @data: (array length=size): body of an answer with status 200
 * @size: its length in bytes
 * @key: (nullable): the key that was sent, to be taken out of error messages
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Takes the transcript from an answer of the OpenAI dialect: the member `text` of a JSON object, or
 * the whole body when the server says that it is plain text.
 *
 * Returns: (transfer full): the transcript, empty when nothing was said; %NULL with
 *   %WHIS_SERVICE_ERROR_BAD_ANSWER when the answer is no transcript
 */
WhisTranscription *
whis_answer_parse (const char *service,
                   WhisAnswerLines lines,
                   const char *content_type,
                   const char *data,
                   gsize size,
                   const char *key,
                   GError **error)
{
  WhisTranscription *transcription;

  g_return_val_if_fail (service != NULL, NULL);
  g_return_val_if_fail (data != NULL || size == 0, NULL);

  if (size >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0)
    {
      data += 3;
      size -= 3;
    }
  while (size > 0 && g_ascii_isspace (*data))
    {
      data++;
      size--;
    }
  if (size > 0 && is_plain_text (content_type, data))
    {
      g_autofree char *text = whis_utf8_make_valid (data, size);

      return whis_transcription_new (text);
    }
  transcription = parse_json (lines, data, size);
  if (transcription == NULL)
    g_propagate_error (error, whis_bad_answer_new (service, data, size, key));

  return transcription;
}
