/* SPDX-License-Identifier: MIT */
#include "dictation.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "failure.h"
#include "fake-backend.h"
#include "fake-capture.h"
#include "frame-format.h"
#include "read-sound.h"
#include "service-error.h"

/* One dictation with a fake capture, a fake service, and a history and a clipboard in a directory:
 * a test for each edge of its states, and one for each hand-over that can be interrupted. */

#define ID "20261130-120000-0000"

static char *top; /* of all directories */

/* The edges that any test went along. */
#define N_STATES (WHIS_DICTATION_STATE_INTERRUPTED + 1)
static gboolean seen[N_STATES][N_STATES];

typedef struct
{
  char *directory;
  WhisHistory *history;
  WhisKeyring *keyring;
  WhisClipboard *clipboard;
  WhisDelivery *delivery;
  WhisDeliveryQueue *queue;
  TestBackend *backend;
  WhisPool *pool;
  WhisFailover *failover;
  WhisRecord *record;
  char *file; /* what is transcribed in place of the microphone, or NULL */
  WhisDictation *dictation;
  WhisDictationState last_state;
  TestCapture *capture;
  GString *states;
  guint n_warnings;
  guint n_closed;
} Fixture;

/* A program in place of the one that sets the clipboard. */
static void
write_program (Fixture *fixture, const char *name, const char *script)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  g_autofree char *whole = g_strconcat ("#!/bin/sh\n", script, "\n", NULL);

  g_assert_true (g_file_set_contents_full (path, whole, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
}

static void
set_up_clipboard (Fixture *fixture)
{
  g_autofree char *script = g_strdup_printf ("exec /bin/cat > '%s/clipboard'", fixture->directory);

  write_program (fixture, "wl-copy", script);
  write_program (fixture, "wl-paste", "exit 1");
  fixture->clipboard = whis_clipboard_new ();
  whis_clipboard_set_environment (fixture->clipboard, "WAYLAND_DISPLAY", "wayland-test");
  whis_clipboard_set_environment (fixture->clipboard, "DISPLAY", NULL);
  whis_clipboard_set_environment (fixture->clipboard, "XDG_CURRENT_DESKTOP", NULL);
  whis_clipboard_set_environment (fixture->clipboard, "PATH", fixture->directory);
  fixture->delivery = whis_delivery_new (fixture->clipboard);
}

static void
set_up (Fixture *fixture, gconstpointer data /* id of the service, or NULL for Groq */)
{
  static guint n;

  fixture->directory = g_strdup_printf ("%s/%d-%u", top, (int) getpid (), n++);
  g_assert_cmpint (g_mkdir (fixture->directory, 0700), ==, 0);
  fixture->history = whis_history_new (fixture->directory);
  fixture->keyring = whis_keyring_new ();
  set_up_clipboard (fixture);
  fixture->queue = whis_delivery_queue_new ();
  fixture->backend = test_backend_new ("first.example");
  fixture->pool = whis_pool_new (WHIS_BACKEND (fixture->backend), 3);
  fixture->failover = whis_failover_new (whis_provider_lookup (data != NULL ? data : "groq"),
                                         fixture->pool, "whisper-1");
  fixture->record = whis_record_new (ID);
  fixture->record->deliver = TRUE;
  fixture->record->longest_chunk_ms = 30000;
  fixture->states = g_string_new ("idle");
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
gone_cb (gpointer data, GObject *was)
{
  *(gboolean *) data = TRUE;
}

/* What it has asked for, and what was cancelled, ends first. */
static void
forget_dictation (Fixture *fixture)
{
  gboolean gone = FALSE;

  if (fixture->dictation == NULL)
    return;

  g_signal_handlers_disconnect_by_data (fixture->dictation, fixture);
  g_object_weak_ref (G_OBJECT (fixture->dictation), gone_cb, &gone);
  g_clear_object (&fixture->dictation);
  while (!gone)
    g_main_context_iteration (NULL, TRUE);
  settle ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  settle ();
  forget_dictation (fixture);
  g_clear_object (&fixture->failover);
  g_assert_finalize_object (fixture->pool);
  g_assert_finalize_object (fixture->backend);
  g_assert_finalize_object (fixture->queue);
  g_object_unref (fixture->delivery);
  g_object_unref (fixture->clipboard);
  g_object_unref (fixture->keyring);
  g_object_unref (fixture->history);
  whis_record_free (fixture->record);
  g_string_free (fixture->states, TRUE);
  g_free (fixture->file);
  g_free (fixture->directory);
}

/* --- what is done ----------------------------------------------------------------------------- */

static void
state_cb (Fixture *fixture)
{
  WhisDictationState state = whis_dictation_get_state (fixture->dictation);

  seen[fixture->last_state][state] = TRUE;
  fixture->last_state = state;
  g_string_append_printf (
      fixture->states, " %s",
      whis_dictation_state_get_nick (whis_dictation_get_state (fixture->dictation)));
}

static void
warning_cb (Fixture *fixture)
{
  fixture->n_warnings++;
}

static void
closed_cb (Fixture *fixture)
{
  fixture->n_closed++;
}

static void
create (Fixture *fixture, WhisDictationPlan *plan)
{
  const WhisDictationParts parts = {
    .failover = fixture->failover,
    .keyring = fixture->keyring,
    .delivery = fixture->delivery,
    .history = fixture->history,
    .queue = fixture->queue,
    .captures = &test_capture_kinds,
  };

  plan->record = fixture->record;
  fixture->last_state = WHIS_DICTATION_STATE_IDLE;
  fixture->dictation = whis_dictation_new (plan, &parts);
  g_signal_connect_swapped (fixture->dictation, "notify::state", G_CALLBACK (state_cb), fixture);
  g_signal_connect_swapped (fixture->dictation, "warning", G_CALLBACK (warning_cb), fixture);
  g_signal_connect_swapped (fixture->dictation, "closed", G_CALLBACK (closed_cb), fixture);
}

static void
start_plan (Fixture *fixture, WhisDictationPlan *plan)
{
  create (fixture, plan);
  whis_dictation_start (fixture->dictation);
  fixture->capture = test_capture_get_newest ();
}

static void
start (Fixture *fixture)
{
  start_plan (fixture, &(WhisDictationPlan){ .file = -1, .lock = -1 });
}

/* From here on the sound comes. */
static void
start_recording (Fixture *fixture)
{
  start (fixture);
  test_capture_begin (fixture->capture);
}

static void
say (Fixture *fixture)
{
  test_capture_say (fixture->capture, TRUE);
}

/* All was said, and the recording ended by itself. */
static void
record_all (Fixture *fixture)
{
  start_recording (fixture);
  say (fixture);
  test_capture_finish (fixture->capture);
}

static gboolean
has_reached (Fixture *fixture, WhisDictationState state)
{
  return whis_dictation_get_state (fixture->dictation) == state;
}

static void
wait_for (Fixture *fixture, WhisDictationState state)
{
  while (!has_reached (fixture, state))
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_requests (Fixture *fixture, guint n)
{
  while (test_backend_get_n_requests (fixture->backend) < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_closed (Fixture *fixture)
{
  while (fixture->n_closed == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
plan_error (Fixture *fixture, int code)
{
  test_backend_plan (fixture->backend, &(TestBackendPlan){ .error_code = code });
}

static void
plan_text (Fixture *fixture, const char *text)
{
  test_backend_plan (fixture->backend, &(TestBackendPlan){ .text = text });
}

/* The service does not answer before it is told to. */
static void
hold_answers (Fixture *fixture)
{
  test_backend_set_default (fixture->backend, &(TestBackendPlan){ .text = "late", .hold = TRUE });
}

/* --- what came of it -------------------------------------------------------------------------- */

static void
flushed_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_assert_true (whis_history_flush_finish (WHIS_HISTORY (object), result, NULL));
  *(gboolean *) data = TRUE;
}

static void
flush (Fixture *fixture)
{
  gboolean done = FALSE;

  whis_history_flush_async (fixture->history, NULL, flushed_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
got_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

/* What the history knows; NULL if it has no such entry. */
static WhisRecord *
read_entry (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;

  flush (fixture);
  whis_history_get_async (fixture->history, ID, NULL, got_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_history_get_finish (fixture->history, result, NULL);
}

static void
assert_entry_state (Fixture *fixture, WhisDictationState state)
{
  g_autoptr (WhisRecord) entry = read_entry (fixture);

  g_assert_nonnull (entry);
  g_assert_cmpint (entry->state, ==, state);
}

static void
assert_clipboard (Fixture *fixture, const char *expected)
{
  g_autofree char *path = g_build_filename (fixture->directory, "clipboard", NULL);
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, expected);
}

static guint64
get_sound_size (Fixture *fixture)
{
  g_autofree char *path = whis_history_dup_sound_path (fixture->history, ID, FALSE);
  GStatBuf status;

  flush (fixture);

  return g_stat (path, &status) == 0 ? (guint64) status.st_size : 0;
}

static void
assert_code (Fixture *fixture, const char *code)
{
  const GError *error = whis_dictation_get_error (fixture->dictation);

  g_assert_nonnull (error);
  g_assert_cmpstr (whis_failure_get_code (error), ==, code);
}

#define assert_states(fixture, expected) g_assert_cmpstr ((fixture)->states->str, ==, expected)

/* --- edges ------------------------------------------------------------------------------------ */

static void
test_delivered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) entry = NULL;

  plan_text (fixture, "Hello there.");
  record_all (fixture);
  wait_for (fixture, WHIS_DICTATION_STATE_DONE);
  assert_states (fixture, "idle starting recording transcribing delivering done");
  assert_clipboard (fixture, "Hello there.");
  g_assert_cmpuint (fixture->n_closed, ==, 1);
  entry = read_entry (fixture);
  g_assert_cmpint (entry->state, ==, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (entry->text, ==, "Hello there.");
  g_assert_true (entry->delivered);
  g_assert_true (entry->complete);
  g_assert_cmpuint (get_sound_size (fixture), ==, TEST_CAPTURE_CHUNK_SIZE);
}

/* A dictation that is not to be delivered does not pass through that. */
static void
test_not_delivered (Fixture *fixture, gconstpointer data)
{
  fixture->record->deliver = FALSE;
  plan_text (fixture, "Hello there.");
  record_all (fixture);
  wait_for (fixture, WHIS_DICTATION_STATE_DONE);
  assert_states (fixture, "idle starting recording transcribing done");
  assert_clipboard (fixture, NULL);
}

static void
test_stopped (Fixture *fixture, gconstpointer data)
{
  start_recording (fixture);
  say (fixture);
  /* What is stopped within a third of a second is an accident. */
  g_usleep (G_USEC_PER_SEC / 3 + 1000);
  whis_dictation_stop (fixture->dictation);
  g_assert_true (has_reached (fixture, WHIS_DICTATION_STATE_TRANSCRIBING));
  g_assert_cmpint (whis_capture_get_state (WHIS_CAPTURE (fixture->capture)), ==,
                   WHIS_CAPTURE_STATE_STOPPING);
  say (fixture);
  test_capture_finish (fixture->capture);
  wait_for (fixture, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, 2);
  assert_clipboard (fixture, "words words");
}

static void
test_accident (Fixture *fixture, gconstpointer data)
{
  start_recording (fixture);
  whis_dictation_stop (fixture->dictation);
  assert_states (fixture, "idle starting recording cancelled");
  g_assert_error (whis_dictation_get_error (fixture->dictation), WHIS_DICTATION_ERROR,
                  WHIS_DICTATION_ERROR_ACCIDENT);
  g_assert_null (read_entry (fixture));
  g_assert_cmpuint (get_sound_size (fixture), ==, 0);
}

static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "memo.ogg", NULL);
  int file;

  g_assert_true (g_file_set_contents (path, "sound", -1, NULL));
  file = g_open (path, O_RDONLY | O_CLOEXEC);
  fixture->record->is_file = TRUE;
  start_plan (fixture, &(WhisDictationPlan){ .file = file, .lock = -1 });
  close (file);
  g_assert_cmpint (test_capture_get_kind (fixture->capture), ==, TEST_CAPTURE_FILE);
  assert_states (fixture, "idle starting transcribing");
  test_capture_begin (fixture->capture);
  say (fixture);
  test_capture_finish (fixture->capture);
  wait_for (fixture, WHIS_DICTATION_STATE_DONE);
  assert_states (fixture, "idle starting transcribing delivering done");
}

static void
test_no_microphone (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  test_capture_fail (fixture->capture, WHIS_AUDIO_ERROR_NO_MICROPHONE);
  assert_states (fixture, "idle starting failed");
  assert_code (fixture, "device");
  g_assert_null (read_entry (fixture));
}

static void
test_broken_without_words (Fixture *fixture, gconstpointer data)
{
  start_recording (fixture);
  test_capture_fail (fixture->capture, WHIS_AUDIO_ERROR_DEVICE);
  assert_states (fixture, "idle starting recording failed");
}

/* What was heard before the microphone went away is delivered, with a mark. */
static void
test_broken_with_words (Fixture *fixture, gconstpointer data)
{
  start_recording (fixture);
  say (fixture);
  test_capture_fail (fixture->capture, WHIS_AUDIO_ERROR_DEVICE);
  wait_for (fixture, WHIS_DICTATION_STATE_FAILED);
  assert_states (fixture, "idle starting recording transcribing delivering failed");
  assert_clipboard (fixture, "words […]");
  assert_code (fixture, "device");
}

static void
test_cancelled_at_start (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  whis_dictation_cancel (fixture->dictation);
  assert_states (fixture, "idle starting cancelled");
}

static void
test_interrupted_at_start (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  whis_dictation_interrupt (fixture->dictation);
  assert_states (fixture, "idle starting interrupted");
}

/* Nobody is told that there is no speech before all of it was heard. */
static void
test_no_speech (Fixture *fixture, gconstpointer data)
{
  start_recording (fixture);
  test_capture_say (fixture->capture, FALSE);
  test_capture_finish (fixture->capture);
  wait_for (fixture, WHIS_DICTATION_STATE_FAILED);
  assert_states (fixture, "idle starting recording transcribing failed");
  assert_code (fixture, "no-speech");
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, 0);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  plan_error (fixture, WHIS_SERVICE_ERROR_WRONG_KEY);
  record_all (fixture);
  wait_for (fixture, WHIS_DICTATION_STATE_FAILED);
  assert_states (fixture, "idle starting recording transcribing failed");
  assert_entry_state (fixture, WHIS_DICTATION_STATE_FAILED);
  g_assert_cmpuint (get_sound_size (fixture), ==, TEST_CAPTURE_CHUNK_SIZE);
  g_assert_cmpuint (fixture->n_warnings, ==, 1);
}

static void
test_waiting (Fixture *fixture, gconstpointer data)
{
  plan_error (fixture, WHIS_SERVICE_ERROR_NETWORK);
  record_all (fixture);
  wait_for (fixture, WHIS_DICTATION_STATE_WAITING);
  assert_states (fixture, "idle starting recording transcribing waiting");
  assert_entry_state (fixture, WHIS_DICTATION_STATE_WAITING);
  g_assert_true (whis_dictation_can_resume (fixture->dictation));
}

/* A part is missing that may come later: what there is is delivered, and the rest waits. */
static void
test_waiting_with_gap (Fixture *fixture, gconstpointer data)
{
  start_recording (fixture);
  plan_text (fixture, "First.");
  say (fixture);
  wait_for_requests (fixture, 1);
  plan_error (fixture, WHIS_SERVICE_ERROR_NETWORK);
  say (fixture);
  test_capture_finish (fixture->capture);
  wait_for (fixture, WHIS_DICTATION_STATE_WAITING);
  assert_states (fixture, "idle starting recording transcribing delivering waiting");
  assert_clipboard (fixture, "First. […]");
}

static void
test_clipboard_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) entry = NULL;

  write_program (fixture, "wl-copy", "exit 1");
  record_all (fixture);
  wait_for (fixture, WHIS_DICTATION_STATE_FAILED);
  assert_states (fixture, "idle starting recording transcribing delivering failed");
  entry = read_entry (fixture);
  g_assert_cmpstr (entry->text, ==, "words");
  g_assert_false (entry->delivered);
}

/* --- interrupted hand-overs ------------------------------------------------------------------- */

/* What was said is recorded to its end, and kept. */
static void
test_cancelled_while_recording (Fixture *fixture, gconstpointer data)
{
  hold_answers (fixture);
  start_recording (fixture);
  say (fixture);
  wait_for_requests (fixture, 1);
  whis_dictation_cancel (fixture->dictation);
  assert_states (fixture, "idle starting recording cancelled");
  g_assert_true (whis_dictation_is_closing (fixture->dictation));
  g_assert_false (whis_dictation_has_all_sound (fixture->dictation));
  say (fixture);
  test_capture_finish (fixture->capture);
  wait_for_closed (fixture);
  g_assert_false (whis_dictation_is_closing (fixture->dictation));
  settle ();
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backend), ==, 1);
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, 1);
  assert_entry_state (fixture, WHIS_DICTATION_STATE_CANCELLED);
  g_assert_cmpuint (get_sound_size (fixture), ==, 2 * TEST_CAPTURE_CHUNK_SIZE);
}

