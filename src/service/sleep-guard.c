/* SPDX-License-Identifier: MIT */
#include "sleep-guard.h"

#include <glib/gi18n-lib.h>

#include "sleep.h"

/**
 * WhisSleepGuard:
 *
 * A recording that the computer's sleep would cut off is stopped before, and holds the sleep until
 * its last sound is in its file. Its text follows when the computer is awake again.
 */

/* The tail of the recording, and the disk. logind waits five seconds. */
#define LAST_SOUND_MS 1500

struct _WhisSleepGuard
{
  GObject parent_instance;

  WhisDictations *dictations;
  WhisSleep *sleep;
  guint timer;
};

G_DEFINE_FINAL_TYPE (WhisSleepGuard, whis_sleep_guard, G_TYPE_OBJECT)

static gboolean
saved_cb (gpointer user_data)
{
  WhisSleepGuard *self = user_data;

  self->timer = 0;
  if (whis_dictations_get_recording (self->dictations) == NULL)
    whis_sleep_allow (self->sleep);

  return G_SOURCE_REMOVE;
}

static void
state_changed_cb (WhisSleepGuard *self, GParamSpec *pspec, WhisDictation *dictation)
{
  WhisDictationState state = whis_dictation_get_state (dictation);

  if (!whis_dictation_uses_microphone (dictation))
    return;

  if (state == WHIS_DICTATION_STATE_RECORDING)
    whis_sleep_delay (self->sleep, _ ("A dictation is being recorded."));
  else if (!whis_dictation_state_takes_sound (state) && self->timer == 0)
    self->timer = g_timeout_add (LAST_SOUND_MS, saved_cb, self);
}

static void
added_cb (WhisSleepGuard *self, WhisDictation *dictation)
{
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
sleep_coming_cb (WhisSleepGuard *self)
{
  WhisDictation *recording = whis_dictations_get_recording (self->dictations);

  if (recording != NULL)
    whis_dictation_stop (recording);
}

static void
whis_sleep_guard_dispose (GObject *object)
{
  WhisSleepGuard *self = WHIS_SLEEP_GUARD (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->sleep);
  g_clear_object (&self->dictations);

  G_OBJECT_CLASS (whis_sleep_guard_parent_class)->dispose (object);
}

static void
whis_sleep_guard_class_init (WhisSleepGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_sleep_guard_dispose;
}

static void
whis_sleep_guard_init (WhisSleepGuard *self)
{
  self->sleep = whis_sleep_new ();
}

/**
 * whis_sleep_guard_new:
 * @dictations: what the computer's sleep would interrupt
 *
 * Returns: (transfer full): a guard that works as long as it lives
 */
WhisSleepGuard *
whis_sleep_guard_new (WhisDictations *dictations)
{
  WhisSleepGuard *self = g_object_new (WHIS_TYPE_SLEEP_GUARD, NULL);

  self->dictations = g_object_ref (dictations);
  g_signal_connect_object (dictations, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sleep, "coming", G_CALLBACK (sleep_coming_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
