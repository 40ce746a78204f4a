/* SPDX-License-Identifier: MIT */
#include "decoder.h"

#include <glib/gi18n-lib.h>
#include <gmodule.h>
#include <gst/app/app.h>
#include <gst/gst.h>

#include "decode-guard.h"
#include "downmix.h"
#include "offline-error.h"
#include "utterances.h"

static const char *const elements[] = { "giostreamsrc", "decodebin", "audioconvert",
                                        "audioresample", "appsink" };

/* One file on its way through GStreamer; the task data. */
typedef struct
{
  GstElement *pipeline;
  GstElement *convert; /* owned by the pipeline */
  guint bus_watch;
  GSource *cancelled;

  /* The streaming thread writes these; they are read when it has ended. */
  GByteArray *samples;
  gsize most_bytes;
  gboolean too_long;
} Decoding;

static void
decoding_free (Decoding *decoding)
{
  if (decoding->pipeline != NULL)
    gst_element_set_state (decoding->pipeline, GST_STATE_NULL);
  gst_clear_object (&decoding->pipeline);
  g_byte_array_unref (decoding->samples);
  g_free (decoding);
}

static gboolean
can_decode_mp3 (void)
{
  g_autoptr (GstCaps) caps =
      gst_caps_from_string ("audio/mpeg, mpegversion=(int)1, layer=(int)3, parsed=(boolean)true");
  GList *decoders = gst_element_factory_list_get_elements (
      GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO, GST_RANK_MARGINAL);
  GList *fitting = gst_element_factory_list_filter (decoders, caps, GST_PAD_SINK, FALSE);
  gboolean can = fitting != NULL;

  gst_plugin_feature_list_free (fitting);
  gst_plugin_feature_list_free (decoders);

  return can;
}

/* Whether GStreamer has what it takes to decode dictations, which are MP3. Other kinds of sound may
 * need more plug-ins. */
static gboolean
check_plugins (GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      g_autoptr (GstElementFactory) factory = gst_element_factory_find (elements[i]);

      if (factory != NULL)
        continue;
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING,
                   _ ("The embedded recogniser lacks GStreamer's element %s: install the package "
                      "gstreamer1.0-plugins-base."),
                   elements[i]);
      return FALSE;
    }
  if (!can_decode_mp3 ())
    {
      g_set_error_literal (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING,
                           _ ("The embedded recogniser cannot decode MP3: install the package "
                              "gstreamer1.0-plugins-good."));
      return FALSE;
    }

  return TRUE;
}

/* Called in a streaming thread. */
static GstFlowReturn
take_sample (GstAppSink *sink, gpointer data)
{
  Decoding *decoding = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstMapInfo map;

  if (sample == NULL)
    return GST_FLOW_EOS;
  if (!gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ))
    return GST_FLOW_ERROR;
  /* What still comes behind too much may be short enough to fit. */
  decoding->too_long =
      decoding->too_long || decoding->samples->len + map.size > decoding->most_bytes;
  if (!decoding->too_long)
    g_byte_array_append (decoding->samples, map.data, (guint) map.size);
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);

  return decoding->too_long ? GST_FLOW_ERROR : GST_FLOW_OK;
}

/* Called in a streaming thread. */
static void
link_sound (GstElement *decodebin, GstPad *pad, Decoding *decoding)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (decoding->convert, "sink");

  if (!gst_pad_is_linked (sink))
    gst_pad_link (pad, sink);
}

/* Called in a streaming thread, when the kinds of all streams are known. */
static void
streams_known (GstElement *decodebin, Decoding *decoding)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (decoding->convert, "sink");

  if (!gst_pad_is_linked (sink))
    GST_ELEMENT_ERROR (decodebin, STREAM, WRONG_TYPE, ("There is no sound in it."), (NULL));
}

static GstElement *
make_source (GBytes *file)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (file);
  GstElement *source = gst_element_factory_make ("giostreamsrc", NULL);

  g_object_set (source, "stream", stream, NULL);

  return source;
}

static GstElement *
make_decodebin (Decoding *decoding)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("audio/x-raw");
  g_autoptr (GError) playlist = g_error_new_literal (
      WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_UNDECODABLE,
      _ ("The file is a playlist, which only names sound that is elsewhere: send the sound."));
  GstElement *decodebin = gst_element_factory_make ("decodebin", NULL);

  g_object_set (decodebin, "caps", caps, "expose-all-streams", FALSE, NULL);
  whis_decode_guard_add (decodebin, playlist);
  g_signal_connect (decodebin, "pad-added", G_CALLBACK (link_sound), decoding);
  g_signal_connect (decodebin, "no-more-pads", G_CALLBACK (streams_known), decoding);

  return decodebin;
}

