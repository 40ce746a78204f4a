/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "backend-log.h"
#include "bus.h"
#include "portal-shortcuts.h"

#define PORTAL "org.freedesktop.portal.Desktop"
#define PATH "/org/freedesktop/portal/desktop"
#define SHORTCUTS "org.freedesktop.portal.GlobalShortcuts"

static const char interfaces[] =
    "<node>"
    "  <interface name='org.freedesktop.host.portal.Registry'>"
    "    <method name='Register'>"
    "      <arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>"
    "    </method>"
    "  </interface>"
    "  <interface name='org.freedesktop.portal.GlobalShortcuts'>"
    "    <method name='CreateSession'>"
    "      <arg type='a{sv}' direction='in'/><arg type='o' direction='out'/>"
    "    </method>"
    "    <method name='BindShortcuts'>"
    "      <arg type='o' direction='in'/><arg type='a(sa{sv})' direction='in'/>"
    "      <arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>"
    "      <arg type='o' direction='out'/>"
    "    </method>"
    "    <method name='ListShortcuts'>"
    "      <arg type='o' direction='in'/><arg type='a{sv}' direction='in'/>"
    "      <arg type='o' direction='out'/>"
    "    </method>"
    "    <property name='version' type='u' access='read'/>"
    "  </interface>"
    "</node>";

/* The portal as GNOME 48 and KDE 6 have it; with `binds_at_once` as KDE 5.27. */
typedef struct
{
  Bus bus;
  guint registrations[2];
  guint32 version;
  gboolean refuses;
  const char *silent; /* the method with a dialog that nobody answers; nullable */
  gboolean binds_at_once;
  gboolean is_bound;
  char *session;
  GString *calls;
  WhisShortcutBackend *backend;
  GString *log;
} Portal;

static char *
get_request_path (GDBusMethodInvocation *invocation, GVariant *options)
{
  g_autofree char *sender = g_strdup (g_dbus_method_invocation_get_sender (invocation) + 1);
  const char *token = NULL;

  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  g_strdelimit (sender, ".", '_');

  return g_strconcat (PATH "/request/", sender, "/", token, NULL);
}

static GVariant *
list_shortcuts (Portal *portal, gboolean with_triggers)
{
  return g_variant_new_parsed (
      with_triggers ? "[('toggle', {'trigger_description': <'Press Super+H'>, 'description': "
                      "<'Dictate'>})]"
                    : "@a(sa{sv}) []");
}

static void
respond (Portal *portal,
         GDBusMethodInvocation *invocation,
         GVariant *options,
         GVariantDict *results)
{
  g_autofree char *path = get_request_path (invocation, options);
  guint32 response = portal->refuses
                             && g_str_equal (g_dbus_method_invocation_get_method_name (invocation),
                                             "BindShortcuts")
                         ? 1
                         : 0;

  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", path));
  if (g_strcmp0 (portal->silent, g_dbus_method_invocation_get_method_name (invocation)) == 0)
    return;
  g_dbus_connection_emit_signal (
      portal->bus.theirs, NULL, path, "org.freedesktop.portal.Request", "Response",
      g_variant_new ("(u@a{sv})", response, g_variant_dict_end (results)), NULL);
}

static void
on_call (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  Portal *portal = user_data;
  gsize n = g_variant_n_children (parameters);
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, n - 1);
  g_autofree char *printed = NULL;
  GVariantDict results;

  g_string_append_printf (portal->calls, "%s ", method);
  if (g_str_equal (method, "Register"))
    {
      const char *id;

      g_variant_get_child (parameters, 0, "&s", &id);
      g_assert_cmpstr (id, ==, WHIS_APP_ID);
      g_dbus_method_invocation_return_value (invocation, NULL);
      return;
    }

  g_variant_dict_init (&results, NULL);
  if (g_str_equal (method, "CreateSession"))
    {
      const char *token = NULL;

      g_assert_true (g_variant_lookup (options, "session_handle_token", "&s", &token));
      g_free (portal->session);
      portal->session = g_strconcat (PATH "/session/1/", token, NULL);
      portal->is_bound = portal->binds_at_once;
      g_variant_dict_insert (&results, "session_handle", "s", portal->session);
    }
  else
    {
      if (g_str_equal (method, "BindShortcuts"))
        {
          g_autoptr (GVariant) shortcuts = g_variant_get_child_value (parameters, 1);

          printed = g_variant_print (shortcuts, FALSE);
          g_assert_cmpstr (printed, ==,
                           "[('toggle', {'description': <'Dictate'>, 'preferred_trigger': "
                           "<'LOGO+h'>})]");
          portal->is_bound = TRUE;
        }
      g_variant_dict_insert_value (&results, "shortcuts",
                                   list_shortcuts (portal, portal->is_bound));
    }
  respond (portal, invocation, options, &results);
}

