/* SPDX-License-Identifier: MIT */
#include "delivery.h"
#include "fakes.h"
#include "method-description.h"

/* A source that says what a test says. */
#define FAKE_TYPE_FOCUS (fake_focus_get_type ())
G_DECLARE_FINAL_TYPE (FakeFocus, fake_focus, FAKE, FOCUS, GObject)

struct _FakeFocus
{
  GObject parent_instance;
  WhisFocus *focus;
};

static void fake_focus_focus_source_init (WhisFocusSourceInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeFocus,
                               fake_focus,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_FOCUS_SOURCE,
                                                      fake_focus_focus_source_init))

static void
fake_focus_query_async (WhisFocusSource *source,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  FakeFocus *self = FAKE_FOCUS (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (self->focus != NULL)
    g_task_return_pointer (task, whis_focus_ref (self->focus), (GDestroyNotify) whis_focus_unref);
  else
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "None.");
}

static WhisFocus *
fake_focus_query_finish (WhisFocusSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_focus_finalize (GObject *object)
{
  g_clear_pointer (&FAKE_FOCUS (object)->focus, whis_focus_unref);

  G_OBJECT_CLASS (fake_focus_parent_class)->finalize (object);
}

static void
fake_focus_class_init (FakeFocusClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_focus_finalize;
}

static void
fake_focus_init (FakeFocus *self)
{
}

static void
fake_focus_focus_source_init (WhisFocusSourceInterface *interface)
{
  interface->query_async = fake_focus_query_async;
  interface->query_finish = fake_focus_query_finish;
}

typedef struct
{
  GString *log;
  FakeMethod *commit;
  FakeMethod *paste;
  FakeSelection *selection;
  FakeFocus *focus;
  FakeFocus *field;
  WhisDelivery *delivery;
  guint n_late;
} Fixture;

typedef struct
{
  gboolean done;
  WhisDeliveryResult *result;
  GError *error;
} End;

static void
end_clear (End *end)
{
  g_clear_pointer (&end->result, whis_delivery_result_free);
  g_clear_error (&end->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (End, end_clear)

static void
on_late_receipt (WhisDelivery *delivery, WhisInsertion *insertion, gpointer user_data)
{
  ((Fixture *) user_data)->n_late++;
}

static FakeMethod *
fixture_add_method (Fixture *fixture, const char *name, gboolean uses_clipboard)
{
  FakeMethod *method = g_object_new (FAKE_TYPE_METHOD, NULL);

  method->name = name;
  method->log = fixture->log;
  method->uses_clipboard = uses_clipboard;
  whis_delivery_add_method (fixture->delivery, WHIS_INSERTION_METHOD (method));

  return method;
}

static FakeFocus *
fixture_add_focus (Fixture *fixture)
{
  FakeFocus *focus = g_object_new (FAKE_TYPE_FOCUS, NULL);

  whis_delivery_add_focus_source (fixture->delivery, WHIS_FOCUS_SOURCE (focus));

  return focus;
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisClipboard) clipboard = whis_clipboard_new ();

  fixture->log = g_string_new (NULL);
  fixture->delivery = whis_delivery_new (clipboard);
  fixture->commit = fixture_add_method (fixture, "commit", FALSE);
  fixture->paste = fixture_add_method (fixture, "paste", TRUE);
  fixture->focus = fixture_add_focus (fixture);
  fixture->field = fixture_add_focus (fixture);
  fixture->selection = fake_selection_new (fixture->log);
  whis_delivery_add_selection (fixture->delivery, WHIS_SELECTION (fixture->selection));
  g_signal_connect (fixture->delivery, "late-receipt", G_CALLBACK (on_late_receipt), fixture);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->delivery);
  g_assert_finalize_object (fixture->commit);
  g_assert_finalize_object (fixture->paste);
  g_assert_finalize_object (fixture->focus);
  g_assert_finalize_object (fixture->field);
  g_assert_finalize_object (fixture->selection);
  g_string_free (fixture->log, TRUE);
}

static void
on_delivered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  end->result = whis_delivery_deliver_finish (WHIS_DELIVERY (source), result, &end->error);
  end->done = TRUE;
}

static void
begin (Fixture *fixture,
       const char *text,
       WhisDeliveryMode mode,
       WhisFocus *expected,
       GCancellable *cancellable,
       End *end)
{
  g_autoptr (WhisInsertion) insertion = whis_insertion_new (text);

  insertion->expected = expected != NULL ? whis_focus_ref (expected) : NULL;
  whis_delivery_deliver_async (fixture->delivery, insertion, mode, cancellable, on_delivered, end);
}

