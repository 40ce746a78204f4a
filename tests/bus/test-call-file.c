/* SPDX-License-Identifier: MIT */
#include "call-file.h"

#include <fcntl.h>
#include <unistd.h>

/* The descriptor that a call says it has. */

static GVariant *
create_handle (gint32 index)
{
  return g_variant_ref_sink (g_variant_new_handle (index));
}

/* The call's descriptors go with the call; the one that was taken stays. */
static void
test_own_descriptor (void)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GVariant) handle = create_handle (1);
  int ends[2];
  char byte = 0;
  int taken;

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  g_assert_cmpint (g_unix_fd_list_append (fds, ends[1], NULL), ==, 0);
  g_assert_cmpint (g_unix_fd_list_append (fds, ends[0], NULL), ==, 1);
  g_assert_cmpint (write (ends[1], "x", 1), ==, 1);
  close (ends[0]);
  close (ends[1]);

  taken = whis_call_dup_file (fds, handle);
  g_clear_object (&fds);
  g_assert_cmpint (taken, >=, 0);
  g_assert_cmpint (fcntl (taken, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
  g_assert_cmpint (read (taken, &byte, 1), ==, 1);
  g_assert_cmpint (byte, ==, 'x');
  close (taken);
}

/* The number is the caller's word. */
static void
test_wrong_handle (void)
{
  static const gint32 handles[] = { 1, 2, G_MAXINT32, -1, -2, G_MININT32 };
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  int file = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (g_unix_fd_list_append (fds, file, NULL), ==, 0);
  close (file);
  for (gsize i = 0; i < G_N_ELEMENTS (handles); i++)
    {
      g_autoptr (GVariant) handle = create_handle (handles[i]);

      g_assert_cmpint (whis_call_dup_file (fds, handle), ==, -1);
    }
}

static void
test_no_descriptors (void)
{
  g_autoptr (GUnixFDList) empty = g_unix_fd_list_new ();
  g_autoptr (GVariant) handle = create_handle (0);

  g_assert_cmpint (whis_call_dup_file (NULL, handle), ==, -1);
  g_assert_cmpint (whis_call_dup_file (empty, handle), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/call-file/own-descriptor", test_own_descriptor);
  g_test_add_func ("/call-file/wrong-handle", test_wrong_handle);
  g_test_add_func ("/call-file/no-descriptors", test_no_descriptors);

  return g_test_run ();
}
