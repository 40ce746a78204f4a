/* SPDX-License-Identifier: MIT */
#include "file-origin.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MIB (1024 * 1024)

typedef struct
{
  GMainLoop *loop;
  char *origin;
} Asked;

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;

  asked->origin = whis_file_origin_finish (result);
  g_main_loop_quit (asked->loop);
}

static char *
get_origin (int file)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Asked asked = { loop, NULL };

  whis_file_origin_async (file, NULL, found_cb, &asked);
  g_main_loop_run (loop);

  return asked.origin;
}

/* A file of zeros with one byte somewhere. */
static int
create_file (gsize size, gsize place)
{
  g_autofree char *path = NULL;
  g_autofree char *bytes = g_malloc0 (size);
  int file = g_file_open_tmp ("whis-XXXXXX", &path, NULL);

  g_assert_cmpint (file, >=, 0);
  g_unlink (path);
  if (place < size)
    bytes[place] = 'x';
  g_assert_cmpint (write (file, bytes, size), ==, (gssize) size);

  return file;
}

static char *
get_origin_of (gsize size, gsize place)
{
  int file = create_file (size, place);
  char *origin = get_origin (file);

  close (file);

  return origin;
}

static void
test_same_file (void)
{
  g_autofree char *first = get_origin_of (5 * MIB, 7);
  g_autofree char *second = get_origin_of (5 * MIB, 7);

  g_assert_cmpuint (strlen (first), ==, 64);
  g_assert_cmpstr (first, ==, second);
}

static void
test_other_files (void)
{
  const gsize files[][2] = { { 5 * MIB, 7 },
                             { 5 * MIB, MIB - 1 },
                             { 5 * MIB, 4 * MIB },
                             { 5 * MIB, 5 * MIB - 1 },
                             { 5 * MIB, MIB * 5 },
                             { 5 * MIB + 1, 7 },
                             { 0, 1 },
                             { 1, 1 },
                             { 1, 0 },
                             { 2, 0 },
                             { 2, 1 } };
  g_autoptr (GHashTable) origins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      char *origin = get_origin_of (files[i][0], files[i][1]);

      g_assert_nonnull (origin);
      g_assert_true (g_hash_table_add (origins, origin));
    }
}

/* Who gave the descriptor goes on to read where it was. */
static void
test_place_is_left_alone (void)
{
  int file = create_file (3 * MIB, 0);
  g_autofree char *origin = NULL;

  g_assert_cmpint (lseek (file, 12345, SEEK_SET), ==, 12345);
  origin = get_origin (file);
  g_assert_nonnull (origin);
  g_assert_cmpint (lseek (file, 0, SEEK_CUR), ==, 12345);
  close (file);
}

static void
test_no_file (void)
{
  int ends[2];
  int directory = open (g_get_tmp_dir (), O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_null (get_origin (ends[0]));
  g_assert_null (get_origin (directory));
  close (ends[0]);
  close (ends[1]);
  close (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/file-origin/same-file", test_same_file);
  g_test_add_func ("/file-origin/other-files", test_other_files);
  g_test_add_func ("/file-origin/place-is-left-alone", test_place_is_left_alone);
  g_test_add_func ("/file-origin/no-file", test_no_file);

  return g_test_run ();
}
