/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define BOUNDARY "whis-boundary"

static void
await_ready (GSubprocess *process)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

  g_assert_cmpstr (line, ==, "ready");
}

static GSubprocess *
spawn (const char *socket_path, const char *const *more_arguments, GSubprocessFlags flags)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (arguments, (gpointer) g_getenv ("WHIS_OFFLINE_PROGRAM"));
  if (socket_path != NULL)
    {
      g_ptr_array_add (arguments, (gpointer) "--socket");
      g_ptr_array_add (arguments, (gpointer) socket_path);
      g_ptr_array_add (arguments, (gpointer) "--exit-on-eof");
    }
  for (guint i = 0; more_arguments != NULL && more_arguments[i] != NULL; i++)
    g_ptr_array_add (arguments, (gpointer) more_arguments[i]);
  g_ptr_array_add (arguments, NULL);
  process = g_subprocess_newv ((const char *const *) arguments->pdata, flags, &error);
  g_assert_no_error (error);

  return process;
}

/* Starts the program and returns when it listens. */
Program *
program_start (const char *const *more_arguments)
{
  Program *program = g_new0 (Program, 1);

  program->folder = g_dir_make_tmp ("whis-offline-XXXXXX", NULL);
  program->socket_path = g_build_filename (program->folder, "socket", NULL);
  program->process = spawn (program->socket_path, more_arguments,
                            G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  await_ready (program->process);

  return program;
}

/* Starts it once more on the same socket. */
void
program_start_again (Program *program)
{
  g_clear_object (&program->process);
  program->process = spawn (program->socket_path, NULL,
                            G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  await_ready (program->process);
}

/* Runs the program, which is to refuse, and returns what it complains of. */
char *
program_run_refused (const char *const *arguments, int *exit_code)
{
  g_autoptr (GSubprocess) process =
      spawn (NULL, arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *output = NULL;
  char *complaint;

  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, &complaint, NULL);
  g_assert_true (g_subprocess_get_if_exited (process));
  *exit_code = g_subprocess_get_exit_status (process);
  g_assert_cmpstr (output, ==, "");

  return complaint;
}

/* Waits for the program and returns its exit code. */
int
program_await_end (Program *program)
{
  g_subprocess_wait (program->process, NULL, NULL);
  g_assert_true (g_subprocess_get_if_exited (program->process));

  return g_subprocess_get_exit_status (program->process);
}

/* Ends the program, which must leave nothing behind. */
void
program_stop (Program *program)
{
  if (g_subprocess_get_identifier (program->process) != NULL)
    g_subprocess_send_signal (program->process, SIGTERM);
  g_assert_cmpint (program_await_end (program), ==, 0);
  g_assert_cmpint (g_rmdir (program->folder), ==, 0);
  g_object_unref (program->process);
  g_free (program->socket_path);
  g_free (program->folder);
  g_free (program);
}

GSocketConnection *
program_connect (Program *program)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (program->socket_path);
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);

  g_assert_no_error (error);

  return connection;
}

static char *
read_answer (GSocketConnection *connection)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_output_stream_splice (memory, g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                          G_OUTPUT_STREAM_SPLICE_NONE, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write (memory, "", 1, NULL, NULL);
  g_output_stream_close (memory, NULL, NULL);

  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (memory));
}

/* Sends the bytes of a request, which asks for the connection to be closed, and returns the body
 * of the answer. */
char *
program_ask (Program *program, const char *request, gsize size, guint *status)
{
  g_autoptr (GSocketConnection) connection = program_connect (program);
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;
  const char *body;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             size, NULL, NULL, &error);
  g_assert_no_error (error);
  answer = read_answer (connection);
  g_assert_cmpint (sscanf (answer, "HTTP/1.%*1[01] %u ", status), ==, 1);
  body = strstr (answer, "\r\n\r\n");
  g_assert_nonnull (body);

  return g_strdup (body + 4);
}

char *
program_get (Program *program, const char *method, const char *path, guint *status)
{
  g_autofree char *request =
      g_strdup_printf ("%s %s HTTP/1.1\r\nHost: localhost\r\nPrefer: wait\r\n"
                       "Content-Length: 0\r\nConnection: close\r\n\r\n",
                       method, path);

  return program_ask (program, request, strlen (request), status);
}

static void
append_field (GByteArray *body, const char *field)
{
  g_auto (GStrv) parts = g_strsplit (field, "=", 2);
  g_autofree char *part =
      g_strdup_printf ("--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n"
                       "%s\r\n",
                       parts[0], parts[1]);

  g_byte_array_append (body, (const guint8 *) part, (guint) strlen (part));
}

static void
append_file (GByteArray *body, GBytes *file)
{
  static const char head[] = "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"file\"; "
                             "filename=\"audio.wav\"\r\nContent-Type: audio/wav\r\n\r\n";

  g_byte_array_append (body, (const guint8 *) head, sizeof head - 1);
  g_byte_array_append (body, g_bytes_get_data (file, NULL), (guint) g_bytes_get_size (file));
  g_byte_array_append (body, (const guint8 *) "\r\n", 2);
}

/* A whole request for a transcription; @fields are "name=value" parted by "&". */
GBytes *
program_make_request (const char *fields, GBytes *file)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_auto (GStrv) all = g_strsplit (fields, "&", -1);
  GByteArray *request = g_byte_array_new ();
  g_autofree char *head = NULL;

  for (guint i = 0; all[i] != NULL; i++)
    append_field (body, all[i]);
  if (file != NULL)
    append_file (body, file);
  g_byte_array_append (body, (const guint8 *) "--" BOUNDARY "--\r\n", strlen (BOUNDARY) + 6);
  head = g_strdup_printf ("POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\n"
                          "Connection: close\r\nContent-Length: %u\r\n"
                          "Content-Type: multipart/form-data; boundary=" BOUNDARY "\r\n\r\n",
                          body->len);
  g_byte_array_append (request, (const guint8 *) head, (guint) strlen (head));
  g_byte_array_append (request, body->data, body->len);

  return g_byte_array_free_to_bytes (request);
}

char *
program_transcribe (Program *program, const char *fields, GBytes *file, guint *status)
{
  g_autoptr (GBytes) request = program_make_request (fields, file);

  return program_ask (program, g_bytes_get_data (request, NULL), g_bytes_get_size (request),
                      status);
}
