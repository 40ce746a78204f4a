/* SPDX-License-Identifier: MIT */
#include "gemini-answer.h"
#include "bad-answer.h"
#include "json.h"

static gboolean
is_of_type (JsonObject *object, const char *type)
{
  return g_strcmp0 (whis_json_get_string (object, "type"), type) == 0;
}

/* A duration of protocol buffers in JSON: seconds and an `s`, as in "0.5s". */
static double
get_seconds (JsonObject *object, const char *member)
{
  const char *value = whis_json_get_string (object, member);
  char *end;
  double seconds;

  if (value == NULL || !g_ascii_isdigit (*value))
    return -1;
  seconds = g_ascii_strtod (value, &end);

  return g_str_equal (end, "s") ? seconds : -1;
}

static void
add_words (WhisTranscription *transcription, JsonArray *annotations)
{
  for (guint i = 0; annotations != NULL && i < json_array_get_length (annotations); i++)
    {
      JsonObject *word = whis_json_as_object (json_array_get_element (annotations, i));

      if (is_of_type (word, "word_info"))
        whis_transcription_add_time (transcription, get_seconds (word, "start_offset"),
                                     get_seconds (word, "end_offset"),
                                     whis_json_get_string (word, "text"));
    }
}

typedef void (*ContentFunc) (JsonObject *content, gpointer data);

static void
for_each_text (JsonArray *steps, ContentFunc func, gpointer data)
{
  for (guint i = 0; i < json_array_get_length (steps); i++)
    {
      JsonObject *step = whis_json_as_object (json_array_get_element (steps, i));
      JsonArray *contents =
          is_of_type (step, "model_output") ? whis_json_get_array (step, "content") : NULL;

      for (guint j = 0; contents != NULL && j < json_array_get_length (contents); j++)
        {
          JsonObject *content = whis_json_as_object (json_array_get_element (contents, j));

          if (is_of_type (content, "text"))
            func (content, data);
        }
    }
}

/* Pieces of one text, which have their blanks. */
static void
append_text (JsonObject *content, gpointer data)
{
  const char *text = whis_json_get_string (content, "text");

  if (text != NULL)
    g_string_append (data, text);
}

static void
append_words (JsonObject *content, gpointer data)
{
  add_words (data, whis_json_get_array (content, "annotations"));
}

static WhisTranscription *
read_transcription (JsonArray *steps)
{
  g_autoptr (GString) text = g_string_new (NULL);
  WhisTranscription *transcription;

  for_each_text (steps, append_text, text);
  transcription = whis_transcription_new (text->str);
  for_each_text (steps, append_words, transcription);

  return transcription;
}

/**
 * whis_gemini_answer_parse:
 * @service: name of the service, for people
 * @data: (array length=size): body of an answer with status 200
 * @size: its length in bytes
 * @key: (nullable): the key that was sent, to be taken out of error messages
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Reads an interaction: the text is in the steps of the type `model_output`.
 *
 * Returns: (transfer full): the transcript, empty when nothing was said; %NULL with
 *   %WHIS_SERVICE_ERROR_SERVICE_DOWN when it is not complete, or %WHIS_SERVICE_ERROR_BAD_ANSWER
 */
WhisTranscription *
whis_gemini_answer_parse (const char *service,
                          const char *data,
                          gsize size,
                          const char *key,
                          GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  const char *status;
  JsonArray *steps;

  g_return_val_if_fail (service != NULL, NULL);
  g_return_val_if_fail (data != NULL || size == 0, NULL);

  root = whis_json_parse (data, size, NULL);
  status = whis_json_get_string (whis_json_as_object (root), "status");
  steps = whis_json_get_array (whis_json_as_object (root), "steps");
  if (g_strcmp0 (status, "completed") == 0 && steps != NULL)
    return read_transcription (steps);
  if (status != NULL && !g_str_equal (status, "completed"))
    g_propagate_error (error, whis_unfinished_answer_new (service, data, size, key, status));
  else
    g_propagate_error (error, whis_bad_answer_new (service, data, size, key));

  return NULL;
}
