/* SPDX-License-Identifier: MIT */
#include "decode-guard.h"

#include <string.h>

/* What "autoplug-select" of decodebin may answer; its header is not installed. */
enum
{
  AUTOPLUG_TRY,
  AUTOPLUG_EXPOSE,
  AUTOPLUG_SKIP
};

/* Words in the classification of elements that take a list of addresses and open them by
 * themselves: HLS, DASH and Smooth Streaming; SDP and RTP; projects of an editor. */
static const char *const opening_classes[] = { "Adaptive", "Network", "Editing", "Source" };

/* What GStreamer calls such lists, also where it has no element for them. */
static const char *const playlist_types[] = {
  "application/x-hls", "application/dash+xml", "application/vnd.ms-sstr+xml",
  "application/sdp",   "application/xges",     "text/uri-list",
};

static gboolean
opens_addresses (GstElementFactory *factory)
{
  const char *klass = gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_KLASS);

  for (guint i = 0; i < G_N_ELEMENTS (opening_classes); i++)
    if (klass != NULL && strstr (klass, opening_classes[i]) != NULL)
      return TRUE;

  return FALSE;
}

static void
decode_guard_refuse (GstElement *decodebin, const GError *refusal)
{
  gst_element_post_message (
      decodebin, gst_message_new_error (GST_OBJECT (decodebin), (GError *) refusal, NULL));
}

/* Called in a streaming thread. */
static int
on_autoplug_select (GstElement *decodebin,
                    GstPad *pad,
                    GstCaps *caps,
                    GstElementFactory *factory,
                    const GError *refusal)
{
  if (!opens_addresses (factory))
    return AUTOPLUG_TRY;

  decode_guard_refuse (decodebin, refusal);

  return AUTOPLUG_SKIP;
}

/* Called in a streaming thread. */
static void
on_unknown_type (GstElement *decodebin, GstPad *pad, GstCaps *caps, const GError *refusal)
{
  const GstStructure *structure =
      gst_caps_get_size (caps) > 0 ? gst_caps_get_structure (caps, 0) : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (playlist_types); i++)
    if (structure != NULL && gst_structure_has_name (structure, playlist_types[i]))
      decode_guard_refuse (decodebin, refusal);
}

/* A demuxer of a kind that is not known here would bring its own sources: they stay off. Called in
 * a streaming thread. */
static void
on_deep_element_added (GstBin *decodebin, GstBin *bin, GstElement *element, const GError *refusal)
{
  if (!GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SOURCE))
    return;

  gst_element_set_locked_state (element, TRUE);
  decode_guard_refuse (GST_ELEMENT (decodebin), refusal);
}

static void
free_refusal (gpointer refusal, GClosure *closure)
{
  g_error_free (refusal);
}

/**
 * whis_decode_guard_add:
 * @decodebin: an element `decodebin` that has not started
 * @refusal: the error that is posted on the bus when the bytes are no sound but a playlist; copied
 *
 * Makes @decodebin decode only the bytes that it is given. A playlist (HLS, DASH, SDP) would make
 * GStreamer open the files and addresses that it names.
 */
void
whis_decode_guard_add (GstElement *decodebin, const GError *refusal)
{
  g_return_if_fail (GST_IS_BIN (decodebin));
  g_return_if_fail (refusal != NULL);

  g_signal_connect_data (decodebin, "autoplug-select", G_CALLBACK (on_autoplug_select),
                         g_error_copy (refusal), free_refusal, 0);
  g_signal_connect_data (decodebin, "unknown-type", G_CALLBACK (on_unknown_type),
                         g_error_copy (refusal), free_refusal, 0);
  g_signal_connect_data (decodebin, "deep-element-added", G_CALLBACK (on_deep_element_added),
                         g_error_copy (refusal), free_refusal, 0);
}
