/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WHIS_TYPE_VIEW_TITLE (whis_view_title_get_type ())
G_DECLARE_FINAL_TYPE (WhisViewTitle, whis_view_title, WHIS, VIEW_TITLE, AdwBin)

void whis_view_title_set_switcher_enabled (WhisViewTitle *self, gboolean enabled);
void whis_view_title_set_window (WhisViewTitle *self, AdwApplicationWindow *window);

G_END_DECLS
