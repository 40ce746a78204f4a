/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WHIS_TYPE_NAVIGATION (whis_navigation_get_type ())
G_DECLARE_FINAL_TYPE (WhisNavigation, whis_navigation, WHIS, NAVIGATION, AdwBin)

GtkWidget *whis_navigation_get_visible_child (WhisNavigation *self);
void whis_navigation_push (WhisNavigation *self);
void whis_navigation_pop (WhisNavigation *self);

void whis_navigation_hide_back_button (AdwHeaderBar *bar);

G_END_DECLS
