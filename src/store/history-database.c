/* SPDX-License-Identifier: MIT */
#include "history-database.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history-schema.h"
#include "history-version.h"
#include "history-words.h"

/**
 * WhisHistoryDatabase:
 *
 * The connection to the database of the history, and what goes wrong with it in sentences. For one
 * thread at a time.
 */
struct _WhisHistoryDatabase
{
  char *directory;
  char *path;
  WhisHistoryRun *run;
  sqlite3 *db;
  GMutex mutex; /* for who sets or interrupts the connection */
  dev_t device; /* of the file that is open */
  ino_t inode;
  gboolean read_only;
  WhisStorageCondition condition;
};

#define BUSY_TIMEOUT_MS 5000
/* Two programs that make the database at once are not told apart by SQLite's own waiting. */
#define WAL_ATTEMPTS 40
#define WAL_PAUSE_US 50000

/* Of every connection; nothing of it is stored in the file. */
static const char settings[] = "PRAGMA synchronous = FULL;"
                               "PRAGMA foreign_keys = ON;"
                               "PRAGMA secure_delete = ON;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA cache_size = -512;"
                               "PRAGMA mmap_size = 0;"
                               "PRAGMA journal_size_limit = 1048576;";

static gboolean
history_database_fail (WhisHistoryDatabase *self, WhisStorageCondition condition, GError **error)
{
  self->condition = condition;
  whis_storage_condition_set_error (condition, error);

  return FALSE;
}

static gboolean
fail_code (WhisHistoryDatabase *self, int code, GError **error)
{
  /* What the disk has no room for SQLite cannot open, either; and it knows only one kind of that.
   */
  if (((code & 0xFF) == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_IOERR) && self->db != NULL
      && whis_storage_condition_from_errno (sqlite3_system_errno (self->db))
             == WHIS_STORAGE_CONDITION_FULL)
    code = SQLITE_FULL;
  if ((code & 0xFF) == SQLITE_INTERRUPT)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
      return FALSE;
    }
  g_debug ("SQLite says %d: %s", code, sqlite3_errstr (code));

  return history_database_fail (self, whis_storage_condition_from_code (code), error);
}

/**
 * whis_history_database_execute:
 * @self: a database, open
 * @sql: statements without parameters
 * @error: return location for an error
 *
 * Returns: whether all of them worked
 */
gboolean
whis_history_database_execute (WhisHistoryDatabase *self, const char *sql, GError **error)
{
  int code = sqlite3_exec (self->db, sql, NULL, NULL, NULL);

  return code == SQLITE_OK || fail_code (self, code, error);
}

static int
open_connection (WhisHistoryDatabase *self, const char *name, int flags)
{
  sqlite3 *db = NULL;
  int code = sqlite3_open_v2 (name, &db, flags | SQLITE_OPEN_NOMUTEX, NULL);

  g_mutex_lock (&self->mutex);
  self->db = db;
  g_mutex_unlock (&self->mutex);

  return code;
}

/* The number that a statement without parameters gives. */
static gboolean
query_number (WhisHistoryDatabase *self, const char *sql, int *number, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = whis_history_database_prepare (self, error, sql, "");
  int row = statement != NULL ? whis_history_database_step (self, statement, error) : 0;

  if (row == 0)
    return FALSE;
  *number = row == SQLITE_ROW ? sqlite3_column_int (statement, 0) : 0;

  return TRUE;
}

static void
words_cb (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);

  if (text == NULL)
    sqlite3_result_null (context);
  else
    sqlite3_result_text (context, whis_history_words_split (text), -1, g_free);
}

static gboolean
create_file (WhisHistoryDatabase *self, GError **error)
{
  int fd;

  if (g_mkdir_with_parents (self->directory, 0700) != 0)
    return history_database_fail (self, whis_storage_condition_from_errno (errno), error);

  /* Only what is not there: to close a file would give SQLite's locks on it up. */
  fd = open (self->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno != EEXIST)
    return history_database_fail (self, whis_storage_condition_from_errno (errno), error);
  if (fd >= 0)
    close (fd);

  return TRUE;
}

static void
note_file (WhisHistoryDatabase *self)
{
  struct stat status = { 0 };

  if (stat (self->path, &status) != 0)
    status.st_ino = 0;
  self->device = status.st_dev;
  self->inode = status.st_ino;
}

/* What is written to a file that was deleted would be lost. */
static void
close_if_deleted (WhisHistoryDatabase *self)
{
  struct stat status;

  if (self->db == NULL || self->inode == 0)
    return;
  if (stat (self->path, &status) != 0
          ? errno != ENOENT
          : status.st_dev == self->device && status.st_ino == self->inode)
    return;

  g_message ("The history was deleted or replaced by somebody else; what is there now is used");
  /* The log of that name may belong to another database by now. */
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  whis_history_database_close (self);
}

