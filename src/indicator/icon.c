/* SPDX-License-Identifier: MIT */
#include "icon.h"

#include <math.h>

#define CENTRE (WHIS_INDICATOR_ICON_SIZE / 2.0)

static void
draw_disc (cairo_t *cr, const WhisColour *colour)
{
  whis_colour_set (colour, cr);
  cairo_arc (cr, CENTRE, CENTRE, CENTRE, 0, 2 * G_PI);
  cairo_fill (cr);
}

/* A capsule, the bow that holds it, and its stand. */
static void
draw_microphone (cairo_t *cr, const WhisColour *colour)
{
  whis_colour_set (colour, cr);
  cairo_set_line_width (cr, 1.6);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);

  cairo_new_sub_path (cr);
  cairo_arc (cr, CENTRE, 9, 3, G_PI, 2 * G_PI);
  cairo_arc (cr, CENTRE, 14, 3, 0, G_PI);
  cairo_close_path (cr);
  cairo_fill (cr);

  cairo_new_sub_path (cr);
  cairo_arc_negative (cr, CENTRE, 13.5, 5.4, G_PI, 0);
  cairo_move_to (cr, CENTRE, 19);
  cairo_line_to (cr, CENTRE, 22);
  cairo_move_to (cr, CENTRE - 3, 22);
  cairo_line_to (cr, CENTRE + 3, 22);
  cairo_stroke (cr);
}

static void
draw_slash (cairo_t *cr, const WhisColour *colour)
{
  whis_colour_set (colour, cr);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, 7, 7);
  cairo_line_to (cr, 21, 21);
  cairo_stroke (cr);
}

static void
draw_dots (cairo_t *cr, const WhisColour *colour)
{
  whis_colour_set (colour, cr);
  cairo_set_line_width (cr, 2);
  cairo_arc (cr, CENTRE, CENTRE, CENTRE - 1, 0, 2 * G_PI);
  cairo_stroke (cr);
  for (int i = -1; i <= 1; i++)
    {
      cairo_arc (cr, CENTRE + 6 * i, CENTRE, 2, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

static void
draw_exclamation (cairo_t *cr, const WhisColour *colour)
{
  whis_colour_set (colour, cr);
  cairo_set_line_width (cr, 3);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, CENTRE, 8);
  cairo_line_to (cr, CENTRE, 15);
  cairo_stroke (cr);
  cairo_arc (cr, CENTRE, 20, 1.9, 0, 2 * G_PI);
  cairo_fill (cr);
}

/**
 * whis_indicator_icon_draw:
 * @self: which one
 * @cr: where it is drawn
 * @x: left edge of the icon
 * @y: its upper edge
 * @palette: the colours
 *
 * Draws an icon of %WHIS_INDICATOR_ICON_SIZE.
 */
void
whis_indicator_icon_draw (WhisIndicatorIcon self,
                          cairo_t *cr,
                          double x,
                          double y,
                          const WhisPalette *palette)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  switch (self)
    {
    case WHIS_INDICATOR_ICON_OPEN:
      draw_disc (cr, &palette->open);
      draw_microphone (cr, &palette->glyph);
      break;
    case WHIS_INDICATOR_ICON_SILENT:
      draw_disc (cr, &palette->warning);
      draw_microphone (cr, &palette->background);
      draw_slash (cr, &palette->background);
      break;
    case WHIS_INDICATOR_ICON_PROBLEM:
      draw_disc (cr, &palette->warning);
      draw_exclamation (cr, &palette->background);
      break;
    case WHIS_INDICATOR_ICON_WORKING:
    default:
      draw_dots (cr, &palette->dim);
    }
  cairo_restore (cr);
}
