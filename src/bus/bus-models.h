/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "local-model-choice.h"
#include "model-store.h"
#include "whis-bus-models.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_MODELS (whis_bus_models_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusModels, whis_bus_models, WHIS, BUS_MODELS, WhisBusWhis1ModelsSkeleton)

WhisBusModels *whis_bus_models_new (WhisModelStore *store,
                                    WhisLocalModelChoice *choice,
                                    WhisDictations *dictations);

G_END_DECLS
