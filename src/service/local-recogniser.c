/* SPDX-License-Identifier: MIT */
#include "local-recogniser.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "file-transcription.h"
#include "local-model-choice.h"

/**
 * WhisLocalRecogniser:
 *
 * The embedded recogniser as an endpoint has it: a file goes the way of every transcription, but
 * never to another service, and nothing is recorded.
 */
struct _WhisLocalRecogniser
{
  GObject parent_instance;

  WhisDictations *dictations;
  WhisModelStore *models;
  WhisSettings *settings;
};

static void recogniser_iface_init (WhisEndpointRecogniserInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisLocalRecogniser,
                               whis_local_recogniser,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_ENDPOINT_RECOGNISER,
                                                      recogniser_iface_init))

#define PROVIDER "offline"

/* The user's own choice, by the name that every client knows. */
#define CHOICE "whisper-1"

/* What the settings and the recogniser call PocketSphinx, which is no file in the store. */
static const char *const sphinx[] = { "english", "pocketsphinx-en-us" };

/* --- the models ------------------------------------------------------------------------------- */

static GPtrArray *
collect_models (GPtrArray *entries)
{
  GPtrArray *models = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_endpoint_model_free);

  g_ptr_array_add (models, whis_endpoint_model_new (CHOICE, 0));
  for (guint i = 0; i < entries->len; i++)
    {
      const WhisModelEntry *entry = g_ptr_array_index (entries, i);

      if (whis_model_state_is_usable (entry->state))
        g_ptr_array_add (models, whis_endpoint_model_new (entry->id, 0));
    }

  return models;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) entries =
      whis_model_store_list_finish (WHIS_MODEL_STORE (source), result, &error);

  if (entries != NULL)
    g_task_return_pointer (task, collect_models (entries), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
list_async (WhisEndpointRecogniser *recogniser,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer data)
{
  WhisLocalRecogniser *self = WHIS_LOCAL_RECOGNISER (recogniser);
  GTask *task = g_task_new (self, cancellable, callback, data);

  g_task_set_source_tag (task, list_async);
  whis_model_store_list_async (self->models, cancellable, listed_cb, task);
}

static GPtrArray *
list_finish (WhisEndpointRecogniser *recogniser, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, recogniser), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Returns: what the recogniser calls a model that is on this computer, or %NULL */
static char *
find_engine_name (GPtrArray *entries, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sphinx); i++)
    if (g_str_equal (name, sphinx[i]))
      return g_strdup (sphinx[0]);
  for (guint i = 0; i < entries->len; i++)
    {
      const WhisModelEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *engine_name = whis_local_model_choice_dup_engine_name (entry->id);

      if (whis_model_state_is_usable (entry->state)
          && (g_str_equal (name, entry->id) || g_str_equal (name, engine_name)))
        return g_steal_pointer (&engine_name);
    }

  return NULL;
}

/* --- a file ----------------------------------------------------------------------------------- */

/* A request on its way; the task data. */
typedef struct
{
  int file;
  char *directory;
  char *model;
  char *language;
  char *prompt;
  double temperature;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  if (work->file >= 0)
    close (work->file);
  g_free (work->directory);
  g_free (work->model);
  g_free (work->language);
  g_free (work->prompt);
  g_free (work);
}

/* What a client can do something about, by the word that the bus has for an error. */
static const struct
{
  const char *failure;
  WhisEndpointError error;
} errors[] = {
  { "file", WHIS_ENDPOINT_ERROR_FILE },
  { "storage", WHIS_ENDPOINT_ERROR_STORAGE },
  { "language", WHIS_ENDPOINT_ERROR_LANGUAGE },
  { "model", WHIS_ENDPOINT_ERROR_UNKNOWN_MODEL },
  { "recogniser", WHIS_ENDPOINT_ERROR_NO_RECOGNISER },
};

/* Takes @error. */
static GError *
local_recogniser_translate (GError *error)
{
  g_autoptr (GError) owned = error;
  WhisEndpointError code = WHIS_ENDPOINT_ERROR_FAILED;

  if (g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_steal_pointer (&owned);
  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    if (g_str_equal (whis_failure_get_code (owned), errors[i].failure))
      code = errors[i].error;

  return g_error_new_literal (WHIS_ENDPOINT_ERROR, (int) code, owned->message);
}

static void
transcribed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  WhisRecord *record = whis_file_transcribe_finish (WHIS_FAILOVER (source), result, &error);

  if (record != NULL)
    g_task_return_pointer (task, record, (GDestroyNotify) whis_record_free);
  else
    g_task_return_error (task, local_recogniser_translate (error));
}

