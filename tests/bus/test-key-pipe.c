/* SPDX-License-Identifier: MIT */
#include "key-pipe.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#include "bus-error.h"
#include "call-file.h"

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static char *
read_key (const char *bytes, gsize size, GError **error)
{
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (bytes, (gssize) size, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  whis_key_pipe_read_async (stream, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_key_pipe_read_finish (stream, result, error);
}

/* It comes as it is; what a key may be is decided elsewhere. */
static void
test_whole (void)
{
  static const char *const keys[] = { "", "sk-key", "sk-key\n", "  two words ", "schlüssel" };
  g_autofree char *longest = g_strnfill (8192, 'k');
  g_autofree char *found = read_key (longest, 8192, NULL);

  g_assert_cmpstr (found, ==, longest);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *key = read_key (keys[i], strlen (keys[i]), NULL);

      g_assert_cmpstr (key, ==, keys[i]);
    }
}

static void
test_no_key (void)
{
  g_autofree char *long_one = g_strnfill (100000, 'k');
  const struct
  {
    const char *bytes;
    gsize size;
  } cases[] = { { long_one, 8193 }, { long_one, 100000 }, { "sk\0key", 6 }, { "\0", 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_key (cases[i].bytes, cases[i].size, &error));
      g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS);
      g_assert_null (strstr (error->message, "kk"));
    }
}

/* In pieces, with the end after the last of them. */
static void
test_pieces (void)
{
  int ends[2];
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *key = NULL;

  g_assert_cmpint (pipe (ends), ==, 0);
  stream = g_unix_input_stream_new (ends[0], TRUE);
  whis_key_pipe_read_async (stream, keep_result, &result);
  for (const char *p = "sk-key"; *p != '\0'; p++)
    {
      g_assert_cmpint (write (ends[1], p, 1), ==, 1);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_null (result);
    }
  close (ends[1]);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  key = whis_key_pipe_read_finish (stream, result, NULL);
  g_assert_cmpstr (key, ==, "sk-key");
}

/* A descriptor that cannot be read, such as that of a file that is open for writing. */
static void
test_unreadable (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp (NULL, &path, NULL);
  int writing = open (path, O_WRONLY | O_CLOEXEC);
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (writing, TRUE);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  whis_key_pipe_read_async (stream, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (whis_key_pipe_read_finish (stream, result, &error));
  g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS);
  g_assert_true (g_str_has_suffix (error->message, "."));
  unlink (path);
  close (fd);
}

/* A handle is a number that the caller made up. */
static void
test_handles (void)
{
  static const gint32 wrong[] = { -1, 1, 2, G_MAXINT32, G_MININT32 };
  int ends[2];
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) right = g_variant_ref_sink (g_variant_new_handle (0));
  int fd;

  g_assert_cmpint (pipe (ends), ==, 0);
  fds = g_unix_fd_list_new_from_array (ends, 1);
  close (ends[1]);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GVariant) handle = g_variant_ref_sink (g_variant_new_handle (wrong[i]));

      g_assert_cmpint (whis_call_dup_file (fds, handle), ==, -1);
    }
  g_assert_cmpint (whis_call_dup_file (NULL, right), ==, -1);
  fd = whis_call_dup_file (fds, right);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fd, !=, ends[0]);
  close (fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/key-pipe/whole", test_whole);
  g_test_add_func ("/key-pipe/no-key", test_no_key);
  g_test_add_func ("/key-pipe/pieces", test_pieces);
  g_test_add_func ("/key-pipe/unreadable", test_unreadable);
  g_test_add_func ("/call-file/handles", test_handles);

  return g_test_run ();
}
