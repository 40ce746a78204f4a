/* SPDX-License-Identifier: MIT */
#include "dictations.h"

#include <fcntl.h>
#include <unistd.h>

#include "awaited.h"
#include "bus-error.h"
#include "dictations-fixture.h"
#include "history-fixture.h"
#include "service-error.h"

/* Going on with an earlier dictation, and transcribing a file. */

typedef DictationsFixture Fixture;

#define RESUME WHIS_DICTATION_MODE_RESUME
#define AGAIN WHIS_DICTATION_MODE_AGAIN

static WhisDictation *
go_on (Fixture *fixture, const char *id, WhisDictationMode mode, const char *options)
{
  g_autoptr (GError) error = NULL;
  WhisDictation *dictation = dictations_fixture_continue (fixture, id, mode, options, &error);

  g_assert_no_error (error);
  g_assert_nonnull (dictation);

  return dictation;
}

static void
assert_refused (Fixture *fixture,
                const char *id,
                WhisDictationMode mode,
                const char *options,
                int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (dictations_fixture_continue (fixture, id, mode, options, &error));
  g_assert_error (error, WHIS_BUS_ERROR, code);
}

static const TestServiceRequest *
get_last_sound (Fixture *fixture)
{
  const TestServiceRequest *last = NULL;

  for (guint i = 0; i < test_service_get_n_requests (fixture->service); i++)
    if (g_str_equal (test_service_get_request (fixture->service, i)->method, "POST"))
      last = test_service_get_request (fixture->service, i);
  g_assert_nonnull (last);

  return last;
}

static void
assert_field (Fixture *fixture, const char *field, const char *expected)
{
  g_assert_cmpstr (g_hash_table_lookup (get_last_sound (fixture)->fields, field), ==, expected);
}

static WhisRecord *
create (Fixture *fixture, const char *id, WhisDictationState state)
{
  return dictations_fixture_create_entry (fixture, id, state, TRUE);
}

/* --- an earlier dictation --------------------------------------------------------------------- */

static void
test_resume (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) record = create (fixture, "old", WHIS_DICTATION_STATE_INTERRUPTED);
  g_autoptr (WhisDictation) dictation = go_on (fixture, "old", RESUME, NULL);
  g_autoptr (WhisRecord) entry = NULL;

  g_assert_cmpstr (whis_dictation_get_id (dictation), ==, "old");
  g_assert_false (whis_dictation_uses_microphone (dictation));
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  flush_history (fixture->history);
  entry = get_record (fixture->history, "old");
  g_assert_cmpstr (entry->text, ==, "words");
  g_assert_cmpint (entry->created_ms, ==, record->created_ms);
}

/* Without an id it is the one that was begun last, of those that are not finished. */
static void
test_newest (Fixture *fixture, gconstpointer data)
{
  const char *const expected[] = { "second", "first" };

  whis_record_free (create (fixture, "first", WHIS_DICTATION_STATE_INTERRUPTED));
  whis_record_free (create (fixture, "second", WHIS_DICTATION_STATE_WAITING));
  whis_record_free (create (fixture, "failed", WHIS_DICTATION_STATE_FAILED));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (WhisDictation) dictation = go_on (fixture, "", RESUME, NULL);

      g_assert_cmpstr (whis_dictation_get_id (dictation), ==, expected[i]);
      dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
    }
  assert_refused (fixture, "", RESUME, NULL, WHIS_BUS_ERROR_NOT_FOUND);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *id;
    WhisDictationMode mode;
    const char *options;
    int code;
  } cases[] = {
    { "done", RESUME, NULL, WHIS_BUS_ERROR_NOT_FOUND },
    { "without-sound", RESUME, NULL, WHIS_BUS_ERROR_NOT_FOUND },
    { "without-sound", AGAIN, NULL, WHIS_BUS_ERROR_NOT_FOUND },
    { "left", RESUME, "{'provider': <'nobody'>}", WHIS_BUS_ERROR_NOT_FOUND },
    { "left", RESUME, "{'language': <'no language'>}", WHIS_BUS_ERROR_ARGUMENTS },
    { "left", RESUME, "{'microphone': <'x'>}", WHIS_BUS_ERROR_ARGUMENTS },
    { "left", RESUME, "{'deliver': <'yes'>}", WHIS_BUS_ERROR_ARGUMENTS },
    { "done", AGAIN, "{'deliver': <true>}", WHIS_BUS_ERROR_ARGUMENTS },
  };

  whis_record_free (create (fixture, "done", WHIS_DICTATION_STATE_DONE));
  whis_record_free (create (fixture, "left", WHIS_DICTATION_STATE_INTERRUPTED));
  whis_record_free (dictations_fixture_create_entry (fixture, "without-sound",
                                                     WHIS_DICTATION_STATE_INTERRUPTED, FALSE));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (fixture, cases[i].id, cases[i].mode, cases[i].options, cases[i].code);
  g_assert_cmpstr (fixture->events->str, ==, "");
  /* It was not locked by the tries. */
  g_object_unref (go_on (fixture, "left", RESUME, NULL));
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (dictations_fixture_continue (fixture, "nothing", RESUME, NULL, &error));
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND);
}

