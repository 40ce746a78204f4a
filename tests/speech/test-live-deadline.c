/* SPDX-License-Identifier: MIT */
#include "live-deadline.h"

/* How long a live session waits for its service. */

#define TIMEOUT_MS 20

typedef struct
{
  WhisLiveDeadline *deadline;
  guint step;
  guint n_passed;
} Fixture;

static gboolean
passed_cb (gpointer data)
{
  Fixture *fixture = data;

  fixture->n_passed++;

  return G_SOURCE_REMOVE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->deadline = whis_live_deadline_new (TIMEOUT_MS, passed_cb, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->deadline, whis_live_deadline_free);
}

static void
wait (Fixture *fixture)
{
  while (fixture->n_passed == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_no_answer (Fixture *fixture, gconstpointer data)
{
  whis_live_deadline_expect (fixture->deadline, 0, TRUE);
  wait (fixture);
}

static gboolean
stop_cb (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

/* What is only asked for again is no sign of life: a timeout that is due later comes later. */
static void
test_asked_again (Fixture *fixture, gconstpointer data)
{
  gboolean stopped = FALSE;

  whis_live_deadline_expect (fixture->deadline, 0, TRUE);
  g_timeout_add (3 * TIMEOUT_MS, stop_cb, &stopped);
  while (!stopped)
    {
      if (fixture->n_passed == 0)
        whis_live_deadline_expect (fixture->deadline, 0, FALSE);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (fixture->n_passed, ==, 1);
}

/* A service that goes on saying something, but nothing that is waited for, is not waited for
 * forever, though longer than one that is silent. */
static void
test_only_said (Fixture *fixture, gconstpointer data)
{
  gint64 begin = g_get_monotonic_time ();

  while (fixture->n_passed == 0)
    {
      whis_live_deadline_expect (fixture->deadline, 0, TRUE);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 2 * TIMEOUT_MS * 1000);
}

/* Each step begins the wait anew, however many there are. */
static void
test_steps (Fixture *fixture, gconstpointer data)
{
  gint64 begin = g_get_monotonic_time ();
  gint64 last;

  do
    {
      last = g_get_monotonic_time ();
      whis_live_deadline_expect (fixture->deadline, fixture->step++, FALSE);
    }
  while (last - begin < 10 * TIMEOUT_MS * 1000);
  wait (fixture);
  g_assert_cmpint (g_get_monotonic_time () - last, >=, TIMEOUT_MS * 1000);
}

/* A timeout that is due later comes, and the one of the deadline does not. */
static void
assert_does_not_pass (Fixture *fixture)
{
  gboolean stopped = FALSE;

  g_timeout_add (2 * TIMEOUT_MS, stop_cb, &stopped);
  while (!stopped)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->n_passed, ==, 0);
}

static void
test_stopped (Fixture *fixture, gconstpointer data)
{
  whis_live_deadline_expect (fixture->deadline, 0, TRUE);
  whis_live_deadline_stop (fixture->deadline);
  assert_does_not_pass (fixture);
}

static void
test_freed (Fixture *fixture, gconstpointer data)
{
  whis_live_deadline_expect (fixture->deadline, 0, TRUE);
  g_clear_pointer (&fixture->deadline, whis_live_deadline_free);
  assert_does_not_pass (fixture);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/live-deadline/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("no-answer", test_no_answer);
  ADD ("asked-again", test_asked_again);
  ADD ("only-said", test_only_said);
  ADD ("steps", test_steps);
  ADD ("stopped", test_stopped);
  ADD ("freed", test_freed);

  return g_test_run ();
}
