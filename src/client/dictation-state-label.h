/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictation-state.h"

G_BEGIN_DECLS

gboolean whis_dictation_state_is_no_speech (WhisDictationState state, const char *code);
const char *whis_dictation_state_get_label (WhisDictationState state, const char *code);

G_END_DECLS
