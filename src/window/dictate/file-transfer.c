/* SPDX-License-Identifier: MIT */
#include "file-transfer.h"

#include <gio/gfiledescriptorbased.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>

#define QUERY                                                                                      \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE                                \
                                 "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME

G_DEFINE_QUARK (whis_file_transfer_error, whis_file_transfer_error)

typedef struct
{
  GFile *file;
  char *name;
} Transfer;

static void
transfer_free (Transfer *transfer)
{
  g_clear_object (&transfer->file);
  g_free (transfer->name);
  g_free (transfer);
}

static void
return_unreadable (GTask *task, const GError *error)
{
  Transfer *transfer = g_task_get_task_data (task);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_new_error (task, WHIS_FILE_TRANSFER_ERROR, WHIS_FILE_TRANSFER_ERROR_READ,
                             _ ("“%s” cannot be read: %s"), transfer->name, error->message);
}

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  if (whis_bus_whis1_call_transcribe_file_finish (WHIS_BUS_WHIS1 (source), &id, NULL, result,
                                                  &error))
    g_task_return_pointer (task, g_steal_pointer (&id), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
call_service (GTask *task, int descriptor)
{
  Transfer *transfer = g_task_get_task_data (task);
  g_autoptr (GUnixFDList) list = g_unix_fd_list_new ();
  g_autoptr (GError) error = NULL;

  if (g_unix_fd_list_append (list, descriptor, &error) < 0)
    {
      return_unreadable (task, error);
      return;
    }

  whis_bus_whis1_call_transcribe_file (g_task_get_source_object (task), g_variant_new_handle (0),
                                       transfer->name, g_variant_new ("a{sv}", NULL), list,
                                       g_task_get_cancellable (task), called_cb,
                                       g_object_ref (task));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, &error);
  Transfer *transfer = g_task_get_task_data (task);

  if (stream == NULL)
    return_unreadable (task, error);
  else if (!G_IS_FILE_DESCRIPTOR_BASED (stream))
    g_task_return_new_error (
        task, WHIS_FILE_TRANSFER_ERROR, WHIS_FILE_TRANSFER_ERROR_KIND,
        _ ("“%s” is not on this computer; copy it here first, then open the copy."),
        transfer->name);
  else
    call_service (task, g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (stream)));
}

static void
queried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);
  Transfer *transfer = g_task_get_task_data (task);

  if (info == NULL)
    {
      return_unreadable (task, error);
      return;
    }

  g_free (transfer->name);
  transfer->name = g_strdup (g_file_info_get_display_name (info));

  /* Opening a pipe or a device could block for ever. */
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    g_task_return_new_error (task, WHIS_FILE_TRANSFER_ERROR, WHIS_FILE_TRANSFER_ERROR_KIND,
                             _ ("“%s” is not a file; choose an audio or video file."),
                             transfer->name);
  else if (g_file_info_get_size (info) == 0)
    g_task_return_new_error (task, WHIS_FILE_TRANSFER_ERROR, WHIS_FILE_TRANSFER_ERROR_EMPTY,
                             _ ("“%s” is empty; choose a file with sound in it."), transfer->name);
  else
    g_file_read_async (transfer->file, G_PRIORITY_DEFAULT, g_task_get_cancellable (task), opened_cb,
                       g_object_ref (task));
}

/**
 * whis_file_transfer_async:
 * @service: the service
 * @file: an audio or video file
 * @cancellable: (nullable): ends the opening
 * @callback: called when the service has taken the file, or will not
 * @user_data: passed to @callback
 *
 * Opens a file and gives its descriptor to the service to transcribe.
 */
void
whis_file_transfer_async (WhisBusWhis1 *service,
                          GFile *file,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Transfer *transfer;

  g_return_if_fail (WHIS_BUS_IS_WHIS1 (service));
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (service, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_file_transfer_async);
  transfer = g_new0 (Transfer, 1);
  transfer->file = g_object_ref (file);
  transfer->name = g_file_get_parse_name (file);
  g_task_set_task_data (task, transfer, (GDestroyNotify) transfer_free);

  g_file_query_info_async (file, QUERY, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, cancellable,
                           queried_cb, g_steal_pointer (&task));
}

/**
 * whis_file_transfer_finish:
 * @service: the service
 * @result: what the callback was given
 * @error: where to put an error of %WHIS_FILE_TRANSFER_ERROR or of the service
 *
 * Returns: (transfer full): id of the new dictation, %NULL with @error set
 */
char *
whis_file_transfer_finish (WhisBusWhis1 *service, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, service), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_file_transfer_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
