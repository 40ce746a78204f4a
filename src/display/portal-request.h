/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_PORTAL_NAME "org.freedesktop.portal.Desktop"
#define WHIS_PORTAL_PATH "/org/freedesktop/portal/desktop"

/**
 * whis_portal_request_async:
 * @connection: the session bus
 * @interface: a portal
 * @method: one of its methods, which answers with the handle of a request
 * @arguments: its arguments, a tuple whose last member are the options (`a{sv}`); a floating
 *   reference is taken
 * @cancellable: (nullable): closes the request, and with it a dialog that the user may look at
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks a portal for something that the user may have to decide.
 *
 * See <https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Request.html>.
 */
void whis_portal_request_async (GDBusConnection *connection,
                                const char *interface,
                                const char *method,
                                GVariant *arguments,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

/**
 * whis_portal_request_finish:
 * @connection: the session bus
 * @result: the result
 * @error: return location for an error of %WHIS_PORTAL_ERROR: no portal, refused by the user, or
 *   failed. The message is for logs, since only the caller knows what was asked for.
 *
 * Returns: (transfer full): the portal's results, `a{sv}`
 */
GVariant *
whis_portal_request_finish (GDBusConnection *connection, GAsyncResult *result, GError **error);

/**
 * whis_portal_request_finish_session:
 * @connection: the session bus
 * @result: the result of a method that creates a session
 * @error: return location for an error as of whis_portal_request_finish(), also if no session is
 *   named
 *
 * Returns: (transfer full): the object path of the session
 */
char *whis_portal_request_finish_session (GDBusConnection *connection,
                                          GAsyncResult *result,
                                          GError **error);

G_END_DECLS
