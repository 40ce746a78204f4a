/* SPDX-License-Identifier: MIT */
#include "backend.h"
#include "service-error.h"
#include "service.h"
#include "sound-request.h"

#include <string.h>

/* The system's settings say that everything goes through one proxy, on 127.0.0.1. */

#define KEY "sk-test-open-sesame"

#define BAD_GATEWAY "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
#define FORBIDDEN "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
#define UNAUTHORIZED                                                                               \
  "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"        \
  "Content-Length: 0\r\n\r\n"

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
  g_autoptr (GBytes) sound = g_bytes_new_static ("hello", 5);
  g_autoptr (WhisSpeechRequest) request = memory_request_new (sound, WHIS_SOUND_FORMAT_MP3, 1000);

  whis_speech_request_set_key (request, KEY);
  whis_backend_transcribe_async (backend, request, NULL, take_result, result);
}

/* What the proxy was asked, up to the empty line; it refuses. */
static char *
be_asked (GSocketListener *proxy, const char *answer)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GString) asked = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GInputStream *input;
  GOutputStream *output;
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

static void
assert_blames_proxy (const GError *error, const char *says)
{
  g_test_message ("%s", error->message);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NETWORK);
  g_assert_nonnull (strstr (error->message, "The proxy 127.0.0.1:"));
  g_assert_nonnull (strstr (error->message, says));
}

/* From the first of two connections to the second, to the end. */
static gpointer
copy (gpointer data)
{
  gpointer *ends = data;
  GSocket *to = g_socket_connection_get_socket (ends[1]);

  g_output_stream_splice (g_io_stream_get_output_stream (ends[1]),
                          g_io_stream_get_input_stream (ends[0]), G_OUTPUT_STREAM_SPLICE_NONE, NULL,
                          NULL);
  g_socket_shutdown (to, FALSE, TRUE, NULL);

  return NULL;
}

/* Connects a client of the proxy with the server, as CONNECT wants it (RFC 9110, 9.3.6). */
static gboolean
carry (GSocketService *service, GSocketConnection *client, GObject *source, gpointer url)
{
  static const char established[] = "HTTP/1.1 200 Connection established\r\n\r\n";
  g_autoptr (GSocketClient) connector = g_socket_client_new ();
  g_autoptr (GSocketConnection) server = NULL;
  g_autoptr (GString) asked = g_string_new (NULL);
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (client));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (client));
  GThread *there;
  char letter;

  while (!g_str_has_suffix (asked->str, "\r\n\r\n")
         && g_input_stream_read (input, &letter, 1, NULL, NULL) == 1)
    g_string_append_c (asked, letter);
  g_socket_client_set_enable_proxy (connector, FALSE);
  server = g_socket_client_connect_to_uri (connector, url, 443, NULL, NULL);
  if (server == NULL || strstr (asked->str, "Proxy-Authorization: Basic ") == NULL)
    return TRUE;
  g_output_stream_write_all (output, established, strlen (established), NULL, NULL, NULL);
  there = g_thread_new ("there", copy, (gpointer[]){ client, server });
  copy ((gpointer[]){ server, client });
  g_thread_join (there);

  return TRUE;
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
  asked = be_asked (G_SOCKET_LISTENER (data), BAD_GATEWAY);
  g_assert_null (transcribe (backend, &result, &error));
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (asked, "CONNECT whis.invalid:443 HTTP/1."));
  g_assert_null (strstr (asked, KEY));
  g_assert_null (strstr (asked, "hello"));
  g_assert_null (strstr (asked, "Proxy-Authorization"));
  assert_blames_proxy (error, "502");
  g_assert_finalize_object (backend);
}

