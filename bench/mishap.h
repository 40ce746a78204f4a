/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MISHAP_WAIT_MS:
 *
 * How long a client is told to wait with a status 429: `Retry-After: 1`.
 */
#define MISHAP_WAIT_MS 1000

/* What a server that has its moods does with one request. */
typedef struct
{
  double latency_ms;
  guint status;
} Mishap;

Mishap mishap_next (GRand *moods, double mean_latency_ms);

G_END_DECLS
