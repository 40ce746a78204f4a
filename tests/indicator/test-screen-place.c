/* SPDX-License-Identifier: MIT */
#include "screen-place.h"

static void
assert_place (const WhisRectangle *place, int x, int y, int width, int height)
{
  g_assert_cmpint (place->x, ==, x);
  g_assert_cmpint (place->y, ==, y);
  g_assert_cmpint (place->width, ==, width);
  g_assert_cmpint (place->height, ==, height);
}

static const WhisRectangle monitors[] = {
  { 0, 0, 1920, 1080 },
  { 1920, 200, 1280, 800 },
};

static void
test_monitor (void)
{
  WhisRectangle place = whis_screen_place (monitors, 2, NULL, 100, 100);

  assert_place (&place, 0, 0, 1920, 1080);
  place = whis_screen_place (monitors, 2, NULL, 1920, 200);
  assert_place (&place, 1920, 200, 1280, 800);
  /* Beside the smaller one. */
  place = whis_screen_place (monitors, 2, NULL, 2000, 100);
  assert_place (&place, 0, 0, 1920, 1080);
}

static void
test_panel (void)
{
  const WhisRectangle without_panel = { 0, 0, 3200, 1040 };
  const WhisRectangle elsewhere = { 5000, 0, 100, 100 };
  WhisRectangle place = whis_screen_place (monitors, 2, &without_panel, 100, 100);

  assert_place (&place, 0, 0, 1920, 1040);
  place = whis_screen_place (monitors, 2, &without_panel, 2000, 300);
  assert_place (&place, 1920, 200, 1280, 800);
  place = whis_screen_place (monitors, 2, &elsewhere, 100, 100);
  assert_place (&place, 0, 0, 1920, 1080);
}

static void
test_scale (void)
{
  g_assert_cmpfloat (whis_screen_scale_from_resources (""), ==, 1);
  g_assert_cmpfloat (whis_screen_scale_from_resources ("Xft.antialias:\t1\nXft.dpi:\t192\n"), ==,
                     2);
  g_assert_cmpfloat (whis_screen_scale_from_resources ("Xft.dpi: 120"), ==, 1.25);
  g_assert_cmpfloat (whis_screen_scale_from_resources ("NotXft.dpi:\t192\n"), ==, 1);
  g_assert_cmpfloat (whis_screen_scale_from_resources ("Xft.dpi:\t0\n"), ==, 1);
  g_assert_cmpfloat (whis_screen_scale_from_resources ("Xft.dpi:\t99999\n"), ==, 4);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/screen-place/monitor", test_monitor);
  g_test_add_func ("/screen-place/panel", test_panel);
  g_test_add_func ("/screen-place/scale", test_scale);

  return g_test_run ();
}
