/* SPDX-License-Identifier: MIT */
#pragma once

#include "http-backend.h"

G_BEGIN_DECLS

#define WHIS_TYPE_DEEPGRAM (whis_deepgram_get_type ())
G_DECLARE_FINAL_TYPE (WhisDeepgram, whis_deepgram, WHIS, DEEPGRAM, WhisHttpBackend)

G_END_DECLS
