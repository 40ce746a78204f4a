/* SPDX-License-Identifier: MIT */
#include "wayland-connection.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>

/* A compositor that does not answer in this time is stuck. */
#define OPEN_TIMEOUT_MS 2000

/* A global of the registry. */
typedef struct
{
  guint32 name;
  guint32 version;
  char *interface;
} Global;

/* Reads from the display when there is something, as libwayland wants it. */
typedef struct
{
  GSource source;
  struct wl_display *display;
  gpointer tag;
  gboolean is_reading;
} DisplaySource;

struct _WhisWaylandConnection
{
  GObject parent_instance;

  struct wl_display *display;
  struct wl_registry *registry;
  struct wl_callback *sync;
  struct wl_seat *seat;
  GPtrArray *globals;
  GSource *source;
  GTask *opening;
  guint timer;
};

G_DEFINE_FINAL_TYPE (WhisWaylandConnection, whis_wayland_connection, G_TYPE_OBJECT)

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
global_free (Global *global)
{
  g_free (global->interface);
  g_free (global);
}

static gboolean
display_source_prepare (GSource *source, int *timeout)
{
  DisplaySource *self = (DisplaySource *) source;

  *timeout = -1;
  if (self->is_reading)
    return FALSE;
  if (wl_display_prepare_read (self->display) != 0)
    return TRUE;

  self->is_reading = TRUE;
  wl_display_flush (self->display);

  return FALSE;
}

static gboolean
display_source_check (GSource *source)
{
  DisplaySource *self = (DisplaySource *) source;
  GIOCondition condition = g_source_query_unix_fd (source, self->tag);

  if (!self->is_reading)
    return TRUE;

  self->is_reading = FALSE;
  if (condition & G_IO_IN)
    {
      wl_display_read_events (self->display);
      return TRUE;
    }

  wl_display_cancel_read (self->display);

  return (condition & (G_IO_HUP | G_IO_ERR)) != 0;
}

static gboolean
display_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  DisplaySource *self = (DisplaySource *) source;
  GIOCondition condition = g_source_query_unix_fd (source, self->tag);

  if (wl_display_dispatch_pending (self->display) < 0 || (condition & (G_IO_HUP | G_IO_ERR)) != 0)
    return callback (user_data);

  return G_SOURCE_CONTINUE;
}

static void
display_source_finalize (GSource *source)
{
  DisplaySource *self = (DisplaySource *) source;

  if (self->is_reading)
    wl_display_cancel_read (self->display);
  wl_display_disconnect (self->display);
}

static GSourceFuncs display_source_funcs = {
  .prepare = display_source_prepare,
  .check = display_source_check,
  .dispatch = display_source_dispatch,
  .finalize = display_source_finalize,
};

static void
wayland_connection_return (WhisWaylandConnection *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->opening);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (task == NULL)
    g_clear_error (&error);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static gboolean
on_display_closed (gpointer user_data)
{
  g_autoptr (WhisWaylandConnection) self = g_object_ref (user_data);
  int code = wl_display_get_error (self->display);

  g_debug ("The connection to Wayland has ended: %s", g_strerror (code));
  whis_wayland_connection_close (self);

  return G_SOURCE_REMOVE;
}

static void
on_global (void *data,
           struct wl_registry *registry,
           uint32_t name,
           const char *interface,
           uint32_t version)
{
  WhisWaylandConnection *self = data;
  Global *global = g_new0 (Global, 1);

  global->name = name;
  global->version = version;
  global->interface = g_strdup (interface);
  g_ptr_array_add (self->globals, global);
}

static void
on_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
  WhisWaylandConnection *self = data;

  for (guint i = 0; i < self->globals->len; i++)
    if (((Global *) self->globals->pdata[i])->name == name)
      {
        g_ptr_array_remove_index (self->globals, i);
        return;
      }
}

static const struct wl_registry_listener registry_listener = { on_global, on_global_remove };

static void
on_seat_capabilities (void *data, struct wl_seat *seat, uint32_t capabilities)
{
}

static void
on_seat_name (void *data, struct wl_seat *seat, const char *name)
{
}

static const struct wl_seat_listener seat_listener = { on_seat_capabilities, on_seat_name };

