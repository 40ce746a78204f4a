/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisTrayPixmap:
 * @state: the last part of the icon's name without `-symbolic`, such as `idle`; %NULL ends a table
 * @size: width and height in pixels
 * @argb: rows of pixels, four bytes each: alpha, red, green, blue, not premultiplied
 *
 * One of our tray icons, drawn when the program was built.
 */
typedef struct
{
  const char *state;
  int size;
  const guint8 *argb;
} WhisTrayPixmap;

/* Generated from the icons; empty if rsvg-convert was missing. */
extern const WhisTrayPixmap whis_tray_pixmap_table[];

/**
 * whis_tray_pixmaps_for_icon:
 * @icon_name: (nullable): an icon's name
 *
 * Finds the pixels of one of our icons, for hosts that do not find its name. Hosts that find the
 * name never look at them, and draw it sharper and in their own colours.
 *
 * Returns: (transfer floating) (type a(iiay)): the pixels in every size, or none
 */
GVariant *whis_tray_pixmaps_for_icon (const char *icon_name);

G_END_DECLS
