/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_SESSION_DISPLAY (whis_session_display_get_type ())
G_DECLARE_FINAL_TYPE (WhisSessionDisplay, whis_session_display, WHIS, SESSION_DISPLAY, GObject)

WhisSessionDisplay *whis_session_display_new (const char *const *environment);

gboolean
whis_session_display_take (WhisSessionDisplay *self, GVariant *environment, GError **error);
GStrv whis_session_display_dup_environment (WhisSessionDisplay *self);

G_END_DECLS
