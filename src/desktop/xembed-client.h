/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_XEMBED_CLIENT (whis_xembed_client_get_type ())

G_DECLARE_FINAL_TYPE (WhisXembedClient, whis_xembed_client, WHIS, XEMBED_CLIENT, GObject)

/**
 * WhisXembedClient:
 *
 * One run of the program whis-xembed-tray, which shows our item in a panel of the old kind. It ends
 * with this process, however that ends: its standard input is a pipe from here. What it inherits
 * has no API key, since the service takes them out of its environment at its start.
 *
 * The signal `ended` comes when it is gone.
 */

/**
 * whis_xembed_client_new:
 * @bus_name: the unique name of the connection that the item is on
 * @error: return location
 *
 * Starts the program.
 *
 * Returns: (transfer full): the client, or %NULL with a %GSpawnError
 */
WhisXembedClient *whis_xembed_client_new (const char *bus_name, GError **error);

/**
 * whis_xembed_client_get_program:
 *
 * Returns: (transfer none): what is run
 */
const char *whis_xembed_client_get_program (void);

/**
 * whis_xembed_client_get_shown:
 * @self: a client
 *
 * Returns: whether a panel has taken its icon; notified as `shown`
 */
gboolean whis_xembed_client_get_shown (WhisXembedClient *self);

/**
 * whis_xembed_client_stop:
 * @self: a client
 *
 * Asks it to end.
 */
void whis_xembed_client_stop (WhisXembedClient *self);

G_END_DECLS
