/* SPDX-License-Identifier: MIT */
#include "level-meter.h"

#include <glib/gi18n-lib.h>

#include "level-share.h"

/* From this share of the bar on the sound is about to be clipped: -3 dBFS. */
#define HOT_SHARE 0.95

/* The bar rises at once and falls from full to empty in about this many seconds. */
#define FALL_SECONDS 0.7

/**
 * WhisLevelMeter:
 *
 * A bar for the input level, logarithmic.
 *
 * It is redrawn with each frame while it falls, and has no tick callback otherwise.
 */
struct _WhisLevelMeter
{
  AdwBin parent;

  GtkLevelBar *bar;
  double target;
  double shown;
  guint tick;
  gint64 last_frame;
};

G_DEFINE_FINAL_TYPE (WhisLevelMeter, whis_level_meter, ADW_TYPE_BIN)

static void
show_share (WhisLevelMeter *self, double share)
{
  self->shown = share;
  gtk_level_bar_set_value (self->bar, share);
}

static gboolean
fall_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  WhisLevelMeter *self = WHIS_LEVEL_METER (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  double seconds = (double) (now - self->last_frame) / G_USEC_PER_SEC;

  self->last_frame = now;
  show_share (self, MAX (self->target, self->shown - seconds / FALL_SECONDS));
  if (self->shown > self->target)
    return G_SOURCE_CONTINUE;

  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
begin_to_fall (WhisLevelMeter *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));

  if (self->tick != 0)
    return;

  self->last_frame = gdk_frame_clock_get_frame_time (clock);
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), fall_cb, NULL, NULL);
}

static void
follow_target (WhisLevelMeter *self)
{
  if (self->target >= self->shown || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_share (self, self->target);
  else
    begin_to_fall (self);
}

static void
whis_level_meter_unmap (GtkWidget *widget)
{
  WhisLevelMeter *self = WHIS_LEVEL_METER (widget);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (widget, self->tick);
  self->tick = 0;
  show_share (self, self->target);

  GTK_WIDGET_CLASS (whis_level_meter_parent_class)->unmap (widget);
}

static void
whis_level_meter_class_init (WhisLevelMeterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->unmap = whis_level_meter_unmap;

  gtk_widget_class_set_css_name (widget_class, "levelmeter");
}

static void
whis_level_meter_init (WhisLevelMeter *self)
{
  self->bar = GTK_LEVEL_BAR (gtk_level_bar_new ());
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_level_bar_add_offset_value (self->bar, "good", HOT_SHARE);
  gtk_level_bar_add_offset_value (self->bar, "hot", 1.0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Input level"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->bar));
}

/**
 * whis_level_meter_set_level:
 * @self: a meter
 * @level: a peak level in dBFS
 *
 * Shows a level: louder ones at once, quieter ones by letting the bar fall.
 */
void
whis_level_meter_set_level (WhisLevelMeter *self, double level)
{
  g_return_if_fail (WHIS_IS_LEVEL_METER (self));

  self->target = whis_level_get_share (level);
  follow_target (self);
}

/**
 * whis_level_meter_is_moving:
 * @self: a meter
 *
 * Returns: whether the meter asks for frames
 */
gboolean
whis_level_meter_is_moving (WhisLevelMeter *self)
{
  g_return_val_if_fail (WHIS_IS_LEVEL_METER (self), FALSE);

  return self->tick != 0;
}
