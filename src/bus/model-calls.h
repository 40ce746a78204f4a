/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "local-model-choice.h"
#include "model-store.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MODEL_CALLS (whis_model_calls_get_type ())
G_DECLARE_FINAL_TYPE (WhisModelCalls, whis_model_calls, WHIS, MODEL_CALLS, GObject)

WhisModelCalls *whis_model_calls_new (WhisModelStore *store,
                                      WhisLocalModelChoice *choice,
                                      WhisDictations *dictations);

gboolean whis_model_calls_export (WhisModelCalls *self,
                                  GDBusConnection *connection,
                                  const char *path,
                                  GError **error);
void whis_model_calls_unexport (WhisModelCalls *self);

G_END_DECLS
