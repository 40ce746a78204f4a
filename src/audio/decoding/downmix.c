/* SPDX-License-Identifier: MIT */
#include "downmix.h"

#include <math.h>

#include <gst/audio/audio.h>

/* How fast earlier sound is forgotten: a second ago counts a third. Loud sound outweighs the quiet
 * one before it at once. */
#define FORGET_SECONDS 1.0

/* Channels whose correlation is below this are one signal, once upside down, and above that they
 * are not. Nothing lies between what two microphones hear of one voice and an inverted wire. */
#define INVERTED_BELOW (-0.8)
#define UPRIGHT_ABOVE 0.0

/* Full weight for both channels is a sum, half is the mean of equal ones. */
#define MOST_WEIGHT 1.0
#define LEAST_WEIGHT 0.5

/* Samples of a channel are weighed anew this often. */
#define RAMP_FRAMES 160

/**
 * WhisDownmix:
 *
 * An element that makes one channel out of two, without what their mean loses: a channel that is
 * inverted would cancel the other one, and a dead one would take half of its level. The mix is as
 * loud as the louder channel, and nothing that is in only one of them is left out.
 *
 * Signed 16 bits; one channel passes as it is.
 */
struct _WhisDownmix
{
  GstBaseTransform parent_instance;

  guint n_channels;
  double forget; /* share of the past that counts after one frame */

  /* sums of products of the samples, the past fading */
  double left;
  double right;
  double both;

  gboolean inverted;
  gboolean weighed;
  double weight[2];
};

G_DEFINE_FINAL_TYPE (WhisDownmix, whis_downmix, GST_TYPE_BASE_TRANSFORM)

#define CAPS(channels)                                                                             \
  "audio/x-raw, format = (string) " GST_AUDIO_NE (S16) ", layout = (string) interleaved, "         \
                                                       "rate = (int) [ 1, max ], channels = "      \
                                                       "(int) " channels

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink",
                             GST_PAD_SINK,
                             GST_PAD_ALWAYS,
                             GST_STATIC_CAPS (CAPS ("[ 1, 2 ]")));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (CAPS ("1")));

static void
listen_to_channels (WhisDownmix *self, const gint16 *frames, gsize n_frames)
{
  double past = pow (self->forget, (double) n_frames);
  double left = 0;
  double right = 0;
  double both = 0;
  double correlation;

  for (gsize i = 0; i < n_frames; i++)
    {
      double l = frames[2 * i];
      double r = frames[2 * i + 1];

      left += l * l;
      right += r * r;
      both += l * r;
    }
  self->left = past * self->left + left;
  self->right = past * self->right + right;
  self->both = past * self->both + both;

  correlation =
      self->left > 0 && self->right > 0 ? self->both / sqrt (self->left * self->right) : 0;
  if (correlation < INVERTED_BELOW)
    self->inverted = TRUE;
  else if (correlation > UPRIGHT_ABOVE)
    self->inverted = FALSE;
}

/* The power of the sum is to be that of the louder channel. */
static double
find_weight (WhisDownmix *self)
{
  double sum = self->left + self->right + 2 * (self->inverted ? -self->both : self->both);
  double louder = MAX (self->left, self->right);

  if (louder <= 0)
    return LEAST_WEIGHT;
  if (sum <= 0)
    return MOST_WEIGHT;

  return CLAMP (sqrt (louder / sum), LEAST_WEIGHT, MOST_WEIGHT);
}

/* Goes from the weights before to those of now, so that nothing clicks. */
static void
downmix_mix (WhisDownmix *self, const gint16 *frames, gsize n_frames, gint16 *mono)
{
  double weight = find_weight (self);
  double now[2] = { weight, self->inverted ? -weight : weight };
  double left = self->weighed ? self->weight[0] : now[0];
  double right = self->weighed ? self->weight[1] : now[1];
  double left_step = (now[0] - left) / (double) n_frames;
  double right_step = (now[1] - right) / (double) n_frames;

  for (gsize i = 0; i < n_frames; i++)
    {
      long sample;

      left += left_step;
      right += right_step;
      sample = lrint (left * frames[2 * i] + right * frames[2 * i + 1]);
      mono[i] = (gint16) CLAMP (sample, G_MININT16, G_MAXINT16);
    }
  self->weight[0] = now[0];
  self->weight[1] = now[1];
  self->weighed = TRUE;
}

