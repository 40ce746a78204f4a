/* SPDX-License-Identifier: MIT */
#include "openai-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* The OpenAI dialect: what is sent, what its answers mean, keys, and what is logged. */

static void
test_bytes_arrive (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  const TestServiceRequest *arrived;

  whis_speech_request_set_language (request, "de");
  whis_speech_request_set_prompt (request, "Zürich");
  text = openai_fixture_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "abcdefghijklmnopqrst");

  arrived = test_service_get_request (server, 0);
  g_assert_cmpstr (arrived->method, ==, "POST");
  g_assert_cmpstr (arrived->path, ==, "/v1/audio/transcriptions");
  g_assert_cmpstr (arrived->field_names, ==, "model response_format languages[] prompt file");
  g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "model"), ==, "gpt-transcribe");
  g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "languages[]"), ==, "de");
  g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "prompt"), ==, "Zürich");
  g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "response_format"), ==, "json");
  g_assert_cmpstr (arrived->file_name, ==, "audio.mp3");
  g_assert_cmpstr (arrived->file_type, ==, "audio/mpeg");
  g_assert_cmpmem (g_bytes_get_data (arrived->file, NULL), g_bytes_get_size (arrived->file),
                   &SOUND[10], 20);
  g_assert_cmpstr (soup_message_headers_get_one (arrived->headers, "Authorization"), ==,
                   "Bearer " KEY);
  g_assert_cmpstr (soup_message_headers_get_one (arrived->headers, "User-Agent"), ==,
                   "Whis/" WHIS_VERSION);
  g_assert_nonnull (soup_message_headers_get_one (arrived->headers, "Content-Length"));
  g_assert_null (soup_message_headers_get_one (arrived->headers, "Transfer-Encoding"));
  openai_fixture_drop_backend (backend);
}

/* Twice the bytes, so that one can tell. */
static void
convert_async (GBytes *sound,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  GByteArray *twice = g_byte_array_new ();

  for (guint i = 0; i < 2; i++)
    g_byte_array_append (twice, g_bytes_get_data (sound, NULL), (guint) g_bytes_get_size (sound));
  g_task_return_pointer (task, g_byte_array_free_to_bytes (twice), (GDestroyNotify) g_bytes_unref);
}

static GBytes *
convert_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What arrives of @size bytes of a recording. */
static void
assert_upload (const char *provider, const char *ending, gsize size, const char *name)
{
  static const WhisSoundConverter converter = { convert_async, convert_finish, convert_async,
                                                convert_finish };
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend (provider, test_service_get_url (server));
  g_autofree char *path = g_strconcat (openai_fixture_sound_path, ending, NULL);
  g_autoptr (WhisSpeechRequest) request = file_request_new (path, 10, 20, 1000);
  const TestServiceRequest *arrived;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (path, SOUND, strlen (SOUND), NULL));
  whis_backend_set_converter (backend, &converter);
  whis_speech_request_set_key (request, KEY);
  text = openai_fixture_transcribe (backend, request, &error);
  g_assert_no_error (error);

  arrived = test_service_get_request (server, 0);
  g_assert_cmpstr (arrived->file_name, ==, name);
  g_assert_cmpstr (arrived->file_type, ==,
                   g_str_equal (name, "audio.wav") ? "audio/wav" : "audio/mpeg");
  g_assert_cmpuint (g_bytes_get_size (arrived->file), ==, size);
  g_assert_cmpmem ((const char *) g_bytes_get_data (arrived->file, NULL) + size - 20, 20,
                   &SOUND[10], 20);
  openai_fixture_drop_backend (backend);
  g_unlink (path);
}

/* This computer gets samples, from a WAV file as they are; a service gets an MP3. */
static void
test_kinds_of_recordings (void)
{
  assert_upload ("whisper-cpp", ".wav", 44 + 20, "audio.wav");
  assert_upload ("whisper-cpp", ".mp3", 44 + 2 * 20, "audio.wav");
  assert_upload ("openai", ".wav", 2 * 20, "audio.mp3");
  assert_upload ("openai", ".mp3", 20, "audio.mp3");
}

