/* SPDX-License-Identifier: MIT */
#include "service-plan.h"

#include "dictations-fixture.h"
#include "frame-format.h"
#include "service-error.h"

/* What the settings make of a dictation: where it goes, with which model, how its sound is cut and
 * recorded. */

typedef DictationsFixture Fixture;

#define set dictations_fixture_set

static WhisServicePlan *
get_plan (Fixture *fixture)
{
  return whis_dictations_get_plan (fixture->dictations);
}

static WhisFailover *
make (Fixture *fixture, const char *provider, const char *model)
{
  g_autoptr (GError) error = NULL;
  WhisFailover *failover =
      whis_service_plan_make (get_plan (fixture), whis_provider_lookup (provider), model, &error);

  g_assert_no_error (error);
  g_assert_nonnull (failover);

  return failover;
}

static void
assert_refused (Fixture *fixture, const char *provider, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (
      whis_service_plan_make (get_plan (fixture), whis_provider_lookup (provider), NULL, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_ADDRESS);
  g_assert_nonnull (strstr (error->message, part));
}

/* --- the service and its model ---------------------------------------------------------------- */

static void
test_model (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *provider;
    const char *model;
    const char *expected;
  } cases[] = {
    { "groq", NULL, "whisper-large-v3-turbo" },
    { "groq", "", "whisper-large-v3-turbo" },
    { "groq", "whisper-large-v3", "whisper-large-v3" },
    { "openai", NULL, "gpt-transcribe" },
    /* Another one may come after this version of Whis. */
    { "openai", "gpt-of-tomorrow", "gpt-of-tomorrow" },
    { "custom", NULL, NULL },
    { "custom", "my-model", "my-model" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisFailover) failover = make (fixture, cases[i].provider, cases[i].model);

      g_assert_cmpstr (whis_failover_get_provider (failover)->id, ==, cases[i].provider);
      g_assert_cmpstr (whis_failover_get_model (failover), ==, cases[i].expected);
      g_assert_false (whis_failover_has_second (failover));
    }
}

static void
test_host (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisFailover) groq = make (fixture, "groq", NULL);
  g_autoptr (WhisFailover) custom = make (fixture, "custom", NULL);
  g_autoptr (WhisFailover) region = NULL;

  g_assert_cmpstr (whis_failover_get_host (groq), ==, "api.groq.com");
  g_assert_true (g_str_has_prefix (whis_failover_get_host (custom), "127.0.0.1"));
  /* The address may be another one for the next dictation. */
  whis_settings_set_address (fixture->settings, "custom", "https://speech.example/v1");
  region = make (fixture, "custom", NULL);
  g_assert_cmpstr (whis_failover_get_host (region), ==, "speech.example");
  g_assert_true (g_str_has_prefix (whis_failover_get_host (custom), "127.0.0.1"));
}

/* Dictations wait for their turn together, at the number that the user chose. */
static void
test_shared_pool (Fixture *fixture, gconstpointer data)
{
  const WhisProvider *custom = whis_provider_lookup ("custom");
  WhisPool *pool = whis_service_plan_get_pool (get_plan (fixture), custom, NULL);

  g_assert_nonnull (pool);
  g_assert_true (whis_service_plan_get_pool (get_plan (fixture), custom, NULL) == pool);
  g_assert_true (whis_dictations_get_pool (fixture->dictations, custom, NULL) == pool);
  g_assert_true (
      whis_service_plan_get_pool (get_plan (fixture), whis_provider_lookup ("groq"), NULL) != pool);
}

/* One at a time, if the user says so, while another service gets its own. */
static void
test_limit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisDictation) first = NULL;
  g_autoptr (WhisDictation) second = NULL;

  whis_settings_set_limit (fixture->settings, "custom", 1);
  whis_settings_set_address (fixture->settings, "localai", test_service_get_url (fixture->service));
  dictations_fixture_plan_hold (fixture, 1);
  first = g_object_ref (dictations_fixture_say (fixture, NULL));
  dictations_fixture_wait_for_sounds (fixture, 1);
  second = g_object_ref (dictations_fixture_say (fixture, NULL));
  dictations_fixture_wait_for (
      dictations_fixture_say (
          fixture, "{'deliver': <false>, 'provider': <'localai'>, 'model': <'its-model'>}"),
      WHIS_DICTATION_STATE_DONE);
  g_assert_cmpuint (dictations_fixture_count_sounds (fixture), ==, 2);
  test_service_release (fixture->service);
  dictations_fixture_wait_for (first, WHIS_DICTATION_STATE_DONE);
  dictations_fixture_wait_for (second, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (whis_dictation_get_text (first), ==, "late");
  g_assert_cmpstr (whis_dictation_get_text (second), ==, "words");
}

/* --- the way there ---------------------------------------------------------------------------- */

static void
test_no_address (Fixture *fixture, gconstpointer data)
{
  whis_settings_set_address (fixture->settings, "custom", "");
  assert_refused (fixture, "custom", "address");
}

