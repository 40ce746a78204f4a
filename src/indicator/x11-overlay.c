/* SPDX-License-Identifier: MIT */
#include "x11-overlay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xcb/randr.h>
#include <xcb/xfixes.h>

#include "screen-place.h"

/* From the lower edge, in logical pixels. */
#define MARGIN 24

/* As many words of the X resources are read. */
#define LONGEST_RESOURCES 16384

/* Of a `PutImage` request, and some more. */
#define REQUEST_HEAD 64

/* At most so often it comes above what covers it, which may want to be above as well. */
#define RAISE_INTERVAL_US G_USEC_PER_SEC

#define WINDOW_NAME "Whis"
#define WINDOW_CLASS "whis-indicator\0Whis-indicator"

/**
 * WhisX11Overlay:
 *
 * An overlay on X11: an override-redirect window, of which window managers take no notice, at the
 * lower edge of the monitor with the pointer. Its input region is empty, so that clicks go to what
 * is below. With a compositor its corners are transparent, else they are cut off.
 *
 * It is raised when a window covers a part of it. One that covers the whole may lock the screen.
 */
struct _WhisX11Overlay
{
  WhisOverlay parent_instance;

  WhisX11Connection *connection;
  int corner_radius;

  gboolean has_compositor;
  gboolean has_work_area;
  WhisRectangle work_area;
  WhisRectangle place; /* where it may be */
  int pointer_x;
  int pointer_y;
  double scale;

  xcb_window_t window; /* 0 until the place is known */
  xcb_gcontext_t gc;
  guint8 depth;
  gint64 last_raise;
  cairo_surface_t *image; /* nullable, of the size of the window */
};

G_DEFINE_FINAL_TYPE (WhisX11Overlay, whis_x11_overlay, WHIS_TYPE_OVERLAY)

static xcb_connection_t *
get_xcb (WhisX11Overlay *self)
{
  return whis_x11_connection_get_xcb (self->connection);
}

static int
get_pixels (WhisX11Overlay *self, int logical)
{
  return (int) lround (logical * self->scale);
}

static xcb_screen_t *
find_screen (WhisX11Overlay *self)
{
  xcb_screen_iterator_t screens = xcb_setup_roots_iterator (xcb_get_setup (get_xcb (self)));
  xcb_window_t root = whis_x11_connection_get_root (self->connection);

  while (screens.data->root != root && screens.rem > 1)
    xcb_screen_next (&screens);

  return screens.data;
}

/* Cairo's pixels are words of this computer, 8 bits for each colour. */
static gboolean
suits_cairo (const xcb_visualtype_t *visual)
{
  return visual->_class == XCB_VISUAL_CLASS_TRUE_COLOR && visual->red_mask == 0xff0000
         && visual->green_mask == 0xff00 && visual->blue_mask == 0xff;
}

static xcb_visualid_t
find_visual (xcb_screen_t *screen, guint8 depth)
{
  xcb_depth_iterator_t depths = xcb_screen_allowed_depths_iterator (screen);

  for (; depths.rem > 0; xcb_depth_next (&depths))
    {
      xcb_visualtype_iterator_t visuals = xcb_depth_visuals_iterator (depths.data);

      for (; depths.data->depth == depth && visuals.rem > 0; xcb_visualtype_next (&visuals))
        if (suits_cairo (visuals.data))
          return visuals.data->visual_id;
    }

  return XCB_NONE;
}

static gboolean
has_own_byte_order (WhisX11Overlay *self)
{
  return (xcb_get_setup (get_xcb (self))->image_byte_order == XCB_IMAGE_ORDER_LSB_FIRST)
         == (G_BYTE_ORDER == G_LITTLE_ENDIAN);
}

static void
set_region (WhisX11Overlay *self, xcb_shape_kind_t kind, guint n, const xcb_rectangle_t *rectangles)
{
  xcb_connection_t *xcb = get_xcb (self);
  xcb_xfixes_region_t region = xcb_generate_id (xcb);

  xcb_xfixes_create_region (xcb, region, n, rectangles);
  xcb_xfixes_set_window_shape_region (xcb, self->window, kind, 0, 0, region);
  xcb_xfixes_destroy_region (xcb, region);
}

