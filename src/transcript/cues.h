/* SPDX-License-Identifier: MIT */
#pragma once

#include "cue-part.h"

G_BEGIN_DECLS

/**
 * WhisCue:
 * @start_ms: when it is shown, in milliseconds of the sound
 * @end_ms: when it goes, after @start_ms and not after the next cue's start
 * @text: lines of at most 42 columns, UTF-8 without control characters and empty lines
 *
 * One subtitle.
 */
typedef struct
{
  guint64 start_ms;
  guint64 end_ms;
  char *text;
} WhisCue;

GPtrArray *whis_cues_collect_parts (const WhisRecord *record);
GPtrArray *whis_cues_new (const WhisRecord *record);

G_END_DECLS
