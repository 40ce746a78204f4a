/* SPDX-License-Identifier: MIT */
#include "secret.h"

#include <string.h>

/**
 * whis_secret_free:
 * @secret: (transfer full) (nullable): a key
 *
 * Wipes a key from memory and frees it.
 */
void
whis_secret_free (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}
