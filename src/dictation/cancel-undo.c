/* SPDX-License-Identifier: MIT */
#include "cancel-undo.h"

/**
 * WhisCancelUndo:
 *
 * The dictation that was cancelled last, and for how long that can be undone.
 */
struct _WhisCancelUndo
{
  GObject parent_instance;

  WhisHistory *history;
  guint timeout_s;
  char *id; /* NULL if nothing can be undone */
  guint timeout;
};

enum
{
  PROP_AVAILABLE = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WhisCancelUndo, whis_cancel_undo, G_TYPE_OBJECT)

static void
set_id (WhisCancelUndo *self, const char *id)
{
  if (id == NULL && self->id == NULL)
    return;

  g_free (self->id);
  self->id = g_strdup (id);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AVAILABLE]);
}

static gboolean
on_timeout (gpointer user_data)
{
  WhisCancelUndo *self = user_data;

  self->timeout = 0;
  set_id (self, NULL);
  /* What was cancelled in private is not kept any longer. */
  whis_history_apply_rules (self->history);

  return G_SOURCE_REMOVE;
}

/**
 * whis_cancel_undo_set:
 * @self: what can be undone
 * @id: id of a dictation that was cancelled and can be finished
 *
 * From here on that one can be taken back, and no other.
 */
void
whis_cancel_undo_set (WhisCancelUndo *self, const char *id)
{
  g_return_if_fail (WHIS_IS_CANCEL_UNDO (self));
  g_return_if_fail (id != NULL);

  set_id (self, id);
  /* Goes on when it is taken back: there may be an earlier one, which was cancelled in private. */
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->timeout = g_timeout_add_seconds (self->timeout_s, on_timeout, self);
}

/**
 * whis_cancel_undo_take:
 * @self: what can be undone
 *
 * Returns: (transfer full) (nullable): id of the dictation that was cancelled; it can be asked for
 *   once
 */
char *
whis_cancel_undo_take (WhisCancelUndo *self)
{
  g_autofree char *id = NULL;

  g_return_val_if_fail (WHIS_IS_CANCEL_UNDO (self), NULL);

  id = g_strdup (self->id);
  set_id (self, NULL);

  return g_steal_pointer (&id);
}

gboolean
whis_cancel_undo_get_available (WhisCancelUndo *self)
{
  g_return_val_if_fail (WHIS_IS_CANCEL_UNDO (self), FALSE);

  return self->id != NULL;
}

static void
whis_cancel_undo_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_AVAILABLE)
    g_value_set_boolean (value, whis_cancel_undo_get_available (WHIS_CANCEL_UNDO (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_cancel_undo_dispose (GObject *object)
{
  WhisCancelUndo *self = WHIS_CANCEL_UNDO (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_object (&self->history);
  g_clear_pointer (&self->id, g_free);

  G_OBJECT_CLASS (whis_cancel_undo_parent_class)->dispose (object);
}

static void
whis_cancel_undo_class_init (WhisCancelUndoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = whis_cancel_undo_get_property;
  object_class->dispose = whis_cancel_undo_dispose;

  properties[PROP_AVAILABLE] =
      g_param_spec_boolean ("available", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_cancel_undo_init (WhisCancelUndo *self)
{
}

/**
 * whis_cancel_undo_new:
 * @history: where dictations are recorded; its rules are applied when the time is over
 * @timeout_s: for how long a dictation can be taken back, in seconds
 *
 * Returns: (transfer full): nothing that can be undone
 */
WhisCancelUndo *
whis_cancel_undo_new (WhisHistory *history, guint timeout_s)
{
  WhisCancelUndo *self;

  g_return_val_if_fail (WHIS_IS_HISTORY (history), NULL);

  self = g_object_new (WHIS_TYPE_CANCEL_UNDO, NULL);
  self->history = g_object_ref (history);
  self->timeout_s = timeout_s;

  return self;
}
