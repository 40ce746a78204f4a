/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "endpoint-recogniser.h"
#include "model-store.h"

G_BEGIN_DECLS

#define WHIS_TYPE_LOCAL_RECOGNISER (whis_local_recogniser_get_type ())
G_DECLARE_FINAL_TYPE (WhisLocalRecogniser, whis_local_recogniser, WHIS, LOCAL_RECOGNISER, GObject)

WhisLocalRecogniser *whis_local_recogniser_new (WhisDictations *dictations,
                                                WhisModelStore *models,
                                                WhisSettings *settings);

G_END_DECLS
