/* SPDX-License-Identifier: MIT */
#include "openai.h"
#include "service-error.h"
#include "test-server.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#define KEY "sk-test-open-sesame"

/* The sound of the tests: letters, so that a server can repeat them as text. */
#define SOUND "0123456789abcdefghijklmnopqrstuvwxyz"

static char *sound_path;

/* A provider as patient as the test wants. */
static const WhisProvider *
impatient (const char *id, const WhisTimeouts *timeouts)
{
  static WhisProvider provider;

  provider = *whis_provider_lookup (id);
  provider.timeouts = *timeouts;

  return &provider;
}

static WhisBackend *
make_backend (const char *provider, const char *url)
{
  g_autoptr (GError) error = NULL;
  WhisBackend *backend = whis_backend_new (whis_provider_lookup (provider), url, NULL, &error);

  g_assert_no_error (error);

  return backend;
}

static WhisSpeechRequest *
make_request (void)
{
  WhisSpeechRequest *request = whis_speech_request_new (sound_path, 10, 20, 1000);

  whis_speech_request_set_key (request, KEY);

  return request;
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

static char *
finish (WhisBackend *backend, GAsyncResult **result, GError **error)
{
  g_autoptr (GAsyncResult) own = NULL;
  g_autoptr (WhisTranscription) transcription = NULL;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  own = g_steal_pointer (result);
  transcription = whis_backend_transcribe_finish (backend, own, error);

  return transcription != NULL ? g_strdup (transcription->text) : NULL;
}

static char *
transcribe (WhisBackend *backend, WhisSpeechRequest *request, GError **error)
{
  GAsyncResult *result = NULL;

  whis_backend_transcribe_async (backend, request, NULL, take_result, &result);

  return finish (backend, &result, error);
}

static GError *
fail_to_transcribe (WhisBackend *backend)
{
  g_autoptr (WhisSpeechRequest) request = make_request ();
  GError *error = NULL;
  g_autofree char *text = transcribe (backend, request, &error);

  g_assert_null (text);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_null (strstr (error->message, KEY));

  return error;
}

/* Finishes what the test left to do, so that everything is released. */
static void
drop_backend (WhisBackend *backend)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  while (G_OBJECT (backend)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (backend);
}

static void
test_bytes_arrive (void)
{
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  const TestRequest *arrived;

  whis_speech_request_set_language (request, "de");
  whis_speech_request_set_prompt (request, "Zürich");
  text = transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "abcdefghijklmnopqrst");

  arrived = test_server_get_request (server, 0);
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
  drop_backend (backend);
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
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend (provider, test_server_get_url (server));
  g_autofree char *path = g_strconcat (sound_path, ending, NULL);
  g_autoptr (WhisSpeechRequest) request = whis_speech_request_new (path, 10, 20, 1000);
  const TestRequest *arrived;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (path, SOUND, strlen (SOUND), NULL));
  whis_backend_set_converter (backend, &converter);
  whis_speech_request_set_key (request, KEY);
  text = transcribe (backend, request, &error);
  g_assert_no_error (error);

  arrived = test_server_get_request (server, 0);
  g_assert_cmpstr (arrived->file_name, ==, name);
  g_assert_cmpstr (arrived->file_type, ==,
                   g_str_equal (name, "audio.wav") ? "audio/wav" : "audio/mpeg");
  g_assert_cmpuint (g_bytes_get_size (arrived->file), ==, size);
  g_assert_cmpmem ((const char *) g_bytes_get_data (arrived->file, NULL) + size - 20, 20,
                   &SOUND[10], 20);
  drop_backend (backend);
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
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *custom = make_backend ("custom", test_server_get_url (server));
  WhisBackend *cloud = make_backend ("groq", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = whis_speech_request_new (sound_path, 0, 5, 1000);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) missing = NULL;
  g_autofree char *text = transcribe (custom, request, &error);
  g_autofree char *none = transcribe (cloud, request, &missing);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "01234");
  g_assert_null (
      soup_message_headers_get_one (test_server_get_request (server, 0)->headers, "Authorization"));
  g_assert_error (missing, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY);
  g_assert_null (none);
  g_assert_cmpuint (test_server_get_n_requests (server), ==, 1);
  drop_backend (custom);
  drop_backend (cloud);
}

