/* SPDX-License-Identifier: MIT */
#pragma once

#include "settings.h"
#include "shortcut-backend.h"
#include "shortcut-press.h"

G_BEGIN_DECLS

/* How long somebody looks for the key. */
#define WHIS_SHORTCUTS_CHECK_MS 10000

/* What is suggested to who has no shortcut: free on GNOME, KDE, Xfce, sway and i3 as they come,
 * where Super+H hides a window or moves the focus. */
#define WHIS_SHORTCUTS_SUGGESTION "<Super><Alt>d"

#define WHIS_TYPE_SHORTCUTS (whis_shortcuts_get_type ())
G_DECLARE_FINAL_TYPE (WhisShortcuts, whis_shortcuts, WHIS, SHORTCUTS, GObject)

WhisShortcuts *whis_shortcuts_new (WhisSettings *settings, GDBusConnection *connection);
void whis_shortcuts_add_backend (WhisShortcuts *self, WhisShortcutBackend *backend);
void whis_shortcuts_set_environment (WhisShortcuts *self, const char *const *environment);
void whis_shortcuts_start (WhisShortcuts *self);

WhisShortcutPress *whis_shortcuts_get_press (WhisShortcuts *self);
void whis_shortcuts_set_recording (WhisShortcuts *self, gboolean recording);
void whis_shortcuts_press (WhisShortcuts *self, WhisShortcutAction action);
void whis_shortcuts_release (WhisShortcuts *self, WhisShortcutAction action);
void whis_shortcuts_tap (WhisShortcuts *self, WhisShortcutAction action);

void whis_shortcuts_bind_async (WhisShortcuts *self,
                                GVariant *triggers,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean whis_shortcuts_bind_finish (WhisShortcuts *self, GAsyncResult *result, GError **error);
void whis_shortcuts_check_async (WhisShortcuts *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean whis_shortcuts_check_finish (WhisShortcuts *self, GAsyncResult *result, GError **error);

GVariant *whis_shortcuts_describe (WhisShortcuts *self);

G_END_DECLS