/* With the service, the language and the model of the first time, but for what is said now. */
static void
test_inherits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) record = create (fixture, "old", WHIS_DICTATION_STATE_INTERRUPTED);
  g_autoptr (WhisDictation) dictation = NULL;
  g_autoptr (WhisDictation) again = NULL;

  record->model = g_strdup ("old-model");
  record->language = g_strdup ("fi");
  whis_history_put (fixture->history, record);
  whis_settings_set_language (fixture->settings, "de");
  whis_settings_set_model (fixture->settings, "custom", "new-model");
  whis_settings_set_provider (fixture->settings, "groq");
  dictation = go_on (fixture, "old", RESUME, NULL);
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  assert_field (fixture, "model", "old-model");
  assert_field (fixture, "language", "fi");

  again = go_on (fixture, "old", AGAIN, "{'model': <'third'>, 'language': <'ja'>}");
  dictations_fixture_wait_for (again, WHIS_DICTATION_STATE_DONE);
  assert_field (fixture, "model", "third");
  assert_field (fixture, "language", "ja");
}

/* The first text stays, the new one is another version. */
static void
test_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisDictation) first = NULL;
  g_autoptr (WhisDictation) second = NULL;
  g_autoptr (WhisRecord) entry = NULL;

  whis_record_free (create (fixture, "old", WHIS_DICTATION_STATE_INTERRUPTED));
  first = go_on (fixture, "old", RESUME, NULL);
  dictations_fixture_wait_for (first, WHIS_DICTATION_STATE_DONE);
  dictations_fixture_plan_text (fixture, "other words");
  second = go_on (fixture, "old", AGAIN, NULL);
  dictations_fixture_wait_for (second, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpuint (dictations_fixture_count_sounds (fixture), ==, 2);
  flush_history (fixture->history);
  entry = get_record (fixture->history, "old");
  g_assert_cmpuint (entry->versions->len, ==, 2);
  g_assert_cmpstr (((WhisRecordVersion *) g_ptr_array_index (entry->versions, 0))->text, ==,
                   "words");
  g_assert_cmpstr (((WhisRecordVersion *) g_ptr_array_index (entry->versions, 1))->text, ==,
                   "other words");
}

static void
test_worked_on (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisDictation) dictation = NULL;

  whis_record_free (create (fixture, "old", WHIS_DICTATION_STATE_INTERRUPTED));
  dictations_fixture_plan_hold (fixture, 1);
  dictation = go_on (fixture, "old", RESUME, NULL);
  dictations_fixture_wait_for_sounds (fixture, 1);
  assert_refused (fixture, "old", RESUME, NULL, WHIS_BUS_ERROR_NOT_FOUND);
  assert_refused (fixture, "old", AGAIN, NULL, WHIS_BUS_ERROR_NOT_FOUND);
  g_assert_true (whis_dictations_lookup (fixture->dictations, "old") == dictation);
}

