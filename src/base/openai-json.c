/* SPDX-License-Identifier: MIT */
#include "openai-json.h"

#include <math.h>

/* Answers in JSON as [OpenAI](https://platform.openai.com/docs/api-reference/audio) writes them,
 * for the recogniser and for the endpoint. */

/**
 * whis_openai_json_set_string:
 * @builder: within an object
 * @member: its name
 * @value: (nullable): its value
 *
 * Adds a member that is a string, or null.
 */
void
whis_openai_json_set_string (JsonBuilder *builder, const char *member, const char *value)
{
  json_builder_set_member_name (builder, member);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * whis_openai_json_set_int:
 * @builder: within an object
 * @member: its name
 * @value: its value
 *
 * Adds a member that is a whole number.
 */
void
whis_openai_json_set_int (JsonBuilder *builder, const char *member, gint64 value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_int_value (builder, value);
}

/**
 * whis_openai_json_set_seconds:
 * @builder: within an object
 * @member: its name
 * @ms: a time or a length in milliseconds
 *
 * Adds a member that is a number of seconds.
 */
void
whis_openai_json_set_seconds (JsonBuilder *builder, const char *member, guint64 ms)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_double_value (builder, (double) ms / 1000);
}

/**
 * whis_openai_json_set_usage:
 * @builder: within an object
 * @duration_ms: length of the sound in milliseconds
 *
 * Adds what a transcription would be billed for.
 */
void
whis_openai_json_set_usage (JsonBuilder *builder, guint64 duration_ms)
{
  json_builder_set_member_name (builder, "usage");
  json_builder_begin_object (builder);
  whis_openai_json_set_string (builder, "type", "duration");
  whis_openai_json_set_int (builder, "seconds", (gint64) ceil ((double) duration_ms / 1000));
  json_builder_end_object (builder);
}

/**
 * whis_openai_json_begin_model:
 * @builder: within an array
 * @id: the model's name
 * @created: when it was made, in seconds since 1970
 *
 * Begins an object that describes a model, for the caller to end.
 */
void
whis_openai_json_begin_model (JsonBuilder *builder, const char *id, gint64 created)
{
  json_builder_begin_object (builder);
  whis_openai_json_set_string (builder, "id", id);
  whis_openai_json_set_string (builder, "object", "model");
  whis_openai_json_set_int (builder, "created", created);
  whis_openai_json_set_string (builder, "owned_by", "whis");
}

/**
 * whis_openai_json_print:
 * @builder: with a whole document
 *
 * Returns: (transfer full): the document as text
 */
char *
whis_openai_json_print (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

/**
 * whis_openai_json_print_error:
 * @status: HTTP status
 * @param: (nullable): the field that is wrong
 * @code: (nullable): a name for the error
 * @sentence: what happened, for people
 *
 * Returns: (transfer full): the body of an answer that refuses
 */
char *
whis_openai_json_print_error (guint status,
                              const char *param,
                              const char *code,
                              const char *sentence)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (sentence != NULL, NULL);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  whis_openai_json_set_string (builder, "message", sentence);
  whis_openai_json_set_string (builder, "type",
                               status < 500 ? "invalid_request_error" : "server_error");
  whis_openai_json_set_string (builder, "param", param);
  whis_openai_json_set_string (builder, "code", code);
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  return whis_openai_json_print (builder);
}
