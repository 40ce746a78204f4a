/* SPDX-License-Identifier: MIT */
#include "history-export.h"

#include <gio/gunixfdlist.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

/* Errors of the service are sentences already, those of GIO are not. */
static void
return_unwritten (GTask *task, const GError *error)
{
  g_autofree char *name = g_file_get_parse_name (g_task_get_source_object (task));

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("“%s” cannot be written: %s"),
                             name, error->message);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    return_unwritten (task, error);
}

static void
write_contents (GTask *task, char *contents)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (contents, strlen (contents));

  g_file_replace_contents_bytes_async (g_task_get_source_object (task), bytes, NULL, FALSE,
                                       G_FILE_CREATE_PRIVATE, g_task_get_cancellable (task),
                                       written_cb, g_object_ref (task));
}

static char *
history_export_describe (WhisHistoryItem *entry)
{
  g_autoptr (JsonNode) node = json_gvariant_serialize (whis_history_item_get_description (entry));
  g_autofree char *json = json_to_string (node, TRUE);

  return g_strconcat (json, "\n", NULL);
}

static void
spliced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, &error) >= 0)
    g_task_return_boolean (task, TRUE);
  else
    return_unwritten (task, error);
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) stream = g_file_replace_finish (G_FILE (source), result, &error);

  if (stream == NULL)
    return_unwritten (task, error);
  else
    g_output_stream_splice_async (
        G_OUTPUT_STREAM (stream), g_task_get_task_data (task),
        G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
        G_PRIORITY_DEFAULT, g_task_get_cancellable (task), spliced_cb, g_object_ref (task));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GVariant) handle = NULL;
  int descriptor = -1;

  if (whis_bus_whis1_call_open_sound_finish (WHIS_BUS_WHIS1 (source), &handle, &list, result,
                                             &error))
    descriptor = g_unix_fd_list_get (list, g_variant_get_handle (handle), &error);
  if (descriptor < 0)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_set_task_data (task, g_unix_input_stream_new (descriptor, TRUE), g_object_unref);
  g_file_replace_async (g_task_get_source_object (task), NULL, FALSE, G_FILE_CREATE_PRIVATE,
                        G_PRIORITY_DEFAULT, g_task_get_cancellable (task), created_cb,
                        g_object_ref (task));
}

/**
 * whis_history_export_suggest_name:
 * @entry: an entry
 * @format: as for whis_history_export_async()
 *
 * Returns: (transfer full): a name for the file
 */
char *
whis_history_export_suggest_name (WhisHistoryItem *entry, const char *format)
{
  g_autoptr (GDateTime) universal =
      g_date_time_new_from_unix_utc (whis_history_item_get_created (entry) / 1000);
  g_autoptr (GDateTime) local = g_date_time_to_local (universal);
  g_autofree char *date = g_date_time_format (local, "%Y-%m-%d %H.%M");
  const char *ending = format;

  if (g_str_equal (format, "sound"))
    ending = whis_history_item_get_flag (entry, "lossless") ? "wav" : "mp3";

  /* Translators: the name of a file; the first %s is a date, the second the kind of file */
  return g_strdup_printf (_ ("Dictation %s.%s"), date, ending);
}

/**
 * whis_history_export_async:
 * @service: the service
 * @entry: an entry
 * @text: which of its texts
 * @format: `txt` for the text, `json` for all that is known of the dictation, with the keys of the
 *   D-Bus interface, `sound` for its sound as it was recorded
 * @file: where to write it
 * @cancellable: (nullable): ends the writing
 * @callback: called with @file when that is done
 * @user_data: passed to @callback
 *
 * Writes a dictation to a file that only the user can read.
 */
void
whis_history_export_async (WhisBusWhis1 *service,
                           WhisHistoryItem *entry,
                           const char *text,
                           const char *format,
                           GFile *file,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (file, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_history_export_async);
  if (g_str_equal (format, "txt"))
    write_contents (task, g_strconcat (text, "\n", NULL));
  else if (g_str_equal (format, "json"))
    write_contents (task, history_export_describe (entry));
  else
    whis_bus_whis1_call_open_sound (service, whis_history_item_get_string (entry, "id"), NULL,
                                    cancellable, opened_cb, g_steal_pointer (&task));
}

/**
 * whis_history_export_finish:
 * @file: the file
 * @result: what the callback was given
 * @error: where to put an error, whose message is a sentence unless it is one of the service
 *
 * Returns: whether the file was written
 */
gboolean
whis_history_export_finish (GFile *file, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, file), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_history_export_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
