/* SPDX-License-Identifier: MIT */
#include "remote-item.h"

#include <string.h>

static const char item_xml[] =
    "<node><interface name='org.kde.StatusNotifierItem'>"
    "<method name='Activate'><arg type='i' direction='in'/><arg type='i' direction='in'/></method>"
    "<property name='IconName' type='s' access='read'/>"
    "<property name='Title' type='s' access='read'/>"
    "<property name='Menu' type='o' access='read'/>"
    "<property name='ToolTip' type='(sa(iiay)ss)' access='read'/>"
    "</interface></node>";

/* A service with an item, which the test changes, and a client of it. */
typedef struct
{
  GTestDBus *daemon;
  GDBusConnection *theirs;
  GDBusConnection *ours;
  GDBusNodeInfo *node;
  const char *icon_name;
  const char *tooltip; /* as text; NULL for none */
  gboolean has_menu;
  guint n_activated;
  guint n_changed;
} Fixture;

static GDBusConnection *
connect_bus (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->daemon),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);

  g_assert_no_error (error);

  return bus;
}

static void
on_call (GDBusConnection *bus,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *arguments,
         GDBusMethodInvocation *invocation,
         gpointer data)
{
  Fixture *self = data;

  g_assert_cmpstr (method, ==, "Activate");
  self->n_activated++;
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static GVariant *
on_get (GDBusConnection *bus,
        const char *sender,
        const char *path,
        const char *interface,
        const char *property,
        GError **error,
        gpointer data)
{
  Fixture *self = data;

  if (g_str_equal (property, "IconName"))
    return g_variant_new_string (self->icon_name);
  if (g_str_equal (property, "Title"))
    return g_variant_new_string ("Whis");
  if (g_str_equal (property, "Menu") && self->has_menu)
    return g_variant_new_object_path ("/Menu");
  if (g_str_equal (property, "ToolTip") && self->tooltip != NULL)
    return g_variant_new_parsed (self->tooltip);
  g_set_error_literal (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_PROPERTY, "there is none");

  return NULL;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const GDBusInterfaceVTable table = { on_call, on_get, NULL };
  g_autoptr (GError) error = NULL;

  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  self->theirs = connect_bus (self);
  self->ours = connect_bus (self);
  self->node = g_dbus_node_info_new_for_xml (item_xml, &error);
  g_assert_no_error (error);
  self->icon_name = "whis-idle";
  self->has_menu = TRUE;
  g_dbus_connection_register_object (self->theirs, "/StatusNotifierItem", self->node->interfaces[0],
                                     &table, self, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_dbus_connection_close_sync (self->ours, NULL, NULL);
  g_dbus_connection_close_sync (self->theirs, NULL, NULL);
  g_clear_object (&self->ours);
  g_clear_object (&self->theirs);
  g_dbus_node_info_unref (self->node);
  g_test_dbus_down (self->daemon);
  g_clear_object (&self->daemon);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static WhisRemoteItem *
find_item (Fixture *self, const char *name, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_remote_item_new_async (self->ours, name, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_remote_item_new_finish (result, error);
}

static WhisRemoteItem *
get_item (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  WhisRemoteItem *item = find_item (self, g_dbus_connection_get_unique_name (self->theirs), &error);

  g_assert_no_error (error);

  return item;
}

static void
test_strings (Fixture *self, gconstpointer data)
{
  g_autoptr (WhisRemoteItem) item = get_item (self);
  g_autofree char *icon = whis_remote_item_get_string (item, "IconName");
  g_autofree char *title = whis_remote_item_get_string (item, "Title");
  g_autofree char *none = whis_remote_item_get_string (item, "IconThemePath");
  g_autofree char *other_type = whis_remote_item_get_string (item, "Menu");

  g_assert_cmpstr (icon, ==, "whis-idle");
  g_assert_cmpstr (title, ==, "Whis");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (other_type, ==, "");
  g_assert_nonnull (whis_remote_item_get_menu (item));
  g_assert_nonnull (whis_remote_item_get_actions (item));
}

/* The title is text and the rest is markup: what was dictated is drawn and not obeyed. */
static void
test_tooltip (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *tooltip;
    const char *markup;
  } cases[] = {
    { "('', @a(iiay) [], 'Whis', '')", "Whis" },
    { "('', @a(iiay) [], 'a < b & c', '')", "a &lt; b &amp; c" },
    { "('', @a(iiay) [], 'Whis', 'first &amp; second')", "Whis\nfirst &amp; second" },
    { "('', @a(iiay) [], '', 'alone')", "\nalone" },
    { NULL, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisRemoteItem) item = NULL;
      g_autofree char *markup = NULL;

      self->tooltip = cases[i].tooltip;
      item = get_item (self);
      markup = whis_remote_item_get_tooltip (item);
      g_assert_cmpstr (markup, ==, cases[i].markup);
    }
}

static void
on_changed (Fixture *self)
{
  self->n_changed++;
}

static void
test_changes (Fixture *self, gconstpointer data)
{
  g_autoptr (WhisRemoteItem) item = get_item (self);
  g_autofree char *icon = NULL;

  g_signal_connect_swapped (item, "changed", G_CALLBACK (on_changed), self);
  g_dbus_connection_emit_signal (
      self->theirs, NULL, "/StatusNotifierItem", "org.freedesktop.DBus.Properties",
      "PropertiesChanged",
      g_variant_new_parsed ("('org.kde.StatusNotifierItem', {'IconName': <'whis-recording'>}, "
                            "@as [])"),
      NULL);
  while (self->n_changed == 0)
    g_main_context_iteration (NULL, TRUE);
  icon = whis_remote_item_get_string (item, "IconName");
  g_assert_cmpstr (icon, ==, "whis-recording");
}

static void
test_activate (Fixture *self, gconstpointer data)
{
  g_autoptr (WhisRemoteItem) item = get_item (self);

  whis_remote_item_activate (item);
  while (self->n_activated == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_activated, ==, 1);
}

/* A name that nobody has, and a program that has no menu: there is no icon to draw. */
static void
test_no_item (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (find_item (self, ":1.999", &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (find_item (self, g_dbus_connection_get_unique_name (self->ours), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  self->has_menu = FALSE;
  g_assert_null (find_item (self, g_dbus_connection_get_unique_name (self->theirs), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/remote-item/strings", test_strings);
  ADD ("/remote-item/tooltip", test_tooltip);
  ADD ("/remote-item/changes", test_changes);
  ADD ("/remote-item/activate", test_activate);
  ADD ("/remote-item/no-item", test_no_item);

  return g_test_run ();
}
