/* SPDX-License-Identifier: MIT */
#include "watch.h"

#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "file-capture.h"
#include "file-sound.h"
#include "frame-format.h"
#include "microphone.h"
#include "read-sound.h"
#include "recut-capture.h"

#define FRAME_SIZE 144 /* 36 ms at 32 kbit/s */

static void
on_started (WhisCapture *capture, Watch *watch)
{
  g_assert_false (watch->started);
  g_assert_false (watch->ended);
  g_assert_false (watch->cancelled);
  watch->started = TRUE;
  if (watch->on_started != NULL)
    watch->on_started (watch);
}

static void
on_level (WhisCapture *capture, double peak_db, Watch *watch)
{
  g_assert_false (watch->ended);
  g_assert_false (watch->cancelled);
  g_assert_cmpfloat (peak_db, <=, 0);
  watch->n_levels++;
  watch->loudest = MAX (watch->loudest, peak_db);
}

static guint64
get_file_size (Watch *watch)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (watch->path, &info), ==, 0);

  return (guint64) info.st_size;
}

/* Its bytes can be sent at once. */
static void
assert_readable (Watch *watch, const WhisChunk *chunk)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = read_sound (watch->sound, chunk->offset, chunk->size, &error);

  g_assert_no_error (error);
}

static void
on_chunk (WhisCapture *capture, WhisChunk *chunk, Watch *watch)
{
  g_assert_false (watch->ended);
  g_assert_false (watch->cancelled);
  assert_readable (watch, chunk);
  g_ptr_array_add (watch->chunks, whis_chunk_copy (chunk));
  if (watch->on_chunk != NULL)
    watch->on_chunk (watch);
}

static void
on_warning (WhisCapture *capture, const char *message, Watch *watch)
{
  g_assert_false (watch->cancelled);
  if (watch->warning == NULL)
    watch->warning = g_strdup (message);
  g_ptr_array_add (watch->warnings, g_strdup (message));
}

static void
on_silent (WhisCapture *capture, gboolean silent, const char *warning, Watch *watch)
{
  if (warning != NULL)
    on_warning (capture, warning, watch);
  g_assert_false (watch->cancelled);
  g_assert_cmpint (silent, !=, watch->silent);
  watch->silent = silent;
  watch->audible = !silent;
}

static void
on_saved (WhisCapture *capture, Watch *watch)
{
  g_assert_false (watch->cancelled);
  g_assert_true (whis_recording_get_saved (watch->recording));
  watch->saved = TRUE;
}

static void
on_ended (WhisCapture *capture, GError *error, Watch *watch)
{
  g_assert_false (watch->ended);
  g_assert_false (watch->cancelled);
  watch->ended = TRUE;
  if (error != NULL)
    watch->error = g_error_copy (error);
}

static void
on_gone (gpointer data, GObject *was)
{
  Watch *watch = data;

  watch->gone = TRUE;
}

static Watch *
watch_new (guint kbps)
{
  Watch *watch = g_new0 (Watch, 1);

  watch->directory = g_dir_make_tmp ("whis-capture-XXXXXX", NULL);
  watch->path = g_build_filename (watch->directory,
                                  kbps == WHIS_BITRATE_LOSSLESS ? "one.wav" : "one.mp3", NULL);
  watch->recording = whis_recording_new (watch->path);
  watch->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_chunk_free);
  watch->warnings = g_ptr_array_new_with_free_func (g_free);
  watch->loudest = -200;

  return watch;
}

/* Takes both. */
static Watch *
follow (Watch *watch, WhisCapture *capture, WhisSound *sound)
{
  watch->capture = capture;
  watch->sound = sound;
  g_object_weak_ref (G_OBJECT (watch->capture), on_gone, watch);
  g_signal_connect (watch->capture, "started", G_CALLBACK (on_started), watch);
  g_signal_connect (watch->capture, "level", G_CALLBACK (on_level), watch);
  g_signal_connect (watch->capture, "chunk", G_CALLBACK (on_chunk), watch);
  g_signal_connect (watch->capture, "warning", G_CALLBACK (on_warning), watch);
  g_signal_connect (watch->capture, "silent", G_CALLBACK (on_silent), watch);
  g_signal_connect (watch->capture, "saved", G_CALLBACK (on_saved), watch);
  g_signal_connect (watch->capture, "ended", G_CALLBACK (on_ended), watch);

  return watch;
}

static Watch *
follow_recording (Watch *watch, WhisCapture *capture)
{
  return follow (watch, capture, g_object_ref (WHIS_SOUND (watch->recording)));
}

Watch *
watch_microphone_with (const WhisMicrophoneOptions *microphone)
{
  Watch *watch = watch_new (0);
  WhisMicrophoneOptions own = *microphone;
  const WhisCaptureOptions options = { .dictation = "one", .recording = watch->recording };

  own.tail_ms = WHIS_CAPTURE_TAIL_MS;

  return follow_recording (watch, whis_microphone_new (&options, &own));
}

