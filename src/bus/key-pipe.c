/* SPDX-License-Identifier: MIT */
#include "key-pipe.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "bus-error.h"
#include "keyring.h"
#include "secret.h"

/* Longer than any key; what is longer was sent by mistake. */
#define LONGEST_KEY 8192

/* Whoever calls has the key, and writes it at once. */
#define LONGEST_WAIT_MS 5000

typedef struct
{
  char buffer[LONGEST_KEY + 2];
  GCancellable *cancellable;
  GSource *deadline;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_source_destroy (reading->deadline);
  g_source_unref (reading->deadline);
  g_object_unref (reading->cancellable);
  explicit_bzero (reading->buffer, sizeof reading->buffer);
  g_free (reading);
}

static gboolean
deadline_passed (gpointer data)
{
  g_cancellable_cancel (data);

  return G_SOURCE_REMOVE;
}

static Reading *
reading_new (GMainContext *context)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->cancellable = g_cancellable_new ();
  reading->deadline = g_timeout_source_new (LONGEST_WAIT_MS);
  g_source_set_callback (reading->deadline, deadline_passed, reading->cancellable, NULL);
  g_source_attach (reading->deadline, context);

  return reading;
}

static void
key_pipe_fail (GTask *task, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_new_error (task, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                             _ ("The key was not sent to its end; nothing was changed. Close the "
                                "pipe behind it."));
  else
    g_task_return_new_error (task, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                             _ ("The key could not be read: %s."), error->message);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Reading *reading = g_task_get_task_data (task);
  gsize size = 0;

  g_source_destroy (reading->deadline);
  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (object), result, &size, &error))
    key_pipe_fail (task, error);
  else if (size > LONGEST_KEY || memchr (reading->buffer, 0, size) != NULL)
    g_task_return_new_error (task, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                             _ ("What was given is no API key; nothing was changed."));
  else
    g_task_return_pointer (task, g_strdup (reading->buffer), (GDestroyNotify) whis_secret_free);
}

/**
 * whis_key_pipe_read_async:
 * @stream: a pipe or file
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Reads a key to the end of @stream, for five seconds at most.
 */
void
whis_key_pipe_read_async (GInputStream *stream, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Reading *reading;

  g_return_if_fail (G_IS_INPUT_STREAM (stream));

  task = g_task_new (stream, NULL, callback, user_data);
  g_task_set_source_tag (task, whis_key_pipe_read_async);
  reading = reading_new (g_task_get_context (task));
  g_task_set_task_data (task, reading, reading_free);
  g_input_stream_read_all_async (stream, reading->buffer, LONGEST_KEY + 1, G_PRIORITY_DEFAULT,
                                 reading->cancellable, read_cb, g_steal_pointer (&task));
}

/**
 * whis_key_pipe_read_finish:
 * @stream: a pipe or file
 * @result: the result
 * @error: return location for an error of %WHIS_BUS_ERROR
 *
 * Returns: (transfer full): the key, to be freed with whis_secret_free()
 */
char *
whis_key_pipe_read_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stream), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_key_pipe_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