static void
await_end (End *end)
{
  while (!end->done)
    g_main_context_iteration (NULL, TRUE);
}

/* Delivers a text, and compares what was done and what was said: outcome, method, "copied". */
static void
check (Fixture *fixture,
       WhisDeliveryMode mode,
       WhisFocus *expected,
       const char *log,
       const char *said,
       const char *reason)
{
  g_auto (End) end = { 0 };
  g_autofree char *result = NULL;

  g_string_truncate (fixture->log, 0);
  begin (fixture, "words", mode, expected, NULL, &end);
  await_end (&end);
  g_assert_no_error (end.error);

  g_assert_cmpstr (fixture->log->str, ==, log);
  result = g_strdup_printf ("%s %s %s", whis_delivery_outcome_get_nick (end.result->outcome),
                            end.result->method != NULL ? end.result->method : "-",
                            end.result->copied ? "copied" : "-");
  g_assert_cmpstr (result, ==, said);
  g_assert_cmpstr (end.result->reason, ==, reason);
}

static void
refuse (FakeMethod *method, WhisDeliveryError code, const char *message)
{
  g_clear_error (&method->error);
  method->error = g_error_new_literal (WHIS_DELIVERY_ERROR, (int) code, message);
}

static void
test_first_method (Fixture *fixture, gconstpointer data)
{
  check (fixture, WHIS_DELIVERY_MODE_INSERT, NULL, "commit:words ", "landed commit -", NULL);
}

static void
test_next_method (Fixture *fixture, gconstpointer data)
{
  refuse (fixture->commit, WHIS_DELIVERY_ERROR_NO_FOCUS, "Nothing has the focus.");
  check (fixture, WHIS_DELIVERY_MODE_INSERT, NULL, "commit:words paste:words ",
         "landed paste copied", NULL);
}

/* The last method is a copy, and what helps the user is said. */
static void
test_no_method (Fixture *fixture, gconstpointer data)
{
  refuse (fixture->commit, WHIS_DELIVERY_ERROR_REFUSED, "You have refused it.");
  refuse (fixture->paste, WHIS_DELIVERY_ERROR_NOT_OFFERED, "It is not offered.");
  check (fixture, WHIS_DELIVERY_MODE_INSERT, NULL, "commit:words paste:words own ",
         "copied - copied", "You have refused it.");

  refuse (fixture->commit, WHIS_DELIVERY_ERROR_NOT_OFFERED, "It is not offered.");
  refuse (fixture->paste, WHIS_DELIVERY_ERROR_MODIFIERS, "A key was held.");
  check (fixture, WHIS_DELIVERY_MODE_INSERT, NULL, "commit:words paste:words own ",
         "copied - copied", "A key was held.");
}

/* After a method has done anything no other is tried. */
static void
test_nothing_is_repeated (Fixture *fixture, gconstpointer data)
{
  fixture->commit->outcome = WHIS_DELIVERY_OUTCOME_NOT_SEEN;
  check (fixture, WHIS_DELIVERY_MODE_INSERT, NULL, "commit:words own ", "not-seen commit copied",
         NULL);

  refuse (fixture->commit, WHIS_DELIVERY_ERROR_NOT_OFFERED, "It is not offered.");
  fixture->paste->outcome = WHIS_DELIVERY_OUTCOME_NOT_SEEN;
  check (fixture, WHIS_DELIVERY_MODE_INSERT, NULL, "commit:words paste:words ",
         "not-seen paste copied", NULL);
}

/* What the user has copied meanwhile is not replaced. */
static void
test_clipboard_lost (Fixture *fixture, gconstpointer data)
{
  fixture->paste->outcome = WHIS_DELIVERY_OUTCOME_NOT_SEEN;
  fixture->paste->clipboard_lost = TRUE;
  check (fixture, WHIS_DELIVERY_MODE_PASTE, NULL, "paste:words ", "not-seen paste -",
         "Something else was copied while the text was inserted.");
}

/* It is not known whether anything was done, so that no other method is tried. */
static void
test_other_error (Fixture *fixture, gconstpointer data)
{
  fixture->commit->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "Closed.");
  check (fixture, WHIS_DELIVERY_MODE_INSERT, NULL, "commit:words own ", "not-seen - copied", NULL);
}

