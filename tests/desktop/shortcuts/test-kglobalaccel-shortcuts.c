/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "backend-log.h"
#include "bus.h"
#include "kglobalaccel-shortcuts.h"

/* KGlobalAccel on a bus of the test's own, as far as it is asked. The real one is asked in
 * test_kwin.py, where nothing can be refused, ended or held back. */

#define NAME "org.kde.kglobalaccel"
#define PATH "/kglobalaccel"
#define INTERFACE "org.kde.KGlobalAccel"
#define COMPONENT_PATH "/component/whis"
#define COMPONENT_INTERFACE "org.kde.kglobalaccel.Component"

/* Keys of Qt. */
#define SUPER_H 0x10000048
#define F9 0x01000038
#define ESCAPE 0x01000000

static const char interface_xml[] =
    "<node><interface name='" INTERFACE "'>"
    "<method name='doRegister'><arg type='as' direction='in'/></method>"
    "<method name='setShortcutKeys'><arg type='as' direction='in'/>"
    "<arg type='a(ai)' direction='in'/><arg type='u' direction='in'/>"
    "<arg type='a(ai)' direction='out'/></method>"
    "<method name='getComponent'><arg type='s' direction='in'/>"
    "<arg type='o' direction='out'/></method>"
    "<method name='unregister'><arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='b' direction='out'/></method>"
    "<method name='setInactive'><arg type='as' direction='in'/></method>"
    "</interface></node>";

typedef struct
{
  Bus bus;
  guint registration;
  int taken;  /* the key of another program */
  int stored; /* what the user has chosen in the settings, 0 for nothing */
  gboolean fails;
  GString *calls;
  WhisShortcutBackend *backend;
  GString *log;
} Desktop;

static GVariant *
new_answer (int key)
{
  return key != 0 ? g_variant_new_parsed ("([([%i, 0, 0, 0],)],)", key)
                  : g_variant_new_parsed ("(@a(ai) [],)");
}

static void
set_keys (Desktop *desktop, GVariant *parameters, GDBusMethodInvocation *invocation)
{
  g_autofree const char **names = NULL;
  g_autoptr (GVariant) sequences = NULL;
  g_autofree char *printed = NULL;
  guint32 flags;
  int key;

  g_variant_get (parameters, "(^a&s@a(ai)u)", &names, &sequences, &flags);
  g_assert_cmpstr (names[0], ==, WHIS_APP_ID);
  g_assert_cmpstr (names[2], ==, "Whis");
  printed = g_variant_print (sequences, FALSE);
  g_assert_cmpint (sscanf (printed, "[([%d, 0, 0, 0],)]", &key), ==, 1);
  g_string_append_printf (desktop->calls, "set %s %x %u, ", names[1], (guint) key, flags);
  if (desktop->fails)
    {
      g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                                     "No");
      return;
    }

  /* What is stored counts, unless it is said that it does not. */
  if (desktop->stored != 0 && (flags & 4) == 0)
    key = desktop->stored;
  g_dbus_method_invocation_return_value (invocation, new_answer (key != desktop->taken ? key : 0));
}

