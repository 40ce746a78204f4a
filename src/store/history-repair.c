/* SPDX-License-Identifier: MIT */
#include "history-repair.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "history-recovery.h"
#include "history-schema.h"

/* A damaged page hides the rows in it, which are looked for one by one: at most so many. */
#define MAX_PROBES 100000
#define MAX_CHUNK_PROBES 1000

typedef struct
{
  const char *name;
  const char *order;
  const char *reverse;
} Table;

/* Without rows of others. */
static const Table plain_tables[] = {
  { "usage", "month, provider", "month DESC, provider DESC" },
  { "statistics", "provider, model, name", "provider DESC, model DESC, name DESC" },
  { "unwanted", "id", "id DESC" },
};

/* --- indexes ---------------------------------------------------------------------------------- */

static gboolean
is_whole (WhisHistoryDatabase *database)
{
  g_autoptr (sqlite3_stmt) row =
      whis_history_database_prepare (database, NULL, "PRAGMA quick_check (1)", "");

  return row != NULL && whis_history_database_step (database, row, NULL) == SQLITE_ROW
         && g_strcmp0 ((const char *) sqlite3_column_text (row, 0), "ok") == 0;
}

/* If nothing but indexes is damaged, nothing is lost. */
static gboolean
rebuild_indexes (WhisHistoryDatabase *database)
{
  if (!whis_history_database_begin (database, NULL))
    return FALSE;
  if (whis_history_database_execute (database, whis_history_schema_new_index, NULL)
      && is_whole (database) && whis_history_database_commit (database, NULL))
    return TRUE;

  whis_history_database_roll_back (database);

  return FALSE;
}

/* --- tables ----------------------------------------------------------------------------------- */

/* What is copied out of a damaged database. */
typedef struct
{
  WhisHistoryDatabase *database;
  sqlite3 *source;
  guint n_entries;
  gboolean complete; /* everything that was there was read */
} Copy;

static sqlite3_stmt *prepare_source (const Copy *copy, const char *form, ...) G_GNUC_PRINTF (2, 3);

static sqlite3_stmt *
prepare_source (const Copy *copy, const char *form, ...)
{
  g_autofree char *sql = NULL;
  sqlite3_stmt *statement = NULL;
  va_list values;

  va_start (values, form);
  sql = g_strdup_vprintf (form, values);
  va_end (values);
  sqlite3_prepare_v2 (copy->source, sql, -1, &statement, NULL);

  return statement;
}

static gboolean
is_known_column (const Copy *copy, const char *table, const char *column)
{
  g_autoptr (sqlite3_stmt) row = whis_history_database_prepare (
      copy->database, NULL, "SELECT 1 FROM pragma_table_info (?1) WHERE name = ?2", "ss", table,
      column);

  return row != NULL && whis_history_database_step (copy->database, row, NULL) == SQLITE_ROW;
}

/* The columns that the damaged table has, which may be older; %NULL if it cannot be told. */
static char *
find_columns (const Copy *copy, const char *table)
{
  g_autoptr (sqlite3_stmt) rows =
      prepare_source (copy, "SELECT name FROM pragma_table_info ('%s')", table);
  g_autoptr (GString) columns = g_string_new (NULL);

  while (rows != NULL && sqlite3_step (rows) == SQLITE_ROW)
    {
      const char *name = (const char *) sqlite3_column_text (rows, 0);

      if (name != NULL && is_known_column (copy, table, name))
        g_string_append_printf (columns, "%s\"%s\"", columns->len > 0 ? ", " : "", name);
    }

  return columns->len > 0 ? g_strdup (columns->str) : NULL;
}

static char *
create_insert (const char *table, const char *columns, int n)
{
  GString *sql = g_string_new (NULL);

  g_string_printf (sql, "INSERT OR IGNORE INTO %s (%s) VALUES (?1", table, columns);
  for (int i = 2; i <= n; i++)
    g_string_append_printf (sql, ", ?%d", i);
  g_string_append_c (sql, ')');

  return g_string_free (sql, FALSE);
}