static void
test_without_key (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *custom = openai_fixture_make_backend ("custom", test_service_get_url (server));
  WhisBackend *cloud = openai_fixture_make_backend ("groq", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = file_request_new (openai_fixture_sound_path, 0, 5, 1000);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) missing = NULL;
  g_autofree char *text = openai_fixture_transcribe (custom, request, &error);
  g_autofree char *none = openai_fixture_transcribe (cloud, request, &missing);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "01234");
  g_assert_null (soup_message_headers_get_one (test_service_get_request (server, 0)->headers,
                                               "Authorization"));
  g_assert_error (missing, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY);
  g_assert_null (none);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 1);
  openai_fixture_drop_backend (custom);
  openai_fixture_drop_backend (cloud);
}

/* A key that would break the header is not sent. */
static void
test_key_is_safe (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GError) broken = NULL;
  g_autofree char *text = NULL;

  whis_speech_request_set_key (request, "sk-1\r\nX-Evil: 1");
  text = openai_fixture_transcribe (backend, request, &broken);
  g_assert_error (broken, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_WRONG_KEY);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 0);
  openai_fixture_drop_backend (backend);
}

typedef struct
{
  TestPlan plan;
  WhisServiceError code;
  gboolean is_retryable;
  const char *says;
} Failure;

static const Failure failures[] = {
  { { .status = 400, .body = "{\"error\":{\"message\":\"bad thing\"}}" },
    WHIS_SERVICE_ERROR_UNSUPPORTED,
    FALSE,
    "bad thing" },
  { { .status = 401,
      .header = "WWW-Authenticate: Basic realm=\"x\"",
      .body = "{\"error\":{\"message\":\"Incorrect API key provided: " KEY "\"}}" },
    WHIS_SERVICE_ERROR_WRONG_KEY,
    FALSE,
    "Incorrect" },
  { { .status = 402, .type = "text/plain", .body = "pay" },
    WHIS_SERVICE_ERROR_CREDIT,
    FALSE,
    "pay" },
  { { .status = 403, .body = "{\"detail\":\"not here\"}" },
    WHIS_SERVICE_ERROR_PERMISSION,
    FALSE,
    "not here" },
  { { .status = 413, .body = "{\"error\":{\"message\":\"big\",\"type\":\"server_error\"}}" },
    WHIS_SERVICE_ERROR_TOO_LARGE,
    FALSE,
    "big" },
  { { .status = 429,
      .body = "{\"error\":{\"message\":\"quota\",\"code\":\"insufficient_quota\"}}" },
    WHIS_SERVICE_ERROR_CREDIT,
    FALSE,
    "quota" },
  { { .status = 429,
      .header = "Retry-After: 1",
      .body = "{\"error\":{\"message\":\"slow\",\"code\":\"rate_limit_exceeded\"}}" },
    WHIS_SERVICE_ERROR_RATE_LIMIT,
    TRUE,
    "1 second." },
  { { .status = 429, .header = "Retry-After-Ms: 50", .body = "" },
    WHIS_SERVICE_ERROR_RATE_LIMIT,
    TRUE,
    "OpenAI" },
  { { .status = 500, .type = "text/html", .body = "<html><h1>no</h1></html>" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "OpenAI" },
  { { .status = 503, .type = "text/plain", .body = "busy" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "busy" },
  { { .body = "{\"text\":\"trunc" }, WHIS_SERVICE_ERROR_BAD_ANSWER, TRUE, "broken" },
  { { .body = "" }, WHIS_SERVICE_ERROR_BAD_ANSWER, TRUE, "empty" },
  { { .type = "text/html", .body = "<p>Log in</p>" },
    WHIS_SERVICE_ERROR_BAD_ANSWER,
    FALSE,
    "web page" },
  { { .body = "{\"error\":{\"message\":\"late " KEY "\"}}" },
    WHIS_SERVICE_ERROR_BAD_ANSWER,
    FALSE,
    "late" },
  { { .trick = TEST_TRICK_RESET }, WHIS_SERVICE_ERROR_NETWORK, TRUE, "127.0.0.1" },
  { { .trick = TEST_TRICK_BREAK_OFF }, WHIS_SERVICE_ERROR_NETWORK, TRUE, "127.0.0.1" },
  { { .trick = TEST_TRICK_ENDLESS }, WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE, "sense" },
};

static void
test_failures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
      g_autoptr (GError) error = NULL;

      test_service_set_default (server, &failures[i].plan);
      error = openai_fixture_fail_to_transcribe (backend);
      g_assert_error (error, WHIS_SERVICE_ERROR, (int) failures[i].code);
      g_assert_cmpint (whis_service_error_is_retryable (error), ==, failures[i].is_retryable);
      g_assert_nonnull (strstr (error->message, failures[i].says));
      g_assert_cmpuint (test_service_get_n_requests (server), ==, 1);
      openai_fixture_drop_backend (backend);
    }
}

