/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "providers.h"

G_BEGIN_DECLS

#define WHIS_TYPE_PROVIDER_ITEM (whis_provider_item_get_type ())
G_DECLARE_FINAL_TYPE (WhisProviderItem, whis_provider_item, WHIS, PROVIDER_ITEM, GObject)

WhisProviderItem *whis_provider_item_new (GVariant *description);

const WhisProvider *whis_provider_item_get_provider (WhisProviderItem *self);
const char *whis_provider_item_get_id (WhisProviderItem *self);
const char *whis_provider_item_get_name (WhisProviderItem *self);
const char *whis_provider_item_get_host (WhisProviderItem *self);
const char *whis_provider_item_get_key_source (WhisProviderItem *self);
gboolean whis_provider_item_has_key (WhisProviderItem *self);
gboolean whis_provider_item_lacks_key (WhisProviderItem *self);
const char *const *whis_provider_item_get_models (WhisProviderItem *self);

GListStore *whis_provider_list_new (GVariant *descriptions);
void whis_provider_list_fill (GListStore *list, GVariant *descriptions);
WhisProviderItem *whis_provider_list_find (GListModel *list, const char *id, guint *position);
GListModel *whis_provider_list_new_choices (GListModel *list, const char *id, const char *name);

G_END_DECLS
