/* SPDX-License-Identifier: MIT */
#include "history-item.h"

#include <glib/gi18n-lib.h>

#include "dictation-state-label.h"

/**
 * WhisHistoryItem:
 *
 * An entry of the history as the D-Bus interface describes it, as an item of a list. Its
 * description may be loaded later; `changed` is emitted when it is loaded or replaced.
 */
struct _WhisHistoryItem
{
  GObject parent;

  GVariant *description;
};

G_DEFINE_FINAL_TYPE (WhisHistoryItem, whis_history_item, G_TYPE_OBJECT)

static guint changed_signal;

static void
whis_history_item_finalize (GObject *object)
{
  WhisHistoryItem *self = WHIS_HISTORY_ITEM (object);

  g_clear_pointer (&self->description, g_variant_unref);

  G_OBJECT_CLASS (whis_history_item_parent_class)->finalize (object);
}

static void
whis_history_item_class_init (WhisHistoryItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_history_item_finalize;

  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_history_item_init (WhisHistoryItem *self)
{
}

/**
 * whis_history_item_new:
 * @description: (nullable): an `a{sv}` of the history, %NULL for one that is not known yet
 *
 * Returns: (transfer full): the entry
 */
WhisHistoryItem *
whis_history_item_new (GVariant *description)
{
  WhisHistoryItem *self = g_object_new (WHIS_TYPE_HISTORY_ITEM, NULL);

  if (description != NULL)
    self->description = g_variant_ref_sink (description);
  return self;
}

/**
 * whis_history_item_update:
 * @self: an entry
 * @description: an `a{sv}` of the history
 *
 * Replaces the description, and emits `changed` if it differs.
 */
void
whis_history_item_update (WhisHistoryItem *self, GVariant *description)
{
  g_autoptr (GVariant) taken = NULL;

  g_return_if_fail (WHIS_IS_HISTORY_ITEM (self));
  g_return_if_fail (g_variant_is_of_type (description, G_VARIANT_TYPE_VARDICT));

  taken = g_variant_ref_sink (description);
  if (self->description != NULL && g_variant_equal (self->description, taken))
    return;

  g_clear_pointer (&self->description, g_variant_unref);
  self->description = g_steal_pointer (&taken);
  g_signal_emit (self, changed_signal, 0);
}

/**
 * whis_history_item_get_description:
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): the `a{sv}`
 */
GVariant *
whis_history_item_get_description (WhisHistoryItem *self)
{
  g_return_val_if_fail (WHIS_IS_HISTORY_ITEM (self), NULL);

  return self->description;
}

/**
 * whis_history_item_is_known:
 * @self: an entry
 *
 * Returns: whether its description has come
 */
gboolean
whis_history_item_is_known (WhisHistoryItem *self)
{
  g_return_val_if_fail (WHIS_IS_HISTORY_ITEM (self), FALSE);

  return self->description != NULL;
}

/**
 * whis_history_item_get_string:
 * @self: an entry
 * @key: a key of the interface whose value is a string
 *
 * Returns: the value, empty where there is none
 */
const char *
whis_history_item_get_string (WhisHistoryItem *self, const char *key)
{
  const char *text = "";

  g_return_val_if_fail (WHIS_IS_HISTORY_ITEM (self), "");

  if (self->description != NULL)
    g_variant_lookup (self->description, key, "&s", &text);
  return text;
}

/**
 * whis_history_item_get_flag:
 * @self: an entry
 * @key: a key of the interface whose value is a boolean
 *
 * Returns: the value, %FALSE where there is none
 */
gboolean
whis_history_item_get_flag (WhisHistoryItem *self, const char *key)
{
  gboolean flag = FALSE;

  g_return_val_if_fail (WHIS_IS_HISTORY_ITEM (self), FALSE);

  if (self->description != NULL)
    g_variant_lookup (self->description, key, "b", &flag);
  return flag;
}

/**
 * whis_history_item_get_created:
 * @self: an entry
 *
 * Returns: when it began, Unix time in milliseconds
 */
gint64
whis_history_item_get_created (WhisHistoryItem *self)
{
  gint64 created = 0;

  g_return_val_if_fail (WHIS_IS_HISTORY_ITEM (self), 0);

  if (self->description != NULL)
    g_variant_lookup (self->description, "created", "x", &created);
  return created;
}

/**
 * whis_history_item_get_length:
 * @self: an entry
 *
 * Returns: the length of its sound in milliseconds
 */
guint64
whis_history_item_get_length (WhisHistoryItem *self)
{
  guint64 length = 0;

  g_return_val_if_fail (WHIS_IS_HISTORY_ITEM (self), 0);

  if (self->description != NULL)
    g_variant_lookup (self->description, "length", "t", &length);
  return length;
}

/**
 * whis_history_item_get_state:
 * @self: an entry
 *
 * Returns: where the dictation stands
 */
WhisDictationState
whis_history_item_get_state (WhisHistoryItem *self)
{
  return whis_dictation_state_from_nick (whis_history_item_get_string (self, "state"));
}

/**
 * whis_history_item_is_no_speech:
 * @self: an entry
 *
 * Returns: whether nobody said anything in it
 */
gboolean
whis_history_item_is_no_speech (WhisHistoryItem *self)
{
  g_return_val_if_fail (WHIS_IS_HISTORY_ITEM (self), FALSE);

  return whis_dictation_state_is_no_speech (whis_history_item_get_state (self),
                                            whis_history_item_get_string (self, "code"));
}

/**
 * whis_history_item_get_state_label:
 * @self: a dictation
 *
 * Returns: a word for people, empty for one that went well
 */
const char *
whis_history_item_get_state_label (WhisHistoryItem *self)
{
  WhisDictationState state = whis_history_item_get_state (self);

  /* A row has room for one word, and nobody waits for it to become another. */
  switch (state)
    {
    case WHIS_DICTATION_STATE_FAILED:
      if (!whis_history_item_is_no_speech (self))
        return _ ("Failed");
      break;
    case WHIS_DICTATION_STATE_WAITING:
      return _ ("Waiting");
    case WHIS_DICTATION_STATE_DONE:
    case WHIS_DICTATION_STATE_IDLE:
      return "";
    case WHIS_DICTATION_STATE_STARTING:
      state = WHIS_DICTATION_STATE_RECORDING;
      break;
    case WHIS_DICTATION_STATE_DELIVERING:
      state = WHIS_DICTATION_STATE_TRANSCRIBING;
      break;
    case WHIS_DICTATION_STATE_RECORDING:
    case WHIS_DICTATION_STATE_TRANSCRIBING:
    case WHIS_DICTATION_STATE_CANCELLED:
    case WHIS_DICTATION_STATE_INTERRUPTED:
    default:
      break;
    }

  return whis_dictation_state_get_label (state, whis_history_item_get_string (self, "code"));
}

/**
 * whis_history_item_get_state_icon:
 * @self: a dictation
 *
 * Returns: the name of an icon
 */
const char *
whis_history_item_get_state_icon (WhisHistoryItem *self)
{
  if (whis_history_item_is_no_speech (self))
    return "microphone-sensitivity-muted-symbolic";

  switch (whis_history_item_get_state (self))
    {
    case WHIS_DICTATION_STATE_FAILED:
      return "dialog-error-symbolic";
    case WHIS_DICTATION_STATE_CANCELLED:
      return "process-stop-symbolic";
    case WHIS_DICTATION_STATE_WAITING:
      return "network-offline-symbolic";
    case WHIS_DICTATION_STATE_INTERRUPTED:
      return "dialog-warning-symbolic";
    case WHIS_DICTATION_STATE_STARTING:
    case WHIS_DICTATION_STATE_RECORDING:
      return "media-record-symbolic";
    case WHIS_DICTATION_STATE_IDLE:
    case WHIS_DICTATION_STATE_TRANSCRIBING:
    case WHIS_DICTATION_STATE_DELIVERING:
    case WHIS_DICTATION_STATE_DONE:
    default:
      return "content-loading-symbolic";
    }
}
