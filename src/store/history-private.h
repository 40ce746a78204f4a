/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-worker.h"
#include "history.h"

G_BEGIN_DECLS

WhisHistoryWorker *whis_history_get_worker (WhisHistory *self);

G_END_DECLS
