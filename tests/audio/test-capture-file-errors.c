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

/* Captures of what is no sound, of sound that breaks off, and of disks that are full. */

static void
assert_sentence (const GError *error, WhisAudioError code)
{
  g_assert_error (error, WHIS_AUDIO_ERROR, (int) code);
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_null (strstr (error->message, "gst"));
}

static void
assert_no_sound (char *path)
{
  g_autoptr (Watch) watch = watch_file (path, 0);

  g_test_message ("%s", path);
  watch_to_the_end (watch);
  assert_sentence (watch->error, WHIS_AUDIO_ERROR_FILE);
  g_assert_cmpuint (watch->chunks->len, ==, 0);
  g_unlink (path);
  g_free (path);
}

static char *
make_text (void)
{
  char *path = file_fixture_dup_path ("letter.txt");

  g_assert_true (g_file_set_contents (path, "Dear Sir or Madam,\nthis is a letter.\n", -1, NULL));

  return path;
}

static char *
make_random_bytes (void)
{
  char *path = file_fixture_dup_path ("random.bin");
  guint32 bytes[10000];

  for (guint i = 0; i < G_N_ELEMENTS (bytes); i++)
    bytes[i] = (guint32) g_test_rand_int ();
  g_assert_true (g_file_set_contents (path, (const char *) bytes, sizeof bytes, NULL));

  return path;
}

static char *
make_mp4_without_index (void)
{
  char *path = file_fixture_make ("half.mp4", "-map 1 -c:a aac");

  file_fixture_cut (path, file_fixture_get_size (path) / 2);

  return path;
}

static void
test_no_sound (void)
{
  g_autoptr (GArray) nothing = sounds_silence (0);

  assert_no_sound (make_text ());
  assert_no_sound (make_random_bytes ());
  assert_no_sound (make_mp4_without_index ());
  assert_no_sound (file_fixture_make ("silent.mp4", "-map 0 -c:v mpeg4"));
  assert_no_sound (file_fixture_write_sound (nothing, "nothing.wav"));
}

/* A demuxer that takes all and says nothing: it stands in for one whose error decodebin has
 * dropped. */
typedef GstElement SilentDemuxer;
typedef GstElementClass SilentDemuxerClass;

static GType silent_demuxer_get_type (void);
G_DEFINE_TYPE (SilentDemuxer, silent_demuxer, GST_TYPE_ELEMENT)

#define SILENT_CAPS "application/x-silent"

static GstStaticPadTemplate silent_sink =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (SILENT_CAPS));
static GstStaticPadTemplate silent_source =
    GST_STATIC_PAD_TEMPLATE ("src",
                             GST_PAD_SRC,
                             GST_PAD_SOMETIMES,
                             GST_STATIC_CAPS ("audio/x-raw"));

static GstFlowReturn
drop_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  gst_buffer_unref (buffer);

  return GST_FLOW_OK;
}

static gboolean
drop_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gst_event_unref (event);

  return TRUE;
}

static void
silent_demuxer_init (SilentDemuxer *self)
{
  GstPad *pad = gst_pad_new_from_static_template (&silent_sink, "sink");

  gst_pad_set_chain_function (pad, drop_buffer);
  gst_pad_set_event_function (pad, drop_event);
  gst_element_add_pad (self, pad);
}

static void
silent_demuxer_class_init (SilentDemuxerClass *klass)
{
  gst_element_class_add_static_pad_template (klass, &silent_sink);
  gst_element_class_add_static_pad_template (klass, &silent_source);
  gst_element_class_set_static_metadata (klass, "Silent", "Codec/Demuxer", "Takes all", "Whis");
}

static void
find_silent (GstTypeFind *find, gpointer data)
{
  const guint8 *bytes = gst_type_find_peek (find, 0, 6);
  g_autoptr (GstCaps) caps = gst_caps_from_string (SILENT_CAPS);

  if (bytes != NULL && memcmp (bytes, "silent", 6) == 0)
    gst_type_find_suggest (find, GST_TYPE_FIND_MAXIMUM, caps);
}

