/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisRectangle:
 *
 * A part of the screen, in its pixels.
 */
typedef struct
{
  int x;
  int y;
  int width;
  int height;
} WhisRectangle;

WhisRectangle whis_screen_place (const WhisRectangle *monitors,
                                 gsize n_monitors,
                                 const WhisRectangle *work_area,
                                 int pointer_x,
                                 int pointer_y);
double whis_screen_scale_from_resources (const char *resources);

G_END_DECLS
