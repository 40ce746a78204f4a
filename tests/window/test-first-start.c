/* SPDX-License-Identifier: MIT */
/* What the window offers to somebody who has no shortcut, or has the extension switched off. */
#include "home-fixture.h"

#define SHELL_NAME "org.gnome.Shell"

typedef struct
{
  Home home;
  GSettings *settings;
  GtkWidget *offer;
  GtkWidget *shell_offer;
  GDBusConnection *bus; /* of a Shell, NULL without one */
  guint name;
  guint object;
  double state;     /* of the extension */
  gboolean refuses; /* to switch it on */
  guint n_switched_on;
  guint n_asked; /* for what is known of it */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer session)
{
  g_setenv ("WHIS_MOCK_SHORTCUTS", session != NULL ? session : "", TRUE);
  fixture->settings = g_settings_new (WHIS_APP_ID);
  home_set_up (&fixture->home, NULL);
  fixture->offer = mock_child (fixture->home.window, "shortcut_offer");
  fixture->shell_offer = mock_child (fixture->home.window, "shell_offer");
}

static void
tear_down (Fixture *fixture, gconstpointer session)
{
  home_tear_down (&fixture->home, NULL);
  if (fixture->bus != NULL)
    {
      g_bus_unown_name (fixture->name);
      g_dbus_connection_unregister_object (fixture->bus, fixture->object);
    }
  g_clear_object (&fixture->bus);
  g_settings_reset (fixture->settings, "offer-shortcut");
  g_settings_reset (fixture->settings, "offer-shell-extension");
  g_clear_object (&fixture->settings);
  g_unsetenv ("WHIS_MOCK_SHORTCUTS");
}

static gboolean
is_visible (gpointer widget)
{
  return gtk_widget_get_visible (widget);
}

static gboolean
offers (Fixture *fixture, const char *name)
{
  return is_visible (fixture->offer) && is_visible (mock_child (fixture->offer, name));
}

static void
activate (gpointer parent, const char *name)
{
  g_signal_emit_by_name (mock_child (parent, name), "clicked");
}

static const char *
subtitle (Fixture *fixture, const char *name)
{
  return adw_action_row_get_subtitle (mock_child (fixture->offer, name));
}

/* The key stands there before anything is bound; bound, there is nothing to offer. */
static void
test_suggestion (Fixture *fixture, gconstpointer session)
{
  AWAIT (offers (fixture, "suggestion"));
  g_assert_cmpstr (gtk_shortcut_label_get_accelerator (mock_child (fixture->offer, "keys")), ==,
                   "<Super><Alt>d");
  g_assert_false (offers (fixture, "lines"));
  g_assert_false (offers (fixture, "problem"));
  g_assert_false (mock_was_called ("Shortcuts.Bind {'toggle': '<Super><Alt>d'}"));
  activate (fixture->offer, "use");
  AWAIT (mock_was_called ("Shortcuts.Bind {'toggle': '<Super><Alt>d'}"));
  AWAIT (!is_visible (fixture->offer));
  g_assert_true (g_settings_get_boolean (fixture->settings, "offer-shortcut"));
}

/* A refusal is told, and the offer stays. */
static void
test_refused (Fixture *fixture, gconstpointer session)
{
  AWAIT (offers (fixture, "suggestion"));
  mock_fail_next ("Shortcuts.Bind", "Failed", "The desktop refused it.");
  activate (fixture->offer, "use");
  g_assert_false (gtk_widget_get_sensitive (mock_child (fixture->offer, "use")));
  AWAIT (gtk_widget_get_sensitive (mock_child (fixture->offer, "use")));
  g_assert_true (offers (fixture, "suggestion"));
}

static void
test_not_now (Fixture *fixture, gconstpointer session)
{
  AWAIT (offers (fixture, "suggestion"));
  g_signal_emit_by_name (mock_find_button (fixture->offer, "_Not Now"), "clicked");
  g_assert_false (is_visible (fixture->offer));
  g_assert_false (g_settings_get_boolean (fixture->settings, "offer-shortcut"));
  g_settings_reset (fixture->settings, "offer-shortcut");
  g_assert_true (is_visible (fixture->offer));
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
assert_copies (Fixture *fixture, const char *expected)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (fixture->offer);
  g_autofree char *text = NULL;

  g_signal_emit_by_name (mock_find_button (mock_child (fixture->offer, "lines"), "Copy"),
                         "clicked");
  AWAIT (gdk_clipboard_is_local (clipboard));
  gdk_clipboard_read_text_async (clipboard, NULL, pasted_cb, &text);
  AWAIT (text != NULL);
  g_assert_cmpstr (text, ==, expected);
}

/* Where the configuration alone binds shortcuts, the whole line stands there. */
static void
test_line (Fixture *fixture, gconstpointer session)
{
  AWAIT (offers (fixture, "lines"));
  g_assert_false (offers (fixture, "suggestion"));
  g_assert_cmpstr (subtitle (fixture, "lines"), ==,
                   "They belong into ~/.config/sway/config\nbindsym F9 exec whis toggle");
  assert_copies (fixture, "bindsym F9 exec whis toggle\n");
}

static void
test_command (Fixture *fixture, gconstpointer session)
{
  AWAIT (offers (fixture, "lines"));
  g_assert_false (offers (fixture, "suggestion"));
  g_assert_true (g_str_has_suffix (subtitle (fixture, "lines"), "\nwhis shortcut tap toggle"));
  assert_copies (fixture, "whis shortcut tap toggle");
}

