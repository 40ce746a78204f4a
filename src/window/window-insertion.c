/* SPDX-License-Identifier: MIT */
#include "window-insertion.h"

#include "whis-bus-delivery.h"

/* No desktop tells a window that is gone when another one has the focus. */
#define FOCUS_MOVES_MS 200

/* Inserts a text of the service; the data of its task. */
typedef struct
{
  GDBusConnection *connection;
  char *id; /* of the dictation, NULL for the last text */
} Insertion;

static void
insertion_free (Insertion *insertion)
{
  g_object_unref (insertion->connection);
  g_free (insertion->id);
  g_free (insertion);
}

static void
inserted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) outcome =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (outcome == NULL)
    {
      /* Who gives up closes the window. */
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        gtk_window_present (g_task_get_source_object (task));
      g_task_return_error (task, error);
      return;
    }

  g_task_return_boolean (task, TRUE);
}

static void
focus_moved_cb (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Insertion *insertion = g_task_get_task_data (task);
  GVariant *parameters = insertion->id != NULL ? g_variant_new ("(s)", insertion->id) : NULL;

  g_dbus_connection_call (insertion->connection, WHIS_APP_ID, WHIS_APP_PATH,
                          whis_bus_whis1_delivery_interface_info ()->name,
                          insertion->id != NULL ? "InsertEntry" : "InsertLastText", parameters,
                          G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                          g_task_get_cancellable (task), inserted_cb, g_object_ref (task));
}

/**
 * whis_window_insertion_async:
 * @window: the window that the user asks in
 * @service: the service, which runs
 * @id: (nullable): the dictation whose text to insert, %NULL for the last text
 * @cancellable: (nullable): to give up
 * @callback: called when the text was delivered
 * @user_data: for @callback
 *
 * Hides the window, so that the focus returns to where the user was working, and has the service
 * insert a text there. The service tells the user what became of it. If that cannot even be tried,
 * the window is presented again.
 */
void
whis_window_insertion_async (GtkWindow *window,
                             WhisServiceProxy *service,
                             const char *id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Insertion *insertion;
  GTask *task;

  g_return_if_fail (GTK_IS_WINDOW (window));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (whis_service_proxy_is_running (service));

  insertion = g_new0 (Insertion, 1);
  insertion->connection = g_object_ref (
      g_dbus_proxy_get_connection (G_DBUS_PROXY (whis_service_proxy_get_interface (service))));
  insertion->id = g_strdup (id);
  task = g_task_new (window, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_window_insertion_async);
  g_task_set_task_data (task, insertion, (GDestroyNotify) insertion_free);
  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
  g_timeout_add_once (FOCUS_MOVES_MS, focus_moved_cb, task);
}

/**
 * whis_window_insertion_finish:
 * @window: the window
 * @result: the result
 * @error: return location for an error of the service
 *
 * Returns: whether the service has tried
 */
gboolean
whis_window_insertion_finish (GtkWindow *window, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, window), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_window_insertion_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
