/* SPDX-License-Identifier: MIT */
#include "health.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

/* A recogniser's socket, behind which somebody answers what the test wants. */
typedef struct
{
  char *directory;
  GSocketAddress *address;
  GSocketService *service;
  const char *answer; /* NULL to keep silent */
  GString *asked;
  GPtrArray *connections;
} Fixture;

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);
  GIOStream *stream;

  if (bytes == NULL || fixture->connections->len == 0)
    return;
  stream = g_ptr_array_index (fixture->connections, fixture->connections->len - 1);
  g_string_append_len (fixture->asked, g_bytes_get_data (bytes, NULL),
                       (gssize) g_bytes_get_size (bytes));
  if (fixture->answer == NULL)
    return;
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), fixture->answer,
                             strlen (fixture->answer), NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  Fixture *fixture = data;

  g_ptr_array_add (fixture->connections, g_object_ref (connection));
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), 4096,
                                   G_PRIORITY_DEFAULT, NULL, on_read, fixture);

  return TRUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("whis-health-XXXXXX", NULL);
  path = g_build_filename (fixture->directory, "socket", NULL);
  fixture->address = g_unix_socket_address_new (path);
  fixture->asked = g_string_new (NULL);
  fixture->connections = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (fixture->service), fixture->address,
                                 G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL,
                                 &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->service, "incoming", G_CALLBACK (on_incoming), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (fixture->address)));
  g_rmdir (fixture->directory);
  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  g_ptr_array_unref (fixture->connections);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->service);
  g_clear_object (&fixture->address);
  g_string_free (fixture->asked, TRUE);
  g_free (fixture->directory);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
check (Fixture *fixture, const char *model, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_string_truncate (fixture->asked, 0);
  whis_health_check_async (fixture->address, model, 1, cancellable, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_health_check_finish (result, error);
}

/* Whatever it says of the model, a program that answers is well. */
static void
test_answers (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *answer;
    gboolean well;
  } cases[] = {
    { "HTTP/1.1 200 OK\r\n\r\n", TRUE },
    { "HTTP/1.1 404 Not Found\r\n\r\n", TRUE },
    { "HTTP/1.1 503 Busy\r\n\r\n", TRUE },
    { "HTTP/1.0 200 OK\r\n\r\n", FALSE },
    { "SSH-2.0-OpenSSH_9\r\n", FALSE },
    { "HTTP/1.", FALSE },
    { "", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      fixture->answer = cases[i].answer;
      g_assert_cmpint (check (fixture, NULL, NULL, &error), ==, cases[i].well);
      if (!cases[i].well)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
    }
}

/* A name of a file may be anything, and is no part of the request's syntax. */
static void
test_model (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *model;
    const char *line;
  } cases[] = {
    { NULL, "GET /health HTTP/1.1\r\n" },
    { "tiny", "GET /health?model=tiny HTTP/1.1\r\n" },
    { "my own&x=1", "GET /health?model=my%20own%26x%3D1 HTTP/1.1\r\n" },
    { "a\r\nHost: evil", "GET /health?model=a%0D%0AHost%3A%20evil HTTP/1.1\r\n" },
    { "größer", "GET /health?model=gr%C3%B6%C3%9Fer HTTP/1.1\r\n" },
  };

  fixture->answer = "HTTP/1.1 200 OK\r\n\r\n";
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (check (fixture, cases[i].model, NULL, NULL));
      g_assert_true (g_str_has_prefix (fixture->asked->str, cases[i].line));
      g_assert_true (g_str_has_suffix (fixture->asked->str, "\r\n\r\n"));
      /* it is to answer when the model is loaded */
      g_assert_nonnull (strstr (fixture->asked->str, "\r\nPrefer: wait\r\n"));
    }
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (check (fixture, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_nobody (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  g_cancellable_cancel (cancelled);
  g_assert_false (check (fixture, NULL, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_unlink (g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (fixture->address)));
  g_assert_false (check (fixture, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/health/answers", test_answers);
  ADD ("/health/model", test_model);
  ADD ("/health/silence", test_silence);
  ADD ("/health/nobody", test_nobody);

  return g_test_run ();
}