/* All rows that a statement of the damaged database gives. Returns whether these were all. */
static gboolean
copy_selected (const Copy *copy, const char *table, const char *columns, sqlite3_stmt *owned_rows)
{
  g_autoptr (sqlite3_stmt) rows = owned_rows;
  g_autoptr (sqlite3_stmt) insert = NULL;
  g_autofree char *sql = NULL;
  int n = rows != NULL ? sqlite3_column_count (rows) : 0;
  int code;

  if (n == 0)
    return FALSE;
  sql = create_insert (table, columns, n);
  insert = whis_history_database_prepare (copy->database, NULL, sql, "");
  if (insert == NULL)
    return FALSE;

  while ((code = sqlite3_step (rows)) == SQLITE_ROW)
    {
      for (int i = 0; i < n; i++)
        sqlite3_bind_value (insert, i + 1, sqlite3_column_value (rows, i));
      whis_history_database_step (copy->database, insert, NULL);
      sqlite3_reset (insert);
    }

  return code == SQLITE_DONE;
}

static void
copy_plain_table (Copy *copy, const Table *table)
{
  g_autofree char *columns = find_columns (copy, table->name);

  /* An older version has not all of them. */
  if (columns == NULL
      || copy_selected (copy, table->name, columns,
                        prepare_source (copy, "SELECT %s FROM %s ORDER BY %s", columns, table->name,
                                        table->order)))
    return;

  copy->complete = FALSE;
  copy_selected (
      copy, table->name, columns,
      prepare_source (copy, "SELECT %s FROM %s ORDER BY %s", columns, table->name, table->reverse));
}

/* Whether all keys were seen; the last one is in @last. */
static gboolean
collect_keys (const Copy *copy,
              const char *table,
              const char *direction,
              GHashTable *keys,
              gint64 *last)
{
  g_autoptr (sqlite3_stmt) rows =
      prepare_source (copy, "SELECT key FROM %s NOT INDEXED ORDER BY key %s", table, direction);
  int code = SQLITE_ERROR;

  while (rows != NULL && (code = sqlite3_step (rows)) == SQLITE_ROW)
    {
      *last = sqlite3_column_int64 (rows, 0);
      g_hash_table_add (keys, g_memdup2 (last, sizeof *last));
    }

  return code == SQLITE_DONE;
}

/* Every key that may have a row: those that can be seen from both ends, and all between. */
static GHashTable *
find_keys (Copy *copy, const char *table)
{
  GHashTable *keys = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gint64 first = 0, last = 0;

  if (collect_keys (copy, table, "ASC", keys, &first))
    return keys;

  copy->complete = FALSE;
  collect_keys (copy, table, "DESC", keys, &last);
  last = MIN (last, first + MAX_PROBES);
  for (gint64 key = first + 1; key < last; key++)
    g_hash_table_add (keys, g_memdup2 (&key, sizeof key));

  return keys;
}

static void
copy_rows (Copy *copy, const char *table)
{
  g_autofree char *columns = find_columns (copy, table);
  g_autoptr (GHashTable) keys = NULL;
  GHashTableIter iter;
  gpointer key;

  if (columns == NULL)
    {
      copy->complete = FALSE;
      return;
    }

  keys = find_keys (copy, table);
  g_hash_table_iter_init (&iter, keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!copy_selected (copy, table, columns,
                        prepare_source (copy, "SELECT %s FROM %s WHERE key = %" G_GINT64_FORMAT,
                                        columns, table, *(const gint64 *) key)))
      copy->complete = FALSE;
}

