/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "compositor.h"
#include "layer-overlay.h"

#define ALL (COMPOSITOR_SURFACES | COMPOSITOR_OUTPUT | COMPOSITOR_LAYER_SHELL)
#define OPAQUE_RED 0xffff0000u

typedef struct
{
  Compositor *compositor;
  WhisWaylandConnection *connection;
  WhisOverlay *overlay; /* nullable */
  guint n_drawn;
  guint n_closed;
} Fixture;

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GError) error = NULL;

  self->connection = whis_wayland_connection_open_finish (result, &error);
  g_assert_no_error (error);
}

static void
connect_to (Fixture *self, guint globals)
{
  self->compositor = compositor_new (globals);
  whis_wayland_connection_open_async (self->compositor->name, NULL, on_opened, self);
  while (self->connection == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_draw (Fixture *self, cairo_t *cr)
{
  self->n_drawn++;
  cairo_set_source_rgb (cr, 1, 0, 0);
  cairo_paint (cr);
}

static void
on_closed (Fixture *self)
{
  self->n_closed++;
}

static void
show (Fixture *self)
{
  self->overlay = whis_layer_overlay_new (self->connection);
  g_signal_connect_swapped (self->overlay, "draw", G_CALLBACK (on_draw), self);
  g_signal_connect_swapped (self->overlay, "closed", G_CALLBACK (on_closed), self);
  whis_overlay_set_size (self->overlay, 200, 40);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->overlay != NULL)
    g_assert_finalize_object (self->overlay);
  g_assert_finalize_object (self->connection);
  compositor_free (self->compositor);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  connect_to (self, ALL);
}

static gboolean
has_noted (Fixture *self, const char *request)
{
  return strstr (self->compositor->log->str, request) != NULL;
}

static void
test_supported (void)
{
  static const struct
  {
    guint globals;
    gboolean is_supported;
  } cases[] = {
    { ALL, TRUE },
    { COMPOSITOR_SURFACES | COMPOSITOR_LAYER_SHELL, TRUE },
    { COMPOSITOR_SURFACES | COMPOSITOR_OUTPUT, FALSE },
    { COMPOSITOR_LAYER_SHELL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture self = { NULL };

      connect_to (&self, cases[i].globals);
      g_assert_cmpint (whis_layer_overlay_is_supported (self.connection), ==,
                       cases[i].is_supported);
      tear_down (&self, NULL);
    }
}

/* On the uppermost layer at the lower edge, without keys and clicks. */
static void
test_shown (Fixture *self, gconstpointer data)
{
  show (self);
  compositor_await (self->compositor, "buffer:200x40 ");
  g_assert_true (has_noted (self, "input:nothing "));
  g_assert_true (has_noted (self, "layer:3 "));
  g_assert_true (has_noted (self, "anchor:2 "));
  g_assert_true (has_noted (self, "margin:24 "));
  g_assert_true (has_noted (self, "keys:0 "));
  g_assert_false (has_noted (self, "zone:"));
  g_assert_true (has_noted (self, "size:200x40 commit ack:1 scale:1 buffer:"));
  g_assert_cmphex (self->compositor->pixel, ==, OPAQUE_RED);
}

static void
test_resize (Fixture *self, gconstpointer data)
{
  show (self);
  compositor_await (self->compositor, "buffer:200x40 ");
  whis_overlay_set_size (self->overlay, 200, 70);
  compositor_await (self->compositor, "size:200x70 scale:1 buffer:200x70 ");
  whis_overlay_set_size (self->overlay, 200, 40);
  compositor_await (self->compositor, "size:200x40 scale:1 buffer:200x40 ");
  g_assert_cmphex (self->compositor->pixel, ==, OPAQUE_RED);
}

/* It has the pixels of the monitor, from the first frame on. */
static void
test_scale (Fixture *self, gconstpointer data)
{
  compositor_set_scale (self->compositor, 2);
  show (self);
  compositor_await (self->compositor, "scale:2 buffer:400x80 ");
  g_assert_false (has_noted (self, "scale:1 "));
  compositor_set_scale (self->compositor, 3);
  compositor_await (self->compositor, "scale:3 buffer:600x120 ");
}

/* A compositor that shows no frames gets none, and then the newest. */
static void
test_frames (Fixture *self, gconstpointer data)
{
  self->compositor->holds_frames = TRUE;
  show (self);
  compositor_await (self->compositor, "buffer:200x40 ");
  whis_overlay_set_size (self->overlay, 200, 50);
  whis_overlay_set_size (self->overlay, 200, 60);
  compositor_await (self->compositor, "size:200x60 ");
  g_assert_cmpuint (self->n_drawn, ==, 1);
  compositor_finish_frame (self->compositor);
  compositor_await (self->compositor, "buffer:200x60 ");
  g_assert_false (has_noted (self, "buffer:200x50 "));
}

static void
test_closed (Fixture *self, gconstpointer data)
{
  show (self);
  compositor_await (self->compositor, "buffer:");
  compositor_close_layer_surface (self->compositor);
  while (self->n_closed == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_compositor_ends (Fixture *self, gconstpointer data)
{
  show (self);
  compositor_await (self->compositor, "buffer:");
  compositor_stop (self->compositor);
  while (self->n_closed == 0)
    g_main_context_iteration (NULL, TRUE);
  /* What is asked of it after that does no harm. */
  whis_overlay_set_size (self->overlay, 200, 90);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (self->n_closed, ==, 1);
}

/* It says that it is gone, and not that the display is. */
static void
test_ends (Fixture *self, gconstpointer data)
{
  show (self);
  compositor_await (self->compositor, "buffer:");
  g_assert_finalize_object (g_steal_pointer (&self->overlay));
  compositor_await (self->compositor, "layer-surface-gone ");
  g_assert_cmpuint (self->n_closed, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/layer-overlay/supported", test_supported);
#define ADD(path, func) g_test_add ("/layer-overlay/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("shown", test_shown);
  ADD ("resize", test_resize);
  ADD ("scale", test_scale);
  ADD ("frames", test_frames);
  ADD ("closed", test_closed);
  ADD ("compositor-ends", test_compositor_ends);
  ADD ("ends", test_ends);
#undef ADD

  return g_test_run ();
}
