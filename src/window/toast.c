/* SPDX-License-Identifier: MIT */
#include "toast.h"

#define SHORT_SECONDS 2

/**
 * whis_toast_show:
 * @widget: a widget in the window, or its overlay for toasts
 * @text: some words, without markup
 *
 * Says for a moment that something was done, unless the window is gone.
 */
void
whis_toast_show (GtkWidget *widget, const char *text)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *title = g_markup_escape_text (text, -1);
  AdwToast *toast;

  if (overlay == NULL)
    return;

  toast = adw_toast_new (title);
  adw_toast_set_timeout (toast, SHORT_SECONDS);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}
