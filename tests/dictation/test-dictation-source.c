/* SPDX-License-Identifier: MIT */
#include "dictation-source.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "fake-capture.h"
#include "history-fixture.h"

/* Where the sound of a dictation comes from, how it is captured, and the file that it is in. */

static WhisCaptureOptions seen_options;
static WhisMicrophoneOptions seen_microphone;
static WhisRecutStart seen_start;
static int seen_file;

static WhisCapture *
new_microphone (const WhisCaptureOptions *options, const WhisMicrophoneOptions *microphone)
{
  seen_options = *options;
  seen_microphone = *microphone;

  return test_capture_kinds.new_microphone (options, microphone);
}

static WhisCapture *
new_file (const WhisCaptureOptions *options, int file)
{
  seen_options = *options;
  seen_file = file;

  return test_capture_kinds.new_file (options, file);
}

static WhisCapture *
new_recut (const WhisCaptureOptions *options, const char *path, const WhisRecutStart *start)
{
  seen_options = *options;
  seen_start = *start;

  return test_capture_kinds.new_recut (options, path, start);
}

static const WhisCaptureKinds kinds = { new_microphone, new_file, new_recut };

typedef struct
{
  HistoryFixture base;
  WhisRecord *record;
  WhisDictationSource *source;
  WhisDictationFile *file;
  WhisCapture *capture;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  history_fixture_set_up (&fixture->base, data);
  fixture->record = whis_record_new ("20261130-120000-0000");
  fixture->record->longest_chunk_ms = 28000;
}

static void
clear (Fixture *fixture)
{
  g_clear_object (&fixture->capture);
  g_clear_pointer (&fixture->source, whis_dictation_source_free);
  g_clear_object (&fixture->file);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  clear (fixture);
  whis_record_free (fixture->record);
  history_fixture_tear_down (&fixture->base, data);
}

static void
create (Fixture *fixture, WhisDictationPlan *plan)
{
  plan->record = fixture->record;
  fixture->source = whis_dictation_source_new (plan, &kinds);
  fixture->file = whis_dictation_file_new (plan, fixture->base.history);
}

static void
create_capture (Fixture *fixture, const WhisModelProfile *profile)
{
  fixture->capture = whis_dictation_source_create_capture (fixture->source, fixture->file,
                                                           fixture->record, profile, 16000);
}

static void
test_microphone (Fixture *fixture, gconstpointer data)
{
  create (fixture, &(WhisDictationPlan){ .file = -1,
                                         .microphone = "usb",
                                         .microphone_name = "Headset",
                                         .automatic_gain = TRUE,
                                         .bitrate = 24 });
  g_assert_true (whis_dictation_source_is_microphone (fixture->source));
  g_assert_false (whis_dictation_source_has_original (fixture->source));
  g_assert_true (whis_dictation_source_is_only_copy (fixture->source));
  create_capture (fixture, &whis_model_profile_whisper);
  g_assert_cmpstr (seen_microphone.name, ==, "usb");
  g_assert_cmpstr (seen_microphone.label, ==, "Headset");
  g_assert_true (seen_microphone.automatic_gain);
  g_assert_false (seen_microphone.noise_suppression);
  g_assert_cmpuint (seen_microphone.tail_ms, ==, WHIS_CAPTURE_TAIL_MS);
  g_assert_cmpuint (seen_options.bitrate, ==, 24);
  g_assert_cmpuint (seen_options.longest_chunk_ms, ==, 28000);
  g_assert_cmpuint (seen_options.live_rate, ==, 16000);
  g_assert_cmpuint (seen_options.margins->wanted_ms, ==, 22000);
  g_assert_true (seen_options.recording == whis_dictation_file_get_recording (fixture->file));
}

/* Parakeet loses a last word that has no sound behind it. */
static void
test_tail (Fixture *fixture, gconstpointer data)
{
  create (fixture, &(WhisDictationPlan){ .file = -1, .microphone = "", .microphone_name = "" });
  create_capture (fixture, &whis_model_profile_parakeet);
  g_assert_cmpuint (seen_microphone.tail_ms, ==, 500);
  /* The settings write "the default one" so. */
  g_assert_null (seen_microphone.name);
  g_assert_null (seen_microphone.label);
}

static int
open_memo (Fixture *fixture)
{
  g_autofree char *top = g_path_get_dirname (fixture->base.directory);
  g_autofree char *path = g_build_filename (top, "memo.ogg", NULL);

  g_assert_cmpint (g_mkdir_with_parents (top, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "sound", -1, NULL));

  return open (path, O_RDONLY | O_CLOEXEC);
}

/* The user keeps a file, but nobody keeps what comes through a pipe. */
static void
test_file (Fixture *fixture, gconstpointer data)
{
  int memo = open_memo (fixture);
  int ends[2];

  fixture->record->is_file = TRUE;
  create (fixture, &(WhisDictationPlan){ .file = memo });
  g_assert_cmpint (close (memo), ==, 0);
  g_assert_false (whis_dictation_source_is_microphone (fixture->source));
  g_assert_true (whis_dictation_source_has_original (fixture->source));
  g_assert_false (whis_dictation_source_is_only_copy (fixture->source));
  create_capture (fixture, &whis_model_profile_default);
  /* The caller's may be closed. */
  g_assert_cmpint (fcntl (seen_file, F_GETFD), ==, FD_CLOEXEC);
  clear (fixture);
  g_assert_cmpint (fcntl (seen_file, F_GETFD), ==, -1);

  g_assert_cmpint (pipe (ends), ==, 0);
  create (fixture, &(WhisDictationPlan){ .file = ends[0] });
  g_assert_false (whis_dictation_source_has_original (fixture->source));
  g_assert_true (whis_dictation_source_is_only_copy (fixture->source));
  close (ends[0]);
  close (ends[1]);
}

