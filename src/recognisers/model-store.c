/* SPDX-License-Identifier: MIT */
#include "model-store.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "model-store-private.h"
#include "part-file.h"

/**
 * WhisModelStore:
 *
 * The models for the recogniser on this computer: the user's own directory, and those of the
 * system, which distributions and schools fill.
 *
 * All that touches the disk happens in worker threads, one call after the other.
 */

G_DEFINE_FINAL_TYPE (WhisModelStore, whis_model_store, G_TYPE_OBJECT)

WhisModelStoreJob *
whis_model_store_job_new (const char *id)
{
  WhisModelStoreJob *job = g_new0 (WhisModelStoreJob, 1);

  job->id = g_strdup (id);
  job->file = -1;

  return job;
}

static void
job_free (WhisModelStoreJob *job)
{
  if (job->file >= 0)
    close (job->file);
  g_free (job->id);
  g_free (job->language);
  g_clear_pointer (&job->entry, whis_model_entry_unref);
  g_free (job->engine);
  g_free (job->measure.gpu);
  g_free (job);
}

/* --- in worker threads, with the mutex ---------------------------------------------------------
 */

static void
model_store_remove_leftovers (WhisModelStore *self)
{
  if (!self->is_tidied_up)
    whis_part_files_remove_old (self->files.directory);
  self->is_tidied_up = TRUE;
}

static gpointer
model_store_list (WhisModelStore *self,
                  WhisModelStoreJob *job,
                  GCancellable *cancellable,
                  GError **error)
{
  model_store_remove_leftovers (self);

  return whis_model_files_list (&self->files);
}

static gboolean
is_candidate (const WhisModelEntry *entry, const char *language)
{
  if (!whis_model_state_is_usable (entry->state))
    return FALSE;

  return language == NULL || *language == '\0' || entry->row == NULL
         || whis_local_model_has_language (entry->row, language);
}

/* A file that somebody else put there was not hashed yet. */
static gboolean
is_sound (WhisModelStore *self, WhisModelEntry *entry, GCancellable *cancellable)
{
  return whis_model_files_check (&self->files, entry, FALSE, cancellable, NULL)
         && whis_model_state_is_usable (entry->state);
}

static WhisModelEntry *
choose_best (WhisModelStore *self, const char *language, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) entries = whis_model_files_list (&self->files);

  for (guint i = 0; i < entries->len; i++)
    {
      WhisModelEntry *entry = g_ptr_array_index (entries, i);

      if (is_candidate (entry, language) && is_sound (self, entry, cancellable))
        return whis_model_entry_ref (entry);
    }

  return NULL;
}

static gpointer
fail_damaged (const char *id, GError **error)
{
  g_set_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_DAMAGED,
               _ ("The file of the model “%s” is damaged; “whis model fetch %s” fetches it again."),
               id, id);

  return NULL;
}

static gpointer
model_store_choose (WhisModelStore *self,
                    WhisModelStoreJob *job,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (WhisModelEntry) entry = NULL;

  if (job->id == NULL || *job->id == '\0')
    {
      entry = choose_best (self, job->language, cancellable);
      if (entry == NULL && !g_cancellable_set_error_if_cancelled (cancellable, error))
        g_set_error_literal (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_NOT_FOUND,
                             _ ("There is no model on this computer; “whis models local” lists "
                                "those that can be fetched."));
      return g_steal_pointer (&entry);
    }

  entry = whis_model_files_find (&self->files, job->id, error);
  if (entry == NULL || !whis_model_files_check (&self->files, entry, FALSE, cancellable, error))
    return NULL;
  if (!whis_model_state_is_usable (entry->state))
    return fail_damaged (job->id, error);

  return g_steal_pointer (&entry);
}

static gpointer
model_store_check (WhisModelStore *self,
                   WhisModelStoreJob *job,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (WhisModelEntry) entry = whis_model_files_find (&self->files, job->id, error);

  if (entry == NULL || !whis_model_files_check (&self->files, entry, TRUE, cancellable, error))
    return NULL;

  return g_steal_pointer (&entry);
}

static gpointer
note_fetched (WhisModelStore *self,
              WhisModelStoreJob *job,
              GCancellable *cancellable,
              GError **error)
{
  whis_model_files_note_fetched (&self->files, whis_local_model_lookup (job->id));

  return job;
}

