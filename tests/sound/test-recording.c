/* SPDX-License-Identifier: MIT */
#include "recording.h"
#include "read-sound.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define FRAME_SIZE 144

typedef struct
{
  char *directory;
  char *path;
} Fixture;

static WhisRecording *
open_recording (const char *path, GError **error)
{
  g_autoptr (WhisRecording) recording = whis_recording_new (path);

  return whis_recording_open (recording, error) ? g_steal_pointer (&recording) : NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("whis-recording-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->directory, "deep", "deeper", "one.mp3", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *deeper = g_path_get_dirname (fixture->path);
  g_autofree char *deep = g_path_get_dirname (deeper);

  g_unlink (fixture->path);
  g_rmdir (deeper);
  g_rmdir (deep);
  g_rmdir (fixture->directory);
  g_free (fixture->path);
  g_free (fixture->directory);
}

static void
make_frame (char *frame, guint n)
{
  memset (frame, (int) ('a' + n % 26), FRAME_SIZE);
}

static gboolean
append_frame (WhisRecording *recording, guint n, GError **error)
{
  char frame[FRAME_SIZE];

  make_frame (frame, n);

  return whis_recording_append (recording, frame, sizeof frame, error);
}

static void
assert_whole_frames (const char *path, guint n_frames)
{
  g_autofree char *contents = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_assert_cmpuint (size, ==, n_frames * FRAME_SIZE);

  for (guint i = 0; i < n_frames; i++)
    {
      char frame[FRAME_SIZE];

      make_frame (frame, i);
      g_assert_cmpmem (contents + i * FRAME_SIZE, FRAME_SIZE, frame, FRAME_SIZE);
    }
}

static void
test_append (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecording) recording = open_recording (fixture->path, &error);
  struct stat info;

  g_assert_no_error (error);
  g_assert_cmpstr (whis_recording_get_path (recording), ==, fixture->path);

  for (guint i = 0; i < 100; i++)
    {
      g_assert_true (append_frame (recording, i, &error));
      g_assert_cmpuint (whis_recording_get_size (recording), ==, (i + 1) * FRAME_SIZE);
      /* at once, not when the recording is closed */
      assert_whole_frames (fixture->path, i + 1);
    }
  g_assert_true (whis_recording_sync (recording, &error));

  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_private_directories (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecording) recording = open_recording (fixture->path, NULL);
  g_autofree char *directory = g_path_get_dirname (fixture->path);
  struct stat info;

  g_assert_nonnull (recording);
  g_assert_cmpint (g_stat (directory, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
}

static void
test_existing_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecording) first = open_recording (fixture->path, NULL);
  g_autoptr (WhisRecording) second = NULL;

  g_assert_true (append_frame (first, 0, NULL));
  second = open_recording (fixture->path, &error);

  g_assert_null (second);
  g_assert_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE);
  assert_whole_frames (fixture->path, 1);
}

static void
test_no_directory (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->directory, "deep", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecording) recording = NULL;

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  recording = open_recording (fixture->path, &error);

  g_assert_null (recording);
  g_assert_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_unlink (file);
}

/* In a child, because a user who may write anywhere cannot be refused: root steps down first. */
static void
test_read_only_directory (Fixture *fixture, gconstpointer data)
{
  if (g_test_subprocess ())
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisRecording) recording = NULL;

      g_assert_cmpint (g_chmod (fixture->directory, 0555), ==, 0);
      if (geteuid () == 0)
        g_assert_cmpint (seteuid (65534), ==, 0);
      recording = open_recording (fixture->path, &error);
      if (getuid () == 0)
        g_assert_cmpint (seteuid (0), ==, 0);
      g_chmod (fixture->directory, 0700);

      g_assert_null (recording);
      g_assert_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
limit_file_size (rlim_t bytes)
{
  struct rlimit limit = { bytes, RLIM_INFINITY };

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
assert_readable (WhisRecording *recording, guint from, guint n_frames)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      read_sound (WHIS_SOUND (recording), from * FRAME_SIZE, n_frames * FRAME_SIZE, &error);
  const char *data;
  gsize size;

  g_assert_no_error (error);
  data = g_bytes_get_data (bytes, &size);
  g_assert_cmpuint (size, ==, n_frames * FRAME_SIZE);

  for (guint i = 0; i < n_frames; i++)
    {
      char frame[FRAME_SIZE];

      make_frame (frame, from + i);
      g_assert_cmpmem (data + i * FRAME_SIZE, FRAME_SIZE, frame, FRAME_SIZE);
    }
}

