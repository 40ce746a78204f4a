/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "compositor.h"
#include "text-pieces.h"
#include "wayland-input-method.h"

#define PURPOSE_NORMAL 0
#define PURPOSE_PASSWORD 8
#define PURPOSE_PIN 9
#define PURPOSE_TERMINAL 13

typedef struct
{
  Compositor *compositor;
  WhisInsertionMethod *method;
} Fixture;

typedef struct
{
  gboolean done;
  gboolean taken_back;
  WhisDeliveryOutcome outcome;
  GError *error;
} End;

static void
end_clear (End *end)
{
  g_clear_error (&end->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (End, end_clear)

static void
fixture_init (Fixture *fixture, guint globals)
{
  fixture->compositor = compositor_new (globals);
  fixture->compositor->focused = TRUE;
  fixture->method =
      WHIS_INSERTION_METHOD (whis_wayland_input_method_new (fixture->compositor->name));
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture_init (fixture, COMPOSITOR_SEAT | COMPOSITOR_INPUT_METHOD);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->method);
  compositor_free (fixture->compositor);
}

static void
fixture_clear (Fixture *fixture)
{
  fixture_tear_down (fixture, NULL);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
on_inserted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  end->outcome =
      whis_insertion_method_insert_finish (WHIS_INSERTION_METHOD (source), result, &end->error);
  end->done = TRUE;
}

static void
begin (Fixture *fixture, const char *text, GCancellable *cancellable, End *end)
{
  g_autoptr (WhisInsertion) insertion = whis_insertion_new (text);

  whis_insertion_method_insert_async (fixture->method, insertion, cancellable, on_inserted, end);
}

static void
await_end (End *end)
{
  while (!end->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
insert (Fixture *fixture, const char *text, End *end)
{
  begin (fixture, text, NULL, end);
  await_end (end);
}

static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  end->done =
      whis_insertion_method_probe_finish (WHIS_INSERTION_METHOD (source), result, &end->error)
      || end->error != NULL;
}

/* Without what is missing nothing is asked for, and the next method is tried. */
static void
test_not_offered (void)
{
  static const struct
  {
    guint globals;
    gboolean probe;
  } cases[] = {
    { 0, FALSE },
    { COMPOSITOR_SEAT, FALSE },
    { COMPOSITOR_INPUT_METHOD, TRUE },
    { COMPOSITOR_SEAT | COMPOSITOR_VIRTUAL_KEYBOARD, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_auto (End) probed = { 0 };
      g_auto (End) end = { 0 };

      fixture_init (&fixture, cases[i].globals);
      whis_insertion_method_probe_async (fixture.method, NULL, on_probed, &probed);
      await_end (&probed);
      g_assert_true ((probed.error == NULL) == cases[i].probe);
      insert (&fixture, "words", &end);
      g_assert_error (end.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
      g_assert_cmpstr (fixture.compositor->log->str, ==, "");
    }
}

static void
test_no_session (void)
{
  g_autoptr (WhisWaylandInputMethod) method = whis_wayland_input_method_new (NULL);
  Fixture fixture = { .method = WHIS_INSERTION_METHOD (method) };
  g_auto (End) probed = { 0 };
  g_auto (End) end = { 0 };

  whis_insertion_method_probe_async (fixture.method, NULL, on_probed, &probed);
  await_end (&probed);
  g_assert_error (probed.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
  insert (&fixture, "words", &end);
  g_assert_error (end.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
}

static void
test_unavailable (Fixture *fixture, gconstpointer data)
{
  g_auto (End) end = { 0 };

  fixture->compositor->unavailable = TRUE;
  insert (fixture, "words", &end);
  g_assert_error (end.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_REFUSED);
  compositor_await (fixture->compositor, "give-back");
  g_assert_cmpstr (fixture->compositor->log->str, ==, "get-input-method give-back ");
}

static void
test_no_field (Fixture *fixture, gconstpointer data)
{
  g_auto (End) end = { 0 };

  fixture->compositor->focused = FALSE;
  insert (fixture, "words", &end);
  g_assert_error (end.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NO_FOCUS);
  compositor_await (fixture->compositor, "give-back");
  g_assert_null (strstr (fixture->compositor->log->str, "commit"));
}

/* What a field gets, by its purpose, however late that is told. */
static void
test_purposes (gconstpointer data)
{
  static const struct
  {
    guint purpose;
    const char *text;
    const char *field;
    WhisDeliveryOutcome outcome;
  } cases[] = {
    { PURPOSE_NORMAL, "words", "words", WHIS_DELIVERY_OUTCOME_LANDED },
    { PURPOSE_NORMAL, "two\nlines\n", "two\nlines\n", WHIS_DELIVERY_OUTCOME_LANDED },
    { PURPOSE_TERMINAL, "two\nlines\n", "two lines", WHIS_DELIVERY_OUTCOME_LANDED },
    { PURPOSE_TERMINAL, "words ", "words ", WHIS_DELIVERY_OUTCOME_LANDED },
    { PURPOSE_PASSWORD, "words", "", WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD },
    { PURPOSE_PIN, "words", "", WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_auto (End) end = { 0 };

      fixture_init (&fixture, COMPOSITOR_SEAT | COMPOSITOR_INPUT_METHOD);
      fixture.compositor->purpose = cases[i].purpose;
      fixture.compositor->tells_kind_later = GPOINTER_TO_INT (data);
      insert (&fixture, cases[i].text, &end);
      g_assert_no_error (end.error);
      g_assert_cmpint (end.outcome, ==, cases[i].outcome);
      g_assert_cmpstr (fixture.compositor->text->str, ==, cases[i].field);
      compositor_await (fixture.compositor, "give-back");
    }
}

/* The field says only now that it is a terminal, which gets no newlines at the end. */
static void
test_nothing_for_terminal (Fixture *fixture, gconstpointer data)
{
  g_auto (End) end = { 0 };

  fixture->compositor->purpose = PURPOSE_TERMINAL;
  insert (fixture, "\n\n", &end);
  g_assert_no_error (end.error);
  g_assert_cmpint (end.outcome, ==, WHIS_DELIVERY_OUTCOME_COPIED);
  compositor_await (fixture->compositor, "give-back");
  g_assert_cmpstr (fixture->compositor->log->str, ==, "get-input-method give-back ");
}

/* What is said of a text, by what its field answers. */
static void
test_receipts (void)
{
  static const struct
  {
    CompositorField field;
    WhisDeliveryOutcome outcome;
  } cases[] = {
    { COMPOSITOR_FIELD_TELLS, WHIS_DELIVERY_OUTCOME_LANDED },
    { COMPOSITOR_FIELD_STALE, WHIS_DELIVERY_OUTCOME_LANDED },
    { COMPOSITOR_FIELD_MUTE, WHIS_DELIVERY_OUTCOME_HANDED_OVER },
    { COMPOSITOR_FIELD_LOSES_FOCUS, WHIS_DELIVERY_OUTCOME_NOT_SEEN },
    { COMPOSITOR_FIELD_TAKEN, WHIS_DELIVERY_OUTCOME_NOT_SEEN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_auto (End) end = { 0 };

      fixture_init (&fixture, COMPOSITOR_SEAT | COMPOSITOR_INPUT_METHOD);
      fixture.compositor->field = cases[i].field;
      g_string_assign (fixture.compositor->text, "before ");
      insert (&fixture, "words", &end);
      g_assert_no_error (end.error);
      g_assert_cmpint (end.outcome, ==, cases[i].outcome);
      compositor_await (fixture.compositor, "commit:1:5");
    }
}

/* A field that does not answer in time may have the text all the same. */
static void
test_silent_field (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisInsertion) insertion = whis_insertion_new ("words");
  g_auto (End) end = { 0 };

  fixture->compositor->field = COMPOSITOR_FIELD_SILENT;
  insertion->deadline_ms = 1;
  whis_insertion_method_insert_async (fixture->method, insertion, NULL, on_inserted, &end);
  await_end (&end);
  g_assert_no_error (end.error);
  g_assert_cmpint (end.outcome, ==, WHIS_DELIVERY_OUTCOME_HANDED_OVER);
}

/* What a field tells that does not end in the text, or is too little to know it by, is no receipt.
 */
static void
test_no_receipt (void)
{
  static const CompositorField fields[] = { COMPOSITOR_FIELD_REFUSES, COMPOSITOR_FIELD_LACONIC };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_autoptr (WhisInsertion) insertion = whis_insertion_new ("words");
      g_auto (End) end = { 0 };

      fixture_init (&fixture, COMPOSITOR_SEAT | COMPOSITOR_INPUT_METHOD);
      fixture.compositor->field = fields[i];
      g_string_assign (fixture.compositor->text, "before ");
      insertion->deadline_ms = 100;
      whis_insertion_method_insert_async (fixture.method, insertion, NULL, on_inserted, &end);
      await_end (&end);
      g_assert_no_error (end.error);
      g_assert_cmpint (end.outcome, ==, WHIS_DELIVERY_OUTCOME_HANDED_OVER);
    }
}

static char *
make_long_text (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < 1200; i++)
    g_string_append_printf (text, "Wörter %u… ", i);

  return g_string_free (text, FALSE);
}

/* Each piece is sent when the field has the one before it, with the number of answers so far. */
static void
test_pieces (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = make_long_text ();
  g_auto (GStrv) pieces = whis_text_pieces_new (text);
  g_autoptr (GString) expected = g_string_new ("get-input-method ");
  g_auto (End) end = { 0 };

  g_assert_cmpuint (g_strv_length (pieces), >, 3);
  insert (fixture, text, &end);
  g_assert_no_error (end.error);
  g_assert_cmpint (end.outcome, ==, WHIS_DELIVERY_OUTCOME_LANDED);
  g_assert_cmpstr (fixture->compositor->text->str, ==, text);

  for (guint i = 0; pieces[i] != NULL; i++)
    g_string_append_printf (expected, "commit:%u:%" G_GSIZE_FORMAT " ", i + 1, strlen (pieces[i]));
  g_string_append (expected, "give-back ");
  compositor_await (fixture->compositor, "give-back");
  g_assert_cmpstr (fixture->compositor->log->str, ==, expected->str);
}

/* The focus goes to another window after the first piece: the second one does not follow it. */
static void
test_focus_lost_between_pieces (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = make_long_text ();
  g_auto (End) end = { 0 };

  fixture->compositor->field = COMPOSITOR_FIELD_SILENT;
  begin (fixture, text, NULL, &end);
  compositor_await (fixture->compositor, "commit:1:");
  compositor_leave_field (fixture->compositor);
  await_end (&end);
  g_assert_no_error (end.error);
  g_assert_cmpint (end.outcome, ==, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  compositor_await (fixture->compositor, "give-back");
  g_assert_null (strstr (fixture->compositor->log->str, "commit:2:"));
}

static void
test_compositor_gone (void)
{
  static const struct
  {
    const char *stop_at;
    gboolean handed_over;
  } cases[] = {
    { "get-input-method", FALSE },
    { "commit:1:", TRUE },
    { "commit:2:", TRUE },
  };
  g_autofree char *text = make_long_text ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_auto (End) end = { 0 };

      fixture_init (&fixture, COMPOSITOR_SEAT | COMPOSITOR_INPUT_METHOD);
      fixture.compositor->stop_at = cases[i].stop_at;
      fixture.compositor->focused = cases[i].handed_over;
      insert (&fixture, text, &end);
      if (cases[i].handed_over)
        {
          g_assert_no_error (end.error);
          g_assert_cmpint (end.outcome, ==, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
        }
      else
        g_assert_error (end.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
    }
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (End) end = { 0 };

  begin (fixture, "words", cancellable, &end);
  compositor_await (fixture->compositor, "get-input-method");
  g_cancellable_cancel (cancellable);
  await_end (&end);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  compositor_await (fixture->compositor, "give-back");
  g_assert_cmpstr (fixture->compositor->text->str, ==, "");
}

/* One input method is taken at a time, and once more when it was given back. */
static void
test_two_at_once (Fixture *fixture, gconstpointer data)
{
  g_auto (End) first = { 0 };
  g_auto (End) second = { 0 };
  g_auto (End) third = { 0 };

  begin (fixture, "one ", NULL, &first);
  insert (fixture, "two ", &second);
  await_end (&first);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_assert_cmpint (first.outcome, ==, WHIS_DELIVERY_OUTCOME_LANDED);
  insert (fixture, "three", &third);
  g_assert_cmpint (third.outcome, ==, WHIS_DELIVERY_OUTCOME_LANDED);
  g_assert_cmpstr (fixture->compositor->text->str, ==, "one three");
}

static void
on_taken_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  end->taken_back =
      whis_insertion_method_take_back_finish (WHIS_INSERTION_METHOD (source), result, &end->error);
  end->done = TRUE;
}

/* Only what is seen to stand before the caret is deleted, and what is counted alike by all. */
static void
test_take_back (void)
{
  static const struct
  {
    const char *text;
    const char *taken_back;
    CompositorField field;
    const char *left;
  } cases[] = {
    { "before words", "words", COMPOSITOR_FIELD_TELLS, "before " },
    { "words", "words", COMPOSITOR_FIELD_TELLS, "" },
    { "words, and more", "words", COMPOSITOR_FIELD_TELLS, NULL },
    { "Wörter", "Wörter", COMPOSITOR_FIELD_TELLS, NULL },
    { "words", "words", COMPOSITOR_FIELD_MUTE, NULL },
    { "words", "words", COMPOSITOR_FIELD_LOSES_FOCUS, NULL },
    { "words", "words", COMPOSITOR_FIELD_SILENT, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_auto (End) end = { 0 };

      fixture_init (&fixture, COMPOSITOR_SEAT | COMPOSITOR_INPUT_METHOD);
      fixture.compositor->field = cases[i].field;
      g_string_assign (fixture.compositor->text, cases[i].text);
      whis_insertion_method_take_back_async (fixture.method, cases[i].taken_back, NULL,
                                             on_taken_back, &end);
      await_end (&end);
      g_assert_no_error (end.error);
      g_assert_true (end.taken_back == (cases[i].left != NULL));
      g_assert_cmpstr (fixture.compositor->text->str, ==,
                       cases[i].left != NULL ? cases[i].left : cases[i].text);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/wayland-input-method/" path, Fixture, NULL, fixture_set_up, function,              \
              fixture_tear_down)

  g_test_add_func ("/wayland-input-method/not-offered", test_not_offered);
  g_test_add_func ("/wayland-input-method/no-session", test_no_session);
  ADD ("unavailable", test_unavailable);
  ADD ("no-field", test_no_field);
  g_test_add_data_func ("/wayland-input-method/purposes/at-once", GINT_TO_POINTER (FALSE),
                        test_purposes);
  g_test_add_data_func ("/wayland-input-method/purposes/later", GINT_TO_POINTER (TRUE),
                        test_purposes);
  g_test_add_func ("/wayland-input-method/receipts", test_receipts);
  ADD ("nothing-for-terminal", test_nothing_for_terminal);
  ADD ("silent-field", test_silent_field);
  g_test_add_func ("/wayland-input-method/no-receipt", test_no_receipt);
  ADD ("pieces", test_pieces);
  ADD ("focus-lost-between-pieces", test_focus_lost_between_pieces);
  g_test_add_func ("/wayland-input-method/compositor-gone", test_compositor_gone);
  ADD ("cancelled", test_cancelled);
  ADD ("two-at-once", test_two_at_once);
  g_test_add_func ("/wayland-input-method/take-back", test_take_back);

  return g_test_run ();
}
