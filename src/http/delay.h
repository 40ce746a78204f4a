/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

gboolean whis_delay_parse (const char *value, guint64 *wait_ms);
gboolean whis_delay_find (const char *words, guint64 *wait_ms);
gboolean whis_delay_until_reset (SoupMessageHeaders *headers,
                                 gint64 now,
                                 gboolean is_refused,
                                 guint64 *wait_ms);

G_END_DECLS