/* The user's name and password go to the proxy, which may refuse them. */
static void
test_login (gconstpointer data)
{
  static const struct
  {
    const char *login;
    const char *shown;
    const char *answer;
    const char *says;
  } cases[] = {
    /* "user@work:p:ss" */
    { "user%40work:p%3Ass@", "Basic dXNlckB3b3JrOnA6c3M=", FORBIDDEN, "403" },
    { "user%40work:p%3Ass@", "Basic dXNlckB3b3JrOnA6c3M=", UNAUTHORIZED, "does not accept" },
    { "", NULL, UNAUTHORIZED, "wants a name and a password" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *plain_url = g_steal_pointer (&proxy_url);
      g_autoptr (GError) error = NULL;
      WhisBackend *backend =
          whis_backend_new (whis_provider_lookup ("custom"), "https://whis.invalid", NULL, NULL);
      GAsyncResult *result = NULL;
      g_autofree char *asked = NULL;

      proxy_url = g_strdup_printf ("http://%s%s", cases[i].login, plain_url + strlen ("http://"));
      start (backend, &result);
      asked = be_asked (G_SOCKET_LISTENER (data), cases[i].answer);
      g_assert_null (transcribe (backend, &result, &error));
      g_assert_true (g_str_has_prefix (asked, "CONNECT whis.invalid:443 HTTP/1."));
      g_assert_null (strstr (asked, KEY));
      if (cases[i].shown != NULL)
        g_assert_nonnull (strstr (asked, cases[i].shown));
      else
        g_assert_null (strstr (asked, "Proxy-Authorization"));
      assert_blames_proxy (error, cases[i].says);
      g_assert_null (strstr (error->message, "ss@"));
      g_assert_finalize_object (backend);
      g_free (proxy_url);
      proxy_url = g_steal_pointer (&plain_url);
    }
}

/* What is behind the proxy gets none of its name and password, and all of the rest. */
static void
test_through (gconstpointer data)
{
  g_autofree char *pem = g_test_build_filename (G_TEST_DIST, "speech", "localhost.pem", NULL);
  g_autoptr (TestService) server = test_service_new_scripted_tls (pem);
  g_autoptr (GTlsDatabase) trusted = g_tls_file_database_new (pem, NULL);
  g_autofree char *plain_url = g_steal_pointer (&proxy_url);
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autoptr (GSocketService) tunnel = g_threaded_socket_service_new (4);
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  WhisBackend *backend;
  guint16 port;

  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (tunnel), NULL, NULL);
  g_signal_connect (tunnel, "run", G_CALLBACK (carry), (gpointer) test_service_get_url (server));
  proxy_url = g_strdup_printf ("http://user:secret@127.0.0.1:%u", port);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), trusted);
  backend =
      whis_backend_new (whis_provider_lookup ("custom"), test_service_get_url (server), NULL, NULL);
  start (backend, &result);
  transcription = transcribe (backend, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "hello");
  g_assert_null (soup_message_headers_get_one (test_service_get_request (server, 0)->headers,
                                               "Proxy-Authorization"));
  g_assert_finalize_object (backend);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), NULL);
  g_free (proxy_url);
  proxy_url = g_steal_pointer (&plain_url);
}

/* Nobody listens where the settings say. */
static void
test_no_proxy_there (gconstpointer data)
{
  g_autofree char *plain_url = g_steal_pointer (&proxy_url);
  WhisBackend *backend =
      whis_backend_new (whis_provider_lookup ("custom"), "https://whis.invalid", NULL, NULL);
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  proxy_url = g_strdup ("http://127.0.0.1:1");
  start (backend, &result);
  g_assert_null (transcribe (backend, &result, &error));
  assert_blames_proxy (error, "127.0.0.1:1 does not answer");
  g_assert_finalize_object (backend);
  g_free (proxy_url);
  proxy_url = g_steal_pointer (&plain_url);
}

/* One that takes the connection and says nothing. */
static void
test_silent_proxy (gconstpointer data)
{
  g_autofree char *plain_url = g_steal_pointer (&proxy_url);
  g_autoptr (GSocketListener) silent = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (silent, NULL, NULL);
  WhisProvider provider = *whis_provider_lookup ("custom");
  WhisBackend *backend;
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  proxy_url = g_strdup_printf ("http://127.0.0.1:%u", port);
  provider.timeouts.connect_ms = 100;
  backend = whis_backend_new (&provider, "https://whis.invalid", NULL, NULL);
  start (backend, &result);
  g_assert_null (transcribe (backend, &result, &error));
  assert_blames_proxy (error, "does not answer");
  g_assert_finalize_object (backend);
  g_free (proxy_url);
  proxy_url = g_steal_pointer (&plain_url);
}

/* This computer is reached without it: nobody answers the proxy's socket here. */
static void
test_loopback_does_not (gconstpointer data)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  g_autoptr (GError) error = NULL;
  WhisBackend *backend = whis_backend_new (whis_provider_lookup ("custom"),
                                           test_service_get_url (server), NULL, &error);
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
  g_test_add_data_func ("/proxy/login", proxy, test_login);
  g_test_add_data_func ("/proxy/through", proxy, test_through);
  g_test_add_data_func ("/proxy/not-there", proxy, test_no_proxy_there);
  g_test_add_data_func ("/proxy/silent", proxy, test_silent_proxy);
  g_test_add_data_func ("/proxy/loopback", proxy, test_loopback_does_not);

  status = g_test_run ();
  g_free (proxy_url);

  return status;
}
