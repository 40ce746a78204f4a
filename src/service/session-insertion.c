/* SPDX-License-Identifier: MIT */
#include "session-insertion.h"

#include "session-delivery.h"

/**
 * WhisSessionInsertion:
 *
 * The ladder of ways to insert a text for the display that the session has now: a service that is
 * started before the desktop learns of it later, and the desktop may be started anew.
 */
struct _WhisSessionInsertion
{
  GObject parent_instance;

  GDBusConnection *connection;
  WhisSessionDisplay *display;
  WhisSettings *settings;
  WhisDelivery *delivery;
  WhisPortalKeys *portal_keys;
  WhisIBusPanelMethod *ibus; /* nullable, of the methods that there are */
  char *wayland_display;     /* nullable, of the methods that there are */
  char *x11_display;         /* nullable */
  gboolean is_filled;
};

G_DEFINE_FINAL_TYPE (WhisSessionInsertion, whis_session_insertion, G_TYPE_OBJECT)

static void
on_setting_changed (WhisSessionInsertion *self)
{
  whis_portal_keys_set_allowed (self->portal_keys, whis_settings_get_portal_paste (self->settings));
  if (self->ibus != NULL)
    whis_ibus_panel_method_set_allowed (self->ibus, whis_settings_get_ibus_commit (self->settings));
}

/* Methods are made when the first text is delivered: until then nothing of the display is needed.
 */
static void
session_insertion_prepare (WhisDelivery *delivery, gpointer user_data)
{
  WhisSessionInsertion *self = user_data;
  g_auto (GStrv) environment = whis_session_display_dup_environment (self->display);
  const char *wayland_display = g_environ_getenv (environment, "WAYLAND_DISPLAY");
  const char *x11_display = g_environ_getenv (environment, "DISPLAY");

  if (self->is_filled && g_strcmp0 (self->wayland_display, wayland_display) == 0
      && g_strcmp0 (self->x11_display, x11_display) == 0)
    return;

  self->is_filled = TRUE;
  g_free (self->wayland_display);
  self->wayland_display = g_strdup (wayland_display);
  g_free (self->x11_display);
  self->x11_display = g_strdup (x11_display);
  whis_delivery_clear (delivery);
  g_clear_object (&self->ibus);
  self->ibus = whis_ibus_panel_method_new (wayland_display, x11_display);
  on_setting_changed (self);
  whis_session_delivery_fill (delivery, self->connection, wayland_display, x11_display, self->ibus,
                              self->portal_keys);
}

static void
on_token_changed (WhisSessionInsertion *self)
{
  const char *token = whis_portal_keys_get_restore_token (self->portal_keys);

  whis_settings_set_portal_token (self->settings, token != NULL ? token : "");
}

static void
whis_session_insertion_dispose (GObject *object)
{
  WhisSessionInsertion *self = WHIS_SESSION_INSERTION (object);

  if (self->delivery != NULL)
    whis_delivery_set_prepare_func (self->delivery, NULL, NULL);
  g_clear_object (&self->delivery);
  g_clear_object (&self->ibus);
  g_clear_object (&self->portal_keys);
  g_clear_object (&self->settings);
  g_clear_object (&self->display);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (whis_session_insertion_parent_class)->dispose (object);
}

static void
whis_session_insertion_finalize (GObject *object)
{
  WhisSessionInsertion *self = WHIS_SESSION_INSERTION (object);

  g_free (self->wayland_display);
  g_free (self->x11_display);

  G_OBJECT_CLASS (whis_session_insertion_parent_class)->finalize (object);
}

static void
whis_session_insertion_class_init (WhisSessionInsertionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_session_insertion_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_session_insertion_finalize;
}

static void
whis_session_insertion_init (WhisSessionInsertion *self)
{
}

/**
 * whis_session_insertion_new:
 * @connection: the session bus
 * @display: the display of the session
 * @settings: the user's settings
 *
 * Returns: (transfer full): the ways to insert a text
 */
WhisSessionInsertion *
whis_session_insertion_new (GDBusConnection *connection,
                            WhisSessionDisplay *display,
                            WhisSettings *settings)
{
  WhisSessionInsertion *self = g_object_new (WHIS_TYPE_SESSION_INSERTION, NULL);
  g_autoptr (WhisClipboard) clipboard = whis_clipboard_new ();
  const char *token = whis_settings_get_portal_token (settings);

  whis_clipboard_set_environment_func (
      clipboard, (WhisClipboardEnvironment) whis_session_display_dup_environment, display);
  self->connection = g_object_ref (connection);
  self->display = g_object_ref (display);
  self->settings = g_object_ref (settings);
  self->delivery = whis_delivery_new (clipboard);
  self->portal_keys = whis_portal_keys_new (connection);
  if (*token != '\0')
    whis_portal_keys_set_restore_token (self->portal_keys, token);
  on_setting_changed (self);
  whis_delivery_set_prepare_func (self->delivery, session_insertion_prepare, self);
  g_signal_connect_object (settings, "changed::portal-paste", G_CALLBACK (on_setting_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::ibus-commit", G_CALLBACK (on_setting_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->portal_keys, "notify::restore-token",
                           G_CALLBACK (on_token_changed), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * whis_session_insertion_get_delivery:
 * @self: the ways to insert a text
 *
 * Returns: (transfer none): where texts go; @self has to stay as long as it
 */
WhisDelivery *
whis_session_insertion_get_delivery (WhisSessionInsertion *self)
{
  g_return_val_if_fail (WHIS_IS_SESSION_INSERTION (self), NULL);

  return self->delivery;
}

/**
 * whis_session_insertion_get_portal_keys:
 * @self: the ways to insert a text
 *
 * Returns: (transfer none): what presses keys by the portal
 */
WhisPortalKeys *
whis_session_insertion_get_portal_keys (WhisSessionInsertion *self)
{
  g_return_val_if_fail (WHIS_IS_SESSION_INSERTION (self), NULL);

  return self->portal_keys;
}
