/* SPDX-License-Identifier: MIT */
#include "focus-query.h"

/* What several sources say about the focus; the data of its task. */
typedef struct
{
  WhisFocus *focus;
  guint n_awaited;
} Query;

static void
query_free (Query *query)
{
  g_clear_pointer (&query->focus, whis_focus_unref);
  g_free (query);
}

static void
query_return (GTask *task)
{
  Query *query = g_task_get_task_data (task);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&query->focus),
                           (GDestroyNotify) whis_focus_unref);
}

static void
on_source_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Query *query = g_task_get_task_data (task);
  g_autoptr (WhisFocus) known = g_steal_pointer (&query->focus);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisFocus) told =
      whis_focus_source_query_finish (WHIS_FOCUS_SOURCE (source), result, &error);

  if (error != NULL)
    g_debug ("%s does not tell the focus: %s", G_OBJECT_TYPE_NAME (source), error->message);

  query->focus = whis_focus_merge (known, told);
  if (--query->n_awaited == 0)
    query_return (task);
}

/**
 * whis_focus_query_async:
 * @sources: (element-type WhisFocusSource): whom to ask; what the first one says counts before the
 *   others
 * @cancellable: (nullable): to give up
 * @callback: called with what is known; the source object is %NULL
 * @user_data: for @callback
 *
 * Asks all sources at once what has the keyboard focus now.
 */
void
whis_focus_query_async (GPtrArray *sources,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Query *query = g_new0 (Query, 1);

  g_task_set_source_tag (task, whis_focus_query_async);
  query->n_awaited = sources->len;
  g_task_set_task_data (task, query, (GDestroyNotify) query_free);
  if (query->n_awaited == 0)
    {
      query_return (task);
      return;
    }

  for (guint i = 0; i < sources->len; i++)
    whis_focus_source_query_async (sources->pdata[i], cancellable, on_source_answered,
                                   g_object_ref (task));
}

/**
 * whis_focus_query_finish:
 * @result: the result
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what has the focus; %NULL if nobody tells
 */
WhisFocus *
whis_focus_query_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_focus_query_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