static gpointer
model_store_import (WhisModelStore *self,
                    WhisModelStoreJob *job,
                    GCancellable *cancellable,
                    GError **error)
{
  return whis_model_files_import (&self->files, job->file, job->id, cancellable, error);
}

static gpointer
remove_model (WhisModelStore *self,
              WhisModelStoreJob *job,
              GCancellable *cancellable,
              GError **error)
{
  return whis_model_files_remove (&self->files, job->id, &job->freed, error) ? job : NULL;
}

/* --- the calls ---------------------------------------------------------------------------------
 */

typedef struct
{
  WhisModelStoreWork work;
  WhisModelStoreJob *job;
  GDestroyNotify free_result;
} Call;

static void
call_free (Call *call)
{
  job_free (call->job);
  g_free (call);
}

static void
model_store_run (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  WhisModelStore *self = object;
  const Call *call = data;
  GError *error = NULL;
  gpointer result;

  g_mutex_lock (&self->mutex);
  result = call->work (self, call->job, cancellable, &error);
  g_mutex_unlock (&self->mutex);
  if (result != NULL)
    g_task_return_pointer (task, result, call->free_result);
  else
    g_task_return_error (task, error);
}

void
whis_model_store_start (WhisModelStore *self,
                        gpointer source_tag,
                        WhisModelStoreWork work,
                        WhisModelStoreJob *job,
                        GDestroyNotify free_result,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Call *call = g_new (Call, 1);

  *call = (Call){ work, job, free_result };
  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  /* What was done to the files is told, whoever was cancelled meanwhile. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, model_store_run);
}

gpointer
whis_model_store_finish (WhisModelStore *self,
                         gpointer source_tag,
                         GAsyncResult *result,
                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == source_tag, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * whis_model_store_list_async:
 * @self: the store
 * @cancellable: (nullable): a cancellable
 * @callback: called with the models
 * @data: for @callback
 *
 * Looks which models there are and could be. No file is hashed for that.
 */
void
whis_model_store_list_async (WhisModelStore *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_return_if_fail (WHIS_IS_MODEL_STORE (self));

  whis_model_store_start (self, whis_model_store_list_async, model_store_list,
                          whis_model_store_job_new (NULL), (GDestroyNotify) g_ptr_array_unref,
                          cancellable, callback, data);
}

/**
 * whis_model_store_list_finish:
 * @self: the store
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type WhisModelEntry): all models of the catalogue, the best
 *   first, then the user's own
 */
GPtrArray *
whis_model_store_list_finish (WhisModelStore *self, GAsyncResult *result, GError **error)
{
  return whis_model_store_finish (self, whis_model_store_list_async, result, error);
}

/**
 * whis_model_store_choose_async:
 * @self: the store
 * @wanted: (nullable): the model that the user chose; %NULL or empty for the best that is there
 * @language: (nullable): the spoken language, where that is known
 * @cancellable: (nullable): a cancellable
 * @callback: called with the model
 * @data: for @callback
 *
 * Finds the model to recognise with. The best is the first in the order of the catalogue that knows
 * @language; a model of the user's own comes after those. A file that was not hashed yet is hashed.
 */
void
whis_model_store_choose_async (WhisModelStore *self,
                               const char *wanted,
                               const char *language,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  WhisModelStoreJob *job;

  g_return_if_fail (WHIS_IS_MODEL_STORE (self));

  job = whis_model_store_job_new (wanted);
  job->language = g_strdup (language);
  whis_model_store_start (self, whis_model_store_choose_async, model_store_choose, job,
                          (GDestroyNotify) whis_model_entry_unref, cancellable, callback, data);
}

/**
 * whis_model_store_choose_finish:
 * @self: the store
 * @result: what the callback got
 * @error: return location for an error of %WHIS_MODEL_ERROR: %WHIS_MODEL_ERROR_NOT_FOUND if the
 *   model is not on this computer, or there is none at all
 *
 * Returns: (transfer full): the model, whose file can be given to its engine
 */
WhisModelEntry *
whis_model_store_choose_finish (WhisModelStore *self, GAsyncResult *result, GError **error)
{
  return whis_model_store_finish (self, whis_model_store_choose_async, result, error);
}

/**
 * whis_model_store_check_async:
 * @self: the store
 * @id: a model
 * @cancellable: (nullable): a cancellable
 * @callback: called with what it is like
 * @data: for @callback
 *
 * Hashes the file of a model, also if that was done before.
 */
void
whis_model_store_check_async (WhisModelStore *self,
                              const char *id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  g_return_if_fail (WHIS_IS_MODEL_STORE (self));
  g_return_if_fail (id != NULL);

  whis_model_store_start (self, whis_model_store_check_async, model_store_check,
                          whis_model_store_job_new (id), (GDestroyNotify) whis_model_entry_unref,
                          cancellable, callback, data);
}

/**
 * whis_model_store_check_finish:
 * @self: the store
 * @result: what the callback got
 * @error: return location for an error of %WHIS_MODEL_ERROR
 *
 * Returns: (transfer full): the model; its `state` says what came out
 */
WhisModelEntry *
whis_model_store_check_finish (WhisModelStore *self, GAsyncResult *result, GError **error)
{
  return whis_model_store_finish (self, whis_model_store_check_async, result, error);
}

/**
 * whis_model_store_import_async:
 * @self: the store
 * @file: a descriptor of a model file; it is duplicated
 * @name: what the file is called
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is in the store
 * @data: for @callback
 *
 * Copies a file into the store: see whis_model_files_import().
 */
void
whis_model_store_import_async (WhisModelStore *self,
                               int file,
                               const char *name,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  WhisModelStoreJob *job;

  g_return_if_fail (WHIS_IS_MODEL_STORE (self));
  g_return_if_fail (file >= 0 && name != NULL);

  job = whis_model_store_job_new (name);
  job->file = fcntl (file, F_DUPFD_CLOEXEC, 3);
  whis_model_store_start (self, whis_model_store_import_async, model_store_import, job,
                          (GDestroyNotify) whis_model_entry_unref, cancellable, callback, data);
}

/**
 * whis_model_store_import_finish:
 * @self: the store
 * @result: what the callback got
 * @error: return location for an error of %WHIS_MODEL_ERROR or %WHIS_MODEL_HEADER_ERROR
 *
 * Returns: (transfer full): what the file is: verified if the catalogue has it, else the user's own
 */
WhisModelEntry *
whis_model_store_import_finish (WhisModelStore *self, GAsyncResult *result, GError **error)
{
  return whis_model_store_finish (self, whis_model_store_import_async, result, error);
}

/**
 * whis_model_store_remove_async:
 * @self: the store
 * @id: a model that is not being fetched, and not in use
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is gone
 * @data: for @callback
 *
 * Removes the file of a model, and the part that a download has left of it.
 */
void
whis_model_store_remove_async (WhisModelStore *self,
                               const char *id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  g_return_if_fail (WHIS_IS_MODEL_STORE (self));
  g_return_if_fail (id != NULL);

  whis_model_store_start (self, whis_model_store_remove_async, remove_model,
                          whis_model_store_job_new (id), NULL, cancellable, callback, data);
}

/**
 * whis_model_store_remove_finish:
 * @self: the store
 * @result: what the callback got
 * @freed: (out): how many bytes that has freed
 * @error: return location for an error of %WHIS_MODEL_ERROR
 *
 * Returns: whether it is gone
 */
gboolean
whis_model_store_remove_finish (WhisModelStore *self,
                                GAsyncResult *result,
                                guint64 *freed,
                                GError **error)
{
  const WhisModelStoreJob *job =
      whis_model_store_finish (self, whis_model_store_remove_async, result, error);

  g_return_val_if_fail (freed != NULL, FALSE);

  *freed = job != NULL ? job->freed : 0;

  return job != NULL;
}

/**
 * whis_model_store_note_fetched_async:
 * @self: the store
 * @model: a model whose file was hashed while it was fetched, and found right
 * @callback: called when that is remembered
 * @data: for @callback
 */
void
whis_model_store_note_fetched_async (WhisModelStore *self,
                                     const WhisLocalModel *model,
                                     GAsyncReadyCallback callback,
                                     gpointer data)
{
  g_return_if_fail (WHIS_IS_MODEL_STORE (self));
  g_return_if_fail (model != NULL);

  whis_model_store_start (self, whis_model_store_note_fetched_async, note_fetched,
                          whis_model_store_job_new (model->id), NULL, NULL, callback, data);
}

/**
 * whis_model_store_note_fetched_finish:
 * @self: the store
 * @result: what the callback got
 */
void
whis_model_store_note_fetched_finish (WhisModelStore *self, GAsyncResult *result)
{
  whis_model_store_finish (self, whis_model_store_note_fetched_async, result, NULL);
}

/**
 * whis_model_store_dup_path:
 * @self: the store
 * @model: a model of the catalogue
 *
 * Returns: (transfer full): where its file is to be
 */
char *
whis_model_store_dup_path (WhisModelStore *self, const WhisLocalModel *model)
{
  g_return_val_if_fail (WHIS_IS_MODEL_STORE (self), NULL);
  g_return_val_if_fail (model != NULL, NULL);

  return g_build_filename (self->files.directory, model->file, NULL);
}

static void
whis_model_store_finalize (GObject *object)
{
  WhisModelStore *self = WHIS_MODEL_STORE (object);

  g_mutex_clear (&self->mutex);
  g_free (self->files.directory);
  g_strfreev (self->files.system_directories);
  g_clear_pointer (&self->files.checks, whis_model_checks_free);
  g_clear_pointer (&self->files.measures, whis_model_measures_free);
  g_free (self->files.computer);
  g_free (self->files.drivers);

  G_OBJECT_CLASS (whis_model_store_parent_class)->finalize (object);
}

static void
whis_model_store_class_init (WhisModelStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_model_store_finalize;
}

static void
whis_model_store_init (WhisModelStore *self)
{
  g_mutex_init (&self->mutex);
}

/**
 * whis_model_store_new:
 * @directory: where the user's models are; it need not exist
 * @system_directories: (array zero-terminated=1): where the system's may be
 *
 * Returns: (transfer full): a store
 */
WhisModelStore *
whis_model_store_new (const char *directory, const char *const *system_directories)
{
  WhisModelStore *self;
  g_autofree char *checks = NULL;
  g_autofree char *measures = NULL;

  g_return_val_if_fail (directory != NULL, NULL);
  g_return_val_if_fail (system_directories != NULL, NULL);

  self = g_object_new (WHIS_TYPE_MODEL_STORE, NULL);
  self->files.directory = g_strdup (directory);
  self->files.system_directories = g_strdupv ((GStrv) system_directories);
  checks = g_build_filename (directory, "checked", NULL);
  self->files.checks = whis_model_checks_new (checks);
  measures = g_build_filename (directory, "measured", NULL);
  self->files.measures = whis_model_measures_new (measures);
  self->files.computer = g_strdup ("");
  self->files.drivers = g_strdup ("");

  return self;
}

/**
 * whis_model_store_set_computer:
 * @self: a store that is not at work
 * @computer: what the computer and the recogniser's program are
 * @drivers: what the drivers of graphics processors are
 *
 * Measures of another computer, or of a program of before, do not hold.
 */
void
whis_model_store_set_computer (WhisModelStore *self, const char *computer, const char *drivers)
{
  g_return_if_fail (WHIS_IS_MODEL_STORE (self));
  g_return_if_fail (computer != NULL && drivers != NULL);

  g_free (self->files.computer);
  self->files.computer = g_strdup (computer);
  g_free (self->files.drivers);
  self->files.drivers = g_strdup (drivers);
}

/**
 * whis_model_store_new_default:
 *
 * Returns: (transfer full): the store in the user's data directory, and the directories
 *   `whis/models` in those of the system, such as `/usr/share/whis/models`
 */
WhisModelStore *
whis_model_store_new_default (void)
{
  g_autofree char *directory =
      g_build_filename (g_get_user_data_dir (), WHIS_USER_FOLDER, "models", NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) system = NULL;

  for (const char *const *data = g_get_system_data_dirs (); *data != NULL; data++)
    {
      g_autofree char *folder = g_build_filename (*data, "whis", "models", NULL);

      g_strv_builder_add (builder, folder);
    }
  system = g_strv_builder_end (builder);

  return whis_model_store_new (directory, (const char *const *) system);
}
