/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "audio-error.h"

/* Notes that threads send to an object, and a system that gives no thread. */

static guint n_worked;
static guint n_read;
static GError *told;

static void
work (gpointer target, WhisEvent *event)
{
  g_atomic_int_inc (&n_worked);
}

static void
read_event (gpointer target, WhisEvent *event)
{
  n_read++;
  told = g_steal_pointer (&event->error);
}

/* AddressSanitizer ends the process when there is no room for its own part of a thread. */
#ifdef __SANITIZE_ADDRESS__
#define CAN_DO_WITHOUT FALSE
#else
#define CAN_DO_WITHOUT TRUE
#endif

static gboolean
is_possible (void)
{
  if (!CAN_DO_WITHOUT)
    g_test_skip ("AddressSanitizer needs memory for each thread");

  return CAN_DO_WITHOUT;
}

/* There is no room for the stack of another thread. */
static void
take_threads (struct rlimit *before)
{
  g_autofree char *statm = NULL;
  struct rlimit tight;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL));
  g_assert_no_errno (getrlimit (RLIMIT_AS, before));
  tight = *before;
  tight.rlim_cur = g_ascii_strtoull (statm, NULL, 10) * (guint64) sysconf (_SC_PAGESIZE) + 2000000;
  g_assert_no_errno (setrlimit (RLIMIT_AS, &tight));
}

static void
start (GObject *target)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  n_worked = 0;
  n_read = 0;
  whis_event_work (whis_event_new (target, context, read_event), work);
}

/* The service goes on, and the work is done when there is a thread again. */
static void
test_thread_later (void)
{
  g_autoptr (GObject) target = g_object_new (G_TYPE_OBJECT, NULL);
  struct rlimit before;

  if (!is_possible ())
    return;
  take_threads (&before);
  start (target);
  for (guint i = 0; i < 3; i++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_read, ==, 0);
  g_assert_no_errno (setrlimit (RLIMIT_AS, &before));
  while (n_read == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_worked, ==, 1);
  g_assert_no_error (told);
}

/* Runs first: later there is a stack of a thread that has ended. */
static void
test_no_thread (void)
{
  g_autoptr (GObject) target = g_object_new (G_TYPE_OBJECT, NULL);
  struct rlimit before;

  if (!is_possible ())
    return;
  take_threads (&before);
  start (target);
  while (n_read == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_errno (setrlimit (RLIMIT_AS, &before));
  g_assert_cmpuint (n_worked, ==, 0);
  g_assert_error (told, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED);
  g_clear_error (&told);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event/no-thread", test_no_thread);
  g_test_add_func ("/event/thread-later", test_thread_later);

  return g_test_run ();
}
