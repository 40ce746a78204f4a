/* SPDX-License-Identifier: MIT */
#include "service-assemblyai.h"

#include <string.h>

#include "service-json.h"
#include "service-sound.h"
#include "service-template.h"

#define MAX_BYTES (40 * 1024 * 1024)

char *
assemblyai_words (ServiceTranscript *heard)
{
  return service_transcript_words (
      heard, "{\"text\":%text%,\"start\":%start_ms%,\"end\":%end_ms%,\"confidence\":0.98}");
}

static gboolean
check_strings (ServiceCall *call, JsonObject *config)
{
  const char *prompt = service_json_get_string (config, "prompt");

  if (json_object_has_member (config, "prompt")
      && (prompt == NULL || g_utf8_strlen (prompt, -1) > 4096))
    service_call_refuse (call, "bad-config", "prompt must be a string of up to 4096 characters");
  else if (!service_json_is_list (config, "keyterms_prompt", "."))
    service_call_refuse (call, "bad-config", "keyterms_prompt must be a list of strings");
  else if (!service_json_is_list (config, "conversation_context", "."))
    service_call_refuse (call, "bad-config", "conversation_context must be a list of strings");
  else if (!service_json_is_list (config, "language_codes", "^[a-z]{2,3}$"))
    service_call_refuse (call, "unsupported-language", "language_codes");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_terms (ServiceCall *call, JsonObject *config)
{
  JsonArray *terms = service_json_get_array (config, "keyterms_prompt");
  glong length = 0;

  for (guint i = 0; terms != NULL && i < json_array_get_length (terms); i++)
    length += g_utf8_strlen (json_array_get_string_element (terms, i), -1);
  if (length <= 2048)
    return TRUE;
  service_call_refuse (call, "bad-config", "keyterms_prompt has %ld characters", length);

  return FALSE;
}

static gboolean
is_boolean (JsonObject *config, const char *name)
{
  JsonNode *node = json_object_get_member (config, name);

  return node == NULL || json_node_get_value_type (node) == G_TYPE_BOOLEAN;
}

static gboolean
check_config (ServiceCall *call, JsonObject *config)
{
  const char *unknown = service_json_find_unknown (
      config, "prompt keyterms_prompt conversation_context language_codes timestamps sample_rate "
              "channels");

  if (unknown != NULL)
    service_call_refuse (call, "bad-config", "unknown member %s", unknown);
  else if (!is_boolean (config, "timestamps"))
    service_call_refuse (call, "bad-config", "timestamps must be true or false");
  else
    return check_strings (call, config) && check_terms (call, config);

  return FALSE;
}

static gboolean
check_wav (ServiceCall *call, GBytes *sound)
{
  ServiceWav wav;

  if (!service_sound_read_wav (sound, &wav) || wav.format != 1 || wav.rate == 0)
    service_call_refuse (call, "bad-audio", "no good WAV file");
  else if (wav.bits != 16)
    service_call_refuse (call, "unsupported-file", "a WAV file of %u bits", wav.bits);
  else if (wav.duration_ms < 80)
    service_call_fail (call, "too-short", "");
  else if (wav.duration_ms > 120000)
    service_call_fail (call, "too-long", "");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_pcm (ServiceCall *call, GBytes *sound, JsonObject *config)
{
  gint64 rate = json_object_get_int_member_with_default (config, "sample_rate", 0);
  gint64 channels = json_object_get_int_member_with_default (config, "channels", 0);
  guint64 ms;

  if (rate <= 0 || channels <= 0)
    {
      service_call_refuse (call, "bad-config", "sample_rate and channels are required for PCM");
      return FALSE;
    }
  ms = g_bytes_get_size (sound) * 1000 / (guint64) (rate * channels * 2);
  if (ms < 80)
    service_call_fail (call, "too-short", "");
  else if (ms > 120000)
    service_call_fail (call, "too-long", "");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_sound (ServiceCall *call, const ServicePart *audio, JsonObject *config)
{
  service_call_set_sound (call, audio->data, audio->type);
  if (g_bytes_get_size (audio->data) > MAX_BYTES)
    {
      service_call_fail (call, "too-large", "");
      return FALSE;
    }
  if (g_strcmp0 (audio->type, "audio/wav") == 0)
    return check_wav (call, audio->data);
  if (g_strcmp0 (audio->type, "audio/pcm") == 0)
    return check_pcm (call, audio->data, config);
  service_call_refuse (call, "unsupported-file", "audio as %s", audio->type);

  return FALSE;
}

static gboolean
check_parts (ServiceCall *call)
{
  const ServicePart *config = service_form_find (call->form, "config");
  const char *model = service_call_get_header (call, "X-AAI-Model");

  if (call->form == NULL)
    service_call_refuse (call, "bad-config", "%s", call->form_fault);
  else if (g_strcmp0 (model, "universal-3-5-pro") != 0)
    service_call_refuse (call, "unknown-model", "X-AAI-Model is %s", model);
  else if (call->form->parts->len != 2 || config == NULL
           || service_form_find (call->form, "audio") == NULL)
    service_call_refuse (call, "bad-config", "parts '%s' for audio and config",
                         call->request->field_names);
  else if (g_strcmp0 (config->type, "application/json") != 0)
    service_call_refuse (call, "bad-config", "config as %s", config->type);
  else
    return TRUE;

  return FALSE;
}

static void
answer (ServiceCall *call, JsonObject *config)
{
  g_autoptr (ServiceTranscript) heard = service_call_hear (call, FALSE);
  g_autofree char *text = service_template_quote (heard->text);
  g_autofree char *words = assemblyai_words (heard);
  g_autofree char *member = g_strconcat (",\"words\":", words, NULL);
  g_autofree char *duration = g_strdup_printf ("%" G_GUINT64_FORMAT, heard->duration_ms);
  gboolean has_words = json_object_get_boolean_member_with_default (config, "timestamps", FALSE);

  service_call_answer (call,
                       service_template_expand ("{\"text\":%text%%words%,\"confidence\":0.97,"
                                                "\"audio_duration_ms\":%duration%,\"session_id\":"
                                                "\"01234567-89ab-cdef-0123-456789abcdef\","
                                                "\"request_time_ms\":131.2}",
                                                "duration", duration, "words",
                                                has_words ? member : "", "text", text, NULL));
}

static void
transcribe (ServiceCall *call)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *config;

  if (!check_parts (call))
    return;
  node = service_json_read (service_form_find (call->form, "config")->data);
  if (node == NULL)
    {
      service_call_refuse (call, "bad-config", "config is no JSON object");
      return;
    }
  config = json_node_get_object (node);
  if (check_config (call, config)
      && check_sound (call, service_form_find (call->form, "audio"), config)
      && !service_call_fails (call))
    answer (call, config);
}

static void
warm (ServiceCall *call)
{
  service_call_answer (call, g_strdup ("{\"status\":\"ok\"}"));
}

static const ServiceRoute routes[] = {
  { "POST", "/v1/transcribe", transcribe },
  { "POST", "/transcribe", transcribe },
  { "GET", "/v1/warm", warm, .open = TRUE },
  { "POST", "/v2/upload", assemblyai_upload },
  { "POST", "/v2/transcript", assemblyai_start },
  { "GET", "/v2/transcript", assemblyai_list, TRUE },
  { "GET", "/v2/transcript/*", assemblyai_poll },
  { NULL },
};

const ServiceKind service_assemblyai = {
  .name = "assemblyai",
  .key_forms = { { "Authorization", "" } },
  .routes = routes,
  .answers = service_assemblyai_answers,
};
