/* SPDX-License-Identifier: MIT */
#include "storage-condition.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sqlite3.h>

/**
 * whis_storage_condition_from_code:
 * @code: what SQLite returned, a primary or an extended result code
 *
 * Returns: what that means for the history
 */
WhisStorageCondition
whis_storage_condition_from_code (int code)
{
  switch (code & 0xFF)
    {
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return WHIS_STORAGE_CONDITION_FULL;
    case SQLITE_IOERR:
      return WHIS_STORAGE_CONDITION_FAILING;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return WHIS_STORAGE_CONDITION_IN_USE;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return WHIS_STORAGE_CONDITION_DENIED;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return WHIS_STORAGE_CONDITION_DAMAGED;
    default:
      return WHIS_STORAGE_CONDITION_OTHER;
    }
}

/**
 * whis_storage_condition_from_errno:
 * @problem: an errno of a file that could not be made or opened
 *
 * Returns: what that means for the history
 */
WhisStorageCondition
whis_storage_condition_from_errno (int problem)
{
  switch (problem)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return WHIS_STORAGE_CONDITION_FULL;
    case EIO:
      return WHIS_STORAGE_CONDITION_FAILING;
    default:
      return WHIS_STORAGE_CONDITION_DENIED;
    }
}

static const char *
get_sentence (WhisStorageCondition condition)
{
  switch (condition)
    {
    case WHIS_STORAGE_CONDITION_FULL:
      return _ ("The history cannot be written because the disk is full; Whis keeps trying, so "
                "make room.");
    case WHIS_STORAGE_CONDITION_FAILING:
      return _ ("The history cannot be written because the disk fails; Whis tries again with each "
                "dictation, so have the disk looked at.");
    case WHIS_STORAGE_CONDITION_IN_USE:
      return _ ("Another program holds the history; Whis keeps trying until it lets go.");
    case WHIS_STORAGE_CONDITION_DENIED:
      return _ ("The history cannot be written; see that its folder belongs to you and is not "
                "read-only. Whis keeps trying.");
    case WHIS_STORAGE_CONDITION_DAMAGED:
      return _ ("The history is damaged and cannot be repaired; all sound is kept.");
    case WHIS_STORAGE_CONDITION_OK:
    case WHIS_STORAGE_CONDITION_TOO_NEW:
    case WHIS_STORAGE_CONDITION_OTHER:
    default:
      return _ ("An entry cannot be written to the history; its sound is kept.");
    }
}

/**
 * whis_storage_condition_set_error:
 * @condition: what is wrong
 * @error: return location for an error of %WHIS_STORE_ERROR
 *
 * Says what is wrong, and what to do, in a sentence for the user.
 */
void
whis_storage_condition_set_error (WhisStorageCondition condition, GError **error)
{
  g_set_error_literal (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY, get_sentence (condition));
}

/**
 * whis_storage_condition_set_too_new:
 * @version: version of the database
 * @known: the newest version that this program knows
 * @error: return location for an error of %WHIS_STORE_ERROR
 *
 * Says that the history is of a newer Whis.
 */
void
whis_storage_condition_set_too_new (int version, int known, GError **error)
{
  g_set_error (
      error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_TOO_NEW,
      _ ("The history was written by a newer Whis (version %d of it; this Whis reads up to "
         "%d) and is left as it is; sound that you record now is kept, and the newer Whis "
         "will find it."),
      version, known);
}
