/* SPDX-License-Identifier: MIT */
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define WHIS_TYPE_DOWNMIX (whis_downmix_get_type ())
G_DECLARE_FINAL_TYPE (WhisDownmix, whis_downmix, WHIS, DOWNMIX, GstBaseTransform)

G_END_DECLS
