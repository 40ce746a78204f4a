/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "endpoint-form.h"
#include "endpoint-recogniser.h"

G_BEGIN_DECLS

void whis_endpoint_reply_with_error (SoupServerMessage *message,
                                     guint status,
                                     const char *param,
                                     const char *code,
                                     const char *sentence);
void whis_endpoint_reply_with_failure (SoupServerMessage *message,
                                       const char *param,
                                       const GError *error);
void whis_endpoint_reply_with_transcript (SoupServerMessage *message,
                                          const WhisRecord *record,
                                          const WhisEndpointForm *form);
void whis_endpoint_reply_with_models (SoupServerMessage *message, GPtrArray *models);

G_END_DECLS