/* A key that would break the header is not sent. */
static void
test_key_is_safe (void)
{
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GError) broken = NULL;
  g_autofree char *text = NULL;

  whis_speech_request_set_key (request, "sk-1\r\nX-Evil: 1");
  text = transcribe (backend, request, &broken);
  g_assert_error (broken, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_WRONG_KEY);
  g_assert_cmpuint (test_server_get_n_requests (server), ==, 0);
  drop_backend (backend);
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
  { { .trick = TEST_TRICK_RESET_BODY }, WHIS_SERVICE_ERROR_NETWORK, TRUE, "127.0.0.1" },
  { { .trick = TEST_TRICK_ENDLESS }, WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE, "sense" },
};

static void
test_failures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (TestServer) server = test_server_new ();
      WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
      g_autoptr (GError) error = NULL;

      test_server_set_default (server, &failures[i].plan);
      error = fail_to_transcribe (backend);
      g_assert_error (error, WHIS_SERVICE_ERROR, (int) failures[i].code);
      g_assert_cmpint (whis_service_error_is_retryable (error), ==, failures[i].is_retryable);
      g_assert_nonnull (strstr (error->message, failures[i].says));
      g_assert_cmpuint (test_server_get_n_requests (server), ==, 1);
      drop_backend (backend);
    }
}

static void
test_nothing_said (void)
{
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (WhisSpeechRequest) blink = whis_speech_request_new (sound_path, 0, 5, 99);
  g_autoptr (GError) error = NULL;
  g_autofree char *silent = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *unsent = NULL;

  test_server_plan (server, &(TestPlan){ .body = "{\"text\":\"\"}" });
  test_server_plan (
      server, &(TestPlan){ .status = 400, .body = "{\"error\":{\"code\":\"audio_too_short\"}}" });
  silent = transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (silent, ==, "");
  refused = transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (refused, ==, "");
  whis_speech_request_set_key (blink, KEY);
  unsent = transcribe (backend, blink, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (unsent, ==, "");
  g_assert_cmpuint (test_server_get_n_requests (server), ==, 2);
  drop_backend (backend);
}

static void
test_bad_files (void)
{
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("custom", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) missing = whis_speech_request_new ("/nonexistent", 0, 5, 1000);
  g_autoptr (WhisSpeechRequest) folder = whis_speech_request_new ("/", 0, 5, 1000);
  g_autoptr (WhisSpeechRequest) beyond = whis_speech_request_new (sound_path, 30, 7, 1000);
  g_autoptr (WhisSpeechRequest) big = whis_speech_request_new (sound_path, 0, 25000000, 1000);
  WhisSpeechRequest *requests[] = { missing, folder, beyond, big };
  const int codes[] = { WHIS_SERVICE_ERROR_FILE, WHIS_SERVICE_ERROR_FILE, WHIS_SERVICE_ERROR_FILE,
                        WHIS_SERVICE_ERROR_TOO_LARGE };

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = transcribe (backend, requests[i], &error);

      g_assert_null (text);
      g_assert_error (error, WHIS_SERVICE_ERROR, codes[i]);
      g_assert_false (whis_service_error_is_retryable (error));
    }
  g_assert_cmpuint (test_server_get_n_requests (server), ==, 0);
  drop_backend (backend);
}

