/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_TRAY (whis_tray_get_type ())

G_DECLARE_FINAL_TYPE (WhisTray, whis_tray, WHIS, TRAY, GObject)

WhisTray *whis_tray_new (GDBusConnection *connection,
                         GMenuModel *menu,
                         GActionGroup *actions,
                         const char *activate_action);

gboolean whis_tray_get_hosted (WhisTray *self);
gboolean whis_tray_get_settled (WhisTray *self);

void whis_tray_set_icon_name (WhisTray *self, const char *icon_name);
void whis_tray_set_icon_theme_path (WhisTray *self, const char *path);
void whis_tray_set_title (WhisTray *self, const char *title);
void whis_tray_set_tooltip (WhisTray *self, const char *title, const char *text);

char *whis_tray_take_activation_token (WhisTray *self);

G_END_DECLS
