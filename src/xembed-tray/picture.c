/* SPDX-License-Identifier: MIT */
#include "picture.h"

/* Foreground, and what the theme calls success, warning and error. */
static const GdkRGBA dark[] = { { 0.18, 0.20, 0.21, 1 },
                                { 0.15, 0.64, 0.41, 1 },
                                { 0.96, 0.47, 0.00, 1 },
                                { 0.80, 0.00, 0.00, 1 } };
static const GdkRGBA bright[] = { { 0.93, 0.93, 0.93, 1 },
                                  { 0.34, 0.89, 0.54, 1 },
                                  { 1.00, 0.64, 0.28, 1 },
                                  { 1.00, 0.32, 0.32, 1 } };

static int
get_brightness (GdkPixbuf *pixbuf, int x, int y)
{
  const guchar *pixel = gdk_pixbuf_read_pixels (pixbuf) + y * gdk_pixbuf_get_rowstride (pixbuf)
                        + x * gdk_pixbuf_get_n_channels (pixbuf);

  return (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2]) / 1000;
}

/* Our icons leave their corners free. */
static gboolean
is_dark (const GdkRectangle *area)
{
  g_autoptr (GdkPixbuf) pixbuf =
      gdk_pixbuf_get_from_window (gdk_screen_get_root_window (gdk_screen_get_default ()), area->x,
                                  area->y, area->width, area->height);
  int right = area->width - 1;
  int bottom = area->height - 1;

  if (pixbuf == NULL || gdk_pixbuf_get_width (pixbuf) <= right
      || gdk_pixbuf_get_height (pixbuf) <= bottom)
    return FALSE;

  return get_brightness (pixbuf, 0, 0) + get_brightness (pixbuf, right, 0)
             + get_brightness (pixbuf, 0, bottom) + get_brightness (pixbuf, right, bottom)
         < 4 * 128;
}

GdkPixbuf *
whis_picture_new (const char *icon_name, int size, const GdkRectangle *area)
{
  const GdkRGBA *colours = area != NULL && is_dark (area) ? bright : dark;
  g_autoptr (GtkIconInfo) info = NULL;

  g_return_val_if_fail (icon_name != NULL, NULL);

  info = gtk_icon_theme_lookup_icon (gtk_icon_theme_get_default (), icon_name, size,
                                     GTK_ICON_LOOKUP_FORCE_SIZE);
  if (info == NULL)
    return NULL;

  return gtk_icon_info_load_symbolic (info, &colours[0], &colours[1], &colours[2], &colours[3],
                                      NULL, NULL);
}
