/* SPDX-License-Identifier: MIT */
#include "x11-key-map.h"

#include <xkbcommon/xkbcommon.h>

/* The first of the masks that keys are free to be (ShiftMask, LockMask, ControlMask, Mod1Mask…). */
#define N_MASKS 8

/**
 * WhisX11KeyMap:
 *
 * The keyboard of an X server, as far as grabs need it.
 */
struct _WhisX11KeyMap
{
  xcb_keycode_t first;
  guint n_keys;
  guint n_columns; /* of each key: two levels of the first layout, two of the second, … */
  xcb_keysym_t *keysyms;
  guint16 masks[4]; /* in the order of the bits of WhisShortcutModifiers; 0 if there is no key */
  guint16 locks[3]; /* of Caps Lock, Num Lock, Scroll Lock */
};

static guint16
find_mask (WhisX11KeyMap *self, xcb_get_modifier_mapping_reply_t *modifiers, xcb_keysym_t keysym)
{
  const xcb_keycode_t *codes = xcb_get_modifier_mapping_keycodes (modifiers);

  for (guint mask = 0; mask < N_MASKS; mask++)
    for (guint i = 0; i < modifiers->keycodes_per_modifier; i++)
      {
        xcb_keycode_t code = codes[mask * modifiers->keycodes_per_modifier + i];
        guint key = (guint) (code - self->first);

        for (guint j = 0; code >= self->first && key < self->n_keys && j < self->n_columns; j++)
          if (self->keysyms[key * self->n_columns + j] == keysym)
            return (guint16) (1u << mask);
      }

  return 0;
}

/**
 * whis_x11_key_map_new:
 * @setup: of the connection
 * @modifiers: which keys are modifiers
 * @keys: what all keys produce
 *
 * Returns: (transfer full): the keyboard
 */
WhisX11KeyMap *
whis_x11_key_map_new (const xcb_setup_t *setup,
                      xcb_get_modifier_mapping_reply_t *modifiers,
                      xcb_get_keyboard_mapping_reply_t *keys)
{
  WhisX11KeyMap *self = g_new0 (WhisX11KeyMap, 1);
  guint n = (guint) xcb_get_keyboard_mapping_keysyms_length (keys);

  self->first = setup->min_keycode;
  self->n_columns = keys->keysyms_per_keycode;
  self->n_keys = self->n_columns > 0 ? n / self->n_columns : 0;
  self->keysyms =
      g_memdup2 (xcb_get_keyboard_mapping_keysyms (keys), (gsize) n * sizeof *self->keysyms);
  self->masks[0] = XCB_MOD_MASK_SHIFT;
  self->masks[1] = XCB_MOD_MASK_CONTROL;
  self->masks[2] = find_mask (self, modifiers, XKB_KEY_Alt_L);
  self->masks[3] = find_mask (self, modifiers, XKB_KEY_Super_L);
  self->locks[0] = XCB_MOD_MASK_LOCK;
  self->locks[1] = find_mask (self, modifiers, XKB_KEY_Num_Lock);
  self->locks[2] = find_mask (self, modifiers, XKB_KEY_Scroll_Lock);

  return self;
}

void
whis_x11_key_map_free (WhisX11KeyMap *self)
{
  g_free (self->keysyms);
  g_free (self);
}

/**
 * whis_x11_key_map_find:
 * @self: a keyboard
 * @keysym: what a key produces
 *
 * A key that produces it without Shift, in the first layout, counts before others.
 *
 * Returns: its code, 0 if there is none
 */
xcb_keycode_t
whis_x11_key_map_find (WhisX11KeyMap *self, guint32 keysym)
{
  for (guint column = 0; column < self->n_columns; column += 2)
    for (guint key = 0; key < self->n_keys; key++)
      if (self->keysyms[key * self->n_columns + column] == keysym)
        return (xcb_keycode_t) (self->first + key);

  return 0;
}

/**
 * whis_x11_key_map_get_mask:
 * @self: a keyboard
 * @modifiers: what is held
 * @mask: (out): how events tell it
 *
 * Returns: whether the keyboard has all of them
 */
gboolean
whis_x11_key_map_get_mask (WhisX11KeyMap *self, WhisShortcutModifiers modifiers, guint16 *mask)
{
  *mask = 0;
  for (guint i = 0; i < G_N_ELEMENTS (self->masks); i++)
    {
      if ((modifiers & (1u << i)) == 0)
        continue;
      if (self->masks[i] == 0)
        return FALSE;
      *mask |= self->masks[i];
    }

  return TRUE;
}

/**
 * whis_x11_key_map_get_all_masks:
 * @self: a keyboard
 *
 * Returns: the modifiers that count for shortcuts, as events tell them
 */
guint16
whis_x11_key_map_get_all_masks (WhisX11KeyMap *self)
{
  guint16 mask = 0;

  for (guint i = 0; i < G_N_ELEMENTS (self->masks); i++)
    mask |= self->masks[i];

  return mask;
}

/**
 * whis_x11_key_map_get_lock:
 * @self: a keyboard
 * @i: less than %WHIS_X11_N_LOCKS
 *
 * Returns: one of the combinations of Caps Lock, Num Lock and Scroll Lock. Some are the same on a
 *   keyboard that lacks one of these keys.
 */
guint16
whis_x11_key_map_get_lock (WhisX11KeyMap *self, guint i)
{
  guint16 mask = 0;

  g_return_val_if_fail (i < WHIS_X11_N_LOCKS, 0);

  for (guint lock = 0; lock < G_N_ELEMENTS (self->locks); lock++)
    if (i & (1u << lock))
      mask |= self->locks[lock];

  return mask;
}
