/* SPDX-License-Identifier: MIT */
#include "ask.h"
#include "models.h"
#include "service.h"
#include "service-error.h"

#include <string.h>

/* Every service gets what it expects, and what it says is understood: the servers here take and
 * say what the real ones do. */

#define SOUND "abcdefghijklmnopqrstuvwxyz"
#define LOUD_SOUND "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const char *const kinds[] = { "assemblyai", "deepgram", "elevenlabs", "gemini" };

typedef struct
{
  TestService *service;
  WhisBackend *backend;
  char *key;
} Fixture;

/* The samples of a second are the letters themselves, and then silence. */
static void
decode_async (GBytes *mp3, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  guint8 *samples = g_malloc0 (16000 * 2);

  memcpy (samples, g_bytes_get_data (mp3, NULL), g_bytes_get_size (mp3));
  g_task_return_pointer (task, g_bytes_new_take (samples, 16000 * 2),
                         (GDestroyNotify) g_bytes_unref);
}

static GBytes *
decode_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What is encoded has small letters. */
static void
encode_async (GBytes *samples,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  char *mp3 = g_ascii_strdown (g_bytes_get_data (samples, NULL), -1);

  g_assert_cmpuint (g_bytes_get_size (samples), ==, 16000 * 2);
  g_task_return_pointer (task, g_bytes_new_take (mp3, strlen (mp3)),
                         (GDestroyNotify) g_bytes_unref);
}

static const WhisSoundConverter converter = { decode_async, decode_finish, encode_async,
                                              decode_finish };

static void
set_up (Fixture *self, gconstpointer kind)
{
  self->service = test_service_new (kind);
  self->backend = ask_new (kind, test_service_get_url (self->service));
  whis_backend_set_converter (self->backend, &converter);
  self->key = test_service_dup_key (self->service);
}

static void
tear_down (Fixture *self, gconstpointer kind)
{
  g_assert_cmpstr (test_service_get_complaint (self->service), ==, NULL);
  ask_free (self->backend);
  test_service_free (self->service);
  g_free (self->key);
}

static WhisTranscription *
hear (Fixture *self, WhisSpeechRequest *request)
{
  g_autoptr (GError) error = NULL;
  WhisTranscription *said = ask_transcribe (self->backend, request, &error);

  g_assert_no_error (error);

  return said;
}

/* All that a user can set for the default model, and some of it for others: with these AssemblyAI
 * is asked every few seconds whether it is done. */
static void
try_model (Fixture *self, const char *model, gboolean is_default)
{
  static const char *const languages[] = { NULL, "de", "de_CH.UTF-8", "en-US" };
  static const char *const vocabulary[] = { "Zürich", "Müller & Söhne", "a:b", "<tag>", "", NULL };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (languages); i += is_default ? 1 : 3)
    {
      g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, self->key);
      g_autoptr (WhisTranscription) said = NULL;

      whis_speech_request_set_model (request, model);
      whis_speech_request_set_language (request, languages[i / 2]);
      whis_speech_request_set_vocabulary (request, vocabulary);
      whis_speech_request_set_prompt (request, "a hint");
      whis_speech_request_set_wants_times (request, i % 2 == 0);
      said = hear (self, request);
      g_assert_cmpstr (said->text, ==, SOUND);
      g_assert_cmpstr (test_service_get_complaint (self->service), ==, NULL);
    }
}

static void
test_requests (Fixture *self, gconstpointer kind)
{
  const WhisProvider *provider = whis_provider_lookup (kind);

  for (gsize i = 0; i < provider->n_models; i++)
    try_model (self, provider->models[i].id, i == 0);
}

/* What was recorded as samples for a recogniser on this computer is sent to a service as an MP3;
 * AssemblyAI's endpoint that answers at once gets the samples. */
