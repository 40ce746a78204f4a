/* SPDX-License-Identifier: MIT */
#include "recogniser.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "offline-error.h"
#include "process-limits.h"

/* So much more memory than after the first work is too much: half as much again, and what a sound
 * of an hour takes. */
#define GROWTH 1.5
#define SPARE_BYTES ((guint64) 300 * 1000 * 1000)

/**
 * WhisRecogniser:
 *
 * Turns speech into text, on this machine.
 *
 * There is one engine with one model. It works in a thread, on one request at a time and in the
 * order in which the requests came; the model is loaded by the first that wants it, in the place of
 * the one before.
 */

struct _WhisRecogniser
{
  GObject parent_instance;

  WhisModelList *models;
  GQueue waiting; /* of GTask */
  GTask *running;

  /* The running task's thread has these while there is one. */
  WhisModel *model;
  gpointer engine;

  char *loaded;           /* the model's path, as the main thread knows it */
  guint64 resident_bytes; /* memory of the process when that model had done its first work */
};

enum
{
  SIGNAL_LOADED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisRecogniser, whis_recogniser, G_TYPE_OBJECT)

static void run_next (WhisRecogniser *self);

/* What is to be done; the task data. */
typedef struct
{
  char *model;
  gboolean has_samples; /* else the model is loaded and no more */
  GBytes *samples;      /* the engine frees them */
  char *language;
  char *prompt;
  double temperature;
  gboolean is_quick;
  gboolean short_window;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->model);
  g_clear_pointer (&work->samples, g_bytes_unref);
  g_free (work->language);
  g_free (work->prompt);
  g_free (work);
}

static void
recogniser_unload (WhisRecogniser *self)
{
  if (self->engine != NULL)
    self->model->engine->free (self->engine);
  self->engine = NULL;
  g_clear_pointer (&self->model, whis_model_free);
}

static void
whis_recogniser_finalize (GObject *object)
{
  WhisRecogniser *self = WHIS_RECOGNISER (object);

  /* A task holds the recogniser, so that none is left. */
  g_assert (self->running == NULL && g_queue_is_empty (&self->waiting));
  recogniser_unload (self);
  g_free (self->loaded);
  g_clear_object (&self->models);

  G_OBJECT_CLASS (whis_recogniser_parent_class)->finalize (object);
}

