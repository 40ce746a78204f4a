/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <locale.h>

#include "window-application.h"

int
main (int argc, char *argv[])
{
  g_autoptr (WhisWindowApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, WHIS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  /* X11 panels find the desktop file by this name. */
  g_set_prgname (WHIS_APP_ID);
  g_set_application_name (_ ("Whis"));
  gtk_window_set_default_icon_name (WHIS_APP_ID);

  application = whis_window_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
