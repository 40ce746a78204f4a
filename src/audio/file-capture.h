/* SPDX-License-Identifier: MIT */
#pragma once

#include "audio-capture.h"

G_BEGIN_DECLS

#define WHIS_TYPE_FILE_CAPTURE (whis_file_capture_get_type ())
G_DECLARE_FINAL_TYPE (WhisFileCapture, whis_file_capture, WHIS, FILE_CAPTURE, WhisAudioCapture)

WhisCapture *whis_file_capture_new (const WhisCaptureOptions *options, int file);
void whis_file_capture_set_timeout (WhisFileCapture *self, guint ms);

G_END_DECLS
