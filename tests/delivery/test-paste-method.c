/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "fakes.h"
#include "paste-method.h"

typedef struct
{
  GString *log;
  FakeSelection *selection;
  FakeKeys *keys;
  WhisPasteMethod *method;
  WhisInsertion *insertion;
  GCancellable *cancellable;
  gboolean done;
  WhisDeliveryOutcome outcome;
  GError *error;
  guint n_late;
} Fixture;

static void
on_late_receipt (WhisInsertionMethod *method, WhisInsertion *insertion, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (insertion == fixture->insertion);
  fixture->n_late++;
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->log = g_string_new (NULL);
  fixture->selection = fake_selection_new (fixture->log);
  fixture->keys = fake_keys_new (fixture->log);
  fixture->method = whis_paste_method_new ("fake-paste", WHIS_SELECTION (fixture->selection),
                                           WHIS_KEY_SENDER (fixture->keys));
  fixture->insertion = whis_insertion_new ("words");
  fixture->cancellable = g_cancellable_new ();
  g_signal_connect (fixture->method, "late-receipt", G_CALLBACK (on_late_receipt), fixture);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  whis_insertion_unref (fixture->insertion);
  g_assert_finalize_object (fixture->method);
  g_assert_finalize_object (fixture->keys);
  g_assert_finalize_object (fixture->selection);
  g_object_unref (fixture->cancellable);
  g_clear_error (&fixture->error);
  g_string_free (fixture->log, TRUE);
}

static void
on_inserted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->outcome =
      whis_insertion_method_insert_finish (WHIS_INSERTION_METHOD (source), result, &fixture->error);
  fixture->done = TRUE;
}

static void
begin (Fixture *fixture)
{
  fixture->done = FALSE;
  whis_insertion_method_insert_async (WHIS_INSERTION_METHOD (fixture->method), fixture->insertion,
                                      fixture->cancellable, on_inserted, fixture);
}

/* Waits until the step was called. */
static void
await_step (Fixture *fixture, const char *step)
{
  while (strstr (fixture->log->str, step) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Waits until the keys are up, and the read is awaited. */
static void
await_keys_up (Fixture *fixture)
{
  await_step (fixture, "send ");
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
await_end (Fixture *fixture)
{
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_outcome (Fixture *fixture, WhisDeliveryOutcome outcome)
{
  await_end (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (whis_delivery_outcome_get_nick (fixture->outcome), ==,
                   whis_delivery_outcome_get_nick (outcome));
}

static void
assert_offered (Fixture *fixture, const char *text)
{
  g_autofree char *offered = fake_selection_get_text (fixture->selection);

  g_assert_cmpstr (offered, ==, text);
}

static gboolean
on_key_is_down (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/* The modifier's pause is stated in the interface. */
static void
await_key_down (void)
{
  gboolean is_down = FALSE;

  g_timeout_add (WHIS_CHORD_MODIFIER_MS + 1, on_key_is_down, &is_down);
  while (!is_down)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_landed (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  await_keys_up (fixture);
  g_assert_false (fixture->done);
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_LANDED);
  g_assert_cmpstr (fixture->log->str, ==, "prepare own send ");
  g_assert_cmpint (fixture->keys->chord, ==, WHIS_CHORD_CTRL_V);
  g_assert_true (fixture->insertion->on_clipboard);
  g_assert_false (fixture->selection->was_primary);
  assert_offered (fixture, "words");
}

static void
test_read_while_key_is_down (Fixture *fixture, gconstpointer data)
{
  fixture->keys->hold_send = TRUE;
  begin (fixture);
  await_step (fixture, "send ");
  await_key_down ();
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  g_assert_false (fixture->done);
  fake_keys_release (fixture->keys);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_LANDED);
}

/* The focused program reads whatever is copied. */
static void
test_read_before_key_is_down (Fixture *fixture, gconstpointer data)
{
  fixture->insertion->deadline_ms = 1;
  fixture->keys->hold_send = TRUE;
  begin (fixture);
  await_step (fixture, "send ");
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  fake_keys_release (fixture->keys);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
}

/* Nobody tells who reads: a manager reads at once, and the keys wait until it is quiet. */
static void
test_manager_before_the_keys (Fixture *fixture, gconstpointer data)
{
  fixture->insertion->deadline_ms = 1;
  fixture->selection->tells_reader = FALSE;
  begin (fixture);
  await_step (fixture, "own ");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (fixture->log->str, ==, "prepare own ");
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_UNKNOWN);
  g_assert_cmpstr (fixture->log->str, ==, "prepare own ");
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  g_assert_cmpstr (fixture->log->str, ==, "prepare own send ");
}

static void
test_unknown_reader_after_the_keys (Fixture *fixture, gconstpointer data)
{
  fixture->selection->tells_reader = FALSE;
  begin (fixture);
  await_keys_up (fixture);
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_UNKNOWN);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_LANDED);
}

static void
test_another_reader (Fixture *fixture, gconstpointer data)
{
  fixture->insertion->deadline_ms = 1;
  begin (fixture);
  await_keys_up (fixture);
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_OTHER);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  g_assert_true (fixture->insertion->on_clipboard);
}

static void
test_only_formats_read (Fixture *fixture, gconstpointer data)
{
  fixture->insertion->deadline_ms = 1;
  begin (fixture);
  await_keys_up (fixture);
  whis_selection_emit_read (WHIS_SELECTION (fixture->selection), WHIS_SELECTION_READER_FOCUS,
                            FALSE);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
}

static void
test_late (Fixture *fixture, gconstpointer data)
{
  fixture->insertion->deadline_ms = 1;
  fixture->insertion->restore = TRUE;
  begin (fixture);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  /* What may still be read stays. */
  assert_offered (fixture, "words");
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_OTHER);
  g_assert_cmpuint (fixture->n_late, ==, 0);
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  g_assert_cmpuint (fixture->n_late, ==, 1);
}

