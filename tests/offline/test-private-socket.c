/* SPDX-License-Identifier: MIT */
#include "private-socket.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "offline-error.h"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("whis-socket-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "socket", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
assert_refused (const char *path, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (whis_private_socket_new (path, &error));
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_SOCKET);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_true (g_str_has_suffix (error->message, "."));
}

static gboolean
can_connect (const char *path)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);

  return connection != NULL;
}

/* Whatever the user's umask is, others cannot speak, and files that are made later have the mode
 * that they had before. */
static void
test_mode (Fixture *fixture, gconstpointer unused)
{
  static const mode_t masks[] = { 0, 022, 077 };
  mode_t before = umask (0);

  for (gsize i = 0; i < G_N_ELEMENTS (masks); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) socket = NULL;
      struct stat status;

      umask (masks[i]);
      socket = whis_private_socket_new (fixture->path, &error);
      g_assert_no_error (error);
      g_assert_cmpint (umask (masks[i]), ==, masks[i]);
      g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
      g_assert_true (S_ISSOCK (status.st_mode));
      g_assert_cmpint (status.st_mode & 0777, ==, 0600);
      g_assert_true (can_connect (fixture->path));
      g_unlink (fixture->path);
    }
  umask (before);
}

/* A folder into which others can look is none for what is spoken. */
static void
test_open_folder (Fixture *fixture, gconstpointer unused)
{
  static const mode_t modes[] = { 0755, 0711, 0770, 0701, 0710, 01777 };

  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_assert_cmpint (g_chmod (fixture->folder, modes[i]), ==, 0);
      assert_refused (fixture->path, "0700");
      g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
    }
  g_chmod (fixture->folder, 0700);
}

static void
test_wrong_folder (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *absent = g_build_filename (fixture->folder, "absent", "socket", NULL);
  g_autofree char *file = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char *in_file = g_build_filename (file, "socket", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_autofree char *in_link = g_build_filename (link, "socket", NULL);

  assert_refused (absent, "make it");
  g_file_set_contents (file, "", 0, NULL);
  assert_refused (in_file, "make it");
  /* A link can be led elsewhere between the look and the use. */
  g_assert_cmpint (symlink (fixture->folder, link), ==, 0);
  assert_refused (in_link, "make it");
  g_unlink (link);
  g_unlink (file);
}

/* The kernel has room for 107 letters; what it would cut off is another path. */
static void
test_long_path (Fixture *fixture, gconstpointer unused)
{
  gsize room = 107 - strlen (fixture->folder) - 1;
  g_autofree char *longest_name = g_strnfill (room, 's');
  g_autofree char *too_long_name = g_strnfill (room + 1, 's');
  g_autofree char *longest = g_build_filename (fixture->folder, longest_name, NULL);
  g_autofree char *too_long = g_build_filename (fixture->folder, too_long_name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;

  assert_refused (too_long, "too long");
  socket = whis_private_socket_new (longest, &error);
  g_assert_no_error (error);
  g_assert_true (can_connect (longest));
  g_unlink (longest);
}

/* What a recogniser left that was killed is replaced. */
static void
test_stale (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GSocket) first = whis_private_socket_new (fixture->path, NULL);
  g_autoptr (GSocket) second = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_socket_close (first, NULL));
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_false (can_connect (fixture->path));
  second = whis_private_socket_new (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_true (can_connect (fixture->path));
}

/* One that listens is left alone, also when nobody takes its connections and its queue is full. */
static void
test_alive (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (fixture->path);
  g_autoptr (GSocket) first =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_socket_bind (first, address, FALSE, NULL));
  g_socket_set_listen_backlog (first, 1);
  g_assert_true (g_socket_listen (first, NULL));
  assert_refused (fixture->path, "already listens");
  while (error == NULL)
    {
      GSocket *client = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_DEFAULT, NULL);

      g_ptr_array_add (waiting, client);
      g_socket_set_blocking (client, FALSE);
      g_socket_connect (client, address, NULL, &error);
    }
  assert_refused (fixture->path, "already listens");
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

/* Nothing that is no socket is removed. */
static void
test_other_file (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *text = NULL;
  g_autofree char *target = NULL;

  g_file_set_contents (fixture->path, "precious", -1, NULL);
  assert_refused (fixture->path, "is not a socket");
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "precious");
  g_unlink (fixture->path);

  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  assert_refused (fixture->path, "is not a socket");
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);

  g_assert_cmpint (symlink ("/nonexistent", fixture->path), ==, 0);
  assert_refused (fixture->path, "is not a socket");
  target = g_file_read_link (fixture->path, NULL);
  g_assert_cmpstr (target, ==, "/nonexistent");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test)                                                                            \
  g_test_add ("/offline/private-socket/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("mode", test_mode);
  ADD ("open-folder", test_open_folder);
  ADD ("wrong-folder", test_wrong_folder);
  ADD ("long-path", test_long_path);
  ADD ("stale", test_stale);
  ADD ("alive", test_alive);
  ADD ("other-file", test_other_file);

  return g_test_run ();
}
