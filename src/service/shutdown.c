/* SPDX-License-Identifier: MIT */
#include "shutdown.h"

#include "instance-name.h"
#include "late-calls.h"

/* What the service does before its main loop ends: sound and history are saved, then the names are
 * given up while calls can still be answered. */

/* A disk that does not answer must not keep a session from ending. A sound server that does not is
 * given up after half of it. */
#define TIMEOUT_MS 4000

typedef struct
{
  GDBusConnection *bus;
  WhisDictations *dictations;
  WhisHistory *history;
  WhisDelivery *delivery;
  WhisLateCalls *late_calls;
  gulong closed;
  guint timeout; /* 0 when the names are given up */
} Shutdown;

static void
shutdown_free (gpointer data)
{
  Shutdown *shutdown = data;

  g_clear_signal_handler (&shutdown->closed, shutdown->dictations);
  g_clear_handle_id (&shutdown->timeout, g_source_remove);
  whis_late_calls_free (shutdown->late_calls);
  g_object_unref (shutdown->bus);
  g_object_unref (shutdown->dictations);
  g_object_unref (shutdown->history);
  g_object_unref (shutdown->delivery);
  g_free (shutdown);
}

static void
on_shutdown_names_released (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Shutdown *shutdown = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!whis_instance_name_release_finish (G_DBUS_CONNECTION (object), result, &error))
    g_debug ("The names are not given up: %s", error->message);
  whis_late_calls_refuse (shutdown->late_calls);
  g_task_return_boolean (task, TRUE);
}

/* Takes over the reference to @task; saved in time or not, this is done once. */
static void
shutdown_release_names (GTask *task)
{
  Shutdown *shutdown = g_task_get_task_data (task);

  g_clear_handle_id (&shutdown->timeout, g_source_remove);
  whis_instance_name_release_async (shutdown->bus, on_shutdown_names_released, task);
}

static gboolean
on_shutdown_timeout (gpointer user_data)
{
  GTask *task = user_data;
  Shutdown *shutdown = g_task_get_task_data (task);

  shutdown->timeout = 0;
  g_clear_signal_handler (&shutdown->closed, shutdown->dictations);
  shutdown_release_names (g_object_ref (task));

  return G_SOURCE_REMOVE;
}

/* What is on the clipboard is to stay there. */
static void
on_shutdown_clipboard_released (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Shutdown *shutdown = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!whis_clipboard_owner_release_finish (WHIS_CLIPBOARD_OWNER (object), result, &error))
    g_message ("The text does not stay on the clipboard: %s", error->message);
  if (shutdown->timeout != 0)
    shutdown_release_names (g_steal_pointer (&task));
}

static void
on_shutdown_saved (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Shutdown *shutdown = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!whis_history_flush_finish (WHIS_HISTORY (object), result, &error))
    g_debug ("The history is not complete: %s", error->message);
  if (shutdown->timeout != 0)
    whis_clipboard_owner_release_async (whis_delivery_get_clipboard (shutdown->delivery), NULL,
                                        on_shutdown_clipboard_released, g_steal_pointer (&task));
}

static void
unref_task (gpointer task, GClosure *closure)
{
  g_object_unref (task);
}

/* All sound is in its files: the history is the last to be written. */
static void
shutdown_save_history (GTask *task)
{
  Shutdown *shutdown = g_task_get_task_data (task);

  g_clear_signal_handler (&shutdown->closed, shutdown->dictations);
  whis_history_flush_async (shutdown->history, NULL, on_shutdown_saved, g_object_ref (task));
}

/**
 * whis_shutdown_async:
 * @bus: the session bus
 * @dictations: the dictations; what is recorded is finished by the next run of the service
 * @history: the history
 * @delivery: what may have a text on the clipboard
 * @callback: called when the main loop may end
 * @user_data: for @callback
 *
 * Prepares the end of the service. Calls that come from now on are answered when the next instance
 * can be started.
 */
void
whis_shutdown_async (GDBusConnection *bus,
                     WhisDictations *dictations,
                     WhisHistory *history,
                     WhisDelivery *delivery,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Shutdown *shutdown;

  g_return_if_fail (G_IS_DBUS_CONNECTION (bus));
  g_return_if_fail (WHIS_IS_DICTATIONS (dictations));
  g_return_if_fail (WHIS_IS_HISTORY (history));

  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, whis_shutdown_async);
  shutdown = g_new0 (Shutdown, 1);
  shutdown->bus = g_object_ref (bus);
  shutdown->dictations = g_object_ref (dictations);
  shutdown->history = g_object_ref (history);
  shutdown->delivery = g_object_ref (delivery);
  shutdown->late_calls = whis_late_calls_new (bus, WHIS_APP_PATH);
  g_task_set_task_data (task, shutdown, shutdown_free);

  whis_dictations_interrupt_all (dictations);
  shutdown->timeout = g_timeout_add_full (G_PRIORITY_DEFAULT, TIMEOUT_MS, on_shutdown_timeout,
                                          g_object_ref (task), g_object_unref);
  if (whis_dictations_are_closing (dictations))
    shutdown->closed =
        g_signal_connect_data (dictations, "closed", G_CALLBACK (shutdown_save_history),
                               g_object_ref (task), unref_task, G_CONNECT_SWAPPED);
  else
    shutdown_save_history (task);
}

void
whis_shutdown_finish (GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, NULL));

  g_task_propagate_boolean (G_TASK (result), NULL);
}
