/* SPDX-License-Identifier: MIT */
#pragma once

#include "transcription.h"

G_BEGIN_DECLS

WhisTranscription *whis_deepgram_answer_parse (const char *service,
                                               const char *data,
                                               gsize size,
                                               const char *key,
                                               GError **error);

G_END_DECLS
