/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_OVERLAY (whis_overlay_get_type ())

G_DECLARE_DERIVABLE_TYPE (WhisOverlay, whis_overlay, WHIS, OVERLAY, GObject)

/**
 * WhisOverlayClass:
 * @resize: the size has changed
 * @begin_frame: gives a transparent image for the next frame, which belongs to the overlay, with
 *   its device scale; %NULL if none can be shown at present: whis_overlay_resume() is called later
 * @end_frame: shows the image that @begin_frame gave
 *
 * What kinds of overlays do.
 */
struct _WhisOverlayClass
{
  GObjectClass parent_class;

  void (*resize) (WhisOverlay *self);
  cairo_surface_t *(*begin_frame) (WhisOverlay *self);
  void (*end_frame) (WhisOverlay *self, cairo_surface_t *image);
};

void whis_overlay_set_size (WhisOverlay *self, int width, int height);
void whis_overlay_set_interval (WhisOverlay *self, guint milliseconds);
void whis_overlay_queue_draw (WhisOverlay *self);

/* For the kinds. */
int whis_overlay_get_width (WhisOverlay *self);
int whis_overlay_get_height (WhisOverlay *self);
void whis_overlay_resume (WhisOverlay *self);
void whis_overlay_close (WhisOverlay *self);

G_END_DECLS
