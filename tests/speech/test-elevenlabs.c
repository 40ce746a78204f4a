/* SPDX-License-Identifier: MIT */
#include "ask.h"
#include "elevenlabs-answer.h"
#include "models.h"
#include "service-error.h"
#include "service.h"

#include <string.h>

#define KEY "sk_0123456789abcdef0123456789abcdef"
#define SOUND "what was said"
#define HELLO                                                                                      \
  "{\"language_code\":\"eng\",\"language_probability\":0.98,\"text\":\"Hello world\",\"words\":["  \
  "{\"text\":\"Hello\",\"start\":0.12,\"end\":0.5,\"type\":\"word\",\"speaker_id\":null,"          \
  "\"logprob\":-0.1},"                                                                             \
  "{\"text\":\" \",\"start\":0.5,\"end\":0.55,\"type\":\"spacing\",\"speaker_id\":null},"          \
  "{\"text\":\"(laughter)\",\"start\":0.55,\"end\":0.6,\"type\":\"audio_event\"},"                 \
  "{\"text\":\"world\",\"start\":0.6,\"end\":1,\"type\":\"word\"}],"                               \
  "\"transcription_id\":\"t\",\"audio_duration_secs\":1.2}"

static WhisTranscription *
parse (const char *body, GError **error)
{
  return whis_elevenlabs_answer_parse ("ElevenLabs", body, strlen (body), KEY, error);
}

/* Neither blanks nor laughter are words. */
static void
test_words (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) said = parse (HELLO, &error);
  const WhisTimedText *first;
  const WhisTimedText *second;

  g_assert_no_error (error);
  g_assert_cmpstr (said->text, ==, "Hello world");
  g_assert_cmpstr (said->language, ==, "eng");
  g_assert_cmpuint (said->times->len, ==, 2);
  first = g_ptr_array_index (said->times, 0);
  second = g_ptr_array_index (said->times, 1);
  g_assert_cmpuint (first->start_ms, ==, 120);
  g_assert_cmpuint (first->end_ms, ==, 500);
  g_assert_cmpstr (first->text, ==, "Hello");
  g_assert_cmpuint (second->start_ms, ==, 600);
  g_assert_cmpuint (second->end_ms, ==, 1000);
  g_assert_cmpstr (second->text, ==, "world");
}

/* The text stands though what goes with it is not as it should be. */
static void
test_odd_parts (void)
{
  static const char *const bodies[] = {
    "{\"text\":\"Yes.\"}",
    "{\"text\":\"Yes.\",\"language_code\":null,\"words\":null}",
    "{\"text\":\"Yes.\",\"language_code\":3,\"words\":[null,1,[],{},{\"type\":\"word\"},"
    "{\"type\":\"word\",\"text\":\"Yes.\",\"start\":null,\"end\":null},"
    "{\"text\":\"Yes.\",\"start\":0,\"end\":1}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) said = parse (bodies[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (said->text, ==, "Yes.");
      g_assert_null (said->language);
      g_assert_cmpuint (said->times->len, ==, 0);
    }
}

static void
test_nothing_said (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) said =
      parse ("{\"language_code\":\"eng\",\"text\":\"\",\"words\":[]}", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (said->text, ==, "");
}

typedef struct
{
  const char *body;
  gboolean is_retryable;
  const char *says;
} BadAnswer;

static const BadAnswer bad_answers[] = {
  { "", TRUE, "empty" },
  { "{\"language_code\":\"eng\",\"text\":\"Hel", TRUE, "cut off" },
  { "<html>Log in</html>", FALSE, "web page" },
  { "{}", FALSE, "no text" },
  { "[{\"text\":\"a\"}]", FALSE, "no text" },
  { "{\"text\":null}", FALSE, "no text" },
  { "{\"text\":[\"a\"]}", FALSE, "no text" },
  { "{\"message\":\"Request processed, " KEY "\",\"request_id\":\"r\"}", FALSE, "processed" },
};

