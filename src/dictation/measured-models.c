/* SPDX-License-Identifier: MIT */
#include "measured-models.h"

#include <string.h>

#define SUFFIX ".bin"

/* A model with which the open piece of a dictation is recognised again and again has to be so many
 * times faster than speech. */
#define FAST_ENOUGH 3

/**
 * WhisMeasuredModels:
 *
 * What it means for dictations how models were measured. The embedded recogniser learns which
 * graphics processor to use, and for which models: for those that it was found to be right with.
 * When it takes the recogniser down, that is remembered, and it is not used any more. Dictations
 * learn which models are fast enough for provisional text.
 */
struct _WhisMeasuredModels
{
  GObject parent_instance;

  WhisModelStore *store;
  WhisDictations *dictations;
  GHashTable *told; /* ids of those that were told to be unmeasured */
};

enum
{
  CHANGED,
  UNMEASURED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisMeasuredModels, whis_measured_models, G_TYPE_OBJECT)

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
set_gpu (WhisMeasuredModels *self, GPtrArray *entries)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) models = NULL;
  const char *gpu = NULL;

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
  whis_recogniser_process_set_gpu (whis_dictations_get_recogniser (self->dictations), gpu,
                                   gpu != NULL ? (const char *const *) models : NULL);
}

static void
set_fast_models (WhisMeasuredModels *self, GPtrArray *entries)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) models = NULL;

  for (guint i = 0; i < entries->len; i++)
    {
      const WhisModelEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *name = NULL;

      if (entry->path == NULL || !whis_model_entry_is_measured (entry)
          || whis_model_entry_get_speed (entry) < FAST_ENOUGH)
        continue;
      name = dup_engine_name (entry);
      g_strv_builder_add (builder, name);
    }
  models = g_strv_builder_end (builder);
  whis_dictations_set_fast_models (self->dictations, (const char *const *) models);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisMeasuredModels) self = data;
  g_autoptr (GPtrArray) entries =
      whis_model_store_list_finish (WHIS_MODEL_STORE (source), result, NULL);

  if (entries == NULL || self->dictations == NULL)
    return;

  set_gpu (self, entries);
  set_fast_models (self, entries);
}

static void
on_listed_for_unmeasured (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisMeasuredModels) self = data;
  g_autoptr (GPtrArray) entries =
      whis_model_store_list_finish (WHIS_MODEL_STORE (source), result, NULL);

  for (guint i = 0; entries != NULL && self->dictations != NULL && i < entries->len; i++)
    {
      const WhisModelEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *name = entry->path != NULL ? dup_engine_name (entry) : NULL;

      if (name != NULL && !whis_model_entry_is_measured (entry)
          && g_strcmp0 (name, whis_dictations_get_last_local_model (self->dictations)) == 0
          && g_hash_table_add (self->told, g_strdup (entry->id)))
        g_signal_emit (self, signals[UNMEASURED], 0, entry->id);
    }
}

/* A model that came with a package was never fetched, and an update of Whis makes what was measured
 * void. */
static void
on_idle (WhisMeasuredModels *self)
{
  if (whis_dictations_get_last_local_model (self->dictations) != NULL)
    whis_model_store_list_async (self->store, NULL, on_listed_for_unmeasured, g_object_ref (self));
}

/**
 * whis_measured_models_refresh:
 * @self: the measured models
 *
 * Looks again, since a model was measured, came or went.
 */
void
whis_measured_models_refresh (WhisMeasuredModels *self)
{
  g_return_if_fail (WHIS_IS_MEASURED_MODELS (self));

  whis_model_store_list_async (self->store, NULL, on_listed, g_object_ref (self));
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisMeasuredModels) self = data;

  whis_model_store_note_gpu_finish (WHIS_MODEL_STORE (source), result);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_gpu_failed (WhisMeasuredModels *self)
{
  const WhisModelMeasure failed = { .gpu_verdict = WHIS_GPU_FAILED };

  whis_model_store_note_gpu_async (self->store, NULL, &failed, on_noted, g_object_ref (self));
}

static void
whis_measured_models_dispose (GObject *object)
{
  WhisMeasuredModels *self = WHIS_MEASURED_MODELS (object);

  g_clear_object (&self->store);
  g_clear_object (&self->dictations);

  G_OBJECT_CLASS (whis_measured_models_parent_class)->dispose (object);
}

static void
whis_measured_models_finalize (GObject *object)
{
  g_hash_table_unref (WHIS_MEASURED_MODELS (object)->told);

  G_OBJECT_CLASS (whis_measured_models_parent_class)->finalize (object);
}

static void
whis_measured_models_class_init (WhisMeasuredModelsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_measured_models_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_measured_models_finalize;

  /**
   * WhisMeasuredModels::changed:
   * @self: the measured models
   *
   * The graphics processor has failed, and the store knows.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisMeasuredModels::unmeasured:
   * @self: the measured models
   * @id: a model
   *
   * A dictation has used a model of which nobody knows how fast it is here. This is told once.
   */
  signals[UNMEASURED] = g_signal_new ("unmeasured", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
whis_measured_models_init (WhisMeasuredModels *self)
{
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * whis_measured_models_new:
 * @store: the models, which knows how they were measured
 * @dictations: the dictations
 *
 * Returns: (transfer full): the measured models, which are looked for at once
 */
WhisMeasuredModels *
whis_measured_models_new (WhisModelStore *store, WhisDictations *dictations)
{
  WhisMeasuredModels *self;

  g_return_val_if_fail (WHIS_IS_MODEL_STORE (store), NULL);
  g_return_val_if_fail (WHIS_IS_DICTATIONS (dictations), NULL);

  self = g_object_new (WHIS_TYPE_MEASURED_MODELS, NULL);
  self->store = g_object_ref (store);
  self->dictations = g_object_ref (dictations);
  g_signal_connect_object (whis_dictations_get_recogniser (dictations), "gpu-failed",
                           G_CALLBACK (on_gpu_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dictations, "idle", G_CALLBACK (on_idle), self, G_CONNECT_SWAPPED);
  whis_measured_models_refresh (self);

  return self;
}
