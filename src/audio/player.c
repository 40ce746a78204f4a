/* SPDX-License-Identifier: MIT */
#include "player.h"

#include <glib/gi18n-lib.h>
#include <gst/gst.h>

#include "gstreamer.h"

/* GstPlayFlags: audio, and the volume where the sound server has none. No video, so no window. */
#define PLAY_FLAGS "audio+soft-volume"

/* One file that is played. Its thread makes the pipeline, waits on the queue and takes the pipeline
 * down again; the main context only ever puts a stop into the queue. */
typedef struct
{
  WhisPlayer *player; /* of the main context; NULL from the moment that nobody asks any more */
  GMainContext *context;
  GAsyncQueue *reasons; /* why it ends: a GError, or one of the two below */
  GError *error;
  char *path;
} Playback;

static char reason_stopped;
static char reason_played;

/**
 * WhisPlayer:
 *
 * Plays a recording to the default loudspeaker, one at a time.
 *
 * Nothing here waits on the main loop: every playback has a thread, in which GStreamer is
 * initialised and the sound server talked to.
 */
struct _WhisPlayer
{
  GObject parent_instance;

  Playback *playback; /* what sounds now */
};

enum
{
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisPlayer, whis_player, G_TYPE_OBJECT)

static void
free_reason (gpointer reason)
{
  if (reason != &reason_stopped && reason != &reason_played)
    g_error_free (reason);
}

static Playback *
playback_new (WhisPlayer *player, const char *path)
{
  Playback *playback = g_atomic_rc_box_new0 (Playback);

  playback->player = player;
  playback->context = g_main_context_ref_thread_default ();
  playback->reasons = g_async_queue_new_full (free_reason);
  playback->path = g_strdup (path);

  return playback;
}

static void
clear_playback (gpointer data)
{
  Playback *playback = data;

  g_main_context_unref (playback->context);
  g_async_queue_unref (playback->reasons);
  g_clear_error (&playback->error);
  g_free (playback->path);
}

static void
playback_unref (gpointer playback)
{
  g_atomic_rc_box_release_full (playback, clear_playback);
}

static gboolean
is_about_file (const GError *error)
{
  return error->domain != GST_RESOURCE_ERROR || error->code == GST_RESOURCE_ERROR_NOT_FOUND
         || error->code == GST_RESOURCE_ERROR_OPEN_READ || error->code == GST_RESOURCE_ERROR_READ;
}

static GError *
explain_error (const GError *error, const char *path)
{
  if (!is_about_file (error))
    return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_DEVICE,
                        _ ("The recording cannot be played: check the sound output of the desktop "
                           "(%s)."),
                        error->message);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                        _ ("The recording “%s” is not there any more."), path);

  return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                      _ ("The recording “%s” holds no sound that can be played."), path);
}

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  GAsyncQueue *reasons = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    g_async_queue_push (reasons, &reason_played);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      GError *error = NULL;

      gst_message_parse_error (message, &error, NULL);
      g_async_queue_push (reasons, error);
    }

  gst_message_unref (message);

  return GST_BUS_DROP;
}

static GstElement *
make_pipeline (Playback *playback, GError **error)
{
  g_autofree char *uri = g_filename_to_uri (playback->path, NULL, NULL);
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstBus) bus = NULL;
  GstElement *sink;

  if (!whis_gstreamer_start (error))
    return NULL;

  pipeline = gst_element_factory_make ("playbin", NULL);
  sink = pipeline != NULL ? gst_element_factory_make ("pulsesink", NULL) : NULL;
  if (sink == NULL)
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
                   _ ("The GStreamer element “%s” is missing: install the GStreamer plugins that "
                      "Whis needs."),
                   pipeline == NULL ? "playbin" : "pulsesink");
      return NULL;
    }

  gst_object_ref_sink (pipeline);
  g_object_set (sink, "client-name", "Whis", NULL);
  gst_util_set_object_arg (G_OBJECT (pipeline), "flags", PLAY_FLAGS);
  g_object_set (pipeline, "uri", uri, "audio-sink", sink, NULL);
  bus = gst_element_get_bus (pipeline);
  gst_bus_set_sync_handler (bus, on_message, g_async_queue_ref (playback->reasons),
                            (GDestroyNotify) g_async_queue_unref);

  return g_steal_pointer (&pipeline);
}