static void
test_no_end (void)
{
  const WhisCaptureOptions options = { 0 };
  g_autofree char *path = file_fixture_dup_path ("endless.bin");
  g_autoptr (Watch) watch = NULL;

  g_assert_true (gst_init_check (NULL, NULL, NULL));
  g_assert_true (gst_element_register (NULL, "silentdemuxer", GST_RANK_PRIMARY + 1,
                                       silent_demuxer_get_type ()));
  g_assert_true (gst_type_find_register (NULL, "silent", GST_RANK_PRIMARY, find_silent, NULL, NULL,
                                         NULL, NULL));
  g_assert_true (g_file_set_contents (path, "silent, and then nothing more comes", -1, NULL));

  watch = watch_descriptor (&options, g_open (path, O_RDONLY | O_CLOEXEC));
  whis_file_capture_set_timeout (WHIS_FILE_CAPTURE (watch->capture), 200);
  watch_to_the_end (watch);
  assert_sentence (watch->error, WHIS_AUDIO_ERROR_FILE);
  g_unlink (path);
}

static void
assert_refused (const char *path)
{
  g_autoptr (Watch) watch = watch_file (path, 0);
  g_autoptr (GError) error = NULL;

  g_assert_false (whis_capture_start (watch->capture, &error));
  assert_sentence (error, WHIS_AUDIO_ERROR_FILE);
  g_assert_false (g_file_test (watch->path, G_FILE_TEST_EXISTS));
}

static void
test_refused (void)
{
  g_autofree char *empty = file_fixture_dup_path ("empty.wav");

  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  assert_refused (empty);
  assert_refused (file_fixture_directory);
  g_unlink (empty);
}

