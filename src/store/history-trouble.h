/* SPDX-License-Identifier: MIT */
#pragma once

#include "store-error.h"

G_BEGIN_DECLS

/**
 * WhisHistoryTrouble:
 * @WHIS_HISTORY_TROUBLE_NONE: the last statement worked
 * @WHIS_HISTORY_TROUBLE_ROOM: the disk is full; works when there is room
 * @WHIS_HISTORY_TROUBLE_FAILING: the disk fails; may work later, or never again
 * @WHIS_HISTORY_TROUBLE_IN_USE: another program holds the database; may work later
 * @WHIS_HISTORY_TROUBLE_DENIED: the database may not be written; works when somebody changes that
 * @WHIS_HISTORY_TROUBLE_DAMAGED: the file is no database, or a broken one
 * @WHIS_HISTORY_TROUBLE_TOO_NEW: a newer Whis wrote it
 * @WHIS_HISTORY_TROUBLE_OTHER: anything else, of this statement alone
 *
 * What was wrong with the last statement.
 */
typedef enum
{
  WHIS_HISTORY_TROUBLE_NONE,
  WHIS_HISTORY_TROUBLE_ROOM,
  WHIS_HISTORY_TROUBLE_FAILING,
  WHIS_HISTORY_TROUBLE_IN_USE,
  WHIS_HISTORY_TROUBLE_DENIED,
  WHIS_HISTORY_TROUBLE_DAMAGED,
  WHIS_HISTORY_TROUBLE_TOO_NEW,
  WHIS_HISTORY_TROUBLE_OTHER,
} WhisHistoryTrouble;

WhisHistoryTrouble whis_history_trouble_from_code (int code);
WhisHistoryTrouble whis_history_trouble_from_errno (int problem);
void whis_history_trouble_set_error (WhisHistoryTrouble trouble, GError **error);
void whis_history_trouble_set_too_new (int version, int known, GError **error);

G_END_DECLS