static void
test_nothing_said (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (WhisSpeechRequest) blink = file_request_new (openai_fixture_sound_path, 0, 5, 99);
  g_autoptr (GError) error = NULL;
  g_autofree char *silent = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *unsent = NULL;

  test_service_plan (server, &(TestPlan){ .body = "{\"text\":\"\"}" });
  test_service_plan (
      server, &(TestPlan){ .status = 400, .body = "{\"error\":{\"code\":\"audio_too_short\"}}" });
  silent = openai_fixture_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (silent, ==, "");
  refused = openai_fixture_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (refused, ==, "");
  whis_speech_request_set_key (blink, KEY);
  unsent = openai_fixture_transcribe (backend, blink, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (unsent, ==, "");
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 2);
  openai_fixture_drop_backend (backend);
}

static void
test_bad_files (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("custom", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) missing = file_request_new ("/nonexistent", 0, 5, 1000);
  g_autoptr (WhisSpeechRequest) folder = file_request_new ("/", 0, 5, 1000);
  g_autoptr (WhisSpeechRequest) beyond = file_request_new (openai_fixture_sound_path, 30, 7, 1000);
  g_autoptr (WhisSpeechRequest) big =
      file_request_new (openai_fixture_sound_path, 0, 25000000, 1000);
  WhisSpeechRequest *requests[] = { missing, folder, beyond, big };
  const int codes[] = { WHIS_SERVICE_ERROR_FILE, WHIS_SERVICE_ERROR_FILE, WHIS_SERVICE_ERROR_FILE,
                        WHIS_SERVICE_ERROR_TOO_LARGE };

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = openai_fixture_transcribe (backend, requests[i], &error);

      g_assert_null (text);
      g_assert_error (error, WHIS_SERVICE_ERROR, codes[i]);
      g_assert_false (whis_service_error_is_retryable (error));
    }
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 0);
  openai_fixture_drop_backend (backend);
}

typedef struct
{
  const char *provider;
  const char *key;
  TestPlan plan;
  WhisKeyVerdict verdict;
  /* what the sentence has in it, if that is not plain from the verdict */
  const char *words;
} KeyCase;

static const KeyCase keys[] = {
  { "openai", KEY, { .status = 200 }, WHIS_KEY_OK },
  { "openai",
    KEY,
    { .status = 401, .body = "{\"error\":{\"message\":\"" KEY "\"}}" },
    WHIS_KEY_WRONG },
  { "openai", KEY, { .status = 403, .body = "" }, WHIS_KEY_UNKNOWN },
  { "openai", "", { .status = 200 }, WHIS_KEY_MISSING },
  { "openai", NULL, { .status = 200 }, WHIS_KEY_MISSING },
  { "openai", "two words", { .status = 200 }, WHIS_KEY_WRONG },
  { "custom", NULL, { .status = 200 }, WHIS_KEY_OK },
  { "custom", NULL, { .status = 401, .body = "" }, WHIS_KEY_MISSING },
  { "custom",
    KEY,
    { .status = 404, .type = "text/plain", .body = "File Not Found" },
    WHIS_KEY_UNKNOWN,
    "the key is right" },
  { "custom",
    NULL,
    { .status = 404, .type = "text/plain", .body = "File Not Found" },
    WHIS_KEY_UNKNOWN,
    "it needs a key" },
  { "mistral",
    KEY,
    { .status = 429, .body = "{\"code\":\"insufficient_quota\"}" },
    WHIS_KEY_UNKNOWN },
};

static gboolean
check_key (WhisBackend *backend,
           const char *key,
           WhisKeyVerdict *verdict,
           char **sentence,
           GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_backend_check_key_async (backend, key, NULL, openai_fixture_take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_backend_check_key_finish (backend, result, verdict, sentence, error);
}

static void
test_check_key (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend =
          openai_fixture_make_backend (keys[i].provider, test_service_get_url (server));
      g_autoptr (GError) error = NULL;
      g_autofree char *sentence = NULL;
      WhisKeyVerdict verdict;

      test_service_set_default (server, &keys[i].plan);
      g_assert_true (check_key (backend, keys[i].key, &verdict, &sentence, &error));
      g_assert_no_error (error);
      g_test_message ("%s", sentence);
      g_assert_cmpint (verdict, ==, keys[i].verdict);
      g_assert_null (strstr (sentence, KEY));
      g_assert_true (keys[i].words == NULL || strstr (sentence, keys[i].words) != NULL);
      if (test_service_get_n_requests (server) > 0)
        {
          g_assert_cmpstr (test_service_get_request (server, 0)->method, ==, "GET");
          g_assert_cmpstr (test_service_get_request (server, 0)->path, ==, "/v1/models");
        }
      openai_fixture_drop_backend (backend);
    }
}