static void
test_cancelled_while_transcribing (Fixture *fixture, gconstpointer data)
{
  hold_answers (fixture);
  record_all (fixture);
  wait_for_requests (fixture, 1);
  whis_dictation_cancel (fixture->dictation);
  assert_states (fixture, "idle starting recording transcribing cancelled");
  settle ();
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backend), ==, 1);
  assert_clipboard (fixture, NULL);
  g_assert_cmpuint (get_sound_size (fixture), ==, TEST_CAPTURE_CHUNK_SIZE);
}

/* What sets the clipboard says that it has begun, and then does not end. */
static void
begin_delivery (Fixture *fixture)
{
  g_autofree char *begun = g_build_filename (fixture->directory, "begun", NULL);
  g_autofree char *script = g_strdup_printf ("echo > '%s'; exec /bin/sleep 1000", begun);
  g_autoptr (GFile) file = g_file_new_for_path (begun);
  g_autoptr (GFileMonitor) monitor = NULL;

  write_program (fixture, "wl-copy", script);
  monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  g_assert_nonnull (monitor);
  record_all (fixture);
  while (!g_file_query_exists (file, NULL))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (has_reached (fixture, WHIS_DICTATION_STATE_DELIVERING));
}

static void
test_cancelled_while_delivering (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) entry = NULL;

  begin_delivery (fixture);
  whis_dictation_cancel (fixture->dictation);
  assert_states (fixture, "idle starting recording transcribing delivering cancelled");
  entry = read_entry (fixture);
  g_assert_cmpstr (entry->text, ==, "words");
  g_assert_false (entry->delivered);
}

