/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_LOCAL_MODELS (whis_local_models_get_type ())
G_DECLARE_FINAL_TYPE (WhisLocalModels, whis_local_models, WHIS, LOCAL_MODELS, GObject)

WhisLocalModels *whis_local_models_get (WhisServiceProxy *service);

void whis_local_models_set_language (WhisLocalModels *self, const char *language);
GVariant *whis_local_models_get_list (WhisLocalModels *self);
GVariant *whis_local_models_find (WhisLocalModels *self, const char *id);
GVariant *whis_local_models_find_first (WhisLocalModels *self, gboolean (*test) (GVariant *facts));
const char *whis_local_models_get_current (WhisLocalModels *self);

void
whis_local_models_fetch (WhisLocalModels *self, const char *id, gboolean metered, gpointer asker);
void whis_local_models_cancel_fetch (WhisLocalModels *self, const char *id);
void whis_local_models_remove (WhisLocalModels *self, const char *id, gpointer asker);

gboolean whis_local_model_facts_are_usable (GVariant *facts);
gboolean whis_local_model_facts_have_state (GVariant *facts, const char *state);
const char *whis_local_model_facts_get (GVariant *facts, const char *key);
char *whis_local_model_facts_dup_size (GVariant *facts);

G_END_DECLS
