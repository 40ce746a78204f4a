/* SPDX-License-Identifier: MIT */
#include "model-calibrations.h"

#include <string.h>

#include "awaited.h"
#include "dictations-fixture.h"
#include "measured-models.h"
#include "recogniser-process.h"
#include "small-models.h"

/* How fast models are on this computer, with a program in the place of the recogniser: what is
 * measured when, what is remembered, and what it means for dictations. */

/* What the program prints. */
#define RESULT(gpu, text, work_ms)                                                                 \
  "echo \"{'engine': <'1'>, 'gpu': <'" gpu "'>, 'text': <'" text "'>, "                            \
  "'speech-ms': <uint64 10000>, 'load-ms': <uint64 5>, 'work-ms': <uint64 " work_ms ">, "          \
  "'peak-bytes': <uint64 1000>}\"\n"
#define FINE RESULT ("", "some words", "1000")
#define NO_GPU "exit 3\n"
/* It works until it is ended, as the recogniser does with a large model. */
#define LONG "exec /bin/cat\n"

typedef struct
{
  DictationsFixture base;
  WhisModelCalibrations *calibrations;
  GString *events;
} Fixture;

static void
measured_cb (Fixture *fixture, const char *id)
{
  g_string_append_printf (fixture->events, "measured %s\n", id);
}

static void
failed_cb (Fixture *fixture, const char *id, const GError *error)
{
  g_string_append_printf (fixture->events, "failed %s %s\n", id,
                          g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? "cancelled"
                                                                                    : "");
}

static void
write_script (Fixture *fixture, const char *name, const char *script)
{
  g_autofree char *path = g_build_filename (fixture->base.directory, name, NULL);
  g_autofree char *whole = g_strconcat ("#!/bin/sh\n", script, NULL);

  g_assert_true (
      g_file_set_contents_full (path, whole, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0700, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *program = NULL;
  g_autofree char *script = NULL;
  g_autofree char *models = NULL;

  dictations_fixture_set_up (&fixture->base, data);
  program = g_build_filename (fixture->base.directory, "program", NULL);
  models = g_build_filename (fixture->base.directory, "models", NULL);
  script = g_strdup_printf ("kind=cpu\n"
                            "for word; do case $word in --gpu*) kind=gpu;; esac; done\n"
                            "cd '%s'\n"
                            "echo $kind >> runs\n"
                            "exec ./$kind\n",
                            fixture->base.directory);
  write_script (fixture, "program", script);
  write_script (fixture, "cpu", FINE);
  write_script (fixture, "gpu", NO_GPU);
  g_setenv ("WHIS_OFFLINE_PROGRAM", program, TRUE);
  small_model_write (models, "small-test.bin", 1);
  small_model_write (models, "second-test.bin", 2);
  fixture->calibrations =
      whis_model_calibrations_new (fixture->base.store, fixture->base.dictations);
  fixture->events = g_string_new (NULL);
  g_signal_connect_swapped (fixture->calibrations, "measured", G_CALLBACK (measured_cb), fixture);
  g_signal_connect_swapped (fixture->calibrations, "failed", G_CALLBACK (failed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gpointer watched = fixture->calibrations;

  g_signal_handlers_disconnect_by_data (fixture->calibrations, fixture);
  /* As the bus does: what runs is ended. */
  g_object_run_dispose (G_OBJECT (fixture->calibrations));
  g_object_add_weak_pointer (watched, &watched);
  g_object_unref (fixture->calibrations);
  while (watched != NULL)
    g_main_context_iteration (NULL, TRUE);
  dictations_fixture_tear_down (&fixture->base, data);
  g_string_free (fixture->events, TRUE);
}

static void
start (Fixture *fixture, const char *id)
{
  whis_model_calibrations_start (fixture->calibrations, id, FALSE);
}

static void
assert_calibration (Fixture *fixture, const char *id, const char *expected)
{
  g_assert_cmpstr (whis_model_calibrations_get_state (fixture->calibrations, id), ==, expected);
}

static void
wait_for_events (Fixture *fixture, const char *expected)
{
  while (strlen (fixture->events->str) < strlen (expected))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fixture->events->str, ==, expected);
}

static char *
read_runs (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->base.directory, "runs", NULL);
  char *runs = NULL;

  return g_file_get_contents (path, &runs, NULL, NULL) ? runs : g_strdup ("");
}

static void
assert_runs (Fixture *fixture, const char *expected)
{
  g_autofree char *runs = read_runs (fixture);

  g_assert_cmpstr (runs, ==, expected);
}

/* The program has begun so often. */
static void
wait_for_runs (Fixture *fixture, const char *expected)
{
  g_autoptr (GFile) directory = g_file_new_for_path (fixture->base.directory);
  g_autoptr (GFileMonitor) monitor =
      g_file_monitor_directory (directory, G_FILE_MONITOR_NONE, NULL, NULL);
  g_autofree char *runs = read_runs (fixture);

  g_assert_nonnull (monitor);
  while (!g_str_equal (runs, expected))
    {
      g_main_context_iteration (NULL, TRUE);
      g_free (runs);
      runs = read_runs (fixture);
    }
}

static WhisModelEntry *
find_entry (Fixture *fixture, const char *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  whis_model_store_list_async (fixture->base.store, NULL, store_result, &result);
  entries = whis_model_store_list_finish (fixture->base.store, wait_for (&result), NULL);
  for (guint i = 0; i < entries->len; i++)
    {
      WhisModelEntry *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->id, id))
        return whis_model_entry_ref (entry);
    }
  g_assert_not_reached ();
}