/* Until the end, an error or a stop. Every failure has put its error into the queue. */
static void
play_to_the_end (Playback *playback, GstElement *pipeline)
{
  gpointer reason;

  if (gst_element_set_state (pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    g_async_queue_push (playback->reasons,
                        g_error_new (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_FAILED, "%s",
                                     _ ("no sound server answers")));

  reason = g_async_queue_pop (playback->reasons);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  if (reason != &reason_stopped && reason != &reason_played)
    {
      g_autoptr (GError) error = reason;

      g_debug ("Player: %s", error->message);
      playback->error = explain_error (error, playback->path);
    }
}

static gboolean
on_played (gpointer data)
{
  Playback *playback = data;
  g_autoptr (WhisPlayer) player = NULL;

  if (playback->player == NULL)
    return G_SOURCE_REMOVE;

  player = g_object_ref (playback->player);
  playback->player = NULL;
  g_clear_pointer (&player->playback, playback_unref);
  g_signal_emit (player, signals[SIGNAL_ENDED], 0, playback->error);

  return G_SOURCE_REMOVE;
}

/* Takes the playback. */
static void
schedule_on_played (Playback *playback)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[whis] player");
  g_source_set_callback (source, on_played, playback, playback_unref);
  g_source_attach (source, playback->context);
}

static gpointer
play_in_thread (gpointer data)
{
  Playback *playback = data;
  GstElement *pipeline = make_pipeline (playback, &playback->error);

  if (pipeline != NULL)
    {
      play_to_the_end (playback, pipeline);
      gst_object_unref (pipeline);
    }
  schedule_on_played (playback);

  return NULL;
}

/**
 * whis_player_new:
 *
 * Returns: (transfer full): a player that plays nothing
 */
WhisPlayer *
whis_player_new (void)
{
  return g_object_new (WHIS_TYPE_PLAYER, NULL);
}

/**
 * whis_player_play:
 * @self: a player
 * @path: a sound file, by its absolute path
 *
 * Plays a file from its beginning, instead of what is played now. [signal@Player::ended] follows,
 * unless it is stopped or replaced.
 */
void
whis_player_play (WhisPlayer *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_return_if_fail (WHIS_IS_PLAYER (self));
  g_return_if_fail (path != NULL && g_path_is_absolute (path));

  whis_player_stop (self);
  self->playback = playback_new (self, path);
  thread = g_thread_try_new ("whis-player", play_in_thread,
                             g_atomic_rc_box_acquire (self->playback), &error);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return;
    }
  self->playback->error = explain_error (error, path);
  schedule_on_played (self->playback);
}

/**
 * whis_player_stop:
 * @self: a player
 *
 * Stops, without a signal. Does nothing when nothing is played.
 */
void
whis_player_stop (WhisPlayer *self)
{
  g_return_if_fail (WHIS_IS_PLAYER (self));

  if (self->playback == NULL)
    return;

  self->playback->player = NULL;
  g_async_queue_push (self->playback->reasons, &reason_stopped);
  g_clear_pointer (&self->playback, playback_unref);
}

/**
 * whis_player_get_playing:
 * @self: a player
 *
 * Returns: whether a file is played, or about to be
 */
gboolean
whis_player_get_playing (WhisPlayer *self)
{
  g_return_val_if_fail (WHIS_IS_PLAYER (self), FALSE);

  return self->playback != NULL;
}

static void
whis_player_dispose (GObject *object)
{
  whis_player_stop (WHIS_PLAYER (object));

  G_OBJECT_CLASS (whis_player_parent_class)->dispose (object);
}

static void
whis_player_class_init (WhisPlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = whis_player_dispose;

  /**
   * WhisPlayer::ended:
   * @error: (nullable): a [error@AudioError], or %NULL when the file was played to its end
   *
   * Nothing is played any more. Emitted once for every play that was not stopped or replaced, in
   * the thread-default main context of [method@Player.play].
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", WHIS_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_player_init (WhisPlayer *self)
{
}
