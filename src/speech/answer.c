/* SPDX-License-Identifier: MIT */
#include "answer.h"
#include "bad-answer.h"
#include "json.h"

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
static void
add_part (WhisTranscription *transcription, JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *text = whis_json_get_string (object, "word");

  if (text == NULL)
    text = whis_json_get_string (object, "text");
  whis_transcription_add_time (transcription, get_seconds (object, "start"),
                               get_seconds (object, "end"), text);
}

static void
add_parts (WhisTranscription *transcription, JsonObject *object, const char *member)
{
  JsonArray *parts = whis_json_get_array (object, member);

  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++)
    add_part (transcription, json_array_get_element (parts, i));
}

/* whisper.cpp has the words of each segment in it. */
static void
add_words_of_segments (WhisTranscription *transcription, JsonObject *object)
{
  JsonArray *segments = whis_json_get_array (object, "segments");

  for (guint i = 0; segments != NULL && i < json_array_get_length (segments); i++)
    {
      JsonNode *node = json_array_get_element (segments, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        add_parts (transcription, json_node_get_object (node), "words");
    }
}

/* Words where there are any, or else segments. */
static WhisTranscription *
read_transcription (JsonObject *object, const char *text)
{
  WhisTranscription *transcription = whis_transcription_new (text);

  transcription->language = g_strdup (whis_json_get_string (object, "language"));
  add_parts (transcription, object, "words");
  if (transcription->times->len == 0)
    add_words_of_segments (transcription, object);
  if (transcription->times->len == 0)
    add_parts (transcription, object, "segments");

  return transcription;
}

static WhisTranscription *
parse_json (const char *data, gsize size)
{
  g_autoptr (JsonNode) root = whis_json_parse (data, size, NULL);
  const char *text = NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    text = whis_json_get_string (json_node_get_object (root), "text");

  return text != NULL ? read_transcription (json_node_get_object (root), text) : NULL;
}

static gboolean
is_plain_text (const char *content_type, const char *data, gsize size)
{
  return content_type != NULL && g_ascii_strncasecmp (content_type, "text/plain", 10) == 0
         && *data != '{' && *data != '<' && memchr (data, '\0', size) == NULL;
}

/**
 * whis_answer_parse:
 * @service: name of the service, for people
 * @content_type: (nullable): media type of the answer
 * @data: (array length=size): body of an answer with status 200
 * @size: its length in bytes
 * @key: (nullable): the key that was sent, to be taken out of error messages
 * @error: return location for a %WHIS_SPEECH_ERROR
 *
 * Takes the transcript from an answer of the OpenAI dialect: the member `text` of a JSON object, or
 * the whole body when the server says that it is plain text.
 *
 * Returns: (transfer full): the transcript, empty when nothing was said; %NULL with
 *   %WHIS_SPEECH_ERROR_BAD_ANSWER when the answer is no transcript
 */
WhisTranscription *
whis_answer_parse (const char *service,
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
  if (size > 0 && is_plain_text (content_type, data, size) && g_utf8_validate (data, size, NULL))
    {
      g_autofree char *text = g_strndup (data, size);

      return whis_transcription_new (text);
    }
  transcription = parse_json (data, size);
  if (transcription == NULL)
    g_propagate_error (error, whis_bad_answer_new (service, data, size, key));

  return transcription;
}
