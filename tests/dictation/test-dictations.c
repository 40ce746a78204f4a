/* SPDX-License-Identifier: MIT */
#include "dictations.h"

#include "bus-error.h"
#include "dictations-fixture.h"
#include "failure.h"
#include "history-fixture.h"

/* The dictations that are alive, which of them is meant, the text of the last one, and their end
 * together. */

typedef DictationsFixture Fixture;

#define QUIET "{'deliver': <false>}"

static void
assert_events (Fixture *fixture, const char *expected)
{
  g_assert_cmpstr (fixture->events->str, ==, expected);
}

static void
test_none (Fixture *fixture, gconstpointer data)
{
  g_assert_null (whis_dictations_get_current (fixture->dictations));
  g_assert_null (whis_dictations_get_recording (fixture->dictations));
  g_assert_null (whis_dictations_lookup (fixture->dictations, ""));
  g_assert_null (whis_dictations_lookup (fixture->dictations, "20261130-120000-000000"));
  g_assert_cmpstr (whis_dictations_get_last_text (fixture->dictations), ==, "");
  g_assert_false (whis_dictations_are_busy (fixture->dictations));
  g_assert_false (whis_dictations_are_closing (fixture->dictations));
  g_assert_null (whis_dictations_take_cancelled (fixture->dictations));
}

static void
test_one (Fixture *fixture, gconstpointer data)
{
  WhisDictation *dictation = dictations_fixture_start (fixture, QUIET);
  const char *id = whis_dictation_get_id (dictation);

  g_assert_true (whis_dictations_get_recording (fixture->dictations) == dictation);
  g_assert_true (whis_dictations_get_current (fixture->dictations) == dictation);
  g_assert_true (whis_dictations_lookup (fixture->dictations, id) == dictation);
  g_assert_true (whis_dictations_lookup (fixture->dictations, "") == dictation);
  g_assert_null (whis_dictations_lookup (fixture->dictations, "another"));
  g_assert_true (whis_dictations_are_busy (fixture->dictations));
  assert_events (fixture, "added ");

  test_capture_begin (test_capture_get_newest ());
  test_capture_say (test_capture_get_newest (), TRUE);
  test_capture_finish (test_capture_get_newest ());
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  /* It can still be looked at, but nothing can be done with it. */
  g_assert_true (whis_dictations_get_current (fixture->dictations) == dictation);
  g_assert_null (whis_dictations_get_recording (fixture->dictations));
  g_assert_null (whis_dictations_lookup (fixture->dictations, ""));
  g_assert_null (whis_dictations_lookup (fixture->dictations, id));
  g_assert_false (whis_dictations_are_busy (fixture->dictations));
  assert_events (fixture, "added idle ");
}

static void
test_microphone_is_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  WhisDictation *dictation = dictations_fixture_start (fixture, QUIET);

  g_assert_null (whis_dictations_start (fixture->dictations, NULL, &error));
  g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ALREADY_RECORDING);
  g_assert_true (whis_dictations_get_current (fixture->dictations) == dictation);
  assert_events (fixture, "added ");
}

/* While the first one is transcribed the next one may be spoken. */
static void
test_several (Fixture *fixture, gconstpointer data)
{
  WhisDictation *first;
  WhisDictation *second;

  dictations_fixture_plan_hold (fixture, 1);
  first = dictations_fixture_say (fixture, QUIET);
  dictations_fixture_wait_for_sounds (fixture, 1);
  second = dictations_fixture_start (fixture, QUIET);
  g_assert_true (first != second);
  g_assert_cmpstr (whis_dictation_get_id (first), !=, whis_dictation_get_id (second));
  g_assert_true (whis_dictations_get_recording (fixture->dictations) == second);
  g_assert_true (whis_dictations_lookup (fixture->dictations, whis_dictation_get_id (first))
                 == first);

  /* The microphone goes first, then what is younger. */
  whis_dictation_cancel (second);
  g_assert_true (whis_dictations_get_current (fixture->dictations) == first);
  g_assert_true (whis_dictations_lookup (fixture->dictations, "") == first);
  assert_events (fixture, "added added ");
  test_service_release (fixture->service);
  dictations_fixture_wait_for (first, WHIS_DICTATION_STATE_DONE);
  /* At the end of both the last one that was begun is meant. */
  g_assert_true (whis_dictations_get_current (fixture->dictations) == second);
  assert_events (fixture, "added added idle ");
}

/* Something older goes on while the user speaks: what is stopped or cancelled is the recording. */
static void
test_recording_goes_first (Fixture *fixture, gconstpointer data)
{
  WhisDictation *recording = dictations_fixture_start (fixture, QUIET);
  g_autoptr (WhisDictation) older = NULL;

  whis_record_free (
      dictations_fixture_create_entry (fixture, "old", WHIS_DICTATION_STATE_INTERRUPTED, TRUE));
  dictations_fixture_plan_hold (fixture, 1);
  older = dictations_fixture_continue (fixture, "old", WHIS_DICTATION_MODE_RESUME, NULL, NULL);
  g_assert_nonnull (older);
  g_assert_true (whis_dictations_get_current (fixture->dictations) == recording);
  g_assert_true (whis_dictations_lookup (fixture->dictations, "") == recording);
  g_assert_true (whis_dictations_lookup (fixture->dictations, "old") == older);
}

