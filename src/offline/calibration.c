/* SPDX-License-Identifier: MIT */
#include "calibration.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "engine.h"
#include "offline-error.h"
#include "utterances.h"

/* What was that fast is done a second time, and the better one counts: another program may have
 * had the processor meanwhile. */
#define SHORT_MS 5000

/* A calibration on its way; the task data. */
typedef struct
{
  GBytes *samples;
  gint64 begun;          /* of the present step, monotonic time */
  guint64 begun_work_us; /* processor time until then */
  guint64 load_ms;
  gboolean wants_gpu;
  guint64 work_ms; /* 0 until the sound was recognised once */
  char *text;
} Calibration;

static void
calibration_free (gpointer data)
{
  Calibration *calibration = data;

  g_bytes_unref (calibration->samples);
  g_free (calibration->text);
  g_free (calibration);
}

static guint64
get_processor_us (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (guint64) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC
         + (guint64) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void
begin_step (Calibration *calibration)
{
  calibration->begun = g_get_monotonic_time ();
  calibration->begun_work_us = get_processor_us ();
}

/* On a computer with nothing else to do this takes at most as long as the processor time of all
 * threads; where other programs keep it busy, that is what is known. A graphics processor's time is
 * in no such count. */
static guint64
end_step (const Calibration *calibration)
{
  guint64 passed_us = (guint64) (g_get_monotonic_time () - calibration->begun);
  guint64 work_us = get_processor_us () - calibration->begun_work_us;

  /* What took less than a millisecond was measured, too. */
  return MAX ((calibration->wants_gpu ? passed_us : MIN (passed_us, work_us)) / 1000, 1);
}

/* The largest that the process has been. ru_maxrss would have that of the parent in it. */
static guint64
get_peak_bytes (void)
{
  g_autofree char *text = NULL;
  const char *line;
  guint64 kilobytes;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  line = strstr (text, "\nVmHWM:");
  if (line == NULL || sscanf (line, "\nVmHWM: %" G_GUINT64_FORMAT, &kilobytes) != 1)
    return 0;

  return kilobytes * 1024;
}

static char *
print_result (const Calibration *calibration, WhisRecogniser *recogniser)
{
  g_autofree char *engine = whis_recogniser_describe_engine (recogniser);
  const char *gpu = whis_recogniser_get_gpu (recogniser);
  gsize n_samples = g_bytes_get_size (calibration->samples) / sizeof (gint16);
  GVariantBuilder builder;
  g_autoptr (GVariant) result = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "engine", g_variant_new_string (engine));
  g_variant_builder_add (&builder, "{sv}", "gpu", g_variant_new_string (gpu != NULL ? gpu : ""));
  g_variant_builder_add (&builder, "{sv}", "load-ms", g_variant_new_uint64 (calibration->load_ms));
  g_variant_builder_add (&builder, "{sv}", "work-ms", g_variant_new_uint64 (calibration->work_ms));
  g_variant_builder_add (&builder, "{sv}", "speech-ms",
                         g_variant_new_uint64 ((guint64) n_samples * 1000 / WHIS_SAMPLE_RATE));
  g_variant_builder_add (&builder, "{sv}", "peak-bytes", g_variant_new_uint64 (get_peak_bytes ()));
  g_variant_builder_add (&builder, "{sv}", "text", g_variant_new_string (calibration->text));
  result = g_variant_ref_sink (g_variant_builder_end (&builder));

  return g_variant_print (result, TRUE);
}

static void calibration_transcribe (GTask *task);

static void
on_transcribed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  Calibration *calibration = g_task_get_task_data (task);
  WhisRecogniser *recogniser = WHIS_RECOGNISER (source);
  g_autoptr (WhisTranscript) transcript =
      whis_recogniser_transcribe_finish (recogniser, result, &error);
  guint64 ms = end_step (calibration);
  gboolean is_first = calibration->work_ms == 0;

  if (transcript == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  calibration->work_ms = is_first ? ms : MIN (ms, calibration->work_ms);
  g_free (calibration->text);
  calibration->text = whis_transcript_get_text (transcript);
  if (is_first && ms < SHORT_MS)
    calibration_transcribe (g_steal_pointer (&task));
  else
    g_task_return_pointer (task, print_result (calibration, recogniser), g_free);
}

/* Takes the task over. */
static void
calibration_transcribe (GTask *task)
{
  const WhisEngineRequest request = { .is_quick = TRUE };
  Calibration *calibration = g_task_get_task_data (task);

  begin_step (calibration);
  whis_recogniser_transcribe_async (g_task_get_source_object (task), NULL, &request,
                                    calibration->samples, g_task_get_cancellable (task),
                                    on_transcribed, task);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  Calibration *calibration = g_task_get_task_data (task);

  if (!whis_recogniser_load_finish (WHIS_RECOGNISER (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  calibration->load_ms = end_step (calibration);
  if (calibration->wants_gpu && whis_recogniser_get_gpu (WHIS_RECOGNISER (source)) == NULL)
    g_task_return_new_error (task, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING,
                             _ ("There is no graphics processor that can be used."));
  else
    calibration_transcribe (g_steal_pointer (&task));
}

/**
 * whis_calibration_run_async:
 * @recogniser: a recogniser that has done nothing yet; its default model is measured
 * @samples: a known sound, as signed 16-bit numbers at 16 kHz
 * @callback: called when it is measured
 * @data: for @callback
 *
 * Measures how long it takes to load a model and to recognise a sound with it, in one pass, and how
 * much memory that takes. Where a graphics processor is to be used there must be one.
 */
void
whis_calibration_run_async (WhisRecogniser *recogniser,
                            GBytes *samples,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  GTask *task;
  Calibration *calibration;

  g_return_if_fail (WHIS_IS_RECOGNISER (recogniser));
  g_return_if_fail (samples != NULL);

  task = g_task_new (recogniser, NULL, callback, data);
  g_task_set_source_tag (task, whis_calibration_run_async);
  calibration = g_new0 (Calibration, 1);
  calibration->samples = g_bytes_ref (samples);
  calibration->wants_gpu = whis_engine_get_gpu () != NULL;
  begin_step (calibration);
  g_task_set_task_data (task, calibration, calibration_free);
  whis_recogniser_load_async (recogniser, NULL, NULL, on_loaded, task);
}

/**
 * whis_calibration_run_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full): what was measured, as a printed dictionary (`a{sv}`): `engine` (s, with
 *   its version), `gpu` (s, empty if none was used), `load-ms`, `work-ms` (t, of the faster of two
 * runs), `speech-ms` (t, length of the sound), `peak-bytes` (t), `text` (s, what was understood);
 * %NULL with a %WHIS_OFFLINE_ERROR
 */
char *
whis_calibration_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_calibration_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