/* Only the level is measured. */
Watch *
watch_level (void)
{
  const WhisCaptureOptions options = { .dictation = "one" };
  const WhisMicrophoneOptions microphone = { .tail_ms = WHIS_CAPTURE_TAIL_MS };

  return follow_recording (watch_new (0), whis_microphone_new (&options, &microphone));
}

/* @options may leave out the dictation and the recording; takes the file. */
Watch *
watch_descriptor (const WhisCaptureOptions *options, int file)
{
  WhisCaptureOptions own = *options;
  Watch *watch = watch_new (own.bitrate);

  g_assert_cmpint (file, >=, 0);
  own.dictation = "one";
  own.recording = watch->recording;
  follow_recording (watch, whis_file_capture_new (&own, file));
  close (file);

  return watch;
}

Watch *
watch_file (const char *path, guint longest_chunk_ms)
{
  return watch_file_at (0, path, longest_chunk_ms);
}

/* @kbps: the rate of the recording, 0 for the usual */
Watch *
watch_file_at (guint kbps, const char *path, guint longest_chunk_ms)
{
  const WhisCaptureOptions options = { .bitrate = kbps, .longest_chunk_ms = longest_chunk_ms };

  return watch_descriptor (&options, g_open (path, O_RDONLY | O_CLOEXEC));
}

/* Of a recording that is to be put in its place. */
Watch *
watch_recut (guint kbps, guint longest_chunk_ms, const WhisRecutStart *start)
{
  Watch *watch = watch_new (kbps);
  const WhisCaptureOptions options = { .dictation = "one",
                                       .bitrate = kbps,
                                       .longest_chunk_ms = longest_chunk_ms };

  return follow (watch, whis_recut_capture_new (&options, watch->path, start),
                 whis_file_sound_new (watch->path));
}

/* Waits until the capture is gone, with everything it had. */
void
watch_free (Watch *watch)
{
  g_object_unref (watch->capture);
  watch_until (watch, &watch->gone);

  g_object_unref (watch->sound);
  g_object_unref (watch->recording);
  g_unlink (watch->path);
  g_assert_cmpint (g_rmdir (watch->directory), ==, 0);
  g_clear_error (&watch->error);
  g_ptr_array_unref (watch->chunks);
  g_ptr_array_unref (watch->warnings);
  g_free (watch->warning);
  g_free (watch->directory);
  g_free (watch->path);
  g_free (watch);
}

void
watch_start (Watch *watch)
{
  g_autoptr (GError) error = NULL;

  whis_capture_start (watch->capture, &error);
  g_assert_no_error (error);
}

void
watch_stop (Watch *watch)
{
  whis_capture_stop (watch->capture);
}

/* From here on any signal fails the test. */
void
watch_cancel (Watch *watch)
{
  watch->cancelled = TRUE;
  whis_capture_cancel (watch->capture);
}

void
watch_until (Watch *watch, const gboolean *happened)
{
  while (!*happened)
    g_main_context_iteration (NULL, TRUE);
}

/* The level, ten times a second, is what wakes this up. */
void
watch_until_elapsed (Watch *watch, guint ms)
{
  while (!watch->ended && whis_capture_get_elapsed_ms (watch->capture) < ms)
    g_main_context_iteration (NULL, TRUE);
}

void
watch_to_the_end (Watch *watch)
{
  watch_start (watch);
  watch_until (watch, &watch->ended);
}

WhisChunk *
watch_get_chunk (Watch *watch, guint n)
{
  g_assert_cmpuint (n, <, watch->chunks->len);

  return g_ptr_array_index (watch->chunks, n);
}

/* How much sound the chunks hold together; they must follow each other. */
guint64
watch_get_chunked_ms (Watch *watch)
{
  guint64 end = 0;

  for (guint i = 0; i < watch->chunks->len; i++)
    {
      WhisChunk *chunk = watch_get_chunk (watch, i);

      g_assert_cmpstr (chunk->dictation, ==, "one");
      g_assert_cmpuint (chunk->index, ==, i);
      if (!chunk->overlaps_previous)
        g_assert_cmpuint (chunk->start_ms, ==, end);
      end = chunk->start_ms + chunk->length_ms;
    }

  return end;
}

gboolean
watch_has_speech (Watch *watch)
{
  for (guint i = 0; i < watch->chunks->len; i++)
    if (watch_get_chunk (watch, i)->has_speech)
      return TRUE;

  return FALSE;
}

/* The file holds whole frames only, and the last chunk reaches to its end. */
void
watch_assert_file_is_whole (Watch *watch)
{
  guint64 size = get_file_size (watch);
  guint64 end = 0;

  if (watch->chunks->len > 0)
    {
      WhisChunk *last = watch_get_chunk (watch, watch->chunks->len - 1);

      end = last->offset + last->size;
    }

  g_assert_cmpuint (size % FRAME_SIZE, ==, 0);
  g_assert_cmpuint (size, ==, end);
}
