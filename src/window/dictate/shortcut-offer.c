/* SPDX-License-Identifier: MIT */
#include "shortcut-offer.h"

#include "shortcut-lines-row.h"
#include "whis-bus-shortcuts.h"

/* The desktop may ask the user. */
#define LONGEST_WAIT_MS (10 * 60 * 1000)

/**
 * WhisShortcutOffer:
 *
 * For somebody who has no shortcut to dictate with: it offers one that Whis can bind, or what to
 * write where Whis cannot, and says how to get at the window where no panel shows an icon. It is
 * shown until the user does not want it.
 */
struct _WhisShortcutOffer
{
  WhisInterfaceGroup parent;

  WhisServiceProxy *service;
  WhisSettings *settings;
  GVariant *description; /* NULL until the service has told it */
  gboolean has_asked;    /* the user wants the shortcut that is offered */

  GtkWidget *suggestion;
  GtkShortcutLabel *keys;
  GtkWidget *use;
  AdwActionRow *problem;
  WhisShortcutLinesRow *lines;
  GtkWidget *no_tray;
};

G_DEFINE_FINAL_TYPE (WhisShortcutOffer, whis_shortcut_offer, WHIS_TYPE_INTERFACE_GROUP)

static WhisBusWhis1Shortcuts *
shortcut_offer_get_proxy (WhisShortcutOffer *self)
{
  return whis_interface_group_get_proxy (WHIS_INTERFACE_GROUP (self));
}

static GCancellable *
shortcut_offer_get_cancellable (WhisShortcutOffer *self)
{
  return whis_interface_group_get_cancellable (WHIS_INTERFACE_GROUP (self));
}

static const char *
shortcut_offer_get (WhisShortcutOffer *self, const char *key)
{
  const char *value = "";

  g_variant_lookup (self->description, key, "&s", &value);

  return value;
}

static gboolean
shortcut_offer_is_bound (WhisShortcutOffer *self)
{
  g_autoptr (GVariant) triggers =
      g_variant_lookup_value (self->description, "triggers", G_VARIANT_TYPE ("a{ss}"));
  const char *keys = NULL;

  return triggers != NULL && g_variant_lookup (triggers, "toggle", "&s", &keys);
}

static void
shortcut_offer_show (WhisShortcutOffer *self)
{
  gboolean wanted = self->description != NULL && self->settings != NULL
                    && whis_settings_get_offer_shortcut (self->settings)
                    && whis_service_proxy_is_running (self->service)
                    && !shortcut_offer_is_bound (self);
  gboolean can_bind;

  gtk_widget_set_visible (GTK_WIDGET (self), wanted);
  if (!wanted)
    return;

  can_bind = *shortcut_offer_get (self, "backend") != '\0';
  gtk_widget_set_visible (self->suggestion, can_bind);
  gtk_shortcut_label_set_accelerator (self->keys, shortcut_offer_get (self, "suggestion"));
  gtk_widget_set_visible (GTK_WIDGET (self->problem),
                          self->has_asked && *shortcut_offer_get (self, "problem") != '\0');
  adw_action_row_set_subtitle (self->problem, shortcut_offer_get (self, "problem"));
  whis_shortcut_lines_row_show (self->lines, self->description);
  if (can_bind)
    gtk_widget_set_visible (GTK_WIDGET (self->lines), FALSE);
  gtk_widget_set_visible (self->no_tray, !whis_service_proxy_get_tray (self->service));
}

static void
described_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisShortcutOffer) self = user_data;
  g_autoptr (GVariant) description = NULL;
  g_autoptr (GError) error = NULL;

  if (!whis_bus_whis1_shortcuts_call_describe_finish (WHIS_BUS_WHIS1_SHORTCUTS (source),
                                                      &description, result, &error))
    {
      g_debug ("shortcut offer: %s", error->message);
      return;
    }

  g_clear_pointer (&self->description, g_variant_unref);
  self->description = g_steal_pointer (&description);
  shortcut_offer_show (self);
}

static void
shortcut_offer_update (WhisShortcutOffer *self)
{
  if (shortcut_offer_get_proxy (self) != NULL)
    whis_bus_whis1_shortcuts_call_describe (shortcut_offer_get_proxy (self),
                                            shortcut_offer_get_cancellable (self), described_cb,
                                            g_object_ref (self));
}

