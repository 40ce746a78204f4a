/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "display.h"
#include "x11-overlay.h"

/* That of the display. */
#define SCREEN_WIDTH 320
#define SCREEN_HEIGHT 240

#define RADIUS 10
#define RED 0xff0000u

typedef struct
{
  Display *display; /* NULL if it cannot be tested */
  WhisX11Connection *connection;
  WhisOverlay *overlay;
  xcb_connection_t *other; /* of another program */
  xcb_window_t root;
  guint n_shown;
  guint n_closed;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->display = display_new_x11 ();
  if (self->display == NULL)
    return;

  self->other = xcb_connect (self->display->name, NULL);
  g_assert_cmpint (xcb_connection_has_error (self->other), ==, 0);
  self->root = xcb_setup_roots_iterator (xcb_get_setup (self->other)).data->root;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->display == NULL)
    return;

  if (self->overlay != NULL)
    g_assert_finalize_object (self->overlay);
  if (self->connection != NULL)
    g_assert_finalize_object (self->connection);
  xcb_disconnect (self->other);
  display_free (self->display);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GError) error = NULL;

  whis_x11_connection_open_finish (WHIS_X11_CONNECTION (source), result, &error);
  g_assert_no_error (error);
  self->connection = g_object_ref (WHIS_X11_CONNECTION (source));
}

static void
on_draw (Fixture *self, cairo_t *cr)
{
  cairo_set_source_rgb (cr, 1, 0, 0);
  cairo_paint (cr);
}

static void
count_signal (guint *count)
{
  (*count)++;
}

static void
create (Fixture *self)
{
  g_autoptr (WhisX11Connection) connection = whis_x11_connection_new (self->display->name);

  whis_x11_connection_open_async (connection, NULL, on_opened, self);
  while (self->connection == NULL)
    g_main_context_iteration (NULL, TRUE);
  self->overlay = whis_x11_overlay_new (self->connection, RADIUS);
  g_signal_connect_swapped (self->overlay, "draw", G_CALLBACK (on_draw), self);
  g_signal_connect_swapped (self->overlay, "shown", G_CALLBACK (count_signal), &self->n_shown);
  g_signal_connect_swapped (self->overlay, "closed", G_CALLBACK (count_signal), &self->n_closed);
}