static GPtrArray *
list_models (WhisBackend *backend, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_backend_list_models_async (backend, NULL, NULL, openai_fixture_take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_backend_list_models_finish (backend, result, error);
}

/* Asks a server that has no such path.
 *
 * Returns: how many models there are, or -1 for an error */
static int
count_missing_models (const char *provider, GError **error)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend (provider, test_service_get_url (server));
  g_autoptr (GPtrArray) models = NULL;

  test_service_set_default (server, &(TestPlan){ .status = 404, .type = "text/plain", .body = "" });
  models = list_models (backend, error);
  openai_fixture_drop_backend (backend);

  return models != NULL ? (int) models->len : -1;
}

/* An own server may lack the list; one that needs a model from it does not. */
static void
test_no_list_of_models (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (count_missing_models ("custom", &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpint (count_missing_models ("ollama", &error), ==, -1);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_UNSUPPORTED);
}

static void
test_check_key_unreachable (void)
{
  WhisBackend *backend = openai_fixture_make_backend ("custom", "http://127.0.0.1:1");
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  WhisKeyVerdict verdict;

  g_assert_false (check_key (backend, KEY, &verdict, &sentence, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NETWORK);
  openai_fixture_drop_backend (backend);
}

static GString *log_lines;

static GLogWriterOutput
keep_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  static GMutex mutex;

  g_mutex_lock (&mutex);
  for (gsize i = 0; i < n_fields && log_lines != NULL; i++)
    {
      if (fields[i].length < 0)
        g_string_append_printf (log_lines, "%s\n", (const char *) fields[i].value);
    }
  g_mutex_unlock (&mutex);
  if (level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO))
    return G_LOG_WRITER_HANDLED;

  return g_log_writer_default (level, fields, n_fields, data);
}

/* Everything that the program says about itself, with every domain switched on. */
static void
test_no_secret_in_log (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refusal = NULL;
  g_autofree char *text = NULL;
  g_autofree char *sentence = NULL;
  WhisKeyVerdict verdict;

  log_lines = lines;
  whis_speech_request_set_prompt (request, "secret-prompt");
  test_service_plan (server, &(TestPlan){ .body = "{\"text\":\"secret words\"}" });
  test_service_plan (server, &(TestPlan){ .trick = TEST_TRICK_RESET });
  test_service_plan (server, &(TestPlan){ .status = 401, .body = "{\"error\":\"" KEY "\"}" });
  text = openai_fixture_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "secret words");
  refusal = openai_fixture_fail_to_transcribe (backend);
  g_assert_true (check_key (backend, KEY, &verdict, &sentence, &error));
  log_lines = NULL;

  g_assert_nonnull (strstr (lines->str, "127.0.0.1"));
  g_assert_null (strstr (lines->str, KEY));
  g_assert_null (strstr (lines->str, "sesame"));
  g_assert_null (strstr (lines->str, "secret"));
  openai_fixture_drop_backend (backend);
}

int
main (int argc, char **argv)
{
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  g_log_set_writer_func (keep_log, NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/openai/bytes-arrive", test_bytes_arrive);
  g_test_add_func ("/openai/kinds-of-recordings", test_kinds_of_recordings);
  g_test_add_func ("/openai/without-key", test_without_key);
  g_test_add_func ("/openai/key-is-safe", test_key_is_safe);
  g_test_add_func ("/openai/failures", test_failures);
  g_test_add_func ("/openai/nothing-said", test_nothing_said);
  g_test_add_func ("/openai/bad-files", test_bad_files);
  g_test_add_func ("/openai/check-key", test_check_key);
  g_test_add_func ("/openai/check-key-unreachable", test_check_key_unreachable);
  g_test_add_func ("/openai/no-list-of-models", test_no_list_of_models);
  g_test_add_func ("/openai/no-secret-in-log", test_no_secret_in_log);

  return openai_fixture_run ();
}
