/* SPDX-License-Identifier: MIT */
#include "ask.h"
#include "deepgram-answer.h"
#include "models.h"
#include "service-error.h"
#include "service.h"

#include <string.h>

#define KEY "0123456789abcdef0123456789abcdef01234567"
#define SOUND "what was said"

/* What the service answers, with its extra members and nulls. */
#define ANSWER(channel)                                                                            \
  "{\"metadata\":{\"transaction_key\":\"deprecated\",\"request_id\":\"r\",\"channels\":1,"         \
  "\"model_info\":{\"u\":{\"name\":\"general-nova-3\"}}},\"results\":{\"channels\":[" channel      \
  "],\"utterances\":null}}"
#define GUTEN_TAG                                                                                  \
  "{\"detected_language\":\"de\",\"language_confidence\":0.9,\"alternatives\":[{\"transcript\":"   \
  "\"Guten Tag, Zürich.\",\"confidence\":0.99,\"words\":["                                        \
  "{\"word\":\"guten\",\"start\":0.1,\"end\":0.4,\"punctuated_word\":\"Guten\"},"                  \
  "{\"word\":\"tag\",\"start\":0.4,\"end\":0.72,\"punctuated_word\":\"Tag,\"},"                    \
  "{\"word\":\"Zürich\",\"start\":1,\"end\":1.5}]}]}"

static WhisTranscription *
parse (const char *body, GError **error)
{
  return whis_deepgram_answer_parse ("Deepgram", body, strlen (body), KEY, error);
}

static void
assert_time (WhisTranscription *said,
             guint index,
             guint64 start_ms,
             guint64 end_ms,
             const char *text)
{
  const WhisTimedText *time;

  g_assert_cmpuint (index, <, said->times->len);
  time = g_ptr_array_index (said->times, index);
  g_assert_cmpuint (time->start_ms, ==, start_ms);
  g_assert_cmpuint (time->end_ms, ==, end_ms);
  g_assert_cmpstr (time->text, ==, text);
}

static void
test_words (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) said = parse (ANSWER (GUTEN_TAG), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (said->text, ==, "Guten Tag, Zürich.");
  g_assert_cmpstr (said->language, ==, "de");
  g_assert_cmpuint (said->times->len, ==, 3);
  assert_time (said, 0, 100, 400, "Guten");
  assert_time (said, 1, 400, 720, "Tag,");
  assert_time (said, 2, 1000, 1500, "Zürich");
}

/* The text stands though what goes with it is not as it should be. */
static void
test_odd_parts (void)
{
  static const char *const channels[] = {
    "{\"alternatives\":[{\"transcript\":\"Yes.\"}]}",
    "{\"detected_language\":null,\"alternatives\":[{\"transcript\":\"Yes.\",\"words\":null}]}",
    ("{\"detected_language\":7,\"alternatives\":[{\"transcript\":\"Yes.\",\"languages\":[],"
     "\"words\":[null,3,[],{},{\"word\":\"yes\"},{\"word\":\"yes\",\"start\":-1,\"end\":1e300}]}]"
     "}"),
    "{\"alternatives\":[{\"transcript\":\"Yes.\",\"languages\":[null]}]},{\"alternatives\":[]}",
    "{\"alternatives\":[{\"transcript\":\"Yes.\",\"languages\":[[\"de\"]]}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"results\":{\"channels\":[%s]}}", channels[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) said = parse (body, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (said->text, ==, "Yes.");
      g_assert_null (said->language);
      g_assert_cmpuint (said->times->len, ==, 0);
    }
}

static void
test_mixed_languages (void)
{
  g_autoptr (WhisTranscription) said =
      parse (ANSWER ("{\"alternatives\":[{\"transcript\":\"Ja, of course.\","
                     "\"languages\":[\"en\",\"de\"],\"words\":[]}]}"),
             NULL);

  g_assert_cmpstr (said->text, ==, "Ja, of course.");
  g_assert_cmpstr (said->language, ==, "en");
}

static void
test_nothing_said (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) said = parse (
      ANSWER ("{\"alternatives\":[{\"transcript\":\"\",\"confidence\":0,\"words\":[]}]}"), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (said->text, ==, "");
  g_assert_cmpuint (said->times->len, ==, 0);
}

typedef struct
{
  const char *body;
  gboolean is_retryable;
  const char *says;
} BadAnswer;

static const BadAnswer bad_answers[] = {
  { "", TRUE, "empty" },
  { "{\"results\":{\"channels\":[{\"alternatives\":[{\"transcript\":\"Gut", TRUE, "cut off" },
  { "Bad gateway", TRUE, "broken" },
  { "<!DOCTYPE html><p>Log in", FALSE, "web page" },
  { "{}", FALSE, "no text" },
  { "[]", FALSE, "no text" },
  { "null", FALSE, "no text" },
  { "{\"results\":null}", FALSE, "no text" },
  { "{\"results\":[]}", FALSE, "no text" },
  { "{\"results\":{}}", FALSE, "no text" },
  { "{\"results\":{\"channels\":{}}}", FALSE, "no text" },
  { "{\"results\":{\"channels\":[]}}", FALSE, "no text" },
  { "{\"results\":{\"channels\":[null]}}", FALSE, "no text" },
  { "{\"results\":{\"channels\":[{\"alternatives\":[]}]}}", FALSE, "no text" },
  { "{\"results\":{\"channels\":[{\"alternatives\":[{\"transcript\":null}]}]}}", FALSE, "no text" },
  { "{\"request_id\":\"r\",\"message\":\"queued " KEY "\"}", FALSE, "queued" },
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
      g_assert_nonnull (strstr (error->message, "Deepgram"));
      g_assert_null (strstr (error->message, KEY));
    }
}

