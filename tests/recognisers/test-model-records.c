/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "model-checks.h"
#include "model-measures.h"

/* What was found out about files of models, kept from one start of the service to the next. */
typedef struct
{
  char *directory;
  char *records; /* a file that is not there yet, in a folder that is not either */
  char *model;
  struct stat status;
} Fixture;

static void
write_model (Fixture *fixture, const char *content)
{
  g_assert_true (g_file_set_contents (fixture->model, content, -1, NULL));
  g_assert_cmpint (stat (fixture->model, &fixture->status), ==, 0);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("whis-records-XXXXXX", NULL);
  fixture->records = g_build_filename (fixture->directory, "new", "records", NULL);
  /* as a group of a key file none of it may stand as it is */
  fixture->model = g_build_filename (fixture->directory, "a [model] with\nlines = #.bin", NULL);
  write_model (fixture, "a model");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *command = g_strdup_printf ("rm -r %s", fixture->directory);

  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->directory);
  g_free (fixture->records);
  g_free (fixture->model);
}

/* --- checksums -------------------------------------------------------------------------------- */

static char *
look_up (Fixture *fixture)
{
  WhisModelChecks *checks = whis_model_checks_new (fixture->records);
  char *found = whis_model_checks_lookup (checks, fixture->model, &fixture->status);

  whis_model_checks_free (checks);

  return found;
}

static void
assert_check (Fixture *fixture, const char *expected)
{
  g_autofree char *found = look_up (fixture);

  g_assert_cmpstr (found, ==, expected);
}

static void
store_check (Fixture *fixture, const char *sha256)
{
  WhisModelChecks *checks = whis_model_checks_new (fixture->records);

  whis_model_checks_store (checks, fixture->model, &fixture->status, sha256);
  whis_model_checks_free (checks);
}

static void
test_check_kept (Fixture *fixture, gconstpointer data)
{
  assert_check (fixture, NULL);
  store_check (fixture, "1234");
  assert_check (fixture, "1234");
  store_check (fixture, "abcd");
  assert_check (fixture, "abcd");
}

/* Whatever a file is replaced by, it is hashed again. */
static void
test_check_of_changed_file (Fixture *fixture, gconstpointer data)
{
  struct stat status = fixture->status;

  store_check (fixture, "1234");
  fixture->status.st_size++;
  assert_check (fixture, NULL);
  fixture->status = status;
  fixture->status.st_mtim.tv_nsec ^= 1;
  assert_check (fixture, NULL);
  fixture->status = status;
  fixture->status.st_ino++;
  assert_check (fixture, NULL);
  fixture->status = status;
  assert_check (fixture, "1234");
}

static void
test_check_forgotten (Fixture *fixture, gconstpointer data)
{
  WhisModelChecks *checks = whis_model_checks_new (fixture->records);

  store_check (fixture, "1234");
  whis_model_checks_forget (checks, "/another");
  assert_check (fixture, "1234");
  whis_model_checks_forget (checks, fixture->model);
  assert_check (fixture, NULL);
  whis_model_checks_free (checks);
}

/* A file that is damaged costs another look, and is replaced. */
static void
test_damaged_records (Fixture *fixture, gconstpointer data)
{
  static const char *const contents[] = { "", "[", "no group\n", "\xff\xfe[x]\n", "[a]\nb\n" };
  g_autofree char *folder = g_path_get_dirname (fixture->records);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_assert_true (g_file_set_contents (fixture->records, contents[i], -1, NULL));
      assert_check (fixture, NULL);
      store_check (fixture, "1234");
      assert_check (fixture, "1234");
    }
}

/* Where nothing can be kept, what was found out still holds for this run. */
static void
test_no_place (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->records);
  WhisModelChecks *checks = whis_model_checks_new (fixture->records);
  g_autofree char *found = NULL;

  g_assert_true (g_file_set_contents (folder, "no folder", -1, NULL));
  whis_model_checks_store (checks, fixture->model, &fixture->status, "1234");
  found = whis_model_checks_lookup (checks, fixture->model, &fixture->status);
  g_assert_cmpstr (found, ==, "1234");
  whis_model_checks_free (checks);
  assert_check (fixture, NULL);
}