static GVariant *
get_version (GDBusConnection *connection,
             const char *sender,
             const char *path,
             const char *interface,
             const char *property,
             GError **error,
             gpointer user_data)
{
  return g_variant_new_uint32 (((Portal *) user_data)->version);
}

static void
on_refused (WhisShortcutBackend *backend, Portal *portal)
{
  g_string_append (portal->log, "no ");
}

static void
setup (Portal *portal, gconstpointer data)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call,
                                               .get_property = get_version };
  g_autoptr (GDBusNodeInfo) node = NULL;
  g_autoptr (GError) error = NULL;

  bus_set_up (&portal->bus, NULL);
  portal->version = 1;
  portal->calls = g_string_new (NULL);
  portal->log = g_string_new (NULL);
  node = g_dbus_node_info_new_for_xml (interfaces, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    portal->registrations[i] = g_dbus_connection_register_object (
        portal->bus.theirs, PATH, node->interfaces[i], &vtable, portal, NULL, &error);
  g_assert_no_error (error);
  bus_own_name (&portal->bus, PORTAL);

  portal->backend = WHIS_SHORTCUT_BACKEND (
      whis_portal_shortcuts_new (g_test_dbus_get_bus_address (portal->bus.daemon)));
  backend_log_connect (portal->log, portal->backend);
  g_signal_connect (portal->backend, "refused", G_CALLBACK (on_refused), portal);
}

static void
teardown (Portal *portal, gconstpointer data)
{
  g_assert_finalize_object (portal->backend);
  for (guint i = 0; i < 2; i++)
    g_dbus_connection_unregister_object (portal->bus.theirs, portal->registrations[i]);
  bus_tear_down (&portal->bus, NULL);
  g_string_free (portal->calls, TRUE);
  g_string_free (portal->log, TRUE);
  g_free (portal->session);
}

