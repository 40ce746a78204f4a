/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-item.h"
#include "whis-bus.h"

G_BEGIN_DECLS

/* How many entries are asked for at a time. */
#define WHIS_HISTORY_MODEL_PAGE 100u

#define WHIS_TYPE_HISTORY_MODEL (whis_history_model_get_type ())
G_DECLARE_FINAL_TYPE (WhisHistoryModel, whis_history_model, WHIS, HISTORY_MODEL, GObject)

WhisHistoryModel *whis_history_model_new (void);

void whis_history_model_set_query (WhisHistoryModel *self,
                                   WhisBusWhis1 *service,
                                   const char *search,
                                   gboolean marked,
                                   gboolean unfinished);
void whis_history_model_refresh (WhisHistoryModel *self);
gboolean whis_history_model_is_loading (WhisHistoryModel *self);
const GError *whis_history_model_get_error (WhisHistoryModel *self);

G_END_DECLS
