/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisSpan:
 * @start_ms: where it begins, in milliseconds
 * @end_ms: where it ends, after @start_ms
 *
 * A stretch of sound.
 */
typedef struct
{
  guint64 start_ms;
  guint64 end_ms;
} WhisSpan;

GArray *whis_spans_new (void);
GArray *whis_spans_copy (GArray *self);

void whis_spans_add (GArray *self, guint64 start_ms, guint64 end_ms);
guint64 whis_spans_get_ms (GArray *self, guint64 from_ms, guint64 to_ms);
GArray *whis_spans_join (GArray *self, guint gap_ms);

char *whis_spans_print (GArray *self);
GArray *whis_spans_parse (const char *text);

G_END_DECLS
