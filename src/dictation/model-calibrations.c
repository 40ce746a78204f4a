/* SPDX-License-Identifier: MIT */
#include "model-calibrations.h"

#include "measurement.h"
#include "recogniser-process.h"

/**
 * WhisModelCalibrations:
 *
 * Measures how fast models are on this computer, one after the other, each in a process of its own.
 * While a dictation is alive nothing is measured: it would slow the dictation down and be slowed
 * down by it. What was begun is begun again when the dictation is at its end.
 *
 * A graphics processor is tried after the processor, again in a process of its own: it is right if
 * it gets the same text, and used if that comes sooner.
 */
struct _WhisModelCalibrations
{
  GObject parent_instance;

  WhisModelStore *store;
  WhisDictations *dictations;
  GQueue waiting;             /* ids */
  char *running;              /* nullable */
  GCancellable *cancellable;  /* of what runs */
  gboolean is_postponed;      /* what runs was ended for a dictation */
  WhisModelEntry *entry;      /* what runs, once the store has found it */
  WhisMeasurement *processor; /* what the processor has shown of it */
  gboolean again;             /* whether a graphics processor that has failed is tried */
  GHashTable *problems;       /* id → why it could not be measured, a sentence */
};

enum
{
  CHANGED,
  MEASURED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisModelCalibrations, whis_model_calibrations, G_TYPE_OBJECT)

static void model_calibrations_advance (WhisModelCalibrations *self);

static GList *
find_waiting (WhisModelCalibrations *self, const char *id)
{
  return g_queue_find_custom (&self->waiting, id, (GCompareFunc) g_strcmp0);
}

/* Takes the error. */
static void
report_failure (WhisModelCalibrations *self, const char *id, GError *taken)
{
  g_autoptr (GError) error = taken;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_hash_table_insert (self->problems, g_strdup (id), g_strdup (error->message));
  g_debug ("The model %s was not measured: %s", id, error->message);
  g_signal_emit (self, signals[FAILED], 0, id, error);
}

/* Ends what runs: with an error, or well. Takes the error. */
static void
model_calibrations_end (WhisModelCalibrations *self, GError *error)
{
  g_autofree char *id = g_steal_pointer (&self->running);
  gboolean is_postponed = self->is_postponed;

  self->is_postponed = FALSE;
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->entry, whis_model_entry_unref);
  g_clear_pointer (&self->processor, whis_measurement_free);
  if (is_postponed && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_queue_push_head (&self->waiting, g_steal_pointer (&id));
      g_clear_error (&error);
    }
  else if (error != NULL)
    report_failure (self, id, error);
  else
    g_signal_emit (self, signals[MEASURED], 0, id);
  g_signal_emit (self, signals[CHANGED], 0);
  model_calibrations_advance (self);
}

/* --- the graphics processor --------------------------------------------------------------------
 */

static void
on_gpu_noted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisModelCalibrations) self = data;
  GError *error = NULL;

  whis_model_store_note_gpu_finish (WHIS_MODEL_STORE (source), result);
  if (self->store == NULL)
    return;
  /* For a dictation it was ended, and all is done again. */
  if (g_cancellable_set_error_if_cancelled (self->cancellable, &error))
    model_calibrations_end (self, error);
  else
    model_calibrations_end (self, NULL);
}

static gboolean
is_same_text (const char *text, const char *other)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *other_folded = g_utf8_casefold (other, -1);

  return g_str_equal (folded, other_folded);
}

static WhisGpuVerdict
model_calibrations_judge (WhisModelCalibrations *self,
                          const WhisMeasurement *measured,
                          const GError *error)
{
  if (g_error_matches (error, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_MISSING))
    return WHIS_GPU_NONE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return WHIS_GPU_UNTRIED;
  if (measured == NULL)
    return WHIS_GPU_FAILED;
  if (!is_same_text (measured->text, self->processor->text))
    return WHIS_GPU_WRONG;

  return measured->work_ms < self->processor->work_ms ? WHIS_GPU_RIGHT : WHIS_GPU_SLOW;
}

static void
on_gpu_measured (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisModelCalibrations) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisMeasurement) measured = whis_measurement_run_finish (result, &error);
  WhisModelMeasure measure = { 0 };

  if (self->store == NULL)
    return;

  measure.gpu_verdict = model_calibrations_judge (self, measured, error);
  if (measured != NULL)
    {
      measure.gpu = measured->gpu;
      measure.gpu_work_ms = measured->work_ms;
    }
  g_debug ("Verdict on the graphics processor: %s",
           whis_gpu_verdict_get_nick (measure.gpu_verdict));
  whis_model_store_note_gpu_async (self->store, self->entry, &measure, on_gpu_noted,
                                   g_object_ref (self));
}

