/* SPDX-License-Identifier: MIT */
#include "endpoint-reply.h"

#include <string.h>

#include "cues.h"
#include "document.h"
#include "openai-json.h"

/* What the OpenAI dialect calls the failures. */
static const struct
{
  guint status;
  const char *param;
  const char *code;
} failures[] = {
  [WHIS_ENDPOINT_ERROR_FORM] = { SOUP_STATUS_BAD_REQUEST, NULL, "invalid_form" },
  [WHIS_ENDPOINT_ERROR_VALUE] = { SOUP_STATUS_BAD_REQUEST, NULL, "invalid_value" },
  [WHIS_ENDPOINT_ERROR_FILE] = { SOUP_STATUS_BAD_REQUEST, "file", "invalid_audio" },
  [WHIS_ENDPOINT_ERROR_TOO_LARGE] = { SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "file",
                                      "file_too_large" },
  [WHIS_ENDPOINT_ERROR_LANGUAGE] = { SOUP_STATUS_BAD_REQUEST, "language", "unsupported_language" },
  [WHIS_ENDPOINT_ERROR_UNKNOWN_MODEL] = { SOUP_STATUS_NOT_FOUND, "model", "model_not_found" },
  [WHIS_ENDPOINT_ERROR_NO_RECOGNISER] = { SOUP_STATUS_SERVICE_UNAVAILABLE, NULL,
                                          "recogniser_unavailable" },
  [WHIS_ENDPOINT_ERROR_STORAGE] = { SOUP_STATUS_INSUFFICIENT_STORAGE, NULL, "storage" },
  [WHIS_ENDPOINT_ERROR_PORT] = { SOUP_STATUS_INTERNAL_SERVER_ERROR, NULL, "failed" },
  [WHIS_ENDPOINT_ERROR_FAILED] = { SOUP_STATUS_INTERNAL_SERVER_ERROR, NULL, "failed" },
};

/* Takes the body over. Text that was dictated is no business of a cache. */
static void
endpoint_reply_send (SoupServerMessage *message, guint status, const char *type, char *body)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_TAKE, body, strlen (body));
}

static void
send_json (SoupServerMessage *message, guint status, JsonBuilder *builder)
{
  endpoint_reply_send (message, status, "application/json", whis_openai_json_print (builder));
}

/**
 * whis_endpoint_reply_with_error:
 * @message: a request
 * @status: HTTP status
 * @param: (nullable): the field that is wrong
 * @code: a name for the error
 * @sentence: what happened, for people
 *
 * Answers with an error as the OpenAI dialect writes it.
 */
void
whis_endpoint_reply_with_error (SoupServerMessage *message,
                                guint status,
                                const char *param,
                                const char *code,
                                const char *sentence)
{
  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));
  g_return_if_fail (code != NULL && sentence != NULL);

  endpoint_reply_send (message, status, "application/json",
                       whis_openai_json_print_error (status, param, code, sentence));
}

/**
 * whis_endpoint_reply_with_failure:
 * @message: a request
 * @param: (nullable): the field that is wrong, if that is known
 * @error: what went wrong
 *
 * Answers with the status and the code that belong to an error.
 */
void
whis_endpoint_reply_with_failure (SoupServerMessage *message,
                                  const char *param,
                                  const GError *error)
{
  int failure;

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));
  g_return_if_fail (error != NULL);

  failure = error->domain == WHIS_ENDPOINT_ERROR ? error->code : WHIS_ENDPOINT_ERROR_FAILED;
  whis_endpoint_reply_with_error (message, failures[failure].status,
                                  param != NULL ? param : failures[failure].param,
                                  failures[failure].code, error->message);
}

/* --- transcripts ------------------------------------------------------------------------------ */

