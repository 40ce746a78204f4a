/* SPDX-License-Identifier: MIT */
#pragma once

#include "live-event.h"

G_BEGIN_DECLS

/**
 * WhisLiveItem:
 * @name: what the service calls it
 * @partial: what was understood of it so far
 * @final: (nullable): its text
 * @failed: whether the service could not transcribe it
 *
 * The sound of one commit, in the words of a service that names it.
 */
typedef struct
{
  char *name;
  GString *partial;
  char *final;
  gboolean failed;
} WhisLiveItem;

typedef struct _WhisLiveItems WhisLiveItems;

WhisLiveItems *whis_live_items_new (void);
void whis_live_items_free (WhisLiveItems *self);

WhisLiveItem *whis_live_items_get (WhisLiveItems *self, const char *name);
WhisLiveItem *whis_live_items_update (WhisLiveItems *self, const WhisLiveEvent *event);
void whis_live_items_finish (WhisLiveItems *self, WhisLiveItem *item);
gboolean whis_live_items_is_finished (WhisLiveItems *self, const char *name);

guint whis_live_items_get_n (WhisLiveItems *self);
WhisLiveItem *whis_live_items_get_nth (WhisLiveItems *self, guint i);

gboolean whis_live_item_is_complete (const WhisLiveItem *item);
char *whis_live_item_dup_text (const WhisLiveItem *item);

G_END_DECLS