static void
test_lossless (Fixture *self, gconstpointer kind)
{
  guint8 *samples = g_malloc0 (16000 * 2);
  g_autoptr (GBytes) bytes = g_bytes_new_take (samples, 16000 * 2);
  g_autoptr (WhisSpeechRequest) request =
      whis_speech_request_new ("/nonexistent.wav", 44, 16000 * 2, 1000);
  g_autoptr (WhisSpeechRequest) copy = NULL;
  g_autoptr (WhisTranscription) said = NULL;

  memcpy (samples, LOUD_SOUND, strlen (LOUD_SOUND));
  whis_speech_request_set_bytes (request, bytes);
  copy = whis_speech_request_copy (request);
  whis_speech_request_set_key (copy, self->key);
  said = hear (self, copy);
  g_assert_cmpstr (said->text, ==, g_str_equal (kind, "assemblyai") ? LOUD_SOUND : SOUND);
}

/* Whoever speaks German and chose no language is not taken for English. */
static void
test_automatic_language (Fixture *self, gconstpointer kind)
{
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, self->key);
  g_autoptr (WhisTranscription) said = hear (self, request);

  g_assert_cmpstr (said->text, ==, SOUND);
  g_assert_true (said->language == NULL || g_str_has_prefix (said->language, "de"));
}

static void
test_times (Fixture *self, gconstpointer kind)
{
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND " " SOUND, self->key);
  g_autoptr (WhisTranscription) said = NULL;
  guint64 last_ms = 0;

  whis_speech_request_set_wants_times (request, TRUE);
  test_service_set_duration_ms (self->service, 2000);
  said = hear (self, request);
  g_assert_cmpuint (said->times->len, ==, 2);
  for (guint i = 0; i < said->times->len; i++)
    {
      const WhisTimedText *time = g_ptr_array_index (said->times, i);

      g_assert_cmpstr (time->text, ==, SOUND);
      g_assert_cmpuint (time->start_ms, >=, last_ms);
      g_assert_cmpuint (time->end_ms, >, time->start_ms);
      last_ms = time->end_ms;
    }
  g_assert_cmpuint (last_ms, <=, 2000);
}

static void
test_long_vocabulary (Fixture *self, gconstpointer kind)
{
  const char *vocabulary[301] = { NULL };
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, self->key);
  g_autoptr (WhisTranscription) said = NULL;

  for (guint i = 0; i < 300; i++)
    vocabulary[i] = i % 2 == 0 ? "Elizabethan dramaturgy" : "Whis";
  whis_speech_request_set_vocabulary (request, vocabulary);
  said = hear (self, request);
  g_assert_cmpstr (said->text, ==, SOUND);
}

/* Nothing was said, which is no failure. */
#define NOTHING_SAID -1
/* Some say in an answer 503 that it is about the number of requests. */
#define BUSY -2

/* What a failure is taken for, by its name. */
static const struct
{
  const char *name;
  int code;
  gboolean is_retryable;
} failures[] = {
  { "wrong-key", WHIS_SERVICE_ERROR_WRONG_KEY, FALSE },
  { "key-echo", WHIS_SERVICE_ERROR_WRONG_KEY, FALSE },
  { "no-money", WHIS_SERVICE_ERROR_CREDIT, FALSE },
  { "no-permission", WHIS_SERVICE_ERROR_PERMISSION, FALSE },
  { "rate-limit", WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE },
  { "rate-limit-plain", WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE },
  { "rate-limit-ms", WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE },
  { "rate-limit-long", WHIS_SERVICE_ERROR_RATE_LIMIT, FALSE },
  { "too-large", WHIS_SERVICE_ERROR_TOO_LARGE, FALSE },
  { "too-short", NOTHING_SAID, FALSE },
  { "empty-text", NOTHING_SAID, FALSE },
  { "down-html", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE },
  { "overloaded", BUSY, TRUE },
  { "gateway-timeout", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE },
  { "truncated", WHIS_SERVICE_ERROR_BAD_ANSWER, TRUE },
  { "captive-portal", WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE },
  { "captive-redirect", WHIS_SERVICE_ERROR_REDIRECT, FALSE },
  { "reset", WHIS_SERVICE_ERROR_NETWORK, TRUE },
};

