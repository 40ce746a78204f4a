/* SPDX-License-Identifier: MIT */
#include "ask.h"
#include "gemini-answer.h"
#include "language.h"
#include "models.h"
#include "service.h"
#include "service-error.h"

#include <string.h>

#define KEY "AIzaTestOpenSesame"
#define SOUND "mp3 frames"
/* the same in base64 */
#define ENCODED "bXAzIGZyYW1lcw=="

#define OUTPUT(contents)                                                                           \
  "{\"id\":\"v1_x\",\"status\":\"completed\",\"model\":\"gemini-3.5-transcribe\",\"steps\":["      \
  "{\"type\":\"model_output\",\"content\":[" contents "]}],\"usage\":{\"total_input_tokens\":9}}"

static WhisBackend *
make_backend (TestService *server)
{
  return ask_new ("gemini", test_service_get_url (server));
}

static void
plan (TestService *server, const char *body)
{
  test_service_plan (server, &(TestPlan){ .body = body });
}

static void
assert_asked (const TestServiceRequest *request, const char *method, const char *path)
{
  g_assert_cmpstr (request->method, ==, method);
  g_assert_cmpstr (request->path, ==, path);
  g_assert_cmpstr (soup_message_headers_get_one (request->headers, "x-goog-api-key"), ==, KEY);
  g_assert_null (soup_message_headers_get_one (request->headers, "Authorization"));
  g_assert_true (request->query == NULL || strstr (request->query, KEY) == NULL);
}

static void
assert_body (const TestServiceRequest *request, const char *config)
{
  g_autofree char *expected = g_strdup_printf (
      "{\"model\":\"gemini-3.5-transcribe\",\"store\":false,\"input\":[{\"type\":\"audio\","
      "\"mime_type\":\"audio/mp3\",\"data\":\"" ENCODED "\"}],\"generation_config\":"
      "{\"transcription_config\":{%s}}}",
      config);
  gsize size;
  const char *data = g_bytes_get_data (request->body, &size);
  g_autofree char *body = g_strndup (data, size);

  g_assert_cmpstr (soup_message_headers_get_content_type (request->headers, NULL), ==,
                   "application/json");
  g_assert_cmpstr (body, ==, expected);
}

static void
test_text (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autoptr (GError) error = NULL;
  const TestServiceRequest *arrived;

  whis_speech_request_set_language (request, "de");
  whis_speech_request_set_prompt (request, "There is no such thing here.");
  whis_speech_request_set_vocabulary (request, (const char *const[]){ "Quillara", "Züri", NULL });
  plan (server, OUTPUT ("{\"type\":\"text\",\"text\":\"Guten Tag.\"}"));
  transcription = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "Guten Tag.");
  g_assert_cmpuint (transcription->times->len, ==, 0);

  g_assert_cmpuint (test_service_get_n_requests (server), ==, 1);
  arrived = test_service_get_request (server, 0);
  assert_asked (arrived, "POST", "/v1beta/interactions");
  g_assert_cmpstr (soup_message_headers_get_one (arrived->headers, "Api-Revision"), ==,
                   "2026-05-20");
  assert_body (arrived, "\"language_codes\":[\"de-DE\"],"
                        "\"custom_vocabulary\":[\"Quillara\",\"Züri\"],"
                        "\"mode\":{\"type\":\"smart\"}");
  ask_free (backend);
}

/* Vocabulary and times in one request are refused. */
static void
test_times (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autoptr (GError) error = NULL;
  const WhisTimedText *word;

  whis_speech_request_set_wants_times (request, TRUE);
  whis_speech_request_set_vocabulary (request, (const char *const[]){ "Quillara", NULL });
  plan (server, OUTPUT ("{\"type\":\"text\",\"text\":\"Hello you\",\"annotations\":["
                        "{\"type\":\"word_info\",\"text\":\"Hello\",\"start_offset\":\"0.5s\","
                        "\"end_offset\":\"0.900s\",\"speaker\":\"spk_1\"},"
                        "{\"type\":\"word_info\",\"text\":\"broken\",\"start_offset\":\"0.5\","
                        "\"end_offset\":\"-1s\"},{\"type\":\"citation\"},7,"
                        "{\"type\":\"word_info\",\"text\":\"you\",\"start_offset\":\"1s\","
                        "\"end_offset\":\"2s\"}]}"));
  transcription = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "Hello you");
  g_assert_cmpuint (transcription->times->len, ==, 2);
  word = g_ptr_array_index (transcription->times, 0);
  g_assert_cmpstr (word->text, ==, "Hello");
  g_assert_cmpuint (word->start_ms, ==, 500);
  g_assert_cmpuint (word->end_ms, ==, 900);
  word = g_ptr_array_index (transcription->times, 1);
  g_assert_cmpuint (word->start_ms, ==, 1000);
  assert_body (test_service_get_request (server, 0),
               "\"mode\":{\"type\":\"verbatim\",\"timestamp_granularities\":[\"word\"]}");
  ask_free (backend);
}