static gboolean
connect_to_file (WhisHistoryDatabase *self, GError **error)
{
  int code = open_connection (self, self->path, SQLITE_OPEN_READWRITE);

  if (code != SQLITE_OK)
    return fail_code (self, code, error);

  note_file (self);
  self->read_only = sqlite3_db_readonly (self->db, "main") == 1;
  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_timeout (self->db, BUSY_TIMEOUT_MS);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 512, 32);
  sqlite3_create_function_v2 (self->db, "whis_words", 1,
                              SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, words_cb,
                              NULL, NULL, NULL);

  return TRUE;
}

/* A file that may not be written, in a folder that may not be: SQLite reads it only when it is told
 * that nobody writes it. */
static gboolean
connect_to_read (WhisHistoryDatabase *self, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (self->path, "/", FALSE);
  g_autofree char *uri = g_strconcat ("file:", escaped, "?immutable=1", NULL);
  int code;

  whis_history_database_close (self);
  code = open_connection (self, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  if (code != SQLITE_OK)
    return fail_code (self, code, error);
  note_file (self);
  self->read_only = TRUE;

  return TRUE;
}

static gboolean
fail_too_new (WhisHistoryDatabase *self, int version, GError **error)
{
  self->condition = WHIS_STORAGE_CONDITION_TOO_NEW;
  whis_storage_condition_set_too_new (version, whis_history_schema_get_version (), error);

  return FALSE;
}

/* Before SQLite gets to it: then nothing of it is touched. */
static gboolean
check_version_of_file (WhisHistoryDatabase *self, GError **error)
{
  int version = whis_history_version_peek (self->path);

  return version <= whis_history_schema_get_version () || fail_too_new (self, version, error);
}

static gboolean
check_version (WhisHistoryDatabase *self, int *version, GError **error)
{
  if (!query_number (self, "PRAGMA user_version", version, error))
    return FALSE;
  if (*version <= whis_history_schema_get_version ())
    return TRUE;

  sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);

  return fail_too_new (self, *version, error);
}

static gboolean
use_write_ahead_log (WhisHistoryDatabase *self, GError **error)
{
  for (int attempt = 0; attempt < WAL_ATTEMPTS; attempt++)
    {
      g_clear_error (error);
      if (whis_history_database_execute (self, "PRAGMA journal_mode = WAL", error))
        return TRUE;
      if (self->condition != WHIS_STORAGE_CONDITION_IN_USE)
        return FALSE;
      g_usleep (WAL_PAUSE_US);
    }

  return FALSE;
}

static gboolean
take_steps (WhisHistoryDatabase *self, GError **error)
{
  g_autofree char *numbers = NULL;
  int version;

  /* Another program may have been faster. */
  if (!check_version (self, &version, error))
    return FALSE;
  for (; version < whis_history_schema_get_version (); version++)
    if (!whis_history_database_execute (self, whis_history_schema_steps[version], error))
      return FALSE;

  numbers = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d",
                             WHIS_HISTORY_APPLICATION_ID, version);

  return whis_history_database_execute (self, numbers, error);
}

