/* SPDX-License-Identifier: MIT */
#include "error-body.h"

#include <string.h>

#include "service-error.h"
#include "tls-errors.h"

/* What services are known to answer, word for word, and what it means. */
typedef struct
{
  guint status;
  const char *body;
  WhisServiceError code;
  gboolean is_retryable;
  /* a part of the sentence for people */
  const char *says;
  guint64 wait_ms;
} Case;

static const Case openai[] = {
  { 400,
    "{\"error\":{\"message\":\"Audio file is too short. Minimum audio length is 0.1 seconds.\","
    "\"type\":\"invalid_request_error\",\"param\":\"file\",\"code\":\"audio_too_short\"}}",
    WHIS_SERVICE_ERROR_TOO_SHORT, FALSE, "too short" },
  { 400,
    "{\"error\":{\"message\":\"audio duration 1830.530612 seconds is longer than 1400 seconds "
    "which "
    "is the maximum for this model\",\"type\":\"invalid_request_error\",\"param\":null,"
    "\"code\":\"invalid_value\"}}",
    WHIS_SERVICE_ERROR_TOO_LARGE, FALSE, "shorter pieces" },
  { 400,
    "{\"error\":{\"message\":\"response_format 'verbose_json' is not compatible with model "
    "'gpt-transcribe-api-ev3'. Use 'json' or 'text' instead.\",\"type\":\"invalid_request_error\","
    "\"param\":\"response_format\",\"code\":\"unsupported_value\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "verbose_json" },
  { 400,
    "{\"error\":{\"message\":\"Invalid "
    "request.\",\"type\":\"invalid_request_error\",\"param\":null,"
    "\"code\":\"invalid_value\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "did not accept" },
  { 400,
    "{\"error\":{\"message\":\"Language 'gu' is not "
    "supported.\",\"type\":\"invalid_request_error\","
    "\"param\":\"language\",\"code\":null}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE, FALSE, "language" },
  { 401,
    "{\"error\":{\"message\":\"Incorrect API key provided: sk-proj-********4321. You can find your "
    "API key at https://platform.openai.com/account/api-keys.\",\"type\":\"invalid_request_error\","
    "\"param\":null,\"code\":\"invalid_api_key\"}}",
    WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "refused the key" },
  { 403,
    "{\"error\":{\"message\":\"Country, region, or territory not supported\","
    "\"type\":\"request_forbidden\",\"param\":null,\"code\":\"unsupported_country_region_"
    "territory\""
    "}}",
    WHIS_SERVICE_ERROR_PERMISSION, FALSE, "from where you are" },
  { 403, "", WHIS_SERVICE_ERROR_PERMISSION, FALSE, "may do" },
  { 404,
    "{\"error\":{\"message\":\"The model `whisper-9` does not exist or you do not have access to "
    "it.\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"model_not_found\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, FALSE, "whisper-9" },
  { 404,
    "{\"error\":{\"message\":\"The model `gpt-4o-transcribe` has been deprecated.\",\"type\":"
    "\"invalid_request_error\",\"param\":null,\"code\":null}}",
    WHIS_SERVICE_ERROR_RETIRED, FALSE, "switched this model off" },
  { 404,
    "{\"error\":{\"message\":\"The model `whisper-1` has been deprecated.\",\"type\":"
    "\"invalid_request_error\",\"param\":null,\"code\":\"model_not_found\"}}",
    WHIS_SERVICE_ERROR_RETIRED, FALSE, "switched this model off" },
  { 400,
    "{\"error\":{\"message\":\"The field is deprecated for this model.\",\"param\":\"include\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "" },
  { 413,
    "{\"error\":{\"message\":\"Maximum content size limit (26214400) exceeded (26358048 bytes "
    "read)\",\"type\":\"server_error\",\"param\":null,\"code\":null}}",
    WHIS_SERVICE_ERROR_TOO_LARGE, FALSE, "26214400" },
  { 413, "", WHIS_SERVICE_ERROR_TOO_LARGE, FALSE, "too large" },
  { 429,
    "{\"error\":{\"message\":\"Rate limit reached\",\"type\":\"rate_limit_error\",\"param\":null,"
    "\"code\":\"rate_limit_exceeded\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE, "fewer requests" },
  { 429, "{\"error\":{\"message\":\"Slow down\",\"type\":\"requests\",\"code\":\"slow_down\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE, "fewer requests" },
  { 503, "{\"error\":{\"message\":\"Slow down\",\"code\":\"slow_down\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE, "fewer requests" },
  { 429,
    "{\"error\":{\"message\":\"You exceeded your current quota, please check your plan and billing "
    "details.\",\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE, "credit" },
  { 429,
    "{\"error\":{\"message\":\"You exceeded your current quota, please check your plan and billing "
    "details.\",\"type\":null,\"param\":null,\"code\":null}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE, "credit" },
  { 429,
    "{\"error\":{\"message\":\"You have no credits remaining.\",\"type\":\"insufficient_quota\","
    "\"param\":null,\"code\":\"credit_balance_exhausted\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE, "credit" },
  { 429, "{\"error\":{\"message\":\"You have no credits remaining.\"}}", WHIS_SERVICE_ERROR_CREDIT,
    FALSE, "credit" },
  { 429, "{\"error\":{\"message\":\"m\",\"code\":\"organization_spend_limit_exceeded\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE, "credit" },
  { 429, "{\"error\":{\"message\":\"m\",\"code\":\"project_spend_limit_exceeded\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE, "credit" },
  { 429, "{\"error\":{\"message\":\"m\",\"code\":\"organization_usage_limit_exceeded\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE, "credit" },
  { 429, "{\"error\":{\"message\":\"m\",\"code\":\"project_usage_limit_exceeded\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE, "credit" },
  { 429, "", WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE, "fewer requests" },
  { 500, "{\"error\":{\"message\":\"m\",\"type\":\"server_error\"}}",
    WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
  { 503,
    "{\"error\":{\"message\":\"m\",\"type\":\"service_unavailable_error\","
    "\"code\":\"server_is_overloaded\"}}",
    WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
};

static const Case groq[] = {
  { 400,
    "{\"error\":{\"message\":\"could not process file - is it a valid media file?\","
    "\"type\":\"invalid_request_error\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "valid media file" },
  { 400,
    "{\"error\":{\"message\":\"prompt length must be 896 characters or fewer, but provided prompt "
    "contains 904 characters\",\"type\":\"invalid_request_error\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "896" },
  { 400,
    "{\"error\":{\"message\":\"unknown param `timestamp_granularities`\","
    "\"type\":\"invalid_request_error\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "unknown param" },
  { 401,
    "{\"error\":{\"message\":\"Invalid API Key\",\"type\":\"invalid_request_error\","
    "\"code\":\"invalid_api_key\"}}",
    WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "refused the key" },
  { 413,
    "{\"error\":{\"message\":\"Request too large for model `whisper-large-v3` in organization "
    "`org_x` "
    "service tier `on_demand` on seconds of audio per hour (ASPH): Limit 7200, Requested 10200, "
    "please reduce your message size and try again.\",\"type\":\"seconds\","
    "\"code\":\"rate_limit_exceeded\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, FALSE, "shorter pieces" },
  { 429,
    "{\"error\":{\"message\":\"Rate limit reached for model `whisper-large-v3-turbo` in "
    "organization "
    "`org_x` service tier `on_demand` on seconds of audio per hour (ASPH): Limit 7200, Used 7170, "
    "Requested 230. Please try again in 1m39.738s. Need more? Upgrade at billing\","
    "\"type\":\"seconds\",\"code\":\"rate_limit_exceeded\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, FALSE, "100 seconds", 99738 },
  { 429,
    "{\"error\":{\"message\":\"Rate limit reached. Please try again in 2.5s.\","
    "\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE, "3 seconds", 2500 },
  { 400,
    "{\"error\":{\"message\":\"The model `distil-whisper-large-v3-en` has been decommissioned and "
    "is "
    "no longer supported.\",\"type\":\"invalid_request_error\",\"code\":\"model_decommissioned\"}}",
    WHIS_SERVICE_ERROR_RETIRED, FALSE, "switched this model off" },
  { 422, "{\"error\":{\"message\":\"Try again\",\"type\":\"invalid_request_error\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, TRUE, "" },
  { 422, "{\"error\":{\"message\":\"no\",\"param\":\"prompt\"}}", WHIS_SERVICE_ERROR_UNSUPPORTED,
    FALSE, "" },
  { 422, "{\"detail\":[{\"msg\":\"no\"}]}", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "" },
  { 424, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
  { 498, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
  { 499, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
};

static const Case mistral[] = {
  { 400,
    "{\"object\":\"error\",\"message\":\"Invalid model: voxtral-small-latest\","
    "\"type\":\"invalid_model\",\"param\":null,\"code\":\"1500\",\"raw_status_code\":400}",
    WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, FALSE, "voxtral-small-latest" },
  { 401, "{\"detail\":\"Unauthorized\"}", WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "credit" },
  { 422,
    "{\"detail\":[{\"loc\":[\"body\",\"temperature\"],\"msg\":\"not a number\","
    "\"type\":\"type_error\"}]}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "not a number" },
  { 422, "{\"detail\":[{\"loc\":[\"body\",\"language\"],\"msg\":\"two letters\",\"type\":\"t\"}]}",
    WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE, FALSE, "two letters" },
  { 429,
    "{\"object\":\"error\",\"message\":\"Rate limit exceeded\",\"type\":\"rate_limited\","
    "\"param\":null,\"code\":\"1300\",\"raw_status_code\":429}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE, "fewer requests" },
  { 429, "{\"message\":\"Requests rate limit exceeded\"}", WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE,
    "fewer requests" },
};

static const Case deepgram[] = {
  { 400,
    "{\"err_code\":\"Bad Request\",\"err_msg\":\"Bad Request: failed to process audio: corrupt or "
    "unsupported data\",\"request_id\":\"r\"}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "corrupt" },
  { 400,
    "{\"err_code\":\"Bad Request\",\"err_msg\":\"Keyterm limit exceeded. The maximum number of "
    "tokens across all keyterms is 500.\",\"request_id\":\"r\"}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "Keyterm" },
  { 401,
    "{\"err_code\":\"INVALID_AUTH\",\"err_msg\":\"Invalid credentials.\",\"request_id\":\"r\"}",
    WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "Invalid credentials" },
  { 401,
    "{\"category\":\"INVALID_AUTH\",\"message\":\"Invalid credentials.\",\"details\":\"d\","
    "\"request_id\":\"r\"}",
    WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "Invalid credentials" },
  { 401, "Invalid credentials.", WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "Invalid credentials" },
  { 401, "{\"err_code\":\"INSUFFICIENT_PERMISSIONS\",\"err_msg\":\"m\"}",
    WHIS_SERVICE_ERROR_PERMISSION, FALSE, "may do" },
  { 403, "{\"category\":\"INSUFFICIENT_PERMISSIONS\",\"message\":\"m\"}",
    WHIS_SERVICE_ERROR_PERMISSION, FALSE, "may do" },
  { 402,
    "{\"err_code\":\"ASR_PAYMENT_REQUIRED\",\"err_msg\":\"Project does not have enough credits for "
    "an "
    "ASR request and does not have an overage agreement.\",\"request_id\":\"r\"}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE, "credit" },
  { 413, "too large", WHIS_SERVICE_ERROR_TOO_LARGE, FALSE, "shorter pieces" },
  { 429,
    "{\"err_code\":\"TOO_MANY_REQUESTS\",\"err_msg\":\"Too many requests. Please try again "
    "later\"}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE, "fewer requests" },
  { 503, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
  { 504, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
};

static const Case elevenlabs[] = {
  { 401, "{\"detail\":{\"status\":\"invalid_api_key\",\"message\":\"Invalid API key\"}}",
    WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "refused the key" },
  { 401, "{\"detail\":{\"status\":\"missing_permissions\",\"message\":\"m\"}}",
    WHIS_SERVICE_ERROR_PERMISSION, FALSE, "may do" },
  { 401, "{\"detail\":{\"status\":\"quota_exceeded\",\"message\":\"m\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE, "credit" },
  { 400, "{\"detail\":{\"status\":\"quota_exceeded\",\"message\":\"m\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE, "credit" },
  { 400,
    "{\"detail\":{\"type\":\"validation_error\",\"code\":\"invalid_parameters\",\"message\":\"Some "
    "keyword contains invalid characters\",\"status\":\"invalid_keyword\",\"request_id\":\"r\","
    "\"param\":\"keywords\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "Some keyword" },
  { 403, "{\"detail\":{\"status\":\"only_for_creator+\",\"message\":\"m\"}}",
    WHIS_SERVICE_ERROR_PERMISSION, FALSE, "may do" },
  { 422,
    "{\"detail\":[{\"loc\":[\"body\",\"model_id\"],\"msg\":\"Field required\",\"type\":\"t\"}]}",
    WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, FALSE, "Field required" },
  { 429, "{\"detail\":{\"status\":\"too_many_concurrent_requests\",\"message\":\"m\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE, "fewer requests" },
  { 429, "{\"detail\":{\"status\":\"system_busy\",\"message\":\"m\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE, "fewer requests" },
};

static const Case assemblyai[] = {
  { 400, "{\"error_code\":\"audio_too_short\",\"message\":\"m\"}", WHIS_SERVICE_ERROR_TOO_SHORT,
    FALSE, "too short" },
  { 400, "{\"error_code\":\"bad_audio\",\"message\":\"m\"}", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE,
    "(m)" },
  { 400, "{\"status\":400,\"title\":\"Bad Request\",\"detail\":\"the audio is broken\"}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "the audio is broken" },
  { 400,
    "{\"error\":\"Your current account balance is negative. Please top up to continue using the "
    "API.\"}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE, "credit" },
  { 401, "{\"error\":\"Authentication error, API token missing/invalid.\"}",
    WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "refused the key" },
  { 413, "{\"error_code\":\"audio_too_large\",\"message\":\"m\"}", WHIS_SERVICE_ERROR_TOO_LARGE,
    FALSE, "shorter pieces" },
  { 415, "{\"error_code\":\"unsupported_media_type\",\"message\":\"m\"}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "did not accept" },
  { 500, "{\"error_code\":\"inference_error\",\"message\":\"m\"}", WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE, "trouble" },
  { 503, "{\"error_code\":\"capacity_exceeded\",\"message\":\"m\"}",
    WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
  { 504, "{\"error_code\":\"inference_timeout\",\"message\":\"m\"}",
    WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
};

#define GOOGLE_KEY_BODY                                                                            \
  "{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API key.\","      \
  "\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":\"type.googleapis.com/"                 \
  "google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\",\"domain\":\"googleapis.com\"}]}}"

static const Case gemini[] = {
  { 400, GOOGLE_KEY_BODY, WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "refused the key" },
  { 400, "[" GOOGLE_KEY_BODY "]", WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "refused the key" },
  { 400,
    "{\"error\":{\"code\":400,\"message\":\"m\",\"status\":\"INVALID_ARGUMENT\",\"details\":"
    "[{\"reason\":\"API_KEY_INVALID\"}]}}",
    WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "refused the key" },
  { 400,
    "{\"error\":{\"code\":400,\"message\":\"custom_vocabulary is incompatible with timestamps.\","
    "\"status\":\"INVALID_ARGUMENT\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "incompatible" },
  { 400,
    "{\"error\":{\"code\":400,\"message\":\"User location is not supported for the API use.\","
    "\"status\":\"FAILED_PRECONDITION\"}}",
    WHIS_SERVICE_ERROR_PERMISSION, FALSE, "from where you are" },
  { 403, "{\"error\":{\"code\":403,\"message\":\"m\",\"status\":\"PERMISSION_DENIED\"}}",
    WHIS_SERVICE_ERROR_PERMISSION, FALSE, "may do" },
  { 404,
    "{\"error\":{\"code\":404,\"message\":\"models/gemini-0 is not found for API version v1beta\","
    "\"status\":\"NOT_FOUND\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, FALSE, "gemini-0" },
  { 429,
    "{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, please check your "
    "plan "
    "and billing details.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":"
    "\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":[{\"quotaId\":"
    "\"GenerateRequestsPerMinutePerProjectPerModel\"}]},{\"@type\":"
    "\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"37s\"}]}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE, "37 seconds", 37000 },
  { 429,
    "[{\"error\":{\"code\":429,\"message\":\"Quota\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":"
    "["
    "{\"violations\":[{\"quotaId\":\"GenerateRequestsPerDayPerProjectPerModel-FreeTier\"}]},"
    "{\"retryDelay\":\"37s\"}]}}]",
    WHIS_SERVICE_ERROR_RATE_LIMIT, FALSE, "tomorrow", 0 },
  { 503,
    "{\"error\":{\"code\":503,\"message\":\"No capacity available for model gemini-3.5-transcribe "
    "on "
    "the server\",\"status\":\"UNAVAILABLE\",\"details\":[{\"retryDelay\":\"2s\"}]}}",
    WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble", 2000 },
};

static const Case azure[] = {
  { 401,
    "{\"error\":{\"code\":\"401\",\"message\":\"Access denied due to invalid subscription key or "
    "wrong "
    "API endpoint. Make sure to provide a valid key for an active subscription and use a correct "
    "regional API endpoint for your resource.\"}}",
    WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "wrong API endpoint" },
  { 404,
    "{\"error\":{\"code\":\"DeploymentNotFound\",\"message\":\"The API deployment for this "
    "resource "
    "does not exist. If you created the deployment within the last 5 minutes, please wait a moment "
    "and try again.\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, FALSE, "deployment" },
  { 404, "{\"error\":{\"code\":\"404\",\"message\":\"Resource not found\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "address" },
  { 429,
    "{\"error\":{\"code\":\"429\",\"message\":\"Requests to the Audio Operation under Azure OpenAI "
    "API "
    "version 2024-10-21 have exceeded call rate limit of your current OpenAI S0 pricing tier. "
    "Please "
    "retry after 86400 seconds. Please go here if you would like to further increase the default "
    "rate limit.\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, FALSE, "24 hours", 86400000 },
  { 429,
    "{\"error\":{\"code\":\"429\",\"message\":\"Rate limit is exceeded. Try again in 50 "
    "seconds.\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE, "50 seconds", 50000 },
};

static const Case own[] = {
  /* whisper.cpp */
  { 400, "Invalid request", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "Invalid request" },
  { 404, "File Not Found (/v1/models)", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "address" },
  { 500, "500 Internal Server Error\nstof", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "stof" },
  /* speaches */
  { 404,
    "{\"detail\":\"Model 'x' is not installed locally. You can download the model using `POST "
    "/v1/models`\"}",
    WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, FALSE, "not installed locally" },
  { 403, "{\"detail\":\"Invalid API key\"}", WHIS_SERVICE_ERROR_WRONG_KEY, FALSE,
    "refused the key" },
  { 403, "{\"detail\":\"Not authenticated\"}", WHIS_SERVICE_ERROR_PERMISSION, FALSE, "key" },
  { 415, "{\"detail\":\"Failed to decode audio\"}", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE,
    "decode" },
  /* LocalAI */
  { 500, "{\"error\":{\"code\":500,\"message\":\"rpc error\",\"type\":\"\"}}",
    WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "rpc error" },
  { 401,
    "{\"error\":{\"code\":401,\"message\":\"An authentication key is required\",\"type\":\"\"}}",
    WHIS_SERVICE_ERROR_WRONG_KEY, FALSE, "authentication key" },
  /* Ollama */
  { 404,
    "{\"error\":{\"message\":\"model 'x' not found\",\"type\":\"not_found_error\",\"param\":null,"
    "\"code\":null}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, FALSE, "'x'" },
  { 404, "{\"error\":\"model 'x' not found\"}", WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, FALSE,
    "'x'" },
  { 404, "404 page not found", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "address" },
};

static const Case network[] = {
  { 200, "<!DOCTYPE html>\n<html><title>Hotel</title>", WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE,
    "Sign in" },
  { 200, "\n  <html>", WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE, "Sign in" },
  { 302, "<html>moved</html>", WHIS_SERVICE_ERROR_REDIRECT, FALSE, "Sign in" },
  { 307, "", WHIS_SERVICE_ERROR_REDIRECT, FALSE, "another address" },
  { 511, "<html>Sign in</html>", WHIS_SERVICE_ERROR_NETWORK, FALSE, "sign in" },
  { 502, "<html><h1>502 Bad Gateway</h1></html>", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE,
    "trouble" },
  { 529, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
  { 408, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
  { 409, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "trouble" },
  { 405, "", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "address" },
  { 501, "", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "did not accept" },
  { 505, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, FALSE, "trouble" },
  { 204, "", WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE, "no sense" },
};

static const struct
{
  const char *service;
  const Case *cases;
  gsize n_cases;
} services[] = {
  { "OpenAI", openai, G_N_ELEMENTS (openai) },
  { "Groq", groq, G_N_ELEMENTS (groq) },
  { "Mistral", mistral, G_N_ELEMENTS (mistral) },
  { "Deepgram", deepgram, G_N_ELEMENTS (deepgram) },
  { "ElevenLabs", elevenlabs, G_N_ELEMENTS (elevenlabs) },
  { "AssemblyAI", assemblyai, G_N_ELEMENTS (assemblyai) },
  { "Google Gemini", gemini, G_N_ELEMENTS (gemini) },
  { "Azure OpenAI", azure, G_N_ELEMENTS (azure) },
  { "Own server", own, G_N_ELEMENTS (own) },
  { "Service", network, G_N_ELEMENTS (network) },
};

static GError *
refuse (const char *service,
        guint status,
        const char *body,
        const char *key,
        const char *const *fields)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  for (gsize i = 0; fields != NULL && fields[i] != NULL; i += 2)
    soup_message_headers_append (headers, fields[i], fields[i + 1]);

  return whis_error_body_to_error (service, status, headers, bytes, key);
}

#define REFUSE(status, body, ...)                                                                  \
  refuse ("Service", status, body, "a-key", (const char *const[]){ __VA_ARGS__, NULL })

static void
check_case (const char *service, const Case *item)
{
  g_autoptr (GError) error = refuse (service, item->status, item->body, "a-key", NULL);

  g_test_message ("%u %s: %s", item->status, item->body, error->message);
  g_assert_error (error, WHIS_SERVICE_ERROR, (int) item->code);
  g_assert_cmpint (whis_service_error_is_retryable (error), ==, item->is_retryable);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (error), ==, item->wait_ms);
  g_assert_cmpuint (whis_service_error_get_status (error), ==, item->status);
  g_assert_nonnull (strstr (error->message, service));
  g_assert_nonnull (strstr (error->message, item->says));
  g_assert_null (strchr (error->message, '<'));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_services (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    {
      for (gsize j = 0; j < services[i].n_cases; j++)
        check_case (services[i].service, &services[i].cases[j]);
    }
}

/* Whatever else is in the object, whatever type the code has. */
static void
test_shapes (void)
{
  static const char *const shapes[] = {
    "{\"error\":{\"message\":\"the words\",\"code\":\"c\"}}",
    "{\"error\":{\"message\":\"the words\",\"code\":500}}",
    "{\"error\":{\"message\":\"the words\",\"code\":null,\"type\":null,\"param\":null}}",
    "{\"error\":\"the words\"}",
    "{\"detail\":{\"message\":\"the words\",\"status\":\"s\"}}",
    "{\"detail\":\"the words\"}",
    "{\"detail\":[{\"loc\":[\"body\",0],\"msg\":\"the words\"}]}",
    "{\"message\":\"the words\"}",
    "{\"err_msg\":\"the words\"}",
    "{\"title\":\"the words\"}",
    "[{\"error\":{\"message\":\"the words\"}}]",
    "the words",
    "{\"error\":{\"message\":\"the words\"},\"detail\":\"no\",\"message\":\"no\"}",
    "{\"error\":\"the words\",\"detail\":\"no\",\"title\":\"no\"}",
    "{\"detail\":\"the words\",\"message\":\"no\",\"title\":\"no\"}",
    "{\"message\":\"the words\",\"err_msg\":\"no\",\"title\":\"no\"}",
    "{\"error\":{\"message\":\"\"},\"err_msg\":\"the words\",\"more\":[[],{}]}",
    "{\"error\":null,\"detail\":[],\"message\":\"the words\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (GError) error = refuse ("Service", 400, shapes[i], "a-key", NULL);

      g_test_message ("%s", shapes[i]);
      g_assert_cmpstr (whis_service_error_get_detail (error), ==, "the words");
      g_assert_true (g_str_has_suffix (error->message, "(the words)"));
    }
}

/* Without a key the answer is that one is wanted, whatever the service calls it. */
static void
test_without_key (void)
{
  g_autoptr (GError) unauthorized = refuse ("Service", 401, "", NULL, NULL);
  g_autoptr (GError) forbidden = refuse ("speaches", 403, "{\"detail\":\"x\"}", NULL, NULL);
  g_autoptr (GError) google = refuse ("Google Gemini", 400, GOOGLE_KEY_BODY, NULL, NULL);

  g_assert_error (unauthorized, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY);
  g_assert_error (forbidden, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY);
  g_assert_error (google, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY);
}

static void
test_waits_in_headers (void)
{
  g_autoptr (GError) soon = REFUSE (429, "", "Retry-After", "7");
  g_autoptr (GError) late = REFUSE (429, "", "Retry-After", "600");
  g_autoptr (GError) precise = REFUSE (503, "", "Retry-After-Ms", "50.5", "Retry-After", "1");
  g_autoptr (GError) header_first =
      REFUSE (429, "{\"message\":\"try again in 50 seconds\"}", "Retry-After", "3");
  g_autoptr (GError) account =
      REFUSE (429, "", "x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "20ms");
  g_autoptr (GError) not_used_up =
      REFUSE (429, "", "x-ratelimit-remaining-requests", "7", "x-ratelimit-reset-requests", "20ms");
  g_autoptr (GError) long_account =
      REFUSE (429, "", "x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "6m0s");

  g_assert_true (whis_service_error_is_retryable (soon));
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (soon), ==, 7000);
  g_assert_false (whis_service_error_is_retryable (late));
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (late), ==, 600000);
  g_assert_nonnull (strstr (late->message, "10 minutes"));
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (precise), ==, 51);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (header_first), ==, 3000);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (account), ==, 20);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (not_used_up), ==, 0);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (long_account), ==, 360000);
  g_assert_false (whis_service_error_is_retryable (long_account));
}

static void
test_reset_time (void)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *soon = g_strdup_printf ("%" G_GINT64_FORMAT, now + 30);
  g_autofree char *past = g_strdup_printf ("%" G_GINT64_FORMAT, now - 30);
  g_autoptr (GError) waits = REFUSE (429, "", "X-RateLimit-Reset", soon);
  g_autoptr (GError) over = REFUSE (429, "", "X-RateLimit-Reset", past);
  g_autoptr (GError) unclear = REFUSE (429, "", "X-RateLimit-Reset", "30");
  g_autoptr (GError) other = REFUSE (500, "", "X-RateLimit-Reset", soon);

  /* the clock may go on meanwhile */
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (waits), >, 0);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (waits), <=, 30000);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (over), ==, 0);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (unclear), ==, 0);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (other), ==, 0);
}

static void
test_service_decides (void)
{
  g_autoptr (GError) no = REFUSE (500, "", "X-Should-Retry", "false");
  g_autoptr (GError) limit = REFUSE (429, "", "X-Should-Retry", "false");
  g_autoptr (GError) yes = REFUSE (400, "", "X-Should-Retry", "true");
  g_autoptr (GError) key = REFUSE (401, "", "X-Should-Retry", "true");
  g_autoptr (GError) purse = REFUSE (402, "", "X-Should-Retry", "true");

  g_assert_false (whis_service_error_is_retryable (no));
  g_assert_false (whis_service_error_is_retryable (limit));
  g_assert_true (whis_service_error_is_retryable (yes));
  g_assert_false (whis_service_error_is_retryable (key));
  g_assert_false (whis_service_error_is_retryable (purse));
}

/* A key that the service repeats, whole, masked, or where its words are cut, is not shown. */
static void
test_key_echo (void)
{
  const char *key = "k3y.with/odd+signs=9";
  g_autofree char *filler = g_strnfill (185, 'x');
  g_autofree char *long_body =
      g_strdup_printf ("{\"error\":{\"message\":\"%s: %s is wrong\"}}", filler, key);
  g_autofree char *body = g_strdup_printf ("{\"error\":{\"message\":\"Bad key %s!\"}}", key);
  g_autoptr (GError) whole = refuse ("Service", 401, body, key, NULL);
  g_autoptr (GError) cut = refuse ("Service", 401, long_body, key, NULL);
  g_autoptr (GError) masked = refuse ("Service", 401, openai[5].body, "other", NULL);

  g_assert_null (strstr (whole->message, key));
  g_assert_nonnull (strstr (whole->message, "Bad key"));
  g_assert_null (strstr (cut->message, "k3y"));
  g_assert_null (strstr (masked->message, "4321"));
}

static void
test_flaws (void)
{
  g_assert_nonnull (strstr (whis_tls_errors_describe (G_TLS_CERTIFICATE_EXPIRED), "expired"));
  g_assert_nonnull (strstr (
      whis_tls_errors_describe (G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_BAD_IDENTITY),
      "another host"));
  g_assert_nonnull (
      strstr (whis_tls_errors_describe (G_TLS_CERTIFICATE_GENERIC_ERROR), "verified"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error-body/services", test_services);
  g_test_add_func ("/error-body/shapes", test_shapes);
  g_test_add_func ("/error-body/without-key", test_without_key);
  g_test_add_func ("/error-body/waits-in-headers", test_waits_in_headers);
  g_test_add_func ("/error-body/reset-time", test_reset_time);
  g_test_add_func ("/error-body/service-decides", test_service_decides);
  g_test_add_func ("/error-body/key-echo", test_key_echo);
  g_test_add_func ("/tls-errors/describe", test_flaws);

  return g_test_run ();
}
