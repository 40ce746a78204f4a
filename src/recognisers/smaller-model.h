/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-entry.h"

G_BEGIN_DECLS

const WhisModelEntry *
whis_smaller_model_find (GPtrArray *entries, const WhisModelEntry *entry, const char *language);

G_END_DECLS