/* A row of pixels for each row of the corners, and what is between them. */
static void
cut_corners (WhisX11Overlay *self, int width, int height)
{
  int radius = MIN (get_pixels (self, self->corner_radius), height / 2);
  g_autofree xcb_rectangle_t *rows = g_new (xcb_rectangle_t, 2 * radius + 1);

  for (int y = 0; y < radius; y++)
    {
      double distance = radius - y - 0.5;
      int inset = (int) lround (radius - sqrt (radius * radius - distance * distance));

      rows[2 * y] =
          (xcb_rectangle_t){ (gint16) inset, (gint16) y, (guint16) (width - 2 * inset), 1 };
      rows[2 * y + 1] = rows[2 * y];
      rows[2 * y + 1].y = (gint16) (height - 1 - y);
    }
  rows[2 * radius] =
      (xcb_rectangle_t){ 0, (gint16) radius, (guint16) width, (guint16) (height - 2 * radius) };
  set_region (self, XCB_SHAPE_SK_BOUNDING, 2 * (guint) radius + 1, rows);
}

static WhisRectangle
get_window_place (WhisX11Overlay *self)
{
  WhisOverlay *overlay = WHIS_OVERLAY (self);
  int width = get_pixels (self, whis_overlay_get_width (overlay));
  int height = get_pixels (self, whis_overlay_get_height (overlay));

  return (WhisRectangle){
    .x = self->place.x + (self->place.width - width) / 2,
    .y = self->place.y + self->place.height - get_pixels (self, MARGIN) - height,
    .width = width,
    .height = height,
  };
}

static void
x11_overlay_resize (WhisOverlay *overlay)
{
  WhisX11Overlay *self = WHIS_X11_OVERLAY (overlay);
  WhisRectangle place;
  guint32 values[4];

  g_clear_pointer (&self->image, cairo_surface_destroy);
  if (self->window == XCB_NONE || !whis_x11_connection_is_open (self->connection))
    return;

  place = get_window_place (self);
  values[0] = (guint32) place.x;
  values[1] = (guint32) place.y;
  values[2] = (guint32) place.width;
  values[3] = (guint32) place.height;
  xcb_configure_window (get_xcb (self), self->window,
                        XCB_CONFIG_WINDOW_X | XCB_CONFIG_WINDOW_Y | XCB_CONFIG_WINDOW_WIDTH
                            | XCB_CONFIG_WINDOW_HEIGHT,
                        values);
  if (!self->has_compositor)
    cut_corners (self, place.width, place.height);
}

static void
x11_overlay_set_properties (WhisX11Overlay *self)
{
  xcb_connection_t *xcb = get_xcb (self);
  xcb_atom_t kind = whis_x11_connection_get_atom (self->connection,
                                                  WHIS_X11_ATOM_NET_WM_WINDOW_TYPE_NOTIFICATION);

  xcb_change_property (
      xcb, XCB_PROP_MODE_REPLACE, self->window,
      whis_x11_connection_get_atom (self->connection, WHIS_X11_ATOM_NET_WM_WINDOW_TYPE),
      XCB_ATOM_ATOM, 32, 1, &kind);
  xcb_change_property (xcb, XCB_PROP_MODE_REPLACE, self->window, XCB_ATOM_WM_CLASS, XCB_ATOM_STRING,
                       8, sizeof WINDOW_CLASS, WINDOW_CLASS);
  xcb_change_property (xcb, XCB_PROP_MODE_REPLACE, self->window, XCB_ATOM_WM_NAME, XCB_ATOM_STRING,
                       8, strlen (WINDOW_NAME), WINDOW_NAME);
}

