/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "../desktop/bus.h"
#include "delivery-error.h"
#include "key-call.h"
#include "portal-keys.h"
#include "portal-request.h"

#define SESSION_PATH WHIS_PORTAL_PATH "/session/test"

static const char introspection[] =
    "<node><interface name='org.freedesktop.portal.RemoteDesktop'>"
    "<method name='CreateSession'><arg type='a{sv}' direction='in'/>"
    "<arg type='o' direction='out'/></method>"
    "<method name='SelectDevices'><arg type='o' direction='in'/><arg type='a{sv}' direction='in'/>"
    "<arg type='o' direction='out'/></method>"
    "<method name='Start'><arg type='o' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
    "<method name='NotifyKeyboardKeysym'><arg type='o' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
    "<arg type='u' direction='in'/></method>"
    "<property name='AvailableDeviceTypes' type='u' access='read'/>"
    "<property name='version' type='u' access='read'/>"
    "</interface></node>";

/* A portal that answers as a test says. */
typedef struct
{
  Bus bus;
  WhisPortalKeys *keys;
  GDBusNodeInfo *node;
  guint object;
  GString *log;
  guint types;
  guint version;
  guint granted;        /* devices */
  const char *token;    /* nullable, the next one */
  const char *refuse;   /* nullable, the method that is answered with @response */
  guint response;       /* of @refuse */
  const char *close_at; /* nullable, what of the log closes the session */
} Fixture;

static void
respond (Fixture *fixture, const char *path, const char *method)
{
  GVariantDict results;
  gboolean refused = g_strcmp0 (fixture->refuse, method) == 0;

  g_variant_dict_init (&results, NULL);
  if (g_str_equal (method, "CreateSession"))
    g_variant_dict_insert (&results, "session_handle", "s", SESSION_PATH);
  if (g_str_equal (method, "Start"))
    {
      g_variant_dict_insert (&results, "devices", "u", fixture->granted);
      if (fixture->token != NULL)
        g_variant_dict_insert (&results, "restore_token", "s", fixture->token);
    }
  g_dbus_connection_emit_signal (
      fixture->bus.theirs, NULL, path, "org.freedesktop.portal.Request", "Response",
      g_variant_new ("(u@a{sv})", refused ? fixture->response : 0, g_variant_dict_end (&results)),
      NULL);
}

static void
note_key (Fixture *fixture, GVariant *parameters)
{
  int keysym;
  guint state;

  g_variant_get (parameters, "(oa{sv}iu)", NULL, NULL, &keysym, &state);
  g_string_append_printf (fixture->log, "%c%x ", state ? '+' : '-', keysym);
}

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
  Fixture *fixture = user_data;
  g_autoptr (GVariant) options = NULL;
  g_autofree char *request = NULL;
  g_autofree char *name = g_strdup (sender + 1);
  const char *token = NULL;

  if (g_str_equal (method, "NotifyKeyboardKeysym"))
    {
      note_key (fixture, parameters);
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  else
    {
      options = g_variant_get_child_value (parameters, g_variant_n_children (parameters) - 1);
      g_string_append_printf (fixture->log, "%s", method);
      if (g_variant_lookup (options, "restore_token", "&s", &token))
        g_string_append_printf (fixture->log, ":%s", token);
      g_string_append_c (fixture->log, ' ');
      g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
      g_strdelimit (name, ".", '_');
      request = g_strconcat (WHIS_PORTAL_PATH "/request/", name, "/", token, NULL);
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", request));
      respond (fixture, request, method);
    }
  if (fixture->close_at != NULL && strstr (fixture->log->str, fixture->close_at) != NULL)
    g_dbus_connection_emit_signal (connection, NULL, SESSION_PATH, "org.freedesktop.portal.Session",
                                   "Closed", g_variant_new ("(a{sv})", NULL), NULL);
}

static GVariant *
on_get_property (GDBusConnection *connection,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *property,
                 GError **error,
                 gpointer user_data)
{
  Fixture *fixture = user_data;

  return g_variant_new_uint32 (g_str_equal (property, "version") ? fixture->version
                                                                 : fixture->types);
}

static const GDBusInterfaceVTable vtable = { .method_call = on_called,
                                             .get_property = on_get_property };

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  bus_set_up (&fixture->bus, NULL);
  fixture->log = g_string_new (NULL);
  fixture->types = 3;
  fixture->version = 2;
  fixture->granted = 1;
  fixture->node = g_dbus_node_info_new_for_xml (introspection, NULL);
  fixture->object = g_dbus_connection_register_object (fixture->bus.theirs, WHIS_PORTAL_PATH,
                                                       fixture->node->interfaces[0], &vtable,
                                                       fixture, NULL, NULL);
  bus_own_name (&fixture->bus, WHIS_PORTAL_NAME);
  fixture->keys = whis_portal_keys_new (fixture->bus.ours);
  whis_portal_keys_set_allowed (fixture->keys, TRUE);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->keys);
  g_dbus_connection_unregister_object (fixture->bus.theirs, fixture->object);
  g_dbus_node_info_unref (fixture->node);
  g_string_free (fixture->log, TRUE);
  bus_tear_down (&fixture->bus, NULL);
}

static void
prepare (Fixture *fixture, KeyCall *end)
{
  key_call_prepare (end, WHIS_KEY_SENDER (fixture->keys));
}

static void
send (Fixture *fixture, WhisChord chord, KeyCall *end)
{
  key_call_send (end, WHIS_KEY_SENDER (fixture->keys), chord);
}

