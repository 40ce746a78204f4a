/* SPDX-License-Identifier: MIT */
#pragma once

#include "refusal.h"
#include "speech-error.h"

G_BEGIN_DECLS

WhisSpeechError whis_refusal_classify (const WhisRefusal *refusal, guint status, gboolean has_key);
gboolean whis_refusal_may_pass (const WhisRefusal *refusal,
                                guint status,
                                WhisSpeechError code,
                                const char *advice);

G_END_DECLS
