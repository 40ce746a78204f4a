/* SPDX-License-Identifier: MIT */
#pragma once

#include "audio-capture.h"

G_BEGIN_DECLS

#define WHIS_TYPE_RECUT_CAPTURE (whis_recut_capture_get_type ())
G_DECLARE_FINAL_TYPE (WhisRecutCapture, whis_recut_capture, WHIS, RECUT_CAPTURE, WhisAudioCapture)

WhisCapture *whis_recut_capture_new (const WhisCaptureOptions *options,
                                     const char *path,
                                     const WhisRecutStart *start);

G_END_DECLS
