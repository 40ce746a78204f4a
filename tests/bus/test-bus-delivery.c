/* SPDX-License-Identifier: MIT */
#include "bus-delivery.h"

#include "bus-error.h"
#include "bus-fixture.h"
#include "history-fixture.h"

/* The methods that put a text at the cursor once more, and what they and dictations tell of it. */

/* Returns: (transfer full): the id of the dictation */
static char *
say (BusFixture *fixture, const char *options)
{
  WhisDictation *dictation = dictations_fixture_say (&fixture->base, options);

  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);

  return g_strdup (whis_dictation_get_id (dictation));
}

static gboolean
has_delivered (BusFixture *fixture, const char *id, const char *rest)
{
  g_autofree char *signal = g_strdup_printf ("Delivered ('%s', %s", id, rest);

  return bus_has_heard (&fixture->bus, signal);
}

static void
await_delivered (BusFixture *fixture, const char *id, const char *rest)
{
  g_autofree char *signal = g_strdup_printf ("Delivered ('%s', %s", id, rest);

  bus_await_signal (&fixture->bus, signal);
}

static void
test_last_text (BusFixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autoptr (WhisRecord) entry = NULL;

  bus_fixture_assert_refused (fixture, "Delivery.InsertLastText", NULL, WHIS_BUS_ERROR_NOT_FOUND);
  id = say (fixture, NULL);
  g_assert_cmpstr (fixture->inserted->str, ==, "");
  assert_answer (fixture, "Delivery.InsertLastText", NULL, "('landed',)");
  g_assert_cmpstr (fixture->inserted->str, ==, "fake:words ");
  g_assert_true (has_delivered (fixture, id, "'landed', 'fake', false)"));
  entry = get_record (fixture->base.history, id);
  g_assert_cmpint (entry->outcome, ==, WHIS_DELIVERY_OUTCOME_LANDED);
  g_assert_cmpstr (entry->method, ==, "fake");
}

static void
test_entry (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) entry = NULL;

  put_text (fixture->base.history, "old", 1, "old words");
  put_record (fixture->base.history, "empty", 2, WHIS_DICTATION_STATE_FAILED, NULL);
  assert_answer (fixture, "Delivery.InsertEntry", "('old',)", "('landed',)");
  g_assert_cmpstr (fixture->inserted->str, ==, "fake:old words ");
  g_assert_true (bus_has_heard (&fixture->bus, "Delivered ('old', 'landed', 'fake', false)"));
  entry = get_record (fixture->base.history, "old");
  g_assert_true (entry->delivered);
  g_assert_cmpint (entry->outcome, ==, WHIS_DELIVERY_OUTCOME_LANDED);
  g_assert_cmpstr (entry->method, ==, "fake");

  bus_fixture_assert_refused (fixture, "Delivery.InsertEntry", "('empty',)",
                              WHIS_BUS_ERROR_NOT_FOUND);
  bus_fixture_assert_refused (fixture, "Delivery.InsertEntry", "('nothing',)",
                              WHIS_BUS_ERROR_NOT_FOUND);
}

static void
on_inserted_again (char **told, const char *id, WhisDeliveryOutcome outcome)
{
  g_free (*told);
  *told =
      g_strdup_printf ("%s %s", id != NULL ? id : "-", whis_delivery_outcome_get_nick (outcome));
}

/* The rest of the service can tell the user of what was asked for, and not of dictations. */
static void
test_told (BusFixture *fixture, gconstpointer data)
{
  g_autofree char *told = NULL;

  g_signal_connect_swapped (whis_bus_object_get_delivery (fixture->object), "inserted-again",
                            G_CALLBACK (on_inserted_again), &told);
  g_free (say (fixture, NULL));
  g_assert_null (told);
  assert_answer (fixture, "Delivery.InsertLastText", NULL, "('landed',)");
  g_assert_cmpstr (told, ==, "- landed");
  put_text (fixture->base.history, "old", 1, "old words");
  fixture->method->outcome = WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD;
  assert_answer (fixture, "Delivery.InsertEntry", "('old',)", "('password-field',)");
  g_assert_cmpstr (told, ==, "old password-field");
}

/* Where texts are only copied, who wants this one inserted gets that. */
static void
test_copied_otherwise (BusFixture *fixture, gconstpointer data)
{
  whis_settings_set_delivery (fixture->base.settings, "copy");
  put_text (fixture->base.history, "old", 1, "old words");
  assert_answer (fixture, "Delivery.InsertEntry", "('old',)", "('landed',)");
  g_assert_cmpstr (fixture->inserted->str, ==, "fake:old words ");
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(GVariant **) user_data =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_assert_no_error (error);
}