/* The key and the sound stay with the host that the user chose. */
static void
test_redirect (void)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };
  g_autoptr (TestServer) other = test_server_new ();
  g_autofree char *header = g_strdup_printf ("Location: %s/v1/steal", test_server_get_url (other));

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (TestServer) server = test_server_new ();
      WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) key_error = NULL;
      GAsyncResult *result = NULL;
      WhisKeyVerdict verdict;
      g_autofree char *sentence = NULL;

      test_server_set_default (server,
                               &(TestPlan){ .status = statuses[i], .header = header, .body = "" });
      error = fail_to_transcribe (backend);
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_REDIRECT);

      whis_backend_check_key_async (backend, KEY, NULL, take_result, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_false (
          whis_backend_check_key_finish (backend, result, &verdict, &sentence, &key_error));
      g_assert_error (key_error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_REDIRECT);
      g_object_unref (result);
      drop_backend (backend);
    }
  g_assert_cmpuint (test_server_get_n_requests (other), ==, 0);
}

static void
test_connection_is_kept (void)
{
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *text = transcribe (backend, request, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, "abcdefghijklmnopqrst");
    }
  g_assert_cmpuint (test_server_get_request (server, 0)->port, ==,
                    test_server_get_request (server, 2)->port);
  drop_backend (backend);
}

/* A kept connection that died is no reason to fail, or to wait. */
static void
test_kept_connection_dies (void)
{
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  test_server_plan (server, &(TestPlan){ 0 });
  test_server_plan (server, &(TestPlan){ .trick = TEST_TRICK_RESET });
  first = transcribe (backend, request, &error);
  g_assert_no_error (error);
  second = transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second, ==, first);
  g_assert_cmpuint (test_server_get_n_requests (server), ==, 3);
  g_assert_cmpuint (test_server_get_request (server, 1)->port, !=,
                    test_server_get_request (server, 2)->port);
  drop_backend (backend);
}

static void
test_warm_up (void)
{
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  whis_backend_warm_up (backend, NULL);
  test_server_wait_requests (server, 1);
  while (G_OBJECT (backend)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (test_server_get_request (server, 0)->method, ==, "HEAD");
  g_assert_null (
      soup_message_headers_get_one (test_server_get_request (server, 0)->headers, "Authorization"));
  text = transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_server_get_request (server, 0)->port, ==,
                    test_server_get_request (server, 1)->port);
  drop_backend (backend);
}

static void
test_warm_up_fails_silently (void)
{
  WhisBackend *backend = make_backend ("custom", "http://127.0.0.1:1");

  whis_backend_warm_up (backend, NULL);
  drop_backend (backend);
}

/* whisper.cpp takes speech for English unless it is told to listen; others refuse the word. */
static void
test_whisper_cpp (void)
{
  static const TestPlan plan = { .header = "Server: whisper.cpp" };
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("custom", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = whis_speech_request_new (sound_path, 0, 5, 1000);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  test_server_set_default (server, &plan);
  first = transcribe (backend, request, &error);
  g_assert_no_error (error);
  second = transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_server_get_n_requests (server), ==, 3);
  g_assert_null (g_hash_table_lookup (test_server_get_request (server, 0)->fields, "language"));
  for (int i = 1; i < 3; i++)
    g_assert_cmpstr (g_hash_table_lookup (test_server_get_request (server, i)->fields, "language"),
                     ==, "auto");
  drop_backend (backend);
}

/* Where the address or the user's choice says that it is whisper.cpp, it is told at once. */
static void
test_known_whisper_cpp (void)
{
  static const char *const cases[][3] = {
    { "custom", "/inference", "/inference" },
    { "whisper-cpp", "", "/inference" },
    { "whisper-cpp", "/v1", "/v1/audio/transcriptions" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TestServer) server = test_server_new ();
      g_autofree char *url = g_strconcat (test_server_get_url (server), cases[i][1], NULL);
      WhisBackend *backend = make_backend (cases[i][0], url);
      g_autoptr (WhisSpeechRequest) request = whis_speech_request_new (sound_path, 0, 5, 1000);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = transcribe (backend, request, &error);
      const TestRequest *arrived = test_server_get_request (server, 0);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, "01234");
      g_assert_cmpstr (arrived->path, ==, cases[i][2]);
      g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "language"), ==, "auto");
      drop_backend (backend);
    }
}

