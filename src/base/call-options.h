/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisCallOption:
 * @name: what it is called on D-Bus
 * @type: its type there: `b`, `u`, `s` or `as`
 * @offset: where it goes, with G_STRUCT_OFFSET(): a #gboolean, a #guint, a string or a #GStrv,
 * which then belong to the structure
 *
 * An option of a method: a row of a constant table.
 */
typedef struct
{
  const char *name;
  const char *type;
  gsize offset;
} WhisCallOption;

gboolean whis_call_options_read (GVariant *options,
                                 const WhisCallOption *known,
                                 gsize n_known,
                                 gpointer target,
                                 GError **error);

G_END_DECLS
