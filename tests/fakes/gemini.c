/* SPDX-License-Identifier: MIT */

/* Google Gemini's speech model, by interactions. */

#include "service-gemini.h"

#include <string.h>

#include "service-call.h"
#include "service-json.h"
#include "service-template.h"

#define MAX_BYTES (100 * 1024 * 1024)
#define MIME_TYPES                                                                                 \
  "audio/wav audio/mp3 audio/aiff audio/aac audio/ogg audio/flac audio/mpeg audio/m4a audio/l16 "  \
  "audio/opus audio/alaw audio/mulaw"

static gboolean
check_known (ServiceCall *call, JsonObject *object, const char *known)
{
  const char *unknown = object != NULL ? service_json_find_unknown (object, known) : NULL;

  if (unknown == NULL)
    return TRUE;
  service_call_refuse (call, "bad-request", "Unknown parameter '%s'.", unknown);

  return FALSE;
}

static gboolean
check_head (ServiceCall *call, JsonObject *request)
{
  const char *model = service_json_get_string (request, "model");

  call->model = g_strdup (model != NULL ? model : "");
  if (g_strcmp0 (service_call_get_header (call, "Api-Revision"), "2026-05-20") != 0)
    service_call_complain (call, "Api-Revision is %s",
                           service_call_get_header (call, "Api-Revision"));
  if (json_object_get_boolean_member_with_default (request, "store", TRUE))
    service_call_complain (call, "the sound would be stored: no \"store\":false");
  if (model != NULL && g_str_equal (model, "gemini-3.5-transcribe"))
    return TRUE;
  service_call_refuse (call, "unknown-model", "unknown model %s", model);

  return FALSE;
}

static GBytes *
decode (const char *data)
{
  gsize size;
  guchar *bytes;
  g_autofree char *again = NULL;

  if (data == NULL || *data == '\0')
    return NULL;
  bytes = g_base64_decode (data, &size);
  again = g_base64_encode (bytes, size);
  if (g_str_equal (again, data))
    return g_bytes_new_take (bytes, size);
  g_free (bytes);

  return NULL;
}

static gboolean
check_audio (ServiceCall *call, JsonObject *audio)
{
  const char *type = service_json_get_string (audio, "mime_type");
  g_autoptr (GBytes) sound = decode (service_json_get_string (audio, "data"));

  if (!check_known (call, audio, "type mime_type data"))
    return FALSE;
  if (g_strcmp0 (service_json_get_string (audio, "type"), "audio") != 0)
    service_call_refuse (call, "bad-request", "input must be of type audio");
  else if (type == NULL || !service_word_in (type, MIME_TYPES))
    service_call_refuse (call, "unsupported-file", "%s", type);
  else if (sound == NULL)
    service_call_refuse (call, "bad-request", "Base64 decoding failed");
  else
    {
      service_call_set_sound (call, sound, type);
      return TRUE;
    }

  return FALSE;
}

static gboolean
check_input (ServiceCall *call, JsonObject *request)
{
  JsonArray *input = service_json_get_array (request, "input");

  if (input != NULL && json_array_get_length (input) == 1
      && JSON_NODE_HOLDS_OBJECT (json_array_get_element (input, 0)))
    return check_audio (call, json_array_get_object_element (input, 0));
  service_call_refuse (call, "bad-request", "input must be one audio");

  return FALSE;
}

/* The mode is its name alone, or an object with the name as its type. */
static const char *
get_mode (JsonObject *config)
{
  JsonObject *mode = service_json_get_object (config, "mode");
  const char *name =
      service_json_get_string (mode != NULL ? mode : config, mode != NULL ? "type" : "mode");

  return name != NULL ? name : "verbatim";
}

static gboolean
wants_words (JsonObject *config)
{
  return service_json_list_has (service_json_get_object (config, "mode"), "timestamp_granularities",
                                "word");
}

static gboolean
wants_speakers (JsonObject *config)
{
  return service_json_get_string (service_json_get_object (config, "mode"), "diarization_mode")
         != NULL;
}

