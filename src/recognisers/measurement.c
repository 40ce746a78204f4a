/* SPDX-License-Identifier: MIT */
#include "measurement.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recogniser-program.h"
#include "recogniser-end.h"
#include "recogniser-process.h"

/* What the program is asked for in place of the name of the model, which may be any. */
#define MODEL_NAME "measured="

/* The program's exit status where it lacks something. */
#define EXIT_MISSING 3

/* A model for which a computer needs longer than this for ten seconds of speech is of no use. */
#define LIMIT_MS (10 * 60 * 1000)

/* One run of the program; the task data. */
typedef struct
{
  GSubprocess *process;
  GSource *limit;
  gulong cancelled;
  gboolean is_over_limit;
  guint open; /* of its life and its two streams, those that have not ended */
  char output[16 * 1024];
  char complaint[1024];
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  if (run->limit != NULL)
    g_source_destroy (run->limit);
  g_clear_pointer (&run->limit, g_source_unref);
  g_clear_object (&run->process);
  g_free (run);
}

/**
 * whis_measurement_free:
 * @measurement: (transfer full): a measurement
 */
void
whis_measurement_free (WhisMeasurement *measurement)
{
  g_return_if_fail (measurement != NULL);

  g_free (measurement->engine);
  g_free (measurement->gpu);
  g_free (measurement->text);
  g_free (measurement);
}

static WhisMeasurement *
parse_line (const char *printed)
{
  g_autoptr (GVariant) result = g_variant_parse (G_VARIANT_TYPE_VARDICT, printed, NULL, NULL, NULL);
  g_autoptr (WhisMeasurement) measurement = g_new0 (WhisMeasurement, 1);

  if (result == NULL || !g_variant_lookup (result, "engine", "s", &measurement->engine)
      || !g_variant_lookup (result, "gpu", "s", &measurement->gpu)
      || !g_variant_lookup (result, "text", "s", &measurement->text)
      || !g_variant_lookup (result, "speech-ms", "t", &measurement->speech_ms)
      || !g_variant_lookup (result, "load-ms", "t", &measurement->load_ms)
      || !g_variant_lookup (result, "work-ms", "t", &measurement->work_ms)
      || !g_variant_lookup (result, "peak-bytes", "t", &measurement->peak_bytes)
      || measurement->speech_ms == 0 || measurement->work_ms == 0)
    return NULL;

  return g_steal_pointer (&measurement);
}

/* Beside the line that has what was measured there may be those of a log. */
static WhisMeasurement *
measurement_parse (const char *output)
{
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  WhisMeasurement *measurement = NULL;

  for (guint i = 0; lines[i] != NULL && measurement == NULL; i++)
    if (lines[i][0] == '{')
      measurement = parse_line (lines[i]);

  return measurement;
}

static GError *
describe_end (Run *run, const char *complaint)
{
  g_autofree char *sentence = NULL;

  if (run->is_over_limit)
    return g_error_new_literal (WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_HANG,
                                _ ("The embedded recogniser did not finish in time and was ended; "
                                   "choose a smaller model, which is faster."));
  if (g_subprocess_get_if_signaled (run->process))
    {
      sentence = whis_recogniser_end_describe (g_subprocess_get_term_sig (run->process), NULL);
      return g_error_new_literal (WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_CRASH, sentence);
    }
  sentence = whis_recogniser_program_dup_sentence (complaint);

  return g_error_new_literal (WHIS_RECOGNISER_ERROR,
                              g_subprocess_get_exit_status (run->process) == EXIT_MISSING
                                  ? WHIS_RECOGNISER_ERROR_MISSING
                                  : WHIS_RECOGNISER_ERROR_ENDED,
                              sentence);
}

static void
measurement_finish (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  g_autofree char *complaint = g_strstrip (g_utf8_make_valid (run->complaint, -1));
  g_autoptr (WhisMeasurement) measurement = NULL;

  g_cancellable_disconnect (g_task_get_cancellable (task), run->cancelled);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (!run->is_over_limit && g_subprocess_get_successful (run->process))
    measurement = measurement_parse (run->output);
  if (measurement != NULL)
    g_task_return_pointer (task, g_steal_pointer (&measurement),
                           (GDestroyNotify) whis_measurement_free);
  else
    g_task_return_error (task, describe_end (run, complaint));
}

/* Its end and that of both streams may come in any order. */
static void
close_one (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  if (--run->open == 0)
    measurement_finish (task);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  close_one (task);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;

  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, NULL, NULL);
  close_one (task);
}

/* The buffers are zeroed, and keep a zero behind what is read. */
static void
measurement_watch (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  run->open = 3;
  g_subprocess_wait_async (run->process, NULL, on_ended, g_object_ref (task));
  g_input_stream_read_all_async (g_subprocess_get_stdout_pipe (run->process), run->output,
                                 sizeof run->output - 1, G_PRIORITY_DEFAULT, NULL, on_read,
                                 g_object_ref (task));
  g_input_stream_read_all_async (g_subprocess_get_stderr_pipe (run->process), run->complaint,
                                 sizeof run->complaint - 1, G_PRIORITY_DEFAULT, NULL, on_read,
                                 g_object_ref (task));
}

