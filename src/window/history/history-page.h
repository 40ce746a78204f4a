/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_HISTORY_PAGE (whis_history_page_get_type ())
G_DECLARE_FINAL_TYPE (WhisHistoryPage, whis_history_page, WHIS, HISTORY_PAGE, AdwBin)

void whis_history_page_set_service (WhisHistoryPage *self, WhisServiceProxy *service);
void whis_history_page_search (WhisHistoryPage *self);
void whis_history_page_focus_list (WhisHistoryPage *self);
void whis_history_page_show_unfinished (WhisHistoryPage *self);

G_END_DECLS
