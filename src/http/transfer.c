/* SPDX-License-Identifier: MIT */
#include "transfer.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "message-send.h"
#include "proxy.h"
#include "tls-errors.h"

#define READ_SIZE (256 * 1024)
#define MAX_REDIRECTS 5

/* A server that sends less than this before a deadline does as little as one that sends nothing. */
#define PROGRESS_BYTES (64 * 1024)

#define STATUS_TOO_MANY_REQUESTS 429 /* RFC 6585, 4 */

/* One try to get the rest of a file from one address; the task data. */
typedef struct
{
  char *address;
  WhisTransferLimits limits;
  WhisTransferProgress progress;
  gpointer progress_data;

  SoupSession *session;
  GUri *uri; /* where the redirects have led */
  guint n_redirects;
  gboolean without_range; /* the server does not understand ranges */
  SoupMessage *message;
  GInputStream *stream;
  guint64 total;    /* length of the file as the server has it, 0 if it does not say */
  guint64 n_fresh;  /* bytes since stalls_at was set */
  gint64 stalls_at; /* monotonic time, or 0 */

  /* follows the caller's cancellable, and is cancelled by a deadline too */
  GCancellable *cancellable;
  gulong cancelled_id;
  GSource *deadline;
  gboolean is_late;
  GTlsCertificateFlags flaws;
} Transfer;

static void send_message (GTask *task);
static void read_more (GTask *task);

static void
drop_message (Transfer *transfer)
{
  if (transfer->message != NULL)
    g_signal_handlers_disconnect_by_data (transfer->message, transfer);
  g_clear_object (&transfer->message);
  g_clear_object (&transfer->stream);
}

static void
transfer_free (Transfer *transfer)
{
  drop_message (transfer);
  g_source_destroy (transfer->deadline);
  g_source_unref (transfer->deadline);
  g_clear_object (&transfer->session);
  g_clear_object (&transfer->cancellable);
  g_clear_pointer (&transfer->uri, g_uri_unref);
  g_free (transfer->address);
  g_free (transfer);
}

/* --- deadlines and cancelling ------------------------------------------------------------------
 */

static void
expect_answer (Transfer *transfer)
{
  g_source_set_ready_time (transfer->deadline,
                           g_get_monotonic_time () + (gint64) transfer->limits.connect_ms * 1000);
}

/* While this computer is busy, with its disk. */
static void
expect_nothing (Transfer *transfer)
{
  g_source_set_ready_time (transfer->deadline, -1);
}

static gboolean
on_deadline (gpointer data)
{
  Transfer *transfer = data;

  expect_nothing (transfer);
  transfer->is_late = TRUE;
  g_cancellable_cancel (transfer->cancellable);

  return G_SOURCE_CONTINUE;
}

static void
on_caller_cancelled (GCancellable *cancellable, gpointer data)
{
  g_cancellable_cancel (G_CANCELLABLE (data));
}

static void
transfer_stop (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);

  expect_nothing (transfer);
  g_cancellable_disconnect (g_task_get_cancellable (task), transfer->cancelled_id);
  transfer->cancelled_id = 0;
  drop_message (transfer);
}

/* --- errors ------------------------------------------------------------------------------------
 */

static GError *
describe_failure (Transfer *transfer, const GError *cause)
{
  const char *host = g_uri_get_host (transfer->uri);

  if (transfer->is_late)
    return g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_TIMEOUT,
                        _ ("%s does not answer any more; try again later."), host);
  if (cause->domain == WHIS_HTTP_ERROR || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);
  if (cause->domain == G_TLS_ERROR && cause->code != G_TLS_ERROR_EOF)
    return g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_TLS,
                        _ ("The connection to %s is not safe, so it is not used: %s."), host,
                        transfer->flaws != 0 ? whis_tls_errors_describe (transfer->flaws)
                                             : cause->message);
  if (cause->domain == G_RESOLVER_ERROR)
    return g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_NETWORK,
                        _ ("%s was not found; look at the network and try again."), host);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_NETWORK,
                        _ ("Nobody answers at %s; try again later."), host);

  return g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_NETWORK,
                      _ ("The connection to %s broke off; look at the network and try again."),
                      host);
}