static void
did_finish (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
probe (Portal *portal, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_shortcut_backend_probe_async (portal->backend, NULL, did_finish, &result);
  bus_await (result != NULL);

  return whis_shortcut_backend_probe_finish (portal->backend, result, error);
}

static gboolean
bind (Portal *portal, GError **error)
{
  const WhisShortcutBinding binding = { WHIS_SHORTCUT_ACTION_TOGGLE,
                                        { WHIS_SHORTCUT_SUPER, 'h', 0 } };
  g_autoptr (GAsyncResult) result = NULL;

  whis_shortcut_backend_bind_async (portal->backend, &binding, 1, NULL, did_finish, &result);
  bus_await (result != NULL);

  return whis_shortcut_backend_bind_finish (portal->backend, result, error);
}

static void
emit (Portal *portal, const char *signal, const char *session, const char *id)
{
  g_dbus_connection_emit_signal (portal->bus.theirs, NULL, PATH, SHORTCUTS, signal,
                                 g_variant_new ("(osta{sv})", session, id, (guint64) 0, NULL),
                                 NULL);
}

static void
await_log (Portal *portal, const char *log)
{
  bus_await (portal->log->len >= strlen (log));
  g_assert_cmpstr (portal->log->str, ==, log);
  g_string_truncate (portal->log, 0);
}

/* The registry comes before all else, and the shortcuts are bound although none is listed. */
static void
test_bind (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (probe (portal, &error));
  g_assert_no_error (error);
  g_assert_true (bind (portal, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (portal->calls->str, ==, "Register CreateSession ListShortcuts BindShortcuts ");
  g_assert_null (whis_shortcut_backend_get_problem (portal->backend));
  await_log (portal, "[] [Press Super+H] ");

  emit (portal, "Activated", portal->session, "toggle");
  emit (portal, "Activated", portal->session, "toggle");
  emit (portal, "Activated", PATH "/session/1/other", "toggle");
  emit (portal, "Activated", portal->session, "dance");
  emit (portal, "Deactivated", portal->session, "toggle");
  await_log (portal, "+toggle +toggle -toggle ");
}

static void
test_version_2 (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  /* It lists what is stored, but that is dead until it is bound. */
  portal->version = 2;
  portal->binds_at_once = TRUE;
  g_assert_true (bind (portal, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (portal->calls->str, ==, "Register CreateSession BindShortcuts ");
}

/* KDE before 6.1 would open its settings at every start. */
static void
test_bound_at_once (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  portal->binds_at_once = TRUE;
  g_assert_true (bind (portal, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (portal->calls->str, ==, "Register CreateSession ListShortcuts ");
  await_log (portal, "[Press Super+H] ");
}

static void
test_refused (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  portal->refuses = TRUE;
  g_assert_false (bind (portal, &error));
  g_assert_error (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_REFUSED);
}

static void
test_no_portal (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  bus_release_name (&portal->bus, PORTAL);
  g_assert_false (probe (portal, &error));
  g_assert_error (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_NOT_OFFERED);
}

/* The user has chosen another key in the desktop's settings, or none. */
static void
test_changed (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bind (portal, &error));
  g_string_truncate (portal->log, 0);
  g_dbus_connection_emit_signal (
      portal->bus.theirs, NULL, PATH, SHORTCUTS, "ShortcutsChanged",
      g_variant_new_parsed ("(%o, [('toggle', {'trigger_description': <'F9'>})])", portal->session),
      NULL);
  await_log (portal, "[F9] ");
  g_dbus_connection_emit_signal (
      portal->bus.theirs, NULL, PATH, SHORTCUTS, "ShortcutsChanged",
      g_variant_new_parsed ("(%o, [('toggle', {'trigger_description': <''>})])", portal->session),
      NULL);
  await_log (portal, "[] ");
  g_assert_cmpstr (whis_shortcut_backend_get_problem (portal->backend), ==,
                   "The desktop names no key for “Dictate”; choose one in its settings.");
}

/* It is known again, in a new session, before anything else is called. */
static void
test_restart (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bind (portal, &error));
  g_string_truncate (portal->log, 0);
  g_string_truncate (portal->calls, 0);
  bus_release_name (&portal->bus, PORTAL);
  await_log (portal, "lost ");
  bus_own_name (&portal->bus, PORTAL);
  await_log (portal, "[] [Press Super+H] [Press Super+H] ");
  g_assert_cmpstr (portal->calls->str, ==, "Register CreateSession ListShortcuts BindShortcuts ");
  emit (portal, "Activated", portal->session, "toggle");
  await_log (portal, "+toggle ");
}

/* The part of the portal that belongs to the desktop has ended, and the session with it. */
static void
test_session_closed (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bind (portal, &error));
  g_string_truncate (portal->log, 0);
  g_dbus_connection_emit_signal (portal->bus.theirs, NULL, portal->session,
                                 "org.freedesktop.portal.Session", "Closed",
                                 g_variant_new_parsed ("(@a{sv} {},)"), NULL);
  await_log (portal, "lost ");
  bus_await (strstr (portal->log->str, "Super") != NULL);
  emit (portal, "Activated", portal->session, "toggle");
  bus_await (strstr (portal->log->str, "+toggle") != NULL);
}

/* It ends while it is asked. The user hears of it until it is back, and the key works then. */
static void
test_restart_meanwhile (Portal *portal, gconstpointer method)
{
  const WhisShortcutBinding binding = { WHIS_SHORTCUT_ACTION_TOGGLE,
                                        { WHIS_SHORTCUT_SUPER, 'h', 0 } };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  portal->silent = method;
  whis_shortcut_backend_bind_async (portal->backend, &binding, 1, NULL, did_finish, &result);
  bus_await (strstr (portal->calls->str, method) != NULL);
  bus_settle (&portal->bus);
  bus_release_name (&portal->bus, PORTAL);
  bus_await (result != NULL);
  g_assert_true (whis_shortcut_backend_bind_finish (portal->backend, result, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (whis_shortcut_backend_get_problem (portal->backend), "did not bind"));

  portal->silent = NULL;
  g_string_truncate (portal->calls, 0);
  bus_own_name (&portal->bus, PORTAL);
  bus_await (g_str_has_suffix (portal->log->str, "[Press Super+H] [Press Super+H] "));
  g_assert_cmpstr (portal->calls->str, ==, "Register CreateSession ListShortcuts BindShortcuts ");
  g_assert_null (whis_shortcut_backend_get_problem (portal->backend));
  g_string_truncate (portal->log, 0);
  emit (portal, "Activated", portal->session, "toggle");
  await_log (portal, "+toggle ");
}

/* Another portal takes the name over. */
static void
test_replaced (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GDBusConnection) other = bus_connect (&portal->bus);

  g_assert_true (bind (portal, &error));
  g_string_truncate (portal->log, 0);
  g_string_truncate (portal->calls, 0);
  /* The next in the queue has it as soon as it is released. */
  reply = g_dbus_connection_call_sync (
      other, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
      g_variant_new ("(su)", PORTAL, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  bus_release_name (&portal->bus, PORTAL);
  await_log (portal, "lost ");
  /* It has no shortcuts, as the portal of a desktop that is about to end. */
  bus_await (whis_shortcut_backend_get_problem (portal->backend) != NULL);
  g_assert_cmpstr (whis_shortcut_backend_get_problem (portal->backend), ==,
                   "The desktop has no portal for shortcuts.");
  g_assert_cmpstr (portal->calls->str, ==, "");
  g_dbus_connection_close_sync (other, NULL, NULL);
}

/* The user has said no: a portal that comes back is not asked again. */
static void
test_refused_and_restart (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  portal->refuses = TRUE;
  g_assert_false (bind (portal, &error));
  bus_settle (&portal->bus);
  g_string_truncate (portal->calls, 0);
  bus_release_name (&portal->bus, PORTAL);
  bus_own_name (&portal->bus, PORTAL);
  bus_settle (&portal->bus);
  g_assert_cmpstr (portal->calls->str, ==, "");
}

/* The user is asked anew by the portal that comes back, and says no: that is told, so that nobody
 * asks at the next start. */
static void
test_refused_after_restart (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bind (portal, &error));
  g_string_truncate (portal->log, 0);
  portal->refuses = TRUE;
  bus_release_name (&portal->bus, PORTAL);
  await_log (portal, "lost ");
  bus_own_name (&portal->bus, PORTAL);
  await_log (portal, "[] no [] ");
  g_assert_nonnull (strstr (whis_shortcut_backend_get_problem (portal->backend), "refused"));
  g_string_truncate (portal->calls, 0);
  bus_release_name (&portal->bus, PORTAL);
  bus_own_name (&portal->bus, PORTAL);
  bus_settle (&portal->bus);
  g_assert_cmpstr (portal->calls->str, ==, "");
}

static void
restart_and_wait (Portal *portal)
{
  bus_release_name (&portal->bus, PORTAL);
  await_log (portal, "lost ");
  bus_own_name (&portal->bus, PORTAL);
  await_log (portal, "[] [Press Super+H] [Press Super+H] ");
}

/* A portal that ends again and again is left to itself, and another way is sought. A key that
 * arrives says that it works. */
static void
test_left_alone (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bind (portal, &error));
  g_string_truncate (portal->log, 0);
  for (guint i = 0; i < 3; i++)
    restart_and_wait (portal);
  emit (portal, "Activated", portal->session, "toggle");
  await_log (portal, "+toggle ");
  for (guint i = 0; i < 5; i++)
    restart_and_wait (portal);
  bus_release_name (&portal->bus, PORTAL);
  await_log (portal, "gone ");
  bus_own_name (&portal->bus, PORTAL);
  g_assert_false (probe (portal, &error));
  g_assert_error (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_NOT_OFFERED);

  /* The user asks for it again. */
  g_clear_error (&error);
  g_assert_true (probe (portal, &error));
  g_assert_true (bind (portal, &error));
  g_assert_no_error (error);
}

static void
test_given_up (Portal *portal, gconstpointer data)
{
  const WhisShortcutBinding binding = { WHIS_SHORTCUT_ACTION_TOGGLE,
                                        { WHIS_SHORTCUT_SUPER, 'h', 0 } };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  portal->silent = "CreateSession";
  whis_shortcut_backend_bind_async (portal->backend, &binding, 1, cancellable, did_finish, &result);
  bus_await (portal->session != NULL);
  g_cancellable_cancel (cancellable);
  bus_await (result != NULL);
  g_assert_false (whis_shortcut_backend_bind_finish (portal->backend, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/portal-shortcuts/" path, Portal, NULL, setup, function, teardown)

  ADD ("bind", test_bind);
  ADD ("version-2", test_version_2);
  ADD ("bound-at-once", test_bound_at_once);
  ADD ("refused", test_refused);
  ADD ("no-portal", test_no_portal);
  ADD ("changed", test_changed);
  ADD ("restart", test_restart);
  ADD ("session-closed", test_session_closed);
  ADD ("replaced", test_replaced);
  ADD ("refused-and-restart", test_refused_and_restart);
  ADD ("refused-after-restart", test_refused_after_restart);
  ADD ("left-alone", test_left_alone);
  ADD ("given-up", test_given_up);
  g_test_add ("/portal-shortcuts/restart-before-session", Portal, "CreateSession", setup,
              test_restart_meanwhile, teardown);
  g_test_add ("/portal-shortcuts/restart-at-dialog", Portal, "BindShortcuts", setup,
              test_restart_meanwhile, teardown);

  return g_test_run ();
}
