/* SPDX-License-Identifier: MIT */
#include "deepgram-answer.h"
#include "bad-answer.h"
#include "json.h"

/* Formatting gives a word its capital and the marks behind it. */
static void
add_word (JsonArray *array, guint index, JsonNode *node, gpointer data)
{
  JsonObject *word = whis_json_as_object (node);
  const char *text = whis_json_get_string (word, "punctuated_word");

  if (text == NULL)
    text = whis_json_get_string (word, "word");
  whis_transcription_add_time (data, whis_json_get_double (word, "start"),
                               whis_json_get_double (word, "end"), text);
}

/* One language for the channel where one was to be found out, or else those that were mixed, the
 * main one first. */
static const char *
find_language (JsonObject *channel, JsonObject *alternative)
{
  const char *language = whis_json_get_string (channel, "detected_language");
  JsonArray *languages = whis_json_get_array (alternative, "languages");
  JsonNode *first = NULL;

  if (language == NULL && languages != NULL && json_array_get_length (languages) > 0)
    first = json_array_get_element (languages, 0);

  return first != NULL && json_node_get_value_type (first) == G_TYPE_STRING
             ? json_node_get_string (first)
             : language;
}

static WhisTranscription *
read_channel (JsonObject *channel)
{
  JsonObject *alternative = whis_json_get_first_object (channel, "alternatives");
  const char *text = whis_json_get_string (alternative, "transcript");
  JsonArray *words = whis_json_get_array (alternative, "words");
  WhisTranscription *transcription;

  if (text == NULL)
    return NULL;
  transcription = whis_transcription_new (text);
  transcription->language = g_strdup (find_language (channel, alternative));
  if (words != NULL)
    json_array_foreach_element (words, add_word, transcription);

  return transcription;
}

/**
 * whis_deepgram_answer_parse:
 * @service: name of the service, for people
 * @data: (array length=size): body of an answer with status 200
 * @size: its length in bytes
 * @key: (nullable): the key that was sent, to be taken out of error messages
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Takes the best guess at the first channel from an answer of Deepgram's `POST /v1/listen`, with
 * the place of each word.
 *
 * Returns: (transfer full): the transcript, empty when nothing was said; %NULL with
 *   %WHIS_SERVICE_ERROR_BAD_ANSWER when the answer is no transcript
 */
WhisTranscription *
whis_deepgram_answer_parse (const char *service,
                            const char *data,
                            gsize size,
                            const char *key,
                            GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  WhisTranscription *transcription;
  JsonObject *results;

  g_return_val_if_fail (service != NULL, NULL);
  g_return_val_if_fail (data != NULL || size == 0, NULL);

  root = whis_json_parse (data, size, NULL);
  results = whis_json_get_object (whis_json_as_object (root), "results");
  transcription = read_channel (whis_json_get_first_object (results, "channels"));
  if (transcription == NULL)
    g_propagate_error (error, whis_bad_answer_new (service, data, size, key));

  return transcription;
}