/* The text that came last is the last text, not that of who began last. */
static void
test_last_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisDictation) first = NULL;
  g_autoptr (WhisDictation) second = NULL;
  guint n_changes = 0;
  gulong handler = g_signal_connect_swapped (fixture->dictations, "notify::last-text",
                                             G_CALLBACK (g_atomic_int_inc), &n_changes);

  dictations_fixture_plan_hold (fixture, 1);
  first = g_object_ref (dictations_fixture_say (fixture, QUIET));
  dictations_fixture_wait_for_sounds (fixture, 1);
  dictations_fixture_plan_text (fixture, "spoken later");
  second = g_object_ref (dictations_fixture_say (fixture, QUIET));
  dictations_fixture_wait_for (second, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (whis_dictations_get_last_text (fixture->dictations), ==, "spoken later");
  test_service_release (fixture->service);
  dictations_fixture_wait_for (first, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (whis_dictations_get_last_text (fixture->dictations), ==, "late");
  g_assert_cmpuint (n_changes, ==, 2);

  /* The same once more is no news. */
  dictations_fixture_plan_text (fixture, "late");
  g_set_object (&second, dictations_fixture_say (fixture, QUIET));
  dictations_fixture_wait_for (second, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpuint (n_changes, ==, 2);
  /* A cancelled one changes nothing. */
  whis_dictation_cancel (dictations_fixture_start (fixture, QUIET));
  g_assert_cmpstr (whis_dictations_get_last_text (fixture->dictations), ==, "late");
  g_assert_cmpuint (n_changes, ==, 2);
  g_signal_handler_disconnect (fixture->dictations, handler);
}

static void
changed_cb (GObject *object, GParamSpec *pspec, gpointer changed)
{
  *(gboolean *) changed = TRUE;
}

static void
test_last_text_of_earlier_run (Fixture *fixture, gconstpointer data)
{
  gboolean changed = FALSE;
  gulong handler;

  put_text (fixture->history, "old", 1000, "an old text");
  put_text (fixture->history, "newer", 2000, "a newer text");
  put_record (fixture->history, "failed", 3000, WHIS_DICTATION_STATE_FAILED, NULL);
  flush_history (fixture->history);
  dictations_fixture_restart (fixture);
  g_assert_cmpstr (whis_dictations_get_last_text (fixture->dictations), ==, "");
  handler = g_signal_connect (fixture->dictations, "notify::last-text", G_CALLBACK (changed_cb),
                              &changed);
  whis_dictations_recall_last_text (fixture->dictations);
  while (!changed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (whis_dictations_get_last_text (fixture->dictations), ==, "a newer text");
  g_signal_handler_disconnect (fixture->dictations, handler);
}

/* What was said in this run is the last text, also where the clock was turned back since. */
static void
test_recalled_too_late (Fixture *fixture, gconstpointer data)
{
  WhisDictation *dictation;
  g_autoptr (WhisRecord) read_behind = NULL;

  put_text (fixture->history, "old", g_get_real_time () / 1000 + DAY_MS, "an old text");
  dictations_fixture_plan_text (fixture, "a new text");
  dictation = dictations_fixture_say (fixture, QUIET);
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  whis_dictations_recall_last_text (fixture->dictations);
  /* Reads are answered in their order: first the list, then the entry. */
  flush_history (fixture->history);
  read_behind = get_record (fixture->history, "old");
  g_assert_cmpstr (whis_dictations_get_last_text (fixture->dictations), ==, "a new text");
}

/* --- cancelled -------------------------------------------------------------------------------- */

static void
test_cancelled_can_be_taken_back (Fixture *fixture, gconstpointer data)
{
  TestCapture *capture = dictations_fixture_record (fixture, QUIET);
  g_autoptr (WhisDictation) dictation =
      g_object_ref (whis_dictations_get_current (fixture->dictations));
  g_autofree char *id = NULL;

  test_capture_say (capture, TRUE);
  whis_dictation_cancel (dictation);
  while (!whis_dictations_can_undo_cancel (fixture->dictations))
    g_main_context_iteration (NULL, TRUE);
  id = whis_dictations_take_cancelled (fixture->dictations);
  g_assert_cmpstr (id, ==, whis_dictation_get_id (dictation));
  g_assert_null (whis_dictations_take_cancelled (fixture->dictations));
  g_assert_false (whis_dictations_can_undo_cancel (fixture->dictations));
}

/* Without sound there is nothing to take back. */
static void
test_cancelled_without_sound (Fixture *fixture, gconstpointer data)
{
  whis_dictation_cancel (dictations_fixture_start (fixture, QUIET));
  dictations_fixture_settle ();
  g_assert_null (whis_dictations_take_cancelled (fixture->dictations));
}

/* --- the end of all --------------------------------------------------------------------------- */

static void
test_interrupt_all (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisDictation) first = NULL;
  g_autoptr (WhisDictation) second = NULL;
  TestCapture *capture;
  g_autoptr (WhisRecord) entry = NULL;

  dictations_fixture_plan_hold (fixture, 2);
  first = g_object_ref (dictations_fixture_say (fixture, QUIET));
  dictations_fixture_wait_for_sounds (fixture, 1);
  capture = dictations_fixture_record (fixture, QUIET);
  test_capture_say (capture, TRUE);
  second = g_object_ref (whis_dictations_get_recording (fixture->dictations));

  whis_dictations_interrupt_all (fixture->dictations);
  g_assert_cmpint (whis_dictation_get_state (first), ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_cmpint (whis_dictation_get_state (second), ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_false (whis_dictations_are_busy (fixture->dictations));
  /* What is being said is heard to its end. */
  g_assert_true (whis_dictations_are_closing (fixture->dictations));
  assert_events (fixture, "added added idle ");
  test_capture_say (capture, TRUE);
  test_capture_finish (capture);
  while (whis_dictations_are_closing (fixture->dictations))
    g_main_context_iteration (NULL, TRUE);
  assert_events (fixture, "added added idle closed ");

  flush_history (fixture->history);
  entry = get_record (fixture->history, whis_dictation_get_id (second));
  g_assert_cmpint (entry->state, ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_true (entry->has_sound);

  /* The user presses the shortcut while Whis quits: better a refusal than a recording cut off. */
  g_assert_null (whis_dictations_start (fixture->dictations, NULL, &error));
  g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED);
  g_assert_false (whis_dictations_are_busy (fixture->dictations));
}

static void
test_interrupt_none (Fixture *fixture, gconstpointer data)
{
  whis_dictations_interrupt_all (fixture->dictations);
  g_assert_false (whis_dictations_are_closing (fixture->dictations));
  assert_events (fixture, "");
}

/* Two that were cancelled one after the other: nobody quits before both have their sound. */
static void
test_closing_two (Fixture *fixture, gconstpointer data)
{
  TestCapture *first = g_object_ref (dictations_fixture_record (fixture, QUIET));
  TestCapture *second;

  test_capture_say (first, TRUE);
  whis_dictation_cancel (whis_dictations_get_current (fixture->dictations));
  second = g_object_ref (dictations_fixture_record (fixture, QUIET));
  test_capture_say (second, TRUE);
  whis_dictation_cancel (whis_dictations_get_current (fixture->dictations));

  test_capture_finish (second);
  dictations_fixture_settle ();
  g_assert_true (whis_dictations_are_closing (fixture->dictations));
  assert_events (fixture, "added idle added idle ");
  test_capture_finish (first);
  while (whis_dictations_are_closing (fixture->dictations))
    g_main_context_iteration (NULL, TRUE);
  assert_events (fixture, "added idle added idle closed ");
  g_object_unref (first);
  g_object_unref (second);
}

/* The service answers after all was ended: nothing of it is written. */
static void
test_answer_after_interrupt (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisDictation) dictation = NULL;
  g_autoptr (WhisRecord) entry = NULL;

  dictations_fixture_plan_hold (fixture, 1);
  dictation = g_object_ref (dictations_fixture_say (fixture, QUIET));
  dictations_fixture_wait_for_sounds (fixture, 1);
  whis_dictations_interrupt_all (fixture->dictations);
  test_service_release (fixture->service);
  test_service_wait_active (fixture->service, 0);
  dictations_fixture_settle ();
  g_assert_cmpint (whis_dictation_get_state (dictation), ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_null (whis_dictation_get_text (dictation));
  flush_history (fixture->history);
  entry = get_record (fixture->history, whis_dictation_get_id (dictation));
  g_assert_cmpint (entry->state, ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_null (entry->text);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/dictations/" path, Fixture, NULL, dictations_fixture_set_up, function,             \
              dictations_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dictations_fixture_init ();

  ADD ("none", test_none);
  ADD ("one", test_one);
  ADD ("microphone-is-taken", test_microphone_is_taken);
  ADD ("several", test_several);
  ADD ("recording-goes-first", test_recording_goes_first);
  ADD ("last-text", test_last_text);
  ADD ("last-text/of-earlier-run", test_last_text_of_earlier_run);
  ADD ("last-text/recalled-too-late", test_recalled_too_late);
  ADD ("cancelled/can-be-taken-back", test_cancelled_can_be_taken_back);
  ADD ("cancelled/without-sound", test_cancelled_without_sound);
  ADD ("interrupt-all", test_interrupt_all);
  ADD ("interrupt-all/none", test_interrupt_none);
  ADD ("interrupt-all/answer-afterwards", test_answer_after_interrupt);
  ADD ("closing-two", test_closing_two);

  return g_test_run ();
}
