/* SPDX-License-Identifier: MIT */
#include "process-limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define GIGABYTE ((guint64) 1000 * 1000 * 1000)

/* Limits stay with a process: each of these is one of its own. */
static gboolean
run_in_subprocess (void)
{
  if (g_test_subprocess ())
    return TRUE;

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();

  return FALSE;
}

/* A subprocess that skips its test counts as failed, so that this is asked ahead of it. */
static gboolean
is_sanitized (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("AddressSanitizer reserves terabytes");
  return TRUE;
#else
  return FALSE;
#endif
}

static guint64
get_limit (void)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_AS, &limit), ==, 0);

  return limit.rlim_cur;
}

static void
test_memory (void)
{
  static const guint64 models[] = { 77691713, 1624555275, 3094623691 };
  guint64 before = 0;

  if (is_sanitized () || !run_in_subprocess ())
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
    {
      guint64 limit;

      whis_limits_set_memory (models[i]);
      limit = get_limit ();
      /* The largest models need about twice their file; half of all that a computer has is not
       * given to one of 80 MB. */
      g_assert_cmpuint (limit, >=, 2 * models[i] + GIGABYTE);
      g_assert_cmpuint (limit, <=, 4 * models[i] + 3 * GIGABYTE);
      g_assert_cmpuint (limit, >, before);
      before = limit;
    }
  /* A smaller model after a large one gets less again. */
  whis_limits_set_memory (models[0]);
  g_assert_cmpuint (get_limit (), <, before);
}

/* More than that is refused, and not taken from the user's other programs. */
static void
test_memory_is_refused (void)
{
  gpointer room;

  if (is_sanitized () || !run_in_subprocess ())
    return;

  whis_limits_set_memory (1);
  room = mmap (NULL, 3 * GIGABYTE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  g_assert_true (room == MAP_FAILED);
}

/* PocketSphinx has no file, and no limit of its own. */
static void
test_no_model (void)
{
  guint64 before = get_limit ();

  whis_limits_set_memory (0);
  g_assert_cmpuint (get_limit (), ==, before);
}

/* Where the user has set a lower limit that one stays. */
static void
test_lower_limit (void)
{
  struct rlimit limit = { GIGABYTE, GIGABYTE };

  if (is_sanitized () || !run_in_subprocess ())
    return;

  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
  whis_limits_set_memory (3 * GIGABYTE);
  g_assert_cmpuint (get_limit (), ==, GIGABYTE);
}

static int
get_oom_score (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/oom_score_adj", &text, NULL, NULL));

  return atoi (text);
}

static void
test_modest (void)
{
  g_autofree char *folder = NULL;
  struct rlimit dump;
  int priority;

  if (!run_in_subprocess ())
    return;

  priority = getpriority (PRIO_PROCESS, 0);
  whis_limits_apply ();
  folder = g_get_current_dir ();
  g_assert_cmpstr (folder, ==, "/");
  g_assert_cmpint (getrlimit (RLIMIT_CORE, &dump), ==, 0);
  g_assert_cmpuint (dump.rlim_cur, ==, 0);
  g_assert_cmpuint (dump.rlim_max, ==, 0);
  g_assert_cmpint (getpriority (PRIO_PROCESS, 0), ==, MIN (priority + 5, 19));
  g_assert_cmpint (get_oom_score (), ==, 500);
}

/* What was freed is the system's again, also between what is still used. */
static void
test_release (void)
{
#ifdef __GLIBC__
  gsize size = 4096, n = 16384;
  g_autofree gpointer *blocks = g_new0 (gpointer, n);
  g_autofree char *before = NULL, *after = NULL;
  glong pages_before = 0, pages_after = 0;

  if (is_sanitized () || !run_in_subprocess ())
    return;
  for (gsize i = 0; i < n; i++)
    {
      blocks[i] = malloc (size);
      memset (blocks[i], 1, size);
    }
  for (gsize i = 0; i + 1 < n; i++)
    if (i % 16 != 0)
      free (blocks[i]);
  g_assert_true (g_file_get_contents ("/proc/self/statm", &before, NULL, NULL));
  whis_limits_release_memory ();
  g_assert_true (g_file_get_contents ("/proc/self/statm", &after, NULL, NULL));
  g_assert_cmpint (sscanf (before, "%*d %ld", &pages_before), ==, 1);
  g_assert_cmpint (sscanf (after, "%*d %ld", &pages_after), ==, 1);
  g_assert_cmpint (pages_after, <, pages_before - (glong) (n / 4));
#else
  g_test_skip ("The C library is another one");
#endif
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offline/process-limits/memory", test_memory);
  g_test_add_func ("/offline/process-limits/memory-is-refused", test_memory_is_refused);
  g_test_add_func ("/offline/process-limits/no-model", test_no_model);
  g_test_add_func ("/offline/process-limits/lower-limit", test_lower_limit);
  g_test_add_func ("/offline/process-limits/modest", test_modest);
  g_test_add_func ("/offline/process-limits/release", test_release);

  return g_test_run ();
}
