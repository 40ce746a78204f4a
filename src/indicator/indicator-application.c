/* SPDX-License-Identifier: MIT */
#include "indicator-application.h"

#include <glib/gi18n-lib.h>

#include "appearance.h"
#include "card.h"
#include "follower.h"
#include "layer-overlay.h"
#include "x11-overlay.h"

/* What moves less is drawn less often. */
#define CALM_INTERVAL_MS 500

/**
 * WhisIndicatorApplication:
 *
 * Shows a dictation on an overlay, as long as there is something to show.
 */
struct _WhisIndicatorApplication
{
  GObject parent_instance;

  GMainLoop *loop;
  WhisIndicatorExit status;

  WhisServiceProxy *service;
  WhisIndicatorFollower *follower;
  GDBusConnection *bus;
  WhisAppearance *appearance;
  WhisIndicatorCard *card;
  WhisIndicatorContent *shown; /* nullable, by the last frame */

  GCancellable *cancellable;
  WhisX11Connection *x11;
  WhisOverlay *overlay; /* nullable */
};

G_DEFINE_FINAL_TYPE (WhisIndicatorApplication, whis_indicator_application, G_TYPE_OBJECT)

static void
indicator_quit (WhisIndicatorApplication *self, WhisIndicatorExit status)
{
  self->status = status;
  g_main_loop_quit (self->loop);
}

/* The reason is for the log of the service, which starts this program. */
static void
indicator_fail (WhisIndicatorApplication *self, WhisIndicatorExit status, const char *reason)
{
  g_printerr ("%s\n", reason);
  indicator_quit (self, status);
}

static void
on_draw (WhisIndicatorApplication *self, cairo_t *cr)
{
  const WhisIndicatorContent *content = whis_indicator_follower_get_content (self->follower);

  g_clear_pointer (&self->shown, whis_indicator_content_free);
  self->shown = whis_indicator_content_copy (content);
  whis_indicator_card_draw (self->card, cr, content);
}

/* What the supervisor in the service waits for. */
static void
on_shown (WhisIndicatorApplication *self)
{
  g_print ("ready\n");
}

static void
on_overlay_closed (WhisIndicatorApplication *self)
{
  indicator_fail (self, WHIS_INDICATOR_EXIT_FAILED, "The display does not show it any more");
}

static void
indicator_update (WhisIndicatorApplication *self)
{
  const WhisIndicatorContent *content = whis_indicator_follower_get_content (self->follower);

  if (self->overlay == NULL
      || (self->shown != NULL && whis_indicator_content_looks_like (self->shown, content)))
    return;

  whis_overlay_set_size (self->overlay, WHIS_INDICATOR_WIDTH,
                         whis_indicator_card_get_height (self->card, content));
  whis_overlay_queue_draw (self->overlay);
}

static void
on_look_changed (WhisIndicatorApplication *self)
{
  const WhisLook *look = whis_appearance_get_look (self->appearance);

  whis_indicator_card_set_look (self->card, look);
  g_clear_pointer (&self->shown, whis_indicator_content_free);
  if (self->overlay != NULL)
    whis_overlay_set_interval (self->overlay, look->reduces_motion ? CALM_INTERVAL_MS : 0);
  indicator_update (self);
}

static void
on_follower_ended (WhisIndicatorApplication *self)
{
  indicator_quit (self, WHIS_INDICATOR_EXIT_DONE);
}