/* From the beginning, wherever the descriptor is. */
static void
test_checksum (Fixture *fixture, gconstpointer data)
{
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;
  g_autofree char *big = g_strnfill (300 * 1024 + 7, 'm');
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  int fd;

  write_model (fixture, big);
  expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, big, -1);
  fd = open (fixture->model, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (lseek (fd, 100, SEEK_SET), ==, 100);
  found = whis_model_checksum_of_file (fd, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, expected);
  g_cancellable_cancel (cancelled);
  g_assert_null (whis_model_checksum_of_file (fd, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  close (fd);

  /* what cannot be read has no checksum, not that of nothing */
  fd = open (fixture->directory, O_RDONLY | O_CLOEXEC);
  g_assert_null (whis_model_checksum_of_file (fd, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  close (fd);
}

/* --- measures --------------------------------------------------------------------------------- */

static const WhisModelMeasure fast = {
  .speech_ms = 60000,
  .work_ms = 5000,
  .peak_bytes = 242000000,
};

static void
store_measure (Fixture *fixture, const WhisModelMeasure *measure)
{
  WhisModelMeasures *measures = whis_model_measures_new (fixture->records);

  whis_model_measures_store (measures, fixture->model, &fixture->status, "computer", "engine 1",
                             measure);
  whis_model_measures_free (measures);
}

static gboolean
find_measure (Fixture *fixture,
              const char *computer,
              const char *drivers,
              WhisModelMeasure *measure)
{
  WhisModelMeasures *measures = whis_model_measures_new (fixture->records);
  gboolean found;

  g_clear_pointer (&measure->gpu, g_free);
  memset (measure, 0, sizeof *measure);
  found = whis_model_measures_lookup (measures, fixture->model, &fixture->status, computer, drivers,
                                      measure);
  whis_model_measures_free (measures);

  return found;
}

static void
test_measure_kept (Fixture *fixture, gconstpointer data)
{
  WhisModelMeasure found = { 0 };

  g_assert_false (find_measure (fixture, "computer", "drivers", &found));
  store_measure (fixture, &fast);
  g_assert_true (find_measure (fixture, "computer", "drivers", &found));
  g_assert_cmpuint (found.speech_ms, ==, 60000);
  g_assert_cmpuint (found.work_ms, ==, 5000);
  g_assert_cmpuint (found.peak_bytes, ==, 242000000);
  g_assert_cmpint (found.gpu_verdict, ==, WHIS_GPU_UNTRIED);
  /* another computer, another program, another file */
  g_assert_false (find_measure (fixture, "another", "drivers", &found));
  fixture->status.st_size++;
  g_assert_false (find_measure (fixture, "computer", "drivers", &found));
}

/* A measurement that took no time is none: nobody divides by it. */
static void
test_measure_of_nothing (Fixture *fixture, gconstpointer data)
{
  const WhisModelMeasure no_work = { .speech_ms = 1000 };
  const WhisModelMeasure no_speech = { .work_ms = 1000 };
  WhisModelMeasure found = { 0 };

  store_measure (fixture, &no_work);
  g_assert_false (find_measure (fixture, "computer", "drivers", &found));
  store_measure (fixture, &no_speech);
  g_assert_false (find_measure (fixture, "computer", "drivers", &found));
}

static void
store_gpu (Fixture *fixture, WhisGpuVerdict verdict)
{
  WhisModelMeasures *measures = whis_model_measures_new (fixture->records);
  const WhisModelMeasure measure = { .gpu_verdict = verdict, .gpu_work_ms = 700, .gpu = "Radeon" };

  whis_model_measures_store_gpu (measures, fixture->model, "drivers", &measure);
  whis_model_measures_free (measures);
}

/* A verdict holds for the drivers that it was found with. */
static void
test_gpu_verdict (Fixture *fixture, gconstpointer data)
{
  static const WhisGpuVerdict verdicts[] = { WHIS_GPU_NONE, WHIS_GPU_RIGHT, WHIS_GPU_WRONG,
                                             WHIS_GPU_SLOW };
  WhisModelMeasure found = { 0 };

  store_measure (fixture, &fast);
  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++)
    {
      store_gpu (fixture, verdicts[i]);
      g_assert_true (find_measure (fixture, "computer", "drivers", &found));
      g_assert_cmpint (found.gpu_verdict, ==, verdicts[i]);
      g_assert_cmpuint (found.gpu_work_ms, ==, 700);
      g_assert_cmpstr (found.gpu, ==, "Radeon");
      g_assert_true (find_measure (fixture, "computer", "newer drivers", &found));
      g_assert_cmpint (found.gpu_verdict, ==, WHIS_GPU_UNTRIED);
    }
  g_clear_pointer (&found.gpu, g_free);
}

/* A driver that crashed is not tried with any model, until it is another one or the user says so.
 */
static void
test_gpu_distrusted (Fixture *fixture, gconstpointer data)
{
  WhisModelMeasures *measures = whis_model_measures_new (fixture->records);
  WhisModelMeasure found = { 0 };

  store_measure (fixture, &fast);
  store_gpu (fixture, WHIS_GPU_RIGHT);
  g_assert_true (whis_model_measures_is_gpu_trusted (measures, "computer", "drivers"));
  whis_model_measures_distrust_gpu (measures, "computer", "drivers", "crash");
  g_assert_false (whis_model_measures_is_gpu_trusted (measures, "computer", "drivers"));
  g_assert_true (whis_model_measures_is_gpu_trusted (measures, "computer", "newer drivers"));
  g_assert_true (whis_model_measures_is_gpu_trusted (measures, "newer program", "drivers"));
  g_assert_true (find_measure (fixture, "computer", "drivers", &found));
  g_assert_cmpint (found.gpu_verdict, ==, WHIS_GPU_FAILED);
  /* the processor's measure stays */
  g_assert_cmpuint (found.work_ms, ==, 5000);

  whis_model_measures_trust_gpu (measures);
  g_assert_true (find_measure (fixture, "computer", "drivers", &found));
  g_assert_cmpint (found.gpu_verdict, ==, WHIS_GPU_RIGHT);
  g_clear_pointer (&found.gpu, g_free);
  whis_model_measures_free (measures);
}

static void
test_measure_forgotten (Fixture *fixture, gconstpointer data)
{
  WhisModelMeasures *measures = whis_model_measures_new (fixture->records);
  WhisModelMeasure found = { 0 };

  store_measure (fixture, &fast);
  whis_model_measures_forget (measures, "/another");
  g_assert_true (find_measure (fixture, "computer", "drivers", &found));
  whis_model_measures_forget (measures, fixture->model);
  g_assert_false (find_measure (fixture, "computer", "drivers", &found));
  whis_model_measures_free (measures);
}

static void
test_verdict_words (void)
{
  static const WhisGpuVerdict verdicts[] = { WHIS_GPU_UNTRIED, WHIS_GPU_NONE, WHIS_GPU_RIGHT,
                                             WHIS_GPU_WRONG,   WHIS_GPU_SLOW, WHIS_GPU_FAILED };

  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++)
    g_assert_cmpint (whis_gpu_verdict_from_nick (whis_gpu_verdict_get_nick (verdicts[i])), ==,
                     verdicts[i]);
  g_assert_cmpint (whis_gpu_verdict_from_nick ("melted"), ==, WHIS_GPU_UNTRIED);
  g_assert_cmpint (whis_gpu_verdict_from_nick (NULL), ==, WHIS_GPU_UNTRIED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/model-records/check-kept", test_check_kept);
  ADD ("/model-records/check-of-changed-file", test_check_of_changed_file);
  ADD ("/model-records/check-forgotten", test_check_forgotten);
  ADD ("/model-records/damaged-records", test_damaged_records);
  ADD ("/model-records/no-place", test_no_place);
  ADD ("/model-records/checksum", test_checksum);
  ADD ("/model-records/measure-kept", test_measure_kept);
  ADD ("/model-records/measure-of-nothing", test_measure_of_nothing);
  ADD ("/model-records/gpu-verdict", test_gpu_verdict);
  ADD ("/model-records/gpu-distrusted", test_gpu_distrusted);
  ADD ("/model-records/measure-forgotten", test_measure_forgotten);
  g_test_add_func ("/model-records/verdict-words", test_verdict_words);

  return g_test_run ();
}
