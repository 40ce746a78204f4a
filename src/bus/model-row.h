/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-calibrations.h"
#include "model-downloads.h"
#include "model-entry.h"

G_BEGIN_DECLS

/**
 * WhisModelRowContext:
 * @entries: (element-type WhisModelEntry): all models
 * @downloads: what is being fetched
 * @calibrations: what is being measured
 * @mirror: (nullable): as for whis_local_model_dup_addresses()
 * @endpoint: (nullable): the same
 * @language: the spoken language, empty if that is not known
 * @recommended: (nullable): the model that is recommended
 *
 * What a row says besides what the model itself does.
 */
typedef struct
{
  GPtrArray *entries;
  WhisModelDownloads *downloads;
  WhisModelCalibrations *calibrations;
  const char *mirror;
  const char *endpoint;
  const char *language;
  const WhisLocalModel *recommended;
} WhisModelRowContext;

GVariant *whis_model_row_new (const WhisModelEntry *entry, const WhisModelRowContext *context);

G_END_DECLS
