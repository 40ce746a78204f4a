/* SPDX-License-Identifier: MIT */
#include "continuous.h"

#include "dictations-fixture.h"
#include "failure.h"
#include "history-fixture.h"

/* Passages of a continuous dictation, with captures that have a pause when a test says so. */

#define CONTINUOUS "{'deliver': <false>, 'continuous': <true>}"
#define PAUSE_MS 1500

/* What is stopped within a third of a second is an accident. */
#define LONGEST_ACCIDENT_US (G_USEC_PER_SEC / 3 + 1000)

typedef struct
{
  DictationsFixture base;
  WhisContinuous *continuous;
  GPtrArray *passages; /* of WhisDictation, in the order of their start */
  GString *problems;
  char *reason; /* why it has ended */
} Fixture;

static void
added_cb (Fixture *fixture, WhisDictation *dictation)
{
  g_ptr_array_add (fixture->passages, g_object_ref (dictation));
}

static void
problem_cb (Fixture *fixture, const GError *error)
{
  g_string_append_printf (fixture->problems, "%s\n", error->message);
}

static void
ended_cb (Fixture *fixture, const char *reason)
{
  g_assert_null (fixture->reason);
  fixture->reason = g_strdup (reason);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  dictations_fixture_set_up (&fixture->base, data);
  fixture->passages = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->problems = g_string_new (NULL);
  fixture->continuous = whis_continuous_new (fixture->base.settings, fixture->base.dictations);
  g_signal_connect_swapped (fixture->continuous, "problem", G_CALLBACK (problem_cb), fixture);
  g_signal_connect_swapped (fixture->continuous, "ended", G_CALLBACK (ended_cb), fixture);
  g_signal_connect_swapped (fixture->base.dictations, "added", G_CALLBACK (added_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (fixture->base.dictations, fixture);
  g_clear_object (&fixture->continuous);
  g_ptr_array_unref (fixture->passages);
  g_string_free (fixture->problems, TRUE);
  g_free (fixture->reason);
  dictations_fixture_tear_down (&fixture->base, data);
}

static WhisDictation *
get_passage (Fixture *fixture, guint n)
{
  g_assert_cmpuint (n, <, fixture->passages->len);

  return g_ptr_array_index (fixture->passages, n);
}

static void
assert_state (Fixture *fixture, guint n, WhisDictationState state)
{
  g_assert_cmpint (whis_dictation_get_state (get_passage (fixture, n)), ==, (int) state);
}

static void
wait_for_state (Fixture *fixture, guint n, WhisDictationState state)
{
  dictations_fixture_wait_for (get_passage (fixture, n), state);
}

/* The first passage, at a pause. Returns the capture of the second, which has not begun. */
static TestCapture *
pause_first (Fixture *fixture, TestCapture **former)
{
  *former = g_object_ref (dictations_fixture_record (&fixture->base, CONTINUOUS));
  test_capture_say (*former, TRUE);
  test_capture_pause (*former, PAUSE_MS);
  g_assert_cmpuint (fixture->passages->len, ==, 2);
  assert_state (fixture, 0, WHIS_DICTATION_STATE_RECORDING);
  assert_state (fixture, 1, WHIS_DICTATION_STATE_STARTING);

  return test_capture_get_newest ();
}

/* Nothing is left of a passage: no sound, and no entry. */
static void
assert_forgotten (Fixture *fixture, guint n)
{
  const WhisRecord *record = whis_dictation_get_record (get_passage (fixture, n));
  g_autofree char *path =
      whis_history_dup_sound_path (fixture->base.history, record->id, record->is_lossless);

  flush_history (fixture->base.history);
  g_assert_false (has_record (fixture->base.history, record->id));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_each_pause (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestCapture) former = NULL;
  TestCapture *next;

  dictations_fixture_plan_text (&fixture->base, "first");
  dictations_fixture_plan_text (&fixture->base, "second");
  next = pause_first (fixture, &former);
  g_assert_true (whis_dictations_get_recording (fixture->base.dictations)
                 == get_passage (fixture, 0));
  test_capture_begin (next);
  assert_state (fixture, 0, WHIS_DICTATION_STATE_TRANSCRIBING);
  assert_state (fixture, 1, WHIS_DICTATION_STATE_RECORDING);
  wait_for_state (fixture, 0, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (whis_dictation_get_text (get_passage (fixture, 0)), ==, "first");

  test_capture_say (next, TRUE);
  whis_dictation_stop (whis_dictations_get_recording (fixture->base.dictations));
  test_capture_finish (next);
  wait_for_state (fixture, 1, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (whis_dictation_get_text (get_passage (fixture, 1)), ==, "second");
  g_assert_cmpuint (fixture->passages->len, ==, 2);
  g_assert_cmpstr (fixture->problems->str, ==, "");
}

/* One that is not continuous has no passages. */
static void
test_other_dictation (Fixture *fixture, gconstpointer data)
{
  TestCapture *capture = dictations_fixture_record (&fixture->base, NULL);

  test_capture_say (capture, TRUE);
  test_capture_pause (capture, 100 * PAUSE_MS);
  g_assert_cmpuint (fixture->passages->len, ==, 1);
  assert_state (fixture, 0, WHIS_DICTATION_STATE_RECORDING);
}

/* In the middle of a split the whole is stopped: what was held is in the first passage. */
static void
test_stop_in_split (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestCapture) former = NULL;

  pause_first (fixture, &former);
  g_usleep (LONGEST_ACCIDENT_US);
  whis_dictation_stop (whis_dictations_get_recording (fixture->base.dictations));
  assert_state (fixture, 1, WHIS_DICTATION_STATE_CANCELLED);
  test_capture_finish (former);
  wait_for_state (fixture, 0, WHIS_DICTATION_STATE_DONE);
  g_assert_null (whis_dictations_get_recording (fixture->base.dictations));
  assert_forgotten (fixture, 1);
}

static void
test_cancel_in_split (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestCapture) former = NULL;

  pause_first (fixture, &former);
  whis_dictation_cancel (whis_dictations_lookup (fixture->base.dictations, ""));
  assert_state (fixture, 0, WHIS_DICTATION_STATE_CANCELLED);
  assert_state (fixture, 1, WHIS_DICTATION_STATE_CANCELLED);
  g_assert_null (whis_dictations_get_recording (fixture->base.dictations));
  test_capture_finish (former);
  assert_forgotten (fixture, 1);
}

/* By the id of the passage that is only about to begin. */
static void
test_stop_next (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestCapture) former = NULL;
  TestCapture *next = pause_first (fixture, &former);

  g_usleep (LONGEST_ACCIDENT_US);
  whis_dictation_stop (get_passage (fixture, 1));
  assert_state (fixture, 0, WHIS_DICTATION_STATE_TRANSCRIBING);
  test_capture_finish (next);
  test_capture_finish (former);
  wait_for_state (fixture, 0, WHIS_DICTATION_STATE_DONE);
  wait_for_state (fixture, 1, WHIS_DICTATION_STATE_CANCELLED);
  assert_forgotten (fixture, 1);
}

static void
test_cancel_next (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestCapture) former = NULL;

  pause_first (fixture, &former);
  whis_dictation_cancel (get_passage (fixture, 1));
  assert_state (fixture, 0, WHIS_DICTATION_STATE_CANCELLED);
  g_assert_null (whis_dictations_get_recording (fixture->base.dictations));
  test_capture_finish (former);
}