/* --- measuring -------------------------------------------------------------------------------- */

static void
test_measured (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisModelEntry) entry = NULL;

  assert_calibration (fixture, "small-test", NULL);
  start (fixture, "small-test");
  assert_calibration (fixture, "small-test", "running");
  /* Pressed twice. */
  start (fixture, "small-test");
  wait_for_events (fixture, "measured small-test\n");
  assert_calibration (fixture, "small-test", NULL);
  assert_runs (fixture, "cpu\ngpu\n");
  entry = find_entry (fixture, "small-test");
  g_assert_true (whis_model_entry_is_measured (entry));
  g_assert_cmpfloat_with_epsilon (whis_model_entry_get_speed (entry), 10.0, 0.01);
  g_assert_cmpint (entry->measure.gpu_verdict, ==, WHIS_GPU_NONE);
}

static void
test_graphics (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *script;
    WhisGpuVerdict verdict;
  } cases[] = {
    { RESULT ("Fake", "some words", "500"), WHIS_GPU_RIGHT },
    { RESULT ("Fake", "Some Words", "500"), WHIS_GPU_RIGHT },
    { RESULT ("Fake", "some wards", "500"), WHIS_GPU_WRONG },
    { RESULT ("Fake", "some words", "1000"), WHIS_GPU_SLOW },
    { "kill -SEGV $$\n", WHIS_GPU_FAILED },
    { "exit 0\n", WHIS_GPU_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisModelEntry) entry = NULL;

      write_script (fixture, "gpu", cases[i].script);
      g_string_truncate (fixture->events, 0);
      /* Also one that has failed before. */
      whis_model_calibrations_start (fixture->calibrations, "small-test", TRUE);
      wait_for_events (fixture, "measured small-test\n");
      entry = find_entry (fixture, "small-test");
      g_assert_cmpint (entry->measure.gpu_verdict, ==, cases[i].verdict);
    }
}

/* Where the processor understood nothing there is nothing to compare with. */
static void
test_no_words (Fixture *fixture, gconstpointer data)
{
  write_script (fixture, "cpu", RESULT ("", "", "1000"));
  start (fixture, "small-test");
  wait_for_events (fixture, "measured small-test\n");
  assert_runs (fixture, "cpu\n");
}

