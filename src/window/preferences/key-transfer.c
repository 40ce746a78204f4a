/* SPDX-License-Identifier: MIT */
#include "key-transfer.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <string.h>

#include "secret.h"

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  if (whis_bus_whis1_call_set_key_finish (WHIS_BUS_WHIS1 (source), NULL, &message, NULL, result,
                                          &error))
    g_task_return_pointer (task, g_steal_pointer (&message), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* What the writing came to shows in the answer of the service, which reads to the pipe's end. The
 * task was kept until now for the key that it holds. */
static void
written_cb (GObject *source, GAsyncResult *result, gpointer task)
{
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_debug ("key transfer: %s", error->message);
  g_output_stream_close_async (G_OUTPUT_STREAM (source), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_object_unref (task);
}

static gboolean
open_pipe (GUnixFDList **list, GOutputStream **stream, GError **error)
{
  int ends[2];

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return FALSE;

  *stream = g_unix_output_stream_new (ends[1], TRUE);
  *list = g_unix_fd_list_new_from_array (ends, 1);
  return g_unix_set_fd_nonblocking (ends[1], TRUE, error);
}

/**
 * whis_key_transfer_async:
 * @service: the service
 * @provider: id of a provider
 * @key: an API key
 * @cancellable: (nullable): ends the waiting
 * @callback: called when the service has answered
 * @user_data: passed to @callback
 *
 * Gives a key to the service through a pipe, so that it does not pass over the bus.
 */
void
whis_key_transfer_async (WhisBusWhis1 *service,
                         const char *provider,
                         const char *key,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GOutputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  char *copy;

  g_return_if_fail (WHIS_BUS_IS_WHIS1 (service));
  g_return_if_fail (provider != NULL && key != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (service, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_key_transfer_async);
  copy = g_strdup (key);
  g_task_set_task_data (task, copy, (GDestroyNotify) whis_secret_free);

  if (!open_pipe (&list, &stream, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_output_stream_write_all_async (stream, copy, strlen (copy), G_PRIORITY_DEFAULT, cancellable,
                                   written_cb, g_object_ref (task));
  whis_bus_whis1_call_set_key (service, provider, g_variant_new_handle (0), list, cancellable,
                               called_cb, g_steal_pointer (&task));
}

/**
 * whis_key_transfer_finish:
 * @service: the service
 * @result: what the callback was given
 * @error: where to put an error of the pipe or of the service
 *
 * Returns: (transfer full): a sentence that says where the key is, %NULL with @error set
 */
char *
whis_key_transfer_finish (WhisBusWhis1 *service, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, service), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_key_transfer_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