static void
on_gpu_begun (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisModelCalibrations) self = data;
  gboolean may_begin = whis_model_store_begin_gpu_finish (WHIS_MODEL_STORE (source), result);

  if (self->store == NULL)
    return;
  if (may_begin)
    whis_measurement_run_async (self->entry->path, TRUE, self->cancellable, on_gpu_measured,
                                g_object_ref (self));
  else
    model_calibrations_end (self, NULL);
}

/* Where the processor understood nothing there is nothing to compare with. */
static void
try_gpu (WhisModelCalibrations *self)
{
  if (*self->processor->text == '\0')
    model_calibrations_end (self, NULL);
  else
    whis_model_store_begin_gpu_async (self->store, self->again, on_gpu_begun, g_object_ref (self));
}

/* --- the processor -----------------------------------------------------------------------------
 */

static void
on_noted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisModelCalibrations) self = data;
  GError *error = NULL;

  whis_model_store_note_measured_finish (WHIS_MODEL_STORE (source), result, &error);
  if (self->store == NULL)
    g_clear_error (&error);
  else if (error != NULL)
    model_calibrations_end (self, error);
  else
    try_gpu (self);
}

static void
on_measured (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisModelCalibrations) self = data;
  GError *error = NULL;
  g_autoptr (WhisMeasurement) measured = whis_measurement_run_finish (result, &error);
  WhisModelMeasure measure = { 0 };

  if (self->store == NULL)
    {
      g_clear_error (&error);
      return;
    }
  if (measured == NULL)
    {
      model_calibrations_end (self, error);
      return;
    }

  measure.speech_ms = measured->speech_ms;
  measure.work_ms = measured->work_ms;
  measure.peak_bytes = measured->peak_bytes;
  self->processor = g_steal_pointer (&measured);
  whis_model_store_note_measured_async (self->store, self->entry, self->processor->engine, &measure,
                                        on_noted, g_object_ref (self));
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisModelCalibrations) self = data;
  GError *error = NULL;
  g_autoptr (WhisModelEntry) entry =
      whis_model_store_choose_finish (WHIS_MODEL_STORE (source), result, &error);

  if (self->store == NULL)
    {
      g_clear_error (&error);
      return;
    }
  if (entry == NULL)
    {
      model_calibrations_end (self, error);
      return;
    }

  self->entry = g_steal_pointer (&entry);
  whis_measurement_run_async (self->entry->path, FALSE, self->cancellable, on_measured,
                              g_object_ref (self));
}

