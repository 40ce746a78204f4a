/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WhisHistoryRun WhisHistoryRun;

WhisHistoryRun *whis_history_run_new (const char *directory);
void whis_history_run_free (WhisHistoryRun *self);
gint64 whis_history_run_hold (WhisHistoryRun *self);
gboolean whis_history_run_is_alive (WhisHistoryRun *self, gint64 id);

G_END_DECLS
