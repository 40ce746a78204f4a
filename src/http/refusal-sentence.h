/* SPDX-License-Identifier: MIT */
#pragma once

#include "refusal.h"
#include "speech-error.h"

G_BEGIN_DECLS

char *whis_refusal_describe (const WhisRefusal *refusal,
                             guint status,
                             WhisSpeechError code,
                             const char *service,
                             guint64 wait_ms);
char *whis_rate_limit_describe (const char *service, guint64 wait_ms);

G_END_DECLS
