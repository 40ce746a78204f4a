/* SPDX-License-Identifier: MIT */
#include "overlay.h"

#define N_FRAMES 4

#define TEST_TYPE_OVERLAY (test_overlay_get_type ())

G_DECLARE_FINAL_TYPE (TestOverlay, test_overlay, TEST, OVERLAY, WhisOverlay)

/* Draws in memory. */
struct _TestOverlay
{
  WhisOverlay parent_instance;

  cairo_surface_t *image;
  gboolean is_blocked;
  guint n_asked;
  guint n_frames;
  guint n_resized;
  gint64 frames[N_FRAMES];
};

G_DEFINE_FINAL_TYPE (TestOverlay, test_overlay, WHIS_TYPE_OVERLAY)

static cairo_surface_t *
begin_frame (WhisOverlay *overlay)
{
  TestOverlay *self = TEST_OVERLAY (overlay);

  self->n_asked++;

  return self->is_blocked ? NULL : self->image;
}

static void
end_frame (WhisOverlay *overlay, cairo_surface_t *image)
{
  TestOverlay *self = TEST_OVERLAY (overlay);

  g_assert_true (image == self->image);
  self->frames[self->n_frames++ % N_FRAMES] = g_get_monotonic_time ();
}

static void
resize (WhisOverlay *overlay)
{
  TEST_OVERLAY (overlay)->n_resized++;
}

static void
test_overlay_finalize (GObject *object)
{
  cairo_surface_destroy (TEST_OVERLAY (object)->image);

  G_OBJECT_CLASS (test_overlay_parent_class)->finalize (object);
}

static void
test_overlay_class_init (TestOverlayClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_overlay_finalize;
  WHIS_OVERLAY_CLASS (klass)->begin_frame = begin_frame;
  WHIS_OVERLAY_CLASS (klass)->end_frame = end_frame;
  WHIS_OVERLAY_CLASS (klass)->resize = resize;
}

static void
test_overlay_init (TestOverlay *self)
{
  self->image = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1, 1);
}

static void
count_signal (guint *count)
{
  (*count)++;
}

static void
await_frames (TestOverlay *overlay, guint n_frames)
{
  while (overlay->n_frames < n_frames)
    g_main_context_iteration (NULL, TRUE);
}

/* However often it is asked for, a frame comes 50 ms after the last one. */
static void
test_rate (void)
{
  g_autoptr (TestOverlay) overlay = g_object_new (TEST_TYPE_OVERLAY, NULL);
  guint n_drawn = 0;
  guint n_shown = 0;

  g_signal_connect_swapped (overlay, "draw", G_CALLBACK (count_signal), &n_drawn);
  g_signal_connect_swapped (overlay, "shown", G_CALLBACK (count_signal), &n_shown);
  for (guint frame = 1; frame <= N_FRAMES; frame++)
    {
      for (guint i = 0; i < 10; i++)
        whis_overlay_queue_draw (WHIS_OVERLAY (overlay));
      await_frames (overlay, frame);
    }
  for (guint i = 1; i < N_FRAMES; i++)
    g_assert_cmpint (overlay->frames[i] - overlay->frames[i - 1], >=, 49000);
  g_assert_cmpuint (n_drawn, ==, N_FRAMES);
  g_assert_cmpuint (n_shown, ==, 1);
  g_assert_false (g_main_context_pending (NULL));

  whis_overlay_set_interval (WHIS_OVERLAY (overlay), 120);
  whis_overlay_queue_draw (WHIS_OVERLAY (overlay));
  await_frames (overlay, N_FRAMES + 1);
  g_assert_cmpint (overlay->frames[0] - overlay->frames[N_FRAMES - 1], >=, 119000);
}

/* Nothing wakes it when nothing is to be drawn. */
static void
test_rests (void)
{
  g_autoptr (TestOverlay) overlay = g_object_new (TEST_TYPE_OVERLAY, NULL);
  GPollFD fds[4];
  int priority;
  int timeout;

  whis_overlay_queue_draw (WHIS_OVERLAY (overlay));
  await_frames (overlay, 1);
  whis_overlay_resume (WHIS_OVERLAY (overlay));
  g_assert_false (g_main_context_pending (NULL));
  g_assert_true (g_main_context_acquire (NULL));
  g_main_context_prepare (g_main_context_default (), &priority);
  g_main_context_query (g_main_context_default (), priority, &timeout, fds, G_N_ELEMENTS (fds));
  g_main_context_release (NULL);
  g_assert_cmpint (timeout, ==, -1);
}

/* A display that takes no frame is asked again when it does, with the newest content. */
static void
test_blocked (void)
{
  g_autoptr (TestOverlay) overlay = g_object_new (TEST_TYPE_OVERLAY, NULL);

  overlay->is_blocked = TRUE;
  whis_overlay_queue_draw (WHIS_OVERLAY (overlay));
  while (overlay->n_asked == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (overlay->n_frames, ==, 0);
  overlay->is_blocked = FALSE;
  whis_overlay_resume (WHIS_OVERLAY (overlay));
  await_frames (overlay, 1);
}

static void
test_size (void)
{
  g_autoptr (TestOverlay) overlay = g_object_new (TEST_TYPE_OVERLAY, NULL);

  whis_overlay_set_size (WHIS_OVERLAY (overlay), 400, 50);
  g_assert_cmpuint (overlay->n_resized, ==, 1);
  g_assert_cmpint (whis_overlay_get_width (WHIS_OVERLAY (overlay)), ==, 400);
  g_assert_cmpint (whis_overlay_get_height (WHIS_OVERLAY (overlay)), ==, 50);
  await_frames (overlay, 1);
  whis_overlay_set_size (WHIS_OVERLAY (overlay), 400, 50);
  g_assert_cmpuint (overlay->n_resized, ==, 1);
  g_assert_false (g_main_context_pending (NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/overlay/rate", test_rate);
  g_test_add_func ("/overlay/rests", test_rests);
  g_test_add_func ("/overlay/blocked", test_blocked);
  g_test_add_func ("/overlay/size", test_size);

  return g_test_run ();
}
