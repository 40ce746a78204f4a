/* SPDX-License-Identifier: MIT */
#include "cancel-undo.h"

#include <glib/gstdio.h>

/* Which cancelled dictation can be taken back, and until when. */

static char *top; /* of all directories */

typedef struct
{
  WhisHistory *history;
  WhisCancelUndo *undo;
  guint n_notified;
} Fixture;

static void
notify_cb (Fixture *fixture)
{
  fixture->n_notified++;
}

static void
set_up (Fixture *fixture, gconstpointer seconds)
{
  static guint n;
  g_autofree char *directory = g_strdup_printf ("%s/%u", top, n++);

  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  fixture->history = whis_history_new (directory);
  fixture->undo = whis_cancel_undo_new (fixture->history, GPOINTER_TO_UINT (seconds));
  g_signal_connect_swapped (fixture->undo, "notify::available", G_CALLBACK (notify_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer seconds)
{
  g_assert_finalize_object (fixture->undo);
  g_object_unref (fixture->history);
}

static void
assert_takes (Fixture *fixture, const char *expected)
{
  g_autofree char *id = whis_cancel_undo_take (fixture->undo);

  g_assert_cmpstr (id, ==, expected);
}

static void
test_nothing (Fixture *fixture, gconstpointer seconds)
{
  g_assert_false (whis_cancel_undo_get_available (fixture->undo));
  assert_takes (fixture, NULL);
  g_assert_cmpuint (fixture->n_notified, ==, 0);
}

static void
test_once (Fixture *fixture, gconstpointer seconds)
{
  whis_cancel_undo_set (fixture->undo, "first");
  g_assert_true (whis_cancel_undo_get_available (fixture->undo));
  g_assert_cmpuint (fixture->n_notified, ==, 1);
  assert_takes (fixture, "first");
  g_assert_false (whis_cancel_undo_get_available (fixture->undo));
  g_assert_cmpuint (fixture->n_notified, ==, 2);
  assert_takes (fixture, NULL);
}

static void
test_last_one (Fixture *fixture, gconstpointer seconds)
{
  whis_cancel_undo_set (fixture->undo, "first");
  whis_cancel_undo_set (fixture->undo, "second");
  assert_takes (fixture, "second");
  assert_takes (fixture, NULL);
}

static void
test_timeout (Fixture *fixture, gconstpointer seconds)
{
  whis_cancel_undo_set (fixture->undo, "first");
  while (whis_cancel_undo_get_available (fixture->undo))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->n_notified, ==, 2);
  assert_takes (fixture, NULL);
}

#define ADD(path, seconds, function)                                                               \
  g_test_add ("/cancel-undo/" path, Fixture, GUINT_TO_POINTER (seconds), set_up, function,         \
              tear_down)

int
main (int argc, char **argv)
{
  int status;
  g_autofree char *command = NULL;

  g_test_init (&argc, &argv, NULL);
  top = g_dir_make_tmp ("whis-cancel-undo-XXXXXX", NULL);

  ADD ("nothing", 1000, test_nothing);
  ADD ("once", 1000, test_once);
  ADD ("last-one", 1000, test_last_one);
  ADD ("timeout", 1, test_timeout);
  status = g_test_run ();

  command = g_strdup_printf ("rm -rf '%s'", top);
  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
  g_free (top);

  return status;
}
