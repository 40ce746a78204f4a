/* SPDX-License-Identifier: MIT */
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "indicator.h"
#include "remote-item.h"

/*
 * Shows the service's icon in an X11 panel that knows no StatusNotifierItem: `whis-xembed-tray
 * NAME`, where NAME is the service's unique name on the session bus. The service starts and ends
 * it.
 *
 * On standard output it says `shown` when a panel has taken the icon, and `hidden` when it has lost
 * it again. It ends when its standard input does.
 */

typedef struct
{
  WhisRemoteItem *item;
  WhisIndicator *indicator;
} Icon;

static int exit_status = EXIT_SUCCESS;

static void
xembed_tray_fail (const GError *error)
{
  g_printerr ("whis-xembed-tray: %s\n", error->message);
  exit_status = EXIT_FAILURE;
  gtk_main_quit ();
}

/* The library would look beyond the end of its list for a path that it was told. */
static void
add_icons (const char *path)
{
  if (*path != '\0')
    gtk_icon_theme_prepend_search_path (gtk_icon_theme_get_default (), path);
}

static void
xembed_tray_update (Icon *icon)
{
  g_autofree char *icon_name = whis_remote_item_get_string (icon->item, "IconName");
  g_autofree char *title = whis_remote_item_get_string (icon->item, "Title");
  g_autofree char *tooltip = whis_remote_item_get_tooltip (icon->item);

  whis_indicator_set_icon (icon->indicator, icon_name, title);
  whis_indicator_set_tooltip (icon->indicator, tooltip);
}

static void
xembed_tray_tell (WhisIndicator *indicator)
{
  g_print ("%s\n", whis_indicator_get_embedded (indicator) ? "shown" : "hidden");
}

static GtkMenu *
create_menu (WhisRemoteItem *item)
{
  GtkWidget *menu = gtk_menu_new_from_model (whis_remote_item_get_menu (item));

  gtk_widget_insert_action_group (menu, "app", whis_remote_item_get_actions (item));

  return GTK_MENU (menu);
}

static void
xembed_tray_show (Icon *icon)
{
  g_autofree char *path = whis_remote_item_get_string (icon->item, "IconThemePath");

  add_icons (path);
  icon->indicator = whis_indicator_new ();
  xembed_tray_update (icon);
  g_signal_connect_swapped (icon->item, "changed", G_CALLBACK (xembed_tray_update), icon);
  g_signal_connect (icon->indicator, "notify::embedded", G_CALLBACK (xembed_tray_tell), NULL);
  g_signal_connect_swapped (icon->indicator, "activated", G_CALLBACK (whis_remote_item_activate),
                            icon->item);
  app_indicator_set_menu (APP_INDICATOR (icon->indicator), create_menu (icon->item));
}

static void
got_item (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Icon *icon = user_data;
  g_autoptr (GError) error = NULL;

  icon->item = whis_remote_item_new_finish (result, &error);
  if (icon->item != NULL)
    xembed_tray_show (icon);
  else
    xembed_tray_fail (error);
}

static gboolean
xembed_tray_quit (gpointer unused)
{
  gtk_main_quit ();

  return G_SOURCE_CONTINUE;
}

/* Nothing is ever sent: it can be read when it has ended. */
static void
watch_input (void)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GSource) source =
      g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);

  g_source_set_callback (source, xembed_tray_quit, NULL, NULL);
  g_source_attach (source, NULL);
}

/* What the libraries say each time, about nothing that anybody could change here. */
static const char *const old_news[] = {
  "libayatana-appindicator is deprecated", /* the newer one exports menus that no panel draws */
  "gdk_window_thaw_toplevel_updates",      /* GTK 3, whenever an icon is embedded */
};

static void
log_library (const char *domain, GLogLevelFlags level, const char *message, gpointer unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (old_news); i++)
    if (strstr (message, old_news[i]) != NULL)
      return;

  g_log_default_handler (domain, level, message, NULL);
}

static void
xembed_tray_run (const char *bus_name, GDBusConnection *connection)
{
  Icon icon = { NULL };

  watch_input ();
  g_unix_signal_add (SIGTERM, xembed_tray_quit, NULL);
  g_unix_signal_add (SIGINT, xembed_tray_quit, NULL);
  whis_remote_item_new_async (connection, bus_name, got_item, &icon);
  gtk_main ();

  g_clear_object (&icon.indicator);
  g_clear_object (&icon.item);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc != 2 || !g_dbus_is_name (argv[1]))
    {
      g_printerr ("whis-xembed-tray is started by Whis where a panel needs it.\n");
      return EXIT_FAILURE;
    }

  g_set_prgname (WHIS_APP_ID);
  g_log_set_handler ("libayatana-appindicator", G_LOG_LEVEL_WARNING, log_library, NULL);
  g_log_set_handler ("Gdk", G_LOG_LEVEL_CRITICAL, log_library, NULL);
  gdk_set_allowed_backends ("x11");
  if (!gtk_init_check (&argc, &argv))
    {
      g_printerr ("whis-xembed-tray: there is no X11 display.\n");
      return EXIT_FAILURE;
    }

  connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  if (connection == NULL)
    {
      g_printerr ("whis-xembed-tray: %s\n", error->message);
      return EXIT_FAILURE;
    }

  xembed_tray_run (argv[1], connection);

  return exit_status;
}