/* More than a hundred words make recognition worse. */
static void
test_many_words (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
  g_autoptr (WhisTranscription) transcription = NULL;
  const char *words[122] = { NULL };
  g_autoptr (GString) config = g_string_new ("\"custom_vocabulary\":[");

  words[0] = "";
  for (guint i = 1; i < 121; i++)
    words[i] = "word";
  for (guint i = 0; i < 100; i++)
    g_string_append_printf (config, "%s\"word\"", i > 0 ? "," : "");
  g_string_append (config, "],\"mode\":{\"type\":\"smart\"}");
  whis_speech_request_set_vocabulary (request, words);
  plan (server, OUTPUT (""));
  transcription = ask_transcribe (backend, request, NULL);
  g_assert_cmpstr (transcription->text, ==, "");
  assert_body (test_service_get_request (server, 0), config->str);
  ask_free (backend);
}

static void
test_languages (void)
{
  static const char *const codes[][2] = {
    { "en", "en-US" },     { "en-GB", "en-GB" }, { "en_AU.UTF-8", "en-US" },
    { "de", "de-DE" },     { "pt-pt", "pt-PT" }, { "pt", "pt-BR" },
    { "es-ES", "es-419" }, { "no", "nb-NO" },    { "zh", "cmn-Hans-CN" },
    { "tl", "fil-PH" },    { "cy", NULL },       { "", NULL },
  };
  const WhisModel *gemini =
      whis_provider_find_model (whis_provider_lookup ("gemini"), "gemini-3.5-transcribe");
  const WhisModel *openai =
      whis_provider_find_model (whis_provider_lookup ("openai"), "gpt-transcribe");
  g_autofree char *code = whis_language_for_model (openai, "de-AT");
  g_autofree char *chinese = whis_language_for_model (openai, "zh-TW");

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *tag = whis_language_for_model (gemini, codes[i][0]);

      g_assert_cmpstr (tag, ==, codes[i][1]);
    }
  g_assert_cmpstr (code, ==, "de");
  g_assert_cmpstr (chinese, ==, "zh");
}

typedef struct
{
  const char *body;
  const char *text;
} Good;

static const Good good[] = {
  { OUTPUT ("{\"type\":\"text\",\"text\":\"One \"},{\"type\":\"text\",\"text\":\"two.\"}"),
    "One two." },
  { OUTPUT ("{\"type\":\"thought\",\"text\":\"Hm.\"},{\"type\":\"text\",\"text\":\"One.\"}"),
    "One." },
  { OUTPUT ("{\"type\":\"text\",\"text\":\"\"}"), "" },
  { OUTPUT ("{\"type\":\"text\"},null,5"), "" },
  { "{\"status\":\"completed\",\"steps\":[{\"type\":\"user_input\",\"content\":[{\"type\":"
    "\"text\",\"text\":\"Hi\"}]},null,{\"type\":\"model_output\",\"content\":[{\"type\":\"text\","
    "\"text\":\"One\\nline\"}]},{\"type\":\"model_output\"}]}",
    "One line" },
  { "{\"status\":\"completed\",\"steps\":[]}", "" },
};

static void
test_good_answers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) transcription =
          whis_gemini_answer_parse ("Gemini", good[i].body, strlen (good[i].body), KEY, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (transcription->text, ==, good[i].text);
    }
}

typedef struct
{
  TestPlan plan;
  WhisServiceError code;
  gboolean is_retryable;
  const char *says;
} Failure;

/* What is not complete may hold half of the words. */
#define HALF                                                                                       \
  "\"steps\":[{\"type\":\"model_output\",\"content\":[{\"type\":\"text\",\"text\":\"Half\"}]}]"

