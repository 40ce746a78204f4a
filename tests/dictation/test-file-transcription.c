/* SPDX-License-Identifier: MIT */
#include "file-transcription.h"

#include <glib/gstdio.h>

#include "awaited.h"
#include "dictations-fixture.h"
#include "fake-backend.h"
#include "history-fixture.h"
#include "service-error.h"

/* A file that another program has transcribed: its text, and that nothing of it stays. */

typedef struct
{
  char *directory;
  TestBackend *backend;
  WhisPool *pool;
  WhisFailover *failover;
  GCancellable *cancellable;
  GAsyncResult *result;
  TestCapture *capture;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("whis-file-XXXXXX", NULL);
  fixture->backend = test_backend_new ("here");
  fixture->pool = whis_pool_new (WHIS_BACKEND (fixture->backend), 3);
  fixture->failover =
      whis_failover_new (whis_provider_lookup ("whisper-cpp"), fixture->pool, "a-model");
  fixture->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->result);
  dictations_fixture_settle ();
  g_assert_finalize_object (fixture->failover);
  g_assert_finalize_object (fixture->pool);
  g_assert_finalize_object (fixture->backend);
  g_object_unref (fixture->cancellable);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

static void
begin_with (Fixture *fixture, const char *language, const char *prompt, double temperature)
{
  const WhisFileTranscriptionOptions options = { .file = 0,
                                                 .directory = fixture->directory,
                                                 .language = language,
                                                 .prompt = prompt,
                                                 .temperature = temperature,
                                                 .longest_chunk_ms = 28000 };

  whis_file_transcribe_async (fixture->failover, &options, fixture->cancellable, store_result,
                              &fixture->result);
  fixture->capture = test_capture_get_newest ();
  g_assert_cmpint (test_capture_get_kind (fixture->capture), ==, TEST_CAPTURE_FILE);
}

static void
begin (Fixture *fixture)
{
  begin_with (fixture, NULL, NULL, 0);
  test_capture_begin (fixture->capture);
}

static void
plan_text (Fixture *fixture, const char *text)
{
  test_backend_plan (fixture->backend, &(TestBackendPlan){ .text = text });
}

static guint
count_files (Fixture *fixture)
{
  g_autoptr (GDir) files = g_dir_open (fixture->directory, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (files) != NULL)
    n++;

  return n;
}

static WhisRecord *
finish (Fixture *fixture, GError **error)
{
  WhisRecord *record =
      whis_file_transcribe_finish (fixture->failover, wait_for (&fixture->result), error);

  g_assert_cmpuint (count_files (fixture), ==, 0);

  return record;
}

static void
test_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = NULL;

  begin (fixture);
  plan_text (fixture, "First.");
  plan_text (fixture, "Second.");
  test_capture_say (fixture->capture, TRUE);
  test_capture_say (fixture->capture, FALSE);
  test_capture_say (fixture->capture, TRUE);
  g_assert_cmpuint (count_files (fixture), ==, 1);
  test_capture_finish (fixture->capture);
  record = finish (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (record->text, ==, "First. Second.");
  g_assert_cmpuint (record->length_ms, ==, 3 * TEST_CAPTURE_CHUNK_MS);
  g_assert_cmpuint (record->chunks->len, ==, 3);
  g_assert_cmpstr (record->provider, ==, "whisper-cpp");
  g_assert_cmpstr (record->model, ==, "a-model");
  g_assert_true (record->is_file);
}

/* Pieces are recognised while the file is still read, and the text waits for its end. */
static void
test_before_the_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) record = NULL;

  begin (fixture);
  test_capture_say (fixture->capture, TRUE);
  while (test_backend_get_n_requests (fixture->backend) == 0)
    g_main_context_iteration (NULL, TRUE);
  dictations_fixture_settle ();
  g_assert_null (fixture->result);
  test_capture_finish (fixture->capture);
  record = finish (fixture, NULL);
  g_assert_cmpstr (record->text, ==, "words");
}

static void
test_options (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) record = NULL;
  const WhisSpeechRequest *request;

  begin_with (fixture, "fi", "Whis and GNOME", 0.5);
  test_capture_begin (fixture->capture);
  test_capture_say (fixture->capture, TRUE);
  test_capture_finish (fixture->capture);
  record = finish (fixture, NULL);
  g_assert_cmpstr (record->language, ==, "fi");
  request = test_backend_get_request (fixture->backend, 0);
  g_assert_cmpstr (request->language, ==, "fi");
  g_assert_cmpstr (request->prompt, ==, "Whis and GNOME");
  g_assert_cmpfloat (request->temperature, ==, 0.5);
  g_assert_null (request->key);
}

/* Nobody spoke: that is a text without a word, and nobody was asked. */
static void
test_no_speech (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = NULL;

  begin (fixture);
  test_capture_say (fixture->capture, FALSE);
  test_capture_finish (fixture->capture);
  record = finish (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (record->text, ==, "");
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, 0);
}

/* A text with a hole in it is none. */
static void
test_piece_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  begin (fixture);
  plan_text (fixture, "First.");
  test_capture_say (fixture->capture, TRUE);
  test_backend_plan (fixture->backend,
                     &(TestBackendPlan){ .error_code = WHIS_SERVICE_ERROR_WRONG_KEY });
  test_capture_say (fixture->capture, TRUE);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_WRONG_KEY);
  /* The rest of the file is not read any more. */
  g_assert_cmpint (whis_capture_get_state (WHIS_CAPTURE (fixture->capture)), ==,
                   WHIS_CAPTURE_STATE_ENDED);
}

static void
test_file_is_broken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  test_backend_set_default (fixture->backend, &(TestBackendPlan){ .text = "late", .hold = TRUE });
  begin (fixture);
  test_capture_say (fixture->capture, TRUE);
  test_capture_fail (fixture->capture, WHIS_AUDIO_ERROR_FILE);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE);
  dictations_fixture_settle ();
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backend), ==, 1);
}

/* No sound has come yet. */
static void
test_no_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  begin_with (fixture, NULL, NULL, 0);
  test_capture_fail (fixture->capture, WHIS_AUDIO_ERROR_FILE);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE);
}

/* Whoever asked has hung up, while the recogniser works. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  test_backend_set_default (fixture->backend, &(TestBackendPlan){ .text = "late", .hold = TRUE });
  begin (fixture);
  test_capture_say (fixture->capture, TRUE);
  while (test_backend_get_n_requests (fixture->backend) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (fixture->cancellable);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  dictations_fixture_settle ();
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backend), ==, 1);
  test_backend_release (fixture->backend);
}

static void
test_cancelled_at_start (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  begin_with (fixture, NULL, NULL, 0);
  g_cancellable_cancel (fixture->cancellable);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, 0);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/file-transcription/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dictations_fixture_init ();

  ADD ("text", test_text);
  ADD ("before-the-end", test_before_the_end);
  ADD ("options", test_options);
  ADD ("no-speech", test_no_speech);
  ADD ("piece-fails", test_piece_fails);
  ADD ("file-is-broken", test_file_is_broken);
  ADD ("no-file", test_no_file);
  ADD ("cancelled", test_cancelled);
  ADD ("cancelled/at-start", test_cancelled_at_start);

  return g_test_run ();
}
