/* SPDX-License-Identifier: MIT */
#include "unfinished-banner.h"

#include <glib/gi18n-lib.h>

/**
 * WhisUnfinishedBanner:
 *
 * Shows that there are dictations to finish, while there are any. Its buttons activate `win.resume`
 * and `win.show-unfinished`.
 */
struct _WhisUnfinishedBanner
{
  AdwBin parent;

  WhisServiceProxy *service;
  GtkRevealer *revealer;
  GtkWidget *card;
  GtkLabel *message;
};

G_DEFINE_FINAL_TYPE (WhisUnfinishedBanner, whis_unfinished_banner, ADW_TYPE_BIN)

static void
unfinished_changed_cb (WhisUnfinishedBanner *self)
{
  guint count = whis_service_proxy_get_unfinished (self->service);
  g_autofree char *message =
      g_strdup_printf (ngettext ("%u dictation was interrupted or waits for its service",
                                 "%u dictations were interrupted or wait for their service", count),
                       count);

  /* A child that is only folded away could still get the keyboard focus. */
  gtk_widget_set_visible (self->card, count > 0);
  gtk_revealer_set_reveal_child (self->revealer, count > 0);
  gtk_label_set_text (self->message, message);
}

static void
whis_unfinished_banner_dispose (GObject *object)
{
  WhisUnfinishedBanner *self = WHIS_UNFINISHED_BANNER (object);

  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_unfinished_banner_parent_class)->dispose (object);
}

static void
whis_unfinished_banner_class_init (WhisUnfinishedBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_unfinished_banner_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/dictate/unfinished-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisUnfinishedBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, WhisUnfinishedBanner, card);
  gtk_widget_class_bind_template_child (widget_class, WhisUnfinishedBanner, message);
}

static void
whis_unfinished_banner_init (WhisUnfinishedBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_unfinished_banner_set_service:
 * @self: a banner
 * @service: the service; set once
 *
 * Makes the banner follow the service.
 */
void
whis_unfinished_banner_set_service (WhisUnfinishedBanner *self, WhisServiceProxy *service)
{
  g_return_if_fail (WHIS_IS_UNFINISHED_BANNER (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  whis_service_proxy_connect (service, "notify::unfinished", G_CALLBACK (unfinished_changed_cb),
                              self);
  unfinished_changed_cb (self);
}