/* The eleventh frame fits by half: the kernel writes that half, and then refuses. */
static void
go_without_room (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecording) recording = open_recording (fixture->path, NULL);
  guint n = 0;

  limit_file_size (10 * FRAME_SIZE + FRAME_SIZE / 2);
  for (; n < 10; n++)
    g_assert_true (append_frame (recording, n, NULL));
  g_assert_true (whis_recording_get_saved (recording));

  for (; n < 30; n++)
    g_assert_true (append_frame (recording, n, NULL));
  g_assert_false (whis_recording_get_saved (recording));
  g_assert_true (whis_recording_is_full (recording));
  g_assert_cmpuint (whis_recording_get_size (recording), ==, 30 * FRAME_SIZE);
  assert_whole_frames (fixture->path, 10);

  /* what is in the file is the file's; what is not comes from memory, joined if need be */
  assert_readable (recording, 0, 10);
  assert_readable (recording, 5, 1 + 20);
  assert_readable (recording, 0, 30);
  assert_readable (recording, 12, 3);

  g_assert_false (whis_recording_sync (recording, &error));
  g_assert_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE);
  assert_readable (recording, 0, 30);

  /* room again: the recording goes on where it was, as soon as it is tried again */
  limit_file_size (RLIM_INFINITY);
  while (!whis_recording_get_saved (recording))
    {
      g_assert_true (append_frame (recording, n++, NULL));
      g_usleep (36000);
    }
  assert_whole_frames (fixture->path, n);
  assert_readable (recording, 0, n);
  g_assert_true (append_frame (recording, n, NULL));
  assert_whole_frames (fixture->path, n + 1);
}

static void
test_no_room (Fixture *fixture, gconstpointer data)
{
  if (g_test_subprocess ())
    {
      go_without_room (fixture);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* What was flushed is joined with what was not. */
static void
test_joined (Fixture *fixture, gconstpointer data)
{
  if (g_test_subprocess ())
    {
      g_autoptr (WhisRecording) recording = open_recording (fixture->path, NULL);

      for (guint i = 0; i < 10; i++)
        g_assert_true (append_frame (recording, i, NULL));
      g_assert_true (whis_recording_sync (recording, NULL));
      limit_file_size (15 * FRAME_SIZE);
      for (guint i = 10; i < 20; i++)
        g_assert_true (append_frame (recording, i, NULL));
      assert_whole_frames (fixture->path, 15);
      for (guint from = 0; from < 20; from++)
        assert_readable (recording, from, 20 - from);

      limit_file_size (RLIM_INFINITY);
      g_assert_true (whis_recording_sync (recording, NULL));
      assert_whole_frames (fixture->path, 20);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* Memory is not filled without end, and what is in it is saved when there is room. */
static void
fill_memory (Fixture *fixture)
{
  const gsize size = 1024 * 1024;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecording) recording = open_recording (fixture->path, NULL);
  g_autofree char *piece = g_malloc0 (size);
  struct stat info;

  limit_file_size (FRAME_SIZE);
  for (guint i = 0; i < WHIS_RECORDING_MOST_UNSAVED / size; i++)
    g_assert_true (whis_recording_append (recording, piece, size, NULL));
  g_assert_false (whis_recording_append (recording, piece, 1, &error));
  g_assert_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE);
  g_assert_cmpuint (whis_recording_get_size (recording), ==, WHIS_RECORDING_MOST_UNSAVED);

  limit_file_size (RLIM_INFINITY);
  g_assert_true (whis_recording_sync (recording, NULL));
  g_assert_true (whis_recording_get_saved (recording));
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, WHIS_RECORDING_MOST_UNSAVED);
}

static void
test_no_memory (Fixture *fixture, gconstpointer data)
{
  if (g_test_subprocess ())
    {
      fill_memory (fixture);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

#define ADD(name, func) g_test_add ("/recording/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("append", test_append);
  ADD ("private-directories", test_private_directories);
  ADD ("existing-file", test_existing_file);
  ADD ("no-directory", test_no_directory);
  ADD ("read-only-directory", test_read_only_directory);
  ADD ("no-room", test_no_room);
  ADD ("joined", test_joined);
  ADD ("no-memory", test_no_memory);

  return g_test_run ();
}