static void
whis_recogniser_class_init (WhisRecogniserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_recogniser_finalize;

  /**
   * WhisRecogniser::loaded:
   * @self: the recogniser
   *
   * Another model is loaded.
   */
  signals[SIGNAL_LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_recogniser_init (WhisRecogniser *self)
{
  g_queue_init (&self->waiting);
}

/**
 * whis_recogniser_new:
 * @models: the models that are installed
 *
 * Returns: (transfer full): a recogniser that has not loaded a model
 */
WhisRecogniser *
whis_recogniser_new (WhisModelList *models)
{
  WhisRecogniser *self;

  g_return_val_if_fail (WHIS_IS_MODEL_LIST (models), NULL);

  self = g_object_new (WHIS_TYPE_RECOGNISER, NULL);
  self->models = g_object_ref (models);

  return self;
}

/**
 * whis_recogniser_get_models:
 * @self: a recogniser
 *
 * Returns: (transfer none): the models that are installed
 */
WhisModelList *
whis_recogniser_get_models (WhisRecogniser *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER (self), NULL);

  return self->models;
}

/**
 * whis_recogniser_is_loaded:
 * @self: a recogniser
 * @model: (nullable): what a request calls a model, or %NULL for the default
 *
 * Returns: whether this model is loaded
 */
gboolean
whis_recogniser_is_loaded (WhisRecogniser *self, const char *model)
{
  g_autoptr (WhisModel) wanted = NULL;

  g_return_val_if_fail (WHIS_IS_RECOGNISER (self), FALSE);

  if (self->loaded == NULL)
    return FALSE;
  wanted = whis_model_list_find (self->models, model, NULL);

  return wanted != NULL && g_str_equal (wanted->path, self->loaded);
}

static gboolean
is_current (WhisRecogniser *self, const WhisModel *wanted)
{
  return self->engine != NULL && g_str_equal (self->model->path, wanted->path)
         && self->model->bytes == wanted->bytes && self->model->modified == wanted->modified;
}

/* Loads a model in the place of the one before, unless it is the same. */
static gboolean
recogniser_load (WhisRecogniser *self, WhisModel *wanted, GError **error)
{
  g_autoptr (WhisModel) model = wanted;

  if (is_current (self, model))
    return TRUE;
  recogniser_unload (self);
  if (model->bytes > 0 && !whis_model_file_check (model->path, model->engine->kind, error))
    return FALSE;
  /* Drivers of graphics processors reserve many addresses. */
  if (!whis_engine_may_use_gpu (model->path))
    whis_limits_set_memory (model->bytes);
  self->engine = model->engine->load (model->path, error);
  if (self->engine == NULL)
    return FALSE;
  self->model = g_steal_pointer (&model);

  return TRUE;
}

/* What a graphics processor that is lost, or has too little memory, gives is an error of the
 * engine. It never comes back in this process: whoever started it starts another one, without it,
 * and asks again. */
static void
end_if_gpu_is_lost (const char *path, const GError *error)
{
  if (path == NULL || !whis_engine_may_use_gpu (path)
      || (!g_error_matches (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_RECOGNITION)
          && !g_error_matches (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL)))
    return;

  g_printerr ("whis-offline: The graphics processor failed: %s\n", error->message);
  abort ();
}

static void
do_work (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  WhisRecogniser *self = source;
  Work *work = data;
  const WhisEngineRequest request = { work->language, work->prompt, work->temperature,
                                      work->is_quick, work->short_window };
  GError *error = NULL;
  WhisTranscript *transcript = NULL;
  WhisModel *model = whis_model_list_find (self->models, work->model, &error);
  g_autofree char *path = model != NULL ? g_strdup (model->path) : NULL;

  if (model != NULL && recogniser_load (self, model, &error) && work->samples != NULL
      && whis_model_check_language (self->model, work->language, &error))
    transcript = self->model->engine->transcribe (
        self->engine, &request, g_steal_pointer (&work->samples), cancellable, &error);

  end_if_gpu_is_lost (path, error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, transcript, (GDestroyNotify) whis_transcript_free);
}

/* Returns 0 where the system does not say. */
static guint64
get_resident_bytes (void)
{
  g_autofree char *text = NULL;
  guint64 pages;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)
      || sscanf (text, "%*s %" G_GUINT64_FORMAT, &pages) != 1)
    return 0;

  return pages * (guint64) sysconf (_SC_PAGESIZE);
}

static void
task_completed (GTask *task, GParamSpec *pspec, WhisRecogniser *self)
{
  const char *path = self->model != NULL ? self->model->path : NULL;

  g_assert (task == self->running);

  if (g_strcmp0 (self->loaded, path) != 0)
    {
      g_free (self->loaded);
      self->loaded = g_strdup (path);
      self->resident_bytes = 0;
      if (path != NULL)
        g_signal_emit (self, signals[SIGNAL_LOADED], 0);
    }
  if (self->resident_bytes == 0 && ((Work *) g_task_get_task_data (task))->has_samples)
    self->resident_bytes = get_resident_bytes ();
  g_clear_object (&self->running);
  run_next (self);
}

/**
 * whis_recogniser_is_at_work:
 * @self: a recogniser
 *
 * Returns: whether it loads a model or recognises
 */
gboolean
whis_recogniser_is_at_work (WhisRecogniser *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER (self), FALSE);

  return self->running != NULL;
}

/**
 * whis_recogniser_is_bloated:
 * @self: a recogniser
 *
 * Returns: whether the process has grown so much since the model did its first work that it is
 *   better to begin anew: the libraries leak, and keep what one long piece took
 */
gboolean
whis_recogniser_is_bloated (WhisRecogniser *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER (self), FALSE);

  return self->resident_bytes > 0
         && get_resident_bytes () > self->resident_bytes * GROWTH + SPARE_BYTES;
}

/**
 * whis_recogniser_find_smaller:
 * @self: a recogniser that is not at work
 *
 * Returns: (transfer full) (nullable): the name of the installed model that is next in size below
 *   the one that is loaded, or %NULL if there is none
 */
char *
whis_recogniser_find_smaller (WhisRecogniser *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER (self), NULL);

  return self->model != NULL ? whis_model_list_find_smaller (self->models, self->model) : NULL;
}