static void
on_synced (void *data, struct wl_callback *callback, uint32_t serial)
{
  WhisWaylandConnection *self = data;

  g_clear_pointer (&self->sync, wl_callback_destroy);
  self->seat = whis_wayland_connection_bind (self, &wl_seat_interface, 5);
  if (self->seat != NULL)
    wl_seat_add_listener (self->seat, &seat_listener, self);
  wayland_connection_return (self, NULL);
}

static const struct wl_callback_listener sync_listener = { on_synced };

static gboolean
on_open_timeout (gpointer user_data)
{
  WhisWaylandConnection *self = user_data;

  self->timer = 0;
  wayland_connection_return (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                                        "The compositor does not answer"));
  whis_wayland_connection_close (self);

  return G_SOURCE_REMOVE;
}

static void
whis_wayland_connection_dispose (GObject *object)
{
  whis_wayland_connection_close (WHIS_WAYLAND_CONNECTION (object));

  G_OBJECT_CLASS (whis_wayland_connection_parent_class)->dispose (object);
}

static void
whis_wayland_connection_finalize (GObject *object)
{
  g_ptr_array_unref (WHIS_WAYLAND_CONNECTION (object)->globals);

  G_OBJECT_CLASS (whis_wayland_connection_parent_class)->finalize (object);
}

