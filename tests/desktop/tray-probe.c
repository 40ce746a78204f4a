/* SPDX-License-Identifier: MIT */
#include <glib-unix.h>

#include "tray.h"

/*
 * A program with nothing but a tray icon, for looking at it in a real panel. It writes the name of
 * every action that is activated on standard output. A toggle goes round the four states.
 */

static const char *const states[] = { "idle", "recording", "transcribing", "failed" };

typedef struct
{
  GMainLoop *loop;
  WhisTray *tray;
  GMenu *menu;
  guint state;
} Probe;

static void
show_state (Probe *probe)
{
  g_autofree char *icon = g_strdup_printf ("%s-%s-symbolic", WHIS_APP_ID, states[probe->state]);

  whis_tray_set_icon_name (probe->tray, icon);
  whis_tray_set_tooltip (probe->tray, "Whis", states[probe->state]);
  g_menu_remove (probe->menu, 0);
  g_menu_insert (probe->menu, 0, probe->state == 1 ? "_Stop" : "_Start", "app.toggle");
}

static void
activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  Probe *probe = user_data;
  const char *name = g_action_get_name (G_ACTION (action));

  g_print ("%s\n", name);
  if (g_str_equal (name, "quit"))
    g_main_loop_quit (probe->loop);
  else if (g_str_equal (name, "toggle"))
    {
      probe->state = (probe->state + 1) % G_N_ELEMENTS (states);
      show_state (probe);
    }
}

static void
hosted_changed (WhisTray *tray)
{
  g_print ("%s\n", whis_tray_get_hosted (tray) ? "hosted" : "not hosted");
}

static gboolean
quit (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

static void
fill_menu (GMenu *menu)
{
  g_autoptr (GMenu) rest = g_menu_new ();

  g_menu_append (menu, "_Start", "app.toggle");
  g_menu_append (menu, "_Cancel", "app.cancel");
  g_menu_append (rest, "_Preferences", "app.preferences");
  g_menu_append (rest, "_Quit", "app.quit");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (rest));
}

int
main (int argc, char *argv[])
{
  const GActionEntry entries[] = {
    { .name = "toggle", .activate = activated },
    { .name = "cancel", .activate = activated },
    { .name = "preferences", .activate = activated },
    { .name = "quit", .activate = activated },
  };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (WhisTray) tray = NULL;
  Probe probe = { .loop = loop, .menu = menu };
  GAction *cancel;

  g_return_val_if_fail (bus != NULL, 1);

  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), &probe);
  cancel = g_action_map_lookup_action (G_ACTION_MAP (actions), "cancel");
  g_simple_action_set_enabled (G_SIMPLE_ACTION (cancel), FALSE);
  fill_menu (menu);

  tray = whis_tray_new (bus, G_MENU_MODEL (menu), G_ACTION_GROUP (actions), "app.toggle");
  whis_tray_set_icon_theme_path (tray, argc > 1 ? argv[1] : "");
  whis_tray_set_title (tray, "Whis");
  g_signal_connect (tray, "notify::hosted", G_CALLBACK (hosted_changed), NULL);
  probe.tray = tray;
  show_state (&probe);

  g_unix_signal_add (SIGTERM, quit, loop);
  g_main_loop_run (loop);

  return 0;
}