static void
x11_overlay_create_window (WhisX11Overlay *self, xcb_screen_t *screen, xcb_visualid_t visual)
{
  xcb_connection_t *xcb = get_xcb (self);
  xcb_colormap_t colours = xcb_generate_id (xcb);
  WhisRectangle place = get_window_place (self);
  guint32 values[] = { 0, 0, TRUE, XCB_EVENT_MASK_EXPOSURE | XCB_EVENT_MASK_VISIBILITY_CHANGE,
                       colours };

  xcb_create_colormap (xcb, XCB_COLORMAP_ALLOC_NONE, colours, screen->root, visual);
  self->window = xcb_generate_id (xcb);
  xcb_create_window (xcb, self->depth, self->window, screen->root, (gint16) place.x,
                     (gint16) place.y, (guint16) place.width, (guint16) place.height, 0,
                     XCB_WINDOW_CLASS_INPUT_OUTPUT, visual,
                     XCB_CW_BACK_PIXEL | XCB_CW_BORDER_PIXEL | XCB_CW_OVERRIDE_REDIRECT
                         | XCB_CW_EVENT_MASK | XCB_CW_COLORMAP,
                     values);
  self->gc = xcb_generate_id (xcb);
  xcb_create_gc (xcb, self->gc, self->window, 0, NULL);
  x11_overlay_set_properties (self);
  set_region (self, XCB_SHAPE_SK_INPUT, 0, NULL);
  if (!self->has_compositor)
    cut_corners (self, place.width, place.height);
  xcb_map_window (xcb, self->window);
}

/* All is known. */
static void
x11_overlay_appear (WhisX11Overlay *self)
{
  xcb_screen_t *screen = find_screen (self);
  xcb_visualid_t visual = self->has_compositor ? find_visual (screen, 32) : XCB_NONE;

  self->depth = 32;
  if (visual == XCB_NONE)
    {
      self->has_compositor = FALSE;
      self->depth = screen->root_depth;
      visual = find_visual (screen, screen->root_depth);
    }
  if (visual == XCB_NONE || !has_own_byte_order (self))
    {
      g_message ("The X11 display has no colours that can be drawn with");
      whis_overlay_close (WHIS_OVERLAY (self));
      return;
    }

  x11_overlay_create_window (self, screen, visual);
  whis_overlay_resume (WHIS_OVERLAY (self));
}

/* An answer may come when nobody needs the overlay any more. */
static WhisX11Overlay *
take_overlay (GWeakRef *asked)
{
  WhisX11Overlay *self = g_weak_ref_get (asked);

  g_weak_ref_clear (asked);
  g_free (asked);

  return self;
}

static void
x11_overlay_expect (WhisX11Overlay *self, unsigned int sequence, WhisX11ReplyFunc func)
{
  GWeakRef *asked = g_new0 (GWeakRef, 1);

  g_weak_ref_init (asked, self);
  whis_x11_connection_expect_reply (self->connection, sequence, func, asked);
}

/* The answer to the last question. */
static void
on_xfixes_version (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (WhisX11Overlay) self = take_overlay (user_data);
  xcb_xfixes_query_version_reply_t *version = reply;

  if (self == NULL || !whis_x11_connection_is_open (self->connection))
    return;
  if (version != NULL && version->major_version >= 2)
    x11_overlay_appear (self);
  else
    whis_overlay_close (WHIS_OVERLAY (self));
}

static void
on_monitors (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (WhisX11Overlay) self = take_overlay (user_data);
  g_autoptr (GArray) monitors = g_array_new (FALSE, FALSE, sizeof (WhisRectangle));
  xcb_randr_monitor_info_iterator_t info;

  if (self == NULL || reply == NULL)
    return;
  for (info = xcb_randr_get_monitors_monitors_iterator (reply); info.rem > 0;
       xcb_randr_monitor_info_next (&info))
    {
      WhisRectangle monitor = { info.data->x, info.data->y, info.data->width, info.data->height };

      g_array_append_val (monitors, monitor);
    }
  if (monitors->len > 0)
    self->place = whis_screen_place ((const WhisRectangle *) (gconstpointer) monitors->data,
                                     monitors->len, self->has_work_area ? &self->work_area : NULL,
                                     self->pointer_x, self->pointer_y);
}

static gboolean
has_extension (WhisX11Overlay *self, xcb_extension_t *id)
{
  const xcb_query_extension_reply_t *extension = xcb_get_extension_data (get_xcb (self), id);

  return extension != NULL && extension->present;
}

