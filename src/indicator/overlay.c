/* SPDX-License-Identifier: MIT */
#include "overlay.h"

/* Twenty frames a second. */
#define INTERVAL_MS 50

/**
 * WhisOverlay:
 *
 * A small surface above all windows, near the lower edge of the screen, that takes neither the
 * focus nor clicks. It is drawn when it is asked to be, and never more often than twenty times a
 * second.
 */
typedef struct
{
  int width;
  int height;
  guint interval_ms;
  gint64 last_frame;
  gboolean is_dirty;
  gboolean was_shown;
  guint timer;
} WhisOverlayPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WhisOverlay, whis_overlay, G_TYPE_OBJECT)

enum
{
  DRAW,
  SHOWN,
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static WhisOverlayPrivate *
get_private (WhisOverlay *self)
{
  return whis_overlay_get_instance_private (self);
}

static void
overlay_draw (WhisOverlay *self)
{
  WhisOverlayPrivate *priv = get_private (self);
  cairo_surface_t *image = WHIS_OVERLAY_GET_CLASS (self)->begin_frame (self);
  cairo_t *cr;

  if (image == NULL)
    return;

  priv->is_dirty = FALSE;
  priv->last_frame = g_get_monotonic_time ();
  cr = cairo_create (image);
  g_signal_emit (self, signals[DRAW], 0, cr);
  cairo_destroy (cr);
  cairo_surface_flush (image);
  WHIS_OVERLAY_GET_CLASS (self)->end_frame (self, image);
  if (!priv->was_shown)
    {
      priv->was_shown = TRUE;
      g_signal_emit (self, signals[SHOWN], 0);
    }
}

static gboolean
on_overlay_interval (gpointer user_data)
{
  WhisOverlay *self = user_data;
  WhisOverlayPrivate *priv = get_private (self);

  priv->timer = 0;
  if (priv->is_dirty)
    overlay_draw (self);

  return G_SOURCE_REMOVE;
}

/* Several changes of one turn of the main loop are one frame. */
static void
overlay_schedule (WhisOverlay *self)
{
  WhisOverlayPrivate *priv = get_private (self);
  gint64 due = priv->last_frame + (gint64) priv->interval_ms * 1000 - g_get_monotonic_time ();

  if (priv->is_dirty && priv->timer == 0)
    priv->timer =
        g_timeout_add (due > 0 ? (guint) ((due + 999) / 1000) : 0, on_overlay_interval, self);
}

static void
whis_overlay_dispose (GObject *object)
{
  WhisOverlayPrivate *priv = get_private (WHIS_OVERLAY (object));

  g_clear_handle_id (&priv->timer, g_source_remove);

  G_OBJECT_CLASS (whis_overlay_parent_class)->dispose (object);
}

static void
whis_overlay_class_init (WhisOverlayClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_overlay_dispose;

  /**
   * WhisOverlay::draw:
   * @self: the overlay
   * @cr: a `cairo_t` in logical pixels, on which nothing is drawn yet
   *
   * The next frame is to be drawn.
   */
  signals[DRAW] = g_signal_new ("draw", WHIS_TYPE_OVERLAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_POINTER);

  /**
   * WhisOverlay::shown:
   * @self: the overlay
   *
   * The first frame was given to the display.
   */
  signals[SHOWN] = g_signal_new ("shown", WHIS_TYPE_OVERLAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);

  /**
   * WhisOverlay::closed:
   * @self: the overlay
   *
   * The display has gone, or does not show it any more.
   */
  signals[CLOSED] = g_signal_new ("closed", WHIS_TYPE_OVERLAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
whis_overlay_init (WhisOverlay *self)
{
  WhisOverlayPrivate *priv = get_private (self);

  priv->width = priv->height = 1;
  priv->interval_ms = INTERVAL_MS;
}

/**
 * whis_overlay_set_size:
 * @self: an overlay
 * @width: in logical pixels
 * @height: in logical pixels
 *
 * Makes it as large as that; its lower edge stays where it is.
 */
void
whis_overlay_set_size (WhisOverlay *self, int width, int height)
{
  WhisOverlayPrivate *priv;

  g_return_if_fail (WHIS_IS_OVERLAY (self));
  g_return_if_fail (width > 0 && height > 0);

  priv = get_private (self);
  if (width == priv->width && height == priv->height)
    return;

  priv->width = width;
  priv->height = height;
  WHIS_OVERLAY_GET_CLASS (self)->resize (self);
  whis_overlay_queue_draw (self);
}

/**
 * whis_overlay_set_interval:
 * @self: an overlay
 * @milliseconds: the least time between two frames; 0 for the usual one
 */
void
whis_overlay_set_interval (WhisOverlay *self, guint milliseconds)
{
  g_return_if_fail (WHIS_IS_OVERLAY (self));

  get_private (self)->interval_ms = MAX (milliseconds, INTERVAL_MS);
}

/**
 * whis_overlay_queue_draw:
 * @self: an overlay
 *
 * Asks for a frame: #WhisOverlay::draw follows.
 */
void
whis_overlay_queue_draw (WhisOverlay *self)
{
  g_return_if_fail (WHIS_IS_OVERLAY (self));

  get_private (self)->is_dirty = TRUE;
  overlay_schedule (self);
}

int
whis_overlay_get_width (WhisOverlay *self)
{
  g_return_val_if_fail (WHIS_IS_OVERLAY (self), 0);

  return get_private (self)->width;
}

int
whis_overlay_get_height (WhisOverlay *self)
{
  g_return_val_if_fail (WHIS_IS_OVERLAY (self), 0);

  return get_private (self)->height;
}

/**
 * whis_overlay_resume:
 * @self: an overlay
 *
 * A frame can be shown again: one that was asked for meanwhile is drawn.
 */
void
whis_overlay_resume (WhisOverlay *self)
{
  g_return_if_fail (WHIS_IS_OVERLAY (self));

  overlay_schedule (self);
}

/**
 * whis_overlay_close:
 * @self: an overlay
 *
 * Says that it is not shown any more.
 */
void
whis_overlay_close (WhisOverlay *self)
{
  g_return_if_fail (WHIS_IS_OVERLAY (self));

  g_signal_emit (self, signals[CLOSED], 0);
}
