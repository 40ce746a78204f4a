/* SPDX-License-Identifier: MIT */
#include "codec.h"

#include <glib/gi18n-lib.h>
#include <gst/gst.h>

#include "wav.h"

#define SOUND_CAPS                                                                                 \
  "audio/x-raw, format=(string)S16LE, layout=(string)interleaved, rate=(int)16000, "               \
  "channels=(int)1"
#define FRAME_CAPS                                                                                 \
  "audio/mpeg, mpegversion=(int)1, layer=(int)3, mpegaudioversion=(int)2, rate=(int)16000, "       \
  "channels=(int)1, parsed=(boolean)true"

/**
 * WhisCodec:
 *
 * LAME, or the decoder for what LAME made: GStreamer's elements between two pads of our own, so
 * that all the work is done in the thread that pushes, and what comes of it is there when the push
 * returns. There is no pipeline, clock or queue that could outlive or delay it: a recording goes on
 * in the same MP3 stream when its microphone changes.
 *
 * Or nothing of the kind: what is not encoded is only divided into frames.
 *
 * A codec is used by one thread at a time.
 */
struct _WhisCodec
{
  GstElement *first; /* the coder */
  GstElement *last;  /* the same, or the parser behind it */
  GstPad *way_in;
  GstPad *way_out;
  GByteArray *part; /* of a frame, in place of all these */
  WhisCodecFunc func;
  gpointer user_data;
  guint64 n_samples;      /* pushed */
  guint samples_per_push; /* 0: as many as there are */
};

static GstFlowReturn
on_output (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  WhisCodec *codec = gst_pad_get_element_private (pad);
  GstFlowReturn result = GST_FLOW_OK;
  GstMapInfo map;

  if (gst_buffer_map (buffer, &map, GST_MAP_READ))
    {
      if (!codec->func (map.data, map.size, codec->user_data))
        result = GST_FLOW_EOS;
      gst_buffer_unmap (buffer, &map);
    }
  gst_buffer_unref (buffer);

  return result;
}

static GstElement *
make_element (const char *factory, GError **error)
{
  GstElement *element = gst_element_factory_make (factory, NULL);

  if (element == NULL)
    g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
                 _ ("The GStreamer element “%s” is missing: install the GStreamer plugins that "
                    "Whis needs."),
                 factory);
  else
    gst_object_ref_sink (element);

  return element;
}

static GstPad *
make_pad (GstPadDirection direction, const char *caps_string)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_string);
  g_autoptr (GstPadTemplate) template = gst_object_ref_sink (gst_pad_template_new (
      direction == GST_PAD_SRC ? "src" : "sink", direction, GST_PAD_ALWAYS, caps));

  return gst_object_ref_sink (gst_pad_new_from_template (template, NULL));
}

static gboolean
link_pad (GstElement *element, const char *name, GstPad *own)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, name);

  if (GST_PAD_IS_SRC (own))
    return gst_pad_link (own, pad) == GST_PAD_LINK_OK;

  return gst_pad_link (pad, own) == GST_PAD_LINK_OK;
}

static gboolean
codec_start (WhisCodec *codec, const char *caps_string)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_string);
  GstSegment segment;

  if (!link_pad (codec->last, "src", codec->way_out)
      || !link_pad (codec->first, "sink", codec->way_in)
      || (codec->first != codec->last && !gst_element_link (codec->first, codec->last)))
    return FALSE;

  gst_pad_set_active (codec->way_out, TRUE);
  gst_element_set_state (codec->last, GST_STATE_PLAYING);
  gst_element_set_state (codec->first, GST_STATE_PLAYING);
  gst_pad_set_active (codec->way_in, TRUE);

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (codec->way_in, gst_event_new_stream_start ("whis"));

  return gst_pad_push_event (codec->way_in, gst_event_new_caps (caps))
         && gst_pad_push_event (codec->way_in, gst_event_new_segment (&segment));
}

/* Takes ownership of the elements. */
static WhisCodec *
codec_new (GstElement *first,
           GstElement *last,
           const char *input,
           const char *output,
           WhisCodecFunc func,
           gpointer user_data,
           GError **error)
{
  g_autoptr (WhisCodec) codec = g_new0 (WhisCodec, 1);

  codec->first = first;
  codec->last = last;
  codec->func = func;
  codec->user_data = user_data;
  codec->way_in = make_pad (GST_PAD_SRC, input);
  codec->way_out = make_pad (GST_PAD_SINK, output);
  gst_pad_set_chain_function (codec->way_out, on_output);
  gst_pad_set_element_private (codec->way_out, codec);

  if (!codec_start (codec, input))
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
                   _ ("The GStreamer element “%s” does not fit; check the GStreamer "
                      "installation."),
                   GST_OBJECT_NAME (gst_element_get_factory (first)));
      return NULL;
    }

  return g_steal_pointer (&codec);
}

static WhisCodec *
divider_new (WhisCodecFunc func, gpointer user_data)
{
  WhisCodec *codec = g_new0 (WhisCodec, 1);

  codec->part = g_byte_array_new ();
  codec->func = func;
  codec->user_data = user_data;

  return codec;
}

