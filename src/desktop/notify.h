/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisNotifyUrgency:
 * @WHIS_NOTIFY_URGENCY_LOW: need not be seen
 * @WHIS_NOTIFY_URGENCY_NORMAL: as usual
 * @WHIS_NOTIFY_URGENCY_CRITICAL: stays until it is dismissed
 */
typedef enum
{
  WHIS_NOTIFY_URGENCY_LOW,
  WHIS_NOTIFY_URGENCY_NORMAL,
  WHIS_NOTIFY_URGENCY_CRITICAL,
} WhisNotifyUrgency;

#define WHIS_TYPE_NOTIFY (whis_notify_get_type ())

G_DECLARE_FINAL_TYPE (WhisNotify, whis_notify, WHIS, NOTIFY, GObject)

/**
 * WhisNotify:
 *
 * Notifications of the desktop: `org.freedesktop.Notifications`, or in a sandbox the portal
 * `org.freedesktop.portal.Notification`.
 *
 * Every notification has an id of ours; a new one replaces the earlier one of the same id. Texts
 * are plain: they are escaped for servers that read markup.
 *
 * See <https://specifications.freedesktop.org/notification-spec/>.
 */

/**
 * WhisNotify::action-invoked:
 * @self: the notifications
 * @id: the notification
 * @action: the action's name, or `default` when the notification itself was clicked
 *
 * The user chose an action.
 */

/**
 * whis_notify_new:
 * @connection: the session bus
 * @app_name: the name of the program, for people
 *
 * Returns: (transfer full): a new object, which talks to nobody until something is shown
 */
WhisNotify *whis_notify_new (GDBusConnection *connection, const char *app_name);

/**
 * whis_notify_show: (skip)
 * @self: the notifications
 * @id: which notification; the earlier one of this id is replaced
 * @title: one line, plain text
 * @body: (nullable): more, plain text
 * @icon_name: (nullable): an icon of the theme
 * @urgency: how much it matters
 * @...: pairs of an action's name and its label, ended by %NULL; the name `default` is the click
 *   on the notification itself
 *
 * Shows a notification. It never blocks and never fails loudly: without a server nothing is seen,
 * and [property@Notify:available] turns %FALSE.
 */
void whis_notify_show (WhisNotify *self,
                       const char *id,
                       const char *title,
                       const char *body,
                       const char *icon_name,
                       WhisNotifyUrgency urgency,
                       ...) G_GNUC_NULL_TERMINATED;

/**
 * whis_notify_withdraw:
 * @self: the notifications
 * @id: which notification
 *
 * Takes a notification away, if it is still there.
 */
void whis_notify_withdraw (WhisNotify *self, const char *id);

/**
 * whis_notify_get_available:
 * @self: the notifications
 *
 * Whether there is a notification server, as far as is known: %TRUE until showing failed because
 * there is none, and again after one has worked.
 */
gboolean whis_notify_get_available (WhisNotify *self);

/**
 * whis_notify_take_activation_token:
 * @self: the notifications
 *
 * Takes the XDG activation token of the action that is being handled, for a window that it opens.
 *
 * Returns: (transfer full) (nullable): the token
 */
char *whis_notify_take_activation_token (WhisNotify *self);

G_END_DECLS