/* Takes the error. */
static void
return_failure (GTask *task, GError *cause)
{
  Transfer *transfer = g_task_get_task_data (task);
  GError *error =
      transfer->message != NULL ? whis_proxy_get_error (transfer->message, cause) : NULL;

  if (error == NULL)
    error = describe_failure (transfer, cause);

  g_debug ("The transfer failed: %s", cause->message);
  g_error_free (cause);
  transfer_stop (task);
  g_task_return_error (task, error);
}

static void
return_status (GTask *task, guint status)
{
  const Transfer *transfer = g_task_get_task_data (task);
  const char *host = g_uri_get_host (transfer->uri);

  if (status == SOUP_STATUS_NOT_FOUND || status == SOUP_STATUS_GONE)
    return_failure (task, g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_STATUS,
                                       _ ("%s does not have the file any more."), host));
  else if (status >= 500 || status == STATUS_TOO_MANY_REQUESTS
           || status == SOUP_STATUS_REQUEST_TIMEOUT)
    return_failure (task,
                    g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_NETWORK,
                                 _ ("%s has trouble (status %u); try again later."), host, status));
  else
    return_failure (task,
                    g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_STATUS,
                                 _ ("%s refuses to give the file (status %u)."), host, status));
}

/* --- addresses ---------------------------------------------------------------------------------
 */

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (host);

  return address != NULL && g_inet_address_get_is_loopback (address);
}

static gboolean
is_allowed_uri (GUri *uri)
{
  const char *host = g_uri_get_host (uri);

  if (host == NULL || *host == '\0')
    return FALSE;

  return g_str_equal (g_uri_get_scheme (uri), "https")
         || (g_str_equal (g_uri_get_scheme (uri), "http") && is_loopback (host));
}

/**
 * whis_transfer_is_allowed:
 * @address: an address
 *
 * Returns: whether files are fetched from there: over HTTPS, or over plain HTTP from this computer
 */
gboolean
whis_transfer_is_allowed (const char *address)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (address != NULL, FALSE);

  uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);

  return uri != NULL && is_allowed_uri (uri);
}

/* From https to nowhere else: a redirect to plain HTTP would show others in the network what is
 * fetched, and one to this computer would let a server ask its services. */
static void
follow_redirect (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (transfer->message);
  const char *location = soup_message_headers_get_one (headers, "Location");
  g_autoptr (GUri) uri = NULL;
  gboolean stays_here;

  if (location != NULL)
    uri = g_uri_parse_relative (transfer->uri, location, SOUP_HTTP_URI_FLAGS, NULL);
  stays_here = g_str_equal (g_uri_get_scheme (transfer->uri), "http");
  if (uri == NULL || !is_allowed_uri (uri) || ++transfer->n_redirects > MAX_REDIRECTS
      || (!stays_here && is_loopback (g_uri_get_host (uri))))
    {
      return_failure (
          task, g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_ADDRESS,
                             _ ("%s leads to an address that is not safe, so it is not used."),
                             g_uri_get_host (transfer->uri)));
      return;
    }

  g_uri_unref (transfer->uri);
  transfer->uri = g_steal_pointer (&uri);
  send_message (g_object_ref (task));
}

/* --- reading the file --------------------------------------------------------------------------
 */

static guint64
get_end (const Transfer *transfer)
{
  if (transfer->limits.bytes > 0)
    return transfer->limits.bytes;

  return transfer->total > 0 ? transfer->total : transfer->limits.max_bytes;
}

static void
return_complete (GTask *task)
{
  transfer_stop (task);
  g_task_return_boolean (task, TRUE);
}

