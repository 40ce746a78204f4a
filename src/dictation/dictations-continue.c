/* SPDX-License-Identifier: MIT */
#include "dictations-private.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>
#include <malloc.h>

#include "bus-error.h"
#include "local-model-choice.h"
#include "start-options.h"

typedef struct
{
  char *id;
  WhisDictationMode mode;
  gboolean offer;
  WhisStartOptions options;
  GHashTable *claims; /* has @id in it; or NULL */
  WhisRecord *record; /* what the history knows of it, once it was asked */
  int lock;           /* on its sound; or -1 */
  guint64 sound_size;
} Continuation;

static void
continuation_free (gpointer data)
{
  Continuation *wanted = data;

  if (wanted->lock >= 0)
    close (wanted->lock);
  if (wanted->claims != NULL)
    {
      g_hash_table_remove (wanted->claims, wanted->id);
      g_hash_table_unref (wanted->claims);
    }
  g_clear_pointer (&wanted->record, whis_record_free);
  g_free (wanted->id);
  whis_start_options_clear (&wanted->options);
  g_free (wanted);
}

static void
set_worked_on (GError **error)
{
  g_set_error_literal (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
                       _ ("This dictation is being worked on."));
}

/* Until it has begun, what goes on is not among the dictations, and its lock would look like that
 * of another program. */
static gboolean
continuation_claim (Continuation *wanted, WhisDictations *self, GError **error)
{
  if (g_hash_table_contains (self->claims, wanted->record->id))
    {
      set_worked_on (error);
      return FALSE;
    }

  g_free (wanted->id);
  wanted->id = g_strdup (wanted->record->id);
  wanted->claims = g_hash_table_ref (self->claims);
  g_hash_table_add (self->claims, g_strdup (wanted->id));

  return TRUE;
}

static gboolean
check_can_continue (WhisDictations *self,
                    const WhisRecord *record,
                    WhisDictationMode mode,
                    GError **error)
{
  if (whis_dictations_lookup (self, record->id) != NULL)
    set_worked_on (error);
  else if (mode == WHIS_DICTATION_MODE_RESUME && record->state == WHIS_DICTATION_STATE_DONE)
    g_set_error_literal (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
                         _ ("This dictation is finished; “whis history again” transcribes it with "
                            "another service."));
  else if (!record->has_sound)
    g_set_error_literal (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
                         _ ("The sound of this dictation is not there any more."));
  else
    return TRUE;

  return FALSE;
}

/* A dictation that goes on has its pieces; what has a text already is cut anew for another model
 * that wants other pieces. */
static void
prepare_pieces (WhisDictations *self,
                WhisRecord *record,
                const WhisProvider *provider,
                WhisDictationMode mode)
{
  guint longest_ms = whis_service_plan_get_longest_chunk_ms (self->plan, provider, record->model);

  if (mode == WHIS_DICTATION_MODE_AGAIN && record->longest_chunk_ms > longest_ms)
    g_ptr_array_set_size (record->chunks, 0);
  if (record->chunks->len == 0 || record->longest_chunk_ms == 0)
    record->longest_chunk_ms = longest_ms;
}

static WhisDictation *
begin_again (WhisDictations *self, Continuation *wanted, GError **error)
{
  WhisStartOptions *options = &wanted->options;
  WhisRecord *record = wanted->record;
  WhisDictationPlan plan = { .mode = wanted->mode, .record = record, .offer = wanted->offer };

  whis_start_options_inherit (options, record);
  if (!whis_start_options_complete (options, self->settings, record->deliver, error)
      || !whis_dictations_check_local_choice (self, options, error))
    return NULL;

  g_free (record->model);
  record->model = whis_dictations_dup_model (self, options);
  g_free (record->language);
  record->language = g_strdup (options->language);
  record->deliver = options->deliver;
  prepare_pieces (self, record, options->provider, wanted->mode);
  plan.file = -1;
  plan.lock = wanted->lock;
  plan.sound_size = wanted->sound_size;
  plan.vocabulary = whis_settings_get_vocabulary (self->settings);
  plan.wants_times = options->times;
  plan.attached = options->attached;

  return whis_dictations_begin (self, &plan, options, error);
}

static WhisDictation *
find_closing (WhisDictations *self, const char *id)
{
  for (guint i = 0; i < self->closing->len; i++)
    if (g_str_equal (whis_dictation_get_id (g_ptr_array_index (self->closing, i)), id))
      return g_ptr_array_index (self->closing, i);

  return NULL;
}

typedef struct
{
  GTask *task;
  char *id;
} Postponed;

static void found_cb (GObject *object, GAsyncResult *result, gpointer user_data);

static void
go_on_cb (WhisDictation *closed, gpointer user_data)
{
  Postponed *postponed = user_data;
  WhisDictations *self = g_task_get_source_object (postponed->task);

  whis_history_get_async (self->history, postponed->id, g_task_get_cancellable (postponed->task),
                          found_cb, g_object_ref (postponed->task));
  g_signal_handlers_disconnect_by_data (closed, postponed);
}

static void
postponed_free (gpointer data, GClosure *closure)
{
  Postponed *postponed = data;

  g_object_unref (postponed->task);
  g_free (postponed->id);
  g_free (postponed);
}