/* Nobody will know whether the text arrived: it is offered, and not delivered once more. */
static void
test_interrupted_while_delivering (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) entry = NULL;

  begin_delivery (fixture);
  whis_dictation_interrupt (fixture->dictation);
  assert_states (fixture, "idle starting recording transcribing delivering done");
  g_assert_true (whis_dictation_offers (fixture->dictation));
  entry = read_entry (fixture);
  g_assert_false (entry->delivered);
}

static void
test_interrupted_while_recording (Fixture *fixture, gconstpointer data)
{
  start_recording (fixture);
  say (fixture);
  whis_dictation_interrupt (fixture->dictation);
  assert_states (fixture, "idle starting recording interrupted");
  test_capture_finish (fixture->capture);
  wait_for_closed (fixture);
  assert_entry_state (fixture, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_cmpuint (get_sound_size (fixture), ==, TEST_CAPTURE_CHUNK_SIZE);
}

static void
test_interrupted_while_transcribing (Fixture *fixture, gconstpointer data)
{
  hold_answers (fixture);
  record_all (fixture);
  wait_for_requests (fixture, 1);
  whis_dictation_interrupt (fixture->dictation);
  assert_states (fixture, "idle starting recording transcribing interrupted");
  assert_entry_state (fixture, WHIS_DICTATION_STATE_INTERRUPTED);
}

/* The service ended in mid-sentence; what it knew is all that the next one has. */
static void
test_resumed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) entry = NULL;
  const WhisRecutStart *cut;

  start_recording (fixture);
  plan_text (fixture, "First.");
  say (fixture);
  wait_for_requests (fixture, 1);
  settle ();
  whis_dictation_interrupt (fixture->dictation);
  say (fixture);
  test_capture_finish (fixture->capture);
  wait_for_closed (fixture);
  entry = read_entry (fixture);
  g_assert_cmpuint (entry->chunks->len, ==, 1);

  forget_dictation (fixture);
  g_clear_object (&fixture->failover);
  fixture->failover =
      whis_failover_new (whis_provider_lookup ("groq"), fixture->pool, "whisper-large-v3");
  whis_record_free (fixture->record);
  fixture->record = g_steal_pointer (&entry);
  g_string_assign (fixture->states, "idle");
  start_plan (fixture, &(WhisDictationPlan){ .mode = WHIS_DICTATION_MODE_RESUME,
                                             .file = -1,
                                             .lock = -1,
                                             .sound_size = 2 * TEST_CAPTURE_CHUNK_SIZE });
  g_assert_cmpint (test_capture_get_kind (fixture->capture), ==, TEST_CAPTURE_RECUT);
  cut = test_capture_get_recut_start (fixture->capture);
  g_assert_cmpuint (cut->index, ==, 1);
  g_assert_cmpuint (cut->offset, ==, TEST_CAPTURE_CHUNK_SIZE);
  g_assert_cmpuint (cut->ms, ==, TEST_CAPTURE_CHUNK_MS);

  plan_text (fixture, "Second.");
  test_capture_begin (fixture->capture);
  say (fixture);
  test_capture_finish (fixture->capture);
  wait_for (fixture, WHIS_DICTATION_STATE_DONE);
  assert_states (fixture, "idle starting transcribing delivering done");
  assert_clipboard (fixture, "First. Second.");
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, 2);
}

