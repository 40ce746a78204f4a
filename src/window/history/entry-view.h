/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ENTRY_VIEW (whis_entry_view_get_type ())
G_DECLARE_FINAL_TYPE (WhisEntryView, whis_entry_view, WHIS, ENTRY_VIEW, AdwBin)

void whis_entry_view_set_service (WhisEntryView *self, WhisServiceProxy *service);
void whis_entry_view_focus_text (WhisEntryView *self);
void whis_entry_view_show_error (WhisEntryView *self, const GError *error);
void whis_entry_view_open (WhisEntryView *self, const char *id);

G_END_DECLS
