/* SPDX-License-Identifier: MIT */
#include "standard-streams.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

/* The test prints to these streams, so each case has a process of its own. */
static void
run_apart (const char *path)
{
  if (g_test_subprocess ())
    return;
  g_test_trap_subprocess (path, 0, 0);
  g_test_trap_assert_passed ();
}

#define EXPECT(condition)                                                                          \
  if (!(condition))                                                                                \
  _exit (__LINE__ & 0x7f)

/* Whatever is opened next, such as the bus, is no standard stream. */
static void
expect_filled (void)
{
  int next;

  whis_standard_streams_fill ();
  next = open ("/dev/null", O_RDWR);
  EXPECT (next > STDERR_FILENO);
  close (next);
  for (int fd = 0; fd <= STDERR_FILENO; fd++)
    EXPECT (fcntl (fd, F_GETFD) >= 0);
}

static void
test_all_closed_apart (void)
{
  for (int fd = 0; fd <= STDERR_FILENO; fd++)
    close (fd);
  expect_filled ();
  /* Who prints to what was closed gets to know that nobody read it. */
  EXPECT (write (STDOUT_FILENO, "x", 1) < 0 && errno == EBADF);
  _exit (0);
}

static void
test_output_closed_apart (void)
{
  close (STDOUT_FILENO);
  expect_filled ();
  EXPECT (write (STDOUT_FILENO, "x", 1) < 0 && errno == EBADF);
  _exit (0);
}

/* Open streams are left as they are, and no descriptor is lost. */
static void
test_all_open_apart (void)
{
  int lowest;
  int ends[2];
  char read_back;

  EXPECT (pipe (ends) == 0 && dup2 (ends[1], STDOUT_FILENO) == STDOUT_FILENO);
  lowest = open ("/dev/null", O_RDONLY);
  close (lowest);
  whis_standard_streams_fill ();
  EXPECT (write (STDOUT_FILENO, "x", 1) == 1);
  EXPECT (read (ends[0], &read_back, 1) == 1 && read_back == 'x');
  EXPECT (open ("/dev/null", O_RDONLY) == lowest);
  _exit (0);
}

static void
test_apart (gconstpointer path)
{
  run_apart (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/standard-streams/all-closed",
                        "/standard-streams/all-closed/subprocess/it", test_apart);
  g_test_add_func ("/standard-streams/all-closed/subprocess/it", test_all_closed_apart);
  g_test_add_data_func ("/standard-streams/output-closed",
                        "/standard-streams/output-closed/subprocess/it", test_apart);
  g_test_add_func ("/standard-streams/output-closed/subprocess/it", test_output_closed_apart);
  g_test_add_data_func ("/standard-streams/all-open", "/standard-streams/all-open/subprocess/it",
                        test_apart);
  g_test_add_func ("/standard-streams/all-open/subprocess/it", test_all_open_apart);

  return g_test_run ();
}
