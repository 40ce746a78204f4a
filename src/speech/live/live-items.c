/* SPDX-License-Identifier: MIT */
#include "live-items.h"

/**
 * WhisLiveItems:
 *
 * What a service that gives names to sounds has said of each of them.
 */
struct _WhisLiveItems
{
  GPtrArray *items;     /* of WhisLiveItem, in order of arrival */
  GHashTable *finished; /* names of those that may still be spoken of */
};

static void
item_free (gpointer data)
{
  WhisLiveItem *item = data;

  g_free (item->name);
  g_string_free (item->partial, TRUE);
  g_free (item->final);
  g_free (item);
}

static char *
dup_stripped (const char *text)
{
  return g_strstrip (g_strdup (text != NULL ? text : ""));
}

/**
 * whis_live_items_new:
 *
 * Returns: (transfer full): no items
 */
WhisLiveItems *
whis_live_items_new (void)
{
  WhisLiveItems *self = g_new0 (WhisLiveItems, 1);

  self->items = g_ptr_array_new_with_free_func (item_free);
  self->finished = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

/**
 * whis_live_items_free:
 * @self: (transfer full): items
 */
void
whis_live_items_free (WhisLiveItems *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->finished);
  g_free (self);
}

/**
 * whis_live_items_get:
 * @self: items
 * @name: what the service calls one
 *
 * Returns: (transfer none): that one, which is new if it was not spoken of before
 */
WhisLiveItem *
whis_live_items_get (WhisLiveItems *self, const char *name)
{
  WhisLiveItem *item;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      item = g_ptr_array_index (self->items, i);
      if (g_str_equal (item->name, name))
        return item;
    }

  item = g_new0 (WhisLiveItem, 1);
  item->name = g_strdup (name);
  item->partial = g_string_new (NULL);
  g_ptr_array_add (self->items, item);

  return item;
}

/**
 * whis_live_items_update:
 * @self: items
 * @event: what the service says of one; the first final text counts
 *
 * Returns: (transfer none): that one
 */
WhisLiveItem *
whis_live_items_update (WhisLiveItems *self, const WhisLiveEvent *event)
{
  WhisLiveItem *item;

  g_return_val_if_fail (self != NULL && event != NULL && event->item != NULL, NULL);

  item = whis_live_items_get (self, event->item);
  if (event->type == WHIS_LIVE_EVENT_DELTA && event->text != NULL)
    g_string_append (item->partial, event->text);
  else if (event->type == WHIS_LIVE_EVENT_FINAL && item->final == NULL)
    item->final = dup_stripped (event->text);
  else if (event->type == WHIS_LIVE_EVENT_FAILED)
    item->failed = TRUE;

  return item;
}

/**
 * whis_live_items_finish:
 * @self: items
 * @item: (transfer full): one of which everything is known
 */
void
whis_live_items_finish (WhisLiveItems *self, WhisLiveItem *item)
{
  g_return_if_fail (self != NULL && item != NULL);

  g_hash_table_add (self->finished, g_strdup (item->name));
  g_ptr_array_remove (self->items, item);
}

gboolean
whis_live_items_is_finished (WhisLiveItems *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, FALSE);

  return g_hash_table_contains (self->finished, name);
}

/**
 * whis_live_items_get_n:
 * @self: items
 *
 * Returns: how many are not finished
 */
guint
whis_live_items_get_n (WhisLiveItems *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->items->len;
}

WhisLiveItem *
whis_live_items_get_nth (WhisLiveItems *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < self->items->len, NULL);

  return g_ptr_array_index (self->items, i);
}

/**
 * whis_live_item_is_complete:
 * @item: an item
 *
 * Returns: whether it has its text, or will have none
 */
gboolean
whis_live_item_is_complete (const WhisLiveItem *item)
{
  g_return_val_if_fail (item != NULL, FALSE);

  return item->final != NULL || item->failed;
}

/**
 * whis_live_item_dup_text:
 * @item: an item
 *
 * Returns: (transfer full): its text, or what was understood of it so far
 */
char *
whis_live_item_dup_text (const WhisLiveItem *item)
{
  g_return_val_if_fail (item != NULL, NULL);

  return dup_stripped (item->final != NULL ? item->final : item->partial->str);
}
