/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WHIS_SERVICE_CALL_TIMEOUT_MS:
 *
 * How long a client waits for the answer to a call. Transcribing takes longer, but no call waits
 * for it; a keyring may wait for its user.
 */
#define WHIS_SERVICE_CALL_TIMEOUT_MS (5 * 60 * 1000)

/**
 * WHIS_SERVICE_HISTORY_PAGE:
 *
 * As many entries as the service gives at once.
 */
#define WHIS_SERVICE_HISTORY_PAGE 500

char *whis_service_call_error_to_sentence (const GError *error);
GVariant *
whis_service_dictation_options (const char *provider, const char *model, const char *language);
GVariant *whis_service_history_query (GVariant *query, guint offset, guint limit);

G_END_DECLS