static gboolean
codec_divide (WhisCodec *codec, const guint8 *data, gsize size)
{
  guint frame_size = whis_bitrate_get_frame_size (WHIS_BITRATE_LOSSLESS);

  while (size > 0)
    {
      guint n = (guint) MIN (size, frame_size - codec->part->len);

      g_byte_array_append (codec->part, data, n);
      data += n;
      size -= n;
      if (codec->part->len < frame_size)
        continue;
      if (!codec->func (codec->part->data, frame_size, codec->user_data))
        return FALSE;
      g_byte_array_set_size (codec->part, 0);
    }

  return TRUE;
}

static void
fill_last_frame (WhisCodec *codec)
{
  static const guint8 silence[WHIS_FRAME_LARGEST] = { 0 };
  guint n = codec->part->len;

  if (n > 0)
    codec_divide (codec, silence, whis_bitrate_get_frame_size (WHIS_BITRATE_LOSSLESS) - n);
}

/**
 * whis_codec_new_encoder:
 * @kbps: rate of the MP3 in kbit/s; %WHIS_BITRATE_LOSSLESS for frames of samples
 * @func: (scope notified): gets every frame
 * @user_data: for @func
 * @error: return location for a [error@AudioError]
 *
 * GStreamer must have been initialised. This may load plugins: not for the main loop.
 *
 * Returns: (transfer full): a codec that takes 16 kHz mono `S16LE` and puts out one frame at a
 *   time, the last one filled up with silence, or %NULL with `FAILED` set
 */
WhisCodec *
whis_codec_new_encoder (guint kbps, WhisCodecFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GstElement) encoder = NULL;
  GstElement *parser;

  g_return_val_if_fail (func != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (kbps == WHIS_BITRATE_LOSSLESS)
    return divider_new (func, user_data);

  encoder = make_element ("lamemp3enc", error);
  parser = encoder != NULL ? make_element ("mpegaudioparse", error) : NULL;
  if (parser == NULL)
    return NULL;

  gst_util_set_object_arg (G_OBJECT (encoder), "target", "bitrate");
  gst_util_set_object_arg (G_OBJECT (encoder), "encoding-engine-quality", "standard");
  g_object_set (encoder, "cbr", TRUE, "bitrate", (int) kbps, "mono", TRUE, NULL);

  return codec_new (g_steal_pointer (&encoder), parser, SOUND_CAPS, "audio/mpeg", func, user_data,
                    error);
}

/**
 * whis_codec_new_decoder:
 * @func: (scope notified): gets 16 kHz mono `S16LE`
 * @user_data: for @func
 * @error: return location for a [error@AudioError]
 *
 * GStreamer must have been initialised. This may load plugins: not for the main loop.
 *
 * Returns: (transfer full): a codec that takes one of our MP3 frames at a time, or %NULL with
 *   `FAILED` set
 */
WhisCodec *
whis_codec_new_decoder (WhisCodecFunc func, gpointer user_data, GError **error)
{
  GstElement *decoder;
  WhisCodec *codec;

  g_return_val_if_fail (func != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  decoder = make_element ("mpg123audiodec", error);
  if (decoder == NULL)
    return NULL;

  codec =
      codec_new (decoder, gst_object_ref (decoder), FRAME_CAPS, SOUND_CAPS, func, user_data, error);
  if (codec != NULL)
    codec->samples_per_push = WHIS_FRAME_SAMPLES;

  return codec;
}

static void
codec_shut (GstElement *element)
{
  gst_element_set_state (element, GST_STATE_NULL);
  gst_object_unref (element);
}

/**
 * whis_codec_free:
 * @codec: (transfer full) (nullable): a codec
 *
 * What it still holds is lost unless it was told the end.
 */
void
whis_codec_free (WhisCodec *codec)
{
  if (codec == NULL)
    return;
  if (codec->part != NULL)
    {
      g_byte_array_unref (codec->part);
      g_free (codec);
      return;
    }

  gst_pad_set_active (codec->way_in, FALSE);
  codec_shut (codec->first);
  codec_shut (codec->last);
  gst_pad_set_active (codec->way_out, FALSE);
  gst_object_unref (codec->way_in);
  gst_object_unref (codec->way_out);
  g_free (codec);
}

/**
 * whis_codec_push:
 * @codec: a codec
 * @data: (array length=size): samples for an encoder, one frame for a decoder
 * @size: length of @data in bytes
 *
 * Returns: whether all went well and more is wanted
 */
gboolean
whis_codec_push (WhisCodec *codec, const void *data, gsize size)
{
  GstBuffer *buffer;
  guint64 n_samples;

  g_return_val_if_fail (codec != NULL, FALSE);

  if (size == 0)
    return TRUE;
  if (codec->part != NULL)
    return codec_divide (codec, data, size);

  n_samples = codec->samples_per_push > 0 ? codec->samples_per_push : size / sizeof (gint16);
  buffer = gst_buffer_new_memdup (data, size);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (codec->n_samples, GST_SECOND, 16000);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (n_samples, GST_SECOND, 16000);
  codec->n_samples += n_samples;

  return gst_pad_push (codec->way_in, buffer) == GST_FLOW_OK;
}

/**
 * whis_codec_end:
 * @codec: a codec
 *
 * No more comes: what the codec still holds is put out before this returns.
 */
void
whis_codec_end (WhisCodec *codec)
{
  g_return_if_fail (codec != NULL);

  if (codec->part != NULL)
    fill_last_frame (codec);
  else
    gst_pad_push_event (codec->way_in, gst_event_new_eos ());
}
