/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-store.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MODEL_DOWNLOADS (whis_model_downloads_get_type ())
G_DECLARE_FINAL_TYPE (WhisModelDownloads, whis_model_downloads, WHIS, MODEL_DOWNLOADS, GObject)

WhisModelDownloads *whis_model_downloads_new (WhisModelStore *store);

void whis_model_downloads_start (WhisModelDownloads *self,
                                 const WhisLocalModel *model,
                                 const char *const *addresses,
                                 gboolean allow_metered);
void whis_model_downloads_cancel (WhisModelDownloads *self, const char *id);
gboolean
whis_model_downloads_get (WhisModelDownloads *self, const char *id, guint64 *done, guint64 *total);

G_END_DECLS