static void
test_chords (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    WhisChord chord;
    const char *log;
  } cases[] = {
    { WHIS_CHORD_CTRL_V, "+ffe3 +76 -76 -ffe3 " },
    { WHIS_CHORD_CTRL_SHIFT_V, "+ffe3 +ffe1 +76 -76 -ffe1 -ffe3 " },
    { WHIS_CHORD_SHIFT_INSERT, "+ffe1 +ff63 -ff63 -ffe1 " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (KeyCall) prepared = { 0 };
      g_auto (KeyCall) sent = { 0 };

      prepare (fixture, &prepared);
      g_assert_no_error (prepared.error);
      g_assert_cmpstr (fixture->log->str, ==, "CreateSession SelectDevices Start ");
      g_string_truncate (fixture->log, 0);
      send (fixture, cases[i].chord, &sent);
      g_assert_no_error (sent.error);
      g_assert_cmpstr (fixture->log->str, ==, cases[i].log);
      g_string_truncate (fixture->log, 0);
    }
}

/* Each session gives the token of the next one; portals of version 1 have none. */
static void
test_token (Fixture *fixture, gconstpointer data)
{
  g_auto (KeyCall) first = { 0 };
  g_auto (KeyCall) sent = { 0 };
  g_auto (KeyCall) second = { 0 };
  g_auto (KeyCall) sent_again = { 0 };
  g_auto (KeyCall) old = { 0 };

  whis_portal_keys_set_restore_token (fixture->keys, "one");
  fixture->token = "two";
  prepare (fixture, &first);
  g_assert_nonnull (strstr (fixture->log->str, "SelectDevices:one "));
  g_assert_cmpstr (whis_portal_keys_get_restore_token (fixture->keys), ==, "two");
  send (fixture, WHIS_CHORD_CTRL_V, &sent);
  fixture->token = NULL;
  prepare (fixture, &second);
  g_assert_nonnull (strstr (fixture->log->str, "SelectDevices:two "));
  g_assert_null (whis_portal_keys_get_restore_token (fixture->keys));
  send (fixture, WHIS_CHORD_CTRL_V, &sent_again);

  whis_portal_keys_set_restore_token (fixture->keys, "three");
  fixture->version = 1;
  prepare (fixture, &old);
  g_assert_no_error (old.error);
  g_assert_null (strstr (fixture->log->str, ":three"));
}

/* What is refused is not asked for once more; what has failed may be. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *method;
    guint response;
    guint granted;
    int error;
  } cases[] = {
    { "CreateSession", 1, 1, WHIS_DELIVERY_ERROR_REFUSED },
    { "SelectDevices", 1, 1, WHIS_DELIVERY_ERROR_REFUSED },
    { "Start", 1, 1, WHIS_DELIVERY_ERROR_REFUSED },
    { "Start", 2, 1, WHIS_DELIVERY_ERROR_NOT_OFFERED },
    { NULL, 0, 2, WHIS_DELIVERY_ERROR_REFUSED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (KeyCall) end = { 0 };
      g_auto (KeyCall) again = { 0 };
      gsize length;

      whis_portal_keys_set_allowed (fixture->keys, TRUE);
      fixture->refuse = cases[i].method;
      fixture->response = cases[i].response;
      fixture->granted = cases[i].granted;
      prepare (fixture, &end);
      g_assert_error (end.error, WHIS_DELIVERY_ERROR, cases[i].error);
      length = fixture->log->len;
      prepare (fixture, &again);
      g_assert_error (again.error, WHIS_DELIVERY_ERROR, cases[i].error);
      g_assert_true ((fixture->log->len == length)
                     == (cases[i].error == WHIS_DELIVERY_ERROR_REFUSED));
    }
}

static void
test_not_asked (Fixture *fixture, gconstpointer data)
{
  g_auto (KeyCall) not_allowed = { 0 };
  g_auto (KeyCall) no_keyboard = { 0 };
  g_auto (KeyCall) no_portal = { 0 };

  whis_portal_keys_set_allowed (fixture->keys, FALSE);
  prepare (fixture, &not_allowed);
  g_assert_error (not_allowed.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_REFUSED);

  whis_portal_keys_set_allowed (fixture->keys, TRUE);
  fixture->types = 2;
  prepare (fixture, &no_keyboard);
  g_assert_error (no_keyboard.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);

  bus_release_name (&fixture->bus, WHIS_PORTAL_NAME);
  prepare (fixture, &no_portal);
  g_assert_error (no_portal.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
  g_assert_cmpstr (fixture->log->str, ==, "");
}

/* The user ends the session while the keys are pressed. */
static void
test_closed_in_chord (Fixture *fixture, gconstpointer data)
{
  g_auto (KeyCall) prepared = { 0 };
  g_auto (KeyCall) sent = { 0 };

  prepare (fixture, &prepared);
  g_string_truncate (fixture->log, 0);
  fixture->close_at = "+ffe3";
  send (fixture, WHIS_CHORD_CTRL_V, &sent);
  g_assert_error (sent.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);
  g_assert_cmpstr (fixture->log->str, ==, "+ffe3 ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/portal-keys/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

  ADD ("chords", test_chords);
  ADD ("token", test_token);
  ADD ("refused", test_refused);
  ADD ("not-asked", test_not_asked);
  ADD ("closed-in-chord", test_closed_in_chord);

  return g_test_run ();
}
