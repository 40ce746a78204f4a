/* SPDX-License-Identifier: MIT */
#pragma once

#include "settings.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MICROPHONE_CALLS (whis_microphone_calls_get_type ())
G_DECLARE_FINAL_TYPE (WhisMicrophoneCalls, whis_microphone_calls, WHIS, MICROPHONE_CALLS, GObject)

WhisMicrophoneCalls *whis_microphone_calls_new (WhisBusWhis1 *skeleton, WhisSettings *settings);

G_END_DECLS
