/* SPDX-License-Identifier: MIT */
/* Earlier dictations are recognised again with a better model: which ones, and how it ends. */
#include "mock.h"
#include "transcribe-again-job.h"

typedef struct
{
  WhisServiceProxy *service;
  WhisTranscribeAgainJob *job;
} Fixture;

/* From the best on; what is behind `base` is not as good. */
static GVariant *
list_models (void)
{
  return g_variant_ref_sink (
      g_variant_new_parsed ("[{'id': <'large'>, 'file': <'ggml-large.bin'>, 'license': <'MIT'>},"
                            " {'id': <'base'>, 'file': <'ggml-base.bin'>, 'license': <'MIT'>},"
                            " {'id': <'tiny'>, 'file': <'ggml-tiny.bin'>, 'license': <'MIT'>},"
                            " {'id': <'own'>, 'file': <'own.bin'>, 'license': <''>}]"));
}

static void
set_up (Fixture *fixture, gconstpointer n_entries)
{
  g_autoptr (GVariant) models = list_models ();

  mock_start ();
  mock_fill (GPOINTER_TO_UINT (n_entries));
  fixture->service = mock_new_proxy ();
  fixture->job = whis_transcribe_again_job_new (fixture->service, models, "base");
}

static void
tear_down (Fixture *fixture, gconstpointer n_entries)
{
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (fixture->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (fixture->job);
  g_assert_finalize_object (fixture->service);
}

static void
count (Fixture *fixture, guint total)
{
  mock_forget_calls ();
  whis_transcribe_again_job_count (fixture->job);
  AWAIT (mock_count_method ("ListHistory") > 0);
  AWAIT (whis_transcribe_again_job_get_total (fixture->job) == total);
}

static void
finish (const char *id)
{
  mock_emit ("Finished", g_variant_new ("(ss)", id, "New words."));
}

/* Of twelve dictations the recogniser of this computer made two; the sound of one is gone. */
static void
test_which (Fixture *fixture, gconstpointer data)
{
  count (fixture, 2);

  /* A better model or one of the user's own has made it. */
  mock_alter ("h3", "model", g_variant_new_string ("ggml-large"));
  count (fixture, 1);
  mock_alter ("h3", "model", g_variant_new_string ("own"));
  count (fixture, 1);
  mock_alter ("h3", "model", g_variant_new_string ("ggml-tiny"));
  count (fixture, 2);

  mock_alter ("h8", "has-sound", g_variant_new_boolean (FALSE));
  count (fixture, 1);

  /* One that waits for a recogniser, and one that waits for another service. */
  mock_alter ("h2", "provider", g_variant_new_string ("offline"));
  count (fixture, 2);
  mock_alter ("h9", "provider", g_variant_new_string ("groq"));
  count (fixture, 2);
}

static void
test_all (Fixture *fixture, gconstpointer data)
{
  count (fixture, 2);
  whis_transcribe_again_job_run (fixture->job);
  g_assert_true (whis_transcribe_again_job_is_running (fixture->job));
  AWAIT (mock_was_called ("TranscribeAgain h3 {'model': 'base', 'provider': 'offline'}"));
  mock_emit ("Progress",
             g_variant_new ("(stt)", "h3", G_GUINT64_CONSTANT (1), G_GUINT64_CONSTANT (2)));
  AWAIT (whis_transcribe_again_job_get_fraction (fixture->job) == 0.25);

  /* One after the other: two at a time would make both slow. */
  g_assert_cmpuint (mock_count_method ("TranscribeAgain"), ==, 1);
  finish ("h3");
  AWAIT (mock_count_method ("TranscribeAgain") == 2);
  g_assert_cmpuint (whis_transcribe_again_job_get_done (fixture->job), ==, 1);
  finish ("h8");
  AWAIT (!whis_transcribe_again_job_is_running (fixture->job));
  g_assert_cmpuint (whis_transcribe_again_job_get_done (fixture->job), ==, 2);
  g_assert_cmpuint (whis_transcribe_again_job_get_failed (fixture->job), ==, 0);
  g_assert_cmpfloat (whis_transcribe_again_job_get_fraction (fixture->job), ==, 1);
}

/* A text that comes late must not be put where the user is now. */
static void
test_unfinished_is_not_delivered (Fixture *fixture, gconstpointer data)
{
  mock_alter ("h2", "provider", g_variant_new_string ("offline"));
  count (fixture, 3);
  whis_transcribe_again_job_run (fixture->job);
  AWAIT (mock_was_called ("Resume h2 {'deliver': False, 'model': 'base', 'provider': 'offline'}"));
}

/* What fails is as it was, and the next one is begun. */
static void
test_one_fails (Fixture *fixture, gconstpointer data)
{
  count (fixture, 2);
  whis_transcribe_again_job_run (fixture->job);
  AWAIT (mock_count_method ("TranscribeAgain") == 1);
  mock_emit ("Failed", g_variant_new ("(ssssb)", "h3", "recogniser", "It ended.", "", FALSE));
  AWAIT (mock_count_method ("TranscribeAgain") == 2);
  finish ("h8");
  AWAIT (!whis_transcribe_again_job_is_running (fixture->job));
  g_assert_cmpuint (whis_transcribe_again_job_get_done (fixture->job), ==, 2);
  g_assert_cmpuint (whis_transcribe_again_job_get_failed (fixture->job), ==, 1);
}

static void
test_one_is_refused (Fixture *fixture, gconstpointer data)
{
  count (fixture, 2);
  mock_fail_next ("TranscribeAgain", "NotFound", "This dictation is no longer there.");
  whis_transcribe_again_job_run (fixture->job);
  AWAIT (mock_count_method ("TranscribeAgain") == 2);
  g_assert_cmpuint (whis_transcribe_again_job_get_failed (fixture->job), ==, 1);
  finish ("h8");
  AWAIT (!whis_transcribe_again_job_is_running (fixture->job));
}

/* Another dictation's end is none of this. */
static void
test_others (Fixture *fixture, gconstpointer data)
{
  count (fixture, 2);
  whis_transcribe_again_job_run (fixture->job);
  AWAIT (mock_count_method ("TranscribeAgain") == 1);
  finish ("h5");
  mock_emit ("Failed", g_variant_new ("(ssssb)", "h8", "network", "Not now.", "", FALSE));
  mock_emit ("Progress",
             g_variant_new ("(stt)", "h3", G_GUINT64_CONSTANT (1), G_GUINT64_CONSTANT (1)));
  AWAIT (whis_transcribe_again_job_get_fraction (fixture->job) == 0.5);
  g_assert_cmpuint (whis_transcribe_again_job_get_done (fixture->job), ==, 0);
  g_assert_cmpuint (mock_count_method ("TranscribeAgain"), ==, 1);
}

/* The one that is being recognised is not thrown away. */
static void
test_stop (Fixture *fixture, gconstpointer data)
{
  count (fixture, 2);
  whis_transcribe_again_job_run (fixture->job);
  AWAIT (mock_count_method ("TranscribeAgain") == 1);
  whis_transcribe_again_job_stop (fixture->job);
  g_assert_true (whis_transcribe_again_job_is_running (fixture->job));
  g_assert_cmpuint (whis_transcribe_again_job_get_total (fixture->job), ==, 1);
  finish ("h3");
  AWAIT (!whis_transcribe_again_job_is_running (fixture->job));
  g_assert_cmpuint (mock_count_method ("TranscribeAgain"), ==, 1);
}

/* The service is gone: nothing is waited for, and what was not done is counted. */
static void
test_service_leaves (Fixture *fixture, gconstpointer data)
{
  count (fixture, 2);
  whis_transcribe_again_job_run (fixture->job);
  AWAIT (mock_count_method ("TranscribeAgain") == 1);
  mock_stop ();
  AWAIT (!whis_transcribe_again_job_is_running (fixture->job));
  g_assert_cmpuint (whis_transcribe_again_job_get_failed (fixture->job), ==, 2);
}

/* Wanted before it is known what there is to do. */
static void
test_run_while_counting (Fixture *fixture, gconstpointer data)
{
  mock_hold ("ListHistory");
  whis_transcribe_again_job_count (fixture->job);
  whis_transcribe_again_job_run (fixture->job);
  g_assert_false (whis_transcribe_again_job_is_running (fixture->job));
  AWAIT (mock_count_method ("ListHistory") == 1);
  mock_release ();
  AWAIT (mock_count_method ("TranscribeAgain") == 1);
}

/* What has changed while it was counted is counted once more. */
static void
test_changes_while_counting (Fixture *fixture, gconstpointer data)
{
  mock_hold ("ListHistory");
  whis_transcribe_again_job_count (fixture->job);
  AWAIT (mock_count_method ("ListHistory") == 1);
  mock_alter ("h8", "has-sound", g_variant_new_boolean (FALSE));
  mock_set ("Elapsed", g_variant_new_uint64 (1));
  AWAIT (whis_service_proxy_get_elapsed (fixture->service) == 1);
  mock_release ();
  AWAIT (mock_count_method ("ListHistory") == 2);
  AWAIT (whis_transcribe_again_job_get_total (fixture->job) == 1);
}

/* A list that cannot be had is as good as none; the job ends, and can count again. */
static void
test_no_list (Fixture *fixture, gconstpointer data)
{
  mock_fail_next ("ListHistory", "Storage", "The history cannot be read.");
  whis_transcribe_again_job_count (fixture->job);
  whis_transcribe_again_job_run (fixture->job);
  AWAIT (mock_count_method ("ListHistory") == 1);
  AWAIT (!whis_transcribe_again_job_is_running (fixture->job));
  g_assert_cmpuint (mock_count_method ("TranscribeAgain"), ==, 0);
  count (fixture, 2);
}

/* A long history comes in pages, and all of them are looked at: 118 of 600 are of this computer,
 * and of those 46 have their sound. */
static void
test_pages (Fixture *fixture, gconstpointer data)
{
  whis_transcribe_again_job_count (fixture->job);
  AWAIT (mock_count_method ("ListHistory") == 2);
  AWAIT (whis_transcribe_again_job_get_total (fixture->job) > 0);
  g_assert_cmpuint (whis_transcribe_again_job_get_total (fixture->job), ==, 46);
}

#define ADD(path, entries, function)                                                               \
  g_test_add ("/window/transcribe-again-job/" path, Fixture, GUINT_TO_POINTER (entries), set_up,   \
              function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("which", 12, test_which);
  ADD ("all", 12, test_all);
  ADD ("unfinished-is-not-delivered", 12, test_unfinished_is_not_delivered);
  ADD ("one-fails", 12, test_one_fails);
  ADD ("one-is-refused", 12, test_one_is_refused);
  ADD ("others", 12, test_others);
  ADD ("stop", 12, test_stop);
  ADD ("service-leaves", 12, test_service_leaves);
  ADD ("run-while-counting", 12, test_run_while_counting);
  ADD ("changes-while-counting", 12, test_changes_while_counting);
  ADD ("no-list", 12, test_no_list);
  ADD ("pages", 600, test_pages);

  return g_test_run ();
}
