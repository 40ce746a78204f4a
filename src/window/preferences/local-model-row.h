/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WHIS_TYPE_LOCAL_MODEL_ROW (whis_local_model_row_get_type ())
G_DECLARE_FINAL_TYPE (WhisLocalModelRow, whis_local_model_row, WHIS, LOCAL_MODEL_ROW, AdwActionRow)

GtkWidget *whis_local_model_row_new (const char *id);

const char *whis_local_model_row_get_id (WhisLocalModelRow *self);
void whis_local_model_row_show (WhisLocalModelRow *self, GVariant *facts);
void whis_local_model_row_show_progress (WhisLocalModelRow *self, guint64 done, guint64 total);
gboolean whis_local_model_row_is_here (WhisLocalModelRow *self);
const char *whis_local_model_row_get_smaller (WhisLocalModelRow *self);
const char *whis_local_model_row_get_size (WhisLocalModelRow *self);

G_END_DECLS
