/* SPDX-License-Identifier: MIT */
#include "dictation-delivery.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* One text on its way to a clipboard in a directory: when its turn comes, what came of it, and what
 * a cancellation does at each step. */

#define ID "20261130-120000-0000"

/* Nothing here ends because time has passed. */
#define TIMEOUT_MS (3600 * 1000)

static const WhisDeliveryWishes handed_over = { .hand_over = TRUE, .save_timeout_ms = TIMEOUT_MS };
static const WhisDeliveryWishes saved = { .hand_over = FALSE, .save_timeout_ms = TIMEOUT_MS };

static char *top; /* of all directories */

typedef struct
{
  char *directory;
  WhisHistory *history;
  WhisClipboard *clipboard;
  WhisDelivery *place;
  WhisDeliveryQueue *queue;
  WhisDictationDelivery *delivery;
  GCancellable *cancellable;
  guint n_begun;
  gboolean done;
  WhisDeliveryResult *result;
  GError *error;
} Fixture;

/* A program in place of the one that sets the clipboard. */
static void
write_program (Fixture *fixture, const char *name, const char *script)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  g_autofree char *content = g_strconcat ("#!/bin/sh\n", script, "\n", NULL);

  g_assert_true (
      g_file_set_contents_full (path, content, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static guint n;
  g_autofree char *script = NULL;

  fixture->directory = g_strdup_printf ("%s/%u", top, n++);
  g_assert_cmpint (g_mkdir (fixture->directory, 0700), ==, 0);
  script = g_strdup_printf ("exec /bin/cat > '%s/clipboard'", fixture->directory);
  write_program (fixture, "wl-copy", script);
  write_program (fixture, "wl-paste", "exit 1");
  fixture->clipboard = g_object_new (WHIS_TYPE_CLIPBOARD, "timeout-ms", TIMEOUT_MS, NULL);
  whis_clipboard_set_environment (fixture->clipboard, "WAYLAND_DISPLAY", "wayland-test");
  whis_clipboard_set_environment (fixture->clipboard, "DISPLAY", NULL);
  whis_clipboard_set_environment (fixture->clipboard, "XDG_CURRENT_DESKTOP", NULL);
  whis_clipboard_set_environment (fixture->clipboard, "PATH", fixture->directory);
  fixture->place = whis_delivery_new (fixture->clipboard);
  fixture->history = whis_history_new (fixture->directory);
  fixture->queue = whis_delivery_queue_new ();
  fixture->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->delivery);
  g_assert_finalize_object (fixture->queue);
  g_object_unref (fixture->cancellable);
  g_clear_pointer (&fixture->result, whis_delivery_result_free);
  g_object_unref (fixture->place);
  g_object_unref (fixture->clipboard);
  g_object_unref (fixture->history);
  g_clear_error (&fixture->error);
  g_free (fixture->directory);
}

static void
begun_cb (Fixture *fixture)
{
  fixture->n_begun++;
}

static void
create (Fixture *fixture, const WhisDeliveryWishes *wishes)
{
  fixture->delivery =
      whis_dictation_delivery_new (wishes, fixture->queue, fixture->history, fixture->place, NULL);
  g_signal_connect_swapped (fixture->delivery, "begun", G_CALLBACK (begun_cb), fixture);
  whis_dictation_delivery_enter (fixture->delivery);
}

static void
done_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  g_assert_false (fixture->done);
  fixture->done = TRUE;
  fixture->result = whis_dictation_delivery_run_finish (WHIS_DICTATION_DELIVERY (object), result,
                                                        &fixture->error);
}

static void
run (Fixture *fixture)
{
  whis_dictation_delivery_run_async (fixture->delivery, "words", fixture->cancellable, done_cb,
                                     fixture);
}