/* The next file cannot be made: what is said goes on where it was, and the next pause is another
 * chance. The user is told once. */
static void
test_next_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestCapture) former = NULL;
  TestCapture *next = pause_first (fixture, &former);

  test_capture_fail (next, WHIS_AUDIO_ERROR_STORAGE);
  assert_state (fixture, 0, WHIS_DICTATION_STATE_RECORDING);
  assert_state (fixture, 1, WHIS_DICTATION_STATE_CANCELLED);
  g_assert_false (test_capture_is_splitting (former));
  g_assert_cmpstr (fixture->problems->str, ==, "It broke.\n");
  assert_forgotten (fixture, 1);

  test_capture_pause (former, 2 * PAUSE_MS);
  g_assert_cmpuint (fixture->passages->len, ==, 2);
  test_capture_say (former, TRUE);
  test_capture_pause (former, 0);
  test_capture_pause (former, PAUSE_MS);
  g_assert_cmpuint (fixture->passages->len, ==, 3);
  test_capture_fail (test_capture_get_newest (), WHIS_AUDIO_ERROR_STORAGE);
  g_assert_cmpstr (fixture->problems->str, ==, "It broke.\n");

  test_capture_pause (former, 0);
  test_capture_pause (former, PAUSE_MS);
  test_capture_begin (test_capture_get_newest ());
  wait_for_state (fixture, 0, WHIS_DICTATION_STATE_DONE);
  assert_state (fixture, 3, WHIS_DICTATION_STATE_RECORDING);
}