static void
test_unix_socket (void)
{
  g_autofree char *path = g_strdup_printf ("%s/whis-test-%d.socket", g_get_tmp_dir (), getpid ());
  g_autoptr (TestServer) server = test_server_new_unix (path);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GError) error = NULL;
  WhisBackend *backend = whis_backend_new (whis_provider_lookup ("offline"), NULL,
                                           G_SOCKET_CONNECTABLE (address), &error);
  g_autofree char *text = transcribe (backend, request, &error);
  const TestRequest *arrived = test_server_get_request (server, 0);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "abcdefghijklmnopqrst");
  g_assert_cmpstr (arrived->field_names, ==, "response_format file");
  g_assert_null (soup_message_headers_get_one (arrived->headers, "Authorization"));
  drop_backend (backend);
}

static void
test_recogniser_is_down (void)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new ("/nonexistent/whis.socket");
  g_autoptr (GError) error = NULL;
  WhisBackend *backend = whis_backend_new (whis_provider_lookup ("offline"), NULL,
                                           G_SOCKET_CONNECTABLE (address), NULL);

  error = fail_to_transcribe (backend);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RECOGNISER);
  g_assert_true (whis_service_error_is_retryable (error));
  drop_backend (backend);
}

static void
test_nobody_there (void)
{
  WhisBackend *refused = make_backend ("custom", "http://127.0.0.1:1");
  WhisBackend *unknown = make_backend ("custom", "https://whis.invalid");
  g_autoptr (GError) refusal = fail_to_transcribe (refused);
  g_autoptr (GError) resolution = fail_to_transcribe (unknown);

  g_assert_error (refusal, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NETWORK);
  g_assert_error (resolution, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NETWORK);
  drop_backend (refused);
  drop_backend (unknown);
}

/* A listener whose connections nobody reads. */
static GSocketListener *
make_deaf_listener (char **address, const char *scheme)
{
  GSocketListener *listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);

  g_assert_no_error (error);
  *address = g_strdup_printf ("%s://127.0.0.1:%u", scheme, port);

  return listener;
}

static void
test_timeouts (void)
{
  static const WhisTimeouts short_connect = { 50, 60000, 60000, 0 };
  static const WhisTimeouts short_answer = { 60000, 60000, 50, 0 };
  static const WhisTimeouts short_stall = { 60000, 50, 60000, 0 };
  g_autoptr (TestServer) server = test_server_new ();
  g_autoptr (GSocketListener) listener = NULL;
  g_autofree char *deaf = NULL;
  const WhisTimeouts *patience[] = { &short_connect, &short_answer, &short_stall };
  const char *urls[] = { NULL, test_server_get_url (server), test_server_get_url (server) };

  listener = make_deaf_listener (&deaf, "https");
  urls[0] = deaf;
  test_server_plan (server, &(TestPlan){ .trick = TEST_TRICK_HOLD });
  test_server_plan (server, &(TestPlan){ .trick = TEST_TRICK_HOLD_BODY });
  for (gsize i = 0; i < G_N_ELEMENTS (patience); i++)
    {
      WhisBackend *backend =
          whis_backend_new (impatient ("openai", patience[i]), urls[i], NULL, NULL);
      g_autoptr (GError) error = fail_to_transcribe (backend);

      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TIMEOUT);
      g_assert_true (whis_service_error_is_retryable (error));
      drop_backend (backend);
    }
}

/* A byte now and then is no reason to wait for ever. */
static void
test_drip (void)
{
  static const WhisTimeouts short_stall = { 60000, 500, 60000, 0 };
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = whis_backend_new (impatient ("openai", &short_stall),
                                           test_server_get_url (server), NULL, NULL);
  g_autoptr (GError) error = NULL;

  test_server_plan (server, &(TestPlan){ .trick = TEST_TRICK_DRIP });
  error = fail_to_transcribe (backend);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TIMEOUT);
  drop_backend (backend);
}