static void
on_answered (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* All that the server has told by now was heard, and what was asked because of that is done. */
static void
settle (Fixture *self)
{
  for (guint i = 0; i < 2; i++)
    {
      gboolean is_done = FALSE;

      whis_x11_connection_expect_reply (
          self->connection,
          xcb_get_input_focus (whis_x11_connection_get_xcb (self->connection)).sequence,
          on_answered, &is_done);
      while (!is_done)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
show (Fixture *self)
{
  create (self);
  whis_overlay_set_size (self->overlay, 200, 40);
  while (self->n_shown == 0)
    g_main_context_iteration (NULL, TRUE);
  settle (self);
}

/* The windows of the screen, from below. */
static xcb_query_tree_reply_t *
query_tree (Fixture *self)
{
  return xcb_query_tree_reply (self->other, xcb_query_tree (self->other, self->root), NULL);
}

/* The one that is not @known. */
static xcb_window_t
find_window (Fixture *self, xcb_window_t known)
{
  g_autofree xcb_query_tree_reply_t *tree = query_tree (self);
  const xcb_window_t *windows = xcb_query_tree_children (tree);

  for (int i = 0; i < xcb_query_tree_children_length (tree); i++)
    if (windows[i] != known)
      return windows[i];

  return XCB_NONE;
}

static gboolean
is_uppermost (Fixture *self, xcb_window_t window)
{
  g_autofree xcb_query_tree_reply_t *tree = query_tree (self);
  int length = xcb_query_tree_children_length (tree);

  return length > 0 && xcb_query_tree_children (tree)[length - 1] == window;
}

static void
assert_geometry (Fixture *self, int x, int y, int width, int height)
{
  g_autofree xcb_get_geometry_reply_t *geometry = xcb_get_geometry_reply (
      self->other, xcb_get_geometry (self->other, find_window (self, XCB_NONE)), NULL);

  g_assert_nonnull (geometry);
  g_assert_cmpint (geometry->x, ==, x);
  g_assert_cmpint (geometry->y, ==, y);
  g_assert_cmpint (geometry->width, ==, width);
  g_assert_cmpint (geometry->height, ==, height);
}

/* What is seen on the screen. */
static guint32
get_pixel (Fixture *self, int x, int y)
{
  g_autofree xcb_get_image_reply_t *image =
      xcb_get_image_reply (self->other,
                           xcb_get_image (self->other, XCB_IMAGE_FORMAT_Z_PIXMAP, self->root,
                                          (gint16) x, (gint16) y, 1, 1, G_MAXUINT32),
                           NULL);
  guint32 pixel;

  g_assert_nonnull (image);
  memcpy (&pixel, xcb_get_image_data (image), sizeof pixel);

  return pixel & 0xffffff;
}

static void
set_root_property (Fixture *self,
                   const char *name,
                   xcb_atom_t type,
                   guint format,
                   guint n,
                   gconstpointer data)
{
  g_autofree xcb_intern_atom_reply_t *atom = xcb_intern_atom_reply (
      self->other, xcb_intern_atom (self->other, FALSE, (guint16) strlen (name), name), NULL);
  g_autofree xcb_generic_error_t *error = xcb_request_check (
      self->other, xcb_change_property_checked (self->other, XCB_PROP_MODE_REPLACE, self->root,
                                                atom->atom, type, (guint8) format, n, data));

  g_assert_null (error);
}

static xcb_window_t
cover (Fixture *self, int x, int y, int width, int height)
{
  xcb_window_t window = xcb_generate_id (self->other);
  const guint32 is_override = TRUE;
  g_autofree xcb_generic_error_t *error = NULL;

  xcb_create_window (self->other, XCB_COPY_FROM_PARENT, window, self->root, (gint16) x, (gint16) y,
                     (guint16) width, (guint16) height, 0, XCB_WINDOW_CLASS_INPUT_OUTPUT,
                     XCB_COPY_FROM_PARENT, XCB_CW_OVERRIDE_REDIRECT, &is_override);
  error = xcb_request_check (self->other, xcb_map_window_checked (self->other, window));
  g_assert_null (error);

  return window;
}

/* In the middle of the lower edge, for no window manager, and without the focus. */
static void
test_shown (Fixture *self, gconstpointer data)
{
  g_autofree xcb_get_window_attributes_reply_t *attributes = NULL;
  g_autofree xcb_get_input_focus_reply_t *before = NULL;
  g_autofree xcb_get_input_focus_reply_t *after = NULL;

  if (self->display == NULL)
    return;

  before = xcb_get_input_focus_reply (self->other, xcb_get_input_focus (self->other), NULL);
  show (self);
  attributes = xcb_get_window_attributes_reply (
      self->other, xcb_get_window_attributes (self->other, find_window (self, XCB_NONE)), NULL);
  g_assert_nonnull (attributes);
  g_assert_true (attributes->override_redirect);
  g_assert_cmpint (attributes->map_state, ==, XCB_MAP_STATE_VIEWABLE);
  after = xcb_get_input_focus_reply (self->other, xcb_get_input_focus (self->other), NULL);
  g_assert_cmpuint (after->focus, ==, before->focus);
  assert_geometry (self, (SCREEN_WIDTH - 200) / 2, SCREEN_HEIGHT - 24 - 40, 200, 40);
  g_assert_cmphex (get_pixel (self, SCREEN_WIDTH / 2, SCREEN_HEIGHT - 44), ==, RED);
}

/* Without a compositor the corners are cut off. */
static void
test_corners (Fixture *self, gconstpointer data)
{
  int left = (SCREEN_WIDTH - 200) / 2;
  int top = SCREEN_HEIGHT - 24 - 40;

  if (self->display == NULL)
    return;

  show (self);
  g_assert_cmphex (get_pixel (self, left, top), !=, RED);
  g_assert_cmphex (get_pixel (self, left + 199, top), !=, RED);
  g_assert_cmphex (get_pixel (self, left, top + 39), !=, RED);
  g_assert_cmphex (get_pixel (self, left + 199, top + 39), !=, RED);
  g_assert_cmphex (get_pixel (self, left + RADIUS, top), ==, RED);
  g_assert_cmphex (get_pixel (self, left, top + RADIUS), ==, RED);
  g_assert_cmphex (get_pixel (self, left + 199, top + 39 - RADIUS), ==, RED);
}

/* The pointer is above what is below. */
static void
test_pointer (Fixture *self, gconstpointer data)
{
  g_autofree xcb_query_pointer_reply_t *pointer = NULL;
  xcb_window_t below;

  if (self->display == NULL)
    return;

  below = cover (self, 0, 0, SCREEN_WIDTH, SCREEN_HEIGHT);
  show (self);
  g_assert_false (is_uppermost (self, below));
  xcb_warp_pointer (self->other, XCB_NONE, self->root, 0, 0, 0, 0, SCREEN_WIDTH / 2,
                    SCREEN_HEIGHT - 44);
  pointer =
      xcb_query_pointer_reply (self->other, xcb_query_pointer (self->other, self->root), NULL);
  g_assert_cmpuint (pointer->child, ==, below);
}

/* The lower edge stays where it is. */
static void
test_resize (Fixture *self, gconstpointer data)
{
  if (self->display == NULL)
    return;

  show (self);
  whis_overlay_set_size (self->overlay, 200, 70);
  while (get_pixel (self, SCREEN_WIDTH / 2, SCREEN_HEIGHT - 24 - 65) != RED)
    g_main_context_iteration (NULL, TRUE);
  assert_geometry (self, (SCREEN_WIDTH - 200) / 2, SCREEN_HEIGHT - 24 - 70, 200, 70);
}

static void
test_panel (Fixture *self, gconstpointer data)
{
  const guint32 area[] = { 0, 0, SCREEN_WIDTH, SCREEN_HEIGHT - 30 };

  if (self->display == NULL)
    return;

  set_root_property (self, "_NET_WORKAREA", XCB_ATOM_CARDINAL, 32, 4, area);
  show (self);
  assert_geometry (self, (SCREEN_WIDTH - 200) / 2, SCREEN_HEIGHT - 30 - 24 - 40, 200, 40);
}

static void
test_scale (Fixture *self, gconstpointer data)
{
  static const char resources[] = "Xft.dpi:\t144\n";

  if (self->display == NULL)
    return;

  set_root_property (self, "RESOURCE_MANAGER", XCB_ATOM_STRING, 8, sizeof resources - 1, resources);
  show (self);
  assert_geometry (self, (SCREEN_WIDTH - 300) / 2, SCREEN_HEIGHT - 36 - 60, 300, 60);
}

/* It comes above what covers a part of it. */
static void
test_raised (Fixture *self, gconstpointer data)
{
  xcb_window_t window, covering;

  if (self->display == NULL)
    return;

  show (self);
  window = find_window (self, XCB_NONE);
  covering = cover (self, 0, SCREEN_HEIGHT - 100, SCREEN_WIDTH / 2, 100);
  while (!is_uppermost (self, window))
    g_main_context_iteration (NULL, FALSE);
  /* It does not fight with one that wants to be above as well. */
  xcb_configure_window (self->other, covering, XCB_CONFIG_WINDOW_STACK_MODE,
                        &(guint32){ XCB_STACK_MODE_ABOVE });
  g_assert_true (is_uppermost (self, covering));
  settle (self);
  g_assert_true (is_uppermost (self, covering));
}

/* What covers the whole may be a locked screen. */
static void
test_locked_screen (Fixture *self, gconstpointer data)
{
  xcb_window_t covering;

  if (self->display == NULL)
    return;

  show (self);
  covering = cover (self, 0, 0, SCREEN_WIDTH, SCREEN_HEIGHT);
  settle (self);
  g_assert_true (is_uppermost (self, covering));
}

static void
test_display_ends (Fixture *self, gconstpointer data)
{
  if (self->display == NULL)
    return;

  show (self);
  g_subprocess_force_exit (self->display->server);
  while (self->n_closed == 0)
    g_main_context_iteration (NULL, TRUE);
  whis_overlay_set_size (self->overlay, 200, 50);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (self->n_closed, ==, 1);
}

/* It can go before the server has answered, and its window goes with it. */
static void
test_ends (Fixture *self, gconstpointer data)
{
  if (self->display == NULL)
    return;

  create (self);
  g_object_unref (g_steal_pointer (&self->overlay));
  g_assert_finalize_object (g_steal_pointer (&self->connection));

  show (self);
  g_assert_cmpuint (find_window (self, XCB_NONE), !=, XCB_NONE);
  g_assert_finalize_object (g_steal_pointer (&self->overlay));
  while (find_window (self, XCB_NONE) != XCB_NONE)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (self->n_closed, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/x11-overlay/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("shown", test_shown);
  ADD ("corners", test_corners);
  ADD ("pointer", test_pointer);
  ADD ("resize", test_resize);
  ADD ("panel", test_panel);
  ADD ("scale", test_scale);
  ADD ("raised", test_raised);
  ADD ("locked-screen", test_locked_screen);
  ADD ("display-ends", test_display_ends);
  ADD ("ends", test_ends);
#undef ADD

  return g_test_run ();
}
