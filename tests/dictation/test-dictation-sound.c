/* SPDX-License-Identifier: MIT */
#include "dictation-sound.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <sys/file.h>

#include "fake-capture.h"

/* The sound of one dictation with a fake capture: which capture it takes, what it tells, who has
 * its file, and what is left of it. */

#define ID "20261130-120000-0000"

static char *top; /* of all directories */

typedef struct
{
  char *directory;
  WhisHistory *history;
  WhisRecord *record;
  WhisDictationSound *sound;
  TestCapture *capture;
  GString *events;
  GError *error; /* of the end */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static guint n;

  fixture->directory = g_strdup_printf ("%s/%u", top, n++);
  g_assert_cmpint (g_mkdir (fixture->directory, 0700), ==, 0);
  fixture->history = whis_history_new (fixture->directory);
  fixture->record = whis_record_new (ID);
  fixture->record->longest_chunk_ms = 30000;
  fixture->events = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->sound);
  whis_record_free (fixture->record);
  g_object_unref (fixture->history);
  g_string_free (fixture->events, TRUE);
  g_clear_error (&fixture->error);
  g_free (fixture->directory);
}

static void
started_cb (Fixture *fixture)
{
  g_string_append (fixture->events, " started");
}

static void
level_cb (Fixture *fixture)
{
  g_string_append (fixture->events, " level");
}

static void
chunk_cb (Fixture *fixture, const WhisChunk *chunk)
{
  g_string_append_printf (fixture->events, " chunk-%u", chunk->index);
}

static void
silent_cb (Fixture *fixture)
{
  g_string_append (fixture->events,
                   whis_dictation_sound_get_silent (fixture->sound) ? " silent" : " audible");
}

static void
warning_cb (Fixture *fixture, const char *sentence)
{
  g_string_append_printf (fixture->events, " %s", sentence);
}

static void
warning_passed_cb (Fixture *fixture, const char *sentence)
{
  g_string_append_printf (fixture->events, " not-%s", sentence);
}

static void
ended_cb (Fixture *fixture, const GError *error)
{
  g_string_append (fixture->events, " ended");
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
create (Fixture *fixture, WhisDictationPlan *plan)
{
  plan->record = fixture->record;
  fixture->sound = whis_dictation_sound_new (plan, fixture->history, &test_capture_kinds);
  g_signal_connect_swapped (fixture->sound, "started", G_CALLBACK (started_cb), fixture);
  g_signal_connect_swapped (fixture->sound, "level", G_CALLBACK (level_cb), fixture);
  g_signal_connect_swapped (fixture->sound, "chunk", G_CALLBACK (chunk_cb), fixture);
  g_signal_connect_swapped (fixture->sound, "notify::silent", G_CALLBACK (silent_cb), fixture);
  g_signal_connect_swapped (fixture->sound, "warning", G_CALLBACK (warning_cb), fixture);
  g_signal_connect_swapped (fixture->sound, "warning-passed", G_CALLBACK (warning_passed_cb),
                            fixture);
  g_signal_connect_swapped (fixture->sound, "ended", G_CALLBACK (ended_cb), fixture);
}

static void
start_plan (Fixture *fixture, WhisDictationPlan *plan)
{
  g_autoptr (GError) error = NULL;

  create (fixture, plan);
  g_assert_true (whis_dictation_sound_start (fixture->sound, fixture->record,
                                             &whis_model_profile_whisper, 0, &error));
  g_assert_no_error (error);
  fixture->capture = test_capture_get_newest ();
}

/* The microphone is open, and gave one chunk. */
static void
record_one (Fixture *fixture)
{
  start_plan (fixture, &(WhisDictationPlan){ .file = -1, .lock = -1 });
  test_capture_begin (fixture->capture);
  test_capture_say (fixture->capture, TRUE);
}

static void
flushed_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_assert_true (whis_history_flush_finish (WHIS_HISTORY (object), result, NULL));
  *(gboolean *) data = TRUE;
}

