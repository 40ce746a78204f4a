/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The file that has a session start Whis, `autostart/APPLICATION-ID.desktop` in the user's
 * directory of settings. All functions may block.
 *
 * See <https://specifications.freedesktop.org/autostart-spec/> and
 * <https://specifications.freedesktop.org/desktop-entry-spec/>.
 */

char *whis_autostart_entry_get_path (void);
gboolean whis_autostart_entry_is_on (const char *path);
gboolean whis_autostart_entry_write (const char *path, const char *program, GError **error);
gboolean whis_autostart_entry_remove (const char *path, GError **error);

G_END_DECLS
