/* SPDX-License-Identifier: MIT */
#include "address.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
complete (const char *id, const char *given)
{
  const WhisProvider *provider = whis_provider_lookup (id);
  g_autofree char *url = whis_address_complete (provider, given, NULL);
  g_autofree char *again = NULL;
  g_autofree char *host = NULL;
  g_autofree char *models = NULL;
  g_autoptr (GError) error = NULL;

  if (url == NULL)
    return;
  again = whis_address_complete (provider, url, NULL);
  g_assert_cmpstr (again, ==, url);
  host = whis_address_get_host (url);
  g_assert_cmpstr (host, !=, "");
  models = whis_address_get_models_url (url);
  g_assert_cmpint (whis_address_get_safety (models), ==, whis_address_get_safety (url));
  if (whis_address_is_of_provider (provider, url, &error))
    g_assert_cmpint (whis_address_get_safety (url), !=, WHIS_ADDRESS_UNSAFE);
}

/* What a user may give for the address of a server. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *given = g_strndup ((const char *) data, size);

  complete ("custom", given);
  complete ("whisper-cpp", given);
  complete ("azure", given);

  return 0;
}
