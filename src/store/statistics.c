/* SPDX-License-Identifier: MIT */
#include "statistics.h"

#include <string.h>

#include "history-private.h"

/* As in the database and on the bus. */
static const char *const names[WHIS_N_STATISTICS] = {
  [WHIS_STATISTIC_PIECES] = "pieces",
  [WHIS_STATISTIC_HOLES_FOUND] = "holes-found",
  [WHIS_STATISTIC_HOLES_FILLED] = "holes-filled",
  [WHIS_STATISTIC_HOLES_LEFT] = "holes-left",
  [WHIS_STATISTIC_INVENTED] = "invented",
  [WHIS_STATISTIC_LOOPS] = "loops",
  [WHIS_STATISTIC_SOUNDS] = "sounds",
};

/**
 * whis_statistics_new:
 * @provider: id of a service
 * @model: (nullable): its model
 *
 * Returns: (transfer full): statistics in which nothing happened
 */
WhisStatistics *
whis_statistics_new (const char *provider, const char *model)
{
  WhisStatistics *self;

  g_return_val_if_fail (provider != NULL, NULL);

  self = g_new0 (WhisStatistics, 1);
  self->provider = g_strdup (provider);
  self->model = g_strdup (model != NULL ? model : "");

  return self;
}

/**
 * whis_statistics_free:
 * @self: (transfer full) (nullable): statistics
 */
void
whis_statistics_free (WhisStatistics *self)
{
  if (self == NULL)
    return;

  g_free (self->provider);
  g_free (self->model);
  g_free (self);
}

/**
 * whis_statistic_get_name:
 * @statistic: what is counted
 *
 * Returns: (transfer none): what the database and the bus call it
 */
const char *
whis_statistic_get_name (WhisStatistic statistic)
{
  g_return_val_if_fail (statistic < WHIS_N_STATISTICS, NULL);

  return names[statistic];
}

static gboolean
write_statistics (WhisHistoryDatabase *database,
                  WhisHistoryWrite *write,
                  gconstpointer statistics,
                  GError **error)
{
  const WhisStatistics *self = statistics;

  for (guint i = 0; i < WHIS_N_STATISTICS; i++)
    {
      if (self->numbers[i] == 0)
        continue;
      if (!whis_history_database_run (
              database, error,
              "INSERT INTO statistics (provider, model, name, number) VALUES (?1, ?2, ?3, ?4)"
              " ON CONFLICT (provider, model, name) DO UPDATE"
              "  SET number = number + excluded.number",
              "sssi", self->provider, self->model, names[i], (gint64) self->numbers[i]))
        return FALSE;
    }

  return TRUE;
}

/**
 * whis_statistics_add:
 * @history: the history in whose database the statistics are
 * @more: what happened
 *
 * Counts what happened.
 */
void
whis_statistics_add (WhisHistory *history, const WhisStatistics *more)
{
  static guint64 n_writes;
  WhisStatistics *copy;

  g_return_if_fail (WHIS_IS_HISTORY (history));
  g_return_if_fail (more != NULL);

  copy = whis_statistics_new (more->provider, more->model);
  memcpy (copy->numbers, more->numbers, sizeof copy->numbers);
  /* A slot that no other write has: it takes nothing's place. */
  whis_history_worker_write (whis_history_get_worker (history),
                             g_strdup_printf ("statistics/%" G_GUINT64_FORMAT, n_writes++),
                             write_statistics, copy, (GDestroyNotify) whis_statistics_free);
}

static void
take_row (GPtrArray *list, sqlite3_stmt *row)
{
  const char *provider = (const char *) sqlite3_column_text (row, 0);
  const char *model = (const char *) sqlite3_column_text (row, 1);
  const char *name = (const char *) sqlite3_column_text (row, 2);
  WhisStatistics *last = list->len > 0 ? g_ptr_array_index (list, list->len - 1) : NULL;

  if (provider == NULL || model == NULL || name == NULL)
    return;
  if (last == NULL || !g_str_equal (last->provider, provider) || !g_str_equal (last->model, model))
    {
      last = whis_statistics_new (provider, model);
      g_ptr_array_add (list, last);
    }
  for (guint i = 0; i < WHIS_N_STATISTICS; i++)
    if (g_str_equal (names[i], name))
      last->numbers[i] = (guint64) MAX (0, sqlite3_column_int64 (row, 3));
}

static gpointer
read_list (WhisHistoryDatabase *database, gconstpointer unused, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) whis_statistics_free);
  g_autoptr (sqlite3_stmt) rows = whis_history_database_prepare (
      database, error,
      "SELECT provider, model, name, number FROM statistics ORDER BY provider, model", "");
  int code = 0;

  while (rows != NULL && (code = whis_history_database_step (database, rows, error)) == SQLITE_ROW)
    take_row (list, rows);

  return code == SQLITE_DONE ? g_steal_pointer (&list) : NULL;
}

/**
 * whis_statistics_list_async:
 * @history: the history in whose database the statistics are
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Lists what happened so far, with all that was counted before.
 */
void
whis_statistics_list_async (WhisHistory *history,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_HISTORY (history));

  task = g_task_new (history, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_statistics_list_async);
  whis_history_worker_read (whis_history_get_worker (history), read_list,
                            (GDestroyNotify) g_ptr_array_unref, task);
}

/**
 * whis_statistics_list_finish:
 * @history: the history
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable) (element-type WhisStatistics): what happened with each model,
 *   by service and model
 */
GPtrArray *
whis_statistics_list_finish (WhisHistory *history, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, history), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_statistics_list_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