static void
wait (Fixture *fixture)
{
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_clipboard (Fixture *fixture, const char *expected)
{
  g_autofree char *path = g_build_filename (fixture->directory, "clipboard", NULL);
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_cancelled (Fixture *fixture)
{
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (fixture->result);
}

static void
test_handed_over (Fixture *fixture, gconstpointer data)
{
  create (fixture, &handed_over);
  run (fixture);
  wait (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->result->outcome, ==, WHIS_DELIVERY_OUTCOME_COPIED);
  g_assert_true (fixture->result->copied);
  g_assert_cmpuint (fixture->n_begun, ==, 1);
  assert_clipboard (fixture, "words");
}

/* A text that nobody waits for is not held up by others, and leaves the clipboard alone. */
static void
test_saved (Fixture *fixture, gconstpointer data)
{
  int before;

  whis_delivery_queue_enter (fixture->queue, &before);
  create (fixture, &saved);
  run (fixture);
  wait (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->result->outcome, ==, WHIS_DELIVERY_OUTCOME_NONE);
  g_assert_cmpuint (fixture->n_begun, ==, 1);
  assert_clipboard (fixture, NULL);
  whis_delivery_queue_leave (fixture->queue, &before);
}

static void
test_failed (Fixture *fixture, gconstpointer data)
{
  write_program (fixture, "wl-copy", "exit 1");
  create (fixture, &handed_over);
  run (fixture);
  wait (fixture);
  g_assert_error (fixture->error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);
  g_assert_null (fixture->result);
}

/* The history is told of the delivery before the clipboard is set. */
static void
save_cb (Fixture *fixture)
{
  g_autoptr (WhisRecord) record = whis_record_new (ID);

  assert_clipboard (fixture, NULL);
  record->text = g_strdup ("words");
  record->state = WHIS_DICTATION_STATE_DELIVERING;
  whis_history_put (fixture->history, record);
}

static void
got_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
test_saved_first (Fixture *fixture, gconstpointer data)
{
  g_autofree char *script =
      g_strdup_printf ("/bin/grep -q " ID " '%s'/history.db* && exec /bin/cat > '%s/clipboard'",
                       fixture->directory, fixture->directory);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WhisRecord) record = NULL;

  write_program (fixture, "wl-copy", script);
  create (fixture, &handed_over);
  g_signal_connect_swapped (fixture->delivery, "begun", G_CALLBACK (save_cb), fixture);
  run (fixture);
  wait (fixture);
  g_assert_cmpint (fixture->result->outcome, ==, WHIS_DELIVERY_OUTCOME_COPIED);
  g_assert_true (fixture->result->copied);
  whis_history_get_async (fixture->history, ID, NULL, got_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  record = whis_history_get_finish (fixture->history, result, NULL);
  g_assert_nonnull (record);
  g_assert_cmpint (record->state, ==, WHIS_DICTATION_STATE_DELIVERING);
}

/* A disk that does not answer holds no text up: this one has no time at all. */
static void
test_save_timeout (Fixture *fixture, gconstpointer data)
{
  create (fixture, &(WhisDeliveryWishes){ .hand_over = TRUE, .save_timeout_ms = 1 });
  run (fixture);
  wait (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->result->outcome, ==, WHIS_DELIVERY_OUTCOME_COPIED);
  g_assert_true (fixture->result->copied);
  assert_clipboard (fixture, "words");
}

static void
test_in_turn (Fixture *fixture, gconstpointer data)
{
  int before;
  int behind;

  whis_delivery_queue_enter (fixture->queue, &before);
  create (fixture, &handed_over);
  whis_delivery_queue_enter (fixture->queue, &behind);
  run (fixture);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (fixture->done);
  g_assert_cmpuint (fixture->n_begun, ==, 0);
  whis_delivery_queue_leave (fixture->queue, &before);
  g_assert_cmpuint (fixture->n_begun, ==, 1);
  wait (fixture);
  g_assert_cmpint (fixture->result->outcome, ==, WHIS_DELIVERY_OUTCOME_COPIED);
  g_assert_true (fixture->result->copied);

  /* Its place is its own until who asked has dealt with the outcome. */
  g_assert_false (whis_delivery_queue_is_next (fixture->queue, &behind));
  whis_dictation_delivery_leave (fixture->delivery);
  g_assert_true (whis_delivery_queue_is_next (fixture->queue, &behind));
  whis_delivery_queue_leave (fixture->queue, &behind);
}

static void
test_cancelled_in_queue (Fixture *fixture, gconstpointer data)
{
  int before;

  whis_delivery_queue_enter (fixture->queue, &before);
  create (fixture, &handed_over);
  run (fixture);
  g_cancellable_cancel (fixture->cancellable);
  wait (fixture);
  assert_cancelled (fixture);
  whis_delivery_queue_leave (fixture->queue, &before);
  g_assert_cmpuint (fixture->n_begun, ==, 0);
  assert_clipboard (fixture, NULL);
}

/* Its turn comes after it was cancelled, but before that was told. */
static void
test_cancelled_before_turn (Fixture *fixture, gconstpointer data)
{
  int before;

  whis_delivery_queue_enter (fixture->queue, &before);
  create (fixture, &handed_over);
  run (fixture);
  g_cancellable_cancel (fixture->cancellable);
  whis_delivery_queue_leave (fixture->queue, &before);
  wait (fixture);
  assert_cancelled (fixture);
  g_assert_cmpuint (fixture->n_begun, ==, 0);
}

static void
cancel_cb (Fixture *fixture)
{
  g_cancellable_cancel (fixture->cancellable);
}

static void
test_cancelled_when_begun (Fixture *fixture, gconstpointer data)
{
  create (fixture, &handed_over);
  g_signal_connect_swapped (fixture->delivery, "begun", G_CALLBACK (cancel_cb), fixture);
  run (fixture);
  wait (fixture);
  assert_cancelled (fixture);
  assert_clipboard (fixture, NULL);
}

/* While the history writes. */
static void
test_cancelled_while_saving (Fixture *fixture, gconstpointer data)
{
  create (fixture, &handed_over);
  run (fixture);
  g_assert_cmpuint (fixture->n_begun, ==, 1);
  g_cancellable_cancel (fixture->cancellable);
  wait (fixture);
  assert_cancelled (fixture);
  assert_clipboard (fixture, NULL);
}

/* What sets the clipboard says that it has begun, and does not end by itself. */
static void
test_cancelled_at_clipboard (Fixture *fixture, gconstpointer data)
{
  g_autofree char *begun = g_build_filename (fixture->directory, "begun", NULL);
  g_autofree char *script = g_strdup_printf ("echo > '%s'; exec /bin/sleep 1000", begun);
  g_autoptr (GFile) file = g_file_new_for_path (begun);
  g_autoptr (GFileMonitor) monitor = NULL;

  write_program (fixture, "wl-copy", script);
  monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  g_assert_nonnull (monitor);
  create (fixture, &handed_over);
  run (fixture);
  while (!g_file_query_exists (file, NULL))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (fixture->done);
  g_cancellable_cancel (fixture->cancellable);
  wait (fixture);
  assert_cancelled (fixture);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/dictation-delivery/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;
  g_autofree char *command = NULL;

  g_test_init (&argc, &argv, NULL);
  top = g_dir_make_tmp ("whis-dictation-delivery-XXXXXX", NULL);

  ADD ("handed-over", test_handed_over);
  ADD ("saved", test_saved);
  ADD ("failed", test_failed);
  ADD ("saved-first", test_saved_first);
  ADD ("save-timeout", test_save_timeout);
  ADD ("in-turn", test_in_turn);
  ADD ("cancelled/in-queue", test_cancelled_in_queue);
  ADD ("cancelled/before-its-turn", test_cancelled_before_turn);
  ADD ("cancelled/when-begun", test_cancelled_when_begun);
  ADD ("cancelled/while-saving", test_cancelled_while_saving);
  ADD ("cancelled/at-the-clipboard", test_cancelled_at_clipboard);
  status = g_test_run ();

  command = g_strdup_printf ("rm -rf '%s'", top);
  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
  g_free (top);

  return status;
}