static gboolean
on_limit (gpointer data)
{
  Run *run = data;

  run->is_over_limit = TRUE;
  g_subprocess_force_exit (run->process);

  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer process)
{
  g_subprocess_force_exit (process);
}

static GSource *
start_limit (Run *run)
{
  const char *value = g_getenv ("WHIS_OFFLINE_LIMIT_MS");
  GSource *limit =
      g_timeout_source_new (value != NULL ? (guint) g_ascii_strtoull (value, NULL, 10) : LIMIT_MS);

  g_source_set_callback (limit, on_limit, run, NULL);
  g_source_attach (limit, g_main_context_get_thread_default ());

  return limit;
}

static GSubprocess *
measurement_spawn (const char *model_path, gboolean with_gpu, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = whis_recogniser_program_new_launcher ();
  g_autofree char *model = g_strconcat (MODEL_NAME, model_path, NULL);

  return g_subprocess_launcher_spawn (launcher, error, whis_recogniser_program_get_path (),
                                      "--calibrate", "--exit-on-eof", "--model", model,
                                      with_gpu ? "--gpu=" : NULL, NULL);
}

/**
 * whis_measurement_run_async:
 * @model_path: a model's file
 * @with_gpu: whether a graphics processor is to compute
 * @cancellable: (nullable): ends the program
 * @callback: called when it is measured
 * @data: for @callback
 *
 * Runs the embedded recogniser once on a known sound, as a process that does nothing else: whatever
 * becomes of it, no dictation is touched.
 */
void
whis_measurement_run_async (const char *model_path,
                            gboolean with_gpu,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  Run *run;

  g_return_if_fail (model_path != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, whis_measurement_run_async);
  run = g_new0 (Run, 1);
  g_task_set_task_data (task, run, run_free);
  run->process = measurement_spawn (model_path, with_gpu, &error);
  if (run->process == NULL)
    {
      g_task_return_new_error (
          task, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_PROGRAM,
          _ ("The embedded recogniser %s cannot be run; install it, or choose another "
             "service in the preferences."),
          whis_recogniser_program_get_path ());
      return;
    }

  run->limit = start_limit (run);
  if (cancellable != NULL)
    run->cancelled = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled),
                                            g_object_ref (run->process), g_object_unref);
  /* Its input stays open as long as this process lives. */
  measurement_watch (task);
}

/**
 * whis_measurement_run_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full): what was measured; %NULL with a %WHIS_RECOGNISER_ERROR, which is
 *   %WHIS_RECOGNISER_ERROR_MISSING where there is no graphics processor, or %G_IO_ERROR_CANCELLED
 */
WhisMeasurement *
whis_measurement_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_measurement_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Where Vulkan's loader looks for drivers, in a Flatpak too. */
static const char *const driver_folders[] = {
  "/etc/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d",
  "/usr/share/vulkan/icd.d",
  "/usr/lib/x86_64-linux-gnu/GL/vulkan/icd.d",
  "/usr/lib/aarch64-linux-gnu/GL/vulkan/icd.d",
};

static void
add_drivers (GString *drivers, const char *folder)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (const char *name = entries != NULL ? g_dir_read_name (entries) : NULL; name != NULL;
       name = g_dir_read_name (entries))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      struct stat status;

      if (stat (path, &status) == 0)
        g_ptr_array_add (names,
                         g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "; ", name,
                                          (gint64) status.st_size, (gint64) status.st_mtime));
    }
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    g_string_append (drivers, g_ptr_array_index (names, i));
}

/**
 * whis_measurement_dup_drivers:
 *
 * Returns: (transfer full): what is another one once the drivers of graphics processors are others:
 *   the files by which Vulkan knows them
 */
char *
whis_measurement_dup_drivers (void)
{
  GString *drivers = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (driver_folders); i++)
    add_drivers (drivers, driver_folders[i]);

  return g_string_free (drivers, FALSE);
}

/* The processor's name is within the first lines; all of a large computer's take a while. */
static char *
dup_processor (void)
{
  char text[4096];
  int descriptor = open ("/proc/cpuinfo", O_RDONLY | O_CLOEXEC);
  gssize size = descriptor >= 0 ? read (descriptor, text, sizeof text - 1) : -1;
  const char *name;

  if (descriptor >= 0)
    close (descriptor);
  text[MAX (size, 0)] = '\0';
  name = strstr (text, "model name");
  name = name != NULL ? strchr (name, ':') : NULL;
  if (name == NULL)
    return g_strdup ("unknown");
  name += strspn (name, ": \t");

  return g_strndup (name, strcspn (name, "\n"));
}

/**
 * whis_measurement_dup_computer:
 *
 * Returns: (transfer full): what a measurement depends on, beside the model: the processor, how
 *   many there are, and the recogniser's program, whose engines are the versions that it was built
 *   for
 */
char *
whis_measurement_dup_computer (void)
{
  g_autofree char *processor = dup_processor ();
  struct stat status = { 0 };

  if (stat (whis_recogniser_program_get_path (), &status) != 0)
    return g_strdup (processor);

  return g_strdup_printf ("%s, %u, %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, processor,
                          g_get_num_processors (), (gint64) status.st_size,
                          (gint64) status.st_mtime);
}
