/* SPDX-License-Identifier: MIT */
#include "transport-error.h"
#include "connection-error.h"
#include "service-error.h"

#include <glib/gi18n-lib.h>

/**
 * whis_transport_error_new:
 * @provider: whom we wanted to speak to
 * @host: its host, for people
 * @cause: why there was no answer, of GIO, of libsoup or of a proxy
 *
 * Returns: (transfer full): @cause as an error of the domain %WHIS_SERVICE_ERROR; a cancellation
 *   stays what it is
 */
GError *
whis_transport_error_new (const WhisProvider *provider, const char *host, const GError *cause)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (provider != NULL && host != NULL && cause != NULL, NULL);

  error = whis_connection_error_new (whis_provider_get_name (provider), host, provider->own_address,
                                     cause);
  if (provider->local && g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NETWORK))
    return whis_service_error_new (WHIS_SERVICE_ERROR_RECOGNISER,
                                   _ ("The offline recogniser does not answer."), cause->message);

  return g_steal_pointer (&error);
}
