/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_SAMPLE_RATE 16000

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

G_END_DECLS
