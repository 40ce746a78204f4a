/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "history-item.h"

G_BEGIN_DECLS

#define WHIS_TYPE_VERSION_VIEW (whis_version_view_get_type ())
G_DECLARE_FINAL_TYPE (WhisVersionView, whis_version_view, WHIS, VERSION_VIEW, AdwBin)

void whis_version_view_show (WhisVersionView *self, WhisHistoryItem *entry);

gboolean whis_version_view_is_newest (WhisVersionView *self);
guint whis_version_view_get_number (WhisVersionView *self);
const char *whis_version_view_get_text (WhisVersionView *self);

G_END_DECLS
