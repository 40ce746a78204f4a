/* SPDX-License-Identifier: MIT */
#include "locked-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The files of a recording: nobody else reads them, and nobody takes them for left behind. */

typedef struct
{
  char *directory;
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("whis-test-locked-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->folder = g_build_filename (fixture->directory, "recordings", NULL);
  fixture->path = g_build_filename (fixture->folder, "one.mp3", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
  g_free (fixture->directory);
}

static guint
get_mode (const char *path)
{
  struct stat status;

  g_assert_cmpint (stat (path, &status), ==, 0);

  return (guint) status.st_mode & 0777;
}

/* Whatever others may read by the user's umask. */
static void
test_owner_only (Fixture *fixture, gconstpointer data)
{
  mode_t before = umask (0);
  int fd = whis_locked_file_create (fixture->path);

  umask (before);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpuint (get_mode (fixture->folder), ==, 0700);
  g_assert_cmpuint (get_mode (fixture->path), ==, 0600);
  /* A program that is started does not hold the recording open. */
  g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
  close (fd);
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  int fd = whis_locked_file_create (fixture->path);
  int other = open (fixture->path, O_RDWR | O_CLOEXEC);

  g_assert_cmpint (other, >=, 0);
  g_assert_cmpint (flock (other, LOCK_EX | LOCK_NB), ==, -1);
  g_assert_cmpint (errno, ==, EWOULDBLOCK);
  close (fd);
  g_assert_cmpint (flock (other, LOCK_EX | LOCK_NB), ==, 0);
  close (other);
}

/* What is there already is somebody's sound. */
static void
test_exists (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contents = NULL;

  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (fixture->path, "sound", -1, NULL));
  g_assert_cmpint (whis_locked_file_create (fixture->path), ==, -1);
  g_assert_cmpint (errno, ==, EEXIST);
  g_assert_true (g_file_get_contents (fixture->path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "sound");
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_assert_true (g_file_set_contents (fixture->folder, "no folder", -1, NULL));
  g_assert_cmpint (whis_locked_file_create (fixture->path), ==, -1);
  g_assert_cmpint (errno, ==, ENOTDIR);
  g_unlink (fixture->folder);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void
test_write (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contents = NULL;
  gsize size;
  int fd = whis_locked_file_create (fixture->path);

  g_assert_true (whis_locked_file_write (fd, (const guint8 *) "cdef", 4, 2));
  g_assert_true (whis_locked_file_write (fd, (const guint8 *) "ab", 2, 0));
  g_assert_true (whis_locked_file_write (fd, NULL, 0, 100));
  g_assert_true (whis_locked_file_flush (fd));
  whis_locked_file_flush_directory (fixture->path);
  close (fd);
  g_assert_true (g_file_get_contents (fixture->path, &contents, &size, NULL));
  g_assert_cmpmem (contents, size, "abcdef", 6);
}

/* The reason is what the user is told. */
static void
test_not_written (Fixture *fixture, gconstpointer data)
{
  int full = open ("/dev/full", O_RDWR | O_CLOEXEC);
  int readable = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  g_assert_false (whis_locked_file_write (full, (const guint8 *) "ab", 2, 0));
  g_assert_cmpint (errno, ==, ENOSPC);
  g_assert_false (whis_locked_file_write (readable, (const guint8 *) "ab", 2, 0));
  g_assert_cmpint (errno, ==, EBADF);
  close (full);
  close (readable);
}

/* A place without a disk behind it is no failure; a file that is closed is one. */
static void
test_flush (Fixture *fixture, gconstpointer data)
{
  int fd = open ("/dev/null", O_RDWR | O_CLOEXEC);

  g_assert_true (whis_locked_file_flush (fd));
  close (fd);
  g_assert_false (whis_locked_file_flush (fd));
  g_assert_cmpint (errno, ==, EBADF);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/locked-file/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("owner-only", test_owner_only);
  ADD ("locked", test_locked);
  ADD ("exists", test_exists);
  ADD ("no-folder", test_no_folder);
  ADD ("write", test_write);
  ADD ("not-written", test_not_written);
  ADD ("flush", test_flush);

  return g_test_run ();
}
