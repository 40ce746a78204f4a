/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double red;
  double green;
  double blue;
} WhisColour;

/**
 * WhisPalette:
 * @background: of the card
 * @foreground: of the state and the text
 * @dim: of what is less important
 * @border: of the card
 * @open: says that the microphone is open
 * @glyph: what is drawn on @open
 * @warning: says that something is not as it should be; @background is drawn on it
 * @border_width: in logical pixels
 *
 * The colours of the indicator.
 */
typedef struct
{
  WhisColour background;
  WhisColour foreground;
  WhisColour dim;
  WhisColour border;
  WhisColour open;
  WhisColour glyph;
  WhisColour warning;
  double border_width;
} WhisPalette;

const WhisPalette *whis_palette_get (gboolean is_light, gboolean is_high_contrast);

void whis_colour_set (const WhisColour *self, cairo_t *cr);
double whis_colour_get_contrast (const WhisColour *self, const WhisColour *other);

G_END_DECLS