/* Inserts without a sight of the text. */
static WhisInsertion *
insert_unseen (BusFixture *fixture, const char *method, GVariant *arguments)
{
  const char *service = g_dbus_connection_get_unique_name (fixture->bus.ours);
  g_autoptr (GVariant) answer = NULL;
  WhisInsertion *insertion;

  fixture->method->outcome = WHIS_DELIVERY_OUTCOME_NOT_SEEN;
  fixture->method->uses_clipboard = TRUE;
  fixture->method->hold = TRUE;
  g_dbus_connection_call (fixture->bus.theirs, service, WHIS_APP_PATH,
                          "io.github.whis_gtk.Whis1.Delivery", method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_answered, &answer);
  bus_await (fixture->method->task != NULL);
  insertion = whis_insertion_ref (g_task_get_task_data (fixture->method->task));
  fake_method_release (fixture->method);
  bus_await (answer != NULL);

  return insertion;
}

/* It is told to those who look now, and to those who open the history later. */
static void
test_late_receipt (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisInsertion) insertion = NULL;
  g_autoptr (WhisRecord) before = NULL;
  g_autoptr (WhisRecord) after = NULL;

  put_text (fixture->base.history, "old", 1, "old words");
  insertion = insert_unseen (fixture, "InsertEntry", g_variant_new ("(s)", "old"));
  bus_await_signal (&fixture->bus, "Delivered ('old', 'not-seen', ");
  before = get_record (fixture->base.history, "old");
  g_assert_cmpint (before->outcome, ==, WHIS_DELIVERY_OUTCOME_NOT_SEEN);

  whis_insertion_method_late_receipt (WHIS_INSERTION_METHOD (fixture->method), insertion);
  bus_await_signal (&fixture->bus, "Delivered ('old', 'landed', ");
  after = get_record (fixture->base.history, "old");
  g_assert_cmpint (after->outcome, ==, WHIS_DELIVERY_OUTCOME_LANDED);
  g_assert_cmpstr (after->method, ==, "fake");
}

static void
test_late_receipt_of_last (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisInsertion) insertion = NULL;

  g_autofree char *id = say (fixture, NULL);

  insertion = insert_unseen (fixture, "InsertLastText", NULL);
  await_delivered (fixture, id, "'not-seen', ");
  whis_insertion_method_late_receipt (WHIS_INSERTION_METHOD (fixture->method), insertion);
  await_delivered (fixture, id, "'landed', ");
}

/* A text that neither stands there nor is on the clipboard is still to be delivered. */
static void
test_password_field (BusFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) entry = NULL;

  put_text (fixture->base.history, "old", 1, "old words");
  fixture->method->outcome = WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD;
  assert_answer (fixture, "Delivery.InsertEntry", "('old',)", "('password-field',)");
  entry = get_record (fixture->base.history, "old");
  g_assert_false (entry->delivered);
  g_assert_cmpint (entry->outcome, ==, WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD);
}

static void
test_undo (BusFixture *fixture, gconstpointer data)
{
  fixture->method->takes_back = TRUE;
  bus_fixture_assert_refused (fixture, "Delivery.UndoInsertion", NULL, WHIS_BUS_ERROR_NOT_FOUND);
  put_text (fixture->base.history, "old", 1, "old words");
  assert_answer (fixture, "Delivery.InsertEntry", "('old',)", "('landed',)");
  assert_answer (fixture, "Delivery.UndoInsertion", NULL, "(true,)");
  /* Once is enough. */
  bus_fixture_assert_refused (fixture, "Delivery.UndoInsertion", NULL, WHIS_BUS_ERROR_NOT_FOUND);
}

static void
test_describe (BusFixture *fixture, gconstpointer data)
{
  assert_answer (fixture, "Delivery.Describe", NULL, "([('fake', true, '')],)");
  fixture->method->error =
      g_error_new (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "Not here.");
  assert_answer (fixture, "Delivery.Describe", NULL, "([('fake', false, 'Not here.')],)");
  bus_fixture_assert_refused (fixture, "Delivery.AllowPortal", NULL, WHIS_BUS_ERROR_FAILED);
}

/* Dictations tell it themselves, once each. */
static void
test_dictation (BusFixture *fixture, gconstpointer data)
{
  g_autofree char *expected = NULL;

  g_free (say (fixture, NULL));
  g_assert_false (bus_has_heard (&fixture->bus, "Delivered"));
  g_free (say (fixture, "{'deliver': <true>}"));
  expected = g_strdup_printf (
      "Delivered ('%s', 'landed', 'fake', false)",
      whis_dictation_get_id (whis_dictations_get_current (fixture->base.dictations)));
  bus_await_signal (&fixture->bus, expected);
  g_assert_false (bus_has_heard (&fixture->bus, "Delivered"));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/bus-delivery/" path, BusFixture, NULL, bus_fixture_set_up, function,               \
              bus_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  dictations_fixture_init ();

  ADD ("last-text", test_last_text);
  ADD ("entry", test_entry);
  ADD ("told", test_told);
  ADD ("copied-otherwise", test_copied_otherwise);
  ADD ("late-receipt", test_late_receipt);
  ADD ("late-receipt/last-text", test_late_receipt_of_last);
  ADD ("password-field", test_password_field);
  ADD ("undo", test_undo);
  ADD ("describe", test_describe);
  ADD ("dictation", test_dictation);

  return g_test_run ();
}
