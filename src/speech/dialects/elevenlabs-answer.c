/* SPDX-License-Identifier: MIT */
#include "elevenlabs-answer.h"
#include "bad-answer.h"
#include "json.h"

/* The blanks between words, and laughter and the like, are in the list too. */
static void
add_word (JsonArray *array, guint index, JsonNode *node, gpointer data)
{
  JsonObject *word = whis_json_as_object (node);

  if (g_strcmp0 (whis_json_get_string (word, "type"), "word") == 0)
    whis_transcription_add_time (data, whis_json_get_double (word, "start"),
                                 whis_json_get_double (word, "end"),
                                 whis_json_get_string (word, "text"));
}

static WhisTranscription *
read_transcription (JsonObject *object)
{
  const char *text = whis_json_get_string (object, "text");
  JsonArray *words = whis_json_get_array (object, "words");
  WhisTranscription *transcription;

  if (text == NULL)
    return NULL;
  transcription = whis_transcription_new (text);
  transcription->language = g_strdup (whis_json_get_string (object, "language_code"));
  if (words != NULL)
    json_array_foreach_element (words, add_word, transcription);

  return transcription;
}

/**
 * whis_elevenlabs_answer_parse:
 * @service: name of the service, for people
 * @data: (array length=size): body of an answer with status 200
 * @size: its length in bytes
 * @key: (nullable): the key that was sent, to be taken out of error messages
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Takes the transcript from an answer of ElevenLabs' `POST /v1/speech-to-text`, with the place of
 * each word where the service was asked for it.
 *
 * Returns: (transfer full): the transcript, empty when nothing was said; %NULL with
 *   %WHIS_SERVICE_ERROR_BAD_ANSWER when the answer is no transcript
 */
WhisTranscription *
whis_elevenlabs_answer_parse (const char *service,
                              const char *data,
                              gsize size,
                              const char *key,
                              GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  WhisTranscription *transcription;

  g_return_val_if_fail (service != NULL, NULL);
  g_return_val_if_fail (data != NULL || size == 0, NULL);

  root = whis_json_parse (data, size, NULL);
  transcription = read_transcription (whis_json_as_object (root));
  if (transcription == NULL)
    g_propagate_error (error, whis_bad_answer_new (service, data, size, key));

  return transcription;
}
