/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "fake-input-protocol.h"
#include "kglobalaccel-shortcuts.h"
#include "portal-shortcuts.h"
#include "wayland-connection.h"

/*
 * A program that has bound one shortcut, Super+H, for looking at it on a real desktop: its argument
 * is the backend, `kglobalaccel` or `portal`. It writes what is pressed and released, and what is
 * bound, to standard output. It reads commands from standard input: `escape on`, `escape off`, and,
 * where KWin lets it press keys, `down CODE` and `up CODE` with the numbers of the kernel.
 */

typedef struct
{
  GMainLoop *loop;
  GDBusConnection *bus;
  WhisShortcutBackend *backend;
  WhisWaylandConnection *wayland;
  struct org_kde_kwin_fake_input *keys;
} Probe;

static void
say (const char *text)
{
  printf ("%s\n", text);
  fflush (stdout);
}

static void
on_pressed (WhisShortcutBackend *backend, WhisShortcutAction action)
{
  printf ("+%s\n", whis_shortcut_action_get_nick (action));
  fflush (stdout);
}

static void
on_released (WhisShortcutBackend *backend, WhisShortcutAction action)
{
  printf ("-%s\n", whis_shortcut_action_get_nick (action));
  fflush (stdout);
}

static void
on_lost (WhisShortcutBackend *backend, gboolean returns)
{
  say (returns ? "lost" : "gone");
}

static void
on_changed (WhisShortcutBackend *backend)
{
  g_autofree char *trigger =
      whis_shortcut_backend_dup_trigger (backend, WHIS_SHORTCUT_ACTION_TOGGLE);

  printf ("trigger %s\n", trigger != NULL ? trigger : "none");
  fflush (stdout);
}

static void
on_bound (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WhisShortcutBackend *backend = WHIS_SHORTCUT_BACKEND (source);
  g_autoptr (GError) error = NULL;
  const char *problem;

  if (!whis_shortcut_backend_bind_finish (backend, result, &error))
    {
      printf ("error %s\n", error->message);
      fflush (stdout);
      return;
    }
  problem = whis_shortcut_backend_get_problem (backend);
  printf ("bound %s\n", problem != NULL ? problem : "");
  fflush (stdout);
}

static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const WhisShortcutBinding binding = { WHIS_SHORTCUT_ACTION_TOGGLE,
                                        { WHIS_SHORTCUT_SUPER, 'h', 0 } };
  WhisShortcutBackend *backend = WHIS_SHORTCUT_BACKEND (source);
  g_autoptr (GError) error = NULL;

  if (!whis_shortcut_backend_probe_finish (backend, result, &error))
    say ("not offered");
  else
    whis_shortcut_backend_bind_async (backend, &binding, 1, NULL, on_bound, NULL);
}

static void
probe_press (Probe *probe, const char *code, guint state)
{
  if (probe->keys == NULL)
    {
      say ("no keys");
      return;
    }
  org_kde_kwin_fake_input_keyboard_key (probe->keys, (guint32) g_ascii_strtoull (code, NULL, 10),
                                        state);
  whis_wayland_connection_flush (probe->wayland);
}

/* The answer to this comes after what was asked for before. Qt answers the methods of every object
 * by a thread of its own, and these by that which binds keys. */
static void
on_components_told (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GVariant *answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  say (answer != NULL ? "escape" : "no answer");
  g_clear_pointer (&answer, g_variant_unref);
}

static void
probe_set_escape (Probe *probe, gboolean bound)
{
  whis_shortcut_backend_set_cancel (probe->backend, bound);
  g_dbus_connection_call (probe->bus, "org.kde.kglobalaccel", "/kglobalaccel",
                          "org.kde.KGlobalAccel", "allComponents", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_components_told, NULL);
}

static gboolean
on_command (GIOChannel *channel, GIOCondition condition, gpointer user_data)
{
  Probe *probe = user_data;
  g_autofree char *line = NULL;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
    {
      g_main_loop_quit (probe->loop);
      return G_SOURCE_REMOVE;
    }

  g_strchomp (line);
  if (g_str_has_prefix (line, "down "))
    probe_press (probe, line + strlen ("down "), 1);
  else if (g_str_has_prefix (line, "up "))
    probe_press (probe, line + strlen ("up "), 0);
  else if (g_str_has_prefix (line, "escape "))
    probe_set_escape (probe, g_str_equal (line, "escape on"));

  return G_SOURCE_CONTINUE;
}

static void
on_wayland (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Probe *probe = user_data;

  probe->wayland = whis_wayland_connection_open_finish (result, NULL);
  if (probe->wayland != NULL)
    probe->keys =
        whis_wayland_connection_bind (probe->wayland, &org_kde_kwin_fake_input_interface, 4);
  if (probe->keys != NULL)
    {
      org_kde_kwin_fake_input_authenticate (probe->keys, "Whis", "test");
      whis_wayland_connection_flush (probe->wayland);
    }
  say (probe->keys != NULL ? "keys" : "no keys");
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (WhisShortcutBackend) backend = NULL;
  g_autoptr (GIOChannel) commands = g_io_channel_unix_new (0);
  Probe probe = { .loop = loop, .bus = bus };

  if (bus == NULL || argc != 2)
    return 2;
  backend = g_str_equal (argv[1], "portal")
                ? WHIS_SHORTCUT_BACKEND (whis_portal_shortcuts_new (NULL))
                : WHIS_SHORTCUT_BACKEND (whis_kglobalaccel_shortcuts_new (bus));
  probe.backend = backend;
  g_signal_connect (backend, "pressed", G_CALLBACK (on_pressed), NULL);
  g_signal_connect (backend, "released", G_CALLBACK (on_released), NULL);
  g_signal_connect (backend, "lost", G_CALLBACK (on_lost), NULL);
  g_signal_connect (backend, "changed", G_CALLBACK (on_changed), NULL);
  g_io_add_watch (commands, G_IO_IN | G_IO_HUP, on_command, &probe);
  whis_wayland_connection_open_async (g_getenv ("WAYLAND_DISPLAY"), NULL, on_wayland, &probe);
  whis_shortcut_backend_probe_async (backend, NULL, on_probed, NULL);
  g_main_loop_run (loop);

  return 0;
}
