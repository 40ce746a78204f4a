/* SPDX-License-Identifier: MIT */
#pragma once

#include "transcription.h"

G_BEGIN_DECLS

WhisTranscription *whis_answer_parse (const char *service,
                                      const char *content_type,
                                      const char *data,
                                      gsize size,
                                      const char *key,
                                      GError **error);

G_END_DECLS
