/* SPDX-License-Identifier: MIT */
#include "service-assemblyai.h"

#define ERROR(code, message) "{\"error_code\":\"" code "\",\"message\":\"" message "\"}"
#define PROBLEM(status, title, detail)                                                             \
  "{\"status\":" status ",\"title\":\"" title "\",\"detail\":\"" detail "\"}"
#define TOO_MANY ERROR ("rate_limited", "Too many requests.")
#define NO_KEY "Authentication error, API token missing/invalid."
#define NO_MONEY                                                                                   \
  "Your current account balance is negative. Please top up to continue using the API."

/* Those whose names begin with "upload-", "poll-" or "job-" are of the asynchronous way. */
const ServiceAnswer service_assemblyai_answers[] = {
  { "wrong-key", 401, NULL, NULL, "{\"error\":\"" NO_KEY "\"}" },
  { "key-echo", 401, NULL, NULL, "{\"error\":\"Authentication error with %key%\"}" },
  { "no-money", 400, NULL, NULL, "{\"error\":\"" NO_MONEY "\"}" },
  { "rate-limit", 429, NULL, "Retry-After: 1", TOO_MANY },
  { "rate-limit-plain", 429, NULL, NULL, TOO_MANY },
  { "rate-limit-ms", 429, NULL, "retry-after-ms: 50", TOO_MANY },
  { "rate-limit-long", 429, NULL, "Retry-After: 300", TOO_MANY },
  { "too-large", 413, NULL, NULL, ERROR ("audio_too_large", "The audio is larger than 40 MB.") },
  { "too-long", 400, NULL, NULL, ERROR ("bad_audio", "The audio is longer than 120 seconds.") },
  { "too-short", 400, NULL, NULL,
    ERROR ("audio_too_short", "The audio is shorter than 80 milliseconds.") },
  { "bad-audio", 400, NULL, NULL, ERROR ("bad_audio", "The audio could not be read.") },
  { "unsupported-file", 415, NULL, NULL,
    ERROR ("unsupported_media_type", "The audio must be 16-bit WAV or PCM.") },
  { "unknown-model", 400, NULL, NULL, ERROR ("bad_request", "Unknown model.") },
  { "unsupported-language", 400, NULL, NULL,
    ERROR ("bad_request", "language_codes: unsupported language.") },
  { "overloaded", 503, NULL, "Retry-After: 1",
    ERROR ("capacity_exceeded", "No capacity at the moment.") },
  { "cold-model", 503, NULL, NULL, ERROR ("service_unavailable", "The model is not loaded.") },
  { "gateway-timeout", 504, NULL, NULL,
    ERROR ("inference_timeout", "The deadline of 30 seconds has passed.") },
  { "down", 500, NULL, NULL, ERROR ("inference_error", "The transcription failed.") },
  { "other-shape", 401, NULL, NULL, PROBLEM ("401", "Unauthorized", NO_KEY) },
  { "other-shape-detail", 401, NULL, NULL, "{\"detail\":\"" NO_KEY "\"}" },
  { "other-shape-money", 400, NULL, NULL, PROBLEM ("400", "Bad Request", NO_MONEY) },
  { "other-shape-short", 400, NULL, NULL,
    PROBLEM ("400", "audio_too_short", "The audio is shorter than 80 milliseconds.") },
  { "upload-down", 500, NULL, NULL, "{\"error\":\"Internal server error\"}" },
  { "upload-reset", .trick = TEST_TRICK_RESET },
  { "poll-down", 500, NULL, NULL, "{\"error\":\"Internal server error\"}" },
  { "poll-rate-limit", 429, NULL, "Retry-After: 1", "{\"error\":\"Too many requests\"}" },
  { "poll-reset", .trick = TEST_TRICK_RESET },
  { "poll-slow", .trick = TEST_TRICK_HOLD },
  { "job-too-short", .body = "Audio duration is too short." },
  { "job-broken-file", .body = "Transcoding failed. File does not appear to contain audio." },
  { "job-language", .body = "language_detection cannot be performed on files with no spoken "
                            "audio." },
  { "bad-request", 400, NULL, NULL, "{\"error\":\"%message%\"}" },
  { "bad-config", 400, NULL, NULL, ERROR ("bad_request", "%message%") },
  { "not-found", 404, NULL, NULL, "{\"error\":\"Not found\"}" },
  { "wrong-method", 405, NULL, NULL, "{\"error\":\"Method not allowed\"}" },
  { NULL },
};