/* What was asked of the history is done. */
static void
flush (Fixture *fixture)
{
  gboolean done = FALSE;

  whis_history_flush_async (fixture->history, NULL, flushed_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static char *
dup_path (Fixture *fixture)
{
  return whis_history_dup_sound_path (fixture->history, ID, FALSE);
}

static gboolean
is_locked (Fixture *fixture)
{
  g_autofree char *path = dup_path (fixture);
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean locked;

  g_assert_cmpint (fd, >=, 0);
  locked = flock (fd, LOCK_EX | LOCK_NB) != 0;
  g_close (fd, NULL);

  return locked;
}

static gboolean
has_file (Fixture *fixture)
{
  g_autofree char *path = dup_path (fixture);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

#define assert_events(fixture, expected) g_assert_cmpstr ((fixture)->events->str, ==, expected)

static void
test_microphone (Fixture *fixture, gconstpointer data)
{
  record_one (fixture);
  g_assert_cmpint (test_capture_get_kind (fixture->capture), ==, TEST_CAPTURE_MICROPHONE);
  g_assert_true (whis_dictation_sound_uses_microphone (fixture->sound));
  g_assert_false (whis_dictation_sound_has_ended (fixture->sound));
  g_assert_cmpuint (whis_dictation_sound_get_duration_ms (fixture->sound), ==, 0);
  test_capture_finish (fixture->capture);
  assert_events (fixture, " started chunk-0 ended");
  g_assert_no_error (fixture->error);
  g_assert_true (whis_dictation_sound_has_ended (fixture->sound));
  g_assert_cmpuint (whis_dictation_sound_get_size (fixture->sound), ==, TEST_CAPTURE_CHUNK_SIZE);
  g_assert_cmpuint (whis_dictation_sound_get_duration_ms (fixture->sound), ==,
                    TEST_CAPTURE_CHUNK_MS);
}

static void
test_broken (Fixture *fixture, gconstpointer data)
{
  record_one (fixture);
  test_capture_fail (fixture->capture, WHIS_AUDIO_ERROR_DEVICE);
  assert_events (fixture, " started chunk-0 ended");
  g_assert_error (fixture->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_DEVICE);
}

/* Levels and silence are of the open microphone, and of nothing after that. */
static void
test_level_and_silence (Fixture *fixture, gconstpointer data)
{
  record_one (fixture);
  g_string_truncate (fixture->events, 0);
  whis_capture_emit_level (WHIS_CAPTURE (fixture->capture), -20);
  g_assert_cmpfloat (whis_dictation_sound_get_level (fixture->sound), ==, -20);
  whis_capture_emit_silent (WHIS_CAPTURE (fixture->capture), TRUE, "quiet");
  whis_capture_emit_silent (WHIS_CAPTURE (fixture->capture), FALSE, NULL);
  whis_capture_emit_silent (WHIS_CAPTURE (fixture->capture), TRUE, NULL);
  assert_events (fixture, " level silent quiet audible not-quiet silent");

  g_string_truncate (fixture->events, 0);
  whis_dictation_sound_stop (fixture->sound);
  assert_events (fixture, " audible not-quiet");
  whis_capture_emit_level (WHIS_CAPTURE (fixture->capture), -10);
  whis_capture_emit_silent (WHIS_CAPTURE (fixture->capture), TRUE, "quiet");
  test_capture_finish (fixture->capture);
  assert_events (fixture, " audible not-quiet ended");
  g_assert_cmpfloat (whis_dictation_sound_get_level (fixture->sound), ==, -100);
}

/* Nobody else finishes or deletes what is being worked on. */
static void
test_locked_until_release (Fixture *fixture, gconstpointer data)
{
  record_one (fixture);
  g_assert_true (is_locked (fixture));
  test_capture_finish (fixture->capture);
  g_assert_true (is_locked (fixture));
  whis_dictation_sound_release (fixture->sound);
  flush (fixture);
  g_assert_false (is_locked (fixture));
  g_assert_cmpuint (whis_dictation_sound_get_size (fixture->sound), ==, TEST_CAPTURE_CHUNK_SIZE);
  g_assert_cmpuint (whis_dictation_sound_get_elapsed_ms (fixture->sound), ==,
                    TEST_CAPTURE_CHUNK_MS);
}

/* The last dictation is remembered, and holds neither what recorded it nor its file. */
static void
test_released_capture (Fixture *fixture, gconstpointer data)
{
  record_one (fixture);
  test_capture_finish (fixture->capture);
  g_assert_nonnull (test_capture_get_newest ());
  whis_dictation_sound_release (fixture->sound);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (test_capture_get_newest ());
  g_assert_null (whis_dictation_sound_get_readable (fixture->sound));
}

/* What was said is recorded to its end, though the dictation has ended. */
static void
test_wanted (Fixture *fixture, gconstpointer data)
{
  record_one (fixture);
  whis_dictation_sound_end (fixture->sound, TRUE);
  whis_dictation_sound_release (fixture->sound);
  g_assert_true (whis_dictation_sound_is_closing (fixture->sound));
  g_assert_false (whis_dictation_sound_is_complete (fixture->sound));
  flush (fixture);
  g_assert_true (is_locked (fixture));

  test_capture_say (fixture->capture, TRUE);
  test_capture_finish (fixture->capture);
  g_assert_false (whis_dictation_sound_is_closing (fixture->sound));
  g_assert_true (whis_dictation_sound_is_complete (fixture->sound));
  g_assert_cmpuint (whis_dictation_sound_get_size (fixture->sound), ==,
                    2 * TEST_CAPTURE_CHUNK_SIZE);
  flush (fixture);
  g_assert_false (is_locked (fixture));
}

static void
test_not_wanted (Fixture *fixture, gconstpointer data)
{
  record_one (fixture);
  whis_dictation_sound_end (fixture->sound, FALSE);
  g_assert_false (whis_dictation_sound_is_closing (fixture->sound));
  g_assert_true (whis_dictation_sound_is_complete (fixture->sound));
  g_assert_true (whis_capture_is_cancelled (WHIS_CAPTURE (fixture->capture)));
  whis_dictation_sound_delete (fixture->sound);
  whis_dictation_sound_release (fixture->sound);
  g_assert_cmpuint (whis_dictation_sound_get_size (fixture->sound), ==, 0);
  flush (fixture);
  g_assert_false (has_file (fixture));
}

/* The user still has it: what was read of it is not wanted to its end. */
static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "memo.ogg", NULL);
  int file;

  g_assert_true (g_file_set_contents (path, "sound", -1, NULL));
  file = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  fixture->record->is_file = TRUE;
  start_plan (fixture, &(WhisDictationPlan){ .file = file, .lock = -1 });
  g_close (file, NULL);
  g_assert_cmpint (test_capture_get_kind (fixture->capture), ==, TEST_CAPTURE_FILE);
  g_assert_true (whis_dictation_sound_has_original (fixture->sound));
  g_assert_false (whis_dictation_sound_uses_microphone (fixture->sound));
  test_capture_begin (fixture->capture);
  whis_capture_emit_level (WHIS_CAPTURE (fixture->capture), -20);
  assert_events (fixture, " started");
  whis_dictation_sound_end (fixture->sound, TRUE);
  g_assert_false (whis_dictation_sound_is_closing (fixture->sound));
  g_assert_true (whis_capture_is_cancelled (WHIS_CAPTURE (fixture->capture)));
}

/* What is piped in is nowhere else. */
static void
test_pipe (Fixture *fixture, gconstpointer data)
{
  int ends[2];

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  fixture->record->is_file = TRUE;
  start_plan (fixture, &(WhisDictationPlan){ .file = ends[0], .lock = -1 });
  g_close (ends[0], NULL);
  g_close (ends[1], NULL);
  g_assert_false (whis_dictation_sound_has_original (fixture->sound));
  test_capture_begin (fixture->capture);
  test_capture_say (fixture->capture, TRUE);
  whis_dictation_sound_end (fixture->sound, TRUE);
  g_assert_true (whis_dictation_sound_is_closing (fixture->sound));
  test_capture_finish (fixture->capture);
}

static void
add_chunk (Fixture *fixture, guint index)
{
  g_autoptr (WhisChunk) chunk = whis_chunk_new (ID, index);

  chunk->offset = (guint64) index * TEST_CAPTURE_CHUNK_SIZE;
  chunk->size = TEST_CAPTURE_CHUNK_SIZE;
  chunk->start_ms = (guint64) index * TEST_CAPTURE_CHUNK_MS;
  chunk->length_ms = TEST_CAPTURE_CHUNK_MS;
  g_ptr_array_add (fixture->record->chunks, whis_record_chunk_new (chunk));
}

static void
start_resumed (Fixture *fixture, guint n_recorded)
{
  fixture->record->length_ms = (guint64) n_recorded * TEST_CAPTURE_CHUNK_MS;
  start_plan (fixture, &(WhisDictationPlan){ .mode = WHIS_DICTATION_MODE_RESUME,
                                             .file = -1,
                                             .lock = -1,
                                             .sound_size = n_recorded * TEST_CAPTURE_CHUNK_SIZE });
}

/* Only what is in no chunk yet is cut. */
static void
test_rest (Fixture *fixture, gconstpointer data)
{
  const WhisRecutStart *start;

  add_chunk (fixture, 0);
  start_resumed (fixture, 2);
  g_assert_cmpint (test_capture_get_kind (fixture->capture), ==, TEST_CAPTURE_RECUT);
  start = test_capture_get_recut_start (fixture->capture);
  g_assert_cmpuint (start->index, ==, 1);
  g_assert_cmpuint (start->offset, ==, TEST_CAPTURE_CHUNK_SIZE);
  g_assert_cmpuint (start->ms, ==, TEST_CAPTURE_CHUNK_MS);
  g_assert_false (whis_dictation_sound_has_ended (fixture->sound));
  test_capture_finish (fixture->capture);
}

static void
test_nothing_cut (Fixture *fixture, gconstpointer data)
{
  start_resumed (fixture, 2);
  g_assert_cmpuint (test_capture_get_recut_start (fixture->capture)->offset, ==, 0);
  test_capture_finish (fixture->capture);
}

static void
test_no_rest (Fixture *fixture, gconstpointer data)
{
  add_chunk (fixture, 0);
  start_resumed (fixture, 1);
  g_assert_null (fixture->capture);
  g_assert_true (whis_dictation_sound_has_ended (fixture->sound));
  g_assert_cmpuint (whis_dictation_sound_get_duration_ms (fixture->sound), ==,
                    TEST_CAPTURE_CHUNK_MS);
  g_assert_cmpuint (whis_dictation_sound_get_size (fixture->sound), ==, TEST_CAPTURE_CHUNK_SIZE);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/dictation-sound/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;
  g_autofree char *command = NULL;

  g_test_init (&argc, &argv, NULL);
  top = g_dir_make_tmp ("whis-dictation-sound-XXXXXX", NULL);

  ADD ("microphone", test_microphone);
  ADD ("broken", test_broken);
  ADD ("level-and-silence", test_level_and_silence);
  ADD ("locked-until-release", test_locked_until_release);
  ADD ("released-capture", test_released_capture);
  ADD ("ended/wanted", test_wanted);
  ADD ("ended/not-wanted", test_not_wanted);
  ADD ("file", test_file);
  ADD ("pipe", test_pipe);
  ADD ("resumed/rest", test_rest);
  ADD ("resumed/nothing-cut", test_nothing_cut);
  ADD ("resumed/no-rest", test_no_rest);
  status = g_test_run ();

  command = g_strdup_printf ("rm -rf '%s'", top);
  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
  g_free (top);

  return status;
}
