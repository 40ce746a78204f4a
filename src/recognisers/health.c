/* SPDX-License-Identifier: MIT */
#include "health.h"

#include <string.h>

/* The answer is to come when the model is loaded (RFC 7240, 4.3). */
#define REQUEST                                                                                    \
  "GET /health%s%s HTTP/1.1\r\n"                                                                   \
  "Host: localhost\r\n"                                                                            \
  "Prefer: wait\r\n"                                                                               \
  "Connection: close\r\n"                                                                          \
  "\r\n"

/* A program that says what is wrong with a model is well; who asks it for something is told. */
static const char good_answer[] = "HTTP/1.1 ";

/* One request; the task data. */
typedef struct
{
  GSocketConnection *connection;
  char *request;
  char answer[sizeof good_answer];
} Check;

static void
check_free (Check *check)
{
  g_clear_object (&check->connection);
  g_free (check->request);
  g_free (check);
}

static void
on_health_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  Check *check = g_task_get_task_data (task);

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, NULL, &error))
    g_task_return_error (task, error);
  else if (strcmp (check->answer, good_answer) != 0)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "The answer is not good");
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_health_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  Check *check = g_task_get_task_data (task);
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (check->connection));

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_task_return_error (task, error);
  else
    g_input_stream_read_all_async (input, check->answer, strlen (good_answer), G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_health_answered,
                                   g_object_ref (task));
}

static void
on_health_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  Check *check = g_task_get_task_data (task);
  GOutputStream *output;

  check->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (check->connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  output = g_io_stream_get_output_stream (G_IO_STREAM (check->connection));
  g_output_stream_write_all_async (output, check->request, strlen (check->request),
                                   G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                   on_health_asked, g_object_ref (task));
}

/**
 * whis_health_check_async:
 * @address: where the recogniser listens
 * @model: (nullable): the model that is to be loaded, or %NULL for the default
 * @timeout_seconds: how long to wait for it, in seconds
 * @cancellable: (nullable): a cancellable
 * @callback: called with the answer
 * @data: for @callback
 *
 * Asks the recogniser how it is (`GET /health`). It answers when its model is loaded.
 */
void
whis_health_check_async (GSocketAddress *address,
                         const char *model,
                         guint timeout_seconds,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GSocketClient) client = NULL;
  g_autofree char *escaped = NULL;
  Check *check;
  GTask *task;

  g_return_if_fail (G_IS_SOCKET_ADDRESS (address));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  client = g_socket_client_new ();
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, whis_health_check_async);
  check = g_new0 (Check, 1);
  escaped = model != NULL ? g_uri_escape_string (model, NULL, FALSE) : NULL;
  check->request =
      g_strdup_printf (REQUEST, escaped != NULL ? "?model=" : "", escaped != NULL ? escaped : "");
  g_task_set_task_data (task, check, (GDestroyNotify) check_free);
  g_socket_client_set_timeout (client, timeout_seconds);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), cancellable,
                                 on_health_connected, task);
}

/**
 * whis_health_check_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: %TRUE if the recogniser is well; else %FALSE with %G_IO_ERROR_TIMED_OUT if it kept
 *   silent, or another %GIOErrorEnum
 */
gboolean
whis_health_check_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_health_check_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
