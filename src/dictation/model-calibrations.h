/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "model-store.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MODEL_CALIBRATIONS (whis_model_calibrations_get_type ())
G_DECLARE_FINAL_TYPE (WhisModelCalibrations,
                      whis_model_calibrations,
                      WHIS,
                      MODEL_CALIBRATIONS,
                      GObject)

WhisModelCalibrations *
whis_model_calibrations_new (WhisModelStore *store, WhisDictations *dictations);

void whis_model_calibrations_start (WhisModelCalibrations *self, const char *id, gboolean again);
gboolean whis_model_calibrations_cancel (WhisModelCalibrations *self, const char *id);
const char *whis_model_calibrations_get_state (WhisModelCalibrations *self, const char *id);
const char *whis_model_calibrations_get_problem (WhisModelCalibrations *self, const char *id);

G_END_DECLS