static void
test_bad_answers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_answers); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) said = parse (bad_answers[i].body, &error);

      g_assert_null (said);
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_BAD_ANSWER);
      g_test_message ("%s", error->message);
      g_assert_cmpint (whis_service_error_is_retryable (error), ==, bad_answers[i].is_retryable);
      g_assert_nonnull (strstr (error->message, bad_answers[i].says));
      g_assert_nonnull (strstr (error->message, "ElevenLabs"));
      g_assert_null (strstr (error->message, KEY));
    }
}

static void
test_request (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = ask_new ("elevenlabs", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
  g_autoptr (WhisTranscription) said = NULL;
  g_autoptr (GError) error = NULL;
  const TestServiceRequest *arrived;

  test_service_plan (server, &(TestPlan){ .body = HELLO });
  whis_speech_request_set_prompt (request, "not for this service");
  said = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (said->text, ==, "Hello world");

  arrived = test_service_get_request (server, 0);
  g_assert_cmpstr (arrived->method, ==, "POST");
  g_assert_cmpstr (arrived->path, ==, "/v1/speech-to-text");
  g_assert_null (arrived->query);
  g_assert_cmpstr (arrived->field_names, ==,
                   "model_id tag_audio_events timestamps_granularity file");
  g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "model_id"), ==, "scribe_v2");
  g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "tag_audio_events"), ==, "false");
  g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "timestamps_granularity"), ==, "none");
  g_assert_cmpstr (arrived->file_name, ==, "audio.mp3");
  g_assert_cmpstr (arrived->file_type, ==, "audio/mpeg");
  g_assert_cmpmem (g_bytes_get_data (arrived->file, NULL), g_bytes_get_size (arrived->file), SOUND,
                   strlen (SOUND));
  g_assert_cmpstr (soup_message_headers_get_one (arrived->headers, "xi-api-key"), ==, KEY);
  g_assert_null (soup_message_headers_get_one (arrived->headers, "Authorization"));
  ask_free (backend);
}

static const TestServiceRequest *
ask_with (TestService *server, WhisSpeechRequest *request)
{
  WhisBackend *backend = ask_new ("elevenlabs", test_service_get_url (server));
  g_autoptr (WhisTranscription) said = NULL;
  g_autoptr (GError) error = NULL;

  test_service_plan (server, &(TestPlan){ .body = HELLO });
  said = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  ask_free (backend);

  return test_service_get_request (server, test_service_get_n_requests (server) - 1);
}

static void
test_options (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
  const TestServiceRequest *arrived;

  whis_speech_request_set_model (request, "scribe_v1");
  whis_speech_request_set_language (request, "pt_BR.UTF-8");
  whis_speech_request_set_wants_times (request, TRUE);
  whis_speech_request_set_vocabulary (request, (const char *const[]){ "Whis", NULL });
  arrived = ask_with (server, request);
  /* the older model knows no key terms */
  g_assert_cmpstr (arrived->field_names, ==,
                   "model_id language_code tag_audio_events timestamps_granularity file");
  g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "model_id"), ==, "scribe_v1");
  g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "language_code"), ==, "pt");
  g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "timestamps_granularity"), ==, "word");
}

/* Each of the terms whose text is "no" would make the service refuse the request. */
static void
test_vocabulary (void)
{
  static const char *const terms[] = {
    "Müller & Sons",
    "one two three four five",
    "äääääääääääääääääääääääääääääääääääääääääääääääää",
    "six words no no no no",
    "nooooooooooooooooooooooooooooooooooooooooooooooooo",
    "no<",
    "no>",
    "no{",
    "no}",
    "no[",
    "no]",
    "no\\",
    "",
    " ",
    NULL,
  };
  g_autoptr (TestService) server = test_service_new_scripted ();
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
  g_autofree char *body = NULL;
  const TestServiceRequest *arrived;

  whis_speech_request_set_vocabulary (request, terms);
  arrived = ask_with (server, request);
  g_assert_cmpstr (arrived->field_names, ==,
                   "model_id tag_audio_events timestamps_granularity keyterms keyterms keyterms "
                   "file");
  body = g_strndup (g_bytes_get_data (arrived->body, NULL), g_bytes_get_size (arrived->body));
  for (gsize i = 0; i < 3; i++)
    g_assert_nonnull (strstr (body, terms[i]));
}

