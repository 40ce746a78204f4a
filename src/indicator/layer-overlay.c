/* SPDX-License-Identifier: MIT */
#include "layer-overlay.h"

#include "shm-buffers.h"
#include "wlr-layer-shell-unstable-v1-protocol.h"

/* From the lower edge, in logical pixels. */
#define MARGIN 24

/* Since then a surface has a scale, and an output tells its own. */
#define COMPOSITOR_VERSION 4
#define OUTPUT_VERSION 2
#define LAYER_SHELL_VERSION 2

/* A monitor. */
typedef struct
{
  WhisLayerOverlay *overlay;
  struct wl_output *output;
  int scale;
  gboolean has_surface;
} Output;

/**
 * WhisLayerOverlay:
 *
 * An overlay on Wayland, by the protocol layer-shell: a surface of the overlay layer at the lower
 * edge of the monitor that the compositor chooses. It wants no keys, and its input region is empty,
 * so that clicks go to what is below.
 */
struct _WhisLayerOverlay
{
  WhisOverlay parent_instance;

  WhisWaylandConnection *connection;
  struct wl_compositor *compositor;
  struct wl_shm *shm;
  struct zwlr_layer_shell_v1 *shell;
  GPtrArray *outputs; /* of Output */

  struct wl_surface *surface;
  struct zwlr_layer_surface_v1 *layer_surface;
  struct wl_callback *frame; /* nullable, until the compositor wants the next one */
  gboolean is_configured;

  WhisShmBuffers *buffers; /* nullable */
  WhisShmBuffers *retired; /* nullable, of another size, until the next frame is shown */
  int scale;               /* of the buffers */
};

G_DEFINE_FINAL_TYPE (WhisLayerOverlay, whis_layer_overlay, WHIS_TYPE_OVERLAY)

static void
output_free (Output *self)
{
  wl_output_destroy (self->output);
  g_free (self);
}

/* That of the monitor where it is, or the greatest while that is not known. */
static int
find_scale (WhisLayerOverlay *self)
{
  int scale = 1;
  int greatest = 1;

  for (guint i = 0; i < self->outputs->len; i++)
    {
      const Output *output = self->outputs->pdata[i];

      greatest = MAX (greatest, output->scale);
      if (output->has_surface)
        scale = MAX (scale, output->scale);
    }
  for (guint i = 0; i < self->outputs->len; i++)
    if (((const Output *) self->outputs->pdata[i])->has_surface)
      return scale;

  return greatest;
}

/* Those that are shown stay until there are others. */
static void
layer_overlay_retire_buffers (WhisLayerOverlay *self)
{
  if (self->buffers == NULL)
    return;

  g_clear_pointer (&self->retired, whis_shm_buffers_free);
  self->retired = g_steal_pointer (&self->buffers);
}

static void
layer_overlay_update_scale (WhisLayerOverlay *self)
{
  int scale = find_scale (self);

  if (scale == self->scale)
    return;
  self->scale = scale;
  layer_overlay_retire_buffers (self);
  whis_overlay_queue_draw (WHIS_OVERLAY (self));
}

static void
on_output_geometry (void *data,
                    struct wl_output *output,
                    int32_t x,
                    int32_t y,
                    int32_t width,
                    int32_t height,
                    int32_t subpixel,
                    const char *make,
                    const char *model,
                    int32_t transform)
{
}

static void
on_output_mode (void *data,
                struct wl_output *output,
                uint32_t flags,
                int32_t width,
                int32_t height,
                int32_t refresh)
{
}

static void
on_output_done (void *data, struct wl_output *wl_output)
{
  Output *output = data;

  layer_overlay_update_scale (output->overlay);
}

static void
on_output_scale (void *data, struct wl_output *wl_output, int32_t scale)
{
  ((Output *) data)->scale = MAX (1, scale);
}

static const struct wl_output_listener output_listener = {
  .geometry = on_output_geometry,
  .mode = on_output_mode,
  .done = on_output_done,
  .scale = on_output_scale,
};

static void
layer_overlay_add_output (gpointer wl_output, gpointer user_data)
{
  WhisLayerOverlay *self = user_data;
  Output *output = g_new0 (Output, 1);

  output->overlay = self;
  output->output = wl_output;
  output->scale = 1;
  wl_output_add_listener (wl_output, &output_listener, output);
  g_ptr_array_add (self->outputs, output);
}

