/* SPDX-License-Identifier: MIT */
#include "range.h"
#include "service-error.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  guint64 offset;
  gsize size;
  guint8 *buffer;
  GInputStream *stream;
} Range;

static void
range_free (gpointer data)
{
  Range *range = data;

  g_free (range->buffer);
  g_clear_object (&range->stream);
  g_free (range);
}

static void
return_error (GTask *task, GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, cause);
      return;
    }
  g_task_return_error (task, whis_service_error_new (WHIS_SERVICE_ERROR_FILE,
                                                     _ ("The recorded sound could not be read."),
                                                     cause != NULL ? cause->message : NULL));
  g_clear_error (&cause);
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Range *range = g_task_get_task_data (task);
  GError *error = NULL;
  gsize n_read;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n_read, &error))
    return_error (task, error);
  else if (n_read < range->size)
    return_error (task, NULL);
  else
    g_task_return_pointer (task, g_bytes_new_take (g_steal_pointer (&range->buffer), range->size),
                           (GDestroyNotify) g_bytes_unref);
}

static void
did_open (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Range *range = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  range->stream = G_INPUT_STREAM (g_file_read_finish (G_FILE (source), result, &error));
  if (range->stream == NULL
      || !g_seekable_seek (G_SEEKABLE (range->stream), range->offset, G_SEEK_SET, cancellable,
                           &error))
    {
      return_error (task, error);
      return;
    }
  range->buffer = g_try_malloc (range->size);
  if (range->buffer == NULL)
    {
      return_error (task, NULL);
      return;
    }
  g_input_stream_read_all_async (range->stream, range->buffer, range->size, G_PRIORITY_DEFAULT,
                                 cancellable, did_read, g_steal_pointer (&task));
}

/**
 * whis_range_read_async:
 * @path: a file
 * @offset: first byte to read
 * @size: number of bytes to read, more than 0
 * @cancellable: (nullable): a cancellable
 * @callback: called when the bytes are there
 * @data: data for @callback
 *
 * Reads a range of a file.
 */
void
whis_range_read_async (const char *path,
                       guint64 offset,
                       gsize size,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer data)
{
  g_autoptr (GFile) file = NULL;
  GTask *task;
  Range *range;

  g_return_if_fail (path != NULL);
  g_return_if_fail (offset <= G_MAXINT64);
  g_return_if_fail (size > 0);

  file = g_file_new_for_path (path);
  range = g_new0 (Range, 1);
  range->offset = offset;
  range->size = size;
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, whis_range_read_async);
  g_task_set_task_data (task, range, range_free);
  g_file_read_async (file, G_PRIORITY_DEFAULT, cancellable, did_open, task);
}

/**
 * whis_range_read_finish:
 * @result: what the callback got
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Returns: (transfer full): exactly the bytes that were asked for; %NULL with
 *   %WHIS_SERVICE_ERROR_FILE when the file has fewer, or %G_IO_ERROR_CANCELLED
 */
GBytes *
whis_range_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
