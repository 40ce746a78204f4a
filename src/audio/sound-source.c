/* SPDX-License-Identifier: MIT */
#include "sound-source.h"

#include <glib/gi18n-lib.h>

#include "devices.h"
#include "pipeline.h"

/* How often the server is asked which microphone it is, in samples: every two seconds. It moves a
 * stream whose device is unplugged to another one by itself, and pulsesrc does not tell. */
#define ASK_SAMPLES (2 * 16000)

/* What PulseAudio, and PipeWire in its place, call the source of what a sink plays: the sink's name
 * and this; and the name under which a client asks for that of the default sink. */
#define MONITOR_SUFFIX ".monitor"
#define DEFAULT_MONITOR "@DEFAULT_MONITOR@"

/**
 * WhisSoundSource:
 *
 * A microphone or a file that gives its sound: GStreamer's pipeline and its threads.
 *
 * Opening and shutting wait for the sound server, so each is done in a thread of the caller's. A
 * source is opened once; shutting waits for opening.
 */
struct _WhisSoundSource
{
  int file;
  char *microphone;
  guint flags;
  WhisSoundSourceFuncs funcs;
  gint muted; /* atomic */

  GMutex told; /* guards what follows; held for a moment only */
  gpointer user_data;
  guint n_telling; /* calls of funcs that have not returned */

  GMutex lock; /* held while the pipeline is opened or closed; guards what follows */
  GstElement *pipeline;
  GstPad *pad;
  gulong probe;
  gboolean closed;

  /* of the thread that the sound comes in */
  gboolean started;
  gboolean ended;
  gsize n_unasked;
  char *device;
  gboolean moved;
  gint device_changed; /* atomic; of another thread of GStreamer's */
};

/**
 * whis_sound_source_new:
 * @file: file descriptor to read from, or -1 for the microphone; must stay open
 * @microphone: (nullable): PulseAudio source, or %NULL for the default one
 * @flags: a set of [flags@PipelineFlags]
 * @funcs: what to call
 * @user_data: for @funcs; must stay until the source is closed or handed over
 *
 * Returns: (transfer full): a source that is not open
 */
WhisSoundSource *
whis_sound_source_new (int file,
                       const char *microphone,
                       guint flags,
                       const WhisSoundSourceFuncs *funcs,
                       gpointer user_data)
{
  WhisSoundSource *source;

  g_return_val_if_fail (funcs != NULL, NULL);

  source = g_atomic_rc_box_new0 (WhisSoundSource);
  source->file = file;
  source->microphone = g_strdup (microphone);
  source->flags = flags;
  source->funcs = *funcs;
  source->user_data = user_data;
  g_mutex_init (&source->lock);
  g_mutex_init (&source->told);

  return source;
}

/**
 * whis_sound_source_ref:
 * @source: a source
 *
 * Returns: (transfer full): @source
 */
WhisSoundSource *
whis_sound_source_ref (WhisSoundSource *source)
{
  return g_atomic_rc_box_acquire (source);
}

static void
sound_source_clear (gpointer data)
{
  WhisSoundSource *source = data;

  g_assert (source->probe == 0);

  gst_clear_object (&source->pipeline);
  gst_clear_object (&source->pad);
  g_mutex_clear (&source->lock);
  g_mutex_clear (&source->told);
  g_free (source->microphone);
  g_free (source->device);
}

/**
 * whis_sound_source_unref:
 * @source: (transfer full): a source that is not open
 */
void
whis_sound_source_unref (WhisSoundSource *source)
{
  g_atomic_rc_box_release_full (source, sound_source_clear);
}

/**
 * whis_sound_source_set_pipeline:
 * @source: a source that was not opened
 * @pipeline: (transfer full): what [func@pipeline_new] would make
 *
 * Gives the source another pipeline than its own.
 */
