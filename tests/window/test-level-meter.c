/* SPDX-License-Identifier: MIT */
/* The bar for the input level: it rises at once, falls slowly, and rests when nothing moves. */
#include <math.h>

#include "level-meter.h"
#include "mock.h"

typedef struct
{
  GtkWidget *window;
  WhisLevelMeter *meter;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->meter = g_object_new (WHIS_TYPE_LEVEL_METER, NULL);
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->meter));
  gtk_window_present (GTK_WINDOW (fixture->window));
  AWAIT (gtk_widget_get_mapped (GTK_WIDGET (fixture->meter)));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_ref (fixture->meter);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->meter);
}

static double
get_bar (Fixture *fixture)
{
  return gtk_level_bar_get_value (
      GTK_LEVEL_BAR (gtk_widget_get_first_child (GTK_WIDGET (fixture->meter))));
}

/* Speech between -40 and -10 dBFS takes up the middle of the bar. */
static void
test_scale (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    double level;
    double share;
  } cases[] = {
    { -100, 0 }, { -60, 0 }, { -45, 0.25 }, { -30, 0.5 }, { -3, 0.95 }, { 0, 1 }, { 6, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      whis_level_meter_set_level (fixture->meter, cases[i].level);
      g_assert_cmpfloat_with_epsilon (get_bar (fixture), cases[i].share, 0.0001);
    }
}

static void
on_shown (gpointer bar, GParamSpec *pspec, gpointer user_data)
{
  GArray *values = user_data;
  double value = gtk_level_bar_get_value (bar);

  g_array_append_val (values, value);
}

/* A word that has ended is seen for a moment, and the bar never jumps up on its way down. */
static void
test_falls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  GtkWidget *bar = gtk_widget_get_first_child (GTK_WIDGET (fixture->meter));
  GdkFrameClock *clock = gtk_widget_get_frame_clock (bar);
  gint64 begin;

  whis_level_meter_set_level (fixture->meter, 0);
  g_assert_cmpfloat (get_bar (fixture), ==, 1);
  g_signal_connect (bar, "notify::value", G_CALLBACK (on_shown), values);
  whis_level_meter_set_level (fixture->meter, -100);
  g_assert_cmpfloat (get_bar (fixture), ==, 1);
  g_assert_true (whis_level_meter_is_moving (fixture->meter));
  begin = gdk_frame_clock_get_frame_time (clock);

  AWAIT (!whis_level_meter_is_moving (fixture->meter));
  g_assert_cmpfloat (get_bar (fixture), ==, 0);
  g_assert_cmpint (gdk_frame_clock_get_frame_time (clock) - begin, >=, G_USEC_PER_SEC / 2);
  for (guint i = 1; i < values->len; i++)
    g_assert_cmpfloat (g_array_index (values, double, i), <=,
                       g_array_index (values, double, i - 1));
  g_signal_handlers_disconnect_by_func (bar, on_shown, values);
}

/* It stops at a level that is still there. */
static void
test_falls_to_level (Fixture *fixture, gconstpointer data)
{
  whis_level_meter_set_level (fixture->meter, 0);
  whis_level_meter_set_level (fixture->meter, -30);
  AWAIT (!whis_level_meter_is_moving (fixture->meter));
  g_assert_cmpfloat_with_epsilon (get_bar (fixture), 0.5, 0.0001);
}

/* A louder word in the middle of the fall is seen at once. */
static void
test_rises_while_falling (Fixture *fixture, gconstpointer data)
{
  whis_level_meter_set_level (fixture->meter, -6);
  whis_level_meter_set_level (fixture->meter, -100);
  g_assert_true (whis_level_meter_is_moving (fixture->meter));
  whis_level_meter_set_level (fixture->meter, 0);
  g_assert_cmpfloat (get_bar (fixture), ==, 1);
}

/* A level that is no number comes of a microphone that gives none. */
static void
test_no_number (Fixture *fixture, gconstpointer data)
{
  whis_level_meter_set_level (fixture->meter, -30);
  whis_level_meter_set_level (fixture->meter, (double) NAN);
  AWAIT (!whis_level_meter_is_moving (fixture->meter));
  g_assert_cmpfloat (get_bar (fixture), ==, 0);
  whis_level_meter_set_level (fixture->meter, (double) -INFINITY);
  g_assert_cmpfloat (get_bar (fixture), ==, 0);
}

/* What is not seen is not drawn: no frame is asked for, and nothing is left of the fall. */
static void
test_hidden (Fixture *fixture, gconstpointer data)
{
  whis_level_meter_set_level (fixture->meter, 0);
  whis_level_meter_set_level (fixture->meter, -100);
  g_assert_true (whis_level_meter_is_moving (fixture->meter));
  gtk_widget_set_visible (GTK_WIDGET (fixture->meter), FALSE);
  g_assert_false (whis_level_meter_is_moving (fixture->meter));
  g_assert_cmpfloat (get_bar (fixture), ==, 0);

  whis_level_meter_set_level (fixture->meter, -30);
  whis_level_meter_set_level (fixture->meter, -100);
  g_assert_false (whis_level_meter_is_moving (fixture->meter));
  gtk_widget_set_visible (GTK_WIDGET (fixture->meter), TRUE);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/level-meter/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("scale", test_scale);
  ADD ("falls", test_falls);
  ADD ("falls-to-level", test_falls_to_level);
  ADD ("rises-while-falling", test_rises_while_falling);
  ADD ("no-number", test_no_number);
  ADD ("hidden", test_hidden);

  return g_test_run ();
}