/* Terms that are left out do not count, and from the 101st on a request costs more. */
static void
test_long_vocabulary (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
  const char *terms[401] = { NULL };
  g_auto (GStrv) parts = NULL;

  for (guint i = 0; i < 400; i++)
    terms[i] = i % 2 == 0 ? "<no>" : "Whis";
  whis_speech_request_set_vocabulary (request, terms);
  parts = g_strsplit (ask_with (server, request)->field_names, "keyterms", -1);
  g_assert_cmpuint (g_strv_length (parts) - 1, ==, 100);
}

typedef struct
{
  TestPlan plan;
  WhisServiceError code;
  gboolean is_retryable;
  const char *says;
} Failure;

#define DETAIL(status, message)                                                                    \
  "{\"detail\":{\"status\":\"" status "\",\"message\":\"" message "\"}}"

static const Failure failures[] = {
  { { .status = 401, .body = DETAIL ("invalid_api_key", "Invalid API key") },
    WHIS_SERVICE_ERROR_WRONG_KEY,
    FALSE,
    "Invalid API key" },
  { { .status = 401,
      .body = "{\"detail\":{\"type\":\"authentication_error\",\"code\":\"invalid_api_key\","
              "\"message\":\"Invalid API key " KEY "\",\"status\":\"invalid_api_key\","
              "\"request_id\":\"r\"}}" },
    WHIS_SERVICE_ERROR_WRONG_KEY,
    FALSE,
    "Invalid API key" },
  { { .status = 401,
      .body = DETAIL ("missing_permissions",
                      "The API key you used is missing the permission "
                      "speech_to_text to execute this operation.") },
    WHIS_SERVICE_ERROR_PERMISSION,
    FALSE,
    "speech_to_text" },
  { { .status = 401, .body = DETAIL ("quota_exceeded", "This request exceeds your quota.") },
    WHIS_SERVICE_ERROR_CREDIT,
    FALSE,
    "your quota" },
  { { .status = 400, .body = DETAIL ("quota_exceeded", "This request exceeds your quota.") },
    WHIS_SERVICE_ERROR_CREDIT,
    FALSE,
    "your quota" },
  { { .status = 401,
      .body = "{\"detail\":{\"type\":\"payment_error\",\"code\":\"insufficient_credits\","
              "\"message\":\"No credits left.\",\"status\":\"quota_exceeded\"}}" },
    WHIS_SERVICE_ERROR_CREDIT,
    FALSE,
    "No credits left." },
  { { .status = 400,
      .body = "{\"detail\":{\"type\":\"validation_error\",\"code\":\"invalid_parameters\","
              "\"message\":\"Some keyword contains invalid characters\","
              "\"status\":\"invalid_keyword\",\"request_id\":\"r\",\"param\":\"keywords\"}}" },
    WHIS_SERVICE_ERROR_UNSUPPORTED,
    FALSE,
    "invalid characters" },
  { { .status = 403, .body = DETAIL ("only_for_creator+", "Only for higher plans.") },
    WHIS_SERVICE_ERROR_PERMISSION,
    FALSE,
    "higher plans" },
  { { .status = 422,
      .body = "{\"detail\":[{\"loc\":[\"body\",\"file\"],\"msg\":\"field required\","
              "\"type\":\"value_error.missing\"}]}" },
    WHIS_SERVICE_ERROR_UNSUPPORTED,
    FALSE,
    "field required" },
  { { .status = 429, .body = DETAIL ("too_many_concurrent_requests", "Too many at once.") },
    WHIS_SERVICE_ERROR_RATE_LIMIT,
    TRUE,
    "Too many at once." },
  { { .status = 429, .body = DETAIL ("system_busy", "We are busy.") },
    WHIS_SERVICE_ERROR_RATE_LIMIT,
    TRUE,
    "We are busy." },
  { { .status = 500, .type = "text/plain", .body = "Internal Server Error" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "Internal Server Error" },
};

static void
test_failures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend = ask_new ("elevenlabs", test_service_get_url (server));
      g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
      g_autoptr (WhisTranscription) said = NULL;
      g_autoptr (GError) error = NULL;

      test_service_set_default (server, &failures[i].plan);
      said = ask_transcribe (backend, request, &error);
      g_assert_null (said);
      g_assert_error (error, WHIS_SERVICE_ERROR, (int) failures[i].code);
      g_test_message ("%s", error->message);
      g_assert_cmpint (whis_service_error_is_retryable (error), ==, failures[i].is_retryable);
      g_assert_nonnull (strstr (error->message, failures[i].says));
      g_assert_null (strstr (error->message, KEY));
      ask_free (backend);
    }
}

