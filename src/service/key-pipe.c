/* SPDX-License-Identifier: MIT */
#include "key-pipe.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "bus-error.h"
#include "keyring.h"

/* Longer than any key; what is longer was sent by mistake. */
#define LONGEST_KEY 8192

static void
wipe (gpointer buffer)
{
  explicit_bzero (buffer, LONGEST_KEY + 1);
  g_free (buffer);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  char *buffer = g_task_get_task_data (task);
  gsize size = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (object), result, &size, &error))
    g_task_return_new_error (task, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                             _ ("The key could not be read: %s."), error->message);
  else if (size > LONGEST_KEY || memchr (buffer, 0, size) != NULL)
    g_task_return_new_error (task, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                             _ ("What was given is no API key; nothing was changed."));
  else
    g_task_return_pointer (task, g_strdup (buffer), (GDestroyNotify) whis_key_free);
}

/**
 * whis_key_pipe_read_async:
 * @stream: a pipe or file
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Reads a key to the end of @stream.
 */
void
whis_key_pipe_read_async (GInputStream *stream, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  char *buffer = g_malloc0 (LONGEST_KEY + 2);

  g_return_if_fail (G_IS_INPUT_STREAM (stream));

  task = g_task_new (stream, NULL, callback, user_data);
  g_task_set_source_tag (task, whis_key_pipe_read_async);
  g_task_set_task_data (task, buffer, wipe);
  g_input_stream_read_all_async (stream, buffer, LONGEST_KEY + 1, G_PRIORITY_DEFAULT, NULL, read_cb,
                                 g_steal_pointer (&task));
}

/**
 * whis_key_pipe_read_finish:
 * @stream: a pipe or file
 * @result: the result
 * @error: return location for an error of %WHIS_BUS_ERROR
 *
 * Returns: (transfer full): the key, to be freed with whis_key_free()
 */
char *
whis_key_pipe_read_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stream), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_key_pipe_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
