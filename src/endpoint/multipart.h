/* SPDX-License-Identifier: MIT */
#pragma once

#include "endpoint-error.h"

G_BEGIN_DECLS

/**
 * WhisMultipartFuncs:
 * @begin: a part begins; @name is that of its field, %NULL if it has none, and @is_file whether it
 *   has a file name
 * @add: the next bytes of that part
 * @end: that part has ended
 *
 * Who is told of the parts. Each returns whether to go on; %FALSE with @error set.
 */
typedef struct
{
  gboolean (*begin) (gpointer data, const char *name, gboolean is_file, GError **error);
  gboolean (*add) (gpointer data, const guint8 *bytes, gsize size, GError **error);
  gboolean (*end) (gpointer data, GError **error);
} WhisMultipartFuncs;

typedef struct _WhisMultipart WhisMultipart;

WhisMultipart *
whis_multipart_new (const char *content_type, const WhisMultipartFuncs *funcs, gpointer data);
void whis_multipart_free (WhisMultipart *self);

gboolean whis_multipart_push (WhisMultipart *self, const guint8 *bytes, gsize size, GError **error);
gboolean whis_multipart_finish (WhisMultipart *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisMultipart, whis_multipart_free)

G_END_DECLS
