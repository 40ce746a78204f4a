/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-downloads.h"
#include "model-entry.h"

G_BEGIN_DECLS

GVariant *whis_model_row_new (const WhisModelEntry *entry,
                              WhisModelDownloads *downloads,
                              const char *mirror,
                              const char *endpoint);

G_END_DECLS
