/* SPDX-License-Identifier: MIT */
#include "media-pause.h"

#include "media-players.h"

/**
 * WhisMediaPause:
 *
 * Media players are silent while a microphone is open, if the user wants that.
 */

struct _WhisMediaPause
{
  GObject parent_instance;

  WhisSettings *settings;
  WhisMediaPlayers *players;
  GHashTable *open; /* dictations whose microphone is open */
};

G_DEFINE_FINAL_TYPE (WhisMediaPause, whis_media_pause, G_TYPE_OBJECT)

static void
media_pause_update (WhisMediaPause *self, WhisDictation *dictation)
{
  if (!whis_dictation_uses_microphone (dictation))
    return;

  if (whis_dictation_state_takes_sound (whis_dictation_get_state (dictation)))
    {
      g_hash_table_add (self->open, g_object_ref (dictation));
      if (!whis_dictation_follows (dictation) && whis_settings_get_pause_media (self->settings))
        whis_media_players_pause (self->players);
    }
  else if (whis_dictation_has_all_sound (dictation) && g_hash_table_remove (self->open, dictation)
           && g_hash_table_size (self->open) == 0)
    whis_media_players_resume (self->players);
}

static void
state_changed_cb (WhisMediaPause *self, GParamSpec *pspec, WhisDictation *dictation)
{
  media_pause_update (self, dictation);
}

static void
added_cb (WhisMediaPause *self, WhisDictation *dictation)
{
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "closed", G_CALLBACK (media_pause_update), self,
                           G_CONNECT_SWAPPED);
}

static void
whis_media_pause_dispose (GObject *object)
{
  WhisMediaPause *self = WHIS_MEDIA_PAUSE (object);

  g_clear_pointer (&self->open, g_hash_table_unref);
  g_clear_object (&self->players);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_media_pause_parent_class)->dispose (object);
}

static void
whis_media_pause_class_init (WhisMediaPauseClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_media_pause_dispose;
}

static void
whis_media_pause_init (WhisMediaPause *self)
{
  self->open = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/**
 * whis_media_pause_new:
 * @connection: the session bus
 * @settings: whether the user wants it
 * @dictations: what opens microphones
 *
 * Returns: (transfer full): an object that works as long as it lives
 */
WhisMediaPause *
whis_media_pause_new (GDBusConnection *connection,
                      WhisSettings *settings,
                      WhisDictations *dictations)
{
  WhisMediaPause *self = g_object_new (WHIS_TYPE_MEDIA_PAUSE, NULL);

  self->settings = g_object_ref (settings);
  self->players = whis_media_players_new (connection);
  g_signal_connect_object (dictations, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);

  return self;
}
