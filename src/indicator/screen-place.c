/* SPDX-License-Identifier: MIT */
#include "screen-place.h"

#include <string.h>

#define USUAL_DPI 96.0
#define DPI_RESOURCE "Xft.dpi:"

static gboolean
rectangle_contains (const WhisRectangle *self, int x, int y)
{
  return x >= self->x && x < self->x + self->width && y >= self->y && y < self->y + self->height;
}

static gboolean
rectangle_intersect (const WhisRectangle *one, const WhisRectangle *two, WhisRectangle *both)
{
  both->x = MAX (one->x, two->x);
  both->y = MAX (one->y, two->y);
  both->width = MIN (one->x + one->width, two->x + two->width) - both->x;
  both->height = MIN (one->y + one->height, two->y + two->height) - both->y;

  return both->width > 0 && both->height > 0;
}

/**
 * whis_screen_place:
 * @monitors: (array length=n_monitors): the monitors
 * @n_monitors: at least one
 * @work_area: (nullable): the screen without its panels, if that is known
 * @pointer_x: where the pointer is
 * @pointer_y: where the pointer is
 *
 * Returns: the monitor with the pointer, without what panels cover; the first one if the pointer is
 *   on none
 */
WhisRectangle
whis_screen_place (const WhisRectangle *monitors,
                   gsize n_monitors,
                   const WhisRectangle *work_area,
                   int pointer_x,
                   int pointer_y)
{
  const WhisRectangle *monitor = &monitors[0];
  WhisRectangle free_part;

  for (gsize i = 0; i < n_monitors; i++)
    if (rectangle_contains (&monitors[i], pointer_x, pointer_y))
      {
        monitor = &monitors[i];
        break;
      }
  if (work_area != NULL && rectangle_intersect (monitor, work_area, &free_part))
    return free_part;

  return *monitor;
}

/**
 * whis_screen_scale_from_resources:
 * @resources: the X resources, a line each
 *
 * Returns: how many pixels a logical one has, by the resource `Xft.dpi` that desktops set
 */
double
whis_screen_scale_from_resources (const char *resources)
{
  const char *line = resources;

  g_return_val_if_fail (resources != NULL, 1);

  while (line != NULL && !g_str_has_prefix (line, DPI_RESOURCE))
    {
      line = strchr (line, '\n');
      if (line != NULL)
        line++;
    }
  if (line == NULL)
    return 1;

  return CLAMP (g_ascii_strtod (line + strlen (DPI_RESOURCE), NULL) / USUAL_DPI, 1, 4);
}
