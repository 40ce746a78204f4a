/* SPDX-License-Identifier: MIT */
#include "palette.h"

#include <math.h>

#define HEX(rgb)                                                                                   \
  {                                                                                                \
    ((rgb) >> 16 & 0xff) / 255.0, ((rgb) >> 8 & 0xff) / 255.0, ((rgb) &0xff) / 255.0               \
  }

static const WhisPalette palettes[2][2] = {
  {
      {
          .background = HEX (0x1e1e22),
          .foreground = HEX (0xffffff),
          .dim = HEX (0xb8b8c0),
          .border = HEX (0x8a8a94),
          .open = HEX (0xe01b24),
          .glyph = HEX (0xffffff),
          .warning = HEX (0xffbe6f),
          .border_width = 1,
      },
      {
          .background = HEX (0x000000),
          .foreground = HEX (0xffffff),
          .dim = HEX (0xffffff),
          .border = HEX (0xffffff),
          .open = HEX (0xff6b6b),
          .glyph = HEX (0x000000),
          .warning = HEX (0xffd966),
          .border_width = 2,
      },
  },
  {
      {
          .background = HEX (0xfafafb),
          .foreground = HEX (0x1a1a1e),
          .dim = HEX (0x55555e),
          .border = HEX (0x85858f),
          .open = HEX (0xc01c28),
          .glyph = HEX (0xffffff),
          .warning = HEX (0x8a3a00),
          .border_width = 1,
      },
      {
          .background = HEX (0xffffff),
          .foreground = HEX (0x000000),
          .dim = HEX (0x000000),
          .border = HEX (0x000000),
          .open = HEX (0xa00010),
          .glyph = HEX (0xffffff),
          .warning = HEX (0x6b2d00),
          .border_width = 2,
      },
  },
};

/**
 * whis_palette_get:
 * @is_light: whether the desktop is light
 * @is_high_contrast: whether the user wants more contrast
 *
 * Returns: (transfer none): the colours for that
 */
const WhisPalette *
whis_palette_get (gboolean is_light, gboolean is_high_contrast)
{
  return &palettes[is_light ? 1 : 0][is_high_contrast ? 1 : 0];
}

/**
 * whis_colour_set:
 * @self: a colour
 * @cr: what is drawn with it from now on
 */
void
whis_colour_set (const WhisColour *self, cairo_t *cr)
{
  cairo_set_source_rgb (cr, self->red, self->green, self->blue);
}

static double
get_linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
get_luminance (const WhisColour *colour)
{
  return 0.2126 * get_linear (colour->red) + 0.7152 * get_linear (colour->green)
         + 0.0722 * get_linear (colour->blue);
}

/**
 * whis_colour_get_contrast:
 * @self: a colour
 * @other: another one
 *
 * Returns: their contrast ratio as in WCAG 2.1, from 1 to 21
 */
double
whis_colour_get_contrast (const WhisColour *self, const WhisColour *other)
{
  double one = get_luminance (self) + 0.05;
  double two = get_luminance (other) + 0.05;

  return MAX (one, two) / MIN (one, two);
}
