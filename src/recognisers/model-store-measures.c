/* SPDX-License-Identifier: MIT */
#include "model-store-private.h"

/* What the store remembers of how fast models are on this computer, and with what. */

/* --- in worker threads, with the mutex ---------------------------------------------------------
 */

static gpointer
note_measured (WhisModelStore *self,
               WhisModelStoreJob *job,
               GCancellable *cancellable,
               GError **error)
{
  return whis_model_files_note_measured (&self->files, job->entry, job->engine, &job->measure,
                                         error)
             ? job
             : NULL;
}

/* A driver may take the whole computer down with it: what says so then is there before. */
static gpointer
begin_gpu (WhisModelStore *self, WhisModelStoreJob *job, GCancellable *cancellable, GError **error)
{
  WhisModelFiles *files = &self->files;

  if (!job->again
      && !whis_model_measures_is_gpu_trusted (files->measures, files->computer, files->drivers))
    {
      g_set_error_literal (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_NOT_FOUND,
                           "The graphics processor has failed before");
      return NULL;
    }
  whis_model_measures_distrust_gpu (files->measures, files->computer, files->drivers, "trying");

  return job;
}

static gpointer
note_gpu (WhisModelStore *self, WhisModelStoreJob *job, GCancellable *cancellable, GError **error)
{
  WhisModelFiles *files = &self->files;

  if (job->measure.gpu_verdict == WHIS_GPU_FAILED)
    whis_model_measures_distrust_gpu (files->measures, files->computer, files->drivers, "failed");
  else
    whis_model_measures_trust_gpu (files->measures);
  if (job->entry != NULL)
    whis_model_measures_store_gpu (files->measures, job->entry->path, files->drivers,
                                   &job->measure);

  return job;
}

/* --- the calls ---------------------------------------------------------------------------------
 */

/**
 * whis_model_store_note_measured_async:
 * @self: the store
 * @entry: a model that was measured
 * @engine: the engine and its version
 * @measure: how fast it is on this computer
 * @callback: called when that is remembered
 * @data: for @callback
 */
void
whis_model_store_note_measured_async (WhisModelStore *self,
                                      WhisModelEntry *entry,
                                      const char *engine,
                                      const WhisModelMeasure *measure,
                                      GAsyncReadyCallback callback,
                                      gpointer data)
{
  WhisModelStoreJob *job;

  g_return_if_fail (WHIS_IS_MODEL_STORE (self));
  g_return_if_fail (entry != NULL && engine != NULL && measure != NULL);

  job = whis_model_store_job_new (entry->id);
  job->entry = whis_model_entry_ref (entry);
  job->engine = g_strdup (engine);
  job->measure = *measure;
  job->measure.gpu = NULL;
  whis_model_store_start (self, whis_model_store_note_measured_async, note_measured, job, NULL,
                          NULL, callback, data);
}

/**
 * whis_model_store_note_measured_finish:
 * @self: the store
 * @result: what the callback got
 * @error: return location for an error of %WHIS_MODEL_ERROR
 *
 * Returns: whether it is remembered: not if the file is another one by now
 */
gboolean
whis_model_store_note_measured_finish (WhisModelStore *self, GAsyncResult *result, GError **error)
{
  return whis_model_store_finish (self, whis_model_store_note_measured_async, result, error)
         != NULL;
}

/**
 * whis_model_store_begin_gpu_async:
 * @self: the store
 * @again: whether to try also what has failed before
 * @callback: called when that may begin
 * @data: for @callback
 *
 * Is to be called before a graphics processor is tried: until whis_model_store_note_gpu_async() it
 * counts as failed.
 */
void
whis_model_store_begin_gpu_async (WhisModelStore *self,
                                  gboolean again,
                                  GAsyncReadyCallback callback,
                                  gpointer data)
{
  WhisModelStoreJob *job;

  g_return_if_fail (WHIS_IS_MODEL_STORE (self));

  job = whis_model_store_job_new (NULL);
  job->again = again;
  whis_model_store_start (self, whis_model_store_begin_gpu_async, begin_gpu, job, NULL, NULL,
                          callback, data);
}

/**
 * whis_model_store_begin_gpu_finish:
 * @self: the store
 * @result: what the callback got
 *
 * Returns: %FALSE if the graphics processor has failed before, and is not to be tried
 */
gboolean
whis_model_store_begin_gpu_finish (WhisModelStore *self, GAsyncResult *result)
{
  return whis_model_store_finish (self, whis_model_store_begin_gpu_async, result, NULL) != NULL;
}

/**
 * whis_model_store_note_gpu_async:
 * @self: the store
 * @entry: (nullable): the model that it was tried with; %NULL if it failed in the midst of a text
 * @measure: of which the verdict about the graphics processor is remembered
 * @callback: (nullable): called when that is done
 * @data: for @callback
 */
void
whis_model_store_note_gpu_async (WhisModelStore *self,
                                 WhisModelEntry *entry,
                                 const WhisModelMeasure *measure,
                                 GAsyncReadyCallback callback,
                                 gpointer data)
{
  WhisModelStoreJob *job;

  g_return_if_fail (WHIS_IS_MODEL_STORE (self));
  g_return_if_fail (measure != NULL);

  job = whis_model_store_job_new (NULL);
  job->entry = entry != NULL ? whis_model_entry_ref (entry) : NULL;
  job->measure = *measure;
  job->measure.gpu = g_strdup (measure->gpu);
  whis_model_store_start (self, whis_model_store_note_gpu_async, note_gpu, job, NULL, NULL,
                          callback, data);
}

/**
 * whis_model_store_note_gpu_finish:
 * @self: the store
 * @result: what the callback got
 */
void
whis_model_store_note_gpu_finish (WhisModelStore *self, GAsyncResult *result)
{
  whis_model_store_finish (self, whis_model_store_note_gpu_async, result, NULL);
}
