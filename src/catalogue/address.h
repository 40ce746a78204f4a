/* SPDX-License-Identifier: MIT */
#pragma once

#include "providers.h"

G_BEGIN_DECLS

/**
 * WhisAddressSafety:
 * @WHIS_ADDRESS_SAFE: nobody listens on the way: `https`, or this computer
 * @WHIS_ADDRESS_PRIVATE: plain `http` to a number or a name of a private network; others in it
 * could listen, and the user has to accept that
 * @WHIS_ADDRESS_UNSAFE: plain `http` to anywhere else, for nobody knows where other names lead;
 * never used
 *
 * Whether a key and the sound of somebody's voice may go to an address.
 */
typedef enum
{
  WHIS_ADDRESS_SAFE,
  WHIS_ADDRESS_PRIVATE,
  WHIS_ADDRESS_UNSAFE,
} WhisAddressSafety;

char *whis_address_complete (const WhisProvider *provider, const char *address, GError **error);
WhisAddressSafety whis_address_get_safety (const char *url);
gboolean
whis_address_is_of_provider (const WhisProvider *provider, const char *url, GError **error);
char *whis_address_get_host (const char *url);
char *whis_address_get_models_url (const char *url);
char *whis_address_get_sibling (const char *url, const char *path);

gboolean whis_provider_is_here (const WhisProvider *provider, const char *url);

G_END_DECLS
