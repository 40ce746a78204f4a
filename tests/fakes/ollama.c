/* SPDX-License-Identifier: MIT */

/* Ollama, since it hears. */

#include "service-openai-rules.h"
#include "service-template.h"

#define ERROR(message, type)                                                                       \
  "{\"error\":{\"message\":\"" message "\",\"type\":\"" type "\",\"param\":null,\"code\":null}}"

static const ServiceAnswer answers[] = {
  { "wrong-key", 401, NULL, NULL, ERROR ("unauthorized", "invalid_request_error") },
  { "key-echo", 401, NULL, NULL, ERROR ("unauthorized: %key%", "invalid_request_error") },
  { "unknown-model", 404, NULL, NULL, ERROR ("model '%model%' not found", "not_found_error") },
  { "deaf-model", 400, NULL, NULL,
    ERROR ("model '%model%' does not support audio input", "invalid_request_error") },
  { "broken-file", 400, NULL, NULL, ERROR ("failed to process audio", "invalid_request_error") },
  { "down", 500, NULL, NULL, ERROR ("llama runner process has terminated", "api_error") },
  { "overloaded", 503, NULL, NULL,
    ERROR ("server busy, please try again.  maximum pending requests exceeded", "api_error") },
  /* releases before it had the path */
  { "too-old", 404, "text/plain", NULL, "404 page not found" },
  { "plain-text", 404, "text/plain", NULL, "404 page not found" },
  { "other-shape", 404, NULL, NULL, "{\"error\":\"model '%model%' not found\"}" },
  { "bad-request", 400, NULL, NULL, ERROR ("%message%", "invalid_request_error") },
  { "not-found", 404, "text/plain", NULL, "404 page not found" },
  { "wrong-method", 405, "text/plain", NULL, "405 method not allowed" },
  { NULL },
};

static const ServiceField fields[] = {
  { "file", SERVICE_FIELD_FILE },
  { "model" },
  { "response_format", SERVICE_FIELD_CHOICE, "json text" },
  { "language" },
  { "prompt" },
  { NULL },
};

static const OpenaiRules rules = {
  .fields = fields,
  .model_field = "model",
  .models = "gemma4:e2b gemma4:e4b",
  .extensions = "flac mp3 ogg wav m4a webm",
};

static void
transcribe (ServiceCall *call)
{
  g_autoptr (ServiceTranscript) heard = NULL;
  g_autofree char *text = NULL;

  if (!openai_rules_check (call, &rules) || service_call_fails (call))
    return;
  heard = service_call_hear (call, FALSE);
  text = service_template_quote (heard->text);
  if (openai_field_is (call, "response_format", "text"))
    service_call_answer_type (call, "text/plain; charset=utf-8", g_strdup (heard->text));
  else
    service_call_answer (call, g_strconcat ("{\"text\":", text, "}", NULL));
}

static void
list_models (ServiceCall *call)
{
  service_call_answer (call, g_strdup ("{\"object\":\"list\",\"data\":[{\"id\":\"gemma4:e2b\","
                                       "\"object\":\"model\",\"created\":1780000000,\"owned_by\":"
                                       "\"library\"}]}"));
}

static void
list_tags (ServiceCall *call)
{
  service_call_answer (call, g_strdup ("{\"models\":[{\"name\":\"gemma4:e2b\",\"model\":"
                                       "\"gemma4:e2b\",\"size\":1,\"details\":{}}]}"));
}

static void
tell_version (ServiceCall *call)
{
  service_call_answer (call, g_strdup ("{\"version\":\"0.23.1\"}"));
}

static const ServiceRoute routes[] = {
  { "POST", "/v1/audio/transcriptions", transcribe },
  { "GET", "/v1/models", list_models },
  { "GET", "/api/tags", list_tags },
  { "GET", "/api/version", tell_version },
  { NULL },
};

const ServiceKind service_ollama = {
  .name = "ollama",
  .key_forms = { { "Authorization", "Bearer " } },
  .key_optional = TRUE,
  .routes = routes,
  .answers = answers,
};
