/* SPDX-License-Identifier: MIT */
#include "history-recovery.h"

#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history-reads.h"
#include "history-sounds.h"

void
whis_history_recovered_free (WhisHistoryRecovered *recovered)
{
  g_ptr_array_unref (recovered->records);
  g_free (recovered);
}

static WhisHistoryRecovered *
create_recovered (void)
{
  WhisHistoryRecovered *recovered = g_new0 (WhisHistoryRecovered, 1);

  recovered->records = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_record_free);

  return recovered;
}

static gboolean
has_text (const WhisRecord *record)
{
  if (record->text != NULL && *record->text != '\0')
    return TRUE;
  for (guint i = 0; i < record->chunks->len; i++)
    {
      const WhisRecordChunk *chunk = g_ptr_array_index (record->chunks, i);

      if (chunk->text != NULL && *chunk->text != '\0')
        return TRUE;
    }

  return FALSE;
}

/* Whether there is nothing to finish: neither a sound nor a text. */
static gboolean
is_nothing (const char *directory, const WhisRecord *record)
{
  return whis_history_sounds_get_size (directory, record->id, NULL) <= 0 && !has_text (record);
}

/* In a transaction of its own. A database that cannot be written keeps nobody from going on with
 * what is in it. */
static void
write_one (WhisHistoryDatabase *database, WhisHistoryWriteFunc func, gconstpointer data)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) removed = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  WhisHistoryWrite write = { { -1, -1 }, g_get_real_time () / 1000, changed, removed, FALSE };

  if (whis_history_database_begin (database, &error) && func (database, &write, data, &error)
      && whis_history_database_commit (database, &error))
    return;

  whis_history_database_roll_back (database);
  g_message ("A dictation that was found cannot be written: %s", error->message);
}

/* Whether somebody works on it: this run, another that has not ended, or who has its sound. */
static gboolean
is_owned (WhisHistoryDatabase *database, const WhisRecord *record)
{
  return (!whis_dictation_state_is_unfinished (record->state)
          && whis_history_run_is_alive (whis_history_database_get_run (database), record->run))
         || whis_history_sounds_is_locked (whis_history_database_get_directory (database),
                                           record->id);
}

static gboolean
is_own (WhisHistoryDatabase *database, const WhisRecord *record)
{
  return record->run == whis_history_run_hold (whis_history_database_get_run (database));
}

/* There are words of it, but what is missing cannot be had any more. */
static gboolean
is_hopeless (const char *directory, const WhisRecord *record)
{
  gboolean has_end =
      record->text != NULL && record->complete && record->state != WHIS_DICTATION_STATE_WAITING;

  return whis_history_sounds_get_size (directory, record->id, NULL) <= 0 && !has_end;
}

static void
give_up (WhisHistoryDatabase *database, WhisRecord *record)
{
  record->state = WHIS_DICTATION_STATE_FAILED;
  g_free (record->code);
  record->code = g_strdup ("file");
  g_free (record->message);
  record->message = g_strdup (_ ("The sound of this dictation is not there any more."));
  write_one (database, whis_history_write_record, record);
}

static gboolean
take_up (WhisHistoryDatabase *database, WhisRecord *record)
{
  const char *directory = whis_history_database_get_directory (database);
  const char *const ids[] = { record->id, NULL };

  if (is_nothing (directory, record))
    {
      write_one (database, whis_history_write_deleted, ids);
      return FALSE;
    }
  if (is_hopeless (directory, record))
    {
      give_up (database, record);
      return FALSE;
    }
  if (!whis_dictation_state_is_unfinished (record->state))
    {
      if (record->state != WHIS_DICTATION_STATE_DELIVERING)
        record->state = WHIS_DICTATION_STATE_INTERRUPTED;
      write_one (database, whis_history_write_interrupted, record->id);
    }

  return TRUE;
}

static gint64
get_time_of_sound (const char *directory, const char *id)
{
  struct stat status;
  g_autofree char *path = whis_history_sounds_find (directory, id, &status);

  if (path == NULL)
    return g_get_real_time () / 1000;

  return (gint64) status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
}