static void
test_modes (Fixture *fixture, gconstpointer data)
{
  check (fixture, WHIS_DELIVERY_MODE_PASTE, NULL, "paste:words ", "landed paste copied", NULL);
  check (fixture, WHIS_DELIVERY_MODE_COMMIT, NULL, "commit:words ", "landed commit -", NULL);
  check (fixture, WHIS_DELIVERY_MODE_COPY, NULL, "own ", "copied - copied", NULL);
  check (fixture, WHIS_DELIVERY_MODE_BOTH, NULL, "commit:words own ", "landed commit copied", NULL);

  fixture->commit->outcome = WHIS_DELIVERY_OUTCOME_HANDED_OVER;
  check (fixture, WHIS_DELIVERY_MODE_BOTH, NULL, "commit:words own ", "handed-over commit copied",
         NULL);
  refuse (fixture->commit, WHIS_DELIVERY_ERROR_NOT_OFFERED, "It is not offered.");
  check (fixture, WHIS_DELIVERY_MODE_COMMIT, NULL, "commit:words own ", "copied - copied",
         "It is not offered.");
  check (fixture, WHIS_DELIVERY_MODE_BOTH, NULL, "commit:words paste:words ", "landed paste copied",
         NULL);
}

/* Either source may know it. Nothing goes to the clipboard. */
static void
test_password (Fixture *fixture, gconstpointer data)
{
  fixture->focus->focus = whis_focus_new (WHIS_FOCUS_UNKNOWN, "Firefox", "x11:1");
  fixture->field->focus = whis_focus_new (WHIS_FOCUS_PASSWORD, NULL, NULL);
  check (fixture, WHIS_DELIVERY_MODE_INSERT, NULL, "", "password-field - -", NULL);
}

/* The field was seen when the user stopped speaking, and is not seen in time now. */
static void
test_password_seen_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisFocus) expected = whis_focus_new (WHIS_FOCUS_PASSWORD, "Gedit", "x11:1");

  fixture->focus->focus = whis_focus_new (WHIS_FOCUS_UNKNOWN, "Gedit", "x11:1");
  check (fixture, WHIS_DELIVERY_MODE_INSERT, expected, "", "password-field - -", NULL);

  fixture->field->focus = whis_focus_new (WHIS_FOCUS_TEXT, NULL, NULL);
  check (fixture, WHIS_DELIVERY_MODE_INSERT, expected, "commit:words ", "landed commit -", NULL);
}

/* A method may see it, too. */
static void
test_password_seen_by_method (Fixture *fixture, gconstpointer data)
{
  fixture->commit->outcome = WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD;
  check (fixture, WHIS_DELIVERY_MODE_BOTH, NULL, "commit:words ", "password-field commit -", NULL);
}

static void
test_no_text_field (Fixture *fixture, gconstpointer data)
{
  fixture->focus->focus = whis_focus_new (WHIS_FOCUS_NONE, NULL, NULL);
  check (fixture, WHIS_DELIVERY_MODE_INSERT, NULL, "own ", "no-text-field - copied", NULL);
}

static void
test_focus_changed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisFocus) expected = whis_focus_new (WHIS_FOCUS_UNKNOWN, "Gedit", "x11:1");
  g_autoptr (WhisFocus) nobody_knew = whis_focus_new (WHIS_FOCUS_UNKNOWN, NULL, NULL);

  fixture->focus->focus = whis_focus_new (WHIS_FOCUS_UNKNOWN, "Gedit", "x11:2");
  check (fixture, WHIS_DELIVERY_MODE_INSERT, expected, "own ", "copied - copied",
         "Another window has the focus than when you stopped speaking.");
  check (fixture, WHIS_DELIVERY_MODE_INSERT, nobody_knew, "commit:words ", "landed commit -", NULL);

  g_clear_pointer (&fixture->focus->focus, whis_focus_unref);
  fixture->focus->focus = whis_focus_new (WHIS_FOCUS_UNKNOWN, "Gedit", "x11:1");
  check (fixture, WHIS_DELIVERY_MODE_INSERT, expected, "commit:words ", "landed commit -", NULL);
}

static void
test_queue (Fixture *fixture, gconstpointer data)
{
  g_auto (End) first = { 0 };
  g_auto (End) second = { 0 };

  fixture->commit->hold = TRUE;
  begin (fixture, "one", WHIS_DELIVERY_MODE_INSERT, NULL, NULL, &first);
  begin (fixture, "two", WHIS_DELIVERY_MODE_INSERT, NULL, NULL, &second);
  while (fixture->commit->task == NULL)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (fixture->log->str, ==, "commit:one ");

  fixture->commit->hold = FALSE;
  fake_method_release (fixture->commit);
  await_end (&second);
  g_assert_true (first.done);
  g_assert_cmpstr (fixture->log->str, ==, "commit:one commit:two ");
}

