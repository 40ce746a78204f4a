/* SPDX-License-Identifier: MIT */
#include "sleep-guard.h"

#include <glib/gi18n-lib.h>

#include "sleep-block.h"
#include "sleep.h"

/**
 * WhisSleepGuard:
 *
 * A recording that the computer's sleep would cut off is stopped before, and holds the sleep until
 * its last sound is in its file. Its text follows when the computer is awake again.
 *
 * A computer that would only sleep for want of something to do is kept awake until the text of what
 * was recorded is delivered, or waits for something.
 */

struct _WhisSleepGuard
{
  GObject parent_instance;

  WhisDictations *dictations;
  WhisSleep *sleep;
  WhisSleepBlock *block;
  GHashTable *alive;    /* dictations of a microphone that have no text yet */
  GHashTable *recorded; /* dictations whose sound is not all in its file */
};

G_DEFINE_FINAL_TYPE (WhisSleepGuard, whis_sleep_guard, G_TYPE_OBJECT)

/* However long the disk takes: logind gives up by itself. */
static void
sleep_guard_update (WhisSleepGuard *self, WhisDictation *dictation)
{
  if (!whis_dictation_state_takes_sound (whis_dictation_get_state (dictation))
      && whis_dictation_has_all_sound (dictation) && g_hash_table_remove (self->recorded, dictation)
      && g_hash_table_size (self->recorded) == 0)
    whis_sleep_allow (self->sleep);
}

static void
sleep_guard_block (WhisSleepGuard *self, WhisDictation *dictation)
{
  WhisDictationState state = whis_dictation_get_state (dictation);

  if (state == WHIS_DICTATION_STATE_RECORDING)
    {
      g_hash_table_add (self->alive, g_object_ref (dictation));
      whis_sleep_block_hold (self->block, _ ("A dictation is being recorded or recognised."));
    }
  else if (whis_dictation_state_is_final (state) && g_hash_table_remove (self->alive, dictation)
           && g_hash_table_size (self->alive) == 0)
    whis_sleep_block_release (self->block);
}

static void
state_changed_cb (WhisSleepGuard *self, GParamSpec *pspec, WhisDictation *dictation)
{
  if (whis_dictation_uses_microphone (dictation)
      && whis_dictation_get_state (dictation) == WHIS_DICTATION_STATE_RECORDING)
    {
      g_hash_table_add (self->recorded, g_object_ref (dictation));
      whis_sleep_delay (self->sleep, _ ("A dictation is being recorded."));
    }
  if (whis_dictation_uses_microphone (dictation))
    sleep_guard_block (self, dictation);
  sleep_guard_update (self, dictation);
}

static void
added_cb (WhisSleepGuard *self, WhisDictation *dictation)
{
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "closed", G_CALLBACK (sleep_guard_update), self,
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

  g_clear_pointer (&self->recorded, g_hash_table_unref);
  g_clear_pointer (&self->alive, g_hash_table_unref);
  g_clear_object (&self->block);
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
  self->block = whis_sleep_block_new ();
  self->alive = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->recorded = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
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
