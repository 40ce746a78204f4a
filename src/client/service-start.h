/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_SERVICE_START_ERROR (whis_service_start_error_quark ())

/**
 * WhisServiceStartError:
 * @WHIS_SERVICE_START_ERROR_PROGRAM: the program could not be run
 * @WHIS_SERVICE_START_ERROR_BUS: the session bus could not start it
 * @WHIS_SERVICE_START_ERROR_ENDED: the program ended before it was reachable
 * @WHIS_SERVICE_START_ERROR_TIMEOUT: the program runs but cannot be reached
 *
 * Why the service did not start. The messages are sentences for the user.
 */
typedef enum
{
  WHIS_SERVICE_START_ERROR_PROGRAM,
  WHIS_SERVICE_START_ERROR_BUS,
  WHIS_SERVICE_START_ERROR_ENDED,
  WHIS_SERVICE_START_ERROR_TIMEOUT,
} WhisServiceStartError;

GQuark whis_service_start_error_quark (void);

void whis_service_start_async (GDBusConnection *bus,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean whis_service_start_finish (GDBusConnection *bus, GAsyncResult *result, GError **error);

G_END_DECLS
