/* SPDX-License-Identifier: MIT */
#include "pipeline.h"

#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "decode-guard.h"
#include "downmix.h"

/* Microseconds. The server delivers every 40 ms: short enough for a lively start, long enough that
 * waking up costs less than encoding; bench/record.py and bench/click.py show both. A thread of the
 * source takes the sound in, and holds five seconds of it while the disk is stalled. */
#define LATENCY_TIME ((gint64) 40000)
#define BUFFER_TIME ((gint64) 5000000)

/* Microseconds. Whoever writes into a pipe may pause, but not for ever. */
#define LONGEST_PAUSE (60 * G_GUINT64_CONSTANT (1000000))
/* What fdsrc posts after such a pause. */
#define PAUSE_MESSAGE "GstFdSrcTimeout"

#define ENHANCER "webrtcdsp"

static GstElement *
make_element (const char *factory, const char *name, GError **error)
{
  GstElement *element = gst_element_factory_make (factory, name);

  if (element == NULL)
    g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
                 _ ("The GStreamer element “%s” is missing: install the GStreamer plugins that "
                    "Whis needs."),
                 factory);

  return element;
}

/* Adds a new element to the pipeline and links it after the one before. */
static GstElement *
append_element (GstElement *pipeline, GstElement *before, GstElement *element, GError **error)
{
  gst_bin_add (GST_BIN (pipeline), element);
  if (before != NULL && !gst_element_link (before, element))
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
                   _ ("The GStreamer element “%s” does not fit; check the GStreamer "
                      "installation."),
                   GST_OBJECT_NAME (element));
      return NULL;
    }

  return element;
}

static GstElement *
pipeline_append (GstElement *pipeline,
                 GstElement *before,
                 const char *factory,
                 const char *name,
                 GError **error)
{
  GstElement *element = make_element (factory, name, error);

  return element != NULL ? append_element (pipeline, before, element, error) : NULL;
}

/* Lets only these caps pass; takes ownership of them. */
static GstElement *
append_caps (GstElement *pipeline,
             GstElement *before,
             const char *name,
             GstCaps *caps,
             GError **error)
{
  GstElement *filter = pipeline_append (pipeline, before, "capsfilter", name, error);

  if (filter != NULL)
    g_object_set (filter, "caps", caps, NULL);
  gst_caps_unref (caps);

  return filter;
}

/* 16 kHz, mono, 16 bits: what the recognisers want, and what the enhancer works with. */
static GstElement *
append_filter (GstElement *pipeline, GstElement *before, const char *name, GError **error)
{
  return append_caps (pipeline, before, name,
                      gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "rate",
                                           G_TYPE_INT, 16000, "channels", G_TYPE_INT, 1, "layout",
                                           G_TYPE_STRING, "interleaved", NULL),
                      error);
}

static GstElement *
append_microphone (GstElement *pipeline, const char *microphone, GError **error)
{
  GstElement *source = pipeline_append (pipeline, NULL, "pulsesrc", WHIS_PIPELINE_SOURCE, error);

  if (source != NULL)
    g_object_set (source, "device", microphone, "client-name", "Whis", "latency-time", LATENCY_TIME,
                  "buffer-time", BUFFER_TIME, NULL);

  /* The server's own mix of two channels is their mean, see downmix.c. */
  return source != NULL
             ? append_caps (pipeline, source, NULL,
                            gst_caps_new_simple ("audio/x-raw", "channels", G_TYPE_INT, 2, NULL),
                            error)
             : NULL;
}

/* The first track of sound goes on; what else decodebin offers is left alone. */
static void
on_decoded_pad (GstElement *decoder, GstPad *pad, gpointer user_data)
{
  GstGhostPad *way_out = user_data;
  g_autoptr (GstCaps) caps = gst_pad_query_caps (pad, NULL);
  g_autoptr (GstPad) taken = gst_ghost_pad_get_target (way_out);
  const GstStructure *structure =
      gst_caps_get_size (caps) > 0 ? gst_caps_get_structure (caps, 0) : NULL;

  if (taken == NULL && structure != NULL && gst_structure_has_name (structure, "audio/x-raw"))
    gst_ghost_pad_set_target (way_out, pad);
}

/* The Ogg demuxer of GStreamer 1.26 and 1.28 may lose most of a sound that is pushed to it: it
 * seeks to the end for the duration, and does not always come back to where it was. So a file is
 * opened once more, for a source that lets it pull; what cannot be opened is pushed. */
static GstElement *
append_file_source (GstElement *bin, int file, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", file);
  gboolean may_open = g_file_test (path, G_FILE_TEST_IS_REGULAR) && g_access (path, R_OK) == 0;
  GstElement *source = pipeline_append (bin, NULL, may_open ? "filesrc" : "fdsrc", NULL, error);

  if (source == NULL)
    return NULL;

  if (may_open)
    g_object_set (source, "location", path, NULL);
  else
    g_object_set (source, "fd", file, "timeout", LONGEST_PAUSE, NULL);

  return source;
}

/* The decoder lives in a bin of its own, with a way out that is linked from the beginning: links
 * that are made while the pipeline changes its state confuse GStreamer. */