/* A download that broke off: what is there is heard. */
static void
test_truncated (void)
{
  static const char *const files[][2] = {
    { "half.mp3", "-map 1 -c:a libmp3lame" },
    { "half.wav", "-map 1" },
    { "half.ogg", "-map 1 -c:a libvorbis" },
    { "half.mkv", "-map 1 -c:a libvorbis" },
    { "half.flac", "-map 1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = file_fixture_make (files[i][0], files[i][1]);
      g_autoptr (Watch) watch = NULL;

      file_fixture_cut (path, file_fixture_get_size (path) / 2 + 1);
      watch = watch_file (path, 0);
      watch_to_the_end (watch);

      g_test_message ("%s: %s", path, watch->error != NULL ? watch->error->message : "no error");
      if (watch->error != NULL)
        assert_sentence (watch->error, WHIS_AUDIO_ERROR_FILE);
      g_assert_true (watch_has_speech (watch));
      g_assert_cmpuint (watch_get_chunked_ms (watch), >, 8000);
      watch_assert_file_is_whole (watch);
      g_unlink (path);
    }
}

/* A descriptor need not be a file. */
static void
test_pipe (void)
{
  g_autofree char *path = file_fixture_write_sound (file_fixture_speech, "piped.wav");
  char *arguments[] = { (char *) "cat", path, NULL };
  const WhisCaptureOptions options = { 0 };
  g_autoptr (Watch) watch = NULL;
  int file;

  g_assert_true (g_spawn_async_with_pipes (NULL, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                                           NULL, NULL, &file, NULL, NULL));
  watch = watch_descriptor (&options, file);
  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  g_assert_cmpuint (watch_get_chunked_ms (watch), >=, sounds_get_ms (file_fixture_speech));
  g_unlink (path);
}

static void
test_existing_recording (void)
{
  g_autofree char *path = file_fixture_write_sound (file_fixture_speech, "existing.wav");
  g_autoptr (Watch) watch = watch_file (path, 0);

  g_assert_true (g_file_set_contents (watch->path, "precious", -1, NULL));
  watch_to_the_end (watch);
  assert_sentence (watch->error, WHIS_AUDIO_ERROR_STORAGE);
  g_assert_cmpuint (file_fixture_get_size (watch->path), ==, strlen ("precious"));
  g_unlink (path);
}

static void
limit_file_size (rlim_t bytes)
{
  struct rlimit limit = { bytes, RLIM_INFINITY };

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* Every chunk can be sent, though the disk has only some of them. */
static GArray *
join_chunks (Watch *watch)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *path = file_fixture_dup_path ("joined.mp3");
  GArray *sound;

  for (guint i = 0; i < watch->chunks->len; i++)
    {
      WhisChunk *chunk = watch_get_chunk (watch, i);
      g_autoptr (GBytes) unsaved =
          read_sound (WHIS_SOUND (watch->recording), 0, chunk->offset + chunk->size, NULL);

      g_assert_nonnull (unsaved);
      g_byte_array_set_size (bytes, 0);
      g_byte_array_append (bytes, g_bytes_get_data (unsaved, NULL),
                           (guint) g_bytes_get_size (unsaved));
    }

  limit_file_size (RLIM_INFINITY);
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
  sound = sounds_decode (path);
  g_unlink (path);

  return sound;
}

/* The disk is full in the middle of a frame: the frames before are there, the others in memory, and
 * they are saved as soon as there is room. */
static void
test_full_disk (void)
{
  g_autofree char *path = NULL;
  g_autoptr (Watch) watch = NULL;
  g_autoptr (GArray) joined = NULL;
  g_autoptr (GArray) recorded = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  path = file_fixture_write_sound (file_fixture_speech, "full.wav");
  limit_file_size (500 * FRAME_SIZE + 10);
  watch = watch_file (path, 10000);
  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  g_assert_cmpuint (file_fixture_get_size (watch->path), ==, 500 * FRAME_SIZE);
  g_assert_cmpuint (watch_get_chunked_ms (watch), >=, sounds_get_ms (file_fixture_speech));
  g_assert_cmpuint (watch->warnings->len, ==, 1);
  g_assert_nonnull (strstr (watch->warning, "full"));
  g_assert_nonnull (strstr (watch->warning, "69 minutes"));
  g_assert_false (whis_recording_get_saved (watch->recording));
  g_assert_false (watch->saved);

  joined = join_chunks (watch);
  file_fixture_assert_same_sound (joined, file_fixture_speech);

  watch_until (watch, &watch->saved);
  g_assert_cmpuint (watch->warnings->len, ==, 2);
  watch_assert_file_is_whole (watch);
  recorded = sounds_decode (watch->path);
  file_fixture_assert_same_sound (recorded, file_fixture_speech);
  g_unlink (path);
}

/* Nobody waits for the disk any more: the capture goes, and tries no longer. */
static void
test_full_disk_left (void)
{
  g_autofree char *path = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  path = file_fixture_write_sound (file_fixture_speech, "left.wav");
  limit_file_size (500 * FRAME_SIZE + 10);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Watch) watch = watch_file (path, 10000);

      watch_to_the_end (watch);
      if (i == 0)
        watch_cancel (watch);
    }
  limit_file_size (RLIM_INFINITY);
  g_unlink (path);
}

static void
test_missing_plugin (void)
{
  g_autofree char *path = NULL;
  g_autoptr (Watch) watch = NULL;
  g_autoptr (GstPluginFeature) encoder = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_assert_true (gst_init_check (NULL, NULL, NULL));
  encoder = gst_registry_lookup_feature (gst_registry_get (), "lamemp3enc");
  gst_registry_remove_feature (gst_registry_get (), encoder);

  path = file_fixture_write_sound (file_fixture_speech, "missing.wav");
  watch = watch_file (path, 0);
  watch_to_the_end (watch);
  g_assert_error (watch->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED);
  g_assert_nonnull (strstr (watch->error->message, "lamemp3enc"));
  g_unlink (path);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture-file/no-sound", test_no_sound);
  g_test_add_func ("/capture-file/no-end", test_no_end);
  g_test_add_func ("/capture-file/refused", test_refused);
  g_test_add_func ("/capture-file/truncated", test_truncated);
  g_test_add_func ("/capture-file/pipe", test_pipe);
  g_test_add_func ("/capture-file/existing-recording", test_existing_recording);
  g_test_add_func ("/capture-file/full-disk", test_full_disk);
  g_test_add_func ("/capture-file/full-disk-left", test_full_disk_left);
  g_test_add_func ("/capture-file/missing-plugin", test_missing_plugin);

  return file_fixture_run ();
}
