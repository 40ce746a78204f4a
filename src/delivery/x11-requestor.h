/* SPDX-License-Identifier: MIT */
#pragma once

#include "x11-connection.h"

G_BEGIN_DECLS

/**
 * WhisX11Saved:
 * @formats: (element-type utf8 GBytes): what was read, by the names of its targets
 * @types: (element-type utf8 WhisX11Type): the type of each
 *
 * What another client offered.
 */
typedef struct
{
  GHashTable *formats;
  GHashTable *types;
} WhisX11Saved;

/* The type of a property and the size of its items in bits. */
typedef struct
{
  xcb_atom_t type;
  guint8 bits;
} WhisX11Type;

void whis_x11_saved_free (WhisX11Saved *self);

void whis_x11_save_async (WhisX11Connection *connection,
                          xcb_atom_t selection,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
WhisX11Saved *
whis_x11_save_finish (WhisX11Connection *connection, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisX11Saved, whis_x11_saved_free)

G_END_DECLS
