/* SPDX-License-Identifier: MIT */
#include "mishap.h"

#define PERCENT_REFUSED 5
#define PERCENT_BROKEN 5

/* Latencies between half and one and a half of the mean; the same sequence for the same seed. */
Mishap
mishap_next (GRand *moods, double mean_latency_ms)
{
  Mishap mishap = { .latency_ms = mean_latency_ms * g_rand_double_range (moods, 0.5, 1.5),
                    .status = 200 };
  int throw = g_rand_int_range (moods, 0, 100);

  if (throw < PERCENT_REFUSED)
    mishap.status = 429;
  else if (throw < PERCENT_REFUSED + PERCENT_BROKEN)
    mishap.status = 500;

  return mishap;
}