/* Whether there are the extensions was asked before this, and is known. */
static void
x11_overlay_ask_extensions (WhisX11Overlay *self)
{
  xcb_connection_t *xcb = get_xcb (self);
  xcb_screen_t *screen = find_screen (self);
  WhisRectangle whole = { 0, 0, screen->width_in_pixels, screen->height_in_pixels };

  if (!has_extension (self, &xcb_xfixes_id))
    {
      g_message ("The X11 display lacks the extension XFixes");
      whis_overlay_close (WHIS_OVERLAY (self));
      return;
    }

  self->place = whis_screen_place (&whole, 1, self->has_work_area ? &self->work_area : NULL,
                                   self->pointer_x, self->pointer_y);
  if (has_extension (self, &xcb_randr_id))
    {
      xcb_discard_reply (xcb, xcb_randr_query_version (xcb, 1, 5).sequence);
      x11_overlay_expect (self, xcb_randr_get_monitors (xcb, screen->root, TRUE).sequence,
                          on_monitors);
    }
  x11_overlay_expect (self, xcb_xfixes_query_version (xcb, 2, 0).sequence, on_xfixes_version);
}

static void
on_resources (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (WhisX11Overlay) self = take_overlay (user_data);
  g_autofree char *resources = NULL;

  if (self == NULL || reply == NULL)
    return;
  resources =
      g_strndup (xcb_get_property_value (reply), (gsize) xcb_get_property_value_length (reply));
  self->scale = whis_screen_scale_from_resources (resources);
}

static void
on_work_area (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (WhisX11Overlay) self = take_overlay (user_data);
  const guint32 *values = reply != NULL ? xcb_get_property_value (reply) : NULL;

  if (self == NULL || values == NULL
      || xcb_get_property_value_length (reply) < (int) (4 * sizeof *values))
    return;
  self->has_work_area = TRUE;
  self->work_area =
      (WhisRectangle){ (int) values[0], (int) values[1], (int) values[2], (int) values[3] };
}

static void
on_compositor (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (WhisX11Overlay) self = take_overlay (user_data);

  if (self != NULL && reply != NULL)
    self->has_compositor = ((xcb_get_selection_owner_reply_t *) reply)->owner != XCB_NONE;
}

static void
on_pointer (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (WhisX11Overlay) self = take_overlay (user_data);
  xcb_query_pointer_reply_t *pointer = reply;

  if (self == NULL || !whis_x11_connection_is_open (self->connection))
    return;
  if (pointer != NULL)
    {
      self->pointer_x = pointer->root_x;
      self->pointer_y = pointer->root_y;
    }
  x11_overlay_ask_extensions (self);
}

static void
x11_overlay_ask (WhisX11Overlay *self)
{
  xcb_connection_t *xcb = get_xcb (self);
  xcb_window_t root = whis_x11_connection_get_root (self->connection);

  xcb_prefetch_extension_data (xcb, &xcb_xfixes_id);
  xcb_prefetch_extension_data (xcb, &xcb_randr_id);
  x11_overlay_expect (self,
                      xcb_get_property (xcb, FALSE, root, XCB_ATOM_RESOURCE_MANAGER,
                                        XCB_ATOM_STRING, 0, LONGEST_RESOURCES)
                          .sequence,
                      on_resources);
  x11_overlay_expect (
      self,
      xcb_get_property (xcb, FALSE, root,
                        whis_x11_connection_get_atom (self->connection, WHIS_X11_ATOM_NET_WORKAREA),
                        XCB_ATOM_CARDINAL, 0, 4)
          .sequence,
      on_work_area);
  x11_overlay_expect (
      self,
      xcb_get_selection_owner (
          xcb, whis_x11_connection_get_atom (self->connection, WHIS_X11_ATOM_NET_WM_CM_S0))
          .sequence,
      on_compositor);
  x11_overlay_expect (self, xcb_query_pointer (xcb, root).sequence, on_pointer);
}

static cairo_surface_t *
x11_overlay_begin_frame (WhisOverlay *overlay)
{
  WhisX11Overlay *self = WHIS_X11_OVERLAY (overlay);
  WhisRectangle place;

  if (self->window == XCB_NONE || !whis_x11_connection_is_open (self->connection))
    return NULL;

  if (self->image == NULL)
    {
      place = get_window_place (self);
      self->image = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, place.width, place.height);
      cairo_surface_set_device_scale (self->image, self->scale, self->scale);
      return self->image;
    }

  memset (cairo_image_surface_get_data (self->image), 0,
          (gsize) cairo_image_surface_get_stride (self->image)
              * (gsize) cairo_image_surface_get_height (self->image));
  cairo_surface_mark_dirty (self->image);

  return self->image;
}

