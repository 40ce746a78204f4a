/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisAuth:
 * @WHIS_AUTH_NONE: no key is ever sent
 * @WHIS_AUTH_BEARER: `Authorization: Bearer KEY` (RFC 6750, 2.1), left out when there is no key
 * @WHIS_AUTH_TOKEN: `Authorization: Token KEY`
 * @WHIS_AUTH_PLAIN: `Authorization: KEY`
 * @WHIS_AUTH_API_KEY: `api-key: KEY`
 * @WHIS_AUTH_XI_API_KEY: `xi-api-key: KEY`
 * @WHIS_AUTH_GOOG_API_KEY: `x-goog-api-key: KEY`
 *
 * How the key is shown to the provider.
 */
typedef enum
{
  WHIS_AUTH_NONE,
  WHIS_AUTH_BEARER,
  WHIS_AUTH_TOKEN,
  WHIS_AUTH_PLAIN,
  WHIS_AUTH_API_KEY,
  WHIS_AUTH_XI_API_KEY,
  WHIS_AUTH_GOOG_API_KEY,
} WhisAuth;

/**
 * WhisTimeouts:
 * @connect_ms: longest wait for a connection, name look-up and TLS included
 * @stall_ms: longest time without any byte moving while the sound is sent or the answer read
 * @answer_ms: longest wait for the answer's first byte once all the sound is sent
 * @answer_percent: added to @answer_ms, as a percentage of the length of the sound
 * @send_ms: longest time for all the sound to be sent; 0 for any. Not for a row of the table:
 *   whis_provider_get_timeouts() fills it in
 * @read_ms: longest time for all of the answer to be read, as @send_ms
 *
 * How patient a backend is with a provider, in milliseconds.
 */
typedef struct
{
  guint connect_ms;
  guint stall_ms;
  guint answer_ms;
  guint answer_percent;
  guint send_ms;
  guint read_ms;
} WhisTimeouts;

G_END_DECLS
