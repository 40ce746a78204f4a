/* SPDX-License-Identifier: MIT */
#include "compositor-private.h"
#include "wlr-layer-shell-unstable-v1-server-protocol.h"

/* A region says whether it is empty, and a surface has one for input. */
typedef struct
{
  CompositorPrivate *compositor;
  gboolean is_empty;
} Region;

static void
add_to_region (struct wl_client *client,
               struct wl_resource *resource,
               int32_t x,
               int32_t y,
               int32_t width,
               int32_t height)
{
  ((Region *) wl_resource_get_user_data (resource))->is_empty = FALSE;
}

static void
subtract_from_region (struct wl_client *client,
                      struct wl_resource *resource,
                      int32_t x,
                      int32_t y,
                      int32_t width,
                      int32_t height)
{
}

static const struct wl_region_interface region_implementation = {
  .destroy = compositor_destroy_resource,
  .add = add_to_region,
  .subtract = subtract_from_region,
};

static void
free_region (struct wl_resource *resource)
{
  g_free (wl_resource_get_user_data (resource));
}

static void
create_region (struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  Region *region = g_new0 (Region, 1);

  region->is_empty = TRUE;
  wl_resource_set_implementation (wl_resource_create (client, &wl_region_interface, 1, id),
                                  &region_implementation, region, free_region);
}

static void
attach (struct wl_client *client,
        struct wl_resource *resource,
        struct wl_resource *buffer,
        int32_t x,
        int32_t y)
{
  ((CompositorPrivate *) wl_resource_get_user_data (resource))->attached = buffer;
}

static void
damage (struct wl_client *client,
        struct wl_resource *resource,
        int32_t x,
        int32_t y,
        int32_t width,
        int32_t height)
{
}

static void
request_frame (struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  self->frame = wl_resource_create (client, &wl_callback_interface, 1, id);
}

static void
set_region (struct wl_client *client, struct wl_resource *resource, struct wl_resource *region)
{
}

static void
set_input_region (struct wl_client *client,
                  struct wl_resource *resource,
                  struct wl_resource *region)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);
  Region *input = region != NULL ? wl_resource_get_user_data (region) : NULL;

  compositor_note (self, "input:%s", input != NULL && input->is_empty ? "nothing" : "something");
}

/* Takes a copy of the first pixel, and shows the buffer until the next one comes. */
static void
show_buffer (CompositorPrivate *self)
{
  struct wl_shm_buffer *buffer = wl_shm_buffer_get (self->attached);

  wl_shm_buffer_begin_access (buffer);
  self->public.pixel = *(guint32 *) wl_shm_buffer_get_data (buffer);
  wl_shm_buffer_end_access (buffer);
  compositor_note (self, "buffer:%dx%d", wl_shm_buffer_get_width (buffer),
                   wl_shm_buffer_get_height (buffer));
  self->attached = NULL;
}

static void
commit (struct wl_client *client, struct wl_resource *resource)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);
  struct wl_resource *buffer = self->attached;

  if (buffer == NULL)
    {
      compositor_note (self, "commit");
      zwlr_layer_surface_v1_send_configure (self->layer_surface, 1, 0, 0);
      return;
    }

  show_buffer (self);
  if (!self->has_entered && self->output != NULL)
    wl_surface_send_enter (resource, self->output);
  self->has_entered = TRUE;
  wl_buffer_send_release (buffer);
  if (!self->public.holds_frames)
    compositor_finish_frame (&self->public);
}

static void
set_transform (struct wl_client *client, struct wl_resource *resource, int32_t transform)
{
}

static void
set_buffer_scale (struct wl_client *client, struct wl_resource *resource, int32_t scale)
{
  compositor_note (wl_resource_get_user_data (resource), "scale:%d", scale);
}

static const struct wl_surface_interface surface_implementation = {
  .destroy = compositor_destroy_resource,
  .attach = attach,
  .damage = damage,
  .frame = request_frame,
  .set_opaque_region = set_region,
  .set_input_region = set_input_region,
  .commit = commit,
  .set_buffer_transform = set_transform,
  .set_buffer_scale = set_buffer_scale,
  .damage_buffer = damage,
};

static void
create_surface (struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  struct wl_resource *surface =
      wl_resource_create (client, &wl_surface_interface, wl_resource_get_version (resource), id);

  wl_resource_set_implementation (surface, &surface_implementation,
                                  wl_resource_get_user_data (resource), NULL);
}

static const struct wl_compositor_interface compositor_implementation = {
  .create_surface = create_surface,
  .create_region = create_region,
};

static void
bind_compositor (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  wl_resource_set_implementation (
      wl_resource_create (client, &wl_compositor_interface, (int) version, id),
      &compositor_implementation, data, NULL);
}

static void
set_size (struct wl_client *client, struct wl_resource *resource, uint32_t width, uint32_t height)
{
  compositor_note (wl_resource_get_user_data (resource), "size:%ux%u", width, height);
}

