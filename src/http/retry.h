/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WHIS_RETRY_LONGEST_WAIT_MS:
 *
 * The longest wait that a provider may ask for; for a longer one we give up and say so.
 */
#define WHIS_RETRY_LONGEST_WAIT_MS 60000

gboolean whis_retry_delay (const GError *error, guint attempt, guint *delay_ms);
gboolean whis_retry_after_parse (const char *value, gint64 now, guint64 *wait_ms);
gboolean whis_retry_after_ms_parse (const char *value, guint64 *wait_ms);

G_END_DECLS
