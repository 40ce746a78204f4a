/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_PROVIDER (whis_provider_get_type ())
G_DECLARE_FINAL_TYPE (WhisProvider, whis_provider, WHIS, PROVIDER, GObject)

WhisProvider *whis_provider_new (GVariant *description);
GListStore *whis_provider_list_new (GVariant *descriptions);
void whis_provider_list_fill (GListStore *list, GVariant *descriptions);
WhisProvider *whis_provider_list_find (GListModel *list, const char *id, guint *position);
const char *whis_provider_list_get_name (GListModel *list, const char *id);

const char *whis_provider_get_id (WhisProvider *self);
const char *whis_provider_get_name (WhisProvider *self);
const char *whis_provider_get_note (WhisProvider *self);
const char *whis_provider_get_host (WhisProvider *self);
const char *whis_provider_get_key_page (WhisProvider *self);
const char *whis_provider_get_key_source (WhisProvider *self);
const char *const *whis_provider_get_models (WhisProvider *self);
gboolean whis_provider_get_needs_key (WhisProvider *self);
gboolean whis_provider_get_takes_key (WhisProvider *self);
gboolean whis_provider_get_has_key (WhisProvider *self);
gboolean whis_provider_get_own_address (WhisProvider *self);
const char *whis_provider_get_address_hint (WhisProvider *self);
gboolean whis_provider_get_needs_model (WhisProvider *self);
gboolean whis_provider_get_transcribes_live (WhisProvider *self);

G_END_DECLS
