/* SPDX-License-Identifier: MIT */
#include "shell-offer.h"

#include <glib/gi18n-lib.h>

#include "toast.h"

/* What the Shell calls itself on the bus, and how it names the extension. */
#define SHELL_NAME "org.gnome.Shell"
#define SHELL_PATH "/org/gnome/Shell"
#define EXTENSIONS_INTERFACE "org.gnome.Shell.Extensions"
#define UUID "whis@whis-gtk.github.io"

/* Of ExtensionState in js/misc/extensionUtils.js of GNOME Shell: switched off, and never on yet. */
#define STATE_INACTIVE 2
#define STATE_INITIALIZED 6

/**
 * WhisShellOffer:
 *
 * For somebody whose GNOME Shell has Whis's extension, and has it switched off. It is offered once,
 * and switched on by nothing but the button.
 */
struct _WhisShellOffer
{
  AdwPreferencesGroup parent;

  WhisSettings *settings;
  GCancellable *cancellable;
  GDBusConnection *connection; /* NULL until there is one */
  guint watch;
  gboolean is_off;

  GtkWidget *switch_on;
};

G_DEFINE_FINAL_TYPE (WhisShellOffer, whis_shell_offer, ADW_TYPE_PREFERENCES_GROUP)

static void
shell_offer_show (WhisShellOffer *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self),
                          self->is_off && whis_settings_get_offer_shell_extension (self->settings));
}

static void
shell_offer_call (WhisShellOffer *self,
                  const char *method,
                  const GVariantType *reply,
                  GAsyncReadyCallback callback)
{
  g_dbus_connection_call (self->connection, SHELL_NAME, SHELL_PATH, EXTENSIONS_INTERFACE, method,
                          g_variant_new ("(s)", UUID), reply, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                          self->cancellable, callback, g_object_ref (self));
}

/* The Shell knows nothing of an extension that was installed after the login. */
static void
described_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisShellOffer) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) description = NULL;
  double state = 0;

  if (answer == NULL)
    {
      g_debug ("shell offer: %s", error->message);
      return;
    }

  description = g_variant_get_child_value (answer, 0);
  g_variant_lookup (description, "state", "d", &state);
  self->is_off = (int) state == STATE_INACTIVE || (int) state == STATE_INITIALIZED;
  shell_offer_show (self);
}

static void
switched_on_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisShellOffer) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  gboolean done = FALSE;

  if (answer == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer != NULL)
    g_variant_get (answer, "(b)", &done);
  gtk_widget_set_sensitive (self->switch_on, TRUE);
  if (done)
    whis_settings_set_offer_shell_extension (self->settings, FALSE);
  else
    whis_toast_show (GTK_WIDGET (self),
                     _ ("GNOME Shell refused; you find the extension in the program Extensions"));
}

static void
switch_on_clicked_cb (WhisShellOffer *self)
{
  if (self->connection == NULL)
    return;

  gtk_widget_set_sensitive (self->switch_on, FALSE);
  shell_offer_call (self, "EnableExtension", G_VARIANT_TYPE ("(b)"), switched_on_cb);
}

static void
dismissed_cb (WhisShellOffer *self)
{
  whis_settings_set_offer_shell_extension (self->settings, FALSE);
}

static void
shell_appeared_cb (GDBusConnection *connection,
                   const char *name,
                   const char *owner,
                   gpointer user_data)
{
  WhisShellOffer *self = user_data;

  g_set_object (&self->connection, connection);
  shell_offer_call (self, "GetExtensionInfo", G_VARIANT_TYPE ("(a{sv})"), described_cb);
}

static void
shell_vanished_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  WhisShellOffer *self = user_data;

  self->is_off = FALSE;
  shell_offer_show (self);
}

static void
whis_shell_offer_dispose (GObject *object)
{
  WhisShellOffer *self = WHIS_SHELL_OFFER (object);

  whis_shell_offer_disconnect (self);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (whis_shell_offer_parent_class)->dispose (object);
}

static void
whis_shell_offer_class_init (WhisShellOfferClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_shell_offer_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/dictate/shell-offer.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisShellOffer, switch_on);
  gtk_widget_class_bind_template_callback (widget_class, switch_on_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismissed_cb);
}

static void
whis_shell_offer_init (WhisShellOffer *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_shell_offer_connect:
 * @self: an offer
 * @settings: where it is noted that it was made; set once
 *
 * Makes the offer where it has a sense, now and when the Shell comes.
 */
void
whis_shell_offer_connect (WhisShellOffer *self, WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_SHELL_OFFER (self));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::offer-shell-extension",
                           G_CALLBACK (shell_offer_show), self, G_CONNECT_SWAPPED);
  self->watch = g_bus_watch_name (G_BUS_TYPE_SESSION, SHELL_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                  shell_appeared_cb, shell_vanished_cb, self, NULL);
}

/**
 * whis_shell_offer_disconnect:
 * @self: an offer
 *
 * Releases the settings. Pending calls hold a reference to the offer until they return.
 */
void
whis_shell_offer_disconnect (WhisShellOffer *self)
{
  g_return_if_fail (WHIS_IS_SHELL_OFFER (self));

  g_clear_handle_id (&self->watch, g_bus_unwatch_name);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->connection);
  g_clear_object (&self->settings);
}
