/* SPDX-License-Identifier: MIT */
#include "live-protocol.h"
#include "json.h"
#include "http-request.h"

#include <string.h>

/* OpenAI's realtime transcription: sound is appended to a buffer, a commit makes an item of it. The
 * service's own detection of turns is off, so that an item is exactly one chunk. */

#define RATE 24000
#define COMMIT "chunk-"
#define TRANSCRIPTION "conversation.item.input_audio_transcription."

static void
write_query (const WhisLiveOptions *options, GString *query)
{
  whis_http_query_append (query, "intent", "transcription");
}

/* --- setup ------------------------------------------------------------------------------------ */

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_null (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_null_value (builder);
}

static void
add_list (JsonBuilder *builder, const char *name, const char *const *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; values[i] != NULL; i++)
    json_builder_add_string_value (builder, values[i]);
  json_builder_end_array (builder);
}

static gboolean
has_words (const WhisLiveOptions *options)
{
  return options->vocabulary != NULL && options->vocabulary[0] != NULL;
}

/* Models that take no list of words find them in the prompt. */
static char *
write_prompt (const WhisLiveOptions *options)
{
  g_autofree char *words =
      has_words (options) ? g_strjoinv (", ", (char **) options->vocabulary) : g_strdup ("");
  const char *prompt = options->prompt != NULL ? options->prompt : "";

  return g_strstrip (g_strconcat (prompt, " ", words, NULL));
}

static void
add_language (JsonBuilder *builder, const WhisLiveOptions *options, gboolean as_list)
{
  g_autofree char *language = whis_live_language_dup (options);
  const char *const list[] = { language, NULL };

  if (language == NULL)
    return;
  if (as_list)
    add_list (builder, "languages", list);
  else
    add_string (builder, "language", language);
}

/* Each model has its own fields, and refuses those of the others. */
static void
add_transcription (JsonBuilder *builder, const WhisLiveOptions *options)
{
  gboolean is_new = strstr (options->model, "live-transcribe") != NULL
                    || g_str_has_prefix (options->model, "gpt-transcribe");
  gboolean takes_prompt =
      g_str_has_prefix (options->model, "gpt-4o") || g_str_has_prefix (options->model, "whisper-1");
  g_autofree char *prompt = write_prompt (options);

  json_builder_set_member_name (builder, "transcription");
  json_builder_begin_object (builder);
  add_string (builder, "model", options->model);
  add_language (builder, options, is_new);
  if (is_new && has_words (options))
    add_list (builder, "keywords", options->vocabulary);
  if (takes_prompt && *prompt != '\0')
    add_string (builder, "prompt", prompt);
  json_builder_end_object (builder);
}

static void
add_input (JsonBuilder *builder, const WhisLiveOptions *options)
{
  json_builder_set_member_name (builder, "input");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "format");
  json_builder_begin_object (builder);
  add_string (builder, "type", "audio/pcm");
  json_builder_set_member_name (builder, "rate");
  json_builder_add_int_value (builder, RATE);
  json_builder_end_object (builder);
  add_transcription (builder, options);
  add_null (builder, "noise_reduction");
  /* left out, it would be the service that decides where sentences end */
  add_null (builder, "turn_detection");
  json_builder_end_object (builder);
}

static char *
write_setup (const WhisLiveOptions *options)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_string (builder, "type", "session.update");
  json_builder_set_member_name (builder, "session");
  json_builder_begin_object (builder);
  add_string (builder, "type", "transcription");
  json_builder_set_member_name (builder, "audio");
  json_builder_begin_object (builder);
  add_input (builder, options);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

static char *
write_sound (const guint8 *sound, gsize size)
{
  g_autofree char *base64 = g_base64_encode (sound, size);

  return g_strconcat ("{\"type\":\"input_audio_buffer.append\",\"audio\":\"", base64, "\"}", NULL);
}

/* An error names the message that it is about. */
static char *
write_commit (guint number)
{
  return g_strdup_printf ("{\"type\":\"input_audio_buffer.commit\",\"event_id\":\"" COMMIT "%u\"}",
                          number);
}

/* --- messages --------------------------------------------------------------------------------- */