/* Another text of the same process is read, not the one that was not seen to land. */
static void
test_late_read_of_another_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) another = whis_selection_formats_new ("another", FALSE);

  fixture->insertion->deadline_ms = 1;
  begin (fixture);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  whis_selection_own_async (WHIS_SELECTION (fixture->selection), another, NULL, NULL, NULL);
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  g_assert_cmpuint (fixture->n_late, ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_lost_before_the_keys (Fixture *fixture, gconstpointer data)
{
  fixture->selection->tells_reader = FALSE;
  fixture->insertion->restore = TRUE;
  begin (fixture);
  await_step (fixture, "own ");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  fake_selection_lose (fixture->selection);
  await_end (fixture);
  g_assert_error (fixture->error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);
  g_assert_cmpstr (fixture->log->str, ==, "prepare save own ");
}

static void
test_lost_before_the_read (Fixture *fixture, gconstpointer data)
{
  fixture->insertion->restore = TRUE;
  begin (fixture);
  await_keys_up (fixture);
  fake_selection_lose (fixture->selection);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  g_assert_false (fixture->insertion->on_clipboard);
  g_assert_true (fixture->insertion->clipboard_lost);
  g_assert_cmpstr (fixture->log->str, ==, "prepare save own send ");
}

static void
test_lost_while_keys_are_down (Fixture *fixture, gconstpointer data)
{
  fixture->keys->hold_send = TRUE;
  begin (fixture);
  await_step (fixture, "send ");
  fake_selection_lose (fixture->selection);
  fake_keys_release (fixture->keys);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  g_assert_true (fixture->insertion->clipboard_lost);
}

static void
test_lost_before_restoring (Fixture *fixture, gconstpointer data)
{
  fixture->insertion->restore = TRUE;
  begin (fixture);
  await_keys_up (fixture);
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  g_assert_false (fixture->done);
  fake_selection_lose (fixture->selection);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_LANDED);
  g_assert_cmpstr (fixture->log->str, ==, "prepare save own send ");
}