static void
test_fails (Fixture *fixture, gconstpointer data)
{
  write_script (fixture, "cpu", "echo 'whis-offline: It broke.' >&2; exit 1\n");
  start (fixture, "small-test");
  wait_for_events (fixture, "failed small-test \n");
  g_assert_cmpstr (whis_model_calibrations_get_problem (fixture->calibrations, "small-test"), ==,
                   "It broke.");
  assert_calibration (fixture, "small-test", NULL);
  /* It is forgotten as soon as it is tried again. */
  write_script (fixture, "cpu", FINE);
  start (fixture, "small-test");
  g_assert_null (whis_model_calibrations_get_problem (fixture->calibrations, "small-test"));
  wait_for_events (fixture, "failed small-test \nmeasured small-test\n");
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  start (fixture, "nothing");
  start (fixture, "small-test");
  wait_for_events (fixture, "failed nothing \nmeasured small-test\n");
  g_assert_nonnull (whis_model_calibrations_get_problem (fixture->calibrations, "nothing"));
}

static void
test_one_after_the_other (Fixture *fixture, gconstpointer data)
{
  start (fixture, "small-test");
  start (fixture, "second-test");
  assert_calibration (fixture, "small-test", "running");
  assert_calibration (fixture, "second-test", "waiting");
  wait_for_events (fixture, "measured small-test\n");
  assert_calibration (fixture, "second-test", "running");
  wait_for_events (fixture, "measured small-test\nmeasured second-test\n");
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  write_script (fixture, "cpu", LONG);
  g_assert_false (whis_model_calibrations_cancel (fixture->calibrations, "small-test"));
  start (fixture, "small-test");
  start (fixture, "second-test");
  wait_for_runs (fixture, "cpu\n");
  g_assert_true (whis_model_calibrations_cancel (fixture->calibrations, "second-test"));
  g_assert_cmpstr (fixture->events->str, ==, "failed second-test cancelled\n");
  assert_calibration (fixture, "second-test", NULL);
  g_assert_true (whis_model_calibrations_cancel (fixture->calibrations, "small-test"));
  wait_for_events (fixture, "failed second-test cancelled\nfailed small-test cancelled\n");
  assert_calibration (fixture, "small-test", NULL);
  /* That was the user, and is no problem of the model. */
  g_assert_null (whis_model_calibrations_get_problem (fixture->calibrations, "small-test"));
}

/* --- dictations go first ---------------------------------------------------------------------- */

static WhisDictation *
dictate (Fixture *fixture)
{
  return dictations_fixture_start (&fixture->base, NULL);
}

static void
test_while_dictating (Fixture *fixture, gconstpointer data)
{
  WhisDictation *dictation = dictate (fixture);

  start (fixture, "small-test");
  assert_calibration (fixture, "small-test", "waiting");
  whis_dictation_cancel (dictation);
  assert_calibration (fixture, "small-test", "running");
  wait_for_events (fixture, "measured small-test\n");
}

/* What was begun is ended for a dictation, and begun again behind it. */
static void
test_postponed (Fixture *fixture, gconstpointer data)
{
  WhisDictation *dictation;

  write_script (fixture, "cpu", LONG);
  start (fixture, "small-test");
  start (fixture, "second-test");
  wait_for_runs (fixture, "cpu\n");
  dictation = dictate (fixture);
  while (
      g_strcmp0 (whis_model_calibrations_get_state (fixture->calibrations, "small-test"), "waiting")
      != 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fixture->events->str, ==, "");
  write_script (fixture, "cpu", FINE);
  whis_dictation_cancel (dictation);
  wait_for_events (fixture, "measured small-test\nmeasured second-test\n");
}

