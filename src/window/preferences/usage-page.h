/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_USAGE_PAGE (whis_usage_page_get_type ())
G_DECLARE_FINAL_TYPE (WhisUsagePage, whis_usage_page, WHIS, USAGE_PAGE, AdwPreferencesPage)

void
whis_usage_page_connect (WhisUsagePage *self, WhisServiceProxy *service, WhisSettings *settings);
void whis_usage_page_set_providers (WhisUsagePage *self, GListModel *providers);

G_END_DECLS