/* Two callers at the same time: one gets it, and the other one is not told of another program. */
static void
test_both_at_once (Fixture *fixture, gconstpointer data)
{
  GAsyncResult *results[2] = { NULL, NULL };
  g_autoptr (WhisDictation) dictation = NULL;
  guint n_refused = 0;

  whis_record_free (create (fixture, "old", WHIS_DICTATION_STATE_INTERRUPTED));
  for (guint i = 0; i < 2; i++)
    whis_dictations_continue_async (fixture->dictations, "old", RESUME, NULL, FALSE, NULL,
                                    store_result, &results[i]);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      WhisDictation *begun =
          whis_dictations_continue_finish (fixture->dictations, wait_for (&results[i]), &error);

      if (begun != NULL)
        g_assert_null (dictation);
      else
        g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND);
      g_object_unref (results[i]);
      n_refused += begun == NULL;
      dictation = begun != NULL ? begun : dictation;
    }
  g_assert_cmpuint (n_refused, ==, 1);
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpuint (dictations_fixture_count_sounds (fixture), ==, 1);
}

/* Another program has its sound. */
static void
test_locked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  int lock;

  whis_record_free (create (fixture, "old", WHIS_DICTATION_STATE_INTERRUPTED));
  lock = lock_sound (fixture->history, "old", NULL);
  g_assert_null (dictations_fixture_continue (fixture, "old", RESUME, NULL, &error));
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BUSY);
  whis_history_unlock (fixture->history, lock);
  g_object_unref (go_on (fixture, "old", RESUME, NULL));
}

/* The caller leaves before it has begun: nothing begins, and nothing stays locked. */
static void
test_cancelled_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  whis_record_free (create (fixture, "old", WHIS_DICTATION_STATE_INTERRUPTED));
  whis_dictations_continue_async (fixture->dictations, "old", RESUME, NULL, FALSE, cancellable,
                                  store_result, &result);
  g_cancellable_cancel (cancellable);
  g_assert_null (whis_dictations_continue_finish (fixture->dictations, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (fixture->events->str, ==, "");
  g_object_unref (go_on (fixture, "old", RESUME, NULL));
}

/* The user takes a cancelled dictation back while its last words are still on their way: they are
 * in the text. */
static void
test_resumed_while_closing (Fixture *fixture, gconstpointer data)
{
  TestCapture *capture = dictations_fixture_record (fixture, "{'deliver': <false>}");
  g_autoptr (WhisDictation) cancelled =
      g_object_ref (whis_dictations_get_current (fixture->dictations));
  g_autoptr (WhisDictation) dictation = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  dictations_fixture_plan_text (fixture, "First.");
  test_capture_say (capture, TRUE);
  dictations_fixture_wait_for_sounds (fixture, 1);
  whis_dictation_cancel (cancelled);
  whis_dictations_continue_async (fixture->dictations, whis_dictation_get_id (cancelled), RESUME,
                                  NULL, FALSE, NULL, store_result, &result);
  flush_history (fixture->history);
  dictations_fixture_settle ();
  g_assert_null (result);
  test_capture_say (capture, TRUE);
  test_capture_finish (capture);
  dictation = whis_dictations_continue_finish (fixture->dictations, wait_for (&result), NULL);
  g_assert_nonnull (dictation);
  g_assert_true (dictation != cancelled);
  g_assert_cmpint (test_capture_get_kind (test_capture_get_newest ()), ==, TEST_CAPTURE_RECUT);
}

static void
test_while_quitting (Fixture *fixture, gconstpointer data)
{
  whis_record_free (create (fixture, "old", WHIS_DICTATION_STATE_INTERRUPTED));
  whis_dictations_interrupt_all (fixture->dictations);
  assert_refused (fixture, "old", RESUME, NULL, WHIS_BUS_ERROR_FAILED);
}

/* --- a file ----------------------------------------------------------------------------------- */

static int
open_memo (Fixture *fixture, const char *contents)
{
  g_autofree char *path = g_build_filename (fixture->directory, "memo.ogg", NULL);
  int file;

  g_assert_true (g_file_set_contents (path, contents, -1, NULL));
  file = open (path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (file, >=, 0);

  return file;
}

static WhisDictation *
transcribe (Fixture *fixture,
            const char *contents,
            const char *options,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  int file = open_memo (fixture, contents);

  whis_dictations_transcribe_async (fixture->dictations, file, "memo.ogg",
                                    options != NULL ? g_variant_new_parsed (options) : NULL,
                                    cancellable, store_result, &result);
  /* The caller's is the caller's to close. */
  g_assert_cmpint (close (file), ==, 0);

  return whis_dictations_transcribe_finish (fixture->dictations, wait_for (&result), error);
}

static void
hear_file (void)
{
  TestCapture *capture = test_capture_get_newest ();

  g_assert_cmpint (test_capture_get_kind (capture), ==, TEST_CAPTURE_FILE);
  test_capture_begin (capture);
  test_capture_say (capture, TRUE);
  test_capture_finish (capture);
}

static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisDictation) dictation = transcribe (fixture, "sound", NULL, NULL, &error);
  const WhisRecord *record;

  g_assert_no_error (error);
  record = whis_dictation_get_record (dictation);
  g_assert_true (record->is_file);
  g_assert_cmpstr (record->name, ==, "memo.ogg");
  g_assert_nonnull (record->origin);
  /* Who transcribes a file asks for the text, and does not lose what is on the clipboard. */
  g_assert_false (whis_dictation_delivers (dictation));
  g_assert_false (whis_dictation_uses_microphone (dictation));
  g_assert_null (whis_dictations_get_recording (fixture->dictations));
  hear_file ();
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (whis_dictations_get_last_text (fixture->dictations), ==, "words");
}