static GstElement *
append_file (GstElement *pipeline, int file, GError **error)
{
  GstElement *bin = gst_bin_new ("file");
  GstPad *way_out = gst_ghost_pad_new_no_target ("src", GST_PAD_SRC);
  g_autoptr (GstCaps) caps = gst_caps_from_string ("audio/x-raw(ANY)");
  g_autoptr (GError) playlist = g_error_new_literal (
      WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
      _ ("The file is a playlist, which only names sound that is elsewhere, and nothing but the "
         "file itself is read: transcribe the sound that it names."));
  GstElement *source;
  GstElement *decoder;

  gst_bin_add (GST_BIN (pipeline), bin);
  gst_element_add_pad (bin, way_out);

  source = append_file_source (bin, file, error);
  decoder = source != NULL ? pipeline_append (bin, source, "decodebin", NULL, error) : NULL;
  if (decoder == NULL)
    return NULL;

  g_object_set (decoder, "caps", caps, "expose-all-streams", FALSE, NULL);
  whis_decode_guard_add (decoder, playlist);
  g_signal_connect (decoder, "pad-added", G_CALLBACK (on_decoded_pad), way_out);

  return bin;
}

static GstElement *
append_format (GstElement *pipeline, GstElement *before, const char *name, GError **error)
{
  GstElement *convert = pipeline_append (pipeline, before, "audioconvert", NULL, error);
  GstElement *resample =
      convert != NULL ? pipeline_append (pipeline, convert, "audioresample", NULL, error) : NULL;
  GstElement *downmix =
      resample != NULL ? append_element (
          pipeline, resample, g_object_new (WHIS_TYPE_DOWNMIX, "name", "downmix", NULL), error)
                       : NULL;

  return downmix != NULL ? append_filter (pipeline, downmix, name, error) : NULL;
}

/* For a property that not every version of an element has, or that some warn of. */
static void
switch_off (GstElement *element, const char *name)
{
  GParamSpec *property = g_object_class_find_property (G_OBJECT_GET_CLASS (element), name);

  if (property != NULL && (property->flags & G_PARAM_DEPRECATED) == 0)
    g_object_set (element, name, FALSE, NULL);
}

/* The echo canceller and the voice detector beside it stay off: nobody listens to the loudspeaker,
 * and voice is told by our own. */
static GstElement *
append_enhancer (GstElement *pipeline, GstElement *before, guint flags, GError **error)
{
  GstElement *enhancer = pipeline_append (pipeline, before, ENHANCER, NULL, error);

  if (enhancer == NULL)
    return NULL;

  g_object_set (enhancer, "echo-cancel", FALSE, "voice-detection", FALSE, "high-pass-filter", FALSE,
                "gain-control", (flags & WHIS_PIPELINE_GAIN) != 0, "noise-suppression",
                (flags & WHIS_PIPELINE_SUPPRESSION) != 0, NULL);
  switch_off (enhancer, "extended-filter");

  return append_filter (pipeline, enhancer, WHIS_PIPELINE_SOUND, error);
}

static gboolean
append_sink (GstElement *pipeline, GstElement *before, GError **error)
{
  GstElement *sink = pipeline_append (pipeline, before, "fakesink", NULL, error);

  if (sink == NULL)
    return FALSE;

  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);

  return TRUE;
}

/**
 * whis_pipeline_get_error:
 * @message: what a pipeline says
 *
 * Returns: (transfer full) (nullable): why it does not go on; %NULL if it does
 */
GError *
whis_pipeline_get_error (GstMessage *message)
{
  g_autofree char *details = NULL;
  GError *error = NULL;

  g_return_val_if_fail (GST_IS_MESSAGE (message), NULL);

  if (gst_message_has_name (message, PAUSE_MESSAGE))
    return g_error_new_literal (
        WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
        _ ("Nothing more came for a minute from whoever sends the sound; what came is kept."));
  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return NULL;
  gst_message_parse_error (message, &error, &details);
  g_debug ("Pipeline: %s (%s)", error->message, details);

  return error;
}

/**
 * whis_pipeline_can_enhance:
 *
 * Returns: whether GStreamer has what [flags@PipelineFlags] need
 */
gboolean
whis_pipeline_can_enhance (void)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (ENHANCER);

  return factory != NULL;
}

/**
 * whis_pipeline_new:
 * @file: file descriptor to read from, or -1 for the microphone; must stay open
 * @microphone: (nullable): PulseAudio source, or %NULL for the default one
 * @flags: a set of [flags@PipelineFlags], which counts only if [func@pipeline_can_enhance]
 * @error: return location for a [error@AudioError]
 *
 * Builds the way from a microphone or a file to a sink that swallows all. The element `sound` puts
 * out 16 kHz mono `S16LE`; `source` is the microphone.
 *
 * GStreamer must have been initialised. This may load plugins: not for the main loop.
 *
 * Returns: (transfer full): a pipeline in state `NULL`, or %NULL with `FAILED` set
 */
GstElement *
whis_pipeline_new (int file, const char *microphone, guint flags, GError **error)
{
  g_autoptr (GstElement) pipeline = NULL;
  GstElement *last;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  pipeline = gst_object_ref_sink (gst_pipeline_new ("whis"));
  if (!whis_pipeline_can_enhance ())
    flags = 0;

  if (file >= 0)
    last = append_file (pipeline, file, error);
  else
    last = append_microphone (pipeline, microphone, error);
  if (last != NULL)
    last = append_format (pipeline, last, flags == 0 ? WHIS_PIPELINE_SOUND : NULL, error);
  if (last != NULL && flags != 0)
    last = append_enhancer (pipeline, last, flags, error);
  if (last == NULL || !append_sink (pipeline, last, error))
    return NULL;

  return g_steal_pointer (&pipeline);
}