static void
test_plain_http (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisFailover) failover = NULL;

  /* Others in the network could listen: the sentence says how to accept that. */
  whis_settings_set_address (fixture->settings, "custom", "http://192.168.1.7:8000/v1");
  assert_refused (fixture, "custom", "plain-http \"['192.168.1.7:8000']\"");
  whis_settings_accept_plain_http (fixture->settings, "192.168.1.7:9000");
  assert_refused (fixture, "custom", "192.168.1.7");
  whis_settings_accept_plain_http (fixture->settings, "192.168.1.7:8000");
  failover = make (fixture, "custom", NULL);
  g_assert_true (g_str_has_prefix (whis_failover_get_host (failover), "192.168.1.7"));
}

/* Over the Internet it is never accepted. */
static void
test_plain_http_elsewhere (Fixture *fixture, gconstpointer data)
{
  whis_settings_set_address (fixture->settings, "custom", "http://speech.example/v1");
  whis_settings_accept_plain_http (fixture->settings, "speech.example");
  assert_refused (fixture, "custom", "https");
}

/* --- the second service ----------------------------------------------------------------------- */

static void
test_second (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *second;
    gboolean expected;
  } cases[] = {
    { "", FALSE },
    { "groq", TRUE },
    /* The same once more would fail in the same way. */
    { "custom", FALSE },
    /* Written by hand, or by a later version of Whis. */
    { "nobody", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisFailover) failover = NULL;

      whis_settings_set_fallback_provider (fixture->settings, cases[i].second);
      failover = make (fixture, "custom", NULL);
      g_assert_true (whis_failover_has_second (failover) == cases[i].expected);
      g_assert_cmpstr (whis_failover_get_provider (failover)->id, ==, "custom");
    }
}

/* A second service that cannot be used is told, not left out in silence. */
static void
test_second_without_address (Fixture *fixture, gconstpointer data)
{
  whis_settings_set_fallback_provider (fixture->settings, "custom");
  whis_settings_set_address (fixture->settings, "custom", "");
  assert_refused (fixture, "groq", "address");
}

static void
test_second_answers (Fixture *fixture, gconstpointer data)
{
  WhisDictation *dictation;
  g_autoptr (TestService) second = test_service_new_scripted ();

  test_service_set_default (second, &(TestPlan){ .body = "{\"text\":\"from the second\"}" });
  whis_settings_set_fallback_provider (fixture->settings, "localai");
  whis_settings_set_model (fixture->settings, "localai", "its-model");
  whis_settings_set_address (fixture->settings, "localai", test_service_get_url (second));
  dictations_fixture_unplug (fixture);
  dictation = dictations_fixture_say (fixture, NULL);
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (whis_dictation_get_text (dictation), ==, "from the second");
  for (guint i = 0; i < test_service_get_n_requests (second); i++)
    {
      const TestServiceRequest *request = test_service_get_request (second, i);

      if (g_str_equal (request->method, "POST"))
        g_assert_cmpstr (g_hash_table_lookup (request->fields, "model"), ==, "its-model");
    }
}

/* --- this computer alone ---------------------------------------------------------------------- */

static void
test_local (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisFailover) failover = NULL;
  g_autoptr (GError) error = NULL;
  guint longest_ms = 0;

  /* Who asks for this computer does not mean the cloud where that fails. */
  whis_settings_set_fallback_provider (fixture->settings, "groq");
  failover = whis_service_plan_make_local (get_plan (fixture), "ggml-small", &longest_ms, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (whis_failover_get_provider (failover)->id, ==, "offline");
  g_assert_cmpstr (whis_failover_get_model (failover), ==, "ggml-small");
  g_assert_false (whis_failover_has_second (failover));
  g_assert_cmpuint (longest_ms, ==, 28000);
  whis_service_plan_stop_recogniser (get_plan (fixture));
  g_assert_nonnull (whis_service_plan_get_recogniser (get_plan (fixture)));
}

/* --- how the sound is cut --------------------------------------------------------------------- */

static void
test_longest_chunk (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *chunk;
    const char *provider;
    const char *model;
    const char *second;
    guint expected;
  } cases[] = {
    /* A piece must not fill Whisper's window of 30 s. */
    { "30", "groq", NULL, "", 28000 },
    { "20", "groq", NULL, "", 20000 },
    { "30", "offline", "ggml-parakeet-tdt-0.6b-v3", "", 30000 },
    { "120", "offline", "ggml-parakeet-tdt-0.6b-v3", "", 30000 },
    /* What nobody knows has what the user wants. */
    { "120", "openai", "gpt-transcribe", "", 120000 },
    { "120", "openai", "whisper-1", "", 28000 },
    { "120", "custom", "anything", "", 120000 },
    { "120", "custom", "openai/whisper-small", "", 28000 },
    /* Both services must take a piece. */
    { "120", "openai", "gpt-transcribe", "groq", 28000 },
    { "120", "openai", "gpt-transcribe", "deepgram", 120000 },
    { "120", "groq", NULL, "openai", 28000 },
    { "120", "openai", "gpt-transcribe", "openai", 120000 },
    { "120", "openai", "gpt-transcribe", "nobody", 120000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set (fixture, "longest-chunk", cases[i].chunk);
      whis_settings_set_fallback_provider (fixture->settings, cases[i].second);
      g_test_message ("%s %s", cases[i].provider, cases[i].model);
      g_assert_cmpuint (
          whis_service_plan_get_longest_chunk_ms (
              get_plan (fixture), whis_provider_lookup (cases[i].provider), cases[i].model),
          ==, cases[i].expected);
    }
}

