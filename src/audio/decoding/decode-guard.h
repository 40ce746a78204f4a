/* SPDX-License-Identifier: MIT */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

void whis_decode_guard_add (GstElement *decodebin, const GError *refusal);

G_END_DECLS
