/* SPDX-License-Identifier: MIT */
#pragma once

#include <gst/gst.h>

#include "audio-error.h"

G_BEGIN_DECLS

#define WHIS_PIPELINE_SOUND "sound"
#define WHIS_PIPELINE_SOURCE "source"

/**
 * WhisPipelineFlags:
 * @WHIS_PIPELINE_GAIN: what is quiet is amplified
 * @WHIS_PIPELINE_SUPPRESSION: noise is suppressed
 *
 * What is done to the sound of a microphone.
 */
typedef enum
{
  WHIS_PIPELINE_GAIN = 1 << 0,
  WHIS_PIPELINE_SUPPRESSION = 1 << 1,
} WhisPipelineFlags;

GstElement *whis_pipeline_new (int file, const char *microphone, guint flags, GError **error);
GError *whis_pipeline_get_error (GstMessage *message);
gboolean whis_pipeline_can_enhance (void);

G_END_DECLS
