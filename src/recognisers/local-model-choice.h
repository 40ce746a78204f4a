/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-store.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_LOCAL_MODEL_CHOICE (whis_local_model_choice_get_type ())
G_DECLARE_FINAL_TYPE (WhisLocalModelChoice,
                      whis_local_model_choice,
                      WHIS,
                      LOCAL_MODEL_CHOICE,
                      GObject)

WhisLocalModelChoice *whis_local_model_choice_new (WhisModelStore *store, WhisSettings *settings);
void whis_local_model_choice_refresh (WhisLocalModelChoice *self);
void whis_local_model_choice_wait_async (WhisLocalModelChoice *self,
                                         GAsyncReadyCallback callback,
                                         gpointer data);
void whis_local_model_choice_wait_finish (WhisLocalModelChoice *self, GAsyncResult *result);
const char *whis_local_model_choice_get_current (WhisLocalModelChoice *self);
char *whis_local_model_choice_dup_language (WhisLocalModelChoice *self);
char *whis_local_model_choice_dup_name (WhisLocalModelChoice *self);
gboolean
whis_local_model_choice_check (WhisLocalModelChoice *self, const char *language, GError **error);
char *whis_local_model_choice_dup_engine_name (const char *id);

G_END_DECLS
