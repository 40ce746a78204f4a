/* SPDX-License-Identifier: MIT */
#include "meter.h"

#include "failure.h"

/* What is counted, and where it ends. */

typedef struct
{
  char *directory;
  WhisHistory *history;
  WhisSettings *settings;
  WhisUsage *usage;
  WhisMeter *meter;
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

  fixture->directory = g_dir_make_tmp ("whis-meter-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->history = whis_history_new (fixture->directory);
  fixture->settings = whis_settings_new (&error);
  g_assert_no_error (error);
  fixture->usage = whis_usage_new (fixture->history);
  fixture->meter = whis_meter_new (fixture->settings, fixture->usage);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  set (fixture, "prices", "{}");
  set (fixture, "monthly-caps", "{}");
  set (fixture, "live", "false");
  g_assert_finalize_object (fixture->meter);
  g_assert_finalize_object (fixture->usage);
  g_object_unref (fixture->settings);
  g_object_unref (fixture->history);
  g_free (fixture->directory);
}

static gboolean
admit (Fixture *fixture, const char *provider, const char *model, guint seconds)
{
  g_autoptr (GError) error = NULL;
  gboolean admitted = whis_meter_admit (fixture->meter, whis_provider_lookup (provider), model,
                                        seconds * 1000, &error);

  g_assert_true (admitted == (error == NULL));
  g_assert_true (admitted
                 || g_error_matches (error, WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_CAP));

  return admitted;
}

static void
test_counts (Fixture *fixture, gconstpointer data)
{
  g_assert_true (admit (fixture, "openai", NULL, 30));
  g_assert_true (admit (fixture, "openai", NULL, 12));
  g_assert_true (admit (fixture, "deepgram", NULL, 5));
  g_assert_cmpuint (whis_usage_get_ms (fixture->usage, "openai"), ==, 42000);
  g_assert_cmpuint (whis_usage_get_requests (fixture->usage, "openai"), ==, 2);
  g_assert_cmpuint (whis_usage_get_ms (fixture->usage, "deepgram"), ==, 5000);
}

/* A cap means what was spent by earlier runs too, which has to be read first. */
static void
test_cap_needs_usage (Fixture *fixture, gconstpointer data)
{
  const WhisProvider *openai = whis_provider_lookup ("openai");

  g_assert_true (whis_meter_knows_usage (fixture->meter, openai));
  set (fixture, "monthly-caps", "{'openai': 1.0}");
  g_assert_false (whis_meter_knows_usage (fixture->meter, openai));
  g_assert_true (whis_meter_knows_usage (fixture->meter, whis_provider_lookup ("groq")));
  while (!whis_meter_knows_usage (fixture->meter, openai))
    g_main_context_iteration (NULL, TRUE);
  /* The test and the meter are the last to hold it. */
  while (G_OBJECT (fixture->usage)->ref_count > 2)
    g_main_context_iteration (NULL, TRUE);
}

/* It stops before the cap is passed, not after; and only the service that has the cap. */
static void
test_cap (Fixture *fixture, gconstpointer data)
{
  set (fixture, "prices/deepgram", "0.6");
  set (fixture, "monthly-caps/deepgram", "1.0");
  g_assert_true (admit (fixture, "deepgram", NULL, 60));
  g_assert_true (admit (fixture, "deepgram", NULL, 40));
  g_assert_false (admit (fixture, "deepgram", NULL, 1));
  g_assert_cmpuint (whis_usage_get_ms (fixture->usage, "deepgram"), ==, 100000);
  g_assert_cmpuint (whis_usage_get_requests (fixture->usage, "deepgram"), ==, 2);
  g_assert_true (admit (fixture, "openai", NULL, 600));
  set (fixture, "monthly-caps/deepgram", "2.0");
  g_assert_true (admit (fixture, "deepgram", NULL, 1));
}

static void
test_price_unknown (Fixture *fixture, gconstpointer data)
{
  double price;

  g_assert_false (
      whis_meter_get_price (fixture->meter, whis_provider_lookup ("custom"), NULL, &price));
  set (fixture, "monthly-caps/custom", "5.0");
  g_assert_false (admit (fixture, "custom", NULL, 1));
  set (fixture, "prices/custom", "0.01");
  g_assert_true (admit (fixture, "custom", NULL, 1));
}

static void
test_list_price (Fixture *fixture, gconstpointer data)
{
  const WhisProvider *groq = whis_provider_lookup ("groq");
  double price, other;

  g_assert_true (whis_meter_get_price (fixture->meter, groq, NULL, &price));
  g_assert_true (whis_meter_get_price (fixture->meter, groq, "whisper-large-v3", &other));
  g_assert_cmpfloat (other, >, price);
  set (fixture, "prices/groq", "0.5");
  g_assert_true (whis_meter_get_price (fixture->meter, groq, NULL, &price));
  g_assert_cmpfloat (price, ==, 0.5);
}

/* With live text a model may cost more: the cap is not passed then either. */
static void
test_live_price (Fixture *fixture, gconstpointer data)
{
  const WhisProvider *deepgram = whis_provider_lookup ("deepgram");
  double recorded, live;

  g_assert_true (whis_meter_get_price (fixture->meter, deepgram, "nova-3", &recorded));
  set (fixture, "live", "true");
  g_assert_true (whis_meter_get_price (fixture->meter, deepgram, "nova-3", &live));
  g_assert_cmpfloat (live, >, recorded);
  set (fixture, "monthly-caps/deepgram", "0.0077");
  g_assert_true (admit (fixture, "deepgram", "nova-3", 60));
  g_assert_false (admit (fixture, "deepgram", "nova-3", 1));
}

/* Groq charges ten seconds at least: thirty requests of a second are five minutes. */
static void
test_least_billed (Fixture *fixture, gconstpointer data)
{
  guint n = 0;

  set (fixture, "prices/groq", "0.6");
  set (fixture, "monthly-caps/groq", "3.0");
  while (n < 100 && admit (fixture, "groq", NULL, 1))
    n++;
  g_assert_cmpuint (n, ==, 30);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/meter/counts", test_counts);
  add ("/meter/cap", test_cap);
  add ("/meter/cap-needs-usage", test_cap_needs_usage);
  add ("/meter/price-unknown", test_price_unknown);
  add ("/meter/list-price", test_list_price);
  add ("/meter/live-price", test_live_price);
  add ("/meter/least-billed", test_least_billed);

  return g_test_run ();
}