/* In strips, since a request has a greatest length. */
static void
x11_overlay_end_frame (WhisOverlay *overlay, cairo_surface_t *image)
{
  WhisX11Overlay *self = WHIS_X11_OVERLAY (overlay);
  gsize stride = (gsize) cairo_image_surface_get_stride (image);
  gsize height = (gsize) cairo_image_surface_get_height (image);
  gsize strip =
      MAX (1, (whis_x11_connection_get_max_request (self->connection) - REQUEST_HEAD) / stride);
  const guint8 *data = cairo_image_surface_get_data (image);

  for (gsize y = 0; y < height; y += strip)
    {
      gsize rows = MIN (strip, height - y);

      xcb_put_image (get_xcb (self), XCB_IMAGE_FORMAT_Z_PIXMAP, self->window, self->gc,
                     (guint16) (stride / 4), (guint16) rows, 0, (gint16) y, 0, self->depth,
                     (guint32) (rows * stride), data + y * stride);
    }
  xcb_flush (get_xcb (self));
}

static void
x11_overlay_raise (WhisX11Overlay *self)
{
  const guint32 above = XCB_STACK_MODE_ABOVE;
  gint64 now = g_get_monotonic_time ();

  if (now - self->last_raise < RAISE_INTERVAL_US)
    return;

  self->last_raise = now;
  xcb_configure_window (get_xcb (self), self->window, XCB_CONFIG_WINDOW_STACK_MODE, &above);
}

static void
on_event (WhisX11Overlay *self, xcb_generic_event_t *event)
{
  switch (event->response_type & 0x7f)
    {
    case XCB_EXPOSE:
      whis_overlay_queue_draw (WHIS_OVERLAY (self));
      break;
    case XCB_VISIBILITY_NOTIFY:
      if (((xcb_visibility_notify_event_t *) event)->state == XCB_VISIBILITY_PARTIALLY_OBSCURED)
        x11_overlay_raise (self);
      break;
    default:
      break;
    }
}

static void
whis_x11_overlay_dispose (GObject *object)
{
  WhisX11Overlay *self = WHIS_X11_OVERLAY (object);

  if (self->connection != NULL && self->window != XCB_NONE
      && whis_x11_connection_is_open (self->connection))
    {
      xcb_destroy_window (get_xcb (self), self->window);
      xcb_flush (get_xcb (self));
    }
  self->window = XCB_NONE;
  g_clear_object (&self->connection);
  g_clear_pointer (&self->image, cairo_surface_destroy);

  G_OBJECT_CLASS (whis_x11_overlay_parent_class)->dispose (object);
}

static void
whis_x11_overlay_class_init (WhisX11OverlayClass *klass)
{
  WhisOverlayClass *overlay_class = WHIS_OVERLAY_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_x11_overlay_dispose;
  overlay_class->resize = x11_overlay_resize;
  overlay_class->begin_frame = x11_overlay_begin_frame;
  overlay_class->end_frame = x11_overlay_end_frame;
}

static void
whis_x11_overlay_init (WhisX11Overlay *self)
{
  self->scale = 1;
}

/**
 * whis_x11_overlay_new:
 * @connection: an open connection
 * @corner_radius: of the corners, in logical pixels
 *
 * Returns: (transfer full): an overlay, which is shown as soon as its place is known
 */
WhisOverlay *
whis_x11_overlay_new (WhisX11Connection *connection, int corner_radius)
{
  WhisX11Overlay *self;

  g_return_val_if_fail (WHIS_IS_X11_CONNECTION (connection), NULL);
  g_return_val_if_fail (whis_x11_connection_is_open (connection), NULL);

  self = g_object_new (WHIS_TYPE_X11_OVERLAY, NULL);
  self->connection = g_object_ref (connection);
  self->corner_radius = corner_radius;
  g_signal_connect_object (connection, "event", G_CALLBACK (on_event), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "closed", G_CALLBACK (whis_overlay_close), self,
                           G_CONNECT_SWAPPED);
  x11_overlay_ask (self);

  return WHIS_OVERLAY (self);
}