/* Without an icon the window says how to get at Whis. */
static void
test_no_tray (Fixture *fixture, gconstpointer session)
{
  AWAIT (is_visible (fixture->offer));
  g_assert_false (offers (fixture, "no_tray"));
  mock_set ("Tray", g_variant_new_boolean (FALSE));
  AWAIT (offers (fixture, "no_tray"));
  g_assert_nonnull (strstr (subtitle (fixture, "no_tray"), "whis toggle"));
  mock_set ("Tray", g_variant_new_boolean (TRUE));
  AWAIT (!offers (fixture, "no_tray"));
}

/* --- GNOME Shell ------------------------------------------------------------------------------ */

static const char shell_xml[] = "<node><interface name='org.gnome.Shell.Extensions'>"
                                "<method name='GetExtensionInfo'><arg type='s' direction='in'/>"
                                "<arg type='a{sv}' direction='out'/></method>"
                                "<method name='EnableExtension'><arg type='s' direction='in'/>"
                                "<arg type='b' direction='out'/></method></interface></node>";

static void
shell_call_cb (GDBusConnection *connection,
               const char *sender,
               const char *path,
               const char *interface,
               const char *method,
               GVariant *parameters,
               GDBusMethodInvocation *invocation,
               gpointer user_data)
{
  Fixture *fixture = user_data;
  const char *uuid;
  GVariantDict description;

  g_variant_get (parameters, "(&s)", &uuid);
  g_assert_cmpstr (uuid, ==, "whis@whis-gtk.github.io");
  if (g_str_equal (method, "EnableExtension"))
    {
      fixture->n_switched_on++;
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(b)", !fixture->refuses));
      return;
    }

  fixture->n_asked++;
  g_variant_dict_init (&description, NULL);
  if (fixture->state > 0)
    g_variant_dict_insert (&description, "state", "d", fixture->state);
  g_dbus_method_invocation_return_value (
      invocation, g_variant_new ("(@a{sv})", g_variant_dict_end (&description)));
}

static void
name_acquired_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
start_shell (Fixture *fixture, double state)
{
  static const GDBusInterfaceVTable table = { .method_call = shell_call_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (shell_xml, NULL);
  gboolean acquired = FALSE;

  fixture->state = state;
  fixture->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  fixture->object = g_dbus_connection_register_object (
      fixture->bus, "/org/gnome/Shell", node->interfaces[0], &table, fixture, NULL, NULL);
  fixture->name =
      g_bus_own_name_on_connection (fixture->bus, SHELL_NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
                                    name_acquired_cb, NULL, &acquired, NULL);
  AWAIT (acquired);
}

/* Nothing but the button switches it on, and it is offered once. */
static void
test_extension (Fixture *fixture, gconstpointer session)
{
  g_assert_false (is_visible (fixture->shell_offer));
  start_shell (fixture, 2);
  AWAIT (is_visible (fixture->shell_offer));
  g_assert_cmpuint (fixture->n_switched_on, ==, 0);
  activate (fixture->shell_offer, "switch_on");
  AWAIT (!is_visible (fixture->shell_offer));
  g_assert_cmpuint (fixture->n_switched_on, ==, 1);
  g_assert_false (g_settings_get_boolean (fixture->settings, "offer-shell-extension"));
}

static void
test_extension_refused (Fixture *fixture, gconstpointer session)
{
  fixture->refuses = TRUE;
  start_shell (fixture, 6);
  AWAIT (is_visible (fixture->shell_offer));
  activate (fixture->shell_offer, "switch_on");
  AWAIT (fixture->n_switched_on == 1);
  AWAIT (gtk_widget_get_sensitive (mock_child (fixture->shell_offer, "switch_on")));
  g_assert_true (is_visible (fixture->shell_offer));
}

static void
test_extension_not_now (Fixture *fixture, gconstpointer session)
{
  start_shell (fixture, 2);
  AWAIT (is_visible (fixture->shell_offer));
  g_signal_emit_by_name (mock_find_button (fixture->shell_offer, "_Not Now"), "clicked");
  g_assert_false (is_visible (fixture->shell_offer));
  g_assert_cmpuint (fixture->n_switched_on, ==, 0);
  g_assert_false (g_settings_get_boolean (fixture->settings, "offer-shell-extension"));
}

/* A Shell that has it switched on, does not know it, or goes. */
static void
test_extension_needless (Fixture *fixture, gconstpointer session)
{
  static const double states[] = { 1, 0, 99 };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      start_shell (fixture, states[i]);
      AWAIT (fixture->n_asked == i + 1);
      /* What the service tells then comes after the answer of the Shell. */
      home_set_state (&fixture->home, "recording");
      home_set_state (&fixture->home, "idle");
      g_assert_false (is_visible (fixture->shell_offer));
      g_bus_unown_name (fixture->name);
      g_dbus_connection_unregister_object (fixture->bus, fixture->object);
      g_clear_object (&fixture->bus);
    }

  start_shell (fixture, 2);
  AWAIT (is_visible (fixture->shell_offer));
  g_bus_unown_name (fixture->name);
  fixture->name = 0;
  AWAIT (!is_visible (fixture->shell_offer));
  g_dbus_connection_unregister_object (fixture->bus, fixture->object);
  g_clear_object (&fixture->bus);
}

#define ADD(path, session, function)                                                               \
  g_test_add ("/window/first-start/" path, Fixture, session, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("suggestion", NULL, test_suggestion);
  ADD ("refused", NULL, test_refused);
  ADD ("not-now", NULL, test_not_now);
  ADD ("line", "line", test_line);
  ADD ("command", "none", test_command);
  ADD ("no-tray", NULL, test_no_tray);
  ADD ("extension", NULL, test_extension);
  ADD ("extension/refused", NULL, test_extension_refused);
  ADD ("extension/not-now", NULL, test_extension_not_now);
  ADD ("extension/needless", NULL, test_extension_needless);

  return g_test_run ();
}
