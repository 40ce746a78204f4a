/* SPDX-License-Identifier: MIT */
#include "recogniser.h"

#include "sphinx.h"

/**
 * WhisRecogniser:
 *
 * Turns English speech into text, on this machine.
 *
 * There is one decoder. It works in a thread, on one request at a time and in the order in which
 * the requests came; the model is loaded by the first of them.
 */

struct _WhisRecogniser
{
  GObject parent_instance;

  char *model_dir;
  GQueue waiting; /* of GTask */
  GTask *running;

  WhisSphinx *sphinx; /* the running task's thread has it while there is one */
  gboolean loaded;
};

G_DEFINE_FINAL_TYPE (WhisRecogniser, whis_recogniser, G_TYPE_OBJECT)

static void run_next (WhisRecogniser *self);

static void
whis_recogniser_finalize (GObject *object)
{
  WhisRecogniser *self = WHIS_RECOGNISER (object);

  /* A task holds the recogniser, so that none is left. */
  g_assert (self->running == NULL && g_queue_is_empty (&self->waiting));
  g_clear_pointer (&self->sphinx, whis_sphinx_free);
  g_free (self->model_dir);

  G_OBJECT_CLASS (whis_recogniser_parent_class)->finalize (object);
}

static void
whis_recogniser_class_init (WhisRecogniserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_recogniser_finalize;
}

static void
whis_recogniser_init (WhisRecogniser *self)
{
  g_queue_init (&self->waiting);
}

/**
 * whis_recogniser_new:
 * @model_dir: (nullable): PocketSphinx's folder of models, or %NULL for the one it was installed to
 *
 * Returns: (transfer full): a recogniser that has not loaded its model
 */
WhisRecogniser *
whis_recogniser_new (const char *model_dir)
{
  WhisRecogniser *self = g_object_new (WHIS_TYPE_RECOGNISER, NULL);

  self->model_dir = g_strdup (model_dir != NULL ? model_dir : WHIS_POCKETSPHINX_MODELDIR);

  return self;
}

/**
 * whis_recogniser_is_loaded:
 * @self: a recogniser
 *
 * Returns: whether the model is loaded
 */
gboolean
whis_recogniser_is_loaded (WhisRecogniser *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER (self), FALSE);

  return self->loaded;
}

static void
work (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  WhisRecogniser *self = source;
  GBytes *samples = data;
  GError *error = NULL;
  WhisTranscript *transcript = NULL;

  if (self->sphinx == NULL)
    self->sphinx = whis_sphinx_new (self->model_dir, &error);
  if (self->sphinx != NULL && samples != NULL)
    transcript =
        whis_sphinx_transcribe (self->sphinx, g_bytes_get_data (samples, NULL),
                                g_bytes_get_size (samples) / sizeof (gint16), cancellable, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, transcript, (GDestroyNotify) whis_transcript_free);
}

static void
task_completed (GTask *task, GParamSpec *pspec, WhisRecogniser *self)
{
  g_assert (task == self->running);

  self->loaded = self->sphinx != NULL;
  g_clear_object (&self->running);
  run_next (self);
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
      g_task_run_in_thread (self->running, work);
    }
}

static void
push (WhisRecogniser *self, GTask *task, GBytes *samples)
{
  if (samples != NULL)
    g_task_set_task_data (task, g_bytes_ref (samples), (GDestroyNotify) g_bytes_unref);
  g_queue_push_tail (&self->waiting, task);
  run_next (self);
}

/**
 * whis_recogniser_load_async:
 * @self: a recogniser
 * @cancellable: (nullable): takes the request out of the queue
 * @callback: called when the model is loaded
 * @data: for @callback
 *
 * Loads the model, if that has not been done, after the requests that wait.
 */
void
whis_recogniser_load_async (WhisRecogniser *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  GTask *task;

  g_return_if_fail (WHIS_IS_RECOGNISER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, whis_recogniser_load_async);
  push (self, task, NULL);
}

/**
 * whis_recogniser_load_finish:
 * @self: a recogniser
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_MISSING, %WHIS_OFFLINE_ERROR_MODEL or
 *   %G_IO_ERROR_CANCELLED if the model is not loaded
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
 * @samples: sound as signed 16-bit numbers of this machine's byte order, 16 kHz, one channel
 * @cancellable: (nullable): stops the decoder within the utterance it is at
 * @callback: called when the text is there
 * @data: for @callback
 *
 * Turns sound into text, after the requests that came before.
 */
void
whis_recogniser_transcribe_async (WhisRecogniser *self,
                                  GBytes *samples,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data)
{
  GTask *task;

  g_return_if_fail (WHIS_IS_RECOGNISER (self));
  g_return_if_fail (samples != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, whis_recogniser_transcribe_async);
  push (self, task, samples);
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
