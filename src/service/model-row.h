/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-calibrations.h"
#include "model-downloads.h"
#include "model-entry.h"

G_BEGIN_DECLS

/**
 * WhisModelFacts:
 * @entries: (element-type WhisModelEntry): all models
 * @downloads: what is being fetched
 * @calibrations: what is being measured
 * @language: (nullable): the language that is spoken
 * @mirror: (nullable): as for whis_local_model_dup_addresses()
 * @endpoint: (nullable): the same
 *
 * What is said of models beside themselves.
 */
typedef struct
{
  GPtrArray *entries;
  WhisModelDownloads *downloads;
  WhisModelCalibrations *calibrations;
  const char *language;
  const char *mirror;
  const char *endpoint;
} WhisModelFacts;

GVariant *whis_model_row_new (const WhisModelEntry *entry, const WhisModelFacts *facts);

G_END_DECLS
