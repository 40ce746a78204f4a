/* SPDX-License-Identifier: MIT */
#include "gpu-choice.h"

#include <string.h>

#define SUFFIX ".bin"

/**
 * WhisGpuChoice:
 *
 * Tells the embedded recogniser which graphics processor to use, and for which models: for those
 * that it was found to be right with. When it takes the recogniser down, that is remembered, and it
 * is not used any more.
 */
struct _WhisGpuChoice
{
  GObject parent_instance;

  WhisModelStore *store;
  WhisRecogniserProcess *process;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisGpuChoice, whis_gpu_choice, G_TYPE_OBJECT)

/* What the recogniser calls a model: the name of its file. */
static char *
dup_engine_name (const WhisModelEntry *entry)
{
  g_autofree char *file = g_path_get_basename (entry->path);

  if (g_str_has_suffix (file, SUFFIX))
    file[strlen (file) - strlen (SUFFIX)] = '\0';

  return g_steal_pointer (&file);
}

static gboolean
is_right (const WhisModelEntry *entry)
{
  return entry->path != NULL && whis_model_state_is_usable (entry->state)
         && entry->measure.gpu_verdict == WHIS_GPU_RIGHT && entry->measure.gpu != NULL;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisGpuChoice) self = data;
  g_autoptr (GPtrArray) entries =
      whis_model_store_list_finish (WHIS_MODEL_STORE (source), result, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) models = NULL;
  const char *gpu = NULL;

  if (entries == NULL || self->process == NULL)
    return;

  for (guint i = 0; i < entries->len; i++)
    {
      const WhisModelEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *name = NULL;

      if (!is_right (entry) || (gpu != NULL && !g_str_equal (gpu, entry->measure.gpu)))
        continue;
      gpu = entry->measure.gpu;
      name = dup_engine_name (entry);
      g_strv_builder_add (builder, name);
    }
  models = g_strv_builder_end (builder);
  whis_recogniser_process_set_gpu (self->process, gpu,
                                   gpu != NULL ? (const char *const *) models : NULL);
}

/**
 * whis_gpu_choice_refresh:
 * @self: the choice
 *
 * Looks again, since a model was measured, came or went.
 */
void
whis_gpu_choice_refresh (WhisGpuChoice *self)
{
  g_return_if_fail (WHIS_IS_GPU_CHOICE (self));

  whis_model_store_list_async (self->store, NULL, on_listed, g_object_ref (self));
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisGpuChoice) self = data;

  whis_model_store_note_gpu_finish (WHIS_MODEL_STORE (source), result);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_gpu_failed (WhisGpuChoice *self)
{
  const WhisModelMeasure failed = { .gpu_verdict = WHIS_GPU_FAILED };

  whis_model_store_note_gpu_async (self->store, NULL, &failed, on_noted, g_object_ref (self));
}

static void
whis_gpu_choice_dispose (GObject *object)
{
  WhisGpuChoice *self = WHIS_GPU_CHOICE (object);

  g_clear_object (&self->store);
  g_clear_object (&self->process);

  G_OBJECT_CLASS (whis_gpu_choice_parent_class)->dispose (object);
}

static void
whis_gpu_choice_class_init (WhisGpuChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_gpu_choice_dispose;

  /**
   * WhisGpuChoice::changed:
   * @self: the choice
   *
   * The graphics processor has failed, and the store knows.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_gpu_choice_init (WhisGpuChoice *self)
{
}

/**
 * whis_gpu_choice_new:
 * @store: the models, which knows what they were measured with
 * @process: the embedded recogniser
 *
 * Returns: (transfer full): the choice, which looks at once
 */
WhisGpuChoice *
whis_gpu_choice_new (WhisModelStore *store, WhisRecogniserProcess *process)
{
  WhisGpuChoice *self;

  g_return_val_if_fail (WHIS_IS_MODEL_STORE (store), NULL);
  g_return_val_if_fail (WHIS_IS_RECOGNISER_PROCESS (process), NULL);

  self = g_object_new (WHIS_TYPE_GPU_CHOICE, NULL);
  self->store = g_object_ref (store);
  self->process = g_object_ref (process);
  g_signal_connect_object (process, "gpu-failed", G_CALLBACK (on_gpu_failed), self,
                           G_CONNECT_SWAPPED);
  whis_gpu_choice_refresh (self);

  return self;
}
