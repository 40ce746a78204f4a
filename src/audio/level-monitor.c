/* SPDX-License-Identifier: MIT */
#include "level-monitor.h"

#include "microphone.h"

/**
 * WhisLevelMonitor:
 *
 * Measures the level of a microphone: no file, no chunks.
 */
struct _WhisLevelMonitor
{
  GObject parent_instance;

  WhisCapture *microphone;
};

enum
{
  SIGNAL_LEVEL,
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisLevelMonitor, whis_level_monitor, G_TYPE_OBJECT)

static void
level_cb (WhisLevelMonitor *self, double peak_db)
{
  g_signal_emit (self, signals[SIGNAL_LEVEL], 0, peak_db);
}

static void
ended_cb (WhisLevelMonitor *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, error);
}

/**
 * whis_level_monitor_start:
 * @self: a monitor
 * @error: return location for a [error@AudioError]
 *
 * Opens the microphone. That it does not deliver is told by [signal@LevelMonitor::ended].
 *
 * Returns: whether the microphone is being opened
 */
gboolean
whis_level_monitor_start (WhisLevelMonitor *self, GError **error)
{
  g_return_val_if_fail (WHIS_IS_LEVEL_MONITOR (self), FALSE);

  return whis_capture_start (self->microphone, error);
}

/**
 * whis_level_monitor_stop:
 * @self: a monitor
 *
 * Closes the microphone. No signal is emitted any more.
 */
void
whis_level_monitor_stop (WhisLevelMonitor *self)
{
  g_return_if_fail (WHIS_IS_LEVEL_MONITOR (self));

  whis_capture_cancel (self->microphone);
}

static void
whis_level_monitor_dispose (GObject *object)
{
  WhisLevelMonitor *self = WHIS_LEVEL_MONITOR (object);

  if (self->microphone != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->microphone, self);
      whis_capture_cancel (self->microphone);
    }
  g_clear_object (&self->microphone);

  G_OBJECT_CLASS (whis_level_monitor_parent_class)->dispose (object);
}

static void
whis_level_monitor_class_init (WhisLevelMonitorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_level_monitor_dispose;

  /**
   * WhisLevelMonitor::level:
   * @self: a monitor
   * @peak_db: the loudest sample of the last 100 ms, in dB relative to full scale (0 or less)
   *
   * Ten times a second.
   */
  signals[SIGNAL_LEVEL] = g_signal_new ("level", WHIS_TYPE_LEVEL_MONITOR, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  /**
   * WhisLevelMonitor::ended:
   * @self: a monitor
   * @error: (nullable): a [error@AudioError]
   *
   * There is no microphone any more.
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", WHIS_TYPE_LEVEL_MONITOR, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_level_monitor_init (WhisLevelMonitor *self)
{
}

/**
 * whis_level_monitor_new:
 * @microphone: (nullable): name of a PulseAudio source, %NULL or empty for the default one
 *
 * Returns: (transfer full): a monitor that has not started
 */
WhisLevelMonitor *
whis_level_monitor_new (const char *microphone)
{
  const WhisCaptureOptions options = { .dictation = "level" };
  const WhisMicrophoneOptions choice = { .name = microphone };
  WhisLevelMonitor *self = g_object_new (WHIS_TYPE_LEVEL_MONITOR, NULL);

  self->microphone = whis_microphone_new (&options, &choice);
  g_signal_connect_swapped (self->microphone, "level", G_CALLBACK (level_cb), self);
  g_signal_connect_swapped (self->microphone, "ended", G_CALLBACK (ended_cb), self);

  return self;
}
