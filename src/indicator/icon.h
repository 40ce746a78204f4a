/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <glib.h>

#include "palette.h"

G_BEGIN_DECLS

#define WHIS_INDICATOR_ICON_SIZE 28

/**
 * WhisIndicatorIcon:
 * @WHIS_INDICATOR_ICON_OPEN: the microphone is open
 * @WHIS_INDICATOR_ICON_SILENT: it is open, and gives nothing but silence
 * @WHIS_INDICATOR_ICON_WORKING: it is closed; the text is awaited
 * @WHIS_INDICATOR_ICON_PROBLEM: there is no text, or not all of it
 *
 * What is drawn beside the state. The shapes differ, not only the colours.
 */
typedef enum
{
  WHIS_INDICATOR_ICON_OPEN,
  WHIS_INDICATOR_ICON_SILENT,
  WHIS_INDICATOR_ICON_WORKING,
  WHIS_INDICATOR_ICON_PROBLEM,
} WhisIndicatorIcon;

void whis_indicator_icon_draw (WhisIndicatorIcon self,
                               cairo_t *cr,
                               double x,
                               double y,
                               const WhisPalette *palette);

G_END_DECLS
