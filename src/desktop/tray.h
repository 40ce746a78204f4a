/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_TRAY_STATUS (whis_tray_status_get_type ())

/**
 * WhisTrayStatus:
 * @WHIS_TRAY_STATUS_PASSIVE: nothing to see; most hosts hide the icon
 * @WHIS_TRAY_STATUS_ACTIVE: the icon is shown
 * @WHIS_TRAY_STATUS_ATTENTION: the icon is shown, and the host may make it stand out
 *
 * How much an item asks to be seen.
 */
typedef enum
{
  WHIS_TRAY_STATUS_PASSIVE,
  WHIS_TRAY_STATUS_ACTIVE,
  WHIS_TRAY_STATUS_ATTENTION,
} WhisTrayStatus;

GType whis_tray_status_get_type (void);

#define WHIS_TYPE_TRAY (whis_tray_get_type ())

G_DECLARE_FINAL_TYPE (WhisTray, whis_tray, WHIS, TRAY, GObject)

/**
 * WhisTray:
 *
 * An icon in the desktop's panel: a StatusNotifierItem with a dbusmenu.
 *
 * The item registers itself with `org.kde.StatusNotifierWatcher` by the unique name of the
 * connection, and again whenever the watcher comes back. Where no panel of that kind is, one of the
 * old kind shows it (X11 only). A click, and a middle click, activate one
 * action; the menu is drawn by the host from [class@DBusMenu].
 *
 * See <https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/>.
 */

/**
 * whis_tray_new:
 * @connection: the session bus
 * @menu: the menu of the icon
 * @actions: the actions that @menu and @activate_action name
 * @activate_action: a detailed name of an action in @actions, as for g_action_parse_detailed_name()
 *
 * Creates an item, exports it and starts to look for a panel that shows it. It is active, and
 * shown as soon as [property@Tray:icon-name] is set and a host is there.
 *
 * Names of actions, here and in the menu, may carry the prefix `app.`.
 *
 * Returns: (transfer full): a new item
 */
WhisTray *whis_tray_new (GDBusConnection *connection,
                         GMenuModel *menu,
                         GActionGroup *actions,
                         const char *activate_action);

/**
 * whis_tray_get_hosted:
 * @self: a tray icon
 *
 * Whether a panel shows icons and this one is registered with it, or embedded in it. It is %FALSE
 * until the first answer from the bus; see [property@Tray:settled].
 */
gboolean whis_tray_get_hosted (WhisTray *self);

/**
 * whis_tray_get_settled:
 * @self: a tray icon
 *
 * Whether [property@Tray:hosted] is known: the bus has said that no watcher exists, or the watcher
 * has answered. It turns %TRUE once, after [property@Tray:hosted] has its first real value.
 */
gboolean whis_tray_get_settled (WhisTray *self);

/**
 * whis_tray_set_icon_name:
 * @self: a tray icon
 * @icon_name: the name of an icon in the theme, prefixed with the application id
 *
 * Sets the icon. Pixels of the same icon are offered to hosts that do not find the name.
 */
void whis_tray_set_icon_name (WhisTray *self, const char *icon_name);
const char *whis_tray_get_icon_name (WhisTray *self);

/**
 * whis_tray_set_icon_theme_path:
 * @self: a tray icon
 * @path: (nullable): a directory with a `hicolor` theme in it
 *
 * Sets where the host looks for the icons besides the standard places. By default it is the
 * directory that the icons are installed to, if that is no standard place.
 */
void whis_tray_set_icon_theme_path (WhisTray *self, const char *path);
const char *whis_tray_get_icon_theme_path (WhisTray *self);

/**
 * whis_tray_set_title:
 * @self: a tray icon
 * @title: the name of the program, for people
 */
void whis_tray_set_title (WhisTray *self, const char *title);
const char *whis_tray_get_title (WhisTray *self);

/**
 * whis_tray_set_tooltip:
 * @self: a tray icon
 * @title: one line
 * @text: (nullable): more lines, plain text
 */
void whis_tray_set_tooltip (WhisTray *self, const char *title, const char *text);

void whis_tray_set_status (WhisTray *self, WhisTrayStatus status);
WhisTrayStatus whis_tray_get_status (WhisTray *self);

/**
 * whis_tray_take_activation_token:
 * @self: a tray icon
 *
 * Takes the XDG activation token of the click that is being handled. It is meant for a window that
 * the click opens, and is good for one. A host is told that no window follows if nobody takes it
 * while the action runs.
 *
 * Returns: (transfer full) (nullable): the token
 */
char *whis_tray_take_activation_token (WhisTray *self);

G_END_DECLS
