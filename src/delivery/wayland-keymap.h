/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <xkbcommon/xkbcommon.h>

G_BEGIN_DECLS

typedef struct _WhisWaylandKeymap WhisWaylandKeymap;

WhisWaylandKeymap *whis_wayland_keymap_new (int fd, gsize size);
WhisWaylandKeymap *whis_wayland_keymap_new_default (void);
int whis_wayland_keymap_create_file (WhisWaylandKeymap *self, gsize *size);
void whis_wayland_keymap_free (WhisWaylandKeymap *self);

gboolean
whis_wayland_keymap_find (WhisWaylandKeymap *self, xkb_keysym_t keysym, guint *key, guint *layout);
guint whis_wayland_keymap_get_mask (WhisWaylandKeymap *self, const char *modifier);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisWaylandKeymap, whis_wayland_keymap_free)

G_END_DECLS
