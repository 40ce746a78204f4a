/* SPDX-License-Identifier: MIT */
#include "model-measures.h"

#include "model-checks.h"

/* Paths of models begin with a slash. */
#define GPU_GROUP "gpu"

struct _WhisModelMeasures
{
  char *path;
  GKeyFile *file; /* group: path of a model, escaped */
  gboolean is_loaded;
};

/**
 * whis_model_measures_new:
 * @path: where they are kept
 *
 * Returns: (transfer full): the measures, not read yet
 */
WhisModelMeasures *
whis_model_measures_new (const char *path)
{
  WhisModelMeasures *self = g_new0 (WhisModelMeasures, 1);

  self->path = g_strdup (path);
  self->file = g_key_file_new ();

  return self;
}

void
whis_model_measures_free (WhisModelMeasures *self)
{
  g_key_file_unref (self->file);
  g_free (self->path);
  g_free (self);
}

/* A damaged file, or none, costs another measurement. */
static void
ensure_loaded (WhisModelMeasures *self)
{
  if (self->is_loaded)
    return;

  self->is_loaded = TRUE;
  g_key_file_load_from_file (self->file, self->path, G_KEY_FILE_NONE, NULL);
}

static void
model_measures_save (WhisModelMeasures *self)
{
  g_autofree char *directory = g_path_get_dirname (self->path);

  if (g_mkdir_with_parents (directory, 0700) != 0
      || !g_key_file_save_to_file (self->file, self->path, NULL))
    g_debug ("What was measured cannot be kept");
}

static gboolean
has_value (WhisModelMeasures *self, const char *group, const char *key, const char *value)
{
  g_autofree char *stored = g_key_file_get_string (self->file, group, key, NULL);

  return g_strcmp0 (stored, value) == 0;
}

/* A verdict holds for the drivers that it was found with, and until one of them fails. */
static void
lookup_gpu (WhisModelMeasures *self,
            const char *group,
            const char *computer,
            const char *drivers,
            WhisModelMeasure *measure)
{
  g_autofree char *verdict = NULL;

  if (!whis_model_measures_is_gpu_trusted (self, computer, drivers))
    {
      measure->gpu_verdict = WHIS_GPU_FAILED;
      return;
    }
  if (!has_value (self, group, "drivers", drivers))
    return;

  verdict = g_key_file_get_string (self->file, group, "gpu-verdict", NULL);
  measure->gpu_verdict = whis_gpu_verdict_from_nick (verdict);
  measure->gpu_work_ms = g_key_file_get_uint64 (self->file, group, "gpu-work-ms", NULL);
  measure->gpu = g_key_file_get_string (self->file, group, "gpu", NULL);
}

/**
 * whis_model_measures_lookup:
 * @self: the measures
 * @path: a file
 * @status: what it is like now
 * @computer: what the computer and the recogniser's program are
 * @drivers: what the drivers of graphics processors are
 * @measure: (out): what was measured
 *
 * Returns: whether just this file was measured on just this computer
 */
gboolean
whis_model_measures_lookup (WhisModelMeasures *self,
                            const char *path,
                            const struct stat *status,
                            const char *computer,
                            const char *drivers,
                            WhisModelMeasure *measure)
{
  g_autofree char *group = whis_model_checks_dup_group (path);
  g_autofree char *stamp = whis_model_checks_dup_stamp (status);

  ensure_loaded (self);
  if (!has_value (self, group, "stamp", stamp) || !has_value (self, group, "computer", computer))
    return FALSE;

  measure->speech_ms = g_key_file_get_uint64 (self->file, group, "speech-ms", NULL);
  measure->work_ms = g_key_file_get_uint64 (self->file, group, "work-ms", NULL);
  measure->peak_bytes = g_key_file_get_uint64 (self->file, group, "peak-bytes", NULL);

  lookup_gpu (self, group, computer, drivers, measure);

  return measure->speech_ms > 0 && measure->work_ms > 0;
}

