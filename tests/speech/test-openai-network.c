/* SPDX-License-Identifier: MIT */
#include "openai-fixture.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

/* Backends and the network: connections that are kept, lost, slow, or not to be trusted. */

/* The key and the sound stay with the host that the user chose. */
static void
test_redirect (void)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };
  g_autoptr (TestService) other = test_service_new_scripted ();
  g_autofree char *header = g_strdup_printf ("Location: %s/v1/steal", test_service_get_url (other));

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) key_error = NULL;
      GAsyncResult *result = NULL;
      WhisKeyVerdict verdict;
      g_autofree char *sentence = NULL;

      test_service_set_default (server,
                                &(TestPlan){ .status = statuses[i], .header = header, .body = "" });
      error = openai_fixture_fail_to_transcribe (backend);
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_REDIRECT);

      whis_backend_check_key_async (backend, KEY, NULL, openai_fixture_take_result, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_false (
          whis_backend_check_key_finish (backend, result, &verdict, &sentence, &key_error));
      g_assert_error (key_error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_REDIRECT);
      g_object_unref (result);
      openai_fixture_drop_backend (backend);
    }
  g_assert_cmpuint (test_service_get_n_requests (other), ==, 0);
}

static void
test_connection_is_kept (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *text = openai_fixture_transcribe (backend, request, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, "abcdefghijklmnopqrst");
    }
  g_assert_cmpuint (test_service_get_request (server, 0)->port, ==,
                    test_service_get_request (server, 2)->port);
  openai_fixture_drop_backend (backend);
}

/* A kept connection that died is no reason to fail, or to wait. */
static void
test_kept_connection_dies (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  test_service_plan (server, &(TestPlan){ 0 });
  test_service_plan (server, &(TestPlan){ .trick = TEST_TRICK_RESET });
  first = openai_fixture_transcribe (backend, request, &error);
  g_assert_no_error (error);
  second = openai_fixture_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second, ==, first);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 3);
  g_assert_cmpuint (test_service_get_request (server, 1)->port, !=,
                    test_service_get_request (server, 2)->port);
  openai_fixture_drop_backend (backend);
}

static void
test_warm_up (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  whis_backend_warm_up (backend, NULL);
  test_service_wait_requests (server, 1);
  while (G_OBJECT (backend)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (test_service_get_request (server, 0)->method, ==, "HEAD");
  g_assert_null (soup_message_headers_get_one (test_service_get_request (server, 0)->headers,
                                               "Authorization"));
  text = openai_fixture_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_service_get_request (server, 0)->port, ==,
                    test_service_get_request (server, 1)->port);
  openai_fixture_drop_backend (backend);
}

static void
test_warm_up_fails_silently (void)
{
  WhisBackend *backend = openai_fixture_make_backend ("custom", "http://127.0.0.1:1");

  whis_backend_warm_up (backend, NULL);
  openai_fixture_drop_backend (backend);
}

/* whisper.cpp takes speech for English unless it is told to listen; others refuse the word. */
static void
test_whisper_cpp (void)
{
  static const TestPlan plan = { .header = "Server: whisper.cpp" };
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("custom", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = file_request_new (openai_fixture_sound_path, 0, 5, 1000);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  test_service_set_default (server, &plan);
  first = openai_fixture_transcribe (backend, request, &error);
  g_assert_no_error (error);
  second = openai_fixture_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 3);
  g_assert_null (g_hash_table_lookup (test_service_get_request (server, 0)->fields, "language"));
  for (int i = 1; i < 3; i++)
    g_assert_cmpstr (g_hash_table_lookup (test_service_get_request (server, i)->fields, "language"),
                     ==, "auto");
  openai_fixture_drop_backend (backend);
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
      g_autoptr (TestService) server = test_service_new_scripted ();
      g_autofree char *url = g_strconcat (test_service_get_url (server), cases[i][1], NULL);
      WhisBackend *backend = openai_fixture_make_backend (cases[i][0], url);
      g_autoptr (WhisSpeechRequest) request =
          file_request_new (openai_fixture_sound_path, 0, 5, 1000);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = openai_fixture_transcribe (backend, request, &error);
      const TestServiceRequest *arrived = test_service_get_request (server, 0);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, "01234");
      g_assert_cmpstr (arrived->path, ==, cases[i][2]);
      g_assert_cmpstr (g_hash_table_lookup (arrived->fields, "language"), ==, "auto");
      openai_fixture_drop_backend (backend);
    }
}

static void
test_unix_socket (void)
{
  g_autofree char *path = g_strdup_printf ("%s/whis-test-%d.socket", g_get_tmp_dir (), getpid ());
  g_autoptr (TestService) server = test_service_new_scripted_unix (path);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GError) error = NULL;
  WhisBackend *backend = whis_backend_new (whis_provider_lookup ("offline"), NULL,
                                           G_SOCKET_CONNECTABLE (address), &error);
  g_autofree char *text = openai_fixture_transcribe (backend, request, &error);
  const TestServiceRequest *arrived = test_service_get_request (server, 0);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "abcdefghijklmnopqrst");
  g_assert_cmpstr (arrived->field_names, ==, "response_format file");
  g_assert_null (soup_message_headers_get_one (arrived->headers, "Authorization"));
  openai_fixture_drop_backend (backend);
}