static void
layer_overlay_set_on_output (WhisLayerOverlay *self, struct wl_output *wl_output, gboolean is_on)
{
  for (guint i = 0; i < self->outputs->len; i++)
    {
      Output *output = self->outputs->pdata[i];

      if (output->output == wl_output)
        output->has_surface = is_on;
    }
  layer_overlay_update_scale (self);
}

static void
on_surface_enter (void *data, struct wl_surface *surface, struct wl_output *output)
{
  layer_overlay_set_on_output (data, output, TRUE);
}

static void
on_surface_leave (void *data, struct wl_surface *surface, struct wl_output *output)
{
  layer_overlay_set_on_output (data, output, FALSE);
}

static const struct wl_surface_listener surface_listener = {
  .enter = on_surface_enter,
  .leave = on_surface_leave,
};

static void
on_configure (void *data,
              struct zwlr_layer_surface_v1 *layer_surface,
              uint32_t serial,
              uint32_t width,
              uint32_t height)
{
  WhisLayerOverlay *self = data;

  zwlr_layer_surface_v1_ack_configure (layer_surface, serial);
  self->is_configured = TRUE;
  whis_overlay_queue_draw (WHIS_OVERLAY (self));
}

static void
on_layer_closed (void *data, struct zwlr_layer_surface_v1 *layer_surface)
{
  whis_overlay_close (data);
}

static const struct zwlr_layer_surface_v1_listener layer_surface_listener = {
  .configure = on_configure,
  .closed = on_layer_closed,
};

static void
on_frame_done (void *data, struct wl_callback *callback, uint32_t time)
{
  WhisLayerOverlay *self = data;

  g_clear_pointer (&self->frame, wl_callback_destroy);
  whis_overlay_resume (WHIS_OVERLAY (self));
}

static const struct wl_callback_listener frame_listener = { on_frame_done };

static void
on_buffer_released (gpointer buffers, gpointer user_data)
{
  whis_overlay_resume (user_data);
}

static void
layer_overlay_resize (WhisOverlay *overlay)
{
  WhisLayerOverlay *self = WHIS_LAYER_OVERLAY (overlay);

  layer_overlay_retire_buffers (self);
  if (self->layer_surface == NULL)
    return;

  zwlr_layer_surface_v1_set_size (self->layer_surface, (guint32) whis_overlay_get_width (overlay),
                                  (guint32) whis_overlay_get_height (overlay));
  /* Without a buffer the first commit asks for the surface. Later the next frame commits. */
  if (!self->is_configured)
    wl_surface_commit (self->surface);
}

static cairo_surface_t *
layer_overlay_begin_frame (WhisOverlay *overlay)
{
  WhisLayerOverlay *self = WHIS_LAYER_OVERLAY (overlay);
  cairo_surface_t *image;

  if (!self->is_configured || self->frame != NULL || self->surface == NULL)
    return NULL;

  if (self->buffers == NULL)
    self->buffers = whis_shm_buffers_new (self->shm, whis_overlay_get_width (overlay) * self->scale,
                                          whis_overlay_get_height (overlay) * self->scale,
                                          on_buffer_released, self);
  image = self->buffers != NULL ? whis_shm_buffers_get_free (self->buffers) : NULL;
  if (image != NULL)
    cairo_surface_set_device_scale (image, self->scale, self->scale);

  return image;
}

static void
layer_overlay_end_frame (WhisOverlay *overlay, cairo_surface_t *image)
{
  WhisLayerOverlay *self = WHIS_LAYER_OVERLAY (overlay);

  wl_surface_attach (self->surface, whis_shm_buffers_take (self->buffers, image), 0, 0);
  wl_surface_set_buffer_scale (self->surface, self->scale);
  wl_surface_damage_buffer (self->surface, 0, 0, G_MAXINT32, G_MAXINT32);
  self->frame = wl_surface_frame (self->surface);
  wl_callback_add_listener (self->frame, &frame_listener, self);
  wl_surface_commit (self->surface);
  whis_wayland_connection_flush (self->connection);
  g_clear_pointer (&self->retired, whis_shm_buffers_free);
}

static void
layer_overlay_destroy (WhisLayerOverlay *self)
{
  g_clear_pointer (&self->frame, wl_callback_destroy);
  g_clear_pointer (&self->layer_surface, zwlr_layer_surface_v1_destroy);
  g_clear_pointer (&self->surface, wl_surface_destroy);
  g_clear_pointer (&self->buffers, whis_shm_buffers_free);
  g_clear_pointer (&self->retired, whis_shm_buffers_free);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  g_clear_pointer (&self->shell, zwlr_layer_shell_v1_destroy);
  g_clear_pointer (&self->shm, wl_shm_destroy);
  g_clear_pointer (&self->compositor, wl_compositor_destroy);
}