static void
model_calibrations_advance (WhisModelCalibrations *self)
{
  if (self->store == NULL || self->running != NULL || g_queue_is_empty (&self->waiting)
      || whis_dictations_are_busy (self->dictations))
    return;

  self->running = g_queue_pop_head (&self->waiting);
  self->cancellable = g_cancellable_new ();
  g_hash_table_remove (self->problems, self->running);
  whis_model_store_choose_async (self->store, self->running, NULL, self->cancellable, on_found,
                                 g_object_ref (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * whis_model_calibrations_start:
 * @self: the calibrations
 * @id: a model that is on this computer
 * @again: whether to try also a graphics processor that has failed before
 *
 * Measures a model, unless that is being done already. A signal says how it ended.
 */
void
whis_model_calibrations_start (WhisModelCalibrations *self, const char *id, gboolean again)
{
  g_return_if_fail (WHIS_IS_MODEL_CALIBRATIONS (self));
  g_return_if_fail (id != NULL && *id != '\0');

  if (whis_model_calibrations_get_state (self, id) != NULL)
    return;

  self->again = again;
  g_queue_push_tail (&self->waiting, g_strdup (id));
  g_signal_emit (self, signals[CHANGED], 0);
  model_calibrations_advance (self);
}

/**
 * whis_model_calibrations_cancel:
 * @self: the calibrations
 * @id: a model
 *
 * Ends the measuring of a model. The signal `failed` follows.
 *
 * Returns: whether it was being measured, or waited for that
 */
gboolean
whis_model_calibrations_cancel (WhisModelCalibrations *self, const char *id)
{
  GList *link;

  g_return_val_if_fail (WHIS_IS_MODEL_CALIBRATIONS (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  if (g_strcmp0 (self->running, id) == 0)
    {
      self->is_postponed = FALSE;
      g_cancellable_cancel (self->cancellable);
      return TRUE;
    }
  link = find_waiting (self, id);
  if (link == NULL)
    return FALSE;

  g_free (link->data);
  g_queue_delete_link (&self->waiting, link);
  report_failure (self, id,
                  g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Not wanted any more"));
  g_signal_emit (self, signals[CHANGED], 0);

  return TRUE;
}

/**
 * whis_model_calibrations_get_state:
 * @self: the calibrations
 * @id: a model
 *
 * Returns: (transfer none) (nullable): `waiting` or `running`, the words of the D-Bus interface;
 *   %NULL if the model is not being measured
 */
const char *
whis_model_calibrations_get_state (WhisModelCalibrations *self, const char *id)
{
  g_return_val_if_fail (WHIS_IS_MODEL_CALIBRATIONS (self), NULL);

  if (g_strcmp0 (self->running, id) == 0)
    return "running";

  return find_waiting (self, id) != NULL ? "waiting" : NULL;
}

/**
 * whis_model_calibrations_get_problem:
 * @self: the calibrations
 * @id: a model
 *
 * Returns: (transfer none) (nullable): why the model could not be measured the last time, as a
 *   sentence
 */
const char *
whis_model_calibrations_get_problem (WhisModelCalibrations *self, const char *id)
{
  g_return_val_if_fail (WHIS_IS_MODEL_CALIBRATIONS (self), NULL);

  return g_hash_table_lookup (self->problems, id);
}

static void
on_dictation_added (WhisModelCalibrations *self)
{
  if (self->running == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;

  self->is_postponed = TRUE;
  g_cancellable_cancel (self->cancellable);
}

static void
whis_model_calibrations_dispose (GObject *object)
{
  WhisModelCalibrations *self = WHIS_MODEL_CALIBRATIONS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->store);
  g_clear_object (&self->dictations);

  G_OBJECT_CLASS (whis_model_calibrations_parent_class)->dispose (object);
}

static void
whis_model_calibrations_finalize (GObject *object)
{
  WhisModelCalibrations *self = WHIS_MODEL_CALIBRATIONS (object);

  g_queue_clear_full (&self->waiting, g_free);
  g_free (self->running);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->entry, whis_model_entry_unref);
  g_clear_pointer (&self->processor, whis_measurement_free);
  g_hash_table_unref (self->problems);

  G_OBJECT_CLASS (whis_model_calibrations_parent_class)->finalize (object);
}

static void
whis_model_calibrations_class_init (WhisModelCalibrationsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = whis_model_calibrations_dispose;
  object_class->finalize = whis_model_calibrations_finalize;

  /**
   * WhisModelCalibrations::changed:
   * @self: the calibrations
   *
   * What is said about a model is another now.
   */
  signals[CHANGED] =
      g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisModelCalibrations::measured:
   * @self: the calibrations
   * @id: a model
   *
   * A model was measured, and the store knows what came out.
   */
  signals[MEASURED] = g_signal_new ("measured", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisModelCalibrations::failed:
   * @self: the calibrations
   * @id: a model
   * @error: why, of %WHIS_RECOGNISER_ERROR, %WHIS_MODEL_ERROR or %G_IO_ERROR_CANCELLED
   *
   * A model was not measured.
   */
  signals[FAILED] =
      g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                    G_TYPE_STRING, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
whis_model_calibrations_init (WhisModelCalibrations *self)
{
  g_queue_init (&self->waiting);
  self->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * whis_model_calibrations_new:
 * @store: the models, which learns what this computer is
 * @dictations: which go before
 *
 * Returns: (transfer full): the calibrations, of which none runs
 */
WhisModelCalibrations *
whis_model_calibrations_new (WhisModelStore *store, WhisDictations *dictations)
{
  WhisModelCalibrations *self;
  g_autofree char *computer = NULL;
  g_autofree char *drivers = NULL;

  g_return_val_if_fail (WHIS_IS_MODEL_STORE (store), NULL);
  g_return_val_if_fail (WHIS_IS_DICTATIONS (dictations), NULL);

  self = g_object_new (WHIS_TYPE_MODEL_CALIBRATIONS, NULL);
  self->store = g_object_ref (store);
  self->dictations = g_object_ref (dictations);
  computer = whis_measurement_dup_computer ();
  drivers = whis_measurement_dup_drivers ();
  whis_model_store_set_computer (store, computer, drivers);
  g_signal_connect_object (dictations, "added", G_CALLBACK (on_dictation_added), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictations, "idle", G_CALLBACK (model_calibrations_advance), self,
                           G_CONNECT_SWAPPED);

  return self;
}