/* The model of the second service in the settings is the one that gets the piece. */
static void
test_longest_chunk_of_second_model (Fixture *fixture, gconstpointer data)
{
  const WhisProvider *deepgram = whis_provider_lookup ("deepgram");

  set (fixture, "longest-chunk", "120");
  whis_settings_set_fallback_provider (fixture->settings, "openai");
  g_assert_cmpuint (whis_service_plan_get_longest_chunk_ms (get_plan (fixture), deepgram, NULL), ==,
                    120000);
  whis_settings_set_model (fixture->settings, "openai", "whisper-1");
  g_assert_cmpuint (whis_service_plan_get_longest_chunk_ms (get_plan (fixture), deepgram, NULL), ==,
                    28000);
}

static void
test_bitrate (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *provider;
    const char *address;
    const char *save_data;
    guint expected;
  } cases[] = {
    { "groq", NULL, "false", WHIS_BITRATE_USUAL },
    { "groq", NULL, "true", WHIS_BITRATE_LOW },
    { "offline", NULL, "false", WHIS_BITRATE_LOSSLESS },
    /* There is no data to save on the way within this computer. */
    { "offline", NULL, "true", WHIS_BITRATE_LOSSLESS },
    { "custom", "http://127.0.0.1:8000/v1", "true", WHIS_BITRATE_LOSSLESS },
    { "custom", "http://localhost:8000/v1", "false", WHIS_BITRATE_LOSSLESS },
    { "custom", "https://speech.example/v1", "false", WHIS_BITRATE_USUAL },
    { "custom", "https://speech.example/v1", "true", WHIS_BITRATE_LOW },
    { "custom", "", "false", WHIS_BITRATE_USUAL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set (fixture, "save-data", cases[i].save_data);
      if (cases[i].address != NULL)
        whis_settings_set_address (fixture->settings, cases[i].provider, cases[i].address);
      g_assert_cmpuint (whis_service_plan_get_bitrate (get_plan (fixture),
                                                       whis_provider_lookup (cases[i].provider)),
                        ==, cases[i].expected);
    }
}

static void
test_live (Fixture *fixture, gconstpointer data)
{
  gsize n_providers;
  const WhisProvider *providers = whis_providers_list (&n_providers);

  for (gsize i = 0; i < n_providers; i++)
    {
      WhisLiveChunks *live = whis_service_plan_make_live (get_plan (fixture), &providers[i]);

      g_assert_true ((live != NULL) == (providers[i].live != WHIS_LIVE_NONE));
      if (live != NULL)
        g_assert_finalize_object (live);
    }
}

/* --- money ------------------------------------------------------------------------------------ */

/* The cap is reached: the sound is kept, and nothing more is sent. */
static void
test_cap (Fixture *fixture, gconstpointer data)
{
  WhisDictation *dictation;
  guint n;

  set (fixture, "prices/custom", "0.6");
  set (fixture, "monthly-caps/custom", "0.02");
  dictation = dictations_fixture_say (fixture, NULL);
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  n = dictations_fixture_count_sounds (fixture);
  dictation = dictations_fixture_say (fixture, NULL);
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_FAILED);
  g_assert_cmpuint (dictations_fixture_count_sounds (fixture), ==, n);
  g_assert_true (whis_dictation_can_resume (dictation));

  /* A new month, or more money. */
  set (fixture, "monthly-caps/custom", "1.0");
  g_object_unref (dictations_fixture_continue (fixture, whis_dictation_get_id (dictation),
                                               WHIS_DICTATION_MODE_RESUME, NULL, NULL));
  dictation = whis_dictations_get_current (fixture->dictations);
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpuint (dictations_fixture_count_sounds (fixture), ==, n + 1);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/service-plan/" path, Fixture, NULL, dictations_fixture_set_up, function,           \
              dictations_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dictations_fixture_init ();

  ADD ("model", test_model);
  ADD ("host", test_host);
  ADD ("shared-pool", test_shared_pool);
  ADD ("limit", test_limit);
  ADD ("no-address", test_no_address);
  ADD ("plain-http/in-private-network", test_plain_http);
  ADD ("plain-http/elsewhere", test_plain_http_elsewhere);
  ADD ("second", test_second);
  ADD ("second/without-address", test_second_without_address);
  ADD ("second/answers", test_second_answers);
  ADD ("local", test_local);
  ADD ("longest-chunk", test_longest_chunk);
  ADD ("longest-chunk/of-second-model", test_longest_chunk_of_second_model);
  ADD ("bitrate", test_bitrate);
  ADD ("live", test_live);
  ADD ("cap", test_cap);

  return g_test_run ();
}
