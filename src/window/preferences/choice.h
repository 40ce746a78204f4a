/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_CHOICE (whis_choice_get_type ())
G_DECLARE_FINAL_TYPE (WhisChoice, whis_choice, WHIS, CHOICE, GObject)

WhisChoice *whis_choice_new (const char *id, const char *name);

const char *whis_choice_get_id (WhisChoice *self);
const char *whis_choice_get_name (WhisChoice *self);

void whis_choice_list_append (GListStore *list, const char *id, const char *name);
guint whis_choice_list_find (GListModel *list, const char *id);

G_END_DECLS