static void
test_restored (Fixture *fixture, gconstpointer data)
{
  fixture->insertion->restore = TRUE;
  begin (fixture);
  await_keys_up (fixture);
  assert_offered (fixture, "words");
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  /* A target may ask for another format, too. */
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  assert_offered (fixture, "words");
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_LANDED);
  assert_offered (fixture, "before");
  g_assert_false (fixture->insertion->on_clipboard);
  g_assert_cmpstr (fixture->log->str, ==, "prepare save own send restore ");
}

/* What could not be saved whole is not put back. */
static void
test_save_fails (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->selection->before, g_hash_table_unref);
  fixture->insertion->restore = TRUE;
  begin (fixture);
  await_keys_up (fixture);
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_LANDED);
  g_assert_true (fixture->insertion->on_clipboard);
  g_assert_cmpstr (fixture->log->str, ==, "prepare save own send ");
}

static void
test_cancelled_before_the_keys (Fixture *fixture, gconstpointer data)
{
  fixture->selection->tells_reader = FALSE;
  fixture->insertion->restore = TRUE;
  begin (fixture);
  await_step (fixture, "own ");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_cancellable_cancel (fixture->cancellable);
  await_end (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (fixture->log->str, ==, "prepare save own restore ");
  assert_offered (fixture, "before");
}

static void
test_cancelled_after_the_keys (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  await_keys_up (fixture);
  g_cancellable_cancel (fixture->cancellable);
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_LANDED);
}

static void
test_keys_refused (Fixture *fixture, gconstpointer data)
{
  fixture->keys->prepare_error =
      g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_REFUSED, "Refused.");
  begin (fixture);
  await_end (fixture);
  g_assert_error (fixture->error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_REFUSED);
  g_assert_cmpstr (fixture->log->str, ==, "prepare ");
}

/* The user is not asked for keys that cannot help. */
static void
test_selection_not_offered (Fixture *fixture, gconstpointer data)
{
  fixture->selection->probe_error =
      g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "Not offered.");
  begin (fixture);
  await_end (fixture);
  g_assert_error (fixture->error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
  g_assert_cmpstr (fixture->log->str, ==, "");
}

/* A modifier is held when the keys are to be pressed: nothing was sent, and all is as before. */
static void
test_modifier_held (Fixture *fixture, gconstpointer data)
{
  fixture->keys->send_error =
      g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_MODIFIERS, "Held.");
  fixture->insertion->restore = TRUE;
  begin (fixture);
  await_end (fixture);
  g_assert_error (fixture->error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_MODIFIERS);
  assert_offered (fixture, "before");
}

/* It is not known which keys have arrived, so that the read decides. */
static void
test_keys_fail (Fixture *fixture, gconstpointer data)
{
  fixture->keys->send_error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "Closed.");
  begin (fixture);
  await_keys_up (fixture);
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_LANDED);
}

static void
test_own_fails (Fixture *fixture, gconstpointer data)
{
  fixture->selection->own_error =
      g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NO_DISPLAY, "None.");
  begin (fixture);
  await_end (fixture);
  g_assert_error (fixture->error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NO_DISPLAY);
}

static void
test_pending (Fixture *fixture, gconstpointer data)
{
  Fixture second = { 0 };

  begin (fixture);
  whis_insertion_method_insert_async (WHIS_INSERTION_METHOD (fixture->method), fixture->insertion,
                                      NULL, on_inserted, &second);
  await_end (&second);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&second.error);

  await_keys_up (fixture);
  fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
  assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_LANDED);
}

typedef struct
{
  WhisFocusKind kind;
  const char *application;
  WhisChord wish;
  WhisChord chord;
  const char *text;
} Target;