/**
 * whis_model_measures_store:
 * @self: the measures
 * @path: a file
 * @status: what it was like when it was measured
 * @computer: what the computer and the recogniser's program were
 * @engine: the engine and its version
 * @measure: what was measured
 */
void
whis_model_measures_store (WhisModelMeasures *self,
                           const char *path,
                           const struct stat *status,
                           const char *computer,
                           const char *engine,
                           const WhisModelMeasure *measure)
{
  g_autofree char *group = whis_model_checks_dup_group (path);
  g_autofree char *stamp = whis_model_checks_dup_stamp (status);

  ensure_loaded (self);
  g_key_file_set_string (self->file, group, "stamp", stamp);
  g_key_file_set_string (self->file, group, "computer", computer);
  g_key_file_set_string (self->file, group, "engine", engine);
  g_key_file_set_uint64 (self->file, group, "speech-ms", measure->speech_ms);
  g_key_file_set_uint64 (self->file, group, "work-ms", measure->work_ms);
  g_key_file_set_uint64 (self->file, group, "peak-bytes", measure->peak_bytes);
  model_measures_save (self);
}

/**
 * whis_model_measures_store_gpu:
 * @self: the measures
 * @path: a file that was measured
 * @drivers: what the drivers of graphics processors were
 * @measure: of which the verdict about the graphics processor is stored
 */
void
whis_model_measures_store_gpu (WhisModelMeasures *self,
                               const char *path,
                               const char *drivers,
                               const WhisModelMeasure *measure)
{
  g_autofree char *group = whis_model_checks_dup_group (path);

  ensure_loaded (self);
  g_key_file_set_string (self->file, group, "drivers", drivers);
  g_key_file_set_string (self->file, group, "gpu-verdict",
                         whis_gpu_verdict_get_nick (measure->gpu_verdict));
  g_key_file_set_string (self->file, group, "gpu", measure->gpu != NULL ? measure->gpu : "");
  g_key_file_set_uint64 (self->file, group, "gpu-work-ms", measure->gpu_work_ms);
  model_measures_save (self);
}

/**
 * whis_model_measures_is_gpu_trusted:
 * @self: the measures
 * @computer: what the computer and the recogniser's program are
 * @drivers: what the drivers of graphics processors are
 *
 * Returns: %FALSE if these drivers have failed with this program
 */
gboolean
whis_model_measures_is_gpu_trusted (WhisModelMeasures *self,
                                    const char *computer,
                                    const char *drivers)
{
  ensure_loaded (self);

  return !has_value (self, GPU_GROUP, "computer", computer)
         || !has_value (self, GPU_GROUP, "drivers", drivers);
}

/**
 * whis_model_measures_distrust_gpu:
 * @self: the measures
 * @computer: what the computer and the recogniser's program are
 * @drivers: what the drivers of graphics processors are
 * @why: a word for who reads the file
 *
 * Remembers that the graphics processor is not to be used until another driver or another program
 * is there.
 */
void
whis_model_measures_distrust_gpu (WhisModelMeasures *self,
                                  const char *computer,
                                  const char *drivers,
                                  const char *why)
{
  ensure_loaded (self);
  g_key_file_set_string (self->file, GPU_GROUP, "computer", computer);
  g_key_file_set_string (self->file, GPU_GROUP, "drivers", drivers);
  g_key_file_set_string (self->file, GPU_GROUP, "failure", why);
  model_measures_save (self);
}

/**
 * whis_model_measures_trust_gpu:
 * @self: the measures
 *
 * Forgets that the graphics processor has failed.
 */
void
whis_model_measures_trust_gpu (WhisModelMeasures *self)
{
  ensure_loaded (self);
  if (g_key_file_remove_group (self->file, GPU_GROUP, NULL))
    model_measures_save (self);
}

/**
 * whis_model_measures_forget:
 * @self: the measures
 * @path: a file that is gone
 */
void
whis_model_measures_forget (WhisModelMeasures *self, const char *path)
{
  g_autofree char *group = whis_model_checks_dup_group (path);

  ensure_loaded (self);
  if (g_key_file_remove_group (self->file, group, NULL))
    model_measures_save (self);
}
