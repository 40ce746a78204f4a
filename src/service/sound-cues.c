/* SPDX-License-Identifier: MIT */
#include "sound-cues.h"

#include "failure.h"
#include "player.h"

/**
 * WhisSoundCues:
 *
 * Plays a short sound when the microphone hears, when it has stopped, and when a dictation failed.
 *
 * The first one sounds while the microphone is open, and is cut out by #WhisCueFilter. The others
 * wait until it is closed, and are left out while the next dictation records.
 */

/* A sound server that takes longer plays none: the filter searches for 3 s. */
#define LATEST_START_MS 2500

struct _WhisSoundCues
{
  GObject parent_instance;

  WhisSettings *settings;
  WhisDictations *dictations;
  WhisPlayer *player;
  guint timeout; /* after which the sound of a start is late */
};

G_DEFINE_FINAL_TYPE (WhisSoundCues, whis_sound_cues, G_TYPE_OBJECT)

static gboolean
late_cb (gpointer user_data)
{
  WhisSoundCues *self = user_data;

  self->timeout = 0;
  g_debug ("The cue would be late");
  whis_player_stop (self->player);

  return G_SOURCE_REMOVE;
}

static void
player_ended_cb (WhisSoundCues *self, const GError *error)
{
  if (error != NULL)
    g_debug ("No cue: %s", error->message);
  g_clear_handle_id (&self->timeout, g_source_remove);
}

static void
sound_cues_play (WhisSoundCues *self, const char *name)
{
  const char *directory = g_getenv ("WHIS_SOUNDS_DIR");
  g_autofree char *file = g_strconcat (name, ".wav", NULL);
  g_autofree char *path = NULL;

  if (!whis_settings_get_cues (self->settings))
    return;

  g_clear_handle_id (&self->timeout, g_source_remove);
  path = g_build_filename (directory != NULL ? directory : WHIS_SOUNDS_DIR, file, NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    whis_player_play (self->player, path);
}

static void
state_changed_cb (WhisSoundCues *self, GParamSpec *pspec, WhisDictation *dictation)
{
  WhisDictationState state = whis_dictation_get_state (dictation);

  if (!whis_dictation_uses_microphone (dictation))
    return;

  if (state == WHIS_DICTATION_STATE_RECORDING && !whis_dictation_follows (dictation))
    {
      sound_cues_play (self, "started");
      if (whis_player_get_playing (self->player))
        self->timeout = g_timeout_add (LATEST_START_MS, late_cb, self);
    }
  else if (state == WHIS_DICTATION_STATE_FAILED
           && whis_dictations_get_recording (self->dictations) == NULL)
    sound_cues_play (self, "failed");
}

static void
closed_cb (WhisSoundCues *self, WhisDictation *dictation)
{
  WhisDictationState state = whis_dictation_get_state (dictation);

  if (whis_dictation_uses_microphone (dictation) && state != WHIS_DICTATION_STATE_FAILED
      && whis_dictations_get_recording (self->dictations) == NULL)
    sound_cues_play (self, "stopped");
}

static void
added_cb (WhisSoundCues *self, WhisDictation *dictation)
{
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
}

static void
whis_sound_cues_dispose (GObject *object)
{
  WhisSoundCues *self = WHIS_SOUND_CUES (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_object (&self->player);
  g_clear_object (&self->dictations);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_sound_cues_parent_class)->dispose (object);
}

static void
whis_sound_cues_class_init (WhisSoundCuesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_sound_cues_dispose;
}

static void
whis_sound_cues_init (WhisSoundCues *self)
{
  self->player = whis_player_new ();
  g_signal_connect_object (self->player, "ended", G_CALLBACK (player_ended_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * whis_sound_cues_new:
 * @settings: whether the user wants them
 * @dictations: what they tell of
 *
 * Returns: (transfer full): cues that sound as long as this lives
 */
WhisSoundCues *
whis_sound_cues_new (WhisSettings *settings, WhisDictations *dictations)
{
  WhisSoundCues *self = g_object_new (WHIS_TYPE_SOUND_CUES, NULL);

  self->settings = g_object_ref (settings);
  self->dictations = g_object_ref (dictations);
  g_signal_connect_object (dictations, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);

  return self;
}