void
whis_sound_source_set_pipeline (WhisSoundSource *source, GstElement *pipeline)
{
  g_return_if_fail (source != NULL && source->pipeline == NULL);

  source->pipeline = pipeline;
}

/* --- GStreamer's threads ---------------------------------------------------------------------- */

static gboolean
is_muted (WhisSoundSource *source)
{
  return g_atomic_int_get (&source->muted);
}

/* Returns whom something is told, who does not change until it was. */
static gpointer
begin_telling (WhisSoundSource *source)
{
  gpointer user_data;

  g_mutex_lock (&source->told);
  source->n_telling++;
  user_data = source->user_data;
  g_mutex_unlock (&source->told);

  return user_data;
}

static void
end_telling (WhisSoundSource *source)
{
  g_mutex_lock (&source->told);
  source->n_telling--;
  g_mutex_unlock (&source->told);
}

static void
sound_source_tell (WhisSoundSource *source,
                   void (*func) (WhisSoundSource *source, gpointer user_data))
{
  func (source, begin_telling (source));
  end_telling (source);
}

static void
tell_failed (WhisSoundSource *source, GError *error)
{
  source->funcs.failed (source, error, begin_telling (source));
  end_telling (source);
}

static gboolean
tell_sound (WhisSoundSource *source, const gint16 *samples, gsize n_samples)
{
  gboolean wanted = source->funcs.sound (samples, n_samples, begin_telling (source));

  end_telling (source);

  return wanted;
}

static void
emit_drained (WhisSoundSource *source)
{
  if (source->ended)
    return;

  source->ended = TRUE;
  if (!is_muted (source))
    sound_source_tell (source, source->funcs.ended);
}

/* A microphone that is only coming up may send gaps, or nothing in a buffer. A file's silence is
 * part of its sound. */
static gboolean
is_sound (WhisSoundSource *source, GstBuffer *buffer)
{
  if (gst_buffer_get_size (buffer) == 0)
    return FALSE;

  return source->started || source->file >= 0
         || !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
}

static char *
ask_microphone (WhisSoundSource *source, const char *property)
{
  g_autoptr (GstElement) element = NULL;
  char *answer = NULL;

  if (source->file >= 0)
    return NULL;

  element = gst_bin_get_by_name (GST_BIN (source->pipeline), WHIS_PIPELINE_SOURCE);
  if (element != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (element), property))
    g_object_get (element, property, &answer, NULL);

  return answer;
}

/* What a loudspeaker plays is not what the user says: it is taken only by who has chosen it. */
static gboolean
may_use (WhisSoundSource *source, const char *device)
{
  return !g_str_has_suffix (device, MONITOR_SUFFIX) || g_strcmp0 (device, source->microphone) == 0
         || g_strcmp0 (source->microphone, DEFAULT_MONITOR) == 0;
}

static void
refuse_monitor (WhisSoundSource *source)
{
  whis_sound_source_mute (source);
  tell_failed (source, g_error_new_literal (
                           WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE,
                           _ ("No microphone was found, only the sound of a loudspeaker: connect a "
                              "microphone, or choose that sound in the settings.")));
}

/* Returns whether the device may be heard. */
static gboolean
look_at_device (WhisSoundSource *source, gsize n_samples)
{
  g_autofree char *device = NULL;

  if (g_atomic_int_exchange (&source->device_changed, FALSE))
    source->n_unasked = ASK_SAMPLES;
  source->n_unasked += n_samples;
  if (source->file >= 0 || source->n_unasked < ASK_SAMPLES)
    return TRUE;

  source->n_unasked = 0;
  device = ask_microphone (source, "current-device");
  if (device == NULL || g_strcmp0 (device, source->device) == 0)
    return TRUE;
  if (!may_use (source, device))
    {
      refuse_monitor (source);
      return FALSE;
    }

  source->moved = source->device != NULL;
  g_free (source->device);
  source->device = g_steal_pointer (&device);
  if (source->moved)
    sound_source_tell (source, source->funcs.moved);

  return TRUE;
}

