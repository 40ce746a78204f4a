/* SPDX-License-Identifier: MIT */
#include "history-recovery.h"

#include <glib/gi18n-lib.h>
#include <sys/stat.h>

#include "history-reads.h"
#include "history-sounds.h"

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
  return whis_history_sounds_get_size (directory, record->id) <= 0 && !has_text (record);
}

/* In a transaction of its own. A database that cannot be written keeps nobody from going on with
 * what is in it. */
static void
write_one (WhisHistoryDatabase *database, WhisHistoryWriteFunc func, gconstpointer data)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) removed = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  WhisHistoryWrite write = { { -1, -1 }, g_get_real_time () / 1000, changed, removed };

  if (whis_history_database_begin (database, &error) && func (database, &write, data, &error)
      && whis_history_database_commit (database, &error))
    return;

  whis_history_database_roll_back (database);
  g_message ("A dictation that was found cannot be written: %s", error->message);
}

/* Two programs that share a home do not begin at the same time to the millisecond. */
#define MARGIN_MS 2000

static gboolean
is_new (WhisHistoryDatabase *database, const WhisRecord *record)
{
  return record->created_ms >= whis_history_database_get_made_ms (database) - MARGIN_MS;
}

/* There are words of it, but what is missing cannot be had any more. */
static gboolean
is_hopeless (const char *directory, const WhisRecord *record)
{
  gboolean has_end =
      record->text != NULL && record->complete && record->state != WHIS_DICTATION_STATE_WAITING;

  return whis_history_sounds_get_size (directory, record->id) <= 0 && !has_end;
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

  if (whis_history_sounds_is_locked (directory, record->id))
    return FALSE;
  if (is_nothing (directory, record))
    {
      /* Another program may be about to record it. */
      if (is_new (database, record))
        return FALSE;
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
  g_autofree char *path = whis_history_sounds_dup_path (directory, id);
  struct stat status;

  if (path == NULL || stat (path, &status) != 0)
    return g_get_real_time () / 1000;

  return (gint64) status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
}

/* A sound that is about to be recorded, here or by another program, has no entry and no lock yet.
 */
static gboolean
is_being_born (WhisHistoryDatabase *database, const char *id)
{
  return whis_history_sounds_is_younger (whis_history_database_get_directory (database), id,
                                         whis_history_database_get_made_ms (database) - MARGIN_MS);
}

/* A sound without an entry: of a dictation whose entry was lost, or never written. */
static WhisRecord *
adopt (WhisHistoryDatabase *database, const char *id)
{
  const char *directory = whis_history_database_get_directory (database);
  WhisRecord *record;

  if (!whis_history_sounds_is_id (id) || is_being_born (database, id)
      || whis_history_sounds_is_locked (directory, id))
    return NULL;
  if (whis_history_sounds_get_size (directory, id) <= 0)
    {
      whis_history_sounds_remove (directory, id);
      return NULL;
    }

  record = whis_record_new (id);
  record->created_ms = get_time_of_sound (directory, id);
  record->state = WHIS_DICTATION_STATE_INTERRUPTED;
  record->has_sound = TRUE;
  record->deliver = TRUE;
  write_one (database, whis_history_write_record, record);

  return record;
}

static gboolean
adopt_all (WhisHistoryDatabase *database, GPtrArray *records, GError **error)
{
  g_autoptr (GPtrArray) ids =
      whis_history_sounds_list (whis_history_database_get_directory (database));

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);
      WhisRecord *record;
      gboolean exists;

      if (!whis_history_read_exists (database, id, &exists, error))
        return FALSE;
      record = exists ? NULL : adopt (database, id);
      if (record != NULL)
        g_ptr_array_add (records, record);
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
 * Returns: (transfer full) (nullable) (element-type WhisRecord): their records, the oldest first
 */
GPtrArray *
whis_history_recover (WhisHistoryDatabase *database, GError **error)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) whis_record_free);
  g_autoptr (GError) ignored = NULL;

  whis_history_delete_unwanted_sounds (database, &ignored);
  found = whis_history_read_unfinished (database, error);
  if (found == NULL)
    return NULL;
  while (found->len > 0)
    {
      g_autoptr (WhisRecord) record = g_ptr_array_steal_index (found, 0);

      if (take_up (database, record))
        g_ptr_array_add (records, g_steal_pointer (&record));
    }
  if (!adopt_all (database, records, error))
    return NULL;
  g_ptr_array_sort (records, compare_created);
  g_clear_error (&ignored);
  whis_history_delete_unwanted_sounds (database, &ignored);

  return g_steal_pointer (&records);
}