static char *
data_file (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "speech", name, NULL);
}

static void
test_bad_certificate (void)
{
  g_autofree char *pem = data_file ("self-signed.pem");
  g_autoptr (TestServer) server = test_server_new_tls (pem);
  WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
  g_autoptr (GError) error = fail_to_transcribe (backend);

  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TLS);
  g_assert_false (whis_service_error_is_retryable (error));
  g_assert_cmpuint (test_server_get_n_requests (server), ==, 0);
  drop_backend (backend);
}

/* One connection each, though the server offers HTTP/2; and then they are used again. */
static void
test_tls (void)
{
  g_autofree char *pem = data_file ("localhost.pem");
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) trusted = g_tls_file_database_new (pem, &error);
  g_autoptr (TestServer) server = test_server_new_tls (pem);
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GHashTable) ports = g_hash_table_new (NULL, NULL);
  GAsyncResult *results[6] = { NULL };
  WhisBackend *backend;

  g_assert_no_error (error);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), trusted);
  backend = make_backend ("openai", test_server_get_url (server));
  for (int round = 1; round <= 2; round++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
        {
          test_server_plan (server, &(TestPlan){ .trick = TEST_TRICK_HOLD });
          whis_backend_transcribe_async (backend, request, NULL, take_result, &results[i]);
        }
      test_server_wait_requests (server, round * G_N_ELEMENTS (results));
      test_server_release (server);
      for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
        {
          g_autofree char *text = finish (backend, &results[i], &error);

          g_assert_no_error (error);
          g_assert_cmpstr (text, ==, "abcdefghijklmnopqrst");
        }
    }
  for (guint i = 0; i < 2 * G_N_ELEMENTS (results); i++)
    {
      g_assert_false (test_server_get_request (server, i)->is_http2);
      g_hash_table_add (ports, GUINT_TO_POINTER (test_server_get_request (server, i)->port));
    }
  g_assert_cmpuint (test_server_get_peak (server), ==, G_N_ELEMENTS (results));
  g_assert_cmpuint (g_hash_table_size (ports), ==, G_N_ELEMENTS (results));
  g_tls_backend_set_default_database (g_tls_backend_get_default (), NULL);
  drop_backend (backend);
}

static void
cancel_and_check (WhisBackend *backend, GCancellable *cancellable, GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_cancellable_cancel (cancellable);
  text = finish (backend, result, &error);
  g_assert_null (text);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel_before (void)
{
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  g_cancellable_cancel (cancellable);
  whis_backend_transcribe_async (backend, request, cancellable, take_result, &result);
  cancel_and_check (backend, cancellable, &result);
  g_assert_cmpuint (test_server_get_n_requests (server), ==, 0);
  drop_backend (backend);
}

static void
test_cancel_while_reading_file (void)
{
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  whis_backend_transcribe_async (backend, request, cancellable, take_result, &result);
  cancel_and_check (backend, cancellable, &result);
  g_assert_cmpuint (test_server_get_n_requests (server), ==, 0);
  drop_backend (backend);
}

static void
set_flag (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GSocketConnection) connection =
      g_socket_listener_accept_finish (G_SOCKET_LISTENER (source), result, NULL, NULL);

  *(GSocketConnection **) data = g_steal_pointer (&connection);
}

/* Connected, but the other side says nothing to our TLS greeting. */
static void
test_cancel_while_connecting (void)
{
  g_autofree char *url = NULL;
  g_autoptr (GSocketListener) listener = make_deaf_listener (&url, "https");
  g_autoptr (GSocketConnection) connection = NULL;
  WhisBackend *backend = make_backend ("openai", url);
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  g_socket_listener_accept_async (listener, NULL, set_flag, &connection);
  whis_backend_transcribe_async (backend, request, cancellable, take_result, &result);
  while (connection == NULL)
    g_main_context_iteration (NULL, TRUE);
  cancel_and_check (backend, cancellable, &result);
  drop_backend (backend);
}