static gboolean
sound_source_hear (WhisSoundSource *source, GstBuffer *buffer)
{
  GstMapInfo map;
  gboolean wanted;

  if (!source->started)
    source->n_unasked = ASK_SAMPLES; /* for the first time */
  if (!look_at_device (source, gst_buffer_get_size (buffer) / sizeof (gint16))
      || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return TRUE;

  if (!source->started)
    sound_source_tell (source, source->funcs.started);
  source->started = TRUE;
  wanted =
      tell_sound (source, (const gint16 *) (gconstpointer) map.data, map.size / sizeof (gint16));
  gst_buffer_unmap (buffer, &map);

  return wanted;
}

static GstPadProbeReturn
on_sound (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  WhisSoundSource *source = user_data;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM)
    {
      /* A microphone that fails ends, too; its error says more. */
      if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS && source->file >= 0)
        emit_drained (source);
      return GST_PAD_PROBE_OK;
    }

  if (!source->ended && !is_muted (source) && is_sound (source, GST_PAD_PROBE_INFO_BUFFER (info))
      && !sound_source_hear (source, GST_PAD_PROBE_INFO_BUFFER (info)))
    emit_drained (source);

  /* Nobody is behind the probe. */
  return GST_PAD_PROBE_DROP;
}

/* Comes with other changes of the stream, too, such as that of its volume. */
static void
on_device_changed (WhisSoundSource *source)
{
  g_atomic_int_set (&source->device_changed, TRUE);
}

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  WhisSoundSource *source = user_data;
  GError *error = is_muted (source) ? NULL : whis_pipeline_get_error (message);

  if (error != NULL)
    tell_failed (source, error);
  gst_message_unref (message);

  return GST_BUS_DROP;
}

/* --- opening and shutting --------------------------------------------------------------------- */

static void
listen_to_pipeline (WhisSoundSource *source)
{
  g_autoptr (GstElement) sound =
      gst_bin_get_by_name (GST_BIN (source->pipeline), WHIS_PIPELINE_SOUND);
  g_autoptr (GstElement) microphone =
      gst_bin_get_by_name (GST_BIN (source->pipeline), WHIS_PIPELINE_SOURCE);
  g_autoptr (GstBus) bus = gst_element_get_bus (source->pipeline);

  if (microphone != NULL)
    g_signal_connect_swapped (microphone, "notify::current-device", G_CALLBACK (on_device_changed),
                              source);
  source->pad = gst_element_get_static_pad (sound, "src");
  source->probe = gst_pad_add_probe (
      source->pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_sound,
      source, NULL);
  gst_bus_set_sync_handler (bus, on_message, source, NULL);
}

static void
stop_listening (WhisSoundSource *source)
{
  g_autoptr (GstElement) microphone =
      gst_bin_get_by_name (GST_BIN (source->pipeline), WHIS_PIPELINE_SOURCE);
  g_autoptr (GstBus) bus = gst_element_get_bus (source->pipeline);

  if (microphone != NULL)
    g_signal_handlers_disconnect_by_data (microphone, source);
  if (source->probe != 0)
    gst_pad_remove_probe (source->pad, source->probe);
  source->probe = 0;
  gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
}

static gboolean
open_pipeline (WhisSoundSource *source, GError **error)
{
  if (source->pipeline == NULL)
    source->pipeline = whis_pipeline_new (source->file, source->microphone, source->flags, error);
  if (source->pipeline == NULL)
    return FALSE;
  sound_source_tell (source, source->funcs.ready);

  /* On the way to READY pulsesrc does nothing but connect to the server. */
  if (gst_element_set_state (source->pipeline, GST_STATE_READY) == GST_STATE_CHANGE_FAILURE)
    {
      if (source->file >= 0)
        g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                     _ ("The file could not be opened."));
      else
        g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_SERVER,
                     _ ("No sound server answers: start PulseAudio or PipeWire and try again."));
      return FALSE;
    }

  listen_to_pipeline (source);
  gst_element_set_state (source->pipeline, GST_STATE_PLAYING);

  return TRUE;
}

