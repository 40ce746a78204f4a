/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "model-store.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MEASURED_MODELS (whis_measured_models_get_type ())
G_DECLARE_FINAL_TYPE (WhisMeasuredModels, whis_measured_models, WHIS, MEASURED_MODELS, GObject)

WhisMeasuredModels *whis_measured_models_new (WhisModelStore *store, WhisDictations *dictations);
void whis_measured_models_refresh (WhisMeasuredModels *self);

G_END_DECLS