/* The last words of what was just cancelled are on their way to its file. */
static void
dictations_postpone (WhisDictation *closing, GTask *task)
{
  Postponed *postponed = g_new (Postponed, 1);

  postponed->task = g_object_ref (task);
  postponed->id = g_strdup (whis_dictation_get_id (closing));
  g_signal_connect_data (closing, "closed", G_CALLBACK (go_on_cb), postponed, postponed_free,
                         G_CONNECT_AFTER);
}

static void
return_begun (WhisDictations *self, GTask *task)
{
  Continuation *wanted = g_task_get_task_data (task);
  GError *error = NULL;
  WhisDictation *dictation = begin_again (self, wanted, &error);

  if (dictation == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  wanted->lock = -1;
  g_task_return_pointer (task, g_object_ref (dictation), g_object_unref);
}

/* Who had the lock until now may have finished it: the entry is read once more. */
static void
locked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisDictations *self = g_task_get_source_object (task);
  Continuation *wanted = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  wanted->lock =
      whis_history_lock_finish (WHIS_HISTORY (object), result, &wanted->sound_size, &error);
  if (wanted->lock >= 0)
    whis_history_get_async (self->history, wanted->record->id, g_task_get_cancellable (task),
                            found_cb, g_object_ref (task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisDictations *self = g_task_get_source_object (task);
  Continuation *wanted = g_task_get_task_data (task);
  GError *error = NULL;
  WhisDictation *closing;

  g_clear_pointer (&wanted->record, whis_record_free);
  wanted->record = whis_history_get_finish (WHIS_HISTORY (object), result, &error);
  closing = wanted->record != NULL ? find_closing (self, wanted->record->id) : NULL;
  if (closing != NULL)
    dictations_postpone (closing, task);
  else if (wanted->record == NULL
           || !check_can_continue (self, wanted->record, wanted->mode, &error))
    g_task_return_error (task, error);
  else if (wanted->lock >= 0)
    return_begun (self, task);
  else if (!continuation_claim (wanted, self, &error))
    g_task_return_error (task, error);
  else
    whis_history_lock_async (self->history, wanted->record->id, g_task_get_cancellable (task),
                             locked_cb, g_object_ref (task));
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) records =
      whis_history_list_finish (WHIS_HISTORY (object), result, NULL, &error);
  const WhisRecord *newest =
      records != NULL && records->len > 0 ? g_ptr_array_index (records, 0) : NULL;

  if (newest != NULL)
    whis_history_get_async (WHIS_HISTORY (object), newest->id, g_task_get_cancellable (task),
                            found_cb, g_object_ref (task));
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_new_error (task, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
                             _ ("No dictation waits to be finished."));
}

static void
model_known_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  WhisDictations *self = g_task_get_source_object (task);
  const Continuation *wanted = g_task_get_task_data (task);
  const WhisHistoryQuery unfinished = {
    .states = 1u << WHIS_DICTATION_STATE_WAITING | 1u << WHIS_DICTATION_STATE_INTERRUPTED,
    .limit = 1,
  };

  whis_local_model_choice_wait_finish (WHIS_LOCAL_MODEL_CHOICE (object), result);
  if (*wanted->id == '\0')
    whis_history_list_async (self->history, &unfinished, g_task_get_cancellable (task), listed_cb,
                             task);
  else
    whis_history_get_async (self->history, wanted->id, g_task_get_cancellable (task), found_cb,
                            task);
}

/**
 * whis_dictations_continue_async:
 * @self: the dictations
 * @id: an earlier dictation; empty for the newest one that is unfinished
 * @mode: %WHIS_DICTATION_MODE_RESUME or %WHIS_DICTATION_MODE_AGAIN
 * @options: (nullable): what is to differ from the last time, as in the D-Bus method
 *   `Resume` or `TranscribeAgain`
 * @offer: whether the text is offered to the user, and not delivered
 * @cancellable: (nullable): a cancellable
 * @callback: called when it has started
 * @user_data: data for @callback
 *
 * Goes on with an earlier dictation.
 */
void
whis_dictations_continue_async (WhisDictations *self,
                                const char *id,
                                WhisDictationMode mode,
                                GVariant *options,
                                gboolean offer,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Continuation *wanted;
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (WHIS_IS_DICTATIONS (self));
  g_return_if_fail (id != NULL);

  wanted = g_new0 (Continuation, 1);
  wanted->id = g_strdup (id);
  wanted->lock = -1;
  wanted->mode = mode;
  wanted->offer = offer;
  wanted->options = (WhisStartOptions) WHIS_START_OPTIONS_INIT;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_dictations_continue_async);
  g_task_set_task_data (task, wanted, continuation_free);
  if (whis_start_options_read (&wanted->options,
                               mode == WHIS_DICTATION_MODE_AGAIN ? WHIS_START_AGAIN
                                                                 : WHIS_START_RESUME,
                               options, &error))
    whis_local_model_choice_wait_async (self->local_model, model_known_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/**
 * whis_dictations_continue_finish:
 * @self: the dictations
 * @result: what the callback got
 * @error: return location for an error of %WHIS_BUS_ERROR, the store or the speech room
 *
 * Returns: (transfer full): the dictation; it may have failed already
 */
WhisDictation *
whis_dictations_continue_finish (WhisDictations *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