static void
test_recogniser_is_down (void)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new ("/nonexistent/whis.socket");
  g_autoptr (GError) error = NULL;
  WhisBackend *backend = whis_backend_new (whis_provider_lookup ("offline"), NULL,
                                           G_SOCKET_CONNECTABLE (address), NULL);

  error = openai_fixture_fail_to_transcribe (backend);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RECOGNISER);
  g_assert_true (whis_service_error_is_retryable (error));
  openai_fixture_drop_backend (backend);
}

static void
test_nobody_there (void)
{
  WhisBackend *refused = openai_fixture_make_backend ("custom", "http://127.0.0.1:1");
  WhisBackend *unknown = openai_fixture_make_backend ("custom", "https://whis.invalid");
  g_autoptr (GError) refusal = openai_fixture_fail_to_transcribe (refused);
  g_autoptr (GError) resolution = openai_fixture_fail_to_transcribe (unknown);

  g_assert_error (refusal, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NETWORK);
  g_assert_error (resolution, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NETWORK);
  openai_fixture_drop_backend (refused);
  openai_fixture_drop_backend (unknown);
}

static void
test_timeouts (void)
{
  static const WhisTimeouts short_connect = { 50, 60000, 60000, 0 };
  static const WhisTimeouts short_answer = { 60000, 60000, 50, 0 };
  static const WhisTimeouts short_stall = { 60000, 50, 60000, 0 };
  g_autoptr (TestService) server = test_service_new_scripted ();
  g_autoptr (GSocketListener) listener = NULL;
  g_autofree char *deaf = NULL;
  const WhisTimeouts *timeouts[] = { &short_connect, &short_answer, &short_stall };
  const char *urls[] = { NULL, test_service_get_url (server), test_service_get_url (server) };

  listener = openai_fixture_make_deaf_listener (&deaf, "https");
  urls[0] = deaf;
  test_service_plan (server, &(TestPlan){ .trick = TEST_TRICK_HOLD });
  test_service_plan (server, &(TestPlan){ .trick = TEST_TRICK_HOLD_BODY });
  for (gsize i = 0; i < G_N_ELEMENTS (timeouts); i++)
    {
      WhisBackend *backend = whis_backend_new (openai_fixture_with_timeouts ("openai", timeouts[i]),
                                               urls[i], NULL, NULL);
      g_autoptr (GError) error = openai_fixture_fail_to_transcribe (backend);

      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TIMEOUT);
      g_assert_true (whis_service_error_is_retryable (error));
      openai_fixture_drop_backend (backend);
    }
}

/* A byte now and then is no reason to wait for ever. */
static void
test_drip (void)
{
  static const WhisTimeouts short_stall = { 60000, 500, 60000, 0 };
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = whis_backend_new (openai_fixture_with_timeouts ("openai", &short_stall),
                                           test_service_get_url (server), NULL, NULL);
  g_autoptr (GError) error = NULL;

  test_service_plan (server, &(TestPlan){ .trick = TEST_TRICK_DRIP });
  error = openai_fixture_fail_to_transcribe (backend);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TIMEOUT);
  openai_fixture_drop_backend (backend);
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
  g_autoptr (TestService) server = test_service_new_scripted_tls (pem);
  WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  g_autoptr (GError) error = openai_fixture_fail_to_transcribe (backend);

  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TLS);
  g_assert_false (whis_service_error_is_retryable (error));
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 0);
  openai_fixture_drop_backend (backend);
}

/* One connection each, though the server offers HTTP/2; and then they are used again. */
static void
test_tls (void)
{
  g_autofree char *pem = data_file ("localhost.pem");
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) trusted = g_tls_file_database_new (pem, &error);
  g_autoptr (TestService) server = test_service_new_scripted_tls (pem);
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GHashTable) ports = g_hash_table_new (NULL, NULL);
  GAsyncResult *results[6] = { NULL };
  WhisBackend *backend;

  g_assert_no_error (error);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), trusted);
  backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  for (int round = 1; round <= 2; round++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
        {
          test_service_plan (server, &(TestPlan){ .trick = TEST_TRICK_HOLD });
          whis_backend_transcribe_async (backend, request, NULL, openai_fixture_take_result,
                                         &results[i]);
        }
      test_service_wait_requests (server, round * G_N_ELEMENTS (results));
      test_service_release (server);
      for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
        {
          g_autofree char *text = openai_fixture_finish (backend, &results[i], &error);

          g_assert_no_error (error);
          g_assert_cmpstr (text, ==, "abcdefghijklmnopqrst");
        }
    }
  for (guint i = 0; i < 2 * G_N_ELEMENTS (results); i++)
    {
      g_assert_false (test_service_get_request (server, i)->is_http2);
      g_hash_table_add (ports, GUINT_TO_POINTER (test_service_get_request (server, i)->port));
    }
  g_assert_cmpuint (test_service_get_peak (server), ==, G_N_ELEMENTS (results));
  g_assert_cmpuint (g_hash_table_size (ports), ==, G_N_ELEMENTS (results));
  g_tls_backend_set_default_database (g_tls_backend_get_default (), NULL);
  openai_fixture_drop_backend (backend);
}

int
main (int argc, char **argv)
{
  g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  g_test_init (&argc, &argv, NULL);
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

  return openai_fixture_run ();
}