/* Everything had been cut: nothing is opened, and only what has no text is sent. */
static void
test_resumed_at_end (Fixture *fixture, gconstpointer data)
{
  plan_error (fixture, WHIS_SERVICE_ERROR_NETWORK);
  record_all (fixture);
  wait_for (fixture, WHIS_DICTATION_STATE_WAITING);
  whis_record_free (fixture->record);
  fixture->record = read_entry (fixture);
  forget_dictation (fixture);
  g_clear_object (&fixture->failover);
  fixture->failover =
      whis_failover_new (whis_provider_lookup ("groq"), fixture->pool, "whisper-large-v3");
  g_string_assign (fixture->states, "idle");
  g_assert_null (test_capture_get_newest ());
  start_plan (fixture, &(WhisDictationPlan){ .mode = WHIS_DICTATION_MODE_RESUME,
                                             .offer = TRUE,
                                             .file = -1,
                                             .lock = -1,
                                             .sound_size = TEST_CAPTURE_CHUNK_SIZE });
  g_assert_null (fixture->capture);
  wait_for (fixture, WHIS_DICTATION_STATE_DONE);
  assert_states (fixture, "idle starting transcribing done");
  assert_clipboard (fixture, NULL);
  g_assert_cmpstr (whis_dictation_get_text (fixture->dictation), ==, "words");
}