static void
whis_wayland_connection_class_init (WhisWaylandConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_wayland_connection_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_wayland_connection_finalize;

  /**
   * WhisWaylandConnection::closed:
   * @self: the connection
   *
   * The compositor has gone, or has refused a request. All objects of the connection are dead: they
   * are to be destroyed in a handler of this.
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", WHIS_TYPE_WAYLAND_CONNECTION, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_wayland_connection_init (WhisWaylandConnection *self)
{
  self->globals = g_ptr_array_new_with_free_func ((GDestroyNotify) global_free);
}

static void
wayland_connection_watch (WhisWaylandConnection *self)
{
  DisplaySource *source;

  self->source = g_source_new (&display_source_funcs, sizeof (DisplaySource));
  source = (DisplaySource *) self->source;
  source->display = self->display;
  source->tag = g_source_add_unix_fd (self->source, wl_display_get_fd (self->display),
                                      G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_set_static_name (self->source, "Wayland");
  g_source_set_callback (self->source, on_display_closed, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

/**
 * whis_wayland_connection_open_async:
 * @display_name: (nullable): the value of `WAYLAND_DISPLAY`
 * @cancellable: (nullable): to give up
 * @callback: called when the globals are known
 * @user_data: for @callback
 *
 * Connects to a compositor with a connection of its own, since a request that the compositor
 * refuses ends the connection.
 */
void
whis_wayland_connection_open_async (const char *display_name,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (WhisWaylandConnection) self = NULL;
  struct wl_display *display = NULL;

  g_task_set_source_tag (task, whis_wayland_connection_open_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (display_name != NULL && *display_name != '\0')
    display = wl_display_connect (display_name);
  if (display == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no compositor: %s",
                               g_strerror (errno));
      return;
    }

  self = g_object_new (WHIS_TYPE_WAYLAND_CONNECTION, NULL);
  self->display = display;
  self->registry = wl_display_get_registry (display);
  wl_registry_add_listener (self->registry, &registry_listener, self);
  self->sync = wl_display_sync (display);
  wl_callback_add_listener (self->sync, &sync_listener, self);
  wayland_connection_watch (self);
  self->timer = g_timeout_add (OPEN_TIMEOUT_MS, on_open_timeout, self);
  g_task_set_task_data (task, g_object_ref (self), g_object_unref);
  self->opening = g_steal_pointer (&task);
  whis_wayland_connection_flush (self);
}

/**
 * whis_wayland_connection_open_finish:
 * @result: the result
 * @error: return location for a %G_IO_ERROR
 *
 * Returns: (transfer full): an open connection
 */
WhisWaylandConnection *
whis_wayland_connection_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_wayland_connection_open_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * whis_wayland_connection_is_open:
 * @self: a connection
 *
 * Returns: whether the compositor still answers
 */
gboolean
whis_wayland_connection_is_open (WhisWaylandConnection *self)
{
  g_return_val_if_fail (WHIS_IS_WAYLAND_CONNECTION (self), FALSE);

  return self->display != NULL;
}

static Global *
wayland_connection_find (WhisWaylandConnection *self, const char *interface)
{
  for (guint i = 0; i < self->globals->len; i++)
    {
      Global *global = self->globals->pdata[i];

      if (strcmp (global->interface, interface) == 0)
        return global;
    }

  return NULL;
}

/**
 * whis_wayland_connection_has:
 * @self: a connection
 * @interface: the name of an interface
 *
 * Returns: whether the compositor offers it to this process
 */
gboolean
whis_wayland_connection_has (WhisWaylandConnection *self, const char *interface)
{
  g_return_val_if_fail (WHIS_IS_WAYLAND_CONNECTION (self), FALSE);
  g_return_val_if_fail (interface != NULL, FALSE);

  return self->display != NULL && wayland_connection_find (self, interface) != NULL;
}

/**
 * whis_wayland_connection_bind:
 * @self: a connection
 * @interface: an interface
 * @max_version: the newest version that the caller knows
 *
 * Returns: (transfer full) (nullable): a new proxy, to be destroyed when it is no longer used and
 * in a handler of #WhisWaylandConnection::closed; %NULL if the compositor does not offer it
 */
gpointer
whis_wayland_connection_bind (WhisWaylandConnection *self,
                              const struct wl_interface *interface,
                              guint max_version)
{
  Global *global;

  g_return_val_if_fail (WHIS_IS_WAYLAND_CONNECTION (self), NULL);
  g_return_val_if_fail (interface != NULL, NULL);

  global = self->display != NULL ? wayland_connection_find (self, interface->name) : NULL;
  if (global == NULL)
    return NULL;

  return wl_registry_bind (self->registry, global->name, interface,
                           MIN (global->version, max_version));
}

/**
 * whis_wayland_connection_bind_each:
 * @self: a connection
 * @interface: an interface of which there may be several
 * @max_version: the newest version that the caller knows
 * @func: called with a new proxy for each that the compositor offers, which it owns
 * @user_data: for @func
 *
 * The same as whis_wayland_connection_bind() for all of them, such as monitors.
 */
void
whis_wayland_connection_bind_each (WhisWaylandConnection *self,
                                   const struct wl_interface *interface,
                                   guint max_version,
                                   GFunc func,
                                   gpointer user_data)
{
  g_return_if_fail (whis_wayland_connection_is_open (self));
  g_return_if_fail (interface != NULL && func != NULL);

  for (guint i = 0; i < self->globals->len; i++)
    {
      const Global *global = self->globals->pdata[i];

      if (strcmp (global->interface, interface->name) == 0)
        func (wl_registry_bind (self->registry, global->name, interface,
                                MIN (global->version, max_version)),
              user_data);
    }
}

/**
 * whis_wayland_connection_get_seat:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): the first seat
 */
struct wl_seat *
whis_wayland_connection_get_seat (WhisWaylandConnection *self)
{
  g_return_val_if_fail (WHIS_IS_WAYLAND_CONNECTION (self), NULL);

  return self->seat;
}

/**
 * whis_wayland_connection_sync:
 * @self: an open connection
 *
 * Returns: (transfer full): a callback that is done when all that was requested before is answered
 */
struct wl_callback *
whis_wayland_connection_sync (WhisWaylandConnection *self)
{
  g_return_val_if_fail (whis_wayland_connection_is_open (self), NULL);

  return wl_display_sync (self->display);
}

/**
 * whis_wayland_connection_flush:
 * @self: a connection
 *
 * Sends what was requested without waiting for the main loop's next turn.
 */
void
whis_wayland_connection_flush (WhisWaylandConnection *self)
{
  g_return_if_fail (WHIS_IS_WAYLAND_CONNECTION (self));

  if (self->display != NULL)
    wl_display_flush (self->display);
}

/**
 * whis_wayland_connection_close:
 * @self: a connection
 *
 * Ends the connection, if it is still open.
 */
void
whis_wayland_connection_close (WhisWaylandConnection *self)
{
  g_autoptr (GSource) source = NULL;

  g_return_if_fail (WHIS_IS_WAYLAND_CONNECTION (self));

  /* A handler of the signal may close it, too. */
  source = g_steal_pointer (&self->source);
  if (source == NULL)
    return;

  wayland_connection_return (
      self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The compositor has gone"));
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  g_clear_pointer (&self->sync, wl_callback_destroy);
  g_clear_pointer (&self->seat, wl_seat_destroy);
  g_clear_pointer (&self->registry, wl_registry_destroy);
  self->display = NULL;

  /* The display itself is disconnected when nobody dispatches its source any more. */
  g_source_destroy (source);
}
