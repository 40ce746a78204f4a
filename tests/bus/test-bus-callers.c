/* SPDX-License-Identifier: MIT */
#include "caller-watch.h"

#include "bus-error.h"
#include "bus-fixture.h"
#include "history-fixture.h"

/* What ends with who asked for it, and what does not. */

static GVariant *
call (BusFixture *fixture, GDBusConnection *caller, const char *method, const char *arguments)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer = bus_fixture_call (fixture, caller, method, arguments, &error);

  g_assert_no_error (error);

  return answer;
}

/* A caller's dictation, which hears one chunk. */
static WhisDictation *
start (BusFixture *fixture, GDBusConnection *caller, const char *options)
{
  g_autofree char *arguments = g_strdup_printf ("(%s,)", options);
  g_autoptr (GVariant) answer = call (fixture, caller, "Start", arguments);
  const char *id;

  g_variant_get (answer, "(&s)", &id);
  test_capture_begin (test_capture_get_newest ());
  test_capture_say (test_capture_get_newest (), TRUE);

  return g_object_ref (whis_dictations_lookup (fixture->base.dictations, id));
}

/* What is stopped within a third of a second is an accident. */
static WhisDictation *
start_and_speak (BusFixture *fixture, GDBusConnection *caller)
{
  WhisDictation *dictation = start (fixture, caller, "{'attached': <true>, 'deliver': <false>}");

  g_usleep (G_USEC_PER_SEC / 3 + 1000);

  return dictation;
}

/* What was spoken is not lost with the program that listened for it. */
static void
test_recording (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (GDBusConnection) caller = bus_connect (&fixture->bus);
  g_autoptr (WhisDictation) dictation = start_and_speak (fixture, caller);

  bus_fixture_leave (fixture, caller);
  g_assert_cmpint (whis_dictation_get_state (dictation), ==, WHIS_DICTATION_STATE_TRANSCRIBING);
  test_capture_finish (test_capture_get_newest ());
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (whis_dictation_get_text (dictation), ==, "words");
}

/* A shortcut's `whis start` ends at once. */
static void
test_not_attached (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (GDBusConnection) caller = bus_connect (&fixture->bus);
  g_autoptr (WhisDictation) dictation = start (fixture, caller, "{'deliver': <false>}");

  bus_fixture_leave (fixture, caller);
  g_assert_cmpint (whis_dictation_get_state (dictation), ==, WHIS_DICTATION_STATE_RECORDING);
}

static void
test_another_leaves (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (GDBusConnection) caller = bus_connect (&fixture->bus);
  g_autoptr (GDBusConnection) other = bus_connect (&fixture->bus);
  g_autoptr (WhisDictation) dictation = start_and_speak (fixture, caller);

  bus_fixture_leave (fixture, other);
  g_assert_cmpint (whis_dictation_get_state (dictation), ==, WHIS_DICTATION_STATE_RECORDING);
  bus_fixture_leave (fixture, caller);
  g_assert_cmpint (whis_dictation_get_state (dictation), ==, WHIS_DICTATION_STATE_TRANSCRIBING);
}

/* Once all is said the caller does not matter: the text goes to the history. */
static void
test_stopped_before (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (GDBusConnection) caller = bus_connect (&fixture->bus);
  g_autoptr (WhisDictation) dictation = NULL;
  g_autoptr (GVariant) stopped = NULL;

  dictations_fixture_plan_hold (&fixture->base, 1);
  dictation = start_and_speak (fixture, caller);
  stopped = call (fixture, caller, "Stop", NULL);
  test_capture_finish (test_capture_get_newest ());
  dictations_fixture_wait_for_sounds (&fixture->base, 1);
  bus_fixture_leave (fixture, caller);
  test_service_release (fixture->base.service);
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (whis_dictation_get_text (dictation), ==, "late");
}