/**
 * whis_sound_source_open:
 * @source: a source
 * @error: return location for a [error@AudioError]
 *
 * Opens the microphone or the file. GStreamer must have been initialised. Waits for the sound
 * server: not for the main loop.
 *
 * Returns: whether sound may be expected
 */
gboolean
whis_sound_source_open (WhisSoundSource *source, GError **error)
{
  gboolean opened;

  g_return_val_if_fail (source != NULL, FALSE);

  g_mutex_lock (&source->lock);
  opened = source->closed || open_pipeline (source, error);
  g_mutex_unlock (&source->lock);

  return opened;
}

/**
 * whis_sound_source_hand_over:
 * @source: a source that is open
 * @user_data: what is given to its funcs from here on; must stay as @user_data did
 * @split: called in between, with the old and the new @user_data; it must not wait
 *
 * Has somebody else told of the source, from the next sample on. Does not wait: while something is
 * being told, it fails, and can be tried again.
 *
 * Returns: whether @split was called, and returned %TRUE
 */
gboolean
whis_sound_source_hand_over (WhisSoundSource *source,
                             gpointer user_data,
                             WhisSoundSourceSplit split)
{
  gboolean splits;

  g_return_val_if_fail (source != NULL && split != NULL, FALSE);

  g_mutex_lock (&source->told);
  splits = source->n_telling == 0 && split (source->user_data, user_data);
  if (splits)
    source->user_data = user_data;
  g_mutex_unlock (&source->told);

  return splits;
}

/**
 * whis_sound_source_mute:
 * @source: a source
 *
 * From here on nothing is told any more, but what is being told at this moment.
 */
void
whis_sound_source_mute (WhisSoundSource *source)
{
  g_return_if_fail (source != NULL);

  g_atomic_int_set (&source->muted, TRUE);
}

/**
 * whis_sound_source_close:
 * @source: a source
 *
 * Lets go of the microphone or the file; after that nothing is told. Waits for the sound server:
 * not for the main loop.
 */
void
whis_sound_source_close (WhisSoundSource *source)
{
  g_return_if_fail (source != NULL);

  whis_sound_source_mute (source);

  g_mutex_lock (&source->lock);
  source->closed = TRUE;
  if (source->pipeline != NULL)
    {
      gst_element_set_state (source->pipeline, GST_STATE_NULL);
      stop_listening (source);
      gst_clear_object (&source->pipeline);
    }
  g_mutex_unlock (&source->lock);
}

/* --- queries ---------------------------------------------------------------------------------- */

/**
 * whis_sound_source_query_duration:
 * @source: a source; to be called from its funcs
 *
 * Returns: length of the file's sound in milliseconds; 0 while it is unknown, and for a microphone
 */
guint64
whis_sound_source_query_duration (WhisSoundSource *source)
{
  gint64 duration = 0;

  g_return_val_if_fail (source != NULL, 0);

  if (source->file < 0 || !gst_pad_query_duration (source->pad, GST_FORMAT_TIME, &duration)
      || duration < 0)
    return 0;

  return (guint64) duration / GST_MSECOND;
}

/**
 * whis_sound_source_dup_name:
 * @source: a source; to be called from its funcs
 *
 * Asks the sound server what the microphone is called. Waits for it.
 *
 * Returns: (transfer full) (nullable): a name for people
 */
char *
whis_sound_source_dup_name (WhisSoundSource *source)
{
  g_return_val_if_fail (source != NULL, NULL);

  /* pulsesrc tells the name of the one that was asked for */
  return source->moved ? whis_devices_dup_name (source->device)
                       : ask_microphone (source, "device-name");
}
