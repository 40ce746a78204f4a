/* SPDX-License-Identifier: MIT */
#include "reply.h"

#include <string.h>

#include "offline-error.h"
#include "openai-json.h"

/* What the OpenAI dialect calls the failures that have no field of their own. */
static const struct
{
  WhisOfflineError error;
  guint status;
  const char *param;
  const char *code;
} failures[] = {
  { WHIS_OFFLINE_ERROR_MISSING, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL, "model_missing" },
  { WHIS_OFFLINE_ERROR_MODEL, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL, "model_missing" },
  { WHIS_OFFLINE_ERROR_UNDECODABLE, SOUP_STATUS_BAD_REQUEST, "file", "invalid_audio" },
  { WHIS_OFFLINE_ERROR_TOO_LONG, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "file", "audio_too_long" },
  { WHIS_OFFLINE_ERROR_NO_MODEL, SOUP_STATUS_NOT_FOUND, "model", "model_not_found" },
  { WHIS_OFFLINE_ERROR_LANGUAGE, SOUP_STATUS_BAD_REQUEST, "language", "unsupported_language" },
  { WHIS_OFFLINE_ERROR_REQUEST, SOUP_STATUS_BAD_REQUEST, NULL, "invalid_value" },
};

/* Takes the body over. */
static void
send_body (SoupServerMessage *message, guint status, const char *type, char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_TAKE, body, strlen (body));
}

static void
send_json (SoupServerMessage *message, guint status, JsonBuilder *builder)
{
  send_body (message, status, "application/json", whis_openai_json_print (builder));
}

/**
 * whis_reply_with_error:
 * @message: a request
 * @status: HTTP status
 * @param: (nullable): the field that is wrong
 * @code: (nullable): a name for the error
 * @sentence: what happened, for people
 *
 * Answers with an error as the OpenAI dialect writes it.
 */
void
whis_reply_with_error (SoupServerMessage *message,
                       guint status,
                       const char *param,
                       const char *code,
                       const char *sentence)
{
  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));
  g_return_if_fail (sentence != NULL);

  send_body (message, status, "application/json",
             whis_openai_json_print_error (status, param, code, sentence));
}

/**
 * whis_reply_with_failure:
 * @message: a request
 * @param: (nullable): the field that is wrong, if that is known
 * @error: what went wrong
 *
 * Answers with the status and the code that belong to an error.
 */
void
whis_reply_with_failure (SoupServerMessage *message, const char *param, const GError *error)
{
  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));
  g_return_if_fail (error != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    if (g_error_matches (error, WHIS_OFFLINE_ERROR, (int) failures[i].error))
      {
        whis_reply_with_error (message, failures[i].status,
                               param != NULL ? param : failures[i].param, failures[i].code,
                               error->message);
        return;
      }

  whis_reply_with_error (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, param, NULL, error->message);
}

static void
set_number (JsonBuilder *builder, const char *member, double value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_double_value (builder, value);
}

static void
set_flag (JsonBuilder *builder, const char *member, gboolean value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_boolean_value (builder, value);
}

/* A client can judge by these whether somebody said it. */
static void
add_measures (JsonBuilder *builder, const WhisSegment *segment)
{
  if (!segment->is_measured)
    return;
  set_number (builder, "temperature", segment->temperature);
  set_number (builder, "avg_logprob", segment->average_logprob);
  set_number (builder, "compression_ratio", segment->compression_ratio);
  set_number (builder, "no_speech_prob", segment->no_speech_probability);
}

/* The words of all segments, where each has its times. */
static void
add_words (JsonBuilder *builder, const WhisTranscript *transcript)
{
  for (guint i = 0; i < transcript->segments->len; i++)
    if (((const WhisSegment *) g_ptr_array_index (transcript->segments, i))->words->len == 0)
      return;

  json_builder_set_member_name (builder, "words");
  json_builder_begin_array (builder);
  for (guint i = 0; i < transcript->segments->len; i++)
    {
      const WhisSegment *segment = g_ptr_array_index (transcript->segments, i);

      for (guint j = 0; j < segment->words->len; j++)
        {
          const WhisWord *word = g_ptr_array_index (segment->words, j);

          json_builder_begin_object (builder);
          whis_openai_json_set_string (builder, "word", word->text);
          whis_openai_json_set_seconds (builder, "start", word->start_ms);
          whis_openai_json_set_seconds (builder, "end", word->end_ms);
          json_builder_end_object (builder);
        }
    }
  json_builder_end_array (builder);
}