static void
on_appended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Transfer *transfer = g_task_get_task_data (task);
  WhisPartFile *part = WHIS_PART_FILE (source);
  GError *error = NULL;

  if (!whis_part_file_finish (part, result, &error))
    {
      return_failure (task, error);
      return;
    }
  if (transfer->progress != NULL)
    transfer->progress (get_end (transfer), transfer->progress_data);
  /* What a server sends beyond the end of the file is not read. */
  if (whis_part_file_get_size (part) >= get_end (transfer))
    return_complete (task);
  else
    read_more (task);
}

static void
on_ended (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);
  guint64 size = whis_part_file_get_size (g_task_get_source_object (task));

  /* Without a promised length the end of the answer is that of the file. */
  if (size > 0 && transfer->limits.bytes == 0 && transfer->total == 0)
    return_complete (task);
  else
    return_failure (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                                               "the answer ended before the file did"));
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Transfer *transfer = g_task_get_task_data (task);
  WhisPartFile *part = g_task_get_source_object (task);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) wanted = NULL;
  GError *error = NULL;
  guint64 left = get_end (transfer) - whis_part_file_get_size (part);

  bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  if (bytes == NULL)
    {
      return_failure (task, error);
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      on_ended (task);
      return;
    }

  transfer->n_fresh += g_bytes_get_size (bytes);
  wanted = g_bytes_new_from_bytes (bytes, 0, (gsize) MIN (left, g_bytes_get_size (bytes)));
  expect_nothing (transfer);
  whis_part_file_append_async (part, wanted, NULL, on_appended, g_steal_pointer (&task));
}

static void
read_more (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);

  if (transfer->stalls_at == 0 || transfer->n_fresh >= PROGRESS_BYTES)
    {
      transfer->n_fresh = 0;
      transfer->stalls_at = g_get_monotonic_time () + (gint64) transfer->limits.stall_ms * 1000;
    }
  g_source_set_ready_time (transfer->deadline, transfer->stalls_at);
  g_input_stream_read_bytes_async (transfer->stream, READ_SIZE, G_PRIORITY_LOW,
                                   transfer->cancellable, on_read, g_object_ref (task));
}

/* --- the answer --------------------------------------------------------------------------------
 */

/* Whether the file that the server has is as long as it should be, as far as it says that. */
static gboolean
has_right_length (const Transfer *transfer)
{
  if (transfer->total == 0)
    return TRUE;
  if (transfer->limits.bytes > 0)
    return transfer->total == transfer->limits.bytes;

  return transfer->total <= transfer->limits.max_bytes;
}

static void
start_reading (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);
  WhisPartFile *part = g_task_get_source_object (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (transfer->message);
  const char *tag = soup_message_headers_get_one (headers, "ETag");

  /* A page of a network that wants a sign-in, too, before anything is written. */
  if (!has_right_length (transfer))
    {
      return_failure (task, g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_OTHER_FILE,
                                         _ ("%s gives another file than the one that is wanted."),
                                         g_uri_get_host (transfer->uri)));
      return;
    }

  /* A weak tag may be that of another file (RFC 9110, 13.1.5). */
  whis_part_file_set_tag (part, transfer->address,
                          tag != NULL && *tag == '"' && strchr (tag, '\n') == NULL ? tag : NULL);
  read_more (task);
}

static void
on_emptied_to_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (whis_part_file_finish (WHIS_PART_FILE (source), result, &error))
    start_reading (task);
  else
    return_failure (task, error);
}

static void
on_emptied_to_send (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (whis_part_file_finish (WHIS_PART_FILE (source), result, &error))
    send_message (g_steal_pointer (&task));
  else
    return_failure (task, error);
}

/* The part does not fit what the server has: all of the file is asked for, once. */
static void
ask_for_all (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);

  drop_message (transfer);
  if (transfer->without_range)
    {
      return_status (task, SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE);
      return;
    }
  transfer->without_range = TRUE;
  expect_nothing (transfer);
  whis_part_file_begin_anew_async (g_task_get_source_object (task), NULL, on_emptied_to_send,
                                   g_object_ref (task));
}