/**
 * whis_recogniser_get_gpu:
 * @self: a recogniser that is not at work
 *
 * Returns: (transfer none) (nullable): what the graphics processor is called that computes, %NULL
 * if none does
 */
const char *
whis_recogniser_get_gpu (WhisRecogniser *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER (self), NULL);

  if (self->model == NULL || self->model->engine->get_gpu == NULL)
    return NULL;

  return self->model->engine->get_gpu (self->engine);
}

/**
 * whis_recogniser_describe_engine:
 * @self: a recogniser that is not at work
 *
 * Returns: (transfer full): name and version of the engine whose model is loaded; empty if none is
 */
char *
whis_recogniser_describe_engine (WhisRecogniser *self)
{
  const WhisEngineClass *engine;

  g_return_val_if_fail (WHIS_IS_RECOGNISER (self), NULL);

  engine = self->model != NULL ? self->model->engine : NULL;
  if (engine == NULL)
    return g_strdup ("");

  return engine->get_version != NULL ? g_strjoin (" ", engine->id, engine->get_version (), NULL)
                                     : g_strdup (engine->id);
}

static void
run_next (WhisRecogniser *self)
{
  g_assert (WHIS_IS_RECOGNISER (self));

  while (self->running == NULL && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->waiting);

      if (g_task_return_error_if_cancelled (task))
        continue;
      self->running = g_steal_pointer (&task);
      g_signal_connect_object (self->running, "notify::completed", G_CALLBACK (task_completed),
                               self, 0);
      g_task_run_in_thread (self->running, do_work);
    }
}

static void
recogniser_push (WhisRecogniser *self, GTask *task, Work *work)
{
  g_task_set_task_data (task, work, work_free);
  g_queue_push_tail (&self->waiting, task);
  run_next (self);
}

/**
 * whis_recogniser_load_async:
 * @self: a recogniser
 * @model: (nullable): the model, or %NULL for the default
 * @cancellable: (nullable): takes the request out of the queue
 * @callback: called when the model is loaded
 * @data: for @callback
 *
 * Loads the model, if that has not been done, after the requests that wait.
 */
void
whis_recogniser_load_async (WhisRecogniser *self,
                            const char *model,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  GTask *task;
  Work *work;

  g_return_if_fail (WHIS_IS_RECOGNISER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, whis_recogniser_load_async);
  work = g_new0 (Work, 1);
  work->model = g_strdup (model);
  recogniser_push (self, task, work);
}

/**
 * whis_recogniser_load_finish:
 * @self: a recogniser
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %FALSE with a %WHIS_OFFLINE_ERROR or %G_IO_ERROR_CANCELLED if the model is not loaded
 */
gboolean
whis_recogniser_load_finish (WhisRecogniser *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_had_error (G_TASK (result)))
    return TRUE;
  g_task_propagate_pointer (G_TASK (result), error);

  return FALSE;
}

/**
 * whis_recogniser_transcribe_async:
 * @self: a recogniser
 * @model: (nullable): the model, or %NULL for the default
 * @request: how to recognise
 * @samples: sound as signed 16-bit numbers of this machine's byte order, 16 kHz, one channel
 * @cancellable: (nullable): stops the engine within the step it is at
 * @callback: called when the text is there
 * @data: for @callback
 *
 * Turns sound into text, after the requests that came before.
 */
void
whis_recogniser_transcribe_async (WhisRecogniser *self,
                                  const char *model,
                                  const WhisEngineRequest *request,
                                  GBytes *samples,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data)
{
  GTask *task;
  Work *work;

  g_return_if_fail (WHIS_IS_RECOGNISER (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (samples != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, whis_recogniser_transcribe_async);
  work = g_new0 (Work, 1);
  work->model = g_strdup (model);
  work->samples = g_bytes_ref (samples);
  work->has_samples = TRUE;
  work->language = g_strdup (request->language);
  work->prompt = g_strdup (request->prompt);
  work->temperature = request->temperature;
  work->is_quick = request->is_quick;
  work->short_window = request->short_window;
  recogniser_push (self, task, work);
}

/**
 * whis_recogniser_transcribe_finish:
 * @self: a recogniser
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full): what was said; %NULL with a %WHIS_OFFLINE_ERROR or
 *   %G_IO_ERROR_CANCELLED
 */
WhisTranscript *
whis_recogniser_transcribe_finish (WhisRecogniser *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
