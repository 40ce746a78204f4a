/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

gboolean whis_rate_limit_parse_delay (const char *value, guint64 *wait_ms);
gboolean whis_rate_limit_find_delay (const char *words, guint64 *wait_ms);
gboolean whis_rate_limit_get_delay_until_reset (SoupMessageHeaders *headers,
                                                gint64 now,
                                                gboolean is_refused,
                                                guint64 *wait_ms);

G_END_DECLS