static void
take_whole (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);
  WhisPartFile *part = g_task_get_source_object (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (transfer->message);

  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH)
    transfer->total = (guint64) MAX (soup_message_headers_get_content_length (headers), 0);
  if (whis_part_file_get_size (part) == 0 || !has_right_length (transfer))
    {
      start_reading (task);
      return;
    }

  /* The server does not know ranges, or has another file than before. */
  expect_nothing (transfer);
  whis_part_file_begin_anew_async (part, NULL, on_emptied_to_read, g_object_ref (task));
}

static void
take_rest (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (transfer->message);
  guint64 size = whis_part_file_get_size (g_task_get_source_object (task));
  goffset start, end, total;

  if (!soup_message_headers_get_content_range (headers, &start, &end, &total) || start < 0
      || (guint64) start != size || end < start)
    {
      ask_for_all (task);
      return;
    }

  if (total > 0)
    transfer->total = (guint64) total;
  start_reading (task);
}

/* The part may be the whole file, or too long for the file that the server has. */
static void
take_no_range (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (transfer->message);
  guint64 size = whis_part_file_get_size (g_task_get_source_object (task));
  g_autofree char *whole = g_strdup_printf ("bytes */%" G_GUINT64_FORMAT, size);
  const char *range = soup_message_headers_get_one (headers, "Content-Range");

  if (transfer->limits.bytes == 0 && g_strcmp0 (range, whole) == 0)
    return_complete (task);
  else
    ask_for_all (task);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Transfer *transfer = g_task_get_task_data (task);
  GError *error = NULL;
  guint status;

  transfer->stream = whis_message_send_finish (SOUP_SESSION (source), result, &error);
  if (transfer->stream == NULL)
    {
      return_failure (task, error);
      return;
    }

  status = soup_message_get_status (transfer->message);
  error = whis_proxy_get_error (transfer->message, NULL);
  if (error != NULL)
    return_failure (task, error);
  else if (status == SOUP_STATUS_OK)
    take_whole (task);
  else if (status == SOUP_STATUS_PARTIAL_CONTENT && !transfer->without_range)
    take_rest (task);
  else if (status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE)
    take_no_range (task);
  else if (SOUP_STATUS_IS_REDIRECTION (status) && status != SOUP_STATUS_NOT_MODIFIED)
    follow_redirect (task);
  else
    return_status (task, status);
}

/* --- the request -------------------------------------------------------------------------------
 */

/* HTTP/1.1 alone is offered in the TLS greeting (RFC 7301): when an HTTP/2 connection of
 * libsoup 3.2 dies, some requests on it never end, and API to choose the version came with 3.4. */
static void
on_network_event (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *connection,
                  gpointer data)
{
  static const char *const protocols[] = { "http/1.1", NULL };

  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && G_IS_TLS_CONNECTION (connection))
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (connection), protocols);
}

/* Never accepted; what is wrong with it is told to the user. */
static gboolean
on_certificate (SoupMessage *message,
                GTlsCertificate *certificate,
                GTlsCertificateFlags flaws,
                gpointer data)
{
  Transfer *transfer = data;

  transfer->flaws = flaws;

  return FALSE;
}

static void
add_range (Transfer *transfer, WhisPartFile *part)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (transfer->message);
  guint64 size = whis_part_file_get_size (part);
  const char *tag = whis_part_file_get_tag (part, transfer->address);

  if (size == 0 || transfer->without_range)
    return;

  soup_message_headers_set_range (headers, (goffset) size, -1);
  if (tag != NULL)
    soup_message_headers_replace (headers, "If-Range", tag);
}

