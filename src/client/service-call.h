/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WHIS_SERVICE_CALL_TIMEOUT_MS:
 *
 * How long a client waits for the answer to a call. The keyring may ask the user for a password,
 * and a provider may be slow to judge a key.
 */
#define WHIS_SERVICE_CALL_TIMEOUT_MS (5 * 60 * 1000)

char *whis_service_error_to_sentence (const GError *error);

G_END_DECLS