/* Takes the task. */
static void
local_recogniser_transcribe (GTask *owned_task, const char *model)
{
  g_autoptr (GTask) task = owned_task;
  WhisLocalRecogniser *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  const Work *work = g_task_get_task_data (task);
  WhisFileTranscriptionOptions options = {
    .file = work->file,
    .directory = work->directory,
    .language = work->language,
    .prompt = work->prompt,
    .temperature = work->temperature,
  };
  GError *error = NULL;
  g_autoptr (WhisFailover) route = whis_service_plan_make_local (
      whis_dictations_get_plan (self->dictations), model, &options.longest_chunk_ms, &error);

  if (route != NULL)
    whis_file_transcribe_async (route, &options, cancellable, transcribed_cb,
                                g_steal_pointer (&task));
  else
    g_task_return_error (task, local_recogniser_translate (error));
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Work *work = g_task_get_task_data (task);
  g_autoptr (GPtrArray) entries =
      whis_model_store_list_finish (WHIS_MODEL_STORE (source), result, NULL);
  g_autofree char *name = entries != NULL ? find_engine_name (entries, work->model) : NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (name != NULL)
    local_recogniser_transcribe (g_steal_pointer (&task), name);
  else
    g_task_return_new_error (task, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_UNKNOWN_MODEL,
                             _ ("The model “%s” is not on this computer; “whis models local” lists "
                                "those that are."),
                             work->model);
}

static void
transcribe_async (WhisEndpointRecogniser *recogniser,
                  const WhisEndpointRequest *request,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer data)
{
  WhisLocalRecogniser *self = WHIS_LOCAL_RECOGNISER (recogniser);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  g_autofree char *chosen = NULL;
  Work *work = g_new0 (Work, 1);

  g_task_set_source_tag (task, transcribe_async);
  work->file = fcntl (request->file, F_DUPFD_CLOEXEC, 3);
  work->directory = g_strdup (request->directory);
  work->model = g_strdup (request->model);
  work->language = g_strdup (request->language);
  work->prompt = g_strdup (request->prompt);
  work->temperature = request->temperature;
  g_task_set_task_data (task, work, work_free);
  if (work->file < 0)
    {
      g_task_return_new_error (task, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_STORAGE,
                               _ ("Too many files are open; try again when other transcriptions "
                                  "have ended."));
      return;
    }
  if (work->model != NULL)
    {
      whis_model_store_list_async (self->models, cancellable, looked_up_cb,
                                   g_steal_pointer (&task));
      return;
    }
  chosen = whis_settings_dup_model (self->settings, PROVIDER);
  local_recogniser_transcribe (g_steal_pointer (&task), chosen);
}

static WhisRecord *
transcribe_finish (WhisEndpointRecogniser *recogniser, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, recogniser), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
recogniser_iface_init (WhisEndpointRecogniserInterface *iface)
{
  iface->list_async = list_async;
  iface->list_finish = list_finish;
  iface->transcribe_async = transcribe_async;
  iface->transcribe_finish = transcribe_finish;
}

static void
whis_local_recogniser_dispose (GObject *object)
{
  WhisLocalRecogniser *self = WHIS_LOCAL_RECOGNISER (object);

  g_clear_object (&self->dictations);
  g_clear_object (&self->models);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_local_recogniser_parent_class)->dispose (object);
}

static void
whis_local_recogniser_class_init (WhisLocalRecogniserClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_local_recogniser_dispose;
}

static void
whis_local_recogniser_init (WhisLocalRecogniser *self)
{
}

/**
 * whis_local_recogniser_new:
 * @dictations: for the way to the embedded recogniser
 * @models: the models on this computer
 * @settings: which of them the user chose
 *
 * Returns: (transfer full): the recogniser
 */
WhisLocalRecogniser *
whis_local_recogniser_new (WhisDictations *dictations,
                           WhisModelStore *models,
                           WhisSettings *settings)
{
  WhisLocalRecogniser *self;

  g_return_val_if_fail (WHIS_IS_DICTATIONS (dictations), NULL);
  g_return_val_if_fail (WHIS_IS_MODEL_STORE (models), NULL);
  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);

  self = g_object_new (WHIS_TYPE_LOCAL_RECOGNISER, NULL);
  self->dictations = g_object_ref (dictations);
  self->models = g_object_ref (models);
  self->settings = g_object_ref (settings);

  return self;
}