/* Takes the task. A proxy could not reach this computer. */
static void
send_message (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);
  gboolean is_plain = g_str_equal (g_uri_get_scheme (transfer->uri), "http");

  drop_message (transfer);
  soup_session_set_proxy_resolver (transfer->session,
                                   is_plain ? NULL : g_proxy_resolver_get_default ());
  transfer->message = soup_message_new_from_uri (SOUP_METHOD_GET, transfer->uri);
  soup_message_add_flags (transfer->message, SOUP_MESSAGE_NO_REDIRECT);
  /* The bytes of the file are wanted, and no others. */
  soup_message_headers_replace (soup_message_get_request_headers (transfer->message),
                                "Accept-Encoding", "identity");
  add_range (transfer, g_task_get_source_object (task));
  whis_proxy_watch (transfer->message);
  g_signal_connect (transfer->message, "network-event", G_CALLBACK (on_network_event), NULL);
  g_signal_connect (transfer->message, "accept-certificate", G_CALLBACK (on_certificate), transfer);
  expect_answer (transfer);
  whis_message_send_async (transfer->session, transfer->message, G_PRIORITY_LOW,
                           transfer->cancellable, on_sent, task);
}

static Transfer *
transfer_new (const char *address, const WhisTransferLimits *limits, GMainContext *context)
{
  Transfer *transfer = g_new0 (Transfer, 1);

  transfer->address = g_strdup (address);
  transfer->limits = *limits;
  transfer->cancellable = g_cancellable_new ();
  transfer->deadline = g_timeout_source_new (G_MAXUINT);
  g_source_set_ready_time (transfer->deadline, -1);
  g_source_set_callback (transfer->deadline, on_deadline, transfer, NULL);
  g_source_attach (transfer->deadline, context);
  transfer->session =
      soup_session_new_with_options ("user-agent", "Whis/" WHIS_VERSION, "timeout", 0, NULL);
  soup_session_remove_feature_by_type (transfer->session, SOUP_TYPE_AUTH_MANAGER);
  whis_proxy_log_in (transfer->session);
  soup_session_remove_feature_by_type (transfer->session, SOUP_TYPE_CONTENT_DECODER);

  return transfer;
}

/**
 * whis_transfer_async:
 * @part: an open part
 * @address: where the file is
 * @limits: what is expected
 * @progress: (nullable): called each time something was written
 * @progress_data: for @progress
 * @cancellable: (nullable): a cancellable
 * @callback: called when the part has all of the file, or no more will come
 * @data: for @callback
 *
 * Fetches what @part lacks in one try (RFC 9110, 14: range requests). Redirects are followed, to
 * HTTPS alone. A server that does not know ranges, or whose file has become another, sends all of
 * it; one that has a file of another length is refused before anything is written.
 */
void
whis_transfer_async (WhisPartFile *part,
                     const char *address,
                     const WhisTransferLimits *limits,
                     WhisTransferProgress progress,
                     gpointer progress_data,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Transfer *transfer;

  g_return_if_fail (WHIS_IS_PART_FILE (part));
  g_return_if_fail (address != NULL && limits != NULL);
  g_return_if_fail (whis_transfer_is_allowed (address));

  task = g_task_new (part, cancellable, callback, data);
  g_task_set_source_tag (task, whis_transfer_async);
  /* A file that is complete must not be called cancelled. */
  g_task_set_check_cancellable (task, FALSE);
  transfer = transfer_new (address, limits, g_task_get_context (task));
  transfer->progress = progress;
  transfer->progress_data = progress_data;
  transfer->uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  g_task_set_task_data (task, transfer, (GDestroyNotify) transfer_free);
  if (cancellable != NULL)
    transfer->cancelled_id =
        g_cancellable_connect (cancellable, G_CALLBACK (on_caller_cancelled),
                               g_object_ref (transfer->cancellable), g_object_unref);
  send_message (g_steal_pointer (&task));
}

/**
 * whis_transfer_finish:
 * @part: the part
 * @result: what the callback got
 * @error: return location for an error of %WHIS_HTTP_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the part has all of the file; its checksum is not looked at
 */
gboolean
whis_transfer_finish (WhisPartFile *part, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, part), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_transfer_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
