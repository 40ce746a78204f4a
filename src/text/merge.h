/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WHIS_TYPE_MERGE (whis_merge_get_type ())
G_DECLARE_FINAL_TYPE (WhisMerge, whis_merge, WHIS, MERGE, GObject)

/**
 * WHIS_MERGE_GAP:
 *
 * What stands in a text for a piece that is not there.
 */
#define WHIS_MERGE_GAP "[…]"

WhisMerge *whis_merge_new (void);
void whis_merge_set (WhisMerge *self, guint index, const char *text, gboolean overlaps_previous);
gboolean whis_merge_has_gap (WhisMerge *self, guint n_pieces);
char *whis_merge_get_prefix (WhisMerge *self, gsize longest);
char *whis_merge_get_text (WhisMerge *self, guint n_pieces);

void whis_merge_append (GString *text, const char *right);
char *whis_merge_join (const char *left, const char *right, gboolean overlaps);

G_END_DECLS