/* Sound enough to fill the buffers of a connection that nobody reads. */
static void
test_cancel_while_sending (void)
{
  g_autofree char *url = NULL;
  g_autoptr (GSocketListener) listener = make_deaf_listener (&url, "http");
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "whis-test-XXXXXX", NULL);
  g_autofree char *sound = g_malloc0 (20000000);
  g_autoptr (WhisSpeechRequest) request = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  WhisBackend *backend = make_backend ("openai", url);
  GAsyncResult *result = NULL;
  char first;

  close (g_mkstemp (path));
  g_assert_true (g_file_set_contents (path, sound, 20000000, &error));
  request = whis_speech_request_new (path, 0, 20000000, 1000);
  whis_speech_request_set_key (request, KEY);
  g_socket_listener_accept_async (listener, NULL, set_flag, &connection);
  whis_backend_transcribe_async (backend, request, cancellable, take_result, &result);
  while (connection == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_socket_set_blocking (g_socket_connection_get_socket (connection), FALSE);
  while (g_socket_receive (g_socket_connection_get_socket (connection), &first, 1, NULL, NULL) < 1)
    g_main_context_iteration (NULL, FALSE);
  cancel_and_check (backend, cancellable, &result);
  drop_backend (backend);
  g_unlink (path);
}

static void
cancel_at (const TestPlan *plan)
{
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  test_server_plan (server, plan);
  whis_backend_transcribe_async (backend, request, cancellable, take_result, &result);
  test_server_wait_active (server, 1);
  cancel_and_check (backend, cancellable, &result);
  /* the server sees the connection close: a cancelled request costs no more of its time */
  test_server_wait_active (server, 0);
  drop_backend (backend);
}

static void
test_cancel_while_waiting (void)
{
  cancel_at (&(TestPlan){ .trick = TEST_TRICK_HOLD });
}

static void
test_cancel_while_receiving (void)
{
  cancel_at (&(TestPlan){ .trick = TEST_TRICK_HOLD_BODY });
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

  whis_backend_check_key_async (backend, key, NULL, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_backend_check_key_finish (backend, result, verdict, sentence, error);
}

static void
test_check_key (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (TestServer) server = test_server_new ();
      WhisBackend *backend = make_backend (keys[i].provider, test_server_get_url (server));
      g_autoptr (GError) error = NULL;
      g_autofree char *sentence = NULL;
      WhisKeyVerdict verdict;

      test_server_set_default (server, &keys[i].plan);
      g_assert_true (check_key (backend, keys[i].key, &verdict, &sentence, &error));
      g_assert_no_error (error);
      g_test_message ("%s", sentence);
      g_assert_cmpint (verdict, ==, keys[i].verdict);
      g_assert_null (strstr (sentence, KEY));
      g_assert_true (keys[i].words == NULL || strstr (sentence, keys[i].words) != NULL);
      if (test_server_get_n_requests (server) > 0)
        {
          g_assert_cmpstr (test_server_get_request (server, 0)->method, ==, "GET");
          g_assert_cmpstr (test_server_get_request (server, 0)->path, ==, "/v1/models");
        }
      drop_backend (backend);
    }
}