static gboolean
history_database_migrate (WhisHistoryDatabase *self, GError **error)
{
  if (!whis_history_database_execute (self, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (take_steps (self, error) && whis_history_database_execute (self, "COMMIT", error))
    return TRUE;

  sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);

  return FALSE;
}

/* One of an older version lacks columns that are read, and cannot get them. */
static gboolean
check_readable (WhisHistoryDatabase *self, int version, GError **error)
{
  return version == whis_history_schema_get_version ()
         || history_database_fail (self, WHIS_STORAGE_CONDITION_DENIED, error);
}

static gboolean
prepare_database (WhisHistoryDatabase *self, GError **error)
{
  int version = 0;

  if (!check_version (self, &version, error))
    return FALSE;
  if (self->read_only)
    return check_readable (self, version, error);

  return use_write_ahead_log (self, error) && whis_history_database_execute (self, settings, error)
         && (version == whis_history_schema_get_version ()
             || history_database_migrate (self, error));
}

/* Reading is better than nothing. */
static gboolean
open_to_read (WhisHistoryDatabase *self, GError **error)
{
  g_autoptr (GError) second = NULL;
  int version = 0;

  if (self->condition != WHIS_STORAGE_CONDITION_DENIED
      || !g_file_test (self->path, G_FILE_TEST_IS_REGULAR))
    return FALSE;
  if (!connect_to_read (self, &second) || !check_version (self, &version, &second)
      || !check_readable (self, version, &second))
    return FALSE;
  g_clear_error (error);

  return TRUE;
}

/**
 * whis_history_database_open:
 * @self: a database
 * @error: return location for an error
 *
 * Opens the database if it is not open, and brings it up to the version that this program knows.
 * One that cannot be written is opened for reading.
 *
 * Returns: whether it is open
 */
gboolean
whis_history_database_open (WhisHistoryDatabase *self, GError **error)
{
  g_autoptr (GError) problem = NULL;

  close_if_deleted (self);
  if (self->db != NULL)
    return TRUE;
  if ((create_file (self, &problem) && check_version_of_file (self, &problem)
       && connect_to_file (self, &problem) && prepare_database (self, &problem))
      || open_to_read (self, &problem))
    {
      self->condition = WHIS_STORAGE_CONDITION_OK;
      return TRUE;
    }

  whis_history_database_close (self);
  g_propagate_error (error, g_steal_pointer (&problem));

  return FALSE;
}

void
whis_history_database_close (WhisHistoryDatabase *self)
{
  sqlite3 *db;

  g_mutex_lock (&self->mutex);
  db = g_steal_pointer (&self->db);
  g_mutex_unlock (&self->mutex);
  sqlite3_close_v2 (db);
  self->read_only = FALSE;
}

/**
 * whis_history_database_begin:
 * @self: a database
 * @error: return location for an error
 *
 * Begins to write, after opening the database if need be.
 *
 * Returns: whether it may be written
 */
gboolean
whis_history_database_begin (WhisHistoryDatabase *self, GError **error)
{
  /* What could not be written when it was opened may be writable now. */
  if (self->read_only)
    whis_history_database_close (self);
  if (!whis_history_database_open (self, error))
    return FALSE;
  if (self->read_only)
    return history_database_fail (self, WHIS_STORAGE_CONDITION_DENIED, error);

  return whis_history_database_execute (self, "BEGIN IMMEDIATE", error);
}

gboolean
whis_history_database_commit (WhisHistoryDatabase *self, GError **error)
{
  if (!whis_history_database_execute (self, "COMMIT", error))
    return FALSE;
  self->condition = WHIS_STORAGE_CONDITION_OK;

  return TRUE;
}

void
whis_history_database_roll_back (WhisHistoryDatabase *self)
{
  if (self->db != NULL && !sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
}

/* Beside the database, with the time in its name, and what belongs to it. */
static gboolean
move_aside (WhisHistoryDatabase *self, const char *path)
{
  const char *const parts[] = { "", "-wal", "-shm" };
  gboolean moved = TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *from = g_strconcat (self->path, parts[i], NULL);
      g_autofree char *to = g_strconcat (path, parts[i], NULL);

      moved = (g_rename (from, to) == 0 || errno == ENOENT) && moved;
    }

  return moved;
}

/**
 * whis_history_database_set_aside:
 * @self: a database that is damaged
 * @error: return location for an error
 *
 * Moves a damaged database away and begins a new one.
 *
 * Returns: (transfer full) (nullable): where the damaged one is now, if there is a new one
 */
char *
whis_history_database_set_aside (WhisHistoryDatabase *self, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *path = g_strconcat (self->path, ".damaged-", time, NULL);

  whis_history_database_close (self);
  if (!move_aside (self, path))
    {
      history_database_fail (self, WHIS_STORAGE_CONDITION_OTHER, error);
      return NULL;
    }

  return whis_history_database_open (self, error) ? g_steal_pointer (&path) : NULL;
}

/**
 * whis_history_database_interrupt:
 * @self: a database
 *
 * Ends the statement that runs in another thread, which may close the database meanwhile.
 */
void
whis_history_database_interrupt (WhisHistoryDatabase *self)
{
  g_mutex_lock (&self->mutex);
  if (self->db != NULL)
    sqlite3_interrupt (self->db);
  g_mutex_unlock (&self->mutex);
}

/**
 * whis_history_database_trim:
 * @self: a database
 *
 * Gives memory back that is not needed until the next statement.
 */
void
whis_history_database_trim (WhisHistoryDatabase *self)
{
  if (self->db != NULL)
    sqlite3_db_release_memory (self->db);
}

const char *
whis_history_database_get_directory (WhisHistoryDatabase *self)
{
  return self->directory;
}

/**
 * whis_history_database_get_run:
 * @self: a database
 *
 * Returns: (transfer none): the run that works on it
 */
WhisHistoryRun *
whis_history_database_get_run (WhisHistoryDatabase *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->run;
}

WhisStorageCondition
whis_history_database_get_condition (WhisHistoryDatabase *self)
{
  return self->condition;
}

/**
 * whis_history_database_may_recover:
 * @self: a database
 *
 * Returns: whether what failed may work when it is tried again
 */
gboolean
whis_history_database_may_recover (WhisHistoryDatabase *self)
{
  return self->condition == WHIS_STORAGE_CONDITION_FULL
         || self->condition == WHIS_STORAGE_CONDITION_FAILING
         || self->condition == WHIS_STORAGE_CONDITION_IN_USE
         || self->condition == WHIS_STORAGE_CONDITION_DENIED;
}

static sqlite3_stmt *
prepare_va (WhisHistoryDatabase *self,
            GError **error,
            const char *sql,
            const char *types,
            va_list values)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL);

  if (code != SQLITE_OK)
    {
      /* No statement of this program is wrong where all tables are there. */
      fail_code (self, code == SQLITE_ERROR ? SQLITE_CORRUPT : code, error);
      return NULL;
    }

  for (int i = 0; types[i] != '\0'; i++)
    if (types[i] == 's')
      sqlite3_bind_text (statement, i + 1, va_arg (values, const char *), -1, SQLITE_TRANSIENT);
    else if (types[i] == 'b')
      sqlite3_bind_int (statement, i + 1, va_arg (values, int));
    else
      sqlite3_bind_int64 (statement, i + 1, va_arg (values, gint64));

  return statement;
}

