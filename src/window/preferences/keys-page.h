/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_KEYS_PAGE (whis_keys_page_get_type ())
G_DECLARE_FINAL_TYPE (WhisKeysPage, whis_keys_page, WHIS, KEYS_PAGE, AdwPreferencesPage)

void whis_keys_page_connect (WhisKeysPage *self, WhisServiceProxy *service);
void whis_keys_page_show_service (WhisKeysPage *self, const char *id);
void whis_keys_page_set_providers (WhisKeysPage *self, GListModel *providers);

G_END_DECLS