static void
check_failure (Fixture *self, gsize i)
{
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, self->key);
  g_autoptr (WhisTranscription) said = NULL;
  g_autoptr (GError) error = NULL;

  test_service_fail_next (self->service, failures[i].name);
  said = ask_transcribe (self->backend, request, &error);
  g_test_message ("%s: %s", failures[i].name, error != NULL ? error->message : said->text);
  if (failures[i].code == NOTHING_SAID)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (said->text, ==, "");
      return;
    }
  g_assert_null (said);
  if (failures[i].code == BUSY)
    g_assert_true (g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_SERVICE_DOWN)
                   || g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RATE_LIMIT));
  else
    g_assert_error (error, WHIS_SERVICE_ERROR, failures[i].code);
  g_assert_cmpint (whis_service_error_is_retryable (error), ==, failures[i].is_retryable);
  g_assert_null (strstr (error->message, self->key));
}

/* A failure passes: the next request is answered. */
static void
test_failures (Fixture *self, gconstpointer kind)
{
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, self->key);
      g_autoptr (WhisTranscription) said = NULL;

      if (!test_service_can_fail (self->service, failures[i].name))
        continue;
      check_failure (self, i);
      said = hear (self, request);
      g_assert_cmpstr (said->text, ==, SOUND);
      n++;
    }
  g_assert_cmpuint (n, >=, 10);
}

/* Whatever else the service may answer is an error without the key in it, or words. */
static void
test_all_failures (Fixture *self, gconstpointer kind)
{
  g_auto (GStrv) names = test_service_list_failures (self->service);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, self->key);
      g_autoptr (WhisTranscription) said = NULL;
      g_autoptr (GError) error = NULL;

      if (g_str_has_prefix (names[i], "slow-"))
        continue;
      test_service_fail_next (self->service, names[i]);
      said = ask_transcribe (self->backend, request, &error);
      g_assert_true ((said == NULL) == (error != NULL));
      g_assert_true (error == NULL || strstr (error->message, self->key) == NULL);
    }
}

static WhisKeyVerdict
judge (Fixture *self, const char *key)
{
  g_autofree char *sentence = NULL;
  g_autoptr (GError) error = NULL;
  WhisKeyVerdict verdict;

  g_assert_true (ask_check_key (self->backend, key, &verdict, &sentence, &error));
  g_assert_no_error (error);
  g_test_message ("%s", sentence);

  return verdict;
}

/* A restricted key is a good one: it transcribes. */
static void
test_keys (Fixture *self, gconstpointer kind)
{
  const char *restricted = test_service_get_restricted_key (self->service);
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, restricted);
  g_autoptr (WhisTranscription) said = hear (self, request);

  g_assert_cmpstr (said->text, ==, SOUND);
  g_assert_cmpint (judge (self, self->key), ==, WHIS_KEY_OK);
  g_assert_cmpint (judge (self, restricted), !=, WHIS_KEY_WRONG);
  g_assert_cmpint (judge (self, "0123456789abcdef"), ==, WHIS_KEY_WRONG);
}

static void
test_models (Fixture *self, gconstpointer kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models = ask_list_models (self->backend, self->key, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (models->len, >, 0);
  g_assert_true (g_str_has_prefix (((WhisModelInfo *) g_ptr_array_index (models, 0))->id,
                                   whis_provider_get_default_model (whis_provider_lookup (kind))));
}

static const struct
{
  const char *name;
  void (*run) (Fixture *self, gconstpointer kind);
} tests[] = {
  { "requests", test_requests },
  { "automatic-language", test_automatic_language },
  { "lossless", test_lossless },
  { "times", test_times },
  { "long-vocabulary", test_long_vocabulary },
  { "failures", test_failures },
  { "all-failures", test_all_failures },
  { "keys", test_keys },
  { "models", test_models },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (tests); j++)
        {
          g_autofree char *path = g_strdup_printf ("/dialects/%s/%s", kinds[i], tests[j].name);

          g_test_add (path, Fixture, kinds[i], set_up, tests[j].run, tear_down);
        }
    }

  return g_test_run ();
}
