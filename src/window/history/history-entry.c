/* SPDX-License-Identifier: MIT */
#include "history-entry.h"

#include "state-title.h"

/**
 * WhisHistoryEntry:
 *
 * An entry of the history as the D-Bus interface describes it. One that is not known yet stands for
 * its place in a list; its `changed` signal tells when it is known, or known anew.
 */
struct _WhisHistoryEntry
{
  GObject parent;

  GVariant *description;
};

G_DEFINE_FINAL_TYPE (WhisHistoryEntry, whis_history_entry, G_TYPE_OBJECT)

static guint changed_signal;

static void
whis_history_entry_finalize (GObject *object)
{
  WhisHistoryEntry *self = WHIS_HISTORY_ENTRY (object);

  g_clear_pointer (&self->description, g_variant_unref);

  G_OBJECT_CLASS (whis_history_entry_parent_class)->finalize (object);
}

static void
whis_history_entry_class_init (WhisHistoryEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_history_entry_finalize;

  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_history_entry_init (WhisHistoryEntry *self)
{
}

/**
 * whis_history_entry_new:
 * @description: (nullable): an `a{sv}` of the history, %NULL for one that is not known yet
 *
 * Returns: (transfer full): the entry
 */
WhisHistoryEntry *
whis_history_entry_new (GVariant *description)
{
  WhisHistoryEntry *self = g_object_new (WHIS_TYPE_HISTORY_ENTRY, NULL);

  if (description != NULL)
    self->description = g_variant_ref_sink (description);
  return self;
}

/**
 * whis_history_entry_update:
 * @self: an entry
 * @description: an `a{sv}` of the history
 *
 * Takes a newer description, and tells of it if it is another.
 */
void
whis_history_entry_update (WhisHistoryEntry *self, GVariant *description)
{
  g_autoptr (GVariant) taken = NULL;

  g_return_if_fail (WHIS_IS_HISTORY_ENTRY (self));
  g_return_if_fail (g_variant_is_of_type (description, G_VARIANT_TYPE_VARDICT));

  taken = g_variant_ref_sink (description);
  if (self->description != NULL && g_variant_equal (self->description, taken))
    return;

  g_clear_pointer (&self->description, g_variant_unref);
  self->description = g_steal_pointer (&taken);
  g_signal_emit (self, changed_signal, 0);
}

/**
 * whis_history_entry_get_description:
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): the `a{sv}`
 */
GVariant *
whis_history_entry_get_description (WhisHistoryEntry *self)
{
  g_return_val_if_fail (WHIS_IS_HISTORY_ENTRY (self), NULL);

  return self->description;
}

/**
 * whis_history_entry_is_known:
 * @self: an entry
 *
 * Returns: whether its description has come
 */
gboolean
whis_history_entry_is_known (WhisHistoryEntry *self)
{
  g_return_val_if_fail (WHIS_IS_HISTORY_ENTRY (self), FALSE);

  return self->description != NULL;
}

/**
 * whis_history_entry_get_string:
 * @self: an entry
 * @key: a key of the interface whose value is a string
 *
 * Returns: the value, empty where there is none
 */
const char *
whis_history_entry_get_string (WhisHistoryEntry *self, const char *key)
{
  const char *text = "";

  g_return_val_if_fail (WHIS_IS_HISTORY_ENTRY (self), "");

  if (self->description != NULL)
    g_variant_lookup (self->description, key, "&s", &text);
  return text;
}

/**
 * whis_history_entry_get_flag:
 * @self: an entry
 * @key: a key of the interface whose value is a boolean
 *
 * Returns: the value, %FALSE where there is none
 */
gboolean
whis_history_entry_get_flag (WhisHistoryEntry *self, const char *key)
{
  gboolean flag = FALSE;

  g_return_val_if_fail (WHIS_IS_HISTORY_ENTRY (self), FALSE);

  if (self->description != NULL)
    g_variant_lookup (self->description, key, "b", &flag);
  return flag;
}

/**
 * whis_history_entry_get_created:
 * @self: an entry
 *
 * Returns: when it began, Unix time in milliseconds
 */
gint64
whis_history_entry_get_created (WhisHistoryEntry *self)
{
  gint64 created = 0;

  g_return_val_if_fail (WHIS_IS_HISTORY_ENTRY (self), 0);

  if (self->description != NULL)
    g_variant_lookup (self->description, "created", "x", &created);
  return created;
}

/**
 * whis_history_entry_get_length:
 * @self: an entry
 *
 * Returns: the length of its sound in milliseconds
 */
guint64
whis_history_entry_get_length (WhisHistoryEntry *self)
{
  guint64 length = 0;

  g_return_val_if_fail (WHIS_IS_HISTORY_ENTRY (self), 0);

  if (self->description != NULL)
    g_variant_lookup (self->description, "length", "t", &length);
  return length;
}

/**
 * whis_history_entry_get_state:
 * @self: an entry
 *
 * Returns: where the dictation stands
 */
WhisDictationState
whis_history_entry_get_state (WhisHistoryEntry *self)
{
  return whis_dictation_state_from_nick (whis_history_entry_get_string (self, "state"));
}

/**
 * whis_history_entry_is_no_speech:
 * @self: an entry
 *
 * Returns: whether nobody said anything in it
 */
gboolean
whis_history_entry_is_no_speech (WhisHistoryEntry *self)
{
  g_return_val_if_fail (WHIS_IS_HISTORY_ENTRY (self), FALSE);

  return whis_state_is_no_speech (whis_history_entry_get_state (self),
                                  whis_history_entry_get_string (self, "code"));
}
