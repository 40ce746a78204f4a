/* SPDX-License-Identifier: MIT */
#pragma once

#include "store-error.h"

G_BEGIN_DECLS

/**
 * WhisStorageCondition:
 * @WHIS_STORAGE_CONDITION_OK: the last statement worked
 * @WHIS_STORAGE_CONDITION_FULL: the disk is full; works when there is room
 * @WHIS_STORAGE_CONDITION_FAILING: the disk fails; may work later, or never again
 * @WHIS_STORAGE_CONDITION_IN_USE: another program holds the database; may work later
 * @WHIS_STORAGE_CONDITION_DENIED: the database may not be written; works when somebody changes that
 * @WHIS_STORAGE_CONDITION_DAMAGED: the file is no database, or a broken one
 * @WHIS_STORAGE_CONDITION_TOO_NEW: a newer Whis wrote it
 * @WHIS_STORAGE_CONDITION_OTHER: anything else, of this statement alone
 *
 * What was wrong with the last statement.
 */
typedef enum
{
  WHIS_STORAGE_CONDITION_OK,
  WHIS_STORAGE_CONDITION_FULL,
  WHIS_STORAGE_CONDITION_FAILING,
  WHIS_STORAGE_CONDITION_IN_USE,
  WHIS_STORAGE_CONDITION_DENIED,
  WHIS_STORAGE_CONDITION_DAMAGED,
  WHIS_STORAGE_CONDITION_TOO_NEW,
  WHIS_STORAGE_CONDITION_OTHER,
} WhisStorageCondition;

WhisStorageCondition whis_storage_condition_from_code (int code);
WhisStorageCondition whis_storage_condition_from_errno (int problem);
void whis_storage_condition_set_error (WhisStorageCondition condition, GError **error);
void whis_storage_condition_set_too_new (int version, int known, GError **error);

G_END_DECLS
