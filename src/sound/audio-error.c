/* SPDX-License-Identifier: MIT */
#include "audio-error.h"

G_DEFINE_QUARK (whis_audio_error, whis_audio_error)
