/* SPDX-License-Identifier: MIT */
#pragma once

#include "transcribe-again-job.h"

G_BEGIN_DECLS

char *whis_model_offer_describe_languages (GVariant *facts, const char *language);
const char *whis_model_offer_describe_present (const char *current);
char *whis_model_offer_describe_download (GVariant *facts);
char *whis_model_offer_describe_earlier (guint n);
char *whis_model_offer_describe_result (WhisTranscribeAgainJob *job);

G_END_DECLS
