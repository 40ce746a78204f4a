/* SPDX-License-Identifier: MIT */
#include "file-fixture.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>

#include "gstreamer.h"
#include "pipeline.h"
#include "read-sound.h"

/* Captures of files: formats, chunks, times, live sound, stop and cancel. */

static void
test_formats (void)
{
  static const struct
  {
    const char *name;
    const char *arguments;
  } formats[] = {
    { "one.mp3", "-map 1 -c:a libmp3lame" },
    { "stereo.wav", "-map 1 -ac 2 -ar 44100" },
    { "one.flac", "-map 1" },
    { "one.ogg", "-map 1 -c:a libvorbis" },
    { "one.opus", "-map 1 -c:a libopus" },
    /* ffmpeg writes the index of an mp4 last unless told otherwise */
    { "one.m4a", "-map 1 -c:a aac" },
    { "video.mp4", "-map 0 -map 1 -c:v mpeg4 -c:a aac" },
    { "video.mkv", "-map 0 -map 1 -c:v mpeg4 -c:a libvorbis" },
    /* the tone is not listened to */
    { "tracks.mkv", "-map 0 -map 1 -map 2 -c:v mpeg4 -c:a flac" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *path = file_fixture_make (formats[i].name, formats[i].arguments);

      file_fixture_assert_speech (path);
      g_unlink (path);
    }
}

/* In decibels, of what is loud in it. */
static double
get_level (GArray *sound, guint from, guint n)
{
  double sum = 0;

  for (guint i = from; i < from + n; i++)
    sum += pow (g_array_index (sound, gint16, i), 2);

  return 10 * log10 (sum / n);
}

/* The second sentence is as loud as it was spoken. */
static void
assert_full_level (GArray *recorded)
{
  guint from = 8 * SOUNDS_RATE;

  g_assert_cmpfloat_with_epsilon (get_level (recorded, from, SOUNDS_RATE),
                                  get_level (file_fixture_speech, from, SOUNDS_RATE), 1.5);
}

/* Of two channels one may be upside down, dead, or another person's: nothing of them is lost. */
static void
test_channels (void)
{
  static const char *const arrangements[] = {
    "c0=c0|c1=c0",       "c0=c0|c1=-1*c0", "c0=c0|c1=-0.5*c0",
    "c0=c0|c1=0.001*c0", "c0=c0|c1=0*c0",  "c0=0*c0|c1=c0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (arrangements); i++)
    {
      g_autofree char *arguments =
          g_strdup_printf ("-map 1 -af pan='stereo|%s' -ar 44100", arrangements[i]);
      g_autofree char *path = file_fixture_make ("channels.wav", arguments);
      g_autoptr (Watch) watch = watch_file (path, 0);
      g_autoptr (GArray) recorded = NULL;

      g_test_message ("%s", arrangements[i]);
      watch_to_the_end (watch);
      g_assert_no_error (watch->error);
      g_assert_true (watch_has_speech (watch));
      recorded = sounds_decode (watch->path);
      file_fixture_assert_same_sound (recorded, file_fixture_speech);
      assert_full_level (recorded);
      g_unlink (path);
    }
}

/* An interview: who speaks into the one microphone is not heard by the other. */
static void
test_channel_each (void)
{
  const guint half = sounds_get_ms (file_fixture_speech) / 2;
  g_autofree char *arguments =
      g_strdup_printf ("-map 1 -af \"pan='stereo|c0=c0|c1=c0',channelsplit[a][b],"
                       "[a]volume=0:enable='gt(t,%1$u.%2$03u)'[l],"
                       "[b]volume=0:enable='lte(t,%1$u.%2$03u)'[r],"
                       "[l][r]join=inputs=2:channel_layout=stereo\"",
                       half / 1000, half % 1000);
  g_autofree char *path = file_fixture_make ("each.wav", arguments);
  g_autoptr (Watch) watch = watch_file (path, 0);
  g_autoptr (GArray) recorded = NULL;

  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  recorded = sounds_decode (watch->path);
  for (guint from = SOUNDS_RATE; from + SOUNDS_RATE < file_fixture_speech->len; from += SOUNDS_RATE)
    g_assert_cmpfloat_with_epsilon (get_level (recorded, from + DELAY_SAMPLES, SOUNDS_RATE),
                                    get_level (file_fixture_speech, from, SOUNDS_RATE), 3);
  g_unlink (path);
}

static void
on_warmed_up (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean *warm = user_data;

  g_assert_true (whis_gstreamer_warm_up_finish (result, &error));
  g_assert_no_error (error);
  *warm = TRUE;
}

/* GStreamer is started by two threads at once. */
static void
test_warm_up (void)
{
  g_autofree char *path = file_fixture_write_sound (file_fixture_speech, "warm.wav");
  g_autoptr (Watch) watch = watch_file (path, 0);
  gboolean warm = FALSE;

  whis_gstreamer_warm_up_async (NULL, on_warmed_up, &warm);
  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  watch_until (watch, &warm);
  g_unlink (path);
}

static void
test_duration (void)
{
  g_autofree char *path = file_fixture_write_sound (file_fixture_speech, "duration.wav");
  g_autoptr (Watch) watch = watch_file (path, 0);

  g_assert_cmpuint (whis_capture_get_duration_ms (watch->capture), ==, 0);
  watch_to_the_end (watch);
  g_assert_cmpuint (whis_capture_get_duration_ms (watch->capture), ==,
                    sounds_get_ms (file_fixture_speech));
  g_unlink (path);
}

/* What a service gets is a playable MP3 with just the chunk's sound, undamaged from its first
 * sample on. */
static void
assert_chunk (Watch *watch, WhisChunk *chunk, GArray *whole)
{
  g_autoptr (GArray) part = sounds_decode_range (watch->path, chunk->offset, chunk->size);
  guint64 n_frames = chunk->size / FRAME_SIZE;
  guint64 first = chunk->start_ms / FRAME_MS;
  guint64 lead = first - chunk->offset / FRAME_SIZE;
  guint64 from = first * FRAME_SAMPLES;
  guint length;

  g_assert_cmpuint (lead, ==, MIN (first, 4));
  g_assert_cmpuint (part->len, <=, n_frames * FRAME_SAMPLES);
  g_assert_cmpuint (part->len + 3 * FRAME_SAMPLES, >=, n_frames * FRAME_SAMPLES);

  length = (guint) (part->len - lead * FRAME_SAMPLES);
  length = (guint) MIN (length, whole->len - from);
  g_assert_cmpfloat (sounds_compare (part, lead * FRAME_SAMPLES, whole, from, length), >, 0.9999);
}

static void
assert_all_chunks (const char *path, guint longest_chunk_ms, guint least_chunks)
{
  g_autoptr (Watch) watch = watch_file (path, longest_chunk_ms);
  g_autoptr (GArray) whole = NULL;

  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  g_assert_cmpuint (watch->chunks->len, >=, least_chunks);

  whole = sounds_decode (watch->path);
  g_assert_cmpfloat (sounds_compare (whole, 8 * SOUNDS_RATE + DELAY_SAMPLES, file_fixture_speech,
                                     8 * SOUNDS_RATE, SOUNDS_RATE),
                     >, 0.95);
  for (guint i = 0; i < watch->chunks->len; i++)
    assert_chunk (watch, watch_get_chunk (watch, i), whole);
}

static void
test_chunks (void)
{
  g_autofree char *path = file_fixture_write_sound (file_fixture_speech, "chunks.wav");

  assert_all_chunks (path, 10000, 4);
  assert_all_chunks (path, 300000, 1);
  g_unlink (path);
}

/* A vowel without end has no pause: the cut falls inside file_fixture_speech, with an overlap. */
static void
test_forced_cut (void)
{
  g_autoptr (GArray) sentence =
      sounds_load ("librivox/sense_and_sensibility_01_austen_64kb-0870.wav");
  g_autoptr (GArray) sound = sounds_noise (300, -60);
  g_autoptr (Watch) watch = NULL;
  g_autofree char *path = NULL;

  for (guint i = 0; i < 8; i++)
    g_array_append_vals (sound, &g_array_index (sentence, gint16, 3000), 45000);
  path = file_fixture_write_sound (sound, "forced.wav");

  watch = watch_file (path, 10000);
  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  g_assert_cmpuint (watch->chunks->len, >=, 2);
  for (guint i = 0; i < watch->chunks->len; i++)
    g_assert_cmpuint (watch_get_chunk (watch, i)->length_ms, <=, 10000);
  g_unlink (path);
}

/* The time at which something was said is the time at which it is in the file: half a second after
 * the beginning of the chunk that it opens. */
static void
test_time (void)
{
  g_autoptr (GArray) sound = sounds_noise (5000, -70);
  g_autoptr (GArray) beep = sounds_tone (1000, 200, -20);
  g_autoptr (GArray) end = sounds_noise (500, -70);
  g_autofree char *path = NULL;
  g_autoptr (Watch) watch = NULL;
  g_autoptr (GArray) part = NULL;
  WhisChunk *chunk;
  guint beginning = 0;

  sounds_append (sound, beep);
  sounds_append (sound, end);
  path = file_fixture_write_sound (sound, "time.wav");
  watch = watch_file (path, 10000);
  watch_to_the_end (watch);

  g_assert_cmpuint (watch->chunks->len, ==, 2);
  chunk = watch_get_chunk (watch, 1);
  part = sounds_decode_range (watch->path, chunk->offset, chunk->size);
  while (ABS (g_array_index (part, gint16, beginning)) < 1000)
    beginning++;

  /* four frames lead; a frame and two steps is how exact it can be */
  g_assert_cmpuint (beginning * 1000 / SOUNDS_RATE, >=, 4 * FRAME_MS + 500 - 10);
  g_assert_cmpuint (beginning * 1000 / SOUNDS_RATE, <=, 4 * FRAME_MS + 500 + FRAME_MS + 10);
  g_unlink (path);
}

static void
assert_no_speech (GArray *taken)
{
  g_autoptr (GArray) sound = taken;
  g_autofree char *path = file_fixture_write_sound (sound, "no-speech.wav");
  g_autoptr (Watch) watch = watch_file (path, 10000);

  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  g_assert_cmpuint (watch->chunks->len, >=, 1);
  g_assert_false (watch_has_speech (watch));
  g_unlink (path);
}

static void
test_no_speech (void)
{
  assert_no_speech (sounds_silence (25000));
  assert_no_speech (sounds_noise (25000, -40));
  assert_no_speech (sounds_hum (25000, -35));
  assert_no_speech (sounds_clicks (25000, -60));
}

static void
add_sound (WhisCapture *capture, GBytes *samples, guint64 *n_samples)
{
  *n_samples += g_bytes_get_size (samples) / sizeof (gint16);
}

static void
assert_sound (WhisCapture *capture, WhisChunk *chunk, guint64 *n_samples)
{
  /* what was heard up to the cut, which is later than the chunk's end; the codec adds 69 ms */
  g_assert_cmpuint (*n_samples / 24 + 100, >=, chunk->start_ms + chunk->length_ms);
}

static void
assert_end_of_sound (WhisCapture *capture, GError *error, guint64 *n_samples)
{
  g_assert_cmpuint (*n_samples / 24 + 5, >=, whis_capture_get_elapsed_ms (capture));
  g_assert_cmpuint (*n_samples / 24, <=, whis_capture_get_elapsed_ms (capture) + 5);
}

/* Who listens in hears all of a chunk before it is told, and everything before the end. */
static void
test_live (void)
{
  g_autofree char *path = file_fixture_write_sound (file_fixture_speech, "live.wav");
  const WhisCaptureOptions options = { .live_rate = 24000 };
  g_autoptr (Watch) watch = watch_descriptor (&options, g_open (path, O_RDONLY | O_CLOEXEC));
  guint64 n_samples = 0;

  g_signal_connect (watch->capture, "sound", G_CALLBACK (add_sound), &n_samples);
  g_signal_connect (watch->capture, "chunk", G_CALLBACK (assert_sound), &n_samples);
  g_signal_connect (watch->capture, "ended", G_CALLBACK (assert_end_of_sound), &n_samples);
  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  g_assert_cmpuint (watch->chunks->len, >=, 2);
  g_assert_cmpuint (n_samples, >, 24000);
  g_unlink (path);
}

static void
count_sound (WhisCapture *capture, GBytes *samples, guint *n)
{
  ++*n;
}

/* Nobody listens in unasked. */
static void
test_not_live (void)
{
  g_autofree char *path = file_fixture_write_sound (file_fixture_speech, "not-live.wav");
  g_autoptr (Watch) watch = watch_file (path, 0);
  guint n = 0;

  g_signal_connect (watch->capture, "sound", G_CALLBACK (count_sound), &n);
  watch_to_the_end (watch);
  g_assert_cmpuint (n, ==, 0);
  g_unlink (path);
}

static void
test_stop (void)
{
  g_autofree char *path = file_fixture_write_sound (file_fixture_speech, "stop.wav");
  g_autoptr (Watch) watch = watch_file (path, 10000);

  watch->on_chunk = watch_stop;
  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  watch_assert_file_is_whole (watch);

  /* again, too late, and of no effect */
  whis_capture_stop (watch->capture);
  whis_capture_cancel (watch->capture);
  g_unlink (path);
}

/* After a cancel nothing is heard of the capture any more, and it goes away. */
static void
test_cancel (void)
{
  g_autofree char *path = file_fixture_write_sound (file_fixture_speech, "cancel.wav");

  for (guint moment = 0; moment < 5; moment++)
    {
      g_autoptr (Watch) watch = watch_file (path, 10000);

      if (moment == 2)
        watch->on_started = watch_cancel;
      if (moment == 3)
        watch->on_chunk = watch_cancel;
      if (moment == 4)
        watch->on_started = watch_stop;
      if (moment > 0)
        watch_start (watch);
      if (moment == 2 || moment == 4)
        watch_until (watch, &watch->started);
      if (moment == 3)
        watch_until (watch, &watch->cancelled);

      watch_cancel (watch);
      g_assert_cmpuint (watch->chunks->len, ==, moment == 3 ? 1 : 0);
    }
  g_unlink (path);
}

/* Everything was heard and is waiting to be told when the cancel comes. */
static void
test_cancel_late (void)
{
  g_autofree char *path = file_fixture_write_sound (file_fixture_speech, "late.wav");
  g_autoptr (Watch) watch = watch_file (path, 10000);

  watch_start (watch);
  watch_until (watch, &watch->started);
  while (whis_capture_get_elapsed_ms (watch->capture) < sounds_get_ms (file_fixture_speech))
    g_thread_yield ();
  watch_cancel (watch);
  g_unlink (path);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
test_start_often (void)
{
  g_autofree char *path = file_fixture_write_sound (file_fixture_speech, "often.wav");
  guint before = 0;

  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < 10; i++)
        {
          g_autoptr (Watch) watch = watch_file (path, 0);

          watch_start (watch);
          if (i % 2 == 0)
            whis_capture_cancel (watch->capture);
          else
            watch_until (watch, &watch->ended);
        }

      /* the first round opens what GStreamer keeps */
      if (round == 0)
        before = count_descriptors ();
    }

  g_assert_cmpuint (count_descriptors (), <=, before);
  g_unlink (path);
}

static GstElement *
find_pipe_source (GstElement *pipeline)
{
  g_autoptr (GstIterator) elements = gst_bin_iterate_recurse (GST_BIN (pipeline));
  GValue value = G_VALUE_INIT;
  GstElement *found = NULL;

  while (found == NULL && gst_iterator_next (elements, &value) == GST_ITERATOR_OK)
    {
      GstElement *element = g_value_get_object (&value);

      if (g_str_equal (G_OBJECT_TYPE_NAME (element), "GstFdSrc"))
        found = gst_object_ref (element);
      g_value_reset (&value);
    }
  g_value_unset (&value);

  return found;
}

/* A pipe that stays open is waited for, but not without end. */
static void
test_silent_pipe (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstBus) bus = NULL;
  guint64 longest_pause;
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  pipeline = whis_pipeline_new (ends[0], NULL, 0, &error);
  g_assert_no_error (error);
  source = find_pipe_source (pipeline);
  g_object_get (source, "timeout", &longest_pause, NULL);
  g_assert_cmpuint (longest_pause, >=, 30 * G_USEC_PER_SEC);
  g_assert_cmpuint (longest_pause, <=, 120 * G_USEC_PER_SEC);

  g_object_set (source, "timeout", G_GUINT64_CONSTANT (20000), NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_element_get_bus (pipeline);
  while (error == NULL)
    {
      g_autoptr (GstMessage) message = gst_bus_timed_pop (bus, GST_CLOCK_TIME_NONE);

      error = whis_pipeline_get_error (message);
    }
  g_assert_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  close (ends[0]);
  close (ends[1]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture-file/warm-up", test_warm_up);
  g_test_add_func ("/capture-file/silent-pipe", test_silent_pipe);
  g_test_add_func ("/capture-file/formats", test_formats);
  g_test_add_func ("/capture-file/channels/same-sound", test_channels);
  g_test_add_func ("/capture-file/channels/one-each", test_channel_each);
  g_test_add_func ("/capture-file/duration", test_duration);
  g_test_add_func ("/capture-file/chunks", test_chunks);
  g_test_add_func ("/capture-file/forced-cut", test_forced_cut);
  g_test_add_func ("/capture-file/time", test_time);
  g_test_add_func ("/capture-file/no-speech", test_no_speech);
  g_test_add_func ("/capture-file/live", test_live);
  g_test_add_func ("/capture-file/not-live", test_not_live);
  g_test_add_func ("/capture-file/stop", test_stop);
  g_test_add_func ("/capture-file/cancel", test_cancel);
  g_test_add_func ("/capture-file/cancel-late", test_cancel_late);
  g_test_add_func ("/capture-file/start-often", test_start_often);

  return file_fixture_run ();
}
