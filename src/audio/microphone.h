/* SPDX-License-Identifier: MIT */
#pragma once

#include "audio-capture.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MICROPHONE (whis_microphone_get_type ())
G_DECLARE_FINAL_TYPE (WhisMicrophone, whis_microphone, WHIS, MICROPHONE, WhisAudioCapture)

WhisCapture *
whis_microphone_new (const WhisCaptureOptions *options, const WhisMicrophoneOptions *microphone);

G_END_DECLS
