/* SPDX-License-Identifier: MIT */
#include "failover-target.h"

#include <string.h>

#include "fake-backend.h"
#include "memory-sound.h"
#include "service-error.h"

/* A service that sound may go to: its model, its key, and which refusals hold for all that would be
 * sent there. */

typedef struct
{
  TestBackend *backend;
  WhisPool *pool;
  WhisFailoverTarget *target;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->backend = test_backend_new ("first.example");
  fixture->pool = whis_pool_new (WHIS_BACKEND (fixture->backend), 3);
  fixture->target = whis_failover_target_new (whis_provider_lookup (data != NULL ? data : "groq"),
                                              fixture->pool, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  whis_failover_target_unref (fixture->target);
  g_assert_finalize_object (fixture->pool);
  g_assert_finalize_object (fixture->backend);
}

static void
test_model (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_strdup ("whisper-large-v3");

  g_assert_cmpstr (whis_failover_target_get_model (fixture->target), ==, "whisper-large-v3-turbo");
  whis_failover_target_set_model (fixture->target, name);
  memset (name, 'x', strlen (name));
  g_assert_cmpstr (whis_failover_target_get_model (fixture->target), ==, "whisper-large-v3");
  /* As the preferences write that the default is wanted again. */
  whis_failover_target_set_model (fixture->target, "");
  g_assert_cmpstr (whis_failover_target_get_model (fixture->target), ==, "whisper-large-v3-turbo");
  g_assert_cmpstr (whis_failover_target_get_host (fixture->target), ==, "first.example");
  g_assert_true (whis_failover_target_get_pool (fixture->target) == fixture->pool);
}

/* Its own name may be set once more. */
static void
test_same_model (Fixture *fixture, gconstpointer data)
{
  whis_failover_target_set_model (fixture->target, "whisper-large-v3");
  whis_failover_target_set_model (fixture->target,
                                  whis_failover_target_get_model (fixture->target));
  g_assert_cmpstr (whis_failover_target_get_model (fixture->target), ==, "whisper-large-v3");
}

static void
test_key (Fixture *fixture, gconstpointer data)
{
  g_assert_false (whis_failover_target_knows_key (fixture->target));
  g_assert_null (whis_failover_target_get_key (fixture->target));
  whis_failover_target_set_key (fixture->target, g_strdup ("a-key"));
  g_assert_true (whis_failover_target_knows_key (fixture->target));
  g_assert_cmpstr (whis_failover_target_get_key (fixture->target), ==, "a-key");
  /* It is also known that there is none. */
  whis_failover_target_set_key (fixture->target, NULL);
  g_assert_true (whis_failover_target_knows_key (fixture->target));
  g_assert_null (whis_failover_target_get_key (fixture->target));
}

/* Nobody has to be asked for the key of a service that takes none. */
static void
test_takes_no_key (Fixture *fixture, gconstpointer data)
{
  g_assert_true (whis_failover_target_knows_key (fixture->target));
}

static void
test_request (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("sound", 5);
  g_autoptr (WhisSound) sound = whis_memory_sound_new (bytes, WHIS_SOUND_FORMAT_SAMPLES);
  g_autoptr (WhisSpeechRequest) request = whis_speech_request_new (sound, 1, 3, 3000);
  g_autoptr (WhisSpeechRequest) copy = NULL;

  whis_speech_request_set_language (request, "fi");
  whis_speech_request_set_model (request, "of-the-first");
  whis_speech_request_set_key (request, "key-of-the-first");
  whis_failover_target_set_model (fixture->target, "whisper-large-v3");
  whis_failover_target_set_key (fixture->target, g_strdup ("a-key"));
  copy = whis_failover_target_make_request (fixture->target, request);
  g_assert_cmpstr (copy->model, ==, "whisper-large-v3");
  g_assert_cmpstr (copy->key, ==, "a-key");
  g_assert_cmpstr (copy->language, ==, "fi");
  g_assert_true (copy->sound == sound);
  g_assert_cmpuint (copy->offset, ==, 1);
  g_assert_cmpuint (copy->size, ==, 3);
  /* The key of one service never goes to the other. */
  g_assert_cmpstr (request->key, ==, "key-of-the-first");
  whis_failover_target_set_key (fixture->target, NULL);
  g_clear_pointer (&copy, whis_speech_request_unref);
  copy = whis_failover_target_make_request (fixture->target, request);
  g_assert_null (copy->key);
}

/* What the next request would meet as well closes a service; what may pass does not. */
static void
test_errors (void)
{
  static const struct
  {
    int code;
    gboolean closes;
  } cases[] = {
    { WHIS_SERVICE_ERROR_NO_KEY, TRUE },     { WHIS_SERVICE_ERROR_WRONG_KEY, TRUE },
    { WHIS_SERVICE_ERROR_PERMISSION, TRUE }, { WHIS_SERVICE_ERROR_CREDIT, TRUE },
    { WHIS_SERVICE_ERROR_REDIRECT, TRUE },   { WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE, TRUE },
    { WHIS_SERVICE_ERROR_RETIRED, TRUE },    { WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, TRUE },
    { WHIS_SERVICE_ERROR_ADDRESS, TRUE },    { WHIS_SERVICE_ERROR_NO_MODEL, TRUE },
    { WHIS_SERVICE_ERROR_NETWORK, FALSE },   { WHIS_SERVICE_ERROR_SERVICE_DOWN, FALSE },
    { WHIS_SERVICE_ERROR_TIMEOUT, FALSE },   { WHIS_SERVICE_ERROR_RATE_LIMIT, FALSE },
    { WHIS_SERVICE_ERROR_TOO_LARGE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error =
          g_error_new_literal (WHIS_SERVICE_ERROR, cases[i].code, "It went wrong.");
      /* The same number in another domain means something else. */
      g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, cases[i].code, "Other.");
      Fixture fixture;

      set_up (&fixture, NULL);
      whis_failover_target_note_error (fixture.target, other);
      g_assert_null (whis_failover_target_get_error (fixture.target));
      whis_failover_target_note_error (fixture.target, error);
      g_assert_true ((whis_failover_target_get_error (fixture.target) != NULL) == cases[i].closes);
      tear_down (&fixture, NULL);
    }
}

/* Why it was closed is what the user is told, not what came after. */
static void
test_first_reason (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) first =
      g_error_new_literal (WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_CREDIT, "No money.");
  g_autoptr (GError) second =
      g_error_new_literal (WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_WRONG_KEY, "Wrong key.");

  whis_failover_target_note_error (fixture->target, first);
  whis_failover_target_close (fixture->target, second);
  g_assert_error (whis_failover_target_get_error (fixture->target), WHIS_SERVICE_ERROR,
                  WHIS_SERVICE_ERROR_CREDIT);
}

#define ADD(path, data, function)                                                                  \
  g_test_add ("/failover-target/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("model", NULL, test_model);
  ADD ("model/same", NULL, test_same_model);
  ADD ("key", NULL, test_key);
  ADD ("key/not-taken", "whisper-cpp", test_takes_no_key);
  ADD ("request", NULL, test_request);
  g_test_add_func ("/failover-target/errors", test_errors);
  ADD ("errors/first-reason", NULL, test_first_reason);

  return g_test_run ();
}
