/* SPDX-License-Identifier: MIT */
/*
 * Gives the seat of a compositor without devices a keyboard, or holds its input method if the
 * argument is "input-method". Prints "ready" and stays until it is ended.
 */
#include <glib.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xkbcommon/xkbcommon.h>

#include "input-method-unstable-v2-protocol.h"
#include "virtual-keyboard-unstable-v1-protocol.h"

typedef struct
{
  struct wl_seat *seat;
  struct zwp_virtual_keyboard_manager_v1 *keyboards;
  struct zwp_input_method_manager_v2 *input_methods;
} Globals;

static void
on_global (void *data,
           struct wl_registry *registry,
           uint32_t name,
           const char *interface,
           uint32_t version)
{
  Globals *globals = data;

  if (g_str_equal (interface, wl_seat_interface.name))
    globals->seat = wl_registry_bind (registry, name, &wl_seat_interface, 1);
  else if (g_str_equal (interface, zwp_virtual_keyboard_manager_v1_interface.name))
    globals->keyboards =
        wl_registry_bind (registry, name, &zwp_virtual_keyboard_manager_v1_interface, 1);
  else if (g_str_equal (interface, zwp_input_method_manager_v2_interface.name))
    globals->input_methods =
        wl_registry_bind (registry, name, &zwp_input_method_manager_v2_interface, 1);
}

static void
on_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
}

static const struct wl_registry_listener registry_listener = { on_global, on_global_remove };

static void
add_keyboard (Globals *globals)
{
  struct zwp_virtual_keyboard_v1 *keyboard =
      zwp_virtual_keyboard_manager_v1_create_virtual_keyboard (globals->keyboards, globals->seat);
  struct xkb_context *context = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  struct xkb_rule_names names = { .layout = g_getenv ("WHIS_TEST_LAYOUT") };
  struct xkb_keymap *keymap =
      xkb_keymap_new_from_names (context, &names, XKB_KEYMAP_COMPILE_NO_FLAGS);
  g_autofree char *text = xkb_keymap_get_as_string (keymap, XKB_KEYMAP_FORMAT_TEXT_V1);
  gsize size = strlen (text) + 1;
  int fd = memfd_create ("keymap", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, text, size), ==, (gssize) size);
  zwp_virtual_keyboard_v1_keymap (keyboard, XKB_KEYMAP_FORMAT_TEXT_V1, fd, (guint32) size);
  close (fd);
  xkb_keymap_unref (keymap);
  xkb_context_unref (context);
}

int
main (int argc, char *argv[])
{
  struct wl_display *display = wl_display_connect (NULL);
  Globals globals = { NULL };

  g_assert_nonnull (display);
  wl_registry_add_listener (wl_display_get_registry (display), &registry_listener, &globals);
  wl_display_roundtrip (display);
  if (argc > 1 && g_str_equal (argv[1], "input-method"))
    zwp_input_method_manager_v2_get_input_method (globals.input_methods, globals.seat);
  else
    add_keyboard (&globals);
  wl_display_roundtrip (display);

  puts ("ready");
  fflush (stdout);
  while (wl_display_dispatch (display) >= 0)
    ;

  return 0;
}
