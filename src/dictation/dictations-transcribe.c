/* SPDX-License-Identifier: MIT */
#include "dictations-private.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>
#include <malloc.h>

#include "bus-error.h"
#include "file-origin.h"
#include "local-model-choice.h"
#include "start-options.h"

typedef struct
{
  int file;
  char *name;
  char *origin;
  WhisStartOptions options;
} Transcription;

static void
transcription_free (gpointer data)
{
  Transcription *wanted = data;

  if (wanted->file >= 0)
    close (wanted->file);
  g_free (wanted->name);
  g_free (wanted->origin);
  whis_start_options_clear (&wanted->options);
  g_free (wanted);
}

static void
begin_file (GTask *owned_task, const WhisRecord *known)
{
  g_autoptr (GTask) task = owned_task;
  Transcription *wanted = g_task_get_task_data (task);
  GError *error = NULL;
  WhisDictation *dictation;

  if (g_task_return_error_if_cancelled (task))
    return;

  dictation =
      whis_dictations_begin_new (g_task_get_source_object (task), wanted->file, wanted->name,
                                 wanted->origin, known, NULL, &wanted->options, &error);
  if (dictation != NULL)
    g_task_return_pointer (task, g_object_ref (dictation), g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
known_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisRecord) known =
      whis_history_find_origin_finish (WHIS_HISTORY (object), result, NULL);

  begin_file (user_data, known);
}

static void
model_known_for_file_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  WhisDictations *self = g_task_get_source_object (task);
  Transcription *wanted = g_task_get_task_data (task);

  whis_local_model_choice_wait_finish (WHIS_LOCAL_MODEL_CHOICE (object), result);
  if (wanted->origin != NULL)
    whis_history_find_origin_async (self->history, wanted->origin, g_task_get_cancellable (task),
                                    known_found_cb, task);
  else
    begin_file (task, NULL);
}

/* What an interrupted try on the same file has understood already is not asked for again. */
static void
origin_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  WhisDictations *self = g_task_get_source_object (task);
  Transcription *wanted = g_task_get_task_data (task);

  wanted->origin = whis_file_origin_finish (result);
  whis_local_model_choice_wait_async (self->local_model, model_known_for_file_cb, task);
}

/**
 * whis_dictations_transcribe_async:
 * @self: the dictations
 * @file: a readable file descriptor
 * @name: (nullable): what the file is called
 * @options: (nullable): as in the D-Bus method `TranscribeFile`
 * @cancellable: (nullable): a cancellable
 * @callback: called when it has started
 * @user_data: data for @callback
 *
 * Finds out which file it is, and starts to transcribe it.
 */
void
whis_dictations_transcribe_async (WhisDictations *self,
                                  int file,
                                  const char *name,
                                  GVariant *options,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Transcription *wanted;
  GError *error = NULL;

  g_return_if_fail (WHIS_IS_DICTATIONS (self));
  g_return_if_fail (file >= 0);

  wanted = g_new0 (Transcription, 1);
  wanted->file = fcntl (file, F_DUPFD_CLOEXEC, 3);
  wanted->name = g_strdup (name);
  wanted->options = (WhisStartOptions) WHIS_START_OPTIONS_INIT;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_dictations_transcribe_async);
  g_task_set_task_data (task, wanted, transcription_free);
  if (!whis_start_options_read (&wanted->options, WHIS_START_FILE, options, &error))
    g_task_return_error (task, error);
  else if (wanted->file < 0)
    g_task_return_new_error (task, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FILE,
                             _ ("Too many files are open; try again when other transcriptions have "
                                "ended."));
  else
    whis_file_origin_async (wanted->file, cancellable, origin_found_cb, g_steal_pointer (&task));
}

/**
 * whis_dictations_transcribe_finish:
 * @self: the dictations
 * @result: what the callback got
 * @error: return location for an error of %WHIS_BUS_ERROR or of the speech room
 *
 * Returns: (transfer full): the dictation; it may have failed already
 */
WhisDictation *
whis_dictations_transcribe_finish (WhisDictations *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- going on with an earlier dictation ------------------------------------------------------- */
