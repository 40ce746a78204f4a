/* SPDX-License-Identifier: MIT */
#pragma once

#include "loudness.h"

G_BEGIN_DECLS

/**
 * WhisUtterance:
 * @start: the first sample
 * @end: one past the last sample
 *
 * A stretch of sound that is recognised in one go.
 */
typedef struct
{
  gsize start;
  gsize end;
} WhisUtterance;

GArray *whis_utterances_find (const gint16 *samples, gsize n_samples);
GArray *whis_utterances_join (GArray *utterances, gsize most_samples);

G_END_DECLS