static const Failure failures[] = {
  { { .body = "{\"status\":\"incomplete\"," HALF "}" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "incomplete" },
  { { .body = "{\"status\":\"in_progress\"}" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "in_progress" },
  { { .body = "{\"status\":\"queued\"}" }, WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "queued" },
  { { .body = "{\"status\":\"budget_exceeded\"," HALF "}" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "budget" },
  { { .body = "{\"status\":\"failed\",\"error\":{\"code\":13,\"message\":\"Inner " KEY "\"}}" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "Inner" },
  { { .body = "{\"status\":\"completed\"}" }, WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE, "no text" },
  { { .body = "{\"output_text\":\"Hi\"}" }, WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE, "no text" },
  { { .body = "[]" }, WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE, "no text" },
  { { .body = "{\"status\":\"comp" }, WHIS_SERVICE_ERROR_BAD_ANSWER, TRUE, "broken" },
  { { .body = "" }, WHIS_SERVICE_ERROR_BAD_ANSWER, TRUE, "empty" },
  { { .type = "text/html", .body = "<html>Log in</html>" },
    WHIS_SERVICE_ERROR_BAD_ANSWER,
    FALSE,
    "web page" },
  { { .status = 400,
      .body = "{\"error\":{\"code\":400,\"message\":\"custom_vocabulary is incompatible with "
              "timestamps.\",\"status\":\"INVALID_ARGUMENT\"}}" },
    WHIS_SERVICE_ERROR_UNSUPPORTED,
    FALSE,
    "incompatible" },
  { { .status = 403,
      .body = "{\"error\":{\"code\":403,\"message\":\"No\",\"status\":\"PERMISSION_DENIED\"}}" },
    WHIS_SERVICE_ERROR_PERMISSION,
    FALSE,
    "No" },
  { { .status = 404,
      .body = "{\"error\":{\"code\":404,\"message\":\"models/x\",\"status\":\"NOT_FOUND\"}}" },
    WHIS_SERVICE_ERROR_UNSUPPORTED,
    FALSE,
    "models/x" },
  { { .status = 503,
      .body = "[{\"error\":{\"code\":503,\"message\":\"No capacity available for model x on the "
              "server\",\"status\":\"UNAVAILABLE\"}}]" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "No capacity" },
};

static void
test_failures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend = make_backend (server);
      g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, KEY);
      g_autoptr (WhisTranscription) none = NULL;
      g_autoptr (GError) error = NULL;

      test_service_plan (server, &failures[i].plan);
      none = ask_transcribe (backend, request, &error);
      g_assert_null (none);
      g_assert_error (error, WHIS_SERVICE_ERROR, (int) failures[i].code);
      g_assert_cmpint (whis_service_error_is_retryable (error), ==, failures[i].is_retryable);
      g_assert_nonnull (strstr (error->message, failures[i].says));
      g_assert_null (strstr (error->message, KEY));
      g_assert_cmpuint (test_service_get_n_requests (server), ==, 1);
      ask_free (backend);
    }
}

static void
test_check_key (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autofree char *sentence = NULL;
  WhisKeyVerdict verdict;

  plan (server, "{\"models\":[]}");
  g_assert_true (ask_check_key (backend, KEY, &verdict, &sentence, NULL));
  g_assert_cmpint (verdict, ==, WHIS_KEY_OK);
  assert_asked (test_service_get_request (server, 0), "GET", "/v1beta/models");
  ask_free (backend);
}

/* The service says so with a status that means anything else elsewhere. */
static void
test_wrong_key (void)
{
  g_autoptr (TestService) service = test_service_new ("gemini");
  WhisBackend *backend = ask_new ("gemini", test_service_get_url (service));
  g_autofree char *sentence = NULL;
  WhisKeyVerdict verdict;

  g_assert_true (ask_check_key (backend, "AIzaOther", &verdict, &sentence, NULL));
  g_assert_cmpint (verdict, ==, WHIS_KEY_WRONG);
  ask_free (backend);
}

static void
test_models (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GError) error = NULL;

  plan (server, "{\"models\":[{\"name\":\"models/gemini-2.5-flash\"},"
                "{\"name\":\"models/gemini-3.5-transcribe-live\"},"
                "{\"name\":\"models/gemini-4-transcribe\"},"
                "{\"name\":\"models/gemini-3.5-live-translate-preview\"},"
                "{\"name\":\"models/gemini-3.5-transcribe\",\"displayName\":\"T\"}]}");
  models = ask_list_models (backend, KEY, &error);
  g_assert_no_error (error);
  assert_asked (test_service_get_request (server, 0), "GET", "/v1beta/models");
  g_assert_cmpstr (test_service_get_request (server, 0)->query, ==, "pageSize=1000");
  g_assert_cmpuint (models->len, ==, 2);
  g_assert_cmpstr (((WhisModelInfo *) g_ptr_array_index (models, 0))->id, ==,
                   "gemini-3.5-transcribe");
  g_assert_cmpstr (((WhisModelInfo *) g_ptr_array_index (models, 1))->id, ==,
                   "gemini-4-transcribe");
  ask_free (backend);
}

/* What the service hears when it is asked for all that it can do. */
static WhisTranscription *
ask_service (TestService *service, gboolean times, GError **error)
{
  WhisBackend *backend = ask_new ("gemini", test_service_get_url (service));
  g_autofree char *key = test_service_dup_key (service);
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, key);
  WhisTranscription *transcription;

  whis_speech_request_set_language (request, "de");
  whis_speech_request_set_vocabulary (request, (const char *const[]){ "Whis", NULL });
  whis_speech_request_set_wants_times (request, times);
  transcription = ask_transcribe (backend, request, error);
  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  ask_free (backend);

  return transcription;
}

