/* SPDX-License-Identifier: MIT */
#include "address.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What a user may give for the address of a server. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const WhisProvider *provider = whis_provider_lookup ("custom");
  g_autofree char *given = g_strndup ((const char *) data, size);
  g_autofree char *url = whis_address_complete (provider, given, NULL);
  g_autofree char *again = NULL;
  g_autofree char *host = NULL;

  if (url == NULL)
    return 0;
  again = whis_address_complete (provider, url, NULL);
  g_assert_cmpstr (again, ==, url);
  host = whis_address_get_host (url);
  g_assert_cmpstr (host, !=, "");
  whis_address_may_carry_key (url, NULL);

  return 0;
}
