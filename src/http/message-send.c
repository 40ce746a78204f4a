/* SPDX-License-Identifier: MIT */
#include "message-send.h"

/* From 3.4 to 3.6.5, libsoup finishes a request twice and frees it too early when it is cancelled
 * after the head of the response was read and before the callback of soup_session_send_async() was
 * called (CVE-2025-12105; mended in 3.6.6 by "fix 'heap-use-after-free' caused by 'finishing' queue
 * item twice", https://gitlab.gnome.org/GNOME/libsoup/-/commit/9ba1243a). So libsoup gets a
 * cancellable of its own, which is not cancelled in between: the callback comes by itself then. */
typedef struct
{
  SoupMessage *message;
  gulong got_headers_id;
  gulong restarted_id;
  gboolean has_headers;

  GCancellable *cancellable;
  gulong cancelled_id;
} Sending;

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  g_object_unref (sending->message);
  g_object_unref (sending->cancellable);
  g_free (sending);
}

static void
got_headers (SoupMessage *message, gpointer data)
{
  Sending *sending = data;

  sending->has_headers = TRUE;
}

static void
on_message_send_restarted (SoupMessage *message, gpointer data)
{
  Sending *sending = data;

  sending->has_headers = FALSE;
}

static void
caller_cancelled (GCancellable *cancellable, gpointer data)
{
  Sending *sending = data;

  if (!sending->has_headers)
    g_cancellable_cancel (sending->cancellable);
}

static void
did_send (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Sending *sending = g_task_get_task_data (task);
  g_autoptr (GInputStream) stream = NULL;
  GError *error = NULL;

  g_signal_handler_disconnect (sending->message, sending->got_headers_id);
  g_signal_handler_disconnect (sending->message, sending->restarted_id);
  g_cancellable_disconnect (g_task_get_cancellable (task), sending->cancelled_id);
  stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (g_task_return_error_if_cancelled (task))
    g_clear_error (&error);
  else if (stream == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&stream), g_object_unref);
}

/**
 * whis_message_send_async:
 * @session: the session
 * @message: what to send
 * @priority: the priority of the I/O, as for GLib's sources
 * @cancellable: (nullable): a cancellable
 * @callback: called when the head of the response is there
 * @data: data for @callback
 *
 * Does the same as soup_session_send_async(), and can be cancelled at every moment in every version
 * of libsoup. To be called, and to be cancelled, in the thread of the default main context.
 */
void
whis_message_send_async (SoupSession *session,
                         SoupMessage *message,
                         int priority,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Sending *sending;

  g_return_if_fail (SOUP_IS_SESSION (session));
  g_return_if_fail (SOUP_IS_MESSAGE (message));

  task = g_task_new (session, cancellable, callback, data);
  g_task_set_source_tag (task, whis_message_send_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  sending = g_new0 (Sending, 1);
  sending->message = g_object_ref (message);
  sending->cancellable = g_cancellable_new ();
  g_task_set_task_data (task, sending, sending_free);
  sending->got_headers_id =
      g_signal_connect (message, "got-headers", G_CALLBACK (got_headers), sending);
  sending->restarted_id =
      g_signal_connect (message, "restarted", G_CALLBACK (on_message_send_restarted), sending);
  if (cancellable != NULL)
    sending->cancelled_id =
        g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled), sending, NULL);
  soup_session_send_async (session, message, priority, sending->cancellable, did_send,
                           g_steal_pointer (&task));
}

/**
 * whis_message_send_finish:
 * @session: the session
 * @result: what the callback got
 * @error: return location for an error of GIO or libsoup
 *
 * Returns: (transfer full): the body of the response, or %NULL with an error
 */
GInputStream *
whis_message_send_finish (SoupSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
