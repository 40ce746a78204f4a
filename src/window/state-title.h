/* SPDX-License-Identifier: MIT */
#pragma once

#include "../dictation-state.h"

G_BEGIN_DECLS

const char *whis_state_title_get (WhisDictationState state);

G_END_DECLS
