/* SPDX-License-Identifier: MIT */
#include "answer.h"
#include "json.h"
#include "redact.h"
#include "refusal.h"
#include "speech-error.h"

#include <glib/gi18n-lib.h>
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

/* An answer that was cut off may be whole the next time; one that says something else will not. */
static WhisTranscription *
fail (GError **error, gboolean is_retryable, char *sentence, const char *detail)
{
  g_propagate_error (error, whis_speech_error_new_answer (WHIS_SPEECH_ERROR_BAD_ANSWER, sentence,
                                                          detail, 200, 0, is_retryable));
  g_free (sentence);

  return NULL;
}

static WhisTranscription *
parse_json (const char *service, const char *data, gsize size, const char *key, GError **error)
{
  g_autoptr (JsonNode) root = whis_json_parse (data, size, NULL);
  g_autoptr (WhisRefusal) refusal = NULL;
  g_autofree char *detail = NULL;
  const char *text = NULL;

  if (root == NULL)
    return fail (error, TRUE,
                 g_strdup_printf (_ ("The answer of %s is broken or cut off. Try again."), service),
                 NULL);
  if (JSON_NODE_HOLDS_OBJECT (root))
    text = whis_json_get_string (json_node_get_object (root), "text");
  if (text != NULL)
    return read_transcription (json_node_get_object (root), text);

  refusal = whis_refusal_parse (data, size);
  if (refusal->message != NULL)
    detail = whis_redact (refusal->message, key);

  return fail (error, FALSE,
               g_strdup_printf (_ ("The answer of %s has no text in it. Check the model and the "
                                   "address in the preferences."),
                                service),
               detail);
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
  if (size == 0)
    return fail (error, TRUE,
                 g_strdup_printf (_ ("The answer of %s is empty. Try again."), service), NULL);
  if (*data == '<')
    return fail (error, FALSE,
                 g_strdup_printf (_ ("The answer of %s is a web page, not a transcript. Check the "
                                     "address in the preferences."),
                                  service),
                 NULL);
  if (is_plain_text (content_type, data, size) && g_utf8_validate (data, size, NULL))
    {
      g_autofree char *text = g_strndup (data, size);

      return whis_transcription_new (text);
    }

  return parse_json (service, data, size, key, error);
}
