/* SPDX-License-Identifier: MIT */
#include "call-provider.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"

/**
 * whis_call_require_provider:
 * @invocation: a call that names a provider; answered with an error when there is none
 * @id: id of a provider
 *
 * Returns: (transfer none) (nullable): the provider
 */
const WhisProvider *
whis_call_require_provider (GDBusMethodInvocation *invocation, const char *id)
{
  const WhisProvider *provider = whis_provider_lookup (id);

  if (provider == NULL)
    g_dbus_method_invocation_return_error (
        invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
        _ ("There is no transcription service “%s”; “whis providers” lists them."), id);

  return provider;
}