static GPtrArray *
list_models (WhisBackend *backend, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_backend_list_models_async (backend, NULL, NULL, take_result, &result);
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
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend (provider, test_server_get_url (server));
  g_autoptr (GPtrArray) models = NULL;

  test_server_set_default (server, &(TestPlan){ .status = 404, .type = "text/plain", .body = "" });
  models = list_models (backend, error);
  drop_backend (backend);

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
  WhisBackend *backend = make_backend ("custom", "http://127.0.0.1:1");
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  WhisKeyVerdict verdict;

  g_assert_false (check_key (backend, KEY, &verdict, &sentence, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NETWORK);
  drop_backend (backend);
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
  g_autoptr (TestServer) server = test_server_new ();
  WhisBackend *backend = make_backend ("openai", test_server_get_url (server));
  g_autoptr (WhisSpeechRequest) request = make_request ();
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refusal = NULL;
  g_autofree char *text = NULL;
  g_autofree char *sentence = NULL;
  WhisKeyVerdict verdict;

  log_lines = lines;
  whis_speech_request_set_prompt (request, "secret-prompt");
  test_server_plan (server, &(TestPlan){ .body = "{\"text\":\"secret words\"}" });
  test_server_plan (server, &(TestPlan){ .trick = TEST_TRICK_RESET });
  test_server_plan (server, &(TestPlan){ .status = 401, .body = "{\"error\":\"" KEY "\"}" });
  text = transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "secret words");
  refusal = fail_to_transcribe (backend);
  g_assert_true (check_key (backend, KEY, &verdict, &sentence, &error));
  log_lines = NULL;

  g_assert_nonnull (strstr (lines->str, "127.0.0.1"));
  g_assert_null (strstr (lines->str, KEY));
  g_assert_null (strstr (lines->str, "sesame"));
  g_assert_null (strstr (lines->str, "secret"));
  drop_backend (backend);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  g_log_set_writer_func (keep_log, NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  sound_path = g_build_filename (g_get_tmp_dir (), "whis-test-XXXXXX", NULL);
  close (g_mkstemp (sound_path));
  g_file_set_contents (sound_path, SOUND, -1, &error);
  g_assert_no_error (error);

  g_test_add_func ("/openai/bytes-arrive", test_bytes_arrive);
  g_test_add_func ("/openai/kinds-of-recordings", test_kinds_of_recordings);
  g_test_add_func ("/openai/without-key", test_without_key);
  g_test_add_func ("/openai/key-is-safe", test_key_is_safe);
  g_test_add_func ("/openai/failures", test_failures);
  g_test_add_func ("/openai/nothing-said", test_nothing_said);
  g_test_add_func ("/openai/bad-files", test_bad_files);
  g_test_add_func ("/openai/redirect", test_redirect);
  g_test_add_func ("/openai/connection-is-kept", test_connection_is_kept);
  g_test_add_func ("/openai/kept-connection-dies", test_kept_connection_dies);
  g_test_add_func ("/openai/warm-up", test_warm_up);
  g_test_add_func ("/openai/warm-up-fails-silently", test_warm_up_fails_silently);
  g_test_add_func ("/openai/whisper-cpp", test_whisper_cpp);
  g_test_add_func ("/openai/known-whisper-cpp", test_known_whisper_cpp);
  g_test_add_func ("/openai/unix-socket", test_unix_socket);
  g_test_add_func ("/openai/recogniser-is-down", test_recogniser_is_down);
  g_test_add_func ("/openai/nobody-there", test_nobody_there);
  g_test_add_func ("/openai/timeouts", test_timeouts);
  g_test_add_func ("/openai/drip", test_drip);
  g_test_add_func ("/openai/bad-certificate", test_bad_certificate);
  g_test_add_func ("/openai/tls", test_tls);
  g_test_add_func ("/openai/cancel/before", test_cancel_before);
  g_test_add_func ("/openai/cancel/reading-file", test_cancel_while_reading_file);
  g_test_add_func ("/openai/cancel/connecting", test_cancel_while_connecting);
  g_test_add_func ("/openai/cancel/sending", test_cancel_while_sending);
  g_test_add_func ("/openai/cancel/waiting", test_cancel_while_waiting);
  g_test_add_func ("/openai/cancel/receiving", test_cancel_while_receiving);
  g_test_add_func ("/openai/check-key", test_check_key);
  g_test_add_func ("/openai/check-key-unreachable", test_check_key_unreachable);
  g_test_add_func ("/openai/no-list-of-models", test_no_list_of_models);
  g_test_add_func ("/openai/no-secret-in-log", test_no_secret_in_log);

  status = g_test_run ();
  g_unlink (sound_path);
  g_free (sound_path);

  return status;
}
