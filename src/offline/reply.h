/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "form.h"
#include "model-list.h"
#include "transcript.h"

G_BEGIN_DECLS

void whis_reply_with_error (SoupServerMessage *message,
                            guint status,
                            const char *param,
                            const char *code,
                            const char *sentence);
void whis_reply_with_failure (SoupServerMessage *message, const char *param, const GError *error);
void whis_reply_with_transcript (SoupServerMessage *message,
                                 const WhisTranscript *transcript,
                                 WhisAnswerFormat format,
                                 gboolean wants_words);
void whis_reply_with_models (SoupServerMessage *message, WhisModelList *models);
void whis_reply_with_health (SoupServerMessage *message);

G_END_DECLS
