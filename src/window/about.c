/* SPDX-License-Identifier: MIT */
#include "about.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

/**
 * whis_about_window_new:
 * @parent: (nullable): the window it belongs to
 *
 * Returns: (transfer none): the window that says what Whis is, not presented yet
 */
GtkWindow *
whis_about_window_new (GtkWindow *parent)
{
  GtkWidget *about;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);

  about = adw_about_window_new ();
  g_object_set (about, "transient-for", parent, "modal", parent != NULL, "application-name",
                _ ("Whis"), "application-icon", WHIS_APP_ID, "version", WHIS_VERSION,
                "developer-name", _ ("The Whis developers"), "comments",
                _ ("Speak, and the text is there. Whis writes down what you say and puts it on "
                   "the clipboard; it works without an account, and sends sound only to the "
                   "service that you choose."),
                "license-type", GTK_LICENSE_MIT_X11,
                /* Translators: your name and address, one translator per line */
                "translator-credits", _ ("translator-credits"), NULL);

  return GTK_WINDOW (about);
}