static gboolean
has_text (Fixture *fixture, const char *id)
{
  g_autoptr (WhisRecord) entry = get_record (fixture->history, id);

  return entry->chunks->len > 0
         && ((WhisRecordChunk *) g_ptr_array_index (entry->chunks, 0))->text != NULL;
}

/* A try that ended when its first chunk had a text. */
static void
interrupt_file (Fixture *fixture)
{
  g_autoptr (WhisDictation) dictation = transcribe (fixture, "sound", NULL, NULL, NULL);
  TestCapture *capture = test_capture_get_newest ();

  test_capture_begin (capture);
  test_capture_say (capture, TRUE);
  while (!has_text (fixture, whis_dictation_get_id (dictation)))
    g_main_context_iteration (NULL, FALSE);
  /* The user has the file: it is not heard to its end. */
  whis_dictation_interrupt (dictation);
  g_assert_false (whis_dictations_are_closing (fixture->dictations));
  flush_history (fixture->history);
}

/* What an interrupted try has understood of the same file is not paid for once more. */
static void
test_file_known (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *contents;
    const char *options;
    guint n_sounds;
  } cases[] = {
    { "sound", NULL, 0 },
    { "sound", "{'language': <'fi'>}", 1 },
    { "sound", "{'model': <'other'>}", 1 },
    { "other sound", NULL, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisDictation) dictation = NULL;
      guint n;

      interrupt_file (fixture);
      n = dictations_fixture_count_sounds (fixture);
      dictation = transcribe (fixture, cases[i].contents, cases[i].options, NULL, NULL);
      hear_file ();
      dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
      g_assert_cmpuint (dictations_fixture_count_sounds (fixture) - n, ==, cases[i].n_sounds);
    }
}

static void
test_file_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (transcribe (fixture, "sound", "{'microphone': <'x'>}", NULL, &error));
  g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS);
  g_clear_error (&error);
  g_assert_null (transcribe (fixture, "sound", "{'provider': <'nobody'>}", NULL, &error));
  g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  /* A file is there: it can be transcribed once there is a model. */
  g_assert_null (
      transcribe (fixture, "sound", "{'provider': <'offline'>, 'language': <'de'>}", NULL, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_MODEL);
  g_assert_cmpstr (fixture->events->str, ==, "");
}

static void
test_file_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (transcribe (fixture, "sound", NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (fixture->events->str, ==, "");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/dictations-continue/" path, Fixture, NULL, dictations_fixture_set_up, function,    \
              dictations_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dictations_fixture_init ();

  ADD ("resume", test_resume);
  ADD ("newest", test_newest);
  ADD ("refused", test_refused);
  ADD ("unknown", test_unknown);
  ADD ("inherits", test_inherits);
  ADD ("again", test_again);
  ADD ("worked-on", test_worked_on);
  ADD ("both-at-once", test_both_at_once);
  ADD ("locked", test_locked);
  ADD ("cancelled-before", test_cancelled_before);
  ADD ("resumed-while-closing", test_resumed_while_closing);
  ADD ("while-quitting", test_while_quitting);
  ADD ("file", test_file);
  ADD ("file/known", test_file_known);
  ADD ("file/refused", test_file_refused);
  ADD ("file/cancelled", test_file_cancelled);

  return g_test_run ();
}