static GstFlowReturn
whis_downmix_transform (GstBaseTransform *transform, GstBuffer *input, GstBuffer *output)
{
  WhisDownmix *self = WHIS_DOWNMIX (transform);
  GstMapInfo from;
  GstMapInfo to;
  gsize n_left;

  if (!gst_buffer_map (input, &from, GST_MAP_READ))
    return GST_FLOW_ERROR;
  if (!gst_buffer_map (output, &to, GST_MAP_WRITE))
    {
      gst_buffer_unmap (input, &from);
      return GST_FLOW_ERROR;
    }

  n_left = MIN (from.size / (2 * sizeof (gint16)), to.size / sizeof (gint16));
  for (gsize at = 0; n_left > 0;)
    {
      const gint16 *frames = (const gint16 *) (gconstpointer) from.data + 2 * at;
      gsize n = MIN (n_left, RAMP_FRAMES);

      listen_to_channels (self, frames, n);
      downmix_mix (self, frames, n, (gint16 *) (gpointer) to.data + at);
      at += n;
      n_left -= n;
    }
  gst_buffer_unmap (output, &to);
  gst_buffer_unmap (input, &from);

  return GST_FLOW_OK;
}

static GstCaps *
whis_downmix_transform_caps (GstBaseTransform *transform,
                             GstPadDirection direction,
                             GstCaps *caps,
                             GstCaps *filter)
{
  GstCaps *other = gst_caps_copy (caps);

  for (guint i = 0; i < gst_caps_get_size (other); i++)
    {
      GstStructure *structure = gst_caps_get_structure (other, i);

      gst_structure_remove_field (structure, "channel-mask");
      if (direction == GST_PAD_SINK)
        gst_structure_set (structure, "channels", G_TYPE_INT, 1, NULL);
      else
        gst_structure_set (structure, "channels", GST_TYPE_INT_RANGE, 1, 2, NULL);
    }
  if (filter != NULL)
    {
      GstCaps *some = gst_caps_intersect_full (filter, other, GST_CAPS_INTERSECT_FIRST);

      gst_caps_unref (other);
      other = some;
    }

  return other;
}

static gboolean
whis_downmix_set_caps (GstBaseTransform *transform, GstCaps *input, GstCaps *output)
{
  WhisDownmix *self = WHIS_DOWNMIX (transform);
  GstAudioInfo info;

  if (!gst_audio_info_from_caps (&info, input))
    return FALSE;

  self->n_channels = (guint) GST_AUDIO_INFO_CHANNELS (&info);
  self->forget = exp (-1.0 / (FORGET_SECONDS * GST_AUDIO_INFO_RATE (&info)));
  gst_base_transform_set_passthrough (transform, self->n_channels == 1);

  return TRUE;
}

static gboolean
whis_downmix_get_unit_size (GstBaseTransform *transform, GstCaps *caps, gsize *size)
{
  GstAudioInfo info;

  if (!gst_audio_info_from_caps (&info, caps))
    return FALSE;

  *size = (gsize) GST_AUDIO_INFO_BPF (&info);

  return TRUE;
}

static void
whis_downmix_class_init (WhisDownmixClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *transform_class = GST_BASE_TRANSFORM_CLASS (klass);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Downmix", "Filter/Converter/Audio",
                                         "Makes one channel out of two, inverted or dead ones too",
                                         "Whis");
  transform_class->transform = whis_downmix_transform;
  transform_class->transform_caps = whis_downmix_transform_caps;
  transform_class->set_caps = whis_downmix_set_caps;
  transform_class->get_unit_size = whis_downmix_get_unit_size;
}

static void
whis_downmix_init (WhisDownmix *self)
{
}
