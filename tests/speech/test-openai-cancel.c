/* SPDX-License-Identifier: MIT */
#include "openai-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* A request that is cancelled at each of its steps. */

static void
cancel_and_check (WhisBackend *backend, GCancellable *cancellable, GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_cancellable_cancel (cancellable);
  text = openai_fixture_finish (backend, result, &error);
  g_assert_null (text);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel_before (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  g_cancellable_cancel (cancellable);
  whis_backend_transcribe_async (backend, request, cancellable, openai_fixture_take_result,
                                 &result);
  cancel_and_check (backend, cancellable, &result);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 0);
  openai_fixture_drop_backend (backend);
}

static void
test_cancel_while_reading_file (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  whis_backend_transcribe_async (backend, request, cancellable, openai_fixture_take_result,
                                 &result);
  cancel_and_check (backend, cancellable, &result);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 0);
  openai_fixture_drop_backend (backend);
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
  g_autoptr (GSocketListener) listener = openai_fixture_make_deaf_listener (&url, "https");
  g_autoptr (GSocketConnection) connection = NULL;
  WhisBackend *backend = openai_fixture_make_backend ("openai", url);
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  g_socket_listener_accept_async (listener, NULL, set_flag, &connection);
  whis_backend_transcribe_async (backend, request, cancellable, openai_fixture_take_result,
                                 &result);
  while (connection == NULL)
    g_main_context_iteration (NULL, TRUE);
  cancel_and_check (backend, cancellable, &result);
  openai_fixture_drop_backend (backend);
}

/* Sound enough to fill the buffers of a connection that nobody reads. */
static void
test_cancel_while_sending (void)
{
  g_autofree char *url = NULL;
  g_autoptr (GSocketListener) listener = openai_fixture_make_deaf_listener (&url, "http");
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "whis-test-XXXXXX", NULL);
  g_autofree char *sound = g_malloc0 (20000000);
  g_autoptr (WhisSpeechRequest) request = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  WhisBackend *backend = openai_fixture_make_backend ("openai", url);
  GAsyncResult *result = NULL;
  char first;

  close (g_mkstemp (path));
  g_assert_true (g_file_set_contents (path, sound, 20000000, &error));
  request = file_request_new (path, 0, 20000000, 1000);
  whis_speech_request_set_key (request, KEY);
  g_socket_listener_accept_async (listener, NULL, set_flag, &connection);
  whis_backend_transcribe_async (backend, request, cancellable, openai_fixture_take_result,
                                 &result);
  while (connection == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_socket_set_blocking (g_socket_connection_get_socket (connection), FALSE);
  while (g_socket_receive (g_socket_connection_get_socket (connection), &first, 1, NULL, NULL) < 1)
    g_main_context_iteration (NULL, FALSE);
  cancel_and_check (backend, cancellable, &result);
  openai_fixture_drop_backend (backend);
  g_unlink (path);
}

static void
cancel_at (const TestPlan *plan)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = openai_fixture_make_backend ("openai", test_service_get_url (server));
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;

  test_service_plan (server, plan);
  whis_backend_transcribe_async (backend, request, cancellable, openai_fixture_take_result,
                                 &result);
  test_service_wait_active (server, 1);
  cancel_and_check (backend, cancellable, &result);
  /* the server sees the connection close: a cancelled request costs no more of its time */
  test_service_wait_active (server, 0);
  openai_fixture_drop_backend (backend);
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

int
main (int argc, char **argv)
{
  g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/openai/cancel/before", test_cancel_before);
  g_test_add_func ("/openai/cancel/reading-file", test_cancel_while_reading_file);
  g_test_add_func ("/openai/cancel/connecting", test_cancel_while_connecting);
  g_test_add_func ("/openai/cancel/sending", test_cancel_while_sending);
  g_test_add_func ("/openai/cancel/waiting", test_cancel_while_waiting);
  g_test_add_func ("/openai/cancel/receiving", test_cancel_while_receiving);

  return openai_fixture_run ();
}
