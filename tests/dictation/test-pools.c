/* SPDX-License-Identifier: MIT */
#include "pools.h"

#include "failure.h"
#include "memory-sound.h"
#include "service-error.h"
#include "service.h"

/* One pool a service and address, and who counts what goes through it. */

typedef struct
{
  char *directory;
  WhisHistory *history;
  WhisSettings *settings;
  WhisUsage *usage;
  WhisMeter *meter;
  WhisPools *pools;
} Fixture;

static void
set (Fixture *fixture, const char *key, const char *value)
{
  g_autoptr (GError) error = NULL;

  whis_settings_parse (fixture->settings, key, value, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("whis-pools-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->history = whis_history_new (fixture->directory);
  fixture->settings = whis_settings_new (&error);
  g_assert_no_error (error);
  fixture->usage = whis_usage_new (fixture->history);
  fixture->meter = whis_meter_new (fixture->settings, fixture->usage);
  fixture->pools = whis_pools_new (fixture->meter);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  set (fixture, "prices", "{}");
  set (fixture, "monthly-caps", "{}");
  g_assert_finalize_object (fixture->pools);
  /* What was asked for ends first; the test and the meter are the last to hold the usage. */
  while (G_OBJECT (fixture->meter)->ref_count > 1 || G_OBJECT (fixture->usage)->ref_count > 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (fixture->meter);
  g_assert_finalize_object (fixture->usage);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->history);
  g_free (fixture->directory);
}

static WhisPool *
get (Fixture *fixture, const char *provider, const char *address)
{
  g_autoptr (GError) error = NULL;
  WhisPool *pool =
      whis_pools_get (fixture->pools, whis_provider_lookup (provider), address, 3, &error);

  g_assert_no_error (error);
  g_assert_nonnull (pool);

  return pool;
}

static void
test_shared (Fixture *fixture, gconstpointer data)
{
  WhisPool *groq = get (fixture, "groq", NULL);

  g_assert_true (get (fixture, "groq", NULL) == groq);
  g_assert_true (get (fixture, "openai", NULL) != groq);
  g_assert_true (get (fixture, "custom", "http://127.0.0.1:1/v1")
                 != get (fixture, "custom", "http://127.0.0.1:2/v1"));
}

static void
test_no_address (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (whis_pools_get (fixture->pools, whis_provider_lookup ("custom"), NULL, 3, &error));
  g_assert_nonnull (error);
}

typedef struct
{
  gboolean done;
  WhisTranscription *transcription;
  GError *error;
} Answer;

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->transcription = whis_pool_transcribe_finish (WHIS_POOL (object), result, &answer->error);
  answer->done = TRUE;
}

static void
clear_answer (Answer *answer)
{
  g_clear_pointer (&answer->transcription, whis_transcription_free);
  g_clear_error (&answer->error);
}

/* Three seconds of sound. */
static void
begin (WhisPool *pool, Answer *answer)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("sound", 5);
  g_autoptr (WhisSound) sound = whis_memory_sound_new (bytes, WHIS_SOUND_FORMAT_SAMPLES);
  g_autoptr (WhisSpeechRequest) request = whis_speech_request_new (sound, 0, 5, 3000);

  whis_speech_request_set_model (request, "whisper-1");
  whis_pool_transcribe_async (pool, request, NULL, answered_cb, answer);
}

static void
finish (Answer *answer)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_counted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  Answer answer = { 0 };

  test_service_plan (server, &(TestPlan){ .body = "{\"text\":\"Hello.\"}" });
  begin (get (fixture, "custom", test_service_get_url (server)), &answer);
  finish (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.transcription->text, ==, "Hello.");
  g_assert_cmpuint (whis_usage_get_ms (fixture->usage, "custom"), ==, 3000);
  g_assert_cmpuint (whis_usage_get_requests (fixture->usage, "custom"), ==, 1);
  clear_answer (&answer);
}

/* What could not be sent costs nothing. */
static void
test_taken_back (Fixture *fixture, gconstpointer data)
{
  Answer answer = { 0 };

  /* the discard port: nobody listens there */
  begin (get (fixture, "custom", "http://127.0.0.1:9/v1"), &answer);
  finish (&answer);
  g_assert_error (answer.error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NETWORK);
  g_assert_cmpuint (whis_usage_get_ms (fixture->usage, "custom"), ==, 0);
  g_assert_cmpuint (whis_usage_get_requests (fixture->usage, "custom"), ==, 0);
  clear_answer (&answer);
}

/* What earlier runs have spent is read first: the request waits for it, and then goes on. */
static void
test_cap (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisPool *pool = get (fixture, "custom", test_service_get_url (server));
  Answer first = { 0 };
  Answer second = { 0 };

  test_service_set_default (server, &(TestPlan){ .body = "{\"text\":\"Hello.\"}" });
  set (fixture, "prices/custom", "0.6");
  set (fixture, "monthly-caps/custom", "0.05");
  begin (pool, &first);
  g_assert_false (first.done);
  finish (&first);
  g_assert_no_error (first.error);

  begin (pool, &second);
  finish (&second);
  g_assert_error (second.error, WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_CAP);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 1);
  g_assert_cmpuint (whis_usage_get_ms (fixture->usage, "custom"), ==, 3000);
  clear_answer (&first);
  clear_answer (&second);
}

/* There is one process, whoever asks, and none before somebody does. */
static void
test_recogniser (Fixture *fixture, gconstpointer data)
{
  WhisRecogniserProcess *recogniser;

  whis_pools_stop_recogniser (fixture->pools);
  get (fixture, "offline", NULL);
  recogniser = whis_pools_get_recogniser (fixture->pools);
  g_assert_nonnull (recogniser);
  g_assert_true (whis_pools_get_recogniser (fixture->pools) == recogniser);
  whis_pools_stop_recogniser (fixture->pools);
}

#define ADD(path, function) g_test_add ("/pools/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("shared", test_shared);
  ADD ("no-address", test_no_address);
  ADD ("counted", test_counted);
  ADD ("taken-back", test_taken_back);
  ADD ("cap", test_cap);
  ADD ("recogniser", test_recogniser);

  return g_test_run ();
}
