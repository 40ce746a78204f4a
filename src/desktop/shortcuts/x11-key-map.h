/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcut-trigger.h"
#include "x11-connection.h"

G_BEGIN_DECLS

#define WHIS_X11_N_LOCKS 8

typedef struct _WhisX11KeyMap WhisX11KeyMap;

WhisX11KeyMap *whis_x11_key_map_new (const xcb_setup_t *setup,
                                     xcb_get_modifier_mapping_reply_t *modifiers,
                                     xcb_get_keyboard_mapping_reply_t *keys);
void whis_x11_key_map_free (WhisX11KeyMap *self);

xcb_keycode_t whis_x11_key_map_find (WhisX11KeyMap *self, guint32 keysym);
gboolean
whis_x11_key_map_get_mask (WhisX11KeyMap *self, WhisShortcutModifiers modifiers, guint16 *mask);
guint16 whis_x11_key_map_get_all_masks (WhisX11KeyMap *self);
guint16 whis_x11_key_map_get_lock (WhisX11KeyMap *self, guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisX11KeyMap, whis_x11_key_map_free)

G_END_DECLS