static gboolean
check_mode (ServiceCall *call, JsonObject *config)
{
  JsonObject *mode = service_json_get_object (config, "mode");
  gboolean has_vocabulary = json_object_has_member (config, "custom_vocabulary");

  if (!check_known (call, mode, "type diarization_mode timestamp_granularities"))
    return FALSE;
  if (!service_word_in (get_mode (config), "verbatim smart"))
    service_call_refuse (call, "bad-request", "mode %s", get_mode (config));
  else if (mode != NULL && !service_json_is_list (mode, "timestamp_granularities", "^word$"))
    service_call_refuse (call, "bad-request", "timestamp_granularities must be [\"word\"]");
  else if (g_str_equal (get_mode (config), "smart")
           && (wants_words (config) || wants_speakers (config)))
    service_call_refuse (call, "bad-request", "mode smart has no times and no speakers");
  else if (has_vocabulary && wants_words (config))
    service_call_refuse (call, "vocabulary-and-times", "custom_vocabulary with timestamps");
  else if (has_vocabulary && wants_speakers (config))
    service_call_refuse (call, "vocabulary-and-speakers", "custom_vocabulary with speakers");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_config (ServiceCall *call, JsonObject *config)
{
  JsonArray *terms = service_json_get_array (config, "custom_vocabulary");

  if (!check_known (call, config, "language_codes custom_vocabulary mode"))
    return FALSE;
  if (!service_json_is_list (config, "language_codes",
                             "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"))
    service_call_refuse (call, "unsupported-language", "language_codes");
  else if (!service_json_is_list (config, "custom_vocabulary", ".")
           || (terms != NULL && json_array_get_length (terms) > 1000))
    service_call_refuse (call, "bad-request", "custom_vocabulary");
  else
    return check_mode (call, config);

  return FALSE;
}

static char *
make_annotations (ServiceTranscript *heard)
{
  g_autofree char *words = service_transcript_words (
      heard, "{\"type\":\"word_info\",\"text\":%text%,\"start_offset\":\"%start%s\",\"end_offset\":"
             "\"%end%s\"}");

  return g_strconcat (",\"annotations\":", words, NULL);
}

static char *
make_answer (ServiceCall *call, ServiceTranscript *heard, gboolean has_words)
{
  g_autofree char *text = service_template_quote (heard->text);
  g_autofree char *annotations = has_words ? make_annotations (heard) : g_strdup ("");

  return service_template_expand (
      "{\"id\":\"v1_test\",\"status\":\"completed\",\"model\":\"gemini-3.5-transcribe\",\"steps\":["
      "{\"type\":\"model_output\",\"content\":[{\"type\":\"text\",\"text\":%text%%annotations%}]}],"
      "\"usage\":{\"total_input_tokens\":64,\"total_output_tokens\":12,\"total_tokens\":76}}",
      "annotations", annotations, "text", text, NULL);
}

static void
answer (ServiceCall *call, JsonObject *config)
{
  g_autoptr (ServiceTranscript) heard = NULL;

  if (service_call_fails (call))
    return;
  heard = service_call_hear (call, FALSE);
  service_call_answer (call, make_answer (call, heard, config != NULL && wants_words (config)));
}

static void
transcribe (ServiceCall *call)
{
  g_autoptr (JsonNode) node = service_json_read (call->request->body);
  JsonObject *request;
  JsonObject *generation;
  JsonObject *config;

  if (node == NULL || !service_call_has_type (call, "application/json"))
    {
      service_call_refuse (call, "bad-request", "Invalid JSON payload received.");
      return;
    }
  request = json_node_get_object (node);
  generation = service_json_get_object (request, "generation_config");
  config = service_json_get_object (generation, "transcription_config");
  if (g_bytes_get_size (call->request->body) > MAX_BYTES)
    service_call_fail (call, "too-large", "");
  else if (check_known (call, request, "model store input generation_config")
           && check_known (call, generation, "transcription_config") && check_head (call, request)
           && check_input (call, request) && (config == NULL || check_config (call, config)))
    answer (call, config);
}

#define MODEL(id, method)                                                                          \
  "{\"name\":\"models/" id "\",\"version\":\"1\",\"displayName\":\"" id                            \
  "\",\"supportedGenerationMethods\":[\"" method "\"]}"

static void
list_models (ServiceCall *call)
{
  const char *query = call->request->query;

  if (query != NULL && !g_regex_match_simple ("^pageSize=\\d+(&pageToken=\\w+)?$", query, 0, 0))
    service_call_complain (call, "query ?%s", query);
  if (call->key_state == SERVICE_KEY_RESTRICTED)
    service_call_fail (call, "no-permission", "");
  else
    service_call_answer (
        call,
        g_strdup ("{\"models\":[" MODEL ("gemini-3.5-transcribe", "createInteraction") "," MODEL (
            "gemini-3.5-flash", "generateContent") "]}"));
}

static const ServiceRoute routes[] = {
  { "POST", "/v1beta/interactions", transcribe },
  { "GET", "/v1beta/models", list_models, TRUE },
  { NULL },
};

const ServiceKind service_gemini = {
  .name = "gemini",
  .key_forms = { { "x-goog-api-key", "" } },
  .needs_length = TRUE,
  .headers = "Vary: Origin\nX-Content-Type-Options: nosniff",
  .routes = routes,
  .answers = service_gemini_answers,
};
