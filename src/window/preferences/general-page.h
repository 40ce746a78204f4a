/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_GENERAL_PAGE (whis_general_page_get_type ())
G_DECLARE_FINAL_TYPE (WhisGeneralPage, whis_general_page, WHIS, GENERAL_PAGE, AdwPreferencesPage)

void whis_general_page_connect (WhisGeneralPage *self,
                                WhisServiceProxy *service,
                                WhisSettings *settings);
void whis_general_page_set_providers (WhisGeneralPage *self, GListModel *providers);

G_END_DECLS
