/* SPDX-License-Identifier: MIT */
#include "endpoint-timeout.h"

/* A program on this computer has no slow line. */
#define PATIENCE_MS 20000
#define UPLOAD_FACTOR 15

/**
 * whis_endpoint_timeout_get_ms:
 *
 * Returns: how long the next bytes of a request may take, in milliseconds; tests do not wait so
 *   long, and set `WHIS_ENDPOINT_TIMEOUT_MS`
 */
guint
whis_endpoint_timeout_get_ms (void)
{
  const char *value = g_getenv ("WHIS_ENDPOINT_TIMEOUT_MS");

  return value != NULL ? (guint) g_ascii_strtoull (value, NULL, 10) : PATIENCE_MS;
}

/**
 * whis_endpoint_timeout_get_upload_us:
 *
 * Returns: how long all of a request may take, in microseconds
 */
gint64
whis_endpoint_timeout_get_upload_us (void)
{
  return (gint64) whis_endpoint_timeout_get_ms () * UPLOAD_FACTOR * 1000;
}
