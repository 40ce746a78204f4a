/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * whis_picture_new:
 * @icon_name: the name of a symbolic icon
 * @size: its height in pixels
 * @area: (nullable): where it is on the screen
 *
 * Draws a symbolic icon so that it can be seen on what is behind it: bright on a dark panel, dark
 * on a bright one. Few panels of the old kind say which colour their icons should have, and GTK
 * makes them black then.
 *
 * Returns: (transfer full) (nullable): the picture, or %NULL if there is no such icon
 */
GdkPixbuf *whis_picture_new (const char *icon_name, int size, const GdkRectangle *area);

G_END_DECLS