static void
test_request (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = ask_new ("deepgram", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
  g_autoptr (WhisTranscription) said = NULL;
  g_autoptr (GError) error = NULL;
  const TestServiceRequest *arrived;

  test_service_plan (server, &(TestPlan){ .body = ANSWER (GUTEN_TAG) });
  said = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (said->text, ==, "Guten Tag, Zürich.");

  arrived = test_service_get_request (server, 0);
  g_assert_cmpstr (arrived->method, ==, "POST");
  g_assert_cmpstr (arrived->path, ==, "/v1/listen");
  g_assert_cmpmem (g_bytes_get_data (arrived->body, NULL), g_bytes_get_size (arrived->body), SOUND,
                   strlen (SOUND));
  g_assert_cmpstr (soup_message_headers_get_one (arrived->headers, "Authorization"), ==,
                   "Token " KEY);
  g_assert_cmpstr (soup_message_headers_get_one (arrived->headers, "Content-Type"), ==,
                   "audio/mpeg");
  g_assert_cmpint (soup_message_headers_get_content_length (arrived->headers), ==, strlen (SOUND));
  ask_free (backend);
}

typedef struct
{
  const char *model;
  const char *language;
  const char *const vocabulary[5];
  const char *query;
} Options;

#define FORMAT "&smart_format=true&punctuate=true"

static const Options options[] = {
  { NULL, NULL, { NULL }, "model=nova-3&language=multi" FORMAT },
  { NULL, "", { NULL }, "model=nova-3&language=multi" FORMAT },
  { "nova-3-medical", NULL, { NULL }, "model=nova-3-medical&language=multi" FORMAT },
  { "nova-2", NULL, { NULL }, "model=nova-2&detect_language=true" FORMAT },
  { "my own/model & more",
    NULL,
    { NULL },
    "model=my%20own%2Fmodel%20%26%20more&detect_language=true" FORMAT },
  { NULL, "de", { NULL }, "model=nova-3&language=de" FORMAT },
  { NULL, "de-DE", { NULL }, "model=nova-3&language=de" FORMAT },
  { NULL, "de_AT.UTF-8", { NULL }, "model=nova-3&language=de" FORMAT },
  { NULL, "de_CH.UTF-8", { NULL }, "model=nova-3&language=de-CH" FORMAT },
  { "nova-2", "PT-br", { NULL }, "model=nova-2&language=pt-BR" FORMAT },
  { "enhanced", "pt-BR", { NULL }, "model=enhanced&language=pt&smart_format=true&punctuate=true" },
  { NULL, "zh-Hant", { NULL }, "model=nova-3&language=zh-Hant" FORMAT },
  { NULL,
    "en",
    { "Müller & Sons", "", "a=b?", "C++" },
    "model=nova-3&language=en" FORMAT
    "&keyterm=M%C3%BCller%20%26%20Sons&keyterm=a%3Db%3F&keyterm=C%2B%2B" },
  { "nova-2",
    "en",
    { "Whis", "Jane Goodall", "a:9", "Zürich" },
    "model=nova-2&language=en" FORMAT "&keywords=Whis&keywords=Z%C3%BCrich" },
  { "whisper-large", "en", { "Whis" }, "model=whisper-large&language=en" FORMAT },
};

static void
test_options (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = ask_new ("deepgram", test_service_get_url (server));

  test_service_set_default (server, &(TestPlan){ .body = ANSWER (GUTEN_TAG) });
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
      g_autoptr (WhisTranscription) said = NULL;
      g_autoptr (GError) error = NULL;

      whis_speech_request_set_model (request, options[i].model);
      whis_speech_request_set_language (request, options[i].language);
      whis_speech_request_set_vocabulary (request, options[i].vocabulary);
      whis_speech_request_set_prompt (request, "not for this service");
      said = ask_transcribe (backend, request, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (test_service_get_request (server, i)->query, ==, options[i].query);
    }
  ask_free (backend);
}

static guint
count_terms (const char *query, gsize *n_bytes)
{
  g_auto (GStrv) terms = g_strsplit (query, "&keyterm=", -1);

  *n_bytes = 0;
  for (guint i = 1; terms[i] != NULL; i++)
    *n_bytes += strlen (terms[i]);

  return g_strv_length (terms) - 1;
}

/* More terms than the service takes are no reason for it to refuse them all. */
static void
test_long_vocabulary (void)
{
  static const char *const terms[] = { "Whis", "Elizabethan dramaturgy" };
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = ask_new ("deepgram", test_service_get_url (server));
  guint counts[G_N_ELEMENTS (terms)];
  gsize n_bytes;

  test_service_set_default (server, &(TestPlan){ .body = ANSWER (GUTEN_TAG) });
  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    {
      g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
      g_autoptr (WhisTranscription) said = NULL;
      const char *vocabulary[301] = { NULL };

      for (guint j = 0; j < 300; j++)
        vocabulary[j] = terms[i];
      whis_speech_request_set_vocabulary (request, vocabulary);
      said = ask_transcribe (backend, request, NULL);
      g_assert_nonnull (said);
      counts[i] = count_terms (test_service_get_request (server, i)->query, &n_bytes);
      g_assert_cmpuint (n_bytes, <=, 1100);
    }
  g_assert_cmpuint (counts[0], ==, 100);
  g_assert_cmpuint (counts[1], >=, 30);
  ask_free (backend);
}

typedef struct
{
  TestPlan plan;
  WhisServiceError code;
  gboolean is_retryable;
  const char *says;
} Failure;

static const Failure failures[] = {
  { { .status = 400,
      .body = "{\"err_code\":\"Bad Request\",\"err_msg\":\"Bad Request: failed to process audio: "
              "corrupt or unsupported data\",\"request_id\":\"r\"}" },
    WHIS_SERVICE_ERROR_UNSUPPORTED,
    FALSE,
    "corrupt or unsupported data" },
  { { .status = 400,
      .type = "text/plain",
      .body = "Keyterm limit exceeded. The maximum number of tokens across all keyterms is 500." },
    WHIS_SERVICE_ERROR_UNSUPPORTED,
    FALSE,
    "Keyterm limit" },
  { { .status = 401,
      .body = "{\"category\":\"INVALID_AUTH\",\"message\":\"Invalid credentials.\","
              "\"details\":\"Key " KEY "\",\"request_id\":\"r\"}" },
    WHIS_SERVICE_ERROR_WRONG_KEY,
    FALSE,
    "Invalid credentials." },
  { { .status = 401,
      .body = "{\"err_code\":\"INVALID_AUTH\",\"err_msg\":\"Invalid credentials.\","
              "\"request_id\":\"r\"}" },
    WHIS_SERVICE_ERROR_WRONG_KEY,
    FALSE,
    "Invalid credentials." },
  { { .status = 403,
      .body = "{\"err_code\":\"INSUFFICIENT_PERMISSIONS\",\"err_msg\":\"User does not have "
              "sufficient permissions.\",\"request_id\":\"r\"}" },
    WHIS_SERVICE_ERROR_PERMISSION,
    FALSE,
    "sufficient permissions" },
  { { .status = 401,
      .body = "{\"category\":\"INSUFFICIENT_PERMISSIONS\",\"message\":\"User does not have "
              "sufficient permissions.\",\"request_id\":\"r\"}" },
    WHIS_SERVICE_ERROR_PERMISSION,
    FALSE,
    "sufficient permissions" },
  { { .status = 402,
      .body = "{\"err_code\":\"ASR_PAYMENT_REQUIRED\",\"err_msg\":\"Project does not have enough "
              "credits for an ASR request and does not have an overage agreement.\","
              "\"request_id\":\"r\"}" },
    WHIS_SERVICE_ERROR_CREDIT,
    FALSE,
    "enough credits" },
  { { .status = 413, .type = "text/plain", .body = "Payload too large" },
    WHIS_SERVICE_ERROR_TOO_LARGE,
    FALSE,
    "Payload" },
  { { .status = 429,
      .body = "{\"err_code\":\"TOO_MANY_REQUESTS\",\"err_msg\":\"Too many requests. Please try "
              "again later\",\"request_id\":\"r\"}" },
    WHIS_SERVICE_ERROR_RATE_LIMIT,
    TRUE,
    "Too many requests" },
  { { .status = 503, .type = "text/plain", .body = "Service unavailable" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "Service unavailable" },
  { { .status = 504, .type = "text/html", .body = "<html>Gateway</html>" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "Deepgram" },
};

static void
test_failures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend = ask_new ("deepgram", test_service_get_url (server));
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

static void
test_key (void)
{
  static const struct
  {
    TestPlan plan;
    WhisKeyVerdict verdict;
  } cases[] = {
    { { .body = "{\"scopes\":[\"usage:write\"]}" }, WHIS_KEY_OK },
    { { .status = 401, .body = "{\"err_code\":\"INVALID_AUTH\",\"err_msg\":\"Invalid.\"}" },
      WHIS_KEY_WRONG },
    { { .status = 403, .body = "{\"category\":\"INSUFFICIENT_PERMISSIONS\",\"message\":\"No.\"}" },
      WHIS_KEY_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend = ask_new ("deepgram", test_service_get_url (server));
      g_autofree char *sentence = NULL;
      g_autoptr (GError) error = NULL;
      WhisKeyVerdict verdict;

      test_service_set_default (server, &cases[i].plan);
      g_assert_true (ask_check_key (backend, KEY, &verdict, &sentence, &error));
      g_assert_no_error (error);
      g_assert_cmpint (verdict, ==, cases[i].verdict);
      g_assert_cmpstr (test_service_get_request (server, 0)->method, ==, "GET");
      g_assert_cmpstr (test_service_get_request (server, 0)->path, ==, "/v1/auth/token");
      ask_free (backend);
    }
}

static void
test_models (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = ask_new ("deepgram", test_service_get_url (server));
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GError) error = NULL;

  test_service_plan (
      server, &(TestPlan){ .body = "{\"stt\":["
                                   "{\"name\":\"general\",\"canonical_name\":\"nova-2-general\"},"
                                   "{\"name\":\"general\",\"canonical_name\":\"nova-2-general\"},"
                                   "{\"name\":\"nova-3\",\"canonical_name\":\"nova-3\"}],"
                                   "\"tts\":[{\"canonical_name\":\"aura-2-thalia-en\"}]}" });
  models = ask_list_models (backend, KEY, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (test_service_get_request (server, 0)->path, ==, "/v1/models");
  g_assert_cmpuint (models->len, ==, 2);
  g_assert_cmpstr (((WhisModelInfo *) g_ptr_array_index (models, 0))->id, ==, "nova-3");
  g_assert_cmpstr (((WhisModelInfo *) g_ptr_array_index (models, 1))->id, ==, "nova-2-general");
  ask_free (backend);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/deepgram/answer/words", test_words);
  g_test_add_func ("/deepgram/answer/odd-parts", test_odd_parts);
  g_test_add_func ("/deepgram/answer/mixed-languages", test_mixed_languages);
  g_test_add_func ("/deepgram/answer/nothing-said", test_nothing_said);
  g_test_add_func ("/deepgram/answer/bad", test_bad_answers);
  g_test_add_func ("/deepgram/request", test_request);
  g_test_add_func ("/deepgram/options", test_options);
  g_test_add_func ("/deepgram/long-vocabulary", test_long_vocabulary);
  g_test_add_func ("/deepgram/failures", test_failures);
  g_test_add_func ("/deepgram/key", test_key);
  g_test_add_func ("/deepgram/models", test_models);

  return g_test_run ();
}
