/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WHIS_TYPE_X11_TRAY (whis_x11_tray_get_type ())

G_DECLARE_FINAL_TYPE (WhisX11Tray, whis_x11_tray, WHIS, X11_TRAY, GObject)

/**
 * WhisX11Tray:
 *
 * Whether a panel on an X11 display takes icons by the old protocol, in which the icon is a window
 * that the panel embeds. Such a panel owns the selection `_NET_SYSTEM_TRAY_Sn` of its screen.
 *
 * The connection to the display is silent until the selection gets another owner.
 *
 * See <https://specifications.freedesktop.org/systemtray-spec/latest/>.
 */

/**
 * whis_x11_tray_new:
 * @display: the name of an X11 display, such as `:0`
 *
 * Connects to the display, without blocking. A display that cannot be reached, or that goes away,
 * has no tray.
 *
 * Returns: (transfer full): an object that watches the display
 */
WhisX11Tray *whis_x11_tray_new (const char *display);

/**
 * whis_x11_tray_get_present:
 * @self: a tray
 *
 * Returns: whether there is one; notified as `present`
 */
gboolean whis_x11_tray_get_present (WhisX11Tray *self);

G_END_DECLS
