/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xkbcommon/xkbcommon.h>

#include "compositor-private.h"
#include "fake-input-server-protocol.h"
#include "virtual-keyboard-unstable-v1-server-protocol.h"

static char *
make_keymap (CompositorPrivate *self)
{
  struct xkb_rule_names names = { .layout = self->public.layouts };
  struct xkb_context *context;
  struct xkb_keymap *keymap;
  char *text;

  if (self->public.broken_keymap)
    return strdup ("xkb_keymap {");

  context = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  keymap = xkb_keymap_new_from_names (context, &names, XKB_KEYMAP_COMPILE_NO_FLAGS);
  g_assert_nonnull (keymap);
  text = xkb_keymap_get_as_string (keymap, XKB_KEYMAP_FORMAT_TEXT_V1);
  xkb_keymap_unref (keymap);
  xkb_context_unref (context);

  return text;
}

static const struct wl_keyboard_interface keyboard_implementation = {
  .release = compositor_destroy_resource,
};

static void
send_keymap (CompositorPrivate *self, struct wl_resource *keyboard)
{
  char *text = make_keymap (self);
  int fd = memfd_create ("keymap", MFD_CLOEXEC);

  /* g_assert() and not g_assert_nonnull(), which may return for the compiler: it would warn of a
   * write from NULL. */
  g_assert (text != NULL);
  g_assert_cmpint (write (fd, text, strlen (text) + 1), ==, (gssize) strlen (text) + 1);
  wl_keyboard_send_keymap (keyboard,
                           self->public.layouts != NULL ? WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1
                                                        : WL_KEYBOARD_KEYMAP_FORMAT_NO_KEYMAP,
                           fd, (uint32_t) strlen (text) + 1);
  close (fd);
  free (text);
}

static void
on_keyboard_destroyed (struct wl_resource *resource)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  if (self->keyboard == resource)
    self->keyboard = NULL;
}

static void
get_keyboard (struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  self->keyboard =
      wl_resource_create (client, &wl_keyboard_interface, wl_resource_get_version (resource), id);
  compositor_note (self, "get-keyboard");
  wl_resource_set_implementation (self->keyboard, &keyboard_implementation, self,
                                  on_keyboard_destroyed);
  if (!self->public.silent_keyboard)
    send_keymap (self, self->keyboard);
}

static void
get_other_device (struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  g_assert_not_reached ();
}

static const struct wl_seat_interface seat_implementation = {
  .get_pointer = get_other_device,
  .get_keyboard = get_keyboard,
  .get_touch = get_other_device,
  .release = compositor_destroy_resource,
};

static void
bind_seat (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *seat = wl_resource_create (client, &wl_seat_interface, (int) version, id);

  wl_resource_set_implementation (seat, &seat_implementation, data, NULL);
  wl_seat_send_capabilities (seat, WL_SEAT_CAPABILITY_KEYBOARD);
}

static void
set_keymap (struct wl_client *client,
            struct wl_resource *resource,
            uint32_t format,
            int32_t fd,
            uint32_t size)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  compositor_note (self, "keymap:%u", format);
  close (fd);
  /* The seat has another keyboard now, and tells its keymap. */
  if (self->keyboard != NULL)
    send_keymap (self, g_steal_pointer (&self->keyboard));
}

static void
press_key (struct wl_client *client,
           struct wl_resource *resource,
           uint32_t time,
           uint32_t key,
           uint32_t state)
{
  compositor_note (wl_resource_get_user_data (resource), "%c%u", state ? '+' : '-', key);
}

static void
set_modifiers (struct wl_client *client,
               struct wl_resource *resource,
               uint32_t depressed,
               uint32_t latched,
               uint32_t locked,
               uint32_t group)
{
  g_assert_cmpuint (latched | locked, ==, 0);
  compositor_note (wl_resource_get_user_data (resource), "m%u/%u", depressed, group);
}

static const struct zwp_virtual_keyboard_v1_interface virtual_keyboard_implementation = {
  .keymap = set_keymap,
  .key = press_key,
  .modifiers = set_modifiers,
  .destroy = compositor_destroy_resource,
};

static void
create_virtual_keyboard (struct wl_client *client,
                         struct wl_resource *resource,
                         struct wl_resource *seat,
                         uint32_t id)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);
  struct wl_resource *keyboard =
      wl_resource_create (client, &zwp_virtual_keyboard_v1_interface, 1, id);

  wl_resource_set_implementation (keyboard, &virtual_keyboard_implementation, self, NULL);
  compositor_note (self, "create-keyboard");
}

static const struct zwp_virtual_keyboard_manager_v1_interface manager_implementation = {
  .create_virtual_keyboard = create_virtual_keyboard,
};

static void
bind_manager (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *manager =
      wl_resource_create (client, &zwp_virtual_keyboard_manager_v1_interface, (int) version, id);

  wl_resource_set_implementation (manager, &manager_implementation, data, NULL);
}

static void
authenticate (struct wl_client *client,
              struct wl_resource *resource,
              const char *application,
              const char *reason)
{
  compositor_note (wl_resource_get_user_data (resource), "authenticate:%s", application);
}

static void
press_fake_key (struct wl_client *client,
                struct wl_resource *resource,
                uint32_t key,
                uint32_t state)
{
  press_key (client, resource, 0, key, state);
}

static const struct org_kde_kwin_fake_input_interface fake_input_implementation = {
  .authenticate = authenticate,
  .keyboard_key = press_fake_key,
};

static void
bind_fake_input (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *fake_input =
      wl_resource_create (client, &org_kde_kwin_fake_input_interface, (int) version, id);

  wl_resource_set_implementation (fake_input, &fake_input_implementation, data, NULL);
}

void
compositor_add_keys (CompositorPrivate *self, guint globals)
{
  if (globals & COMPOSITOR_SEAT)
    compositor_add_global (self, COMPOSITOR_SEAT, &wl_seat_interface, 7, bind_seat);
  if (globals & COMPOSITOR_VIRTUAL_KEYBOARD)
    compositor_add_global (self, COMPOSITOR_VIRTUAL_KEYBOARD,
                           &zwp_virtual_keyboard_manager_v1_interface, 1, bind_manager);
  if (globals & COMPOSITOR_FAKE_INPUT)
    compositor_add_global (self, COMPOSITOR_FAKE_INPUT, &org_kde_kwin_fake_input_interface, 4,
                           bind_fake_input);
  if (globals & COMPOSITOR_OLD_FAKE_INPUT)
    compositor_add_global (self, COMPOSITOR_OLD_FAKE_INPUT, &org_kde_kwin_fake_input_interface, 3,
                           bind_fake_input);
}
