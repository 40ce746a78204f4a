/* SPDX-License-Identifier: MIT */
#include "bus-shortcuts.h"

#include <string.h>

#include "bus-error.h"
#include "bus.h"

/* The D-Bus interface of shortcuts, in a session in which no program can bind any. */

#define PATH "/test"

typedef struct
{
  Bus bus;
  WhisSettings *settings;
  WhisShortcuts *shortcuts;
  WhisBusShortcuts *object;
  GString *pressed; /* what the keys have asked for */
} Fixture;

static void
on_toggle (WhisShortcutPress *press, WhisShortcutAction action, Fixture *fixture)
{
  g_string_append_printf (fixture->pressed, "%s ", whis_shortcut_action_get_nick (action));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  bus_set_up (&fixture->bus, NULL);
  fixture->settings = whis_settings_new (&error);
  g_assert_no_error (error);
  fixture->pressed = g_string_new (NULL);
  fixture->shortcuts = whis_shortcuts_new (fixture->settings, fixture->bus.ours);
  g_signal_connect (whis_shortcuts_get_press (fixture->shortcuts), "toggle", G_CALLBACK (on_toggle),
                    fixture);
  fixture->object = whis_bus_shortcuts_new (fixture->shortcuts);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (fixture->object), fixture->bus.ours,
                                    PATH, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bus_settle (&fixture->bus);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (fixture->object));
  bus_settle (&fixture->bus);
  g_assert_finalize_object (fixture->object);
  g_assert_finalize_object (fixture->shortcuts);
  whis_settings_set_shortcut (fixture->settings, "shortcut-toggle", NULL);
  g_object_unref (fixture->settings);
  g_string_free (fixture->pressed, TRUE);
  bus_tear_down (&fixture->bus, NULL);
}

static GVariant *
call (Fixture *fixture, const char *method, const char *arguments, GError **error)
{
  return bus_call (&fixture->bus, PATH, "io.github.whis_gtk.Whis1.Shortcuts", method,
                   arguments != NULL ? g_variant_new_parsed (arguments) : NULL, error);
}

static void
do_call (Fixture *fixture, const char *method, const char *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (fixture, method, arguments, &error);

  g_assert_no_error (error);
}

static void
assert_refused (Fixture *fixture,
                const char *method,
                const char *arguments,
                int code,
                const char *named)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (call (fixture, method, arguments, &error));
  g_assert_error (error, WHIS_BUS_ERROR, code);
  g_assert_nonnull (strstr (error->message, named));
}

static char *
describe (Fixture *fixture, const char *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (fixture, "Describe", NULL, &error);
  g_autoptr (GVariant) description = NULL;
  g_autoptr (GVariant) value = NULL;

  g_assert_no_error (error);
  description = g_variant_get_child_value (answer, 0);
  value = g_variant_lookup_value (description, key, NULL);

  return value != NULL ? g_variant_print (value, FALSE) : NULL;
}

/* What an extension calls for a key that it has bound. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  do_call (fixture, "Press", "('toggle',)");
  g_assert_cmpstr (fixture->pressed->str, ==, "toggle ");
  do_call (fixture, "Release", "('toggle',)");
  /* A key that tells nothing of its release, and is not held for ever. */
  do_call (fixture, "Tap", "('alternative',)");
  do_call (fixture, "Press", "('toggle',)");
  g_assert_cmpstr (fixture->pressed->str, ==, "toggle alternative toggle ");
}

static void
test_unknown_action (Fixture *fixture, gconstpointer data)
{
  static const char *const methods[] = { "Press", "Release", "Tap" };

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      assert_refused (fixture, methods[i], "('dance',)", WHIS_BUS_ERROR_ARGUMENTS, "“dance”");
      assert_refused (fixture, methods[i], "('',)", WHIS_BUS_ERROR_ARGUMENTS, "“”");
    }
  g_assert_cmpstr (fixture->pressed->str, ==, "");
}

/* The settings have it, whoever binds it; and who looks at the shortcuts is told. */
static void
test_bind (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shortcut = NULL;
  g_autofree char *problem = NULL;

  do_call (fixture, "Bind", "({'toggle': '<Super>h'},)");
  shortcut = whis_settings_dup_shortcut (fixture->settings, "shortcut-toggle");
  g_assert_cmpstr (shortcut, ==, "<Super>h");
  problem = describe (fixture, "problem");
  g_assert_nonnull (strstr (problem, "bind “whis toggle” in its settings"));
  bus_await_signal (&fixture->bus, "Changed");
}

/* Nothing is changed by what cannot be a shortcut, or is of no action. */
static void
test_bind_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *triggers;
    const char *named;
  } cases[] = {
    { "({'toggle': 'Hyper+Nothing+'},)", "Hyper+Nothing+" },
    { "({'dance': '<Super>h'},)", "dance" },
    { "({'toggle': '<Super>h', 'cancel': 'no key at all'},)", "no key at all" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_refused (fixture, "Bind", cases[i].triggers, WHIS_BUS_ERROR_ARGUMENTS, cases[i].named);
      g_assert_null (whis_settings_dup_shortcut (fixture->settings, "shortcut-toggle"));
    }
}

static void
test_describe (Fixture *fixture, gconstpointer data)
{
  g_autofree char *backend = describe (fixture, "backend");
  g_autofree char *triggers = describe (fixture, "triggers");
  g_autofree char *suggestion = describe (fixture, "suggestion");

  g_assert_cmpstr (backend, ==, "''");
  g_assert_cmpstr (triggers, ==, "{}");
  g_assert_cmpstr (suggestion, ==, "'" WHIS_SHORTCUTS_SUGGESTION "'");
  /* Who wants none misses none. */
  g_assert_null (describe (fixture, "problem"));
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(GVariant **) user_data =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_assert_no_error (error);
}

static void
begin_check (Fixture *fixture, GVariant **answer)
{
  g_dbus_connection_call (
      fixture->bus.theirs, g_dbus_connection_get_unique_name (fixture->bus.ours), PATH,
      "io.github.whis_gtk.Whis1.Shortcuts", "Check", NULL, G_VARIANT_TYPE ("(b)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_checked, answer);
  bus_settle (&fixture->bus);
}

static gboolean
wait_for_check (GVariant **answer)
{
  gboolean arrived;

  bus_await (*answer != NULL);
  g_variant_get (*answer, "(b)", &arrived);

  return arrived;
}

/* The key that somebody tries does nothing else; who asks next takes the place of who asked. */
static void
test_check (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) first = NULL;
  g_autoptr (GVariant) second = NULL;

  begin_check (fixture, &first);
  g_assert_null (first);
  begin_check (fixture, &second);
  g_assert_false (wait_for_check (&first));
  g_assert_null (second);
  do_call (fixture, "Press", "('toggle',)");
  g_assert_true (wait_for_check (&second));
  g_assert_cmpstr (fixture->pressed->str, ==, "");
  do_call (fixture, "Release", "('toggle',)");
  do_call (fixture, "Press", "('toggle',)");
  g_assert_cmpstr (fixture->pressed->str, ==, "toggle ");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/bus-shortcuts/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("keys", test_keys);
  ADD ("unknown-action", test_unknown_action);
  ADD ("bind", test_bind);
  ADD ("bind/refused", test_bind_refused);
  ADD ("describe", test_describe);
  ADD ("check", test_check);

  return g_test_run ();
}
