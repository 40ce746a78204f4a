/* SPDX-License-Identifier: MIT */
#include "service-gemini.h"

#define INFO "type.googleapis.com/google.rpc."
#define PLAIN(code, status, message)                                                               \
  "{\"error\":{\"code\":" code ",\"message\":\"" message "\",\"status\":\"" status "\"}}\n"
#define DETAILED(code, status, message, details)                                                   \
  "{\"error\":{\"code\":" code ",\"message\":\"" message "\",\"status\":\"" status                 \
  "\",\"details\":[" details "]}}\n"
#define BAD_KEY(message)                                                                           \
  DETAILED ("400", "INVALID_ARGUMENT", message,                                                    \
            "{\"@type\":\"" INFO "ErrorInfo\",\"reason\":\"API_KEY_INVALID\",\"domain\":"          \
            "\"googleapis.com\"}")
#define QUOTA(wait, period)                                                                        \
  DETAILED ("429", "RESOURCE_EXHAUSTED",                                                           \
            "You exceeded your current quota. Please retry in " wait ".",                          \
            "{\"@type\":\"" INFO "QuotaFailure\",\"violations\":[{\"quotaMetric\":"                \
            "\"generativelanguage.googleapis.com/generate_content_free_tier_requests\","           \
            "\"quotaId\":\"GenerateRequests" period "PerProjectPerModel-FreeTier\"}]},"            \
            "{\"@type\":\"" INFO "RetryInfo\",\"retryDelay\":\"" wait "\"}")

const ServiceAnswer service_gemini_answers[] = {
  { "wrong-key", 400, NULL, NULL, BAD_KEY ("API key not valid. Please pass a valid API key.") },
  { "key-echo", 400, NULL, NULL, BAD_KEY ("API key %key% not valid.") },
  { "no-key", 403, NULL, NULL,
    PLAIN ("403",
           "PERMISSION_DENIED",
           "Method doesn't allow unregistered callers. Please use API Key or other form of API "
           "consumer identity to call this API.") },
  { "no-permission", 403, NULL, NULL,
    PLAIN ("403", "PERMISSION_DENIED", "Your project has been denied access.") },
  { "region", 400, NULL, NULL,
    PLAIN ("400", "FAILED_PRECONDITION", "User location is not supported for the API use.") },
  { "rate-limit", 429, NULL, NULL, QUOTA ("1s", "PerMinute") },
  { "rate-limit-header", 429, NULL, "Retry-After: 1",
    PLAIN ("429", "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).") },
  { "rate-limit-plain", 429, NULL, NULL,
    PLAIN ("429", "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).") },
  { "rate-limit-ms", 429, NULL, NULL, QUOTA ("0.05s", "PerMinute") },
  { "rate-limit-long", 429, NULL, NULL, QUOTA ("137s", "PerMinute") },
  { "rate-limit-day", 429, NULL, NULL, QUOTA ("37s", "PerDay") },
  { "too-large", 413, NULL, NULL,
    PLAIN ("413", "INVALID_ARGUMENT", "Request payload size exceeds the limit.") },
  { "broken-file", 400, NULL, NULL,
    PLAIN ("400", "INVALID_ARGUMENT", "Unable to process input audio.") },
  { "unsupported-file", 400, NULL, NULL,
    PLAIN ("400", "INVALID_ARGUMENT", "Unsupported MIME type: %message%"),
    .example = "audio/webm" },
  { "unsupported-language", 400, NULL, NULL,
    PLAIN ("400", "INVALID_ARGUMENT", "Unsupported language code.") },
  { "unknown-model", 404, NULL, NULL,
    PLAIN ("404",
           "NOT_FOUND",
           "models/%model% is not found for API version v1beta, or is not supported.") },
  { "retired-model", 404, NULL, NULL,
    PLAIN ("404", "NOT_FOUND", "This model models/%model% is no longer available.") },
  { "vocabulary-and-times", 400, NULL, NULL,
    PLAIN ("400", "INVALID_ARGUMENT", "custom_vocabulary is incompatible with timestamps.") },
  { "vocabulary-and-speakers", 400, NULL, NULL,
    PLAIN ("400", "INVALID_ARGUMENT", "custom_vocabulary is incompatible with diarization.") },
  { "overloaded", 503, NULL, NULL,
    DETAILED ("503",
              "UNAVAILABLE",
              "No capacity available for model gemini-3.5-transcribe on the server",
              "{\"@type\":\"" INFO "RetryInfo\",\"retryDelay\":\"1s\"}") },
  { "gateway-timeout", 504, NULL, NULL,
    PLAIN ("504", "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.") },
  { "down", 500, NULL, NULL, PLAIN ("500", "INTERNAL", "An internal error has occurred.") },
  { "other-shape", 400, NULL, NULL,
    "[" BAD_KEY ("API key not valid. Please pass a valid API key.") "]\n" },
  { "other-shape-rate-limit", 429, NULL, NULL, "[" QUOTA ("1s", "PerMinute") "]\n" },
  { "status-failed", 200, NULL, NULL,
    "{\"id\":\"v1_test\",\"status\":\"failed\",\"model\":\"%model%\",\"steps\":[]}" },
  { "status-incomplete", 200, NULL, NULL,
    "{\"id\":\"v1_test\",\"status\":\"incomplete\",\"model\":\"%model%\",\"steps\":[{\"type\":"
    "\"model_output\",\"content\":[{\"type\":\"text\",\"text\":\"Nur der\"}]}]}" },
  { "status-budget", 200, NULL, NULL,
    "{\"id\":\"v1_test\",\"status\":\"budget_exceeded\",\"model\":\"%model%\",\"steps\":[]}" },
  { "bad-request", 400, NULL, NULL, PLAIN ("400", "INVALID_ARGUMENT", "%message%") },
  { NULL },
};
