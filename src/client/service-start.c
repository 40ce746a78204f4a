/* SPDX-License-Identifier: MIT */
#include "service-start.h"

#include <glib/gi18n-lib.h>

#include "detached-launcher.h"

/* A service that is not on the bus after this many seconds does not come any more. */
#define PATIENCE_SECONDS 20

G_DEFINE_QUARK (whis_service_start_error, whis_service_start_error)

typedef struct
{
  GSubprocess *program;
  char *path; /* of the program, if it was not the bus that started it */
  guint watch;
  guint patience;
  GSource *cancelled;
} Start;

static void
start_stop_waiting (Start *start)
{
  g_clear_handle_id (&start->watch, g_bus_unwatch_name);
  g_clear_handle_id (&start->patience, g_source_remove);
  if (start->cancelled != NULL)
    g_source_destroy (start->cancelled);
  g_clear_pointer (&start->cancelled, g_source_unref);
}

static void
start_free (Start *start)
{
  start_stop_waiting (start);
  g_clear_object (&start->program);
  g_free (start->path);
  g_free (start);
}

/* Each of the events below may come first, and all but the first find the task already returned. */
static gboolean
start_is_over (GTask *task)
{
  Start *start = g_task_get_task_data (task);

  return start->watch == 0;
}

static void
start_succeed (GTask *task)
{
  start_stop_waiting (g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
}

static void
start_fail (GTask *task, GError *error)
{
  start_stop_waiting (g_task_get_task_data (task));
  g_task_return_error (task, error);
}

static void
name_appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));

  if (!start_is_over (task))
    start_succeed (task);
}

static gboolean
patience_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));
  Start *start = g_task_get_task_data (task);

  start->patience = 0;
  start_fail (task,
              g_error_new (WHIS_SERVICE_START_ERROR, WHIS_SERVICE_START_ERROR_TIMEOUT,
                           _ ("Whis was started but does not answer; try again in a moment.")));

  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));

  if (!start_is_over (task))
    start_fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));

  return G_SOURCE_REMOVE;
}

static void
program_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Start *start;

  g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, &error);
  if (start_is_over (task))
    return;

  g_debug ("service ended early: %s", error != NULL ? error->message : "exit status 0");
  start = g_task_get_task_data (task);
  start_fail (task, g_error_new (WHIS_SERVICE_START_ERROR, WHIS_SERVICE_START_ERROR_ENDED,
                                 _ ("Whis ended right after it was started; run “%s” in a "
                                    "terminal to see why."),
                                 start->path));
}

static void
wait_for_name (GTask *task)
{
  Start *start = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  start->patience = g_timeout_add_seconds (PATIENCE_SECONDS, patience_cb, task);
  if (cancellable != NULL)
    {
      start->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (start->cancelled, G_SOURCE_FUNC (cancelled_cb), g_object_ref (task),
                             g_object_unref);
      g_source_attach (start->cancelled, g_task_get_context (task));
    }
  start->watch = g_bus_watch_name_on_connection (g_task_get_source_object (task), WHIS_APP_ID,
                                                 G_BUS_NAME_WATCHER_FLAGS_NONE, name_appeared_cb,
                                                 NULL, g_object_ref (task), g_object_unref);
}

static void
service_start_spawn (GTask *task, const char *program)
{
  Start *start = g_task_get_task_data (task);
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;

  launcher = whis_detached_launcher_new ();
  start->path = g_strdup (program);
  start->program = g_subprocess_launcher_spawn (launcher, &error, program, NULL);
  if (start->program == NULL)
    {
      g_debug ("cannot spawn the service: %s", error->message);
      g_task_return_new_error (task, WHIS_SERVICE_START_ERROR, WHIS_SERVICE_START_ERROR_PROGRAM,
                               _ ("The program %s could not be run; is Whis installed completely?"),
                               program);
      return;
    }

  wait_for_name (task);
  g_subprocess_wait_check_async (start->program, g_task_get_cancellable (task), program_ended_cb,
                                 g_object_ref (task));
}

static void
activated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply != NULL)
    wait_for_name (task);
  else if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN))
    service_start_spawn (task, WHIS_LIBEXECDIR "/whis-service");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    {
      g_dbus_error_strip_remote_error (error);
      g_task_return_new_error (task, WHIS_SERVICE_START_ERROR, WHIS_SERVICE_START_ERROR_BUS,
                               _ ("Whis could not be started: %s"), error->message);
    }
}

/**
 * whis_service_start_async:
 * @bus: the session bus
 * @cancellable: (nullable): ends the waiting; a program that was started goes on
 * @callback: called when the service is on the bus, or will not be
 * @user_data: passed to @callback
 *
 * Starts the Whis service: by D-Bus activation, or where no service file is installed by running
 * the program. `WHIS_SERVICE_PROGRAM` in the environment names a program to run instead, for build
 * trees.
 */
void
whis_service_start_async (GDBusConnection *bus,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  const char *program = g_getenv ("WHIS_SERVICE_PROGRAM");

  g_return_if_fail (G_IS_DBUS_CONNECTION (bus));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (bus, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_service_start_async);
  g_task_set_task_data (task, g_new0 (Start, 1), (GDestroyNotify) start_free);

  if (program != NULL && *program != '\0')
    service_start_spawn (task, program);
  else
    g_dbus_connection_call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                            "org.freedesktop.DBus", "StartServiceByName",
                            g_variant_new ("(su)", WHIS_APP_ID, 0), G_VARIANT_TYPE ("(u)"),
                            G_DBUS_CALL_FLAGS_NONE, PATIENCE_SECONDS * 1000, cancellable,
                            activated_cb, g_steal_pointer (&task));
}

/**
 * whis_service_start_finish:
 * @bus: the session bus
 * @result: what the callback was given
 * @error: return location for an error of %WHIS_SERVICE_START_ERROR
 *
 * Returns: whether the service is on the bus
 */
gboolean
whis_service_start_finish (GDBusConnection *bus, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, bus), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_service_start_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