static void
call_cb (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  Desktop *desktop = user_data;
  g_autofree const char **names = NULL;
  const char *id;

  if (g_str_equal (method, "setShortcutKeys"))
    {
      set_keys (desktop, parameters, invocation);
      return;
    }
  if (g_str_equal (method, "getComponent"))
    {
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", COMPONENT_PATH));
      return;
    }
  if (g_str_equal (method, "unregister"))
    {
      g_variant_get (parameters, "(&s&s)", NULL, &id);
      g_string_append_printf (desktop->calls, "unregister %s, ", id);
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(b)", TRUE));
      return;
    }

  g_variant_get (parameters, "(^a&s)", &names);
  g_string_append_printf (desktop->calls, "%s %s, ",
                          g_str_equal (method, "doRegister") ? "register" : "inactive", names[1]);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
set_up (Desktop *desktop, gconstpointer data)
{
  static const GDBusInterfaceVTable vtable = { .method_call = call_cb };
  g_autoptr (GDBusNodeInfo) node = NULL;
  g_autoptr (GError) error = NULL;

  bus_set_up (&desktop->bus, NULL);
  desktop->calls = g_string_new (NULL);
  desktop->log = g_string_new (NULL);
  node = g_dbus_node_info_new_for_xml (interface_xml, &error);
  g_assert_no_error (error);
  desktop->registration = g_dbus_connection_register_object (
      desktop->bus.theirs, PATH, node->interfaces[0], &vtable, desktop, NULL, &error);
  g_assert_no_error (error);
  bus_own_name (&desktop->bus, NAME);

  desktop->backend = WHIS_SHORTCUT_BACKEND (whis_kglobalaccel_shortcuts_new (desktop->bus.ours));
  backend_log_connect (desktop->log, desktop->backend);
}

static void
tear_down (Desktop *desktop, gconstpointer data)
{
  bus_settle (&desktop->bus);
  if (desktop->backend != NULL)
    g_assert_finalize_object (desktop->backend);
  bus_settle (&desktop->bus);
  g_dbus_connection_unregister_object (desktop->bus.theirs, desktop->registration);
  bus_tear_down (&desktop->bus, NULL);
  g_string_free (desktop->calls, TRUE);
  g_string_free (desktop->log, TRUE);
}

static void
did_finish (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
probe (Desktop *desktop, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_shortcut_backend_probe_async (desktop->backend, NULL, did_finish, &result);
  bus_await (result != NULL);

  return whis_shortcut_backend_probe_finish (desktop->backend, result, error);
}

/* Binds the key of Dictate, or nothing. */
static void
bind (Desktop *desktop, const char *trigger)
{
  WhisShortcutBinding binding = { .action = WHIS_SHORTCUT_ACTION_TOGGLE };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (trigger != NULL)
    g_assert_true (whis_shortcut_trigger_parse (trigger, &binding.trigger, NULL));
  whis_shortcut_backend_bind_async (desktop->backend, &binding, trigger != NULL ? 1 : 0, NULL,
                                    did_finish, &result);
  bus_await (result != NULL);
  g_assert_true (whis_shortcut_backend_bind_finish (desktop->backend, result, &error));
  g_assert_no_error (error);
  bus_settle (&desktop->bus);
}

static void
assert_text (GString *text, const char *expected)
{
  g_assert_cmpstr (text->str, ==, expected);
  g_string_truncate (text, 0);
}

static void
assert_problem (Desktop *desktop, const char *expected)
{
  g_assert_cmpstr (whis_shortcut_backend_get_problem (desktop->backend), ==, expected);
}

static void
emit_key (Desktop *desktop, const char *signal, const char *component, const char *id)
{
  g_dbus_connection_emit_signal (desktop->bus.theirs, NULL, COMPONENT_PATH, COMPONENT_INTERFACE,
                                 signal, g_variant_new ("(ssx)", component, id, (gint64) 0), NULL);
}

/* The user has chosen in the settings of KDE. */
static void
emit_changed (Desktop *desktop, const char *id, int key)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (new_answer (key));
  g_autoptr (GVariant) sequences = g_variant_get_child_value (answer, 0);
  const char *names[] = { WHIS_APP_ID, id, "Whis", "Dictate" };

  g_dbus_connection_emit_signal (
      desktop->bus.theirs, NULL, PATH, INTERFACE, "yourShortcutsChanged",
      g_variant_new ("(@as@a(ai))", g_variant_new_strv (names, G_N_ELEMENTS (names)), sequences),
      NULL);
  bus_settle (&desktop->bus);
}

static void
test_bind (Desktop *desktop, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (probe (desktop, &error));
  g_assert_no_error (error);
  bind (desktop, "<Super>h");
  assert_text (desktop->calls, "register toggle, set toggle 10000048 2, ");
  assert_text (desktop->log, "[Super+H] ");
  assert_problem (desktop, NULL);

  emit_key (desktop, "globalShortcutPressed", WHIS_APP_ID, "toggle");
  emit_key (desktop, "globalShortcutPressed", "kwin", "toggle");
  emit_key (desktop, "globalShortcutPressed", WHIS_APP_ID, "dance");
  emit_key (desktop, "globalShortcutReleased", WHIS_APP_ID, "toggle");
  bus_settle (&desktop->bus);
  assert_text (desktop->log, "+toggle -toggle ");
}

/* It is no session of KDE, and nobody is started to make it one. */
static void
test_absent (Desktop *desktop, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  bus_release_name (&desktop->bus, NAME);
  bus_settle (&desktop->bus);
  g_string_truncate (desktop->log, 0);
  g_assert_false (probe (desktop, &error));
  g_assert_error (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_NOT_OFFERED);

  /* A program of KDE has started it on another desktop. */
  bus_own_name (&desktop->bus, NAME);
  bus_settle (&desktop->bus);
  assert_text (desktop->log, "");
}

/* The key is not taken from another program, and the next one that the user chooses counts. */
static void
test_conflict (Desktop *desktop, gconstpointer data)
{
  desktop->taken = SUPER_H;
  bind (desktop, "<Super>h");
  assert_text (desktop->log, "[] ");
  assert_problem (desktop, "Another program uses Super+H; choose another key for “Dictate”.");
  g_string_truncate (desktop->calls, 0);

  bind (desktop, "F9");
  assert_text (desktop->calls, "register toggle, set toggle 1000038 6, ");
  assert_text (desktop->log, "[F9] ");
  assert_problem (desktop, NULL);
}

/* What the user has chosen in KDE's settings counts at the next start, until Whis is told anew. */
static void
test_stored (Desktop *desktop, gconstpointer data)
{
  desktop->stored = F9;
  bind (desktop, "<Super>h");
  assert_text (desktop->log, "[F9] ");
  assert_problem (desktop, NULL);
  bind (desktop, "<Super>h");
  assert_text (desktop->log, "[F9] ");
  bind (desktop, "<Super>j");
  assert_text (desktop->log, "[Super+J] ");
}

static void
test_changed (Desktop *desktop, gconstpointer data)
{
  bind (desktop, "<Super>h");
  g_string_truncate (desktop->log, 0);
  emit_changed (desktop, "toggle", F9);
  assert_text (desktop->log, "[F9] ");
  assert_problem (desktop, NULL);

  /* That is the user's own doing, and no other program's. */
  emit_changed (desktop, "toggle", 0);
  assert_text (desktop->log, "[] ");
  assert_problem (desktop, "The desktop names no key for “Dictate”; choose one in its settings.");
  emit_changed (desktop, "dance", F9);
  assert_text (desktop->log, "");
  emit_changed (desktop, "toggle", SUPER_H);
  assert_text (desktop->log, "[Super+H] ");
  assert_problem (desktop, NULL);
}

/* The key of before is not told as if it worked. */
static void
test_fails (Desktop *desktop, gconstpointer data)
{
  bind (desktop, "<Super>h");
  assert_text (desktop->log, "[Super+H] ");
  desktop->fails = TRUE;
  bind (desktop, "F9");
  assert_text (desktop->log, "[] ");
  assert_problem (desktop, "The desktop names no key for “Dictate”; choose one in its settings.");
}

/* What the user does not want any more leaves KDE's settings; what only ends stays there. */
static void
test_taken_out (Desktop *desktop, gconstpointer data)
{
  bind (desktop, "<Super>h");
  g_string_truncate (desktop->calls, 0);
  bind (desktop, NULL);
  assert_text (desktop->calls, "unregister toggle, ");
  assert_text (desktop->log, "[Super+H] [] ");

  bind (desktop, "<Super>h");
  g_string_truncate (desktop->calls, 0);
  g_assert_finalize_object (desktop->backend);
  desktop->backend = NULL;
  bus_settle (&desktop->bus);
  assert_text (desktop->calls, "inactive toggle, ");
}

/* Escape belongs to other programs, but while it cancels. */
static void
test_escape (Desktop *desktop, gconstpointer data)
{
  bind (desktop, "<Super>h");
  g_string_truncate (desktop->calls, 0);
  g_string_truncate (desktop->log, 0);
  whis_shortcut_backend_set_cancel (desktop->backend, TRUE);
  whis_shortcut_backend_set_cancel (desktop->backend, TRUE);
  bus_settle (&desktop->bus);
  assert_text (desktop->calls,
               "register cancel-while-recording, set cancel-while-recording 1000000 6, ");
  emit_key (desktop, "globalShortcutPressed", WHIS_APP_ID, "cancel-while-recording");
  bus_settle (&desktop->bus);
  assert_text (desktop->log, "+cancel ");
  whis_shortcut_backend_set_cancel (desktop->backend, FALSE);
  bus_settle (&desktop->bus);
  assert_text (desktop->calls, "unregister cancel-while-recording, ");

  /* It ends while it records. */
  whis_shortcut_backend_set_cancel (desktop->backend, TRUE);
  bus_settle (&desktop->bus);
  g_string_truncate (desktop->calls, 0);
  g_assert_finalize_object (desktop->backend);
  desktop->backend = NULL;
  bus_settle (&desktop->bus);
  assert_text (desktop->calls, "unregister cancel-while-recording, inactive toggle, ");
}

/* No release comes of what is held, and the keys are bound anew when it is there again: Escape,
 * too, since what records still does. */
static void
test_restart (Desktop *desktop, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (probe (desktop, NULL));
  bind (desktop, "<Super>h");
  whis_shortcut_backend_set_cancel (desktop->backend, TRUE);
  bus_settle (&desktop->bus);
  g_string_truncate (desktop->log, 0);
  bus_release_name (&desktop->bus, NAME);
  bus_settle (&desktop->bus);
  assert_text (desktop->log, "gone ");
  g_assert_false (probe (desktop, &error));

  bus_own_name (&desktop->bus, NAME);
  bus_settle (&desktop->bus);
  assert_text (desktop->log, "gone ");
  g_assert_true (probe (desktop, NULL));
  g_string_truncate (desktop->calls, 0);
  bind (desktop, "<Super>h");
  whis_shortcut_backend_set_cancel (desktop->backend, TRUE);
  bus_settle (&desktop->bus);
  assert_text (desktop->calls,
               "register toggle, set toggle 10000048 2, register cancel-while-recording, "
               "set cancel-while-recording 1000000 6, ");
  emit_key (desktop, "globalShortcutPressed", WHIS_APP_ID, "toggle");
  bus_settle (&desktop->bus);
  assert_text (desktop->log, "[Super+H] +toggle ");
}

/* Another bind follows before the first is answered: the first says nothing any more. */
static void
test_given_up (Desktop *desktop, gconstpointer data)
{
  const WhisShortcutBinding binding = { WHIS_SHORTCUT_ACTION_TOGGLE,
                                        { WHIS_SHORTCUT_SUPER, 'h', 0 } };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  whis_shortcut_backend_bind_async (desktop->backend, &binding, 1, cancellable, did_finish,
                                    &result);
  g_cancellable_cancel (cancellable);
  bind (desktop, "F9");
  bus_await (result != NULL);
  g_assert_false (whis_shortcut_backend_bind_finish (desktop->backend, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  bus_settle (&desktop->bus);
  assert_text (desktop->log, "[F9] ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/kglobalaccel-shortcuts/" path, Desktop, NULL, set_up, function, tear_down)

  ADD ("bind", test_bind);
  ADD ("absent", test_absent);
  ADD ("conflict", test_conflict);
  ADD ("stored", test_stored);
  ADD ("changed", test_changed);
  ADD ("fails", test_fails);
  ADD ("taken-out", test_taken_out);
  ADD ("escape", test_escape);
  ADD ("restart", test_restart);
  ADD ("given-up", test_given_up);

  return g_test_run ();
}