/* What is gone on with is for the caller alone, and costs money. */
static void
test_resumed (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (GDBusConnection) caller = bus_connect (&fixture->bus);
  g_autoptr (WhisDictation) dictation = NULL;
  g_autoptr (GVariant) answer = NULL;

  whis_record_free (dictations_fixture_create_entry (&fixture->base, "left",
                                                     WHIS_DICTATION_STATE_INTERRUPTED, TRUE));
  dictations_fixture_plan_hold (&fixture->base, 1);
  answer = call (fixture, caller, "Resume", "('left', {'attached': <true>})");
  dictation = g_object_ref (whis_dictations_lookup (fixture->base.dictations, "left"));
  dictations_fixture_wait_for_sounds (&fixture->base, 1);
  bus_fixture_leave (fixture, caller);
  g_assert_cmpint (whis_dictation_get_state (dictation), ==, WHIS_DICTATION_STATE_CANCELLED);
  g_assert_true (bus_has_heard (&fixture->bus, "Failed ('left', 'cancelled', "));
}

/* --- transcripts of what is not kept ---------------------------------------------------------- */

static char *
say (BusFixture *fixture, GDBusConnection *caller, const char *options)
{
  g_autoptr (WhisDictation) dictation = NULL;

  /* Nothing is left in the history of what has ended. */
  whis_history_set_rules (fixture->base.history, 0, 0);
  dictation = start (fixture, caller, options);
  test_capture_finish (test_capture_get_newest ());
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  flush_history (fixture->base.history);

  return g_strdup_printf ("('%s', 'text')", whis_dictation_get_id (dictation));
}

/* Who said that it will ask gets the transcript, once. */
static void
test_document (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (GDBusConnection) caller = bus_connect (&fixture->bus);
  g_autofree char *wanted = say (fixture, caller, "{'document': <true>, 'deliver': <false>}");
  g_autoptr (GVariant) answer = call (fixture, caller, "GetDocument", wanted);
  g_autoptr (GError) error = NULL;
  const char *document;

  g_variant_get (answer, "(&s)", &document);
  g_assert_cmpstr (document, ==, "words");
  g_assert_null (bus_fixture_call (fixture, caller, "GetDocument", wanted, &error));
  g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND);
  g_dbus_connection_close_sync (caller, NULL, NULL);
}

static void
test_document_not_wanted (BusFixture *fixture, gconstpointer data)
{
  g_autofree char *wanted = say (fixture, fixture->bus.theirs, "{'deliver': <false>}");

  bus_fixture_assert_refused (fixture, "GetDocument", wanted, WHIS_BUS_ERROR_NOT_FOUND);
}

/* What nobody will fetch is not kept in memory, where it would be until the service ends. */
static void
test_document_of_who_left (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (GDBusConnection) caller = bus_connect (&fixture->bus);
  g_autofree char *wanted = say (fixture, caller, "{'document': <true>, 'deliver': <false>}");

  bus_fixture_leave (fixture, caller);
  bus_fixture_assert_refused (fixture, "GetDocument", wanted, WHIS_BUS_ERROR_NOT_FOUND);
}

static void
test_document_too_early (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisDictation) dictation =
      start (fixture, fixture->bus.theirs, "{'document': <true>, 'deliver': <false>}");
  g_autofree char *wanted = g_strdup_printf ("('%s', 'json')", whis_dictation_get_id (dictation));
  g_autofree char *odd = g_strdup_printf ("('%s', 'pdf')", whis_dictation_get_id (dictation));

  bus_fixture_assert_refused (fixture, "GetDocument", wanted, WHIS_BUS_ERROR_FAILED);
  bus_fixture_assert_refused (fixture, "GetDocument", odd, WHIS_BUS_ERROR_ARGUMENTS);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/bus-callers/" path, BusFixture, NULL, bus_fixture_set_up, function,                \
              bus_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  dictations_fixture_init ();

  ADD ("recording", test_recording);
  ADD ("not-attached", test_not_attached);
  ADD ("another-leaves", test_another_leaves);
  ADD ("stopped-before", test_stopped_before);
  ADD ("resumed", test_resumed);
  ADD ("document", test_document);
  ADD ("document/not-wanted", test_document_not_wanted);
  ADD ("document/of-who-left", test_document_of_who_left);
  ADD ("document/too-early", test_document_too_early);

  return g_test_run ();
}
