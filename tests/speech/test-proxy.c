/* SPDX-License-Identifier: MIT */
#include "backend.h"
#include "speech-error.h"
#include "test-server.h"

#include <string.h>

/* The system's settings say that everything goes through one proxy, on 127.0.0.1. */

#define KEY "sk-test-open-sesame"

static char *proxy_url;

#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GObject)

struct _TestResolver
{
  GObject parent_instance;
};

static void test_resolver_proxy_init (GProxyResolverInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestResolver,
                               test_resolver,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER,
                                                      test_resolver_proxy_init))

static char **
test_resolver_lookup (GProxyResolver *resolver,
                      const char *uri,
                      GCancellable *cancellable,
                      GError **error)
{
  return g_strdupv ((char *[]){ proxy_url, NULL });
}

static void
test_resolver_lookup_async (GProxyResolver *resolver,
                            const char *uri,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);

  g_task_return_pointer (task, test_resolver_lookup (resolver, uri, NULL, NULL),
                         (GDestroyNotify) g_strfreev);
}

static char **
test_resolver_lookup_finish (GProxyResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
test_resolver_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static void
test_resolver_proxy_init (GProxyResolverInterface *iface)
{
  iface->is_supported = test_resolver_is_supported;
  iface->lookup = test_resolver_lookup;
  iface->lookup_async = test_resolver_lookup_async;
  iface->lookup_finish = test_resolver_lookup_finish;
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
}

static void
test_resolver_init (TestResolver *self)
{
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

static WhisTranscription *
transcribe (WhisBackend *backend, GAsyncResult **result, GError **error)
{
  g_autoptr (GAsyncResult) own = NULL;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  own = g_steal_pointer (result);

  return whis_backend_transcribe_finish (backend, own, error);
}

static void
start (WhisBackend *backend, GAsyncResult **result)
{
  g_autoptr (WhisSpeechRequest) request = whis_speech_request_new ("/unused", 0, 5, 1000);
  g_autoptr (GBytes) sound = g_bytes_new_static ("hello", 5);

  whis_speech_request_set_bytes (request, sound);
  whis_speech_request_set_key (request, KEY);
  whis_backend_transcribe_async (backend, request, NULL, take_result, result);
}

/* What the proxy was asked, up to the empty line; it says that it knows no such host. */
static char *
be_asked (GSocketListener *proxy)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GString) asked = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GInputStream *input;
  GOutputStream *output;
  static const char answer[] = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
  char letter;

  g_socket_listener_accept_async (proxy, NULL, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  connection = g_socket_listener_accept_finish (proxy, result, NULL, &error);
  g_assert_no_error (error);
  input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  while (!g_str_has_suffix (asked->str, "\r\n\r\n"))
    {
      g_main_context_iteration (NULL, FALSE);
      if (g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input), &letter, 1,
                                                    NULL, NULL)
          == 1)
        g_string_append_c (asked, letter);
    }
  g_assert_true (g_output_stream_write_all (output, answer, strlen (answer), NULL, NULL, &error));

  return g_string_free (g_steal_pointer (&asked), FALSE);
}

/* A proxy is told where to connect to, and neither key nor words. */
static void
test_https_takes_the_proxy (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  WhisBackend *backend =
      whis_backend_new (whis_provider_lookup ("custom"), "https://whis.invalid", NULL, &error);
  GAsyncResult *result = NULL;
  g_autofree char *asked = NULL;

  g_assert_no_error (error);
  start (backend, &result);
  asked = be_asked (G_SOCKET_LISTENER (data));
  g_assert_null (transcribe (backend, &result, &error));
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (asked, "CONNECT whis.invalid:443 HTTP/1."));
  g_assert_null (strstr (asked, KEY));
  g_assert_null (strstr (asked, "hello"));
  g_assert_error (error, WHIS_SPEECH_ERROR, WHIS_SPEECH_ERROR_SERVICE_DOWN);
  g_assert_finalize_object (backend);
}

/* This computer is reached without it: nobody answers the proxy's socket here. */
static void
test_loopback_does_not (gconstpointer data)
{
  g_autoptr (TestServer) server = test_server_new ();
  g_autoptr (GError) error = NULL;
  WhisBackend *backend = whis_backend_new (whis_provider_lookup ("custom"),
                                           test_server_get_url (server), NULL, &error);
  g_autoptr (WhisTranscription) transcription = NULL;
  GAsyncResult *result = NULL;

  start (backend, &result);
  transcription = transcribe (backend, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "hello");
  g_assert_finalize_object (backend);
}

int
main (int argc, char **argv)
{
  g_autoptr (GSocketListener) proxy = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (proxy, NULL, NULL);
  int status;

  g_setenv ("GIO_USE_PROXY_RESOLVER", "test", TRUE);
  g_test_init (&argc, &argv, NULL);
  proxy_url = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_io_extension_point_register (G_PROXY_RESOLVER_EXTENSION_POINT_NAME);
  g_io_extension_point_implement (G_PROXY_RESOLVER_EXTENSION_POINT_NAME, TEST_TYPE_RESOLVER, "test",
                                  0);

  g_test_add_data_func ("/proxy/https", proxy, test_https_takes_the_proxy);
  g_test_add_data_func ("/proxy/loopback", proxy, test_loopback_does_not);

  status = g_test_run ();
  g_free (proxy_url);

  return status;
}