static const Target targets[] = {
  { WHIS_FOCUS_UNKNOWN, "Gedit", WHIS_CHORD_AUTOMATIC, WHIS_CHORD_CTRL_V, "a\nb \n\n" },
  { WHIS_FOCUS_UNKNOWN, "XTerm", WHIS_CHORD_AUTOMATIC, WHIS_CHORD_SHIFT_INSERT, "a\nb " },
  { WHIS_FOCUS_UNKNOWN, "konsole", WHIS_CHORD_AUTOMATIC, WHIS_CHORD_CTRL_SHIFT_V, "a\nb " },
  { WHIS_FOCUS_UNKNOWN, "konsole", WHIS_CHORD_CTRL_V, WHIS_CHORD_CTRL_V, "a\nb " },
  { WHIS_FOCUS_TERMINAL, NULL, WHIS_CHORD_AUTOMATIC, WHIS_CHORD_CTRL_SHIFT_V, "a\nb " },
  { WHIS_FOCUS_TEXT, "Emacs", WHIS_CHORD_SHIFT_INSERT, WHIS_CHORD_SHIFT_INSERT, "a\nb \n\n" },
};

static void
test_targets (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_clear_pointer (&fixture->insertion, whis_insertion_unref);
      fixture->insertion = whis_insertion_new ("a\nb \n\n");
      fixture->insertion->chord = targets[i].wish;
      fixture->insertion->focus = whis_focus_new (targets[i].kind, targets[i].application, NULL);
      g_string_truncate (fixture->log, 0);
      begin (fixture);
      await_keys_up (fixture);
      fake_selection_read (fixture->selection, WHIS_SELECTION_READER_FOCUS);
      assert_outcome (fixture, WHIS_DELIVERY_OUTCOME_LANDED);
      g_assert_cmpint (fixture->keys->chord, ==, targets[i].chord);
      g_assert_cmpint (fixture->selection->was_primary, ==,
                       targets[i].chord == WHIS_CHORD_SHIFT_INSERT);
      assert_offered (fixture, targets[i].text);
    }
}

static void
test_newline_alone_in_a_terminal (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->insertion, whis_insertion_unref);
  fixture->insertion = whis_insertion_new ("\n");
  fixture->insertion->focus = whis_focus_new (WHIS_FOCUS_TERMINAL, NULL, NULL);
  begin (fixture);
  await_end (fixture);
  g_assert_error (fixture->error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_TEXT);
  g_assert_cmpstr (fixture->log->str, ==, "prepare ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/paste-method/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

  ADD ("landed", test_landed);
  ADD ("read/while-key-is-down", test_read_while_key_is_down);
  ADD ("read/before-key-is-down", test_read_before_key_is_down);
  ADD ("read/manager-before-the-keys", test_manager_before_the_keys);
  ADD ("read/unknown-reader-after-the-keys", test_unknown_reader_after_the_keys);
  ADD ("read/another-reader", test_another_reader);
  ADD ("read/only-formats", test_only_formats_read);
  ADD ("late/receipt", test_late);
  ADD ("late/another-text", test_late_read_of_another_text);
  ADD ("lost/before-the-keys", test_lost_before_the_keys);
  ADD ("lost/while-keys-are-down", test_lost_while_keys_are_down);
  ADD ("lost/before-the-read", test_lost_before_the_read);
  ADD ("lost/before-restoring", test_lost_before_restoring);
  ADD ("restore/after-receipt", test_restored);
  ADD ("restore/save-fails", test_save_fails);
  ADD ("cancel/before-the-keys", test_cancelled_before_the_keys);
  ADD ("cancel/after-the-keys", test_cancelled_after_the_keys);
  ADD ("keys/refused", test_keys_refused);
  ADD ("selection/not-offered", test_selection_not_offered);
  ADD ("keys/modifier-held", test_modifier_held);
  ADD ("keys/fail", test_keys_fail);
  ADD ("own-fails", test_own_fails);
  ADD ("pending", test_pending);
  ADD ("targets", test_targets);
  ADD ("newline-alone-in-a-terminal", test_newline_alone_in_a_terminal);

  return g_test_run ();
}