/* It was being ended for a dictation when the user did not want it any more. */
static void
test_postponed_and_cancelled (Fixture *fixture, gconstpointer data)
{
  WhisDictation *dictation;

  write_script (fixture, "cpu", LONG);
  start (fixture, "small-test");
  wait_for_runs (fixture, "cpu\n");
  dictation = dictate (fixture);
  g_assert_true (whis_model_calibrations_cancel (fixture->calibrations, "small-test"));
  wait_for_events (fixture, "failed small-test cancelled\n");
  whis_dictation_cancel (dictation);
  assert_calibration (fixture, "small-test", NULL);
  assert_runs (fixture, "cpu\n");
}

/* --- what it means ---------------------------------------------------------------------------- */

static void
unmeasured_cb (GString *events, const char *id)
{
  g_string_append_printf (events, "unmeasured %s\n", id);
}

static void
use_model (Fixture *fixture, const char *id)
{
  g_autofree char *options =
      g_strdup_printf ("{'deliver': <false>, 'provider': <'offline'>, 'model': <'%s'>}", id);

  whis_dictation_cancel (dictations_fixture_start (&fixture->base, options));
}

static void
drop_measured (WhisMeasuredModels *measured)
{
  gpointer watched = measured;

  g_object_add_weak_pointer (watched, &watched);
  g_object_unref (measured);
  while (watched != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* A dictation has used a model of which nobody knows how fast it is: that is told once. */
static void
test_unmeasured (Fixture *fixture, gconstpointer data)
{
  WhisMeasuredModels *measured =
      whis_measured_models_new (fixture->base.store, fixture->base.dictations);

  g_signal_connect_swapped (measured, "unmeasured", G_CALLBACK (unmeasured_cb), fixture->events);
  start (fixture, "second-test");
  wait_for_events (fixture, "measured second-test\n");
  g_string_truncate (fixture->events, 0);

  use_model (fixture, "second-test");
  use_model (fixture, "small-test");
  wait_for_events (fixture, "unmeasured small-test\n");
  use_model (fixture, "small-test");
  drop_measured (measured);
  g_assert_cmpstr (fixture->events->str, ==, "unmeasured small-test\n");
}

static void
changed_cb (gpointer changed)
{
  *(gboolean *) changed = TRUE;
}

/* It took the recogniser down: that is remembered, and it is right no more. */
static void
test_gpu_fails_later (Fixture *fixture, gconstpointer data)
{
  WhisMeasuredModels *measured;
  g_autoptr (WhisModelEntry) entry = NULL;
  gboolean changed = FALSE;

  write_script (fixture, "gpu", RESULT ("Fake", "some words", "500"));
  start (fixture, "small-test");
  wait_for_events (fixture, "measured small-test\n");
  measured = whis_measured_models_new (fixture->base.store, fixture->base.dictations);
  g_signal_connect_swapped (measured, "changed", G_CALLBACK (changed_cb), &changed);
  g_signal_emit_by_name (whis_dictations_get_recogniser (fixture->base.dictations), "gpu-failed");
  while (!changed)
    g_main_context_iteration (NULL, TRUE);
  entry = find_entry (fixture, "small-test");
  g_assert_cmpint (entry->measure.gpu_verdict, ==, WHIS_GPU_FAILED);
  drop_measured (measured);

  /* It is not tried by itself once more. */
  g_string_truncate (fixture->events, 0);
  start (fixture, "second-test");
  wait_for_events (fixture, "measured second-test\n");
  assert_runs (fixture, "cpu\ngpu\ncpu\n");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/model-calibrations/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dictations_fixture_init ();
  small_models_add ();

  ADD ("measured", test_measured);
  ADD ("graphics", test_graphics);
  ADD ("no-words", test_no_words);
  ADD ("fails", test_fails);
  ADD ("unknown", test_unknown);
  ADD ("one-after-the-other", test_one_after_the_other);
  ADD ("cancelled", test_cancelled);
  ADD ("while-dictating", test_while_dictating);
  ADD ("postponed", test_postponed);
  ADD ("postponed-and-cancelled", test_postponed_and_cancelled);
  ADD ("unmeasured", test_unmeasured);
  ADD ("gpu-fails-later", test_gpu_fails_later);

  return g_test_run ();
}
