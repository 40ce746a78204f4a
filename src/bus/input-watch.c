/* SPDX-License-Identifier: MIT */
#include "input-watch.h"

#include "capture.h"

/**
 * WhisInputWatch:
 *
 * The level of a microphone, for the preferences. No sound is kept. It lasts as long as the one who
 * asked for it is on the bus.
 */

struct _WhisInputWatch
{
  GObject parent_instance;

  WhisCapture *capture;
  guint caller_watch;
};

enum
{
  LEVEL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisInputWatch, whis_input_watch, G_TYPE_OBJECT)

static void
level_cb (WhisInputWatch *self, double level)
{
  g_signal_emit (self, signals[LEVEL], 0, level);
}

/* Without a microphone there is no level either. */
static void
ended_cb (WhisInputWatch *self)
{
  whis_input_watch_end (self);
}

static void
caller_vanished_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  whis_input_watch_end (user_data);
}

/**
 * whis_input_watch_begin:
 * @self: the watch
 * @microphone: name of the source, empty for the default one
 * @connection: the bus of @caller
 * @caller: unique name of who asks
 * @error: return location for an error of the audio room
 *
 * Opens the microphone; what was watched before is closed.
 *
 * Returns: whether the microphone is being opened
 */
gboolean
whis_input_watch_begin (WhisInputWatch *self,
                        const char *microphone,
                        GDBusConnection *connection,
                        const char *caller,
                        GError **error)
{
  WhisCaptureOptions options = WHIS_CAPTURE_OPTIONS_INIT;

  g_return_val_if_fail (WHIS_IS_INPUT_WATCH (self), FALSE);

  whis_input_watch_end (self);
  options.microphone = microphone != NULL && *microphone != '\0' ? microphone : NULL;
  options.level_only = TRUE;
  self->capture = whis_capture_new (&options);
  g_signal_connect_object (self->capture, "level", G_CALLBACK (level_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->capture, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  if (!whis_capture_start (self->capture, error))
    {
      g_clear_object (&self->capture);
      return FALSE;
    }

  self->caller_watch = g_bus_watch_name_on_connection (
      connection, caller, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, caller_vanished_cb, self, NULL);

  return TRUE;
}

/**
 * whis_input_watch_end:
 * @self: the watch
 *
 * Closes the microphone.
 */
void
whis_input_watch_end (WhisInputWatch *self)
{
  g_return_if_fail (WHIS_IS_INPUT_WATCH (self));

  g_clear_handle_id (&self->caller_watch, g_bus_unwatch_name);
  if (self->capture == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->capture, self);
  whis_capture_cancel (self->capture);
  g_clear_object (&self->capture);
  g_signal_emit (self, signals[LEVEL], 0, -100.0);
}

static void
whis_input_watch_dispose (GObject *object)
{
  whis_input_watch_end (WHIS_INPUT_WATCH (object));

  G_OBJECT_CLASS (whis_input_watch_parent_class)->dispose (object);
}

static void
whis_input_watch_class_init (WhisInputWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_input_watch_dispose;

  /**
   * WhisInputWatch::level:
   * @self: the watch
   * @level: peak level in dBFS, -100 when the microphone is closed
   */
  signals[LEVEL] = g_signal_new ("level", WHIS_TYPE_INPUT_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
whis_input_watch_init (WhisInputWatch *self)
{
}

/**
 * whis_input_watch_new:
 *
 * Returns: (transfer full): a watch that watches nothing yet
 */
WhisInputWatch *
whis_input_watch_new (void)
{
  return g_object_new (WHIS_TYPE_INPUT_WATCH, NULL);
}