static GstElement *
make_sink (Decoding *decoding)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, G_BYTE_ORDER == G_LITTLE_ENDIAN ? "S16LE" : "S16BE",
      "layout", G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, WHIS_SAMPLE_RATE, "channels",
      G_TYPE_INT, 1, NULL);
  GstAppSinkCallbacks callbacks = { .new_sample = take_sample };
  GstElement *sink = gst_element_factory_make ("appsink", NULL);

  g_object_set (sink, "caps", caps, "sync", FALSE, "max-buffers", 4, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, decoding, NULL);

  return sink;
}

static void
make_pipeline (Decoding *decoding, GBytes *file)
{
  GstElement *source = make_source (file);
  GstElement *decodebin = make_decodebin (decoding);
  GstElement *resample = gst_element_factory_make ("audioresample", NULL);
  GstElement *downmix = g_object_new (WHIS_TYPE_DOWNMIX, NULL);
  GstElement *sink = make_sink (decoding);

  decoding->convert = gst_element_factory_make ("audioconvert", NULL);
  decoding->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  gst_bin_add_many (GST_BIN (decoding->pipeline), source, decodebin, decoding->convert, resample,
                    downmix, sink, NULL);
  gst_element_link (source, decodebin);
  gst_element_link_many (decoding->convert, resample, downmix, sink, NULL);
}

/* Ends the streaming threads and what the main loop watches; the task can be returned then. */
static void
decode_stop (Decoding *decoding)
{
  gst_element_set_state (decoding->pipeline, GST_STATE_NULL);
  g_clear_handle_id (&decoding->bus_watch, g_source_remove);
  if (decoding->cancelled != NULL)
    g_source_destroy (decoding->cancelled);
  g_clear_pointer (&decoding->cancelled, g_source_unref);
}

static GError *
decoding_error (GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  if (error->domain == WHIS_OFFLINE_ERROR)
    return g_steal_pointer (&error);

  return g_error_new (WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_UNDECODABLE,
                      _ ("The file holds no sound that can be decoded (%s): try another file."),
                      error->message);
}

static GError *
too_long_error (Decoding *decoding)
{
  return g_error_new (WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_TOO_LONG,
                      _ ("The recording is too long: the embedded recogniser takes %u minutes at "
                         "once, cut it into shorter pieces."),
                      (guint) (decoding->most_bytes / (WHIS_SAMPLE_RATE * sizeof (gint16) * 60)));
}

static void
return_samples (GTask *task, Decoding *decoding)
{
  g_task_return_pointer (task, g_byte_array_free_to_bytes (g_byte_array_ref (decoding->samples)),
                         (GDestroyNotify) g_bytes_unref);
}

static gboolean
got_message (GstBus *bus, GstMessage *message, gpointer data)
{
  GTask *task = data;
  Decoding *decoding = g_task_get_task_data (task);

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_EOS
      && GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;

  g_object_ref (task);
  decode_stop (decoding);
  /* The end of the file may be there before the sink's refusal. */
  if (decoding->too_long)
    g_task_return_error (task, too_long_error (decoding));
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    return_samples (task, decoding);
  else
    g_task_return_error (task, decoding_error (message));
  g_object_unref (task);

  return G_SOURCE_REMOVE;
}

static gboolean
got_cancelled (GCancellable *cancellable, gpointer data)
{
  GTask *task = data;

  g_object_ref (task);
  decode_stop (g_task_get_task_data (task));
  g_task_return_error_if_cancelled (task);
  g_object_unref (task);

  return G_SOURCE_REMOVE;
}

static void
decode_watch (GTask *task)
{
  Decoding *decoding = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GstBus) bus = gst_element_get_bus (decoding->pipeline);

  decoding->bus_watch = gst_bus_add_watch_full (bus, G_PRIORITY_DEFAULT, got_message,
                                                g_object_ref (task), g_object_unref);
  if (cancellable == NULL)
    return;
  decoding->cancelled = g_cancellable_source_new (cancellable);
  g_task_attach_source (task, decoding->cancelled, G_SOURCE_FUNC (got_cancelled));
}

/* As whis_decode_async(). */
static void
decode_async (GBytes *file,
              guint64 longest_ms,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Decoding *decoding;

  g_return_if_fail (file != NULL);
  g_return_if_fail (longest_ms <= G_MAXINT);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, decode_async);
  /* Not before: it takes memory, and what this program mostly gets needs no decoder. */
  if (!gst_init_check (NULL, NULL, &error) || !check_plugins (&error))
    {
      g_task_return_error (task, error);
      return;
    }

  decoding = g_new0 (Decoding, 1);
  decoding->samples = g_byte_array_new ();
  decoding->most_bytes = longest_ms * WHIS_SAMPLE_RATE / 1000 * sizeof (gint16);
  g_task_set_task_data (task, decoding, (GDestroyNotify) decoding_free);

  make_pipeline (decoding, file);
  decode_watch (task);
  gst_element_set_state (decoding->pipeline, GST_STATE_PLAYING);
}

static GBytes *
decode_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, decode_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

extern const WhisDecoder whis_module;

G_MODULE_EXPORT const WhisDecoder whis_module = {
  .decode_async = decode_async,
  .decode_finish = decode_finish,
};
