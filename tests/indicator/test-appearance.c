/* SPDX-License-Identifier: MIT */
#include "appearance.h"

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define SETTINGS "org.freedesktop.portal.Settings"

static const char portal_xml[] =
    "<node><interface name='" SETTINGS "'>"
    "<method name='ReadAll'><arg type='as' direction='in'/>"
    "<arg type='a{sa{sv}}' direction='out'/></method>"
    "<signal name='SettingChanged'><arg type='s'/><arg type='s'/><arg type='v'/></signal>"
    "</interface></node>";

/* A bus with a portal whose answer a test chooses; without one, it does not know the method. */
typedef struct
{
  GTestDBus *daemon;
  GDBusConnection *bus;
  const char *answer; /* nullable, as text of a GVariant */
  WhisAppearance *appearance;
  guint n_asked;
  guint n_changed;
} Fixture;

static void
on_called (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *method,
           GVariant *parameters,
           GDBusMethodInvocation *invocation,
           gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  self->n_asked++;
  if (self->answer == NULL)
    {
      g_dbus_method_invocation_return_dbus_error (
          invocation, "org.freedesktop.DBus.Error.UnknownMethod", "There is no such method");
      return;
    }

  answer = g_variant_parse (G_VARIANT_TYPE ("a{sa{sv}}"), self->answer, NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@a{sa{sv}})", answer));
}

static void
on_changed (Fixture *self)
{
  self->n_changed++;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const GDBusInterfaceVTable vtable = { on_called, NULL, NULL, { 0 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (portal_xml, &error);
  g_autoptr (GVariant) reply = NULL;

  g_assert_no_error (error);
  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  self->bus =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->daemon),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (self->bus, PORTAL_PATH, node->interfaces[0], &vtable, self,
                                     NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", PORTAL, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->appearance);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
  g_test_dbus_down (self->daemon);
  g_clear_object (&self->daemon);
}

static void
await_changes (Fixture *self, guint n_changed)
{
  while (self->n_changed < n_changed)
    g_main_context_iteration (NULL, TRUE);
}

static void
create (Fixture *self, const char *answer)
{
  self->answer = answer;
  self->appearance = whis_appearance_new (self->bus);
  g_signal_connect_swapped (self->appearance, "changed", G_CALLBACK (on_changed), self);
}

static void
change (Fixture *self, const char *answer)
{
  guint n_changed = self->n_changed;

  self->answer = answer;
  g_dbus_connection_emit_signal (
      self->bus, NULL, PORTAL_PATH, SETTINGS, "SettingChanged",
      g_variant_new ("(ssv)", "org.freedesktop.appearance", "contrast", g_variant_new_uint32 (1)),
      NULL);
  await_changes (self, n_changed + 1);
}

static void
test_read (Fixture *self, gconstpointer data)
{
  const WhisLook *look;

  create (self, "{'org.freedesktop.appearance':"
                "  {'color-scheme': <uint32 2>, 'contrast': <uint32 1>},"
                " 'org.gnome.desktop.interface':"
                "  {'font-name': <'Cantarell 12'>, 'enable-animations': <false>}}");
  look = whis_appearance_get_look (self->appearance);
  g_assert_false (look->is_light);
  await_changes (self, 1);
  look = whis_appearance_get_look (self->appearance);
  g_assert_true (look->is_light);
  g_assert_true (look->is_high_contrast);
  g_assert_true (look->reduces_motion);
  g_assert_cmpstr (look->font, ==, "Cantarell 12");
}

static void
test_changes (Fixture *self, gconstpointer data)
{
  create (self, "{'org.freedesktop.appearance': {'color-scheme': <uint32 2>},"
                " 'org.gnome.desktop.interface': {'font-name': <'Cantarell 12'>}}");
  await_changes (self, 1);
  change (self, "{'org.freedesktop.appearance': {'color-scheme': <uint32 1>}}");
  g_assert_false (whis_appearance_get_look (self->appearance)->is_light);
  g_assert_null (whis_appearance_get_look (self->appearance)->font);
  /* No preference is dark, too. */
  change (self, "{'org.freedesktop.appearance': {'color-scheme': <uint32 0>}}");
  g_assert_false (whis_appearance_get_look (self->appearance)->is_light);
  change (self, "{}");
  g_assert_false (whis_appearance_get_look (self->appearance)->is_high_contrast);
}

/* What newer desktops say counts, whatever GNOME's own setting is. */
static void
test_motion (Fixture *self, gconstpointer data)
{
  create (self, "{}");
  await_changes (self, 1);
  g_assert_false (whis_appearance_get_look (self->appearance)->reduces_motion);
  change (self, "{'org.freedesktop.appearance': {'reduced-motion': <uint32 1>},"
                " 'org.gnome.desktop.interface': {'enable-animations': <true>}}");
  g_assert_true (whis_appearance_get_look (self->appearance)->reduces_motion);
  change (self, "{'org.freedesktop.appearance': {'reduced-motion': <uint32 0>},"
                " 'org.gnome.desktop.interface': {'enable-animations': <false>}}");
  g_assert_false (whis_appearance_get_look (self->appearance)->reduces_motion);
}

/* Values of other types are as none. */
static void
test_strange (Fixture *self, gconstpointer data)
{
  create (self, "{'org.freedesktop.appearance': {'color-scheme': <'light'>, 'contrast': <true>},"
                " 'org.gnome.desktop.interface': {'font-name': <1>, 'enable-animations': <'no'>}}");
  await_changes (self, 1);
  g_assert_false (whis_appearance_get_look (self->appearance)->is_light);
  g_assert_false (whis_appearance_get_look (self->appearance)->is_high_contrast);
  g_assert_false (whis_appearance_get_look (self->appearance)->reduces_motion);
  g_assert_null (whis_appearance_get_look (self->appearance)->font);
}

/* A desktop that does not answer now may do so later. */
static void
test_no_answer (Fixture *self, gconstpointer data)
{
  create (self, NULL);
  while (self->n_asked == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (whis_appearance_get_look (self->appearance)->is_light);
  change (self, "{'org.freedesktop.appearance': {'color-scheme': <uint32 2>}}");
  g_assert_true (whis_appearance_get_look (self->appearance)->is_light);
  g_assert_cmpuint (self->n_changed, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/appearance/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("read", test_read);
  ADD ("changes", test_changes);
  ADD ("motion", test_motion);
  ADD ("strange", test_strange);
  ADD ("no-answer", test_no_answer);
#undef ADD

  return g_test_run ();
}