static void
bound_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisShortcutOffer) self = user_data;
  g_autoptr (GError) error = NULL;

  gtk_widget_set_sensitive (self->use, TRUE);
  if (!whis_bus_whis1_shortcuts_call_bind_finish (WHIS_BUS_WHIS1_SHORTCUTS (source), result,
                                                  &error))
    whis_interface_group_show_error (WHIS_INTERFACE_GROUP (self), error);
  shortcut_offer_update (self);
}

static void
use_clicked_cb (WhisShortcutOffer *self)
{
  GVariantBuilder triggers;

  if (shortcut_offer_get_proxy (self) == NULL || self->description == NULL)
    return;

  self->has_asked = TRUE;
  gtk_widget_set_sensitive (self->use, FALSE);
  g_variant_builder_init (&triggers, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&triggers, "{ss}", "toggle", shortcut_offer_get (self, "suggestion"));
  whis_bus_whis1_shortcuts_call_bind (
      shortcut_offer_get_proxy (self), g_variant_builder_end (&triggers),
      shortcut_offer_get_cancellable (self), bound_cb, g_object_ref (self));
}

static void
dismissed_cb (WhisShortcutOffer *self)
{
  whis_settings_set_offer_shortcut (self->settings, FALSE);
}

static void
whis_shortcut_offer_connected (WhisInterfaceGroup *group)
{
  GDBusProxy *shortcuts = whis_interface_group_get_proxy (group);

  g_dbus_proxy_set_default_timeout (shortcuts, LONGEST_WAIT_MS);
  g_signal_connect_object (shortcuts, "changed", G_CALLBACK (shortcut_offer_update), group,
                           G_CONNECT_SWAPPED);
  shortcut_offer_update (WHIS_SHORTCUT_OFFER (group));
}

static void
whis_shortcut_offer_dispose (GObject *object)
{
  WhisShortcutOffer *self = WHIS_SHORTCUT_OFFER (object);

  whis_shortcut_offer_disconnect (self);
  g_clear_pointer (&self->description, g_variant_unref);

  G_OBJECT_CLASS (whis_shortcut_offer_parent_class)->dispose (object);
}

static void
whis_shortcut_offer_class_init (WhisShortcutOfferClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  WhisInterfaceGroupClass *group_class = WHIS_INTERFACE_GROUP_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_shortcut_offer_dispose;
  group_class->proxy_type = WHIS_BUS_TYPE_WHIS1_SHORTCUTS_PROXY;
  group_class->interface = whis_bus_whis1_shortcuts_interface_info ();
  group_class->connected = whis_shortcut_offer_connected;

  g_type_ensure (WHIS_TYPE_SHORTCUT_LINES_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/dictate/shortcut-offer.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisShortcutOffer, suggestion);
  gtk_widget_class_bind_template_child (widget_class, WhisShortcutOffer, keys);
  gtk_widget_class_bind_template_child (widget_class, WhisShortcutOffer, use);
  gtk_widget_class_bind_template_child (widget_class, WhisShortcutOffer, problem);
  gtk_widget_class_bind_template_child (widget_class, WhisShortcutOffer, lines);
  gtk_widget_class_bind_template_child (widget_class, WhisShortcutOffer, no_tray);
  gtk_widget_class_bind_template_callback (widget_class, use_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismissed_cb);
}

static void
whis_shortcut_offer_init (WhisShortcutOffer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_shortcut_offer_connect:
 * @self: an offer
 * @service: the service; set once
 * @settings: where it is noted that the user does not want it
 *
 * Makes the offer follow what is bound.
 */
void
whis_shortcut_offer_connect (WhisShortcutOffer *self,
                             WhisServiceProxy *service,
                             WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_SHORTCUT_OFFER (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::offer-shortcut", G_CALLBACK (shortcut_offer_show),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (shortcut_offer_show), self,
                           G_CONNECT_SWAPPED);
  whis_service_proxy_connect (service, "notify::tray", G_CALLBACK (shortcut_offer_show), self);
  whis_interface_group_connect (WHIS_INTERFACE_GROUP (self), service);
}

/**
 * whis_shortcut_offer_disconnect:
 * @self: an offer
 *
 * Releases the service. Pending calls hold a reference to the offer until they return.
 */
void
whis_shortcut_offer_disconnect (WhisShortcutOffer *self)
{
  g_return_if_fail (WHIS_IS_SHORTCUT_OFFER (self));

  whis_interface_group_disconnect (WHIS_INTERFACE_GROUP (self));
  if (self->service != NULL)
    g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);
}
