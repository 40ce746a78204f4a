/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_CHOICE_ITEM (whis_choice_item_get_type ())
G_DECLARE_FINAL_TYPE (WhisChoiceItem, whis_choice_item, WHIS, CHOICE_ITEM, GObject)

WhisChoiceItem *whis_choice_item_new (const char *id, const char *name);

const char *whis_choice_item_get_id (WhisChoiceItem *self);
const char *whis_choice_item_get_name (WhisChoiceItem *self);

void whis_choice_list_append (GListStore *list, const char *id, const char *name);
guint whis_choice_list_find (GListModel *list, const char *id);

G_END_DECLS