/**
 * whis_history_database_prepare:
 * @self: a database, open
 * @error: return location for an error
 * @sql: one statement
 * @types: a letter per parameter: `s` for a string or %NULL, `b` for an int, `i` for a #gint64
 * @...: the parameters
 *
 * Returns: (transfer full) (nullable): the statement, to be stepped through
 */
sqlite3_stmt *
whis_history_database_prepare (WhisHistoryDatabase *self,
                               GError **error,
                               const char *sql,
                               const char *types,
                               ...)
{
  sqlite3_stmt *statement;
  va_list values;

  va_start (values, types);
  statement = prepare_va (self, error, sql, types, values);
  va_end (values);

  return statement;
}

/**
 * whis_history_database_step:
 * @self: a database
 * @statement: a statement
 * @error: return location for an error
 *
 * Returns: `SQLITE_ROW`, `SQLITE_DONE`, or 0 with an error
 */
int
whis_history_database_step (WhisHistoryDatabase *self, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW || code == SQLITE_DONE)
    return code;
  fail_code (self, code, error);

  return 0;
}

/**
 * whis_history_database_run:
 * @self: a database, open
 * @error: return location for an error
 * @sql: one statement whose rows are of no interest
 * @types: as for whis_history_database_prepare()
 * @...: the parameters
 *
 * Returns: whether it worked
 */
gboolean
whis_history_database_run (WhisHistoryDatabase *self,
                           GError **error,
                           const char *sql,
                           const char *types,
                           ...)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  va_list values;

  va_start (values, types);
  statement = prepare_va (self, error, sql, types, values);
  va_end (values);

  return statement != NULL && whis_history_database_step (self, statement, error) != 0;
}

int
whis_history_database_count_changes (WhisHistoryDatabase *self)
{
  return sqlite3_changes (self->db);
}

/**
 * whis_history_database_empty_log:
 * @self: a database
 *
 * Moves everything from the write-ahead log into the database, so that nothing that was deleted is
 * left in the log.
 *
 * Returns: whether the log is empty
 */
gboolean
whis_history_database_empty_log (WhisHistoryDatabase *self)
{
  return self->db == NULL
         || sqlite3_wal_checkpoint_v2 (self->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL)
                == SQLITE_OK;
}

void
whis_history_database_free (WhisHistoryDatabase *self)
{
  if (self == NULL)
    return;

  whis_history_database_close (self);
  whis_history_run_free (self->run);
  g_mutex_clear (&self->mutex);
  g_free (self->directory);
  g_free (self->path);
  g_free (self);
}

/**
 * whis_history_database_new:
 * @directory: where the database is, or will be
 *
 * Returns: (transfer full): a database that is not open
 */
WhisHistoryDatabase *
whis_history_database_new (const char *directory)
{
  WhisHistoryDatabase *self = g_new0 (WhisHistoryDatabase, 1);

  g_mutex_init (&self->mutex);
  self->directory = g_strdup (directory);
  self->path = g_build_filename (directory, "history.db", NULL);
  self->run = whis_history_run_new (directory);

  return self;
}