/* A key that may transcribe and nothing else is a good one. */
static void
test_key (void)
{
  static const struct
  {
    TestPlan plan;
    WhisKeyVerdict verdict;
    const char *says;
  } cases[] = {
    { { .body = "[]" }, WHIS_KEY_OK, "accepts" },
    { { .status = 401, .body = DETAIL ("invalid_api_key", "Invalid API key") },
      WHIS_KEY_WRONG,
      "Invalid API key" },
    { { .status = 401,
        .body = DETAIL ("missing_permissions", "The API key you used is missing the permission "
                                               "models_read to execute this operation.") },
      WHIS_KEY_UNKNOWN,
      "restricted" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend = ask_new ("elevenlabs", test_service_get_url (server));
      g_autofree char *sentence = NULL;
      g_autoptr (GError) error = NULL;
      WhisKeyVerdict verdict;

      test_service_set_default (server, &cases[i].plan);
      g_assert_true (ask_check_key (backend, KEY, &verdict, &sentence, &error));
      g_assert_no_error (error);
      g_assert_cmpint (verdict, ==, cases[i].verdict);
      g_assert_nonnull (strstr (sentence, cases[i].says));
      g_assert_cmpstr (test_service_get_request (server, 0)->method, ==, "GET");
      g_assert_cmpstr (test_service_get_request (server, 0)->path, ==, "/v1/models");
      ask_free (backend);
    }
}

/* The service's own list is of voices' models; a person is not offered those. */
static void
test_models (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = ask_new ("elevenlabs", test_service_get_url (server));
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GError) error = NULL;
  const WhisModelInfo *last;

  models = ask_list_models (backend, KEY, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 0);
  g_assert_cmpuint (models->len, ==, 3);
  g_assert_cmpstr (((WhisModelInfo *) g_ptr_array_index (models, 0))->id, ==, "scribe_v2");
  last = g_ptr_array_index (models, 2);
  g_assert_cmpstr (last->id, ==, "scribe_v2_realtime");
  g_assert_true (last->live);
  ask_free (backend);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/elevenlabs/answer/words", test_words);
  g_test_add_func ("/elevenlabs/answer/odd-parts", test_odd_parts);
  g_test_add_func ("/elevenlabs/answer/nothing-said", test_nothing_said);
  g_test_add_func ("/elevenlabs/answer/bad", test_bad_answers);
  g_test_add_func ("/elevenlabs/request", test_request);
  g_test_add_func ("/elevenlabs/options", test_options);
  g_test_add_func ("/elevenlabs/vocabulary", test_vocabulary);
  g_test_add_func ("/elevenlabs/long-vocabulary", test_long_vocabulary);
  g_test_add_func ("/elevenlabs/failures", test_failures);
  g_test_add_func ("/elevenlabs/key", test_key);
  g_test_add_func ("/elevenlabs/models", test_models);

  return g_test_run ();
}