static void
copy_chunks_of (Copy *copy, const char *columns, gint64 dictation)
{
  static const char form[] = "SELECT %s FROM chunks WHERE dictation = %" G_GINT64_FORMAT;

  if (copy_selected (copy, "chunks", columns, prepare_source (copy, form, columns, dictation)))
    return;

  copy->complete = FALSE;
  for (guint i = 0; i < MAX_CHUNK_PROBES; i++)
    copy_selected (copy, "chunks", columns,
                   prepare_source (copy,
                                   "SELECT %s FROM chunks WHERE dictation = %" G_GINT64_FORMAT
                                   " AND idx = %u",
                                   columns, dictation, i));
}

/* Of the dictations that are there. */
static void
copy_chunks (Copy *copy)
{
  g_autofree char *columns = find_columns (copy, "chunks");
  g_autoptr (sqlite3_stmt) rows = NULL;

  if (columns == NULL)
    {
      copy->complete = FALSE;
      return;
    }

  rows = whis_history_database_prepare (copy->database, NULL, "SELECT key FROM dictations", "");
  while (rows != NULL && whis_history_database_step (copy->database, rows, NULL) == SQLITE_ROW)
    {
      copy_chunks_of (copy, columns, sqlite3_column_int64 (rows, 0));
      copy->n_entries++;
    }
}

static void
copy_all (Copy *copy)
{
  copy_rows (copy, "dictations");
  copy_chunks (copy);
  copy_rows (copy, "versions");
  for (gsize i = 0; i < G_N_ELEMENTS (plain_tables); i++)
    copy_plain_table (copy, &plain_tables[i]);
}

/* What can be read of a database that was set aside comes into the new one. */
static gboolean
copy_readable (Copy *copy, const char *damaged, GError **error)
{
  gboolean written;

  if (!whis_history_database_begin (copy->database, error))
    return FALSE;
  copy->complete =
      sqlite3_open_v2 (damaged, &copy->source, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL)
      == SQLITE_OK;
  if (copy->complete)
    copy_all (copy);
  sqlite3_close_v2 (copy->source);
  written = whis_history_database_commit (copy->database, error);
  if (!written)
    whis_history_database_roll_back (copy->database);

  return written;
}

static void
set_nothing_lost (GError **damage)
{
  g_set_error_literal (damage, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY,
                       _ ("The search index of the history was damaged and was made anew; nothing "
                          "is lost."));
}

static void
set_lost (GError **damage, const char *path, guint n)
{
  g_autofree char *name = g_path_get_basename (path);

  g_set_error (damage, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY,
               g_dngettext (GETTEXT_PACKAGE,
                            "The history was damaged: the %u entry that could be read is kept, all "
                            "sound too, and the damaged file is beside it as “%s”.",
                            "The history was damaged: the %u entries that could be read are kept, "
                            "all sound too, and the damaged file is beside it as “%s”.",
                            n),
               n, name);
}

static gboolean
history_repair_replace (WhisHistoryDatabase *database, GError **damage, GError **error)
{
  g_autofree char *path = whis_history_database_set_aside (database, error);
  Copy copy = { .database = database };

  if (path == NULL || !copy_readable (&copy, path, error))
    return FALSE;

  if (copy.complete)
    {
      /* No words stay in a file that nobody needs. */
      g_unlink (path);
      set_nothing_lost (damage);
      return TRUE;
    }

  whis_history_adopt_sounds (database);
  set_lost (damage, path, copy.n_entries);

  return TRUE;
}

/**
 * whis_history_repair:
 * @database: a database that is damaged, and not within a transaction
 * @damage: (out): what was damaged, and what is kept, as a sentence for the user
 * @error: return location for an error
 *
 * Makes indexes anew where nothing else is damaged. Else the database is set aside, and what can be
 * read of it comes into a new one.
 *
 * Returns: whether the database can be used again
 */
gboolean
whis_history_repair (WhisHistoryDatabase *database, GError **damage, GError **error)
{
  g_return_val_if_fail (database != NULL, FALSE);
  g_return_val_if_fail (damage != NULL && *damage == NULL, FALSE);

  if (!rebuild_indexes (database))
    return history_repair_replace (database, damage, error);

  set_nothing_lost (damage);

  return TRUE;
}