static void
set_anchor (struct wl_client *client, struct wl_resource *resource, uint32_t anchor)
{
  compositor_note (wl_resource_get_user_data (resource), "anchor:%u", anchor);
}

static void
set_exclusive_zone (struct wl_client *client, struct wl_resource *resource, int32_t zone)
{
  compositor_note (wl_resource_get_user_data (resource), "zone:%d", zone);
}

static void
set_margin (struct wl_client *client,
            struct wl_resource *resource,
            int32_t top,
            int32_t right,
            int32_t bottom,
            int32_t left)
{
  compositor_note (wl_resource_get_user_data (resource), "margin:%d", bottom);
}

static void
set_keyboard_interactivity (struct wl_client *client, struct wl_resource *resource, uint32_t keys)
{
  compositor_note (wl_resource_get_user_data (resource), "keys:%u", keys);
}

static void
get_popup (struct wl_client *client, struct wl_resource *resource, struct wl_resource *popup)
{
  g_assert_not_reached ();
}

static void
ack_configure (struct wl_client *client, struct wl_resource *resource, uint32_t serial)
{
  compositor_note (wl_resource_get_user_data (resource), "ack:%u", serial);
}

static void
set_layer (struct wl_client *client, struct wl_resource *resource, uint32_t layer)
{
  g_assert_not_reached ();
}

static const struct zwlr_layer_surface_v1_interface layer_surface_implementation = {
  .set_size = set_size,
  .set_anchor = set_anchor,
  .set_exclusive_zone = set_exclusive_zone,
  .set_margin = set_margin,
  .set_keyboard_interactivity = set_keyboard_interactivity,
  .get_popup = get_popup,
  .ack_configure = ack_configure,
  .destroy = compositor_destroy_resource,
  .set_layer = set_layer,
};

static void
forget_layer_surface (struct wl_resource *resource)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  compositor_note (self, "layer-surface-gone");
  self->layer_surface = NULL;
}

static void
get_layer_surface (struct wl_client *client,
                   struct wl_resource *resource,
                   uint32_t id,
                   struct wl_resource *surface,
                   struct wl_resource *output,
                   uint32_t layer,
                   const char *namespace)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  compositor_note (self, "layer:%u", layer);
  self->layer_surface = wl_resource_create (client, &zwlr_layer_surface_v1_interface,
                                            wl_resource_get_version (resource), id);
  wl_resource_set_implementation (self->layer_surface, &layer_surface_implementation, self,
                                  forget_layer_surface);
}

static const struct zwlr_layer_shell_v1_interface layer_shell_implementation = {
  .get_layer_surface = get_layer_surface,
};

static void
bind_layer_shell (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  wl_resource_set_implementation (
      wl_resource_create (client, &zwlr_layer_shell_v1_interface, (int) version, id),
      &layer_shell_implementation, data, NULL);
}

static void
forget_output (struct wl_resource *resource)
{
  ((CompositorPrivate *) wl_resource_get_user_data (resource))->output = NULL;
}

static void
bind_output (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  CompositorPrivate *self = data;

  self->output = wl_resource_create (client, &wl_output_interface, (int) version, id);
  wl_resource_set_implementation (self->output, NULL, self, forget_output);
  compositor_set_scale (&self->public, self->public.scale);
}

/* The monitor has another scale. */
void
compositor_set_scale (Compositor *public, int scale)
{
  CompositorPrivate *self = (CompositorPrivate *) public;

  public->scale = scale;
  if (self->output == NULL)
    return;
  wl_output_send_scale (self->output, scale);
  wl_output_send_done (self->output);
  wl_display_flush_clients (self->display);
}

/* The client may draw the next frame. */
void
compositor_finish_frame (Compositor *public)
{
  CompositorPrivate *self = (CompositorPrivate *) public;

  g_assert_nonnull (self->frame);
  wl_callback_send_done (self->frame, 0);
  g_clear_pointer (&self->frame, wl_resource_destroy);
  wl_display_flush_clients (self->display);
}

/* The layer surface is shown no more, as when its monitor goes. */
void
compositor_close_layer_surface (Compositor *public)
{
  CompositorPrivate *self = (CompositorPrivate *) public;

  zwlr_layer_surface_v1_send_closed (self->layer_surface);
  wl_display_flush_clients (self->display);
}

void
compositor_add_layer_shell (CompositorPrivate *self, guint globals)
{
  if (globals & COMPOSITOR_SURFACES)
    {
      compositor_add_global (self, COMPOSITOR_SURFACES, &wl_compositor_interface, 4,
                             bind_compositor);
      wl_display_init_shm (self->display);
    }
  if (globals & COMPOSITOR_OUTPUT)
    compositor_add_global (self, COMPOSITOR_OUTPUT, &wl_output_interface, 2, bind_output);
  if (globals & COMPOSITOR_LAYER_SHELL)
    compositor_add_global (self, COMPOSITOR_LAYER_SHELL, &zwlr_layer_shell_v1_interface, 2,
                           bind_layer_shell);
}