static WhisRecord *
create_adopted (WhisHistoryDatabase *database, const char *id)
{
  const char *directory = whis_history_database_get_directory (database);
  gboolean settled = whis_history_sounds_is_settled (directory, id);
  WhisRecord *record = whis_record_new (id);

  record->created_ms = get_time_of_sound (directory, id);
  record->state = settled ? WHIS_DICTATION_STATE_FAILED : WHIS_DICTATION_STATE_INTERRUPTED;
  record->has_sound = TRUE;
  whis_history_sounds_get_size (directory, id, &record->is_lossless);
  record->deliver = TRUE;
  if (settled)
    {
      record->code = g_strdup ("storage");
      record->message = g_strdup (_ ("The entry of this dictation is lost, and with it whether its "
                                     "text was delivered; its sound is kept."));
    }
  write_one (database, whis_history_write_record, record);

  return record;
}

/* A sound without an entry: of a dictation whose entry was lost, or never written. Whoever records
 * holds its lock from the moment of its creation, before there is an entry. */
static void
history_recovery_adopt (WhisHistoryDatabase *database,
                        const char *id,
                        WhisHistoryRecovered *recovered)
{
  const char *directory = whis_history_database_get_directory (database);
  g_autoptr (WhisRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  int lock;

  if (!whis_history_sounds_is_id (id))
    return;
  lock = whis_history_sounds_lock (directory, id, &error);
  if (lock < 0)
    {
      recovered->n_owned += g_error_matches (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BUSY);
      return;
    }

  if (whis_history_sounds_get_size (directory, id, NULL) > 0)
    record = create_adopted (database, id);
  else
    whis_history_sounds_remove (directory, id);
  close (lock);
  /* What was at its end has an entry again, and that is all. */
  if (record != NULL && record->state == WHIS_DICTATION_STATE_INTERRUPTED)
    g_ptr_array_add (recovered->records, g_steal_pointer (&record));
}

static gboolean
adopt_all (WhisHistoryDatabase *database, WhisHistoryRecovered *recovered, GError **error)
{
  g_autoptr (GPtrArray) ids =
      whis_history_sounds_list (whis_history_database_get_directory (database));

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);
      gboolean exists;

      if (!whis_history_read_exists (database, id, &exists, error))
        return FALSE;
      if (!exists)
        history_recovery_adopt (database, id, recovered);
    }

  return TRUE;
}

static int
compare_created (gconstpointer a, gconstpointer b)
{
  const WhisRecord *one = *(WhisRecord *const *) a;
  const WhisRecord *other = *(WhisRecord *const *) b;

  return (one->created_ms > other->created_ms) - (one->created_ms < other->created_ms);
}

/**
 * whis_history_recover:
 * @database: the database, open
 * @error: return location for an error
 *
 * Finds the dictations that nobody works on and that are not at their end, and sounds without an
 * entry. From here on they are interrupted or waiting; only for one whose text was just being
 * delivered, so that nobody knows whether it was, the record says so.
 *
 * Returns: (transfer full) (nullable): their records
 */
WhisHistoryRecovered *
whis_history_recover (WhisHistoryDatabase *database, GError **error)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (WhisHistoryRecovered) recovered = create_recovered ();
  g_autoptr (GError) ignored = NULL;

  whis_history_delete_unwanted_sounds (database, &ignored);
  found = whis_history_read_unfinished (database, error);
  if (found == NULL)
    return NULL;
  while (found->len > 0)
    {
      g_autoptr (WhisRecord) record = g_ptr_array_steal_index (found, 0);

      if (is_owned (database, record))
        recovered->n_owned += !is_own (database, record);
      else if (take_up (database, record))
        g_ptr_array_add (recovered->records, g_steal_pointer (&record));
    }
  if (!adopt_all (database, recovered, error))
    return NULL;
  g_ptr_array_sort (recovered->records, compare_created);
  g_clear_error (&ignored);
  whis_history_delete_unwanted_sounds (database, &ignored);

  return g_steal_pointer (&recovered);
}

/**
 * whis_history_adopt_sounds:
 * @database: the database, open
 *
 * Makes entries for sounds that have none, as those whose entries were damaged.
 */
void
whis_history_adopt_sounds (WhisHistoryDatabase *database)
{
  g_autoptr (WhisHistoryRecovered) recovered = create_recovered ();
  g_autoptr (GError) error = NULL;

  if (!adopt_all (database, recovered, &error))
    g_message ("Sounds without an entry were not looked for: %s", error->message);
}