static void
add_chunk (Fixture *fixture, guint64 offset, guint64 size, guint64 start_ms)
{
  g_autoptr (WhisChunk) chunk = whis_chunk_new (fixture->record->id, fixture->record->chunks->len);

  chunk->offset = offset;
  chunk->size = size;
  chunk->start_ms = start_ms;
  chunk->length_ms = 1000;
  g_ptr_array_add (fixture->record->chunks, whis_record_chunk_new (chunk));
}

/* What was cut stays cut; the rest of the sound is cut from there on, if there is a rest. */
static void
test_recut (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint n_chunks;
    guint64 sound_size;
    gboolean has_rest;
  } cases[] = {
    { 0, 0, TRUE },
    { 0, 10000, TRUE },
    { 2, 10000, TRUE },
    { 2, 2001, TRUE },
    { 2, 2000, FALSE },
    /* The file was cut off: there is less than was cut. */
    { 2, 1500, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_ptr_array_set_size (fixture->record->chunks, 0);
      for (guint chunk = 0; chunk < cases[i].n_chunks; chunk++)
        add_chunk (fixture, 1000 * chunk, 1000, 1000 * chunk);
      create (fixture, &(WhisDictationPlan){ .mode = WHIS_DICTATION_MODE_RESUME,
                                             .file = -1,
                                             .lock = -1,
                                             .sound_size = cases[i].sound_size });
      g_assert_false (whis_dictation_source_is_microphone (fixture->source));
      g_assert_false (whis_dictation_source_is_only_copy (fixture->source));
      create_capture (fixture, &whis_model_profile_default);
      g_assert_true ((fixture->capture != NULL) == cases[i].has_rest);
      if (cases[i].has_rest)
        {
          g_assert_cmpuint (seen_start.index, ==, cases[i].n_chunks);
          g_assert_cmpuint (seen_start.offset, ==, 1000 * cases[i].n_chunks);
          g_assert_cmpuint (seen_start.ms, ==, 1000 * cases[i].n_chunks);
          g_assert_null (seen_options.recording);
        }
      clear (fixture);
    }
}

/* --- the file --------------------------------------------------------------------------------- */

static gboolean
is_locked (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  int lock = lock_sound (fixture->base.history, fixture->record->id, &error);

  if (lock >= 0)
    whis_history_unlock (fixture->base.history, lock);
  else
    g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BUSY);

  return lock < 0;
}

static WhisRecording *
record_sound (Fixture *fixture)
{
  WhisRecording *recording;

  create (fixture, &(WhisDictationPlan){ .file = -1 });
  recording = whis_dictation_file_get_recording (fixture->file);
  g_assert_cmpint (g_mkdir_with_parents (fixture->base.recordings, 0700), ==, 0);
  g_assert_true (whis_recording_open (recording, NULL));
  g_assert_true (whis_recording_append (recording, "sound", 5, NULL));

  return recording;
}

/* From its creation to the end of the dictation nobody else finishes or deletes it. */
static void
test_locked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecording) recording = g_object_ref (record_sound (fixture));

  whis_dictation_file_lock (fixture->file);
  whis_dictation_file_lock (fixture->file);
  g_assert_true (is_locked (fixture));
  g_assert_true (whis_recording_sync (recording, NULL));
  g_assert_true (whis_dictation_file_is_saved (fixture->file));
  whis_dictation_file_close (fixture->file, TRUE);
  g_assert_true (is_locked (fixture));
  g_assert_cmpuint (whis_dictation_file_get_size (fixture->file), ==, 5);
  g_assert_null (whis_dictation_file_get_readable (fixture->file));
  whis_dictation_file_unlock (fixture->file);
  whis_dictation_file_unlock (fixture->file);
  g_assert_false (is_locked (fixture));
}

static void
test_unlocked_at_end (Fixture *fixture, gconstpointer data)
{
  record_sound (fixture);
  whis_dictation_file_lock (fixture->file);
  g_assert_true (is_locked (fixture));
  clear (fixture);
  g_assert_false (is_locked (fixture));
}

static void
test_deleted (Fixture *fixture, gconstpointer data)
{
  WhisRecording *recording = record_sound (fixture);

  g_assert_true (whis_recording_sync (recording, NULL));
  whis_dictation_file_delete (fixture->file);
  g_assert_cmpuint (whis_dictation_file_get_size (fixture->file), ==, 0);
  flush_history (fixture->base.history);
  g_assert_false (history_fixture_has_sound (&fixture->base, fixture->record->id));
  /* What comes after is not counted. */
  whis_recording_append (recording, "more", 4, NULL);
  g_assert_cmpuint (whis_dictation_file_get_size (fixture->file), ==, 0);
}

/* Nothing was recorded yet: there is nothing to lock or to delete. */
static void
test_without_file (Fixture *fixture, gconstpointer data)
{
  create (fixture, &(WhisDictationPlan){ .file = -1 });
  whis_dictation_file_lock (fixture->file);
  whis_dictation_file_delete (fixture->file);
  g_assert_cmpuint (whis_dictation_file_get_size (fixture->file), ==, 0);
  g_assert_true (whis_dictation_file_is_saved (fixture->file));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/dictation-source/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("microphone", test_microphone);
  ADD ("tail", test_tail);
  ADD ("file", test_file);
  ADD ("recut", test_recut);
  ADD ("kept/locked", test_locked);
  ADD ("kept/unlocked-at-end", test_unlocked_at_end);
  ADD ("kept/deleted", test_deleted);
  ADD ("kept/without-file", test_without_file);

  return g_test_run ();
}