/* What is spoken is recorded in any case. */
static void
test_key_missing (Fixture *fixture, gconstpointer data)
{
  record_all (fixture);
  wait_for (fixture, WHIS_DICTATION_STATE_FAILED);
  assert_states (fixture, "idle starting recording transcribing failed");
  assert_code (fixture, "key-missing");
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, 0);
  g_assert_cmpuint (get_sound_size (fixture), ==, TEST_CAPTURE_CHUNK_SIZE);
}

static void
limit_file_size (rlim_t bytes)
{
  struct rlimit limit = { bytes, RLIM_INFINITY };

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
assert_sound (const WhisSpeechRequest *request, guint8 expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = read_sound (request->sound, request->offset, request->size, &error);
  const guint8 *data;

  g_assert_no_error (error);
  data = g_bytes_get_data (bytes, NULL);
  g_assert_cmpuint (data[0], ==, expected);
  g_assert_cmpuint (data[request->size - 1], ==, expected);
}

/* What the disk does not take is sent from memory, and is saved when there is room. */
static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  const rlim_t limit = 1024 * 1024;
  const guint n = 100;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  limit_file_size (limit);
  start_recording (fixture);
  for (guint i = 0; i < n; i++)
    {
      say (fixture);
      wait_for_requests (fixture, i + 1);
      assert_sound (test_backend_get_request (fixture->backend, i), (guint8) i);
    }
  g_object_ref (fixture->capture);
  test_capture_finish (fixture->capture);
  wait_for (fixture, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpuint (get_sound_size (fixture), <=, limit);
  g_assert_true (whis_dictation_can_resume (fixture->dictation));

  limit_file_size (RLIM_INFINITY);
  g_assert_true (test_capture_save (fixture->capture));
  g_assert_cmpuint (get_sound_size (fixture), ==, n * TEST_CAPTURE_CHUNK_SIZE);
  settle ();
  g_object_unref (fixture->capture);
}

/* --- order of delivery ------------------------------------------------------------------------ */

/* Somebody spoke before: the text waits for its turn. */
static void
test_in_turn (Fixture *fixture, gconstpointer data)
{
  int before;

  whis_delivery_queue_enter (fixture->queue, &before);
  record_all (fixture);
  while (whis_dictation_get_text (fixture->dictation) == NULL)
    g_main_context_iteration (NULL, TRUE);
  settle ();
  assert_states (fixture, "idle starting recording transcribing");
  whis_delivery_queue_leave (fixture->queue, &before);
  wait_for (fixture, WHIS_DICTATION_STATE_DONE);
  assert_clipboard (fixture, "words");
}

static void
assert_every_edge_was_tested (void)
{
  const WhisStateTable *table = whis_dictation_state_get_table ();

  for (int from = 0; from < N_STATES; from++)
    for (int to = 0; to < N_STATES; to++)
      if (whis_state_table_may_follow (table, from, to) && !seen[from][to])
        g_error ("No test goes from %s to %s", whis_state_table_get_nick (table, from),
                 whis_state_table_get_nick (table, to));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/dictation/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  const gboolean is_whole = argc == 1;
  int status;
  g_autofree char *command = NULL;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("GROQ_API_KEY", "test-key", TRUE);
  g_unsetenv ("OPENAI_API_KEY");
  /* There is no keyring. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  top = g_dir_make_tmp ("whis-dictation-XXXXXX", NULL);

  ADD ("delivered", test_delivered);
  ADD ("not-delivered", test_not_delivered);
  ADD ("stopped", test_stopped);
  ADD ("accident", test_accident);
  ADD ("file", test_file);
  ADD ("no-microphone", test_no_microphone);
  ADD ("broken/without-words", test_broken_without_words);
  ADD ("broken/with-words", test_broken_with_words);
  ADD ("no-speech", test_no_speech);
  ADD ("refused", test_refused);
  ADD ("waiting/without-text", test_waiting);
  ADD ("waiting/with-gap", test_waiting_with_gap);
  ADD ("clipboard-fails", test_clipboard_fails);
  ADD ("cancelled/at-start", test_cancelled_at_start);
  ADD ("cancelled/while-recording", test_cancelled_while_recording);
  ADD ("cancelled/while-transcribing", test_cancelled_while_transcribing);
  ADD ("cancelled/while-delivering", test_cancelled_while_delivering);
  ADD ("interrupted/at-start", test_interrupted_at_start);
  ADD ("interrupted/while-recording", test_interrupted_while_recording);
  ADD ("interrupted/while-transcribing", test_interrupted_while_transcribing);
  ADD ("interrupted/while-delivering", test_interrupted_while_delivering);
  ADD ("resumed/in-the-middle", test_resumed);
  ADD ("resumed/at-the-end", test_resumed_at_end);
  g_test_add ("/dictation/key-missing", Fixture, "openai", set_up, test_key_missing, tear_down);
  ADD ("disk-full", test_disk_full);
  ADD ("in-turn", test_in_turn);
  status = g_test_run ();
  if (is_whole && status == 0)
    assert_every_edge_was_tested ();

  command = g_strdup_printf ("rm -rf '%s'", top);
  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
  g_free (top);

  return status;
}
