/* SPDX-License-Identifier: MIT */
#include "usage-table.h"

#include "usage-row.h"

/**
 * whis_usage_table_write:
 * @database: the database, within a transaction
 * @write: the transaction
 * @request: (type WhisUsageRow): what is to be added
 * @error: return location for an error
 *
 * Adds to what a service was asked to do in a month. Another process may add to it as well.
 *
 * Returns: whether it worked
 */
gboolean
whis_usage_table_write (WhisHistoryDatabase *database,
                        WhisHistoryWrite *write,
                        gconstpointer request,
                        GError **error)
{
  const WhisUsageRow *row = request;

  return whis_history_database_run (
      database, error,
      "INSERT INTO usage (month, provider, requests, ms) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT (month, provider) DO UPDATE SET requests = requests + excluded.requests,"
      "  ms = ms + excluded.ms",
      "ssii", row->month, row->provider, (gint64) row->requests, (gint64) row->ms);
}

/**
 * whis_usage_table_take_back:
 * @database: the database, within a transaction
 * @write: the transaction
 * @request: (type WhisUsageRow): what is to be taken away
 * @error: return location for an error
 *
 * Takes something away that whis_usage_table_write() has added.
 *
 * Returns: whether it worked
 */
gboolean
whis_usage_table_take_back (WhisHistoryDatabase *database,
                            WhisHistoryWrite *write,
                            gconstpointer request,
                            GError **error)
{
  const WhisUsageRow *row = request;

  return whis_history_database_run (
             database, error,
             "UPDATE usage SET requests = max (0, requests - ?3), ms = max (0, ms - ?4)"
             " WHERE month = ?1 AND provider = ?2",
             "ssii", row->month, row->provider, (gint64) row->requests, (gint64) row->ms)
         && whis_history_database_run (database, error,
                                       "DELETE FROM usage WHERE month = ?1 AND provider = ?2"
                                       " AND requests = 0 AND ms = 0",
                                       "ss", row->month, row->provider);
}

static WhisUsageRow *
create_row (sqlite3_stmt *statement)
{
  WhisUsageRow *row = whis_usage_row_new ((const char *) sqlite3_column_text (statement, 0),
                                          (const char *) sqlite3_column_text (statement, 1));

  row->requests = (guint64) MAX (0, sqlite3_column_int64 (statement, 2));
  row->ms = (guint64) MAX (0, sqlite3_column_int64 (statement, 3));

  return row;
}

/**
 * whis_usage_table_read:
 * @database: the database, open
 * @month: (nullable): a month, as `YYYY-MM`; %NULL for all
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable) (element-type WhisUsageRow): the rows, the newest month
 * first
 */
GPtrArray *
whis_usage_table_read (WhisHistoryDatabase *database, const char *month, GError **error)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) whis_usage_row_free);
  g_autoptr (sqlite3_stmt) statement = whis_history_database_prepare (
      database, error,
      "SELECT month, provider, requests, ms FROM usage WHERE ?1 IS NULL OR month = ?1"
      " ORDER BY month DESC, ms DESC, provider",
      "s", month);
  int code = 0;

  while (statement != NULL
         && (code = whis_history_database_step (database, statement, error)) == SQLITE_ROW)
    g_ptr_array_add (rows, create_row (statement));

  return code == SQLITE_DONE ? g_steal_pointer (&rows) : NULL;
}