static void
add_segments (JsonBuilder *builder, const WhisTranscript *transcript)
{
  json_builder_set_member_name (builder, "segments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < transcript->segments->len; i++)
    {
      const WhisSegment *segment = g_ptr_array_index (transcript->segments, i);

      json_builder_begin_object (builder);
      whis_openai_json_set_int (builder, "id", i);
      whis_openai_json_set_seconds (builder, "start", segment->start_ms);
      whis_openai_json_set_seconds (builder, "end", segment->end_ms);
      whis_openai_json_set_string (builder, "text", segment->text);
      add_measures (builder, segment);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
send_object (SoupServerMessage *message,
             const WhisTranscript *transcript,
             const char *text,
             gboolean verbose,
             gboolean wants_words)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  if (verbose)
    {
      whis_openai_json_set_string (builder, "task", "transcribe");
      whis_openai_json_set_string (builder, "language", transcript->language);
      whis_openai_json_set_seconds (builder, "duration", transcript->duration_ms);
    }
  whis_openai_json_set_string (builder, "text", text);
  if (verbose && wants_words)
    add_words (builder, transcript);
  if (verbose)
    {
      add_segments (builder, transcript);
      whis_openai_json_set_int (builder, "removed_segments", transcript->n_removed);
    }
  whis_openai_json_set_usage (builder, transcript->duration_ms);
  json_builder_end_object (builder);
  send_json (message, SOUP_STATUS_OK, builder);
}

/**
 * whis_reply_with_transcript:
 * @message: a request
 * @transcript: what was said
 * @format: how to send it
 * @wants_words: whether words with times are wanted in a verbose answer
 *
 * Answers with a transcript as the OpenAI dialect writes it.
 */
void
whis_reply_with_transcript (SoupServerMessage *message,
                            const WhisTranscript *transcript,
                            WhisAnswerFormat format,
                            gboolean wants_words)
{
  g_autofree char *text = NULL;

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));
  g_return_if_fail (transcript != NULL);

  text = whis_transcript_get_text (transcript);
  if (format != WHIS_ANSWER_TEXT)
    {
      send_object (message, transcript, text, format == WHIS_ANSWER_VERBOSE_JSON, wants_words);
      return;
    }

  send_body (message, SOUP_STATUS_OK, "text/plain; charset=utf-8", g_strconcat (text, "\n", NULL));
}

static void
add_model (JsonBuilder *builder, const WhisModel *model)
{
  whis_openai_json_begin_model (builder, model->id, model->modified);
  whis_openai_json_set_string (builder, "engine", model->engine->id);
  whis_openai_json_set_int (builder, "bytes", (gint64) model->bytes);
  set_flag (builder, "sets_language", model->engine->sets_language);
  set_flag (builder, "takes_prompt", model->engine->takes_prompt);
  set_flag (builder, "has_word_times", model->engine->has_word_times);
  json_builder_set_member_name (builder, "languages");
  json_builder_begin_array (builder);
  for (guint i = 0; model->languages[i] != NULL; i++)
    json_builder_add_string_value (builder, model->languages[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/**
 * whis_reply_with_models:
 * @message: a request
 * @models: the models that are installed
 *
 * Answers with the list of models, in the form of OpenAI and with what each can do.
 */
void
whis_reply_with_models (SoupServerMessage *message, WhisModelList *models)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GPtrArray) all = NULL;

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));
  g_return_if_fail (WHIS_IS_MODEL_LIST (models));

  all = whis_model_list_get_all (models);
  json_builder_begin_object (builder);
  whis_openai_json_set_string (builder, "object", "list");
  json_builder_set_member_name (builder, "data");
  json_builder_begin_array (builder);
  for (guint i = 0; i < all->len; i++)
    add_model (builder, g_ptr_array_index (all, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  send_json (message, SOUP_STATUS_OK, builder);
}

/**
 * whis_reply_with_health:
 * @message: a request
 *
 * Answers that all is well.
 */
void
whis_reply_with_health (SoupServerMessage *message)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));

  json_builder_begin_object (builder);
  whis_openai_json_set_string (builder, "status", "ok");
  json_builder_end_object (builder);
  send_json (message, SOUP_STATUS_OK, builder);
}
