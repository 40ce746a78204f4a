/* SPDX-License-Identifier: MIT */
#include "calibration.h"

#include "fake-engine.h"
#include "loudness.h"
#include "offline-error.h"

typedef struct
{
  WhisRecogniser *recogniser;
  GBytes *sound;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *folders[] = { g_getenv ("TEST_MODELS"), NULL };
  g_autoptr (WhisModelList) models = whis_model_list_new (folders, "/nonexistent");

  fake_engine_reset ();
  fixture->recogniser = whis_recogniser_new (models);
  fixture->sound =
      g_bytes_new_take (g_malloc0 (6 * WHIS_SAMPLE_RATE), 6 * WHIS_SAMPLE_RATE); /* 3 s */
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gpointer weak = fixture->recogniser;

  g_object_add_weak_pointer (G_OBJECT (fixture->recogniser), &weak);
  g_object_unref (fixture->recogniser);
  while (g_atomic_pointer_get (&weak) != NULL)
    g_main_context_iteration (NULL, FALSE);
  g_bytes_unref (fixture->sound);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static char *
run (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_calibration_run_async (fixture->recogniser, fixture->sound, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_calibration_run_finish (result, error);
}

static guint64
get_number (GVariant *result, const char *member)
{
  guint64 number = 0;

  g_assert_true (g_variant_lookup (result, member, "t", &number));

  return number;
}

/* What the service reads: a dictionary in text form. */
static void
test_result (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *printed = NULL;
  g_autoptr (GVariant) result = NULL;
  const char *text, *engine, *gpu;

  fake_engine.text = " It's “said”.";
  printed = run (fixture, &error);
  g_assert_no_error (error);
  g_assert_null (strchr (printed, '\n'));
  result = g_variant_parse (G_VARIANT_TYPE_VARDICT, printed, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (result, "text", "&s", &text));
  g_assert_cmpstr (text, ==, "It's “said”.");
  g_assert_true (g_variant_lookup (result, "engine", "&s", &engine));
  g_assert_cmpstr (engine, ==, "fake-parakeet");
  g_assert_true (g_variant_lookup (result, "gpu", "&s", &gpu));
  g_assert_cmpstr (gpu, ==, "");
  g_assert_cmpuint (get_number (result, "speech-ms"), ==, 3000);
  g_assert_cmpuint (get_number (result, "load-ms"), >, 0);
  g_assert_cmpuint (get_number (result, "work-ms"), >, 0);
  g_assert_cmpuint (get_number (result, "peak-bytes"), >, 1000 * 1000);
}

/* A short time is measured twice, for the first run warms the caches up; each in one pass, and in
 * all of the window, as a user's longest pieces are. */
static void
test_twice (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *printed = run (fixture, NULL);
  g_autofree char *requests = fake_engine_dup_requests ();

  g_assert_nonnull (printed);
  g_assert_cmpstr (requests, ==,
                   "ggml-parakeet-test.bin - - 0.0 quick 48000\n"
                   "ggml-parakeet-test.bin - - 0.0 quick 48000\n");
  g_assert_cmpuint (fake_engine.n_loads, ==, 1);
}

static void
test_load_fails (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  fake_engine.fails_to_load = TRUE;
  g_assert_null (run (fixture, &error));
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL);
  g_assert_cmpstr (fake_engine.requests->str, ==, "");
}

static void
test_engine_fails (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  fake_engine.fails = WHIS_OFFLINE_ERROR_RECOGNITION;
  g_assert_null (run (fixture, &error));
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_RECOGNITION);
}

/* The processor's time must not be told as that of a graphics processor. */
static void
test_no_gpu (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  fake_engine.is_gpu = TRUE;
  g_assert_null (run (fixture, &error));
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING);
  g_assert_cmpstr (fake_engine.requests->str, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test)                                                                            \
  g_test_add ("/offline/calibration/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("result", test_result);
  ADD ("twice", test_twice);
  ADD ("load-fails", test_load_fails);
  ADD ("engine-fails", test_engine_fails);
  ADD ("no-gpu", test_no_gpu);

  return g_test_run ();
}