static void
on_connection_closed (WhisLayerOverlay *self)
{
  layer_overlay_destroy (self);
  whis_overlay_close (WHIS_OVERLAY (self));
}

static void
whis_layer_overlay_dispose (GObject *object)
{
  WhisLayerOverlay *self = WHIS_LAYER_OVERLAY (object);

  layer_overlay_destroy (self);
  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      whis_wayland_connection_flush (self->connection);
    }
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (whis_layer_overlay_parent_class)->dispose (object);
}

static void
whis_layer_overlay_class_init (WhisLayerOverlayClass *klass)
{
  WhisOverlayClass *overlay_class = WHIS_OVERLAY_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_layer_overlay_dispose;
  overlay_class->resize = layer_overlay_resize;
  overlay_class->begin_frame = layer_overlay_begin_frame;
  overlay_class->end_frame = layer_overlay_end_frame;
}

static void
whis_layer_overlay_init (WhisLayerOverlay *self)
{
  self->outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) output_free);
  self->scale = 1;
}

static void
layer_overlay_create_surface (WhisLayerOverlay *self)
{
  struct wl_region *nothing = wl_compositor_create_region (self->compositor);

  self->surface = wl_compositor_create_surface (self->compositor);
  wl_surface_add_listener (self->surface, &surface_listener, self);
  wl_surface_set_input_region (self->surface, nothing);
  wl_region_destroy (nothing);

  self->layer_surface = zwlr_layer_shell_v1_get_layer_surface (
      self->shell, self->surface, NULL, ZWLR_LAYER_SHELL_V1_LAYER_OVERLAY, "whis-indicator");
  zwlr_layer_surface_v1_add_listener (self->layer_surface, &layer_surface_listener, self);
  zwlr_layer_surface_v1_set_anchor (self->layer_surface, ZWLR_LAYER_SURFACE_V1_ANCHOR_BOTTOM);
  zwlr_layer_surface_v1_set_margin (self->layer_surface, 0, 0, MARGIN, 0);
  zwlr_layer_surface_v1_set_keyboard_interactivity (
      self->layer_surface, ZWLR_LAYER_SURFACE_V1_KEYBOARD_INTERACTIVITY_NONE);
}

/**
 * whis_layer_overlay_is_supported:
 * @connection: a connection
 *
 * Returns: whether the compositor has the protocol, and what is needed besides
 */
gboolean
whis_layer_overlay_is_supported (WhisWaylandConnection *connection)
{
  g_return_val_if_fail (WHIS_IS_WAYLAND_CONNECTION (connection), FALSE);

  return whis_wayland_connection_has (connection, zwlr_layer_shell_v1_interface.name)
         && whis_wayland_connection_has (connection, wl_compositor_interface.name)
         && whis_wayland_connection_has (connection, wl_shm_interface.name);
}

/**
 * whis_layer_overlay_new:
 * @connection: a connection to a compositor that supports this
 *
 * Returns: (transfer full): an overlay, which is shown as soon as the compositor gives it a place
 */
WhisOverlay *
whis_layer_overlay_new (WhisWaylandConnection *connection)
{
  WhisLayerOverlay *self;

  g_return_val_if_fail (whis_layer_overlay_is_supported (connection), NULL);

  self = g_object_new (WHIS_TYPE_LAYER_OVERLAY, NULL);
  self->connection = g_object_ref (connection);
  self->compositor =
      whis_wayland_connection_bind (connection, &wl_compositor_interface, COMPOSITOR_VERSION);
  self->shm = whis_wayland_connection_bind (connection, &wl_shm_interface, 1);
  self->shell = whis_wayland_connection_bind (connection, &zwlr_layer_shell_v1_interface,
                                              LAYER_SHELL_VERSION);
  g_signal_connect_object (connection, "closed", G_CALLBACK (on_connection_closed), self,
                           G_CONNECT_SWAPPED);
  whis_wayland_connection_bind_each (connection, &wl_output_interface, OUTPUT_VERSION,
                                     layer_overlay_add_output, self);
  layer_overlay_create_surface (self);

  return WHIS_OVERLAY (self);
}