static void
indicator_take_overlay (WhisIndicatorApplication *self, WhisOverlay *overlay)
{
  self->overlay = overlay;
  g_signal_connect_object (overlay, "draw", G_CALLBACK (on_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (overlay, "shown", G_CALLBACK (on_shown), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (overlay, "closed", G_CALLBACK (on_overlay_closed), self,
                           G_CONNECT_SWAPPED);
  if (self->appearance != NULL)
    on_look_changed (self);
  else
    indicator_update (self);
}

static void
on_x11_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  WhisIndicatorApplication *self;

  if (!whis_x11_connection_open_finish (WHIS_X11_CONNECTION (source), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        indicator_fail (user_data, WHIS_INDICATOR_EXIT_FAILED, error->message);
      return;
    }

  self = user_data;
  indicator_take_overlay (
      self, whis_x11_overlay_new (WHIS_X11_CONNECTION (source), WHIS_INDICATOR_RADIUS));
}

static void
indicator_open_x11 (WhisIndicatorApplication *self)
{
  self->x11 = whis_x11_connection_new (NULL);
  whis_x11_connection_open_async (self->x11, self->cancellable, on_x11_opened, self);
}

static void
on_wayland_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisWaylandConnection) connection =
      whis_wayland_connection_open_finish (result, &error);
  WhisIndicatorApplication *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  if (connection == NULL && g_getenv ("DISPLAY") != NULL)
    indicator_open_x11 (self);
  else if (connection == NULL)
    indicator_fail (self, WHIS_INDICATOR_EXIT_FAILED, error->message);
  else if (whis_layer_overlay_is_supported (connection))
    indicator_take_overlay (self, whis_layer_overlay_new (connection));
  else
    indicator_fail (self, WHIS_INDICATOR_EXIT_UNSUPPORTED,
                    "The compositor has no protocol layer-shell");
}

static void
indicator_open_display (WhisIndicatorApplication *self)
{
  const char *wayland = g_getenv ("WAYLAND_DISPLAY");

  if (wayland != NULL && *wayland != '\0')
    whis_wayland_connection_open_async (wayland, self->cancellable, on_wayland_opened, self);
  else
    indicator_open_x11 (self);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);
  WhisIndicatorApplication *self;

  if (bus == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        indicator_fail (user_data, WHIS_INDICATOR_EXIT_FAILED, error->message);
      return;
    }

  self = user_data;
  self->bus = bus;
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->appearance = whis_appearance_new (bus);
  g_signal_connect_object (self->appearance, "changed", G_CALLBACK (on_look_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
whis_indicator_application_dispose (GObject *object)
{
  WhisIndicatorApplication *self = WHIS_INDICATOR_APPLICATION (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->overlay);
  g_clear_object (&self->x11);
  g_clear_object (&self->appearance);
  g_clear_object (&self->bus);
  g_clear_object (&self->follower);
  g_clear_object (&self->service);
  g_clear_object (&self->card);

  G_OBJECT_CLASS (whis_indicator_application_parent_class)->dispose (object);
}

static void
whis_indicator_application_finalize (GObject *object)
{
  WhisIndicatorApplication *self = WHIS_INDICATOR_APPLICATION (object);

  g_clear_pointer (&self->shown, whis_indicator_content_free);
  g_clear_object (&self->cancellable);
  g_main_loop_unref (self->loop);

  G_OBJECT_CLASS (whis_indicator_application_parent_class)->finalize (object);
}

static void
whis_indicator_application_class_init (WhisIndicatorApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_indicator_application_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_indicator_application_finalize;
}

static void
whis_indicator_application_init (WhisIndicatorApplication *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
  self->cancellable = g_cancellable_new ();
  self->card = whis_indicator_card_new ();
}

/**
 * whis_indicator_application_new:
 * @dictation: the id of a dictation by the microphone
 *
 * Returns: (transfer full): an indicator that begins to look for the service and the display
 */
WhisIndicatorApplication *
whis_indicator_application_new (const char *dictation)
{
  WhisIndicatorApplication *self;

  g_return_val_if_fail (dictation != NULL, NULL);

  self = g_object_new (WHIS_TYPE_INDICATOR_APPLICATION, NULL);
  indicator_open_display (self);
  g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, on_bus, self);
  self->service = whis_service_proxy_new ();
  self->follower = whis_indicator_follower_new (self->service, dictation);
  g_signal_connect_object (self->follower, "changed", G_CALLBACK (indicator_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->follower, "ended", G_CALLBACK (on_follower_ended), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * whis_indicator_application_end:
 * @self: an indicator
 *
 * Shows nothing any more.
 */
void
whis_indicator_application_end (WhisIndicatorApplication *self)
{
  g_return_if_fail (WHIS_IS_INDICATOR_APPLICATION (self));

  indicator_quit (self, WHIS_INDICATOR_EXIT_DONE);
}

/**
 * whis_indicator_application_run:
 * @self: an indicator
 *
 * Returns: why it has ended
 */
WhisIndicatorExit
whis_indicator_application_run (WhisIndicatorApplication *self)
{
  g_return_val_if_fail (WHIS_IS_INDICATOR_APPLICATION (self), WHIS_INDICATOR_EXIT_FAILED);

  g_main_loop_run (self->loop);

  return self->status;
}
