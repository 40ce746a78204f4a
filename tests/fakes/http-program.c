/* SPDX-License-Identifier: MIT */

/* What test servers of HTTP share, and those that are programs. */

#include "http-program.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* Answers with JSON. */
void
http_answer (SoupServerMessage *message, guint status, const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body,
                                    strlen (body));
}

/* Takes the connection from libsoup's hands: nothing and a TCP reset, or half of an answer and the
 * end. */
void
http_break_off (SoupServerMessage *message, GSocket *socket, const char *body, gboolean after_half)
{
  int fd = g_socket_get_fd (socket);
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  struct linger linger = { 1, 0 };

  if (after_half)
    {
      gsize length = strlen (body);
      g_autofree char *half =
          g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                           "Content-Length: %zu\r\n\r\n%.*s",
                           length, (int) (length / 2), body);

      g_output_stream_write_all (g_io_stream_get_output_stream (stream), half, strlen (half), NULL,
                                 NULL, NULL);
    }
  else
    setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  g_io_stream_close (stream, NULL, NULL);
}

gboolean
http_program_parse (int *argc, char ***argv, const GOptionEntry *options)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;

  g_printerr ("%s\n", error->message);

  return FALSE;
}

static gboolean
input_ended (GIOChannel *channel, GIOCondition condition, gpointer data)
{
  char bytes[256];
  gsize n_read;

  if (g_io_channel_read_chars (channel, bytes, sizeof bytes, &n_read, NULL) == G_IO_STATUS_NORMAL)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (data);

  return G_SOURCE_REMOVE;
}

/* Prints the address on one line and serves; any free port for 0. Returns the exit status. */
int
http_program_run (SoupServerCallback handler, int port, gboolean until_input_ends)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  if (!soup_server_listen_local (server, (guint) port, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  soup_server_add_handler (server, NULL, handler, NULL, NULL);
  uris = soup_server_get_uris (server);
  g_print ("http://127.0.0.1:%d\n", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  fflush (stdout);
  if (until_input_ends)
    g_io_add_watch (input, G_IO_IN | G_IO_HUP, input_ended, loop);
  g_main_loop_run (loop);

  return 0;
}