static void
test_strict (void)
{
  for (guint times = 0; times < 2; times++)
    {
      g_autoptr (TestService) service = test_service_new ("gemini");
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) transcription = ask_service (service, times == 1, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (transcription->text, ==, SOUND);
      g_assert_cmpuint (transcription->times->len, ==, times == 1 ? 2 : 0);
    }
}

typedef struct
{
  const char *failure;
  /* NULL when it fails */
  const char *text;
  int code;
} Trouble;

static const Trouble troubles[] = {
  { "empty-text", "" },
  { "other-answer", SOUND },
  { "no-permission", NULL, WHIS_SERVICE_ERROR_PERMISSION },
  { "unknown-model", NULL, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { "retired-model", NULL, WHIS_SERVICE_ERROR_RETIRED },
  { "wrong-key", NULL, WHIS_SERVICE_ERROR_WRONG_KEY },
  { "other-shape", NULL, WHIS_SERVICE_ERROR_WRONG_KEY },
  { "region", NULL, WHIS_SERVICE_ERROR_PERMISSION },
  { "rate-limit", NULL, WHIS_SERVICE_ERROR_RATE_LIMIT },
  { "broken-file", NULL, WHIS_SERVICE_ERROR_UNSUPPORTED },
  { "too-large", NULL, WHIS_SERVICE_ERROR_TOO_LARGE },
  { "overloaded", NULL, WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "gateway-timeout", NULL, WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "down", NULL, WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "status-failed", NULL, WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "status-incomplete", NULL, WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "status-budget", NULL, WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "truncated", NULL, WHIS_SERVICE_ERROR_BAD_ANSWER },
  { "captive-portal", NULL, WHIS_SERVICE_ERROR_BAD_ANSWER },
  { "captive-redirect", NULL, WHIS_SERVICE_ERROR_REDIRECT },
  { "reset", NULL, WHIS_SERVICE_ERROR_NETWORK },
};

static void
test_troubles (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      g_autoptr (TestService) service = test_service_new ("gemini");
      g_autoptr (WhisTranscription) transcription = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", troubles[i].failure);
      test_service_fail_next (service, troubles[i].failure);
      transcription = ask_service (service, FALSE, &error);
      g_assert_cmpstr (transcription != NULL ? transcription->text : NULL, ==, troubles[i].text);
      if (troubles[i].text == NULL)
        g_assert_error (error, WHIS_SERVICE_ERROR, troubles[i].code);
      else
        g_assert_no_error (error);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gemini/text", test_text);
  g_test_add_func ("/gemini/times", test_times);
  g_test_add_func ("/gemini/many-words", test_many_words);
  g_test_add_func ("/gemini/languages", test_languages);
  g_test_add_func ("/gemini/good-answers", test_good_answers);
  g_test_add_func ("/gemini/failures", test_failures);
  g_test_add_func ("/gemini/check-key", test_check_key);
  g_test_add_func ("/gemini/wrong-key", test_wrong_key);
  g_test_add_func ("/gemini/models", test_models);
  g_test_add_func ("/gemini/strict", test_strict);
  g_test_add_func ("/gemini/troubles", test_troubles);

  return g_test_run ();
}
