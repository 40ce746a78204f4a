/* SPDX-License-Identifier: MIT */
#include "sound-decode.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <string.h>

#define DECODER                                                                                    \
  "appsrc name=in format=bytes caps=audio/mpeg,mpegversion=1 ! mpegaudioparse ! mpg123audiodec"    \
  " ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,rate=16000,channels=1"               \
  " ! appsink name=out sync=false"

static void
append_sample (GArray *samples, GstSample *sample)
{
  GstMapInfo map;
  GstBuffer *buffer = gst_sample_get_buffer (sample);

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  g_array_append_vals (samples, map.data, map.size / sizeof (gint16));
  gst_buffer_unmap (buffer, &map);
}

static gboolean
failed (GstElement *pipeline, GError **error)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

  if (message == NULL)
    return FALSE;
  gst_message_parse_error (message, error, NULL);

  return TRUE;
}

#define WAV_HEADER 44

/* What does not leave this computer is sent as it is. */
static GArray *
copy_samples (const guint8 *data, gsize size)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (gint16));

  g_array_append_vals (samples, data + WAV_HEADER, (guint) ((size - WAV_HEADER) / sizeof (gint16)));

  return samples;
}

GArray *
sound_decode_upload (GBytes *upload, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (upload, &size);

  return size > WAV_HEADER && memcmp (data, "RIFF", 4) == 0 ? copy_samples (data, size)
                                                            : sound_decode_mp3 (upload, error);
}

GArray *
sound_decode_mp3 (GBytes *mp3, GError **error)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_autoptr (GstElement) pipeline = gst_parse_launch (DECODER, error);
  g_autoptr (GstElement) in = NULL;
  g_autoptr (GstElement) out = NULL;
  GstSample *sample;

  if (pipeline == NULL)
    return NULL;

  in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer (GST_APP_SRC (in), gst_buffer_new_wrapped_bytes (mp3));
  gst_app_src_end_of_stream (GST_APP_SRC (in));
  while ((sample = gst_app_sink_pull_sample (GST_APP_SINK (out))) != NULL)
    {
      append_sample (samples, sample);
      gst_sample_unref (sample);
    }
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return failed (pipeline, error) ? NULL : g_steal_pointer (&samples);
}
