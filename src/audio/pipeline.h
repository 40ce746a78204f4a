/* SPDX-License-Identifier: MIT */
#pragma once

#include <gst/gst.h>

#include "audio-error.h"

G_BEGIN_DECLS

#define WHIS_PIPELINE_SOUND "sound"
#define WHIS_PIPELINE_SINK "sink"

GstElement *whis_pipeline_new (int file, const char *microphone, gboolean encode, GError **error);

G_END_DECLS
