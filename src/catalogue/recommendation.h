/* SPDX-License-Identifier: MIT */
#pragma once

#include "local-model.h"

G_BEGIN_DECLS

const WhisLocalModel *
whis_local_model_recommend (const char *language, guint n_processors, guint64 memory_mb);
const WhisLocalModel *
whis_local_model_recommend_smaller (const WhisLocalModel *model, const char *language);

G_END_DECLS