static void
add_segments (JsonBuilder *builder, const WhisRecord *record)
{
  g_autoptr (GPtrArray) cues = whis_cues_new (record);

  json_builder_set_member_name (builder, "segments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < cues->len; i++)
    {
      const WhisCue *cue = g_ptr_array_index (cues, i);
      g_autofree char *text = g_strdelimit (g_strdup (cue->text), "\n", ' ');

      json_builder_begin_object (builder);
      whis_openai_json_set_int (builder, "id", i);
      whis_openai_json_set_seconds (builder, "start", cue->start_ms);
      whis_openai_json_set_seconds (builder, "end", cue->end_ms);
      whis_openai_json_set_string (builder, "text", text);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static gboolean
has_words (GPtrArray *parts)
{
  for (guint i = 0; i < parts->len; i++)
    if (((const WhisCuePart *) g_ptr_array_index (parts, i))->kind == WHIS_CUE_PART_WORD)
      return TRUE;

  return FALSE;
}

/* Returns: whether there are any: some models give times to sentences alone */
static gboolean
add_words (JsonBuilder *builder, const WhisRecord *record)
{
  g_autoptr (GPtrArray) parts = whis_cues_collect_parts (record);

  if (!has_words (parts))
    return FALSE;
  json_builder_set_member_name (builder, "words");
  json_builder_begin_array (builder);
  for (guint i = 0; i < parts->len; i++)
    {
      const WhisCuePart *part = g_ptr_array_index (parts, i);

      if (part->kind != WHIS_CUE_PART_WORD)
        continue;
      json_builder_begin_object (builder);
      whis_openai_json_set_string (builder, "word", part->text);
      /* A model may hear the last word longer than the sound is. */
      whis_openai_json_set_seconds (builder, "start", MIN (part->start_ms, record->length_ms));
      whis_openai_json_set_seconds (builder, "end", MIN (part->end_ms, record->length_ms));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return TRUE;
}

static void
send_object (SoupServerMessage *message, const WhisRecord *record, const WhisEndpointForm *form)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = whis_document_write (record, WHIS_DOCUMENT_TEXT);
  gboolean verbose = form->format == WHIS_ENDPOINT_VERBOSE_JSON;
  gboolean wants_segments = form->wants_segments;

  json_builder_begin_object (builder);
  if (verbose)
    {
      whis_openai_json_set_string (builder, "task", "transcribe");
      whis_openai_json_set_string (builder, "language", record->language);
      whis_openai_json_set_seconds (builder, "duration", record->length_ms);
    }
  whis_openai_json_set_string (builder, "text", text);
  if (verbose && form->wants_words && !add_words (builder, record))
    wants_segments = TRUE;
  if (verbose && wants_segments)
    add_segments (builder, record);
  whis_openai_json_set_usage (builder, record->length_ms);
  json_builder_end_object (builder);
  send_json (message, SOUP_STATUS_OK, builder);
}

/**
 * whis_endpoint_reply_with_transcript:
 * @message: a request
 * @record: what was said, with its chunks
 * @form: what was asked for
 *
 * Answers with a transcript as the OpenAI dialect writes it. Of a segment there is what is known of
 * it: its place and its text.
 */
void
whis_endpoint_reply_with_transcript (SoupServerMessage *message,
                                     const WhisRecord *record,
                                     const WhisEndpointForm *form)
{
  g_autofree char *text = NULL;

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));
  g_return_if_fail (record != NULL && form != NULL);

  switch (form->format)
    {
    case WHIS_ENDPOINT_TEXT:
      text = whis_document_write (record, WHIS_DOCUMENT_TEXT);
      endpoint_reply_send (message, SOUP_STATUS_OK, "text/plain; charset=utf-8",
                           g_strconcat (text, "\n", NULL));
      break;
    case WHIS_ENDPOINT_SRT:
      endpoint_reply_send (message, SOUP_STATUS_OK, "text/plain; charset=utf-8",
                           whis_document_write (record, WHIS_DOCUMENT_SRT));
      break;
    case WHIS_ENDPOINT_VTT:
      endpoint_reply_send (message, SOUP_STATUS_OK, "text/vtt; charset=utf-8",
                           whis_document_write (record, WHIS_DOCUMENT_VTT));
      break;
    case WHIS_ENDPOINT_JSON:
    case WHIS_ENDPOINT_VERBOSE_JSON:
    default:
      send_object (message, record, form);
      break;
    }
}

/**
 * whis_endpoint_reply_with_models:
 * @message: a request
 * @models: (element-type WhisEndpointModel): what can be asked for
 *
 * Answers with a list of models as the OpenAI dialect writes it.
 */
void
whis_endpoint_reply_with_models (SoupServerMessage *message, GPtrArray *models)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));
  g_return_if_fail (models != NULL);

  json_builder_begin_object (builder);
  whis_openai_json_set_string (builder, "object", "list");
  json_builder_set_member_name (builder, "data");
  json_builder_begin_array (builder);
  for (guint i = 0; i < models->len; i++)
    {
      const WhisEndpointModel *model = g_ptr_array_index (models, i);

      whis_openai_json_begin_model (builder, model->id, model->created);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  send_json (message, SOUP_STATUS_OK, builder);
}
