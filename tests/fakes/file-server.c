/* SPDX-License-Identifier: MIT */
#include "file-server.h"

#include <string.h>

#define TAG "\"first\""

struct _FileServer
{
  GSocketService *service;
  GBytes *file;
  const FileAnswer *plan;
  char *url;

  GMutex mutex;
  GPtrArray *requests;
};

static void
request_free (gpointer data)
{
  FileRequest *request = data;

  g_free (request->path);
  g_free (request->range);
  g_free (request->if_range);
  g_free (request);
}

static FileRequest *
read_request (GIOStream *stream)
{
  g_autoptr (GDataInputStream) input =
      g_data_input_stream_new (g_io_stream_get_input_stream (stream));
  FileRequest *request = g_new0 (FileRequest, 1);
  g_autofree char *first = NULL;
  g_auto (GStrv) words = NULL;

  request->offset = -1;
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (input), FALSE);
  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  first = g_data_input_stream_read_line (input, NULL, NULL, NULL);
  words = g_strsplit (first != NULL ? first : "", " ", 3);
  request->path = g_strdup (words[0] != NULL && words[1] != NULL ? words[1] : "");
  while (TRUE)
    {
      g_autofree char *line = g_data_input_stream_read_line (input, NULL, NULL, NULL);

      if (line == NULL || *line == '\0')
        return request;
      if (g_ascii_strncasecmp (line, "Range: ", 7) == 0)
        {
          request->range = g_strdup (line + 7);
          request->offset = g_ascii_strtoll (line + 7 + strlen ("bytes="), NULL, 10);
        }
      else if (g_ascii_strncasecmp (line, "If-Range: ", 10) == 0)
        request->if_range = g_strdup (line + 10);
    }
}

static gboolean
on_run (GThreadedSocketService *service,
        GSocketConnection *connection,
        GObject *source,
        FileServer *self)
{
  GIOStream *stream = G_IO_STREAM (connection);
  FileRequest *request = read_request (stream);
  FileAnswer answer = self->plan[0];
  guint number;

  if (*request->path == '\0')
    {
      request_free (request);
      return TRUE;
    }

  g_mutex_lock (&self->mutex);
  number = self->requests->len;
  g_ptr_array_add (self->requests, request);
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i <= number && self->plan[i] != NULL; i++)
    answer = self->plan[i];
  answer (self, request, stream);
  g_io_stream_close (stream, NULL, NULL);

  return TRUE;
}

FileServer *
file_server_new (GBytes *file, const FileAnswer *plan)
{
  FileServer *self = g_new0 (FileServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->mutex);
  self->file = g_bytes_ref (file);
  self->plan = plan;
  self->requests = g_ptr_array_new_with_free_func (request_free);
  self->service = g_threaded_socket_service_new (8);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &address, &error);
  g_assert_no_error (error);
  self->url = g_strdup_printf ("http://127.0.0.1:%u/model.bin",
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  g_signal_connect (self->service, "run", G_CALLBACK (on_run), self);

  return self;
}

/* The threads of connections hold the service, and end when their clients have gone. */
void
file_server_free (FileServer *self)
{
  gpointer alive = self->service;

  g_object_add_weak_pointer (G_OBJECT (self->service), &alive);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  while (alive != NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_bytes_unref (self->file);
  g_ptr_array_unref (self->requests);
  g_mutex_clear (&self->mutex);
  g_free (self->url);
  g_free (self);
}

const char *
file_server_get_url (FileServer *self)
{
  return self->url;
}

GBytes *
file_server_get_file (FileServer *self)
{
  return self->file;
}

guint
file_server_get_n_requests (FileServer *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->requests->len;
  g_mutex_unlock (&self->mutex);

  return n;
}

const FileRequest *
file_server_get_request (FileServer *self, guint index)
{
  const FileRequest *request;

  g_mutex_lock (&self->mutex);
  g_assert_cmpuint (index, <, self->requests->len);
  request = g_ptr_array_index (self->requests, index);
  g_mutex_unlock (&self->mutex);

  return request;
}

void
file_write_head (GIOStream *stream, const char *format, ...)
{
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  va_list args;
  g_autofree char *head = NULL;

  va_start (args, format);
  head = g_strdup_vprintf (format, args);
  va_end (args);
  g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL);
}

/* A client that has enough closes: that is no error of the server. */
void
file_write_bytes (GIOStream *stream, GBytes *file, gsize start, gsize end)
{
  const guint8 *data = g_bytes_get_data (file, NULL);

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), data + start, end - start,
                             NULL, NULL, NULL);
}

void
file_wait_for_end (GIOStream *stream)
{
  char byte;

  while (g_input_stream_read (g_io_stream_get_input_stream (stream), &byte, 1, NULL, NULL) > 0)
    ;
}

static void
write_range_head (GIOStream *stream, gint64 offset, gsize size)
{
  file_write_head (stream,
                   "HTTP/1.1 206 Partial Content\r\nETag: " TAG
                   "\r\nContent-Length: %" G_GSIZE_FORMAT
                   "\r\nContent-Range: bytes %" G_GINT64_FORMAT "-%" G_GSIZE_FORMAT
                   "/%" G_GSIZE_FORMAT "\r\n\r\n",
                   size - (gsize) offset, offset, size - 1, size);
}

static void
write_whole_head (GIOStream *stream, gsize size)
{
  file_write_head (
      stream, "HTTP/1.1 200 OK\r\nETag: " TAG "\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      size);
}

/* Up to so many bytes of the file from the one that was asked for. */
static void
answer_up_to (FileServer *self, const FileRequest *request, GIOStream *stream, gsize most)
{
  gsize size = g_bytes_get_size (self->file);
  gboolean same = request->if_range == NULL || g_str_equal (request->if_range, TAG);
  gint64 offset = same ? MAX (request->offset, 0) : 0;

  if (offset > 0)
    write_range_head (stream, offset, size);
  else
    write_whole_head (stream, size);
  file_write_bytes (stream, self->file, (gsize) offset, MIN (size, (gsize) offset + most));
}

/* As a server should. */
void
file_answer_well (FileServer *self, const FileRequest *request, GIOStream *stream)
{
  answer_up_to (self, request, stream, G_MAXSIZE / 2);
}

/* The connection breaks off after 300,000 bytes. */
void
file_answer_cut (FileServer *self, const FileRequest *request, GIOStream *stream)
{
  answer_up_to (self, request, stream, 300000);
}

/* Ranges are not understood. */
void
file_answer_whole (FileServer *self, const FileRequest *request, GIOStream *stream)
{
  write_whole_head (stream, g_bytes_get_size (self->file));
  file_write_bytes (stream, self->file, 0, g_bytes_get_size (self->file));
}

void
file_answer_missing (FileServer *self, const FileRequest *request, GIOStream *stream)
{
  file_write_head (stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
}

void
file_answer_silence (FileServer *self, const FileRequest *request, GIOStream *stream)
{
  file_wait_for_end (stream);
}