/* A method that was cancelled is not followed by another, nor by a copy; the next text is
 * delivered. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (End) first = { 0 };
  g_auto (End) second = { 0 };

  fixture->commit->hold = TRUE;
  begin (fixture, "one", WHIS_DELIVERY_MODE_INSERT, NULL, cancellable, &first);
  begin (fixture, "two", WHIS_DELIVERY_MODE_PASTE, NULL, NULL, &second);
  while (fixture->commit->task == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  fake_method_release (fixture->commit);
  await_end (&second);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_no_error (second.error);
  g_assert_cmpstr (fixture->log->str, ==, "commit:one paste:two ");
}

/* A method that refuses while the user cancels. */
static void
test_cancel_between_methods (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (End) end = { 0 };

  refuse (fixture->commit, WHIS_DELIVERY_ERROR_NO_FOCUS, "Nothing has the focus.");
  fixture->commit->hold = TRUE;
  begin (fixture, "one", WHIS_DELIVERY_MODE_INSERT, NULL, cancellable, &end);
  while (fixture->commit->task == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_task_set_check_cancellable (fixture->commit->task, FALSE);
  fake_method_release (fixture->commit);
  g_cancellable_cancel (cancellable);
  await_end (&end);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (fixture->log->str, ==, "commit:one ");
}

static void
test_late_receipt (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisInsertion) insertion = whis_insertion_new ("words");

  whis_insertion_method_late_receipt (WHIS_INSERTION_METHOD (fixture->paste), insertion);
  g_assert_cmpuint (fixture->n_late, ==, 1);
}

static void
on_described (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GVariant **methods = user_data;

  *methods = whis_method_description_finish (result, NULL);
}

/* Of newlines a terminal gets nothing, so that no method is asked to insert it. */
static void
test_nothing_for_terminal (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    WhisFocusKind kind;
    const char *text;
    const char *log;
  } cases[] = {
    { WHIS_FOCUS_TERMINAL, "\n\n", "own " },
    { WHIS_FOCUS_TERMINAL, " \n", "commit: \n " },
    { WHIS_FOCUS_TEXT, "\n\n", "commit:\n\n " },
    { WHIS_FOCUS_UNKNOWN, "\n\n", "commit:\n\n " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (End) end = { 0 };
      gboolean copied = g_str_equal (cases[i].log, "own ");

      g_string_truncate (fixture->log, 0);
      g_clear_pointer (&fixture->focus->focus, whis_focus_unref);
      fixture->focus->focus = whis_focus_new (cases[i].kind, NULL, NULL);
      begin (fixture, cases[i].text, WHIS_DELIVERY_MODE_INSERT, NULL, NULL, &end);
      await_end (&end);
      g_assert_no_error (end.error);
      g_assert_cmpstr (fixture->log->str, ==, cases[i].log);
      g_assert_true (end.result->copied == copied);
    }
}

static void
test_describe (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) methods = NULL;
  g_autofree char *text = NULL;

  refuse (fixture->paste, WHIS_DELIVERY_ERROR_NOT_OFFERED, "It is not offered.");
  whis_method_description_async (whis_delivery_get_methods (fixture->delivery), NULL, on_described,
                                 &methods);
  while (methods == NULL)
    g_main_context_iteration (NULL, TRUE);
  text = g_variant_print (methods, FALSE);
  g_assert_cmpstr (text, ==, "[('commit', true, ''), ('paste', false, 'It is not offered.')]");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/delivery/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

  ADD ("methods/first", test_first_method);
  ADD ("methods/next", test_next_method);
  ADD ("methods/none", test_no_method);
  ADD ("methods/nothing-is-repeated", test_nothing_is_repeated);
  ADD ("methods/other-error", test_other_error);
  ADD ("clipboard-lost", test_clipboard_lost);
  ADD ("modes", test_modes);
  ADD ("focus/password", test_password);
  ADD ("focus/password-seen-before", test_password_seen_before);
  ADD ("focus/password-seen-by-method", test_password_seen_by_method);
  ADD ("focus/no-text-field", test_no_text_field);
  ADD ("focus/changed", test_focus_changed);
  ADD ("focus/nothing-for-terminal", test_nothing_for_terminal);
  ADD ("queue", test_queue);
  ADD ("cancel/while-inserting", test_cancel);
  ADD ("cancel/between-methods", test_cancel_between_methods);
  ADD ("late-receipt", test_late_receipt);
  ADD ("describe", test_describe);

  return g_test_run ();
}
