/* SPDX-License-Identifier: MIT */
#include "silence-stop.h"

/**
 * WhisSilenceStop:
 *
 * Stops a dictation by itself when nobody has spoken for as long as the settings say, or for three
 * seconds if it is to stop by itself whatever they say. One in which nobody has spoken yet gets
 * more time, and then ends as one without speech.
 *
 * It goes by the voice detection of the recording, and by the length of the sound: no timer runs.
 */

/* To begin to speak. */
#define UNSPOKEN_MS 30000

/* For a dictation that is to stop by itself where the settings say that none does. */
#define USUAL_SECONDS 3

struct _WhisSilenceStop
{
  GObject parent_instance;

  WhisSettings *settings;
};

G_DEFINE_FINAL_TYPE (WhisSilenceStop, whis_silence_stop, G_TYPE_OBJECT)

/* Returns 0 for a dictation that does not stop by itself. */
static guint64
get_longest_ms (WhisSilenceStop *self, WhisDictation *dictation)
{
  guint seconds = whis_settings_get_stop_after_silence (self->settings);

  if (seconds == 0 && whis_dictation_is_hands_free (dictation))
    seconds = USUAL_SECONDS;

  return (guint64) seconds * 1000;
}

/* Ten times in a second of sound. */
static void
level_cb (WhisSilenceStop *self, double level, WhisDictation *dictation)
{
  guint64 longest_ms = get_longest_ms (self, dictation);
  gboolean has_spoken;
  guint64 quiet_ms;

  if (longest_ms == 0 || !whis_dictation_uses_microphone (dictation)
      || whis_dictation_is_continuous (dictation)
      || whis_dictation_get_state (dictation) != WHIS_DICTATION_STATE_RECORDING)
    return;

  quiet_ms = whis_dictation_get_quiet_ms (dictation, &has_spoken);
  if (quiet_ms < (has_spoken ? longest_ms : MAX (longest_ms, UNSPOKEN_MS)))
    return;

  g_debug ("Nobody has spoken for %" G_GUINT64_FORMAT " ms", quiet_ms);
  whis_dictation_stop (dictation);
}

static void
added_cb (WhisSilenceStop *self, WhisDictation *dictation)
{
  g_signal_connect_object (dictation, "level", G_CALLBACK (level_cb), self, G_CONNECT_SWAPPED);
}

static void
whis_silence_stop_dispose (GObject *object)
{
  g_clear_object (&WHIS_SILENCE_STOP (object)->settings);

  G_OBJECT_CLASS (whis_silence_stop_parent_class)->dispose (object);
}

static void
whis_silence_stop_class_init (WhisSilenceStopClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_silence_stop_dispose;
}

static void
whis_silence_stop_init (WhisSilenceStop *self)
{
}

/**
 * whis_silence_stop_new:
 * @settings: after which silence, or not at all
 * @dictations: what is stopped
 *
 * Returns: (transfer full): an object that works as long as it lives
 */
WhisSilenceStop *
whis_silence_stop_new (WhisSettings *settings, WhisDictations *dictations)
{
  WhisSilenceStop *self = g_object_new (WHIS_TYPE_SILENCE_STOP, NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (dictations, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);

  return self;
}
