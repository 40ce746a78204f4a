/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "provider-item.h"
#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_KEY_GROUP (whis_key_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisKeyGroup, whis_key_group, WHIS, KEY_GROUP, AdwPreferencesGroup)

WhisKeyGroup *whis_key_group_new (WhisServiceProxy *service);

void whis_key_group_set_provider (WhisKeyGroup *self, WhisProviderItem *provider);

G_END_DECLS
