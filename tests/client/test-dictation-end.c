/* SPDX-License-Identifier: MIT */
#include "dictation-end.h"

#include <gio/gio.h>

#include "bus-error.h"

#define ERROR "io.github.whis_gtk.Whis.Error."

static WhisDictationEnd *
end_of (GError *owned_error)
{
  g_autoptr (GError) error = owned_error;

  return whis_dictation_end_new_from_error (error);
}

static void
assert_plain (GError *owned_error, const char *code, const char *message)
{
  g_autoptr (WhisDictationEnd) end = end_of (owned_error);

  g_assert_null (end->text);
  g_assert_cmpstr (end->code, ==, code);
  g_assert_cmpstr (end->message, ==, message);
  g_assert_cmpstr (end->id, ==, "");
  g_assert_cmpuint (end->kept, ==, WHIS_KEPT_NOTHING);
  g_assert_false (end->resumable);
}

/* Whatever the caller does not know, its name is a code. */
static void
test_name (void)
{
  assert_plain (g_dbus_error_new_for_dbus_error (ERROR "NotFound", "There is no text yet."),
                "not-found", "There is no text yet.");
  assert_plain (g_dbus_error_new_for_dbus_error (ERROR "Storage", "The disk is full."), "storage",
                "The disk is full.");
  assert_plain (g_dbus_error_new_for_dbus_error (ERROR "OfTomorrow", "A later service."),
                "of-tomorrow", "A later service.");
}

static void
test_dictation (void)
{
  g_autoptr (WhisDictationEnd) end = end_of (
      g_dbus_error_new_for_dbus_error (ERROR "Key", "There is no key.\ncode: key-missing\nid: a\n"
                                                    "kept: sound\nresumable"));

  g_assert_null (end->text);
  g_assert_cmpstr (end->message, ==, "There is no key.");
  g_assert_cmpstr (end->code, ==, "key-missing");
  g_assert_cmpstr (end->id, ==, "a");
  g_assert_cmpuint (end->kept, ==, WHIS_KEPT_SOUND);
  g_assert_true (end->resumable);
}

/* An entry that is not there: the name of the error says what it is. */
static void
test_entry (void)
{
  g_autoptr (WhisDictationEnd) end = end_of (
      g_dbus_error_new_for_dbus_error (ERROR "NotFound", "There is no such dictation.\nid: b"));

  g_assert_cmpstr (end->message, ==, "There is no such dictation.");
  g_assert_cmpstr (end->code, ==, "not-found");
  g_assert_cmpstr (end->id, ==, "b");
}

static void
test_of_the_bus (void)
{
  const char *sentence = "Whis did not answer; start it again if this stays so.";

  assert_plain (g_dbus_error_new_for_dbus_error ("org.freedesktop.DBus.Error.NoReply", "gone"),
                "failed", sentence);
  assert_plain (g_dbus_error_new_for_dbus_error ("org.example.Error", "what\nid: theirs"), "failed",
                sentence);
  assert_plain (g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Timeout was reached"), "failed",
                sentence);
  assert_plain (g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "closed"), "failed", sentence);
}

static void
test_of_this_program (void)
{
  assert_plain (g_error_new (WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED, "There is no display."),
                "failed", "There is no display.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  (void) whis_bus_error_quark ();
  g_test_add_func ("/dictation-end/error/name", test_name);
  g_test_add_func ("/dictation-end/error/dictation", test_dictation);
  g_test_add_func ("/dictation-end/error/entry", test_entry);
  g_test_add_func ("/dictation-end/error/of-the-bus", test_of_the_bus);
  g_test_add_func ("/dictation-end/error/of-this-program", test_of_this_program);

  return g_test_run ();
}
