/* SPDX-License-Identifier: MIT */
#include "wayland-keymap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Keycodes of XKB are those of the kernel and 8. */
#define EVDEV_OFFSET 8

struct _WhisWaylandKeymap
{
  struct xkb_context *context;
  struct xkb_keymap *keymap;
};

/**
 * whis_wayland_keymap_new:
 * @fd: (transfer none): the file that a compositor has sent for a keyboard
 * @size: its size in bytes
 *
 * Returns: (transfer full) (nullable): the keymap, %NULL if it cannot be read
 */
WhisWaylandKeymap *
whis_wayland_keymap_new (int fd, gsize size)
{
  g_autoptr (WhisWaylandKeymap) self = g_new0 (WhisWaylandKeymap, 1);
  void *text;

  self->context = xkb_context_new (XKB_CONTEXT_NO_DEFAULT_INCLUDES);
  text = size > 0 ? mmap (NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
  if (text == MAP_FAILED)
    return NULL;

  /* The size counts the NUL at its end. */
  self->keymap = xkb_keymap_new_from_buffer (
      self->context, text, size - 1, XKB_KEYMAP_FORMAT_TEXT_V1, XKB_KEYMAP_COMPILE_NO_FLAGS);
  munmap (text, size);

  return self->keymap != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * whis_wayland_keymap_new_default:
 *
 * Returns: (transfer full) (nullable): the keymap of this computer's default layout, %NULL if it
 * has none
 */
WhisWaylandKeymap *
whis_wayland_keymap_new_default (void)
{
  g_autoptr (WhisWaylandKeymap) self = g_new0 (WhisWaylandKeymap, 1);

  self->context = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  if (self->context != NULL)
    self->keymap = xkb_keymap_new_from_names (self->context, NULL, XKB_KEYMAP_COMPILE_NO_FLAGS);

  return self->keymap != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * whis_wayland_keymap_create_file:
 * @self: a keymap
 * @size: (out): its size in bytes, with the NUL at its end
 *
 * Returns: a new file with the keymap as XKB text, to be closed by the caller; -1 if there is no
 *   room for it
 */
int
whis_wayland_keymap_create_file (WhisWaylandKeymap *self, gsize *size)
{
  char *text = xkb_keymap_get_as_string (self->keymap, XKB_KEYMAP_FORMAT_TEXT_V1);
  int fd = memfd_create ("keymap", MFD_CLOEXEC);

  *size = text != NULL ? strlen (text) + 1 : 0;
  if (fd >= 0 && (text == NULL || write (fd, text, *size) != (gssize) *size))
    {
      close (fd);
      fd = -1;
    }
  free (text);

  return fd;
}

/**
 * whis_wayland_keymap_free:
 * @self: (transfer full): a keymap
 */
void
whis_wayland_keymap_free (WhisWaylandKeymap *self)
{
  xkb_keymap_unref (self->keymap);
  xkb_context_unref (self->context);
  g_free (self);
}

static gboolean
keymap_key_has (struct xkb_keymap *keymap, guint key, guint layout, xkb_keysym_t keysym)
{
  const xkb_keysym_t *keysyms;
  int n_keysyms = xkb_keymap_key_get_syms_by_level (keymap, key, layout, 0, &keysyms);

  return n_keysyms == 1 && keysyms[0] == keysym;
}

/**
 * whis_wayland_keymap_find:
 * @self: a keymap
 * @keysym: what a key produces without modifiers
 * @key: (out): the key, as the kernel numbers it
 * @layout: (out): the first layout in which it does so
 *
 * Returns: whether there is such a key
 */
gboolean
whis_wayland_keymap_find (WhisWaylandKeymap *self, xkb_keysym_t keysym, guint *key, guint *layout)
{
  xkb_keycode_t last = xkb_keymap_max_keycode (self->keymap);

  for (guint i = 0; i < xkb_keymap_num_layouts (self->keymap); i++)
    for (xkb_keycode_t code = xkb_keymap_min_keycode (self->keymap); code <= last; code++)
      if (code >= EVDEV_OFFSET && i < xkb_keymap_num_layouts_for_key (self->keymap, code)
          && keymap_key_has (self->keymap, code, i, keysym))
        {
          *key = code - EVDEV_OFFSET;
          *layout = i;
          return TRUE;
        }

  return FALSE;
}

/**
 * whis_wayland_keymap_get_mask:
 * @self: a keymap
 * @modifier: a name, such as %XKB_MOD_NAME_CTRL
 *
 * Returns: its bit in a mask of modifiers
 */
guint
whis_wayland_keymap_get_mask (WhisWaylandKeymap *self, const char *modifier)
{
  xkb_mod_index_t index = xkb_keymap_mod_get_index (self->keymap, modifier);

  return index != XKB_MOD_INVALID ? 1u << index : 0;
}
