/* SPDX-License-Identifier: MIT */
#include "fake-capture.h"

#include <glib/gstdio.h>

/* The states of a capture, driven the way implementations and their users do: a test for each edge.
 */

typedef struct
{
  char *directory;
  WhisRecording *recording;
  WhisCapture *capture;
  guint n_started;
  guint n_chunks;
  guint n_ended;
  guint n_told; /* warnings, and that all is saved */
  GError *error;
} Fixture;

static void
started_cb (Fixture *fixture)
{
  fixture->n_started++;
}

static void
chunk_cb (Fixture *fixture)
{
  fixture->n_chunks++;
}

static void
told_cb (Fixture *fixture)
{
  fixture->n_told++;
}

static void
ended_cb (Fixture *fixture, const GError *error)
{
  fixture->n_ended++;
  if (error != NULL)
    fixture->error = g_error_copy (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  WhisCaptureOptions options = { .dictation = "one" };
  const WhisMicrophoneOptions microphone = { 0 };

  fixture->directory = g_dir_make_tmp ("whis-capture-XXXXXX", NULL);
  path = g_build_filename (fixture->directory, "one.mp3", NULL);
  fixture->recording = whis_recording_new (path);
  options.recording = fixture->recording;
  fixture->capture = test_capture_kinds.new_microphone (&options, &microphone);
  g_signal_connect_swapped (fixture->capture, "started", G_CALLBACK (started_cb), fixture);
  g_signal_connect_swapped (fixture->capture, "chunk", G_CALLBACK (chunk_cb), fixture);
  g_signal_connect_swapped (fixture->capture, "warning", G_CALLBACK (told_cb), fixture);
  g_signal_connect_swapped (fixture->capture, "saved", G_CALLBACK (told_cb), fixture);
  g_signal_connect_swapped (fixture->capture, "ended", G_CALLBACK (ended_cb), fixture);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Whatever became of it, it does not keep itself alive. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  settle ();
  g_assert_finalize_object (fixture->capture);
  g_unlink (whis_recording_get_path (fixture->recording));
  g_assert_finalize_object (fixture->recording);
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_clear_error (&fixture->error);
}

#define assert_state(fixture, state)                                                               \
  g_assert_cmpint (whis_capture_get_state ((fixture)->capture), ==, WHIS_CAPTURE_STATE_##state)

static void
start (Fixture *fixture)
{
  assert_state (fixture, NEW);
  g_assert_true (whis_capture_start (fixture->capture, NULL));
  assert_state (fixture, STARTING);
}

static void
record (Fixture *fixture)
{
  start (fixture);
  test_capture_begin (TEST_CAPTURE (fixture->capture));
  assert_state (fixture, RECORDING);
  g_assert_cmpuint (fixture->n_started, ==, 1);
}

static void
lose_microphone (Fixture *fixture)
{
  record (fixture);
  whis_capture_set_state (fixture->capture, WHIS_CAPTURE_STATE_SWITCHING);
  assert_state (fixture, SWITCHING);
}

/* After the end nothing is told, and nothing can be stopped. */
static void
assert_ended (Fixture *fixture)
{
  const guint n_chunks = fixture->n_chunks;

  assert_state (fixture, ENDED);
  g_assert_cmpuint (fixture->n_ended, ==, 1);
  test_capture_say (TEST_CAPTURE (fixture->capture), TRUE);
  whis_capture_stop (fixture->capture);
  whis_capture_close (fixture->capture);
  whis_capture_end (fixture->capture);
  whis_capture_cancel (fixture->capture);
  assert_state (fixture, ENDED);
  g_assert_cmpuint (fixture->n_ended, ==, 1);
  g_assert_cmpuint (fixture->n_chunks, ==, n_chunks);
}

static void
test_stopped (Fixture *fixture, gconstpointer data)
{
  record (fixture);
  test_capture_say (TEST_CAPTURE (fixture->capture), TRUE);
  whis_capture_stop (fixture->capture);
  assert_state (fixture, STOPPING);
  test_capture_say (TEST_CAPTURE (fixture->capture), TRUE);
  test_capture_finish (TEST_CAPTURE (fixture->capture));
  g_assert_cmpuint (fixture->n_chunks, ==, 2);
  g_assert_no_error (fixture->error);
  assert_ended (fixture);
}

static void
test_stopped_at_start (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  whis_capture_stop (fixture->capture);
  assert_state (fixture, STOPPING);
  test_capture_begin (TEST_CAPTURE (fixture->capture));
  assert_state (fixture, STOPPING);
  test_capture_finish (TEST_CAPTURE (fixture->capture));
  assert_ended (fixture);
}

/* What takes longer to stop than it may is closed. */
static void
test_stop_expires (Fixture *fixture, gconstpointer data)
{
  record (fixture);
  whis_capture_stop (fixture->capture);
  while (fixture->n_ended == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (whis_capture_get_state (fixture->capture), >=, WHIS_CAPTURE_STATE_STOPPING);
    }
  assert_ended (fixture);
}

static void
test_closed_at_start (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  whis_capture_close (fixture->capture);
  assert_state (fixture, CLOSING);
  whis_capture_close (fixture->capture);
  settle ();
  g_assert_cmpuint (fixture->n_started, ==, 0);
  assert_ended (fixture);
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  record (fixture);
  whis_capture_close (fixture->capture);
  assert_state (fixture, CLOSING);
  test_capture_say (TEST_CAPTURE (fixture->capture), TRUE);
  g_assert_cmpuint (fixture->n_chunks, ==, 1);
  settle ();
  assert_ended (fixture);
}

static void
test_closed_while_stopping (Fixture *fixture, gconstpointer data)
{
  record (fixture);
  whis_capture_stop (fixture->capture);
  whis_capture_close (fixture->capture);
  assert_state (fixture, CLOSING);
  settle ();
  assert_ended (fixture);
}

static void
test_switched (Fixture *fixture, gconstpointer data)
{
  lose_microphone (fixture);
  whis_capture_emit_started (fixture->capture, 0);
  assert_state (fixture, RECORDING);
  g_assert_cmpuint (fixture->n_started, ==, 1);
  test_capture_finish (TEST_CAPTURE (fixture->capture));
  assert_ended (fixture);
}

/* Nothing comes of which a tail could be recorded. */
static void
test_stopped_while_switching (Fixture *fixture, gconstpointer data)
{
  lose_microphone (fixture);
  whis_capture_stop (fixture->capture);
  assert_state (fixture, CLOSING);
  settle ();
  assert_ended (fixture);
}

static void
test_failed_at_start (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  test_capture_fail (TEST_CAPTURE (fixture->capture), WHIS_AUDIO_ERROR_NO_MICROPHONE);
  g_assert_error (fixture->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE);
  assert_ended (fixture);
}

/* The first error is told. */
static void
test_failed (Fixture *fixture, gconstpointer data)
{
  record (fixture);
  whis_capture_take_error (
      fixture->capture, g_error_new_literal (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_DEVICE, "First"));
  test_capture_fail (TEST_CAPTURE (fixture->capture), WHIS_AUDIO_ERROR_STORAGE);
  g_assert_error (fixture->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_DEVICE);
  assert_ended (fixture);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  const guint steps = GPOINTER_TO_UINT (data);

  if (steps == 1)
    start (fixture);
  else if (steps == 2)
    record (fixture);
  else if (steps == 3)
    lose_microphone (fixture);
  else if (steps > 3)
    record (fixture);
  if (steps >= 4)
    whis_capture_stop (fixture->capture);
  if (steps == 5)
    whis_capture_close (fixture->capture);
  whis_capture_cancel (fixture->capture);
  assert_state (fixture, ENDED);
  settle ();
  whis_capture_emit_warning (fixture->capture, "nobody hears this");
  whis_capture_emit_saved (fixture->capture);
  g_assert_cmpuint (fixture->n_told, ==, 0);
  g_assert_cmpuint (fixture->n_ended, ==, 0);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/capture/" path, Fixture, NULL, set_up, function, tear_down)
#define ADD_CANCELLED(path, steps)                                                                 \
  g_test_add ("/capture/cancelled/" path, Fixture, GUINT_TO_POINTER (steps), set_up,               \
              test_cancelled, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("stopped", test_stopped);
  ADD ("stopped-at-start", test_stopped_at_start);
  ADD ("stopped-while-switching", test_stopped_while_switching);
  ADD ("stop-expires", test_stop_expires);
  ADD ("closed", test_closed);
  ADD ("closed-at-start", test_closed_at_start);
  ADD ("closed-while-stopping", test_closed_while_stopping);
  ADD ("switched", test_switched);
  ADD ("failed", test_failed);
  ADD ("failed-at-start", test_failed_at_start);
  ADD_CANCELLED ("new", 0);
  ADD_CANCELLED ("starting", 1);
  ADD_CANCELLED ("recording", 2);
  ADD_CANCELLED ("switching", 3);
  ADD_CANCELLED ("stopping", 4);
  ADD_CANCELLED ("closing", 5);

  return g_test_run ();
}