/* A service that was removed from the settings meanwhile. */
static void
test_next_is_refused (Fixture *fixture, gconstpointer data)
{
  TestCapture *capture = dictations_fixture_record (&fixture->base, CONTINUOUS);

  test_capture_say (capture, TRUE);
  whis_settings_set_address (fixture->base.settings, "custom", "");
  test_capture_pause (capture, PAUSE_MS);
  assert_state (fixture, 0, WHIS_DICTATION_STATE_RECORDING);
  g_assert_false (test_capture_is_splitting (capture));
  g_assert_cmpstr (fixture->problems->str, !=, "");
  dictations_fixture_plug_in (&fixture->base);
}

/* The microphone breaks in the middle of a split. */
static void
test_former_breaks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestCapture) former = NULL;

  pause_first (fixture, &former);
  test_capture_fail (former, WHIS_AUDIO_ERROR_DEVICE);
  assert_state (fixture, 1, WHIS_DICTATION_STATE_CANCELLED);
  g_assert_null (whis_dictations_get_recording (fixture->base.dictations));
  assert_forgotten (fixture, 1);
}

/* The service quits in the middle of a split: what was said can be finished later. */
static void
test_interrupted_in_split (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestCapture) former = NULL;

  pause_first (fixture, &former);
  whis_dictations_interrupt_all (fixture->base.dictations);
  assert_state (fixture, 0, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_false (whis_dictations_are_busy (fixture->base.dictations));
  test_capture_finish (former);
  assert_forgotten (fixture, 1);
}

static void
test_nobody_speaks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestCapture) former = NULL;
  TestCapture *next;

  dictations_fixture_set (&fixture->base, "continuous-end", "20");
  next = pause_first (fixture, &former);
  test_capture_begin (next);
  test_capture_say (next, FALSE);
  test_capture_pause (next, 19900);
  g_assert_null (fixture->reason);
  assert_state (fixture, 1, WHIS_DICTATION_STATE_RECORDING);
  test_capture_pause (next, 20000);
  g_assert_cmpstr (fixture->reason, ==,
                   "Nobody has spoken for 20 seconds, so the microphone was closed.");
  g_assert_null (whis_dictations_get_recording (fixture->base.dictations));
  test_capture_finish (next);
  wait_for_state (fixture, 1, WHIS_DICTATION_STATE_CANCELLED);
  g_assert_error (whis_dictation_get_error (get_passage (fixture, 1)), WHIS_DICTATION_ERROR,
                  WHIS_DICTATION_ERROR_NO_SPEECH);
  g_assert_cmpstr (whis_dictation_get_error (get_passage (fixture, 1))->message, ==,
                   fixture->reason);
  assert_forgotten (fixture, 1);
}

/* Cancelled: what was said before the last pause is delivered. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestCapture) former = NULL;
  TestCapture *next;

  dictations_fixture_plan_hold (&fixture->base, 1);
  next = pause_first (fixture, &former);
  test_capture_begin (next);
  test_capture_say (next, TRUE);
  dictations_fixture_wait_for_sounds (&fixture->base, 1);
  whis_dictation_cancel (whis_dictations_lookup (fixture->base.dictations, ""));
  assert_state (fixture, 1, WHIS_DICTATION_STATE_CANCELLED);
  test_service_release (fixture->base.service);
  wait_for_state (fixture, 0, WHIS_DICTATION_STATE_DONE);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/continuous/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dictations_fixture_init ();

  ADD ("each-pause", test_each_pause);
  ADD ("other-dictation", test_other_dictation);
  ADD ("stop-in-split", test_stop_in_split);
  ADD ("cancel-in-split", test_cancel_in_split);
  ADD ("stop-next", test_stop_next);
  ADD ("cancel-next", test_cancel_next);
  ADD ("next-fails", test_next_fails);
  ADD ("next-is-refused", test_next_is_refused);
  ADD ("former-breaks", test_former_breaks);
  ADD ("interrupted-in-split", test_interrupted_in_split);
  ADD ("nobody-speaks", test_nobody_speaks);
  ADD ("cancel", test_cancel);

  return g_test_run ();
}