static guint
get_commit (JsonObject *error)
{
  const char *id = whis_json_get_string (error, "event_id");
  guint64 number;

  if (id == NULL || !g_str_has_prefix (id, COMMIT)
      || !g_ascii_string_to_unsigned (id + strlen (COMMIT), 10, 1, G_MAXUINT, &number, NULL))
    return 0;

  return (guint) number;
}

static guint
get_status (JsonObject *error)
{
  static const struct
  {
    const char *code;
    guint status;
  } statuses[] = {
    { "invalid_api_key", 401 },
    { "insufficient_quota", 429 },
    { "credit_balance_exhausted", 429 },
    { "rate_limit_exceeded", 429 },
    { "slow_down", 429 },
    { "model_not_found", 404 },
    { "session_expired", 503 },
  };
  const char *code = whis_json_get_string (error, "code");
  const char *type = whis_json_get_string (error, "type");

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      if (g_strcmp0 (code, statuses[i].code) == 0 || g_strcmp0 (type, statuses[i].code) == 0)
        return statuses[i].status;
    }

  return g_strcmp0 (type, "invalid_request_error") == 0 ? 400 : 503;
}

/* Any other error than that of a commit without sound means that sound is missing or stands where
 * it does not belong, although the session goes on: it is not trusted any more. */
static void
read_error (JsonObject *error, WhisLiveEvent *event)
{
  const char *code = whis_json_get_string (error, "code");

  if (g_strcmp0 (code, "input_audio_buffer_commit_empty") == 0)
    {
      event->type = WHIS_LIVE_EVENT_EMPTY;
      event->commit = get_commit (error);
      return;
    }
  event->type = WHIS_LIVE_EVENT_REFUSED;
  event->status = get_status (error);
}

/* A service that cuts as it likes although it was told not to cannot be matched to chunks. */
static void
read_updated (JsonObject *root, WhisLiveEvent *event)
{
  JsonObject *audio = whis_json_get_object (whis_json_get_object (root, "session"), "audio");

  if (whis_json_get_object (whis_json_get_object (audio, "input"), "turn_detection") == NULL)
    {
      event->type = WHIS_LIVE_EVENT_READY;
      return;
    }
  event->type = WHIS_LIVE_EVENT_REFUSED;
  event->status = 422;
}

static void
read_transcription (const char *what, JsonObject *root, WhisLiveEvent *event)
{
  if (g_str_equal (what, "delta"))
    event->type = WHIS_LIVE_EVENT_DELTA;
  else if (g_str_equal (what, "completed"))
    event->type = WHIS_LIVE_EVENT_FINAL;
  else if (g_str_equal (what, "failed"))
    event->type = WHIS_LIVE_EVENT_FAILED;
  event->item = g_strdup (whis_json_get_string (root, "item_id"));
  event->text = g_strdup (
      whis_json_get_string (root, event->type == WHIS_LIVE_EVENT_DELTA ? "delta" : "transcript"));
}

static void
live_openai_parse (const char *data, gsize size, WhisLiveEvent *event)
{
  g_autoptr (JsonNode) node = whis_json_parse (data, size, NULL);
  JsonObject *root = whis_json_as_object (node);
  const char *type = whis_json_get_string (root, "type");

  if (type == NULL)
    return;
  if (g_str_equal (type, "session.created"))
    event->type = WHIS_LIVE_EVENT_HELLO;
  else if (g_str_equal (type, "session.updated"))
    read_updated (root, event);
  else if (g_str_equal (type, "error"))
    read_error (whis_json_get_object (root, "error"), event);
  else if (g_str_equal (type, "input_audio_buffer.committed"))
    {
      event->type = WHIS_LIVE_EVENT_TAKEN;
      event->item = g_strdup (whis_json_get_string (root, "item_id"));
    }
  else if (g_str_has_prefix (type, TRANSCRIPTION))
    read_transcription (type + strlen (TRANSCRIPTION), root, event);
}

const WhisLiveProtocol whis_live_openai = {
  .path = "/realtime",
  .rate = RATE,
  .match = WHIS_LIVE_MATCH_ITEM,
  .says_hello = TRUE,
  .write_query = write_query,
  .write_setup = write_setup,
  .write_sound = write_sound,
  .write_commit = write_commit,
  /* as servers of the user's own close on a bad key */
  .policy_status = 401,
  .parse = live_openai_parse,
};
