/* SPDX-License-Identifier: MIT */
#include "shortcut-backend.h"

G_DEFINE_INTERFACE (WhisShortcutBackend, whis_shortcut_backend, G_TYPE_OBJECT)

enum
{
  SIGNAL_PRESSED,
  SIGNAL_RELEASED,
  SIGNAL_CHANGED,
  SIGNAL_LOST,
  SIGNAL_REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
whis_shortcut_backend_default_init (WhisShortcutBackendInterface *iface)
{
  /**
   * WhisShortcutBackend::pressed:
   * @self: a backend
   * @action: an action
   *
   * Its key was pressed. Some backends tell it again while the key is held.
   */
  signals[SIGNAL_PRESSED] =
      g_signal_new ("pressed", WHIS_TYPE_SHORTCUT_BACKEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, WHIS_TYPE_SHORTCUT_ACTION);

  /**
   * WhisShortcutBackend::released:
   * @self: a backend
   * @action: an action
   *
   * Its key was released.
   */
  signals[SIGNAL_RELEASED] =
      g_signal_new ("released", WHIS_TYPE_SHORTCUT_BACKEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, WHIS_TYPE_SHORTCUT_ACTION);

  /**
   * WhisShortcutBackend::changed:
   * @self: a backend
   *
   * Triggers or the problem are others, because the user changed them in the desktop's settings.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", WHIS_TYPE_SHORTCUT_BACKEND, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisShortcutBackend::lost:
   * @self: a backend
   * @returns: whether it binds the same again by itself
   *
   * What tells the keys is gone: no release comes of those that are held.
   */
  signals[SIGNAL_LOST] = g_signal_new ("lost", WHIS_TYPE_SHORTCUT_BACKEND, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);

  /**
   * WhisShortcutBackend::refused:
   * @self: a backend
   *
   * The user was asked when it bound the same again by itself, and said no.
   */
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", WHIS_TYPE_SHORTCUT_BACKEND, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

const char *
whis_shortcut_backend_get_name (WhisShortcutBackend *self)
{
  g_return_val_if_fail (WHIS_IS_SHORTCUT_BACKEND (self), NULL);

  return WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->get_name (self);
}

gboolean
whis_shortcut_backend_tells_release (WhisShortcutBackend *self)
{
  g_return_val_if_fail (WHIS_IS_SHORTCUT_BACKEND (self), FALSE);

  return WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->tells_release (self);
}

gboolean
whis_shortcut_backend_asks_user (WhisShortcutBackend *self)
{
  g_return_val_if_fail (WHIS_IS_SHORTCUT_BACKEND (self), FALSE);

  return WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->asks_user (self);
}

void
whis_shortcut_backend_probe_async (WhisShortcutBackend *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (WHIS_IS_SHORTCUT_BACKEND (self));

  WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->probe_async (self, cancellable, callback, user_data);
}

/**
 * whis_shortcut_backend_probe_finish:
 * @self: a backend
 * @result: the result
 * @error: return location for %WHIS_SHORTCUT_ERROR_NOT_OFFERED or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the session has this way
 */
gboolean
whis_shortcut_backend_probe_finish (WhisShortcutBackend *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * whis_shortcut_backend_bind_async:
 * @self: a backend that was probed
 * @bindings: (array length=n_bindings): the shortcuts, which are copied
 * @n_bindings: how many
 * @cancellable: (nullable): to give up, which closes a dialog
 * @callback: called when it is known what is bound
 * @user_data: for @callback
 *
 * Binds these shortcuts, and no others any more.
 */
void
whis_shortcut_backend_bind_async (WhisShortcutBackend *self,
                                  const WhisShortcutBinding *bindings,
                                  gsize n_bindings,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (WHIS_IS_SHORTCUT_BACKEND (self));

  WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->bind_async (self, bindings, n_bindings, cancellable,
                                                      callback, user_data);
}

/**
 * whis_shortcut_backend_bind_finish:
 * @self: a backend
 * @result: the result
 * @error: return location for an error of %WHIS_SHORTCUT_ERROR or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the desktop was asked and the user did not refuse; see
 *   [method@ShortcutBackend.get_problem] for single shortcuts
 */
gboolean
whis_shortcut_backend_bind_finish (WhisShortcutBackend *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
whis_shortcut_backend_unbind (WhisShortcutBackend *self)
{
  g_return_if_fail (WHIS_IS_SHORTCUT_BACKEND (self));

  WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->unbind (self);
}

gboolean
whis_shortcut_backend_can_bind_cancel (WhisShortcutBackend *self)
{
  g_return_val_if_fail (WHIS_IS_SHORTCUT_BACKEND (self), FALSE);

  return WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->set_cancel != NULL;
}

/**
 * whis_shortcut_backend_set_cancel:
 * @self: a backend
 * @bound: whether Escape cancels
 *
 * Does nothing where the user would be asked.
 */
void
whis_shortcut_backend_set_cancel (WhisShortcutBackend *self, gboolean bound)
{
  if (whis_shortcut_backend_can_bind_cancel (self))
    WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->set_cancel (self, bound);
}

/**
 * whis_shortcut_backend_remove:
 * @self: a backend that is not used
 *
 * A key that the desktop's settings give to Whis would work twice.
 */
void
whis_shortcut_backend_remove (WhisShortcutBackend *self)
{
  g_return_if_fail (WHIS_IS_SHORTCUT_BACKEND (self));

  if (WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->remove != NULL)
    WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->remove (self);
}

char *
whis_shortcut_backend_dup_trigger (WhisShortcutBackend *self, WhisShortcutAction action)
{
  g_return_val_if_fail (WHIS_IS_SHORTCUT_BACKEND (self), NULL);
  g_return_val_if_fail (action < WHIS_SHORTCUT_N_ACTIONS, NULL);

  return WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->dup_trigger (self, action);
}

const char *
whis_shortcut_backend_get_problem (WhisShortcutBackend *self)
{
  g_return_val_if_fail (WHIS_IS_SHORTCUT_BACKEND (self), NULL);

  return WHIS_SHORTCUT_BACKEND_GET_IFACE (self)->get_problem (self);
}

void
whis_shortcut_backend_pressed (WhisShortcutBackend *self, WhisShortcutAction action)
{
  g_signal_emit (self, signals[SIGNAL_PRESSED], 0, action);
}

void
whis_shortcut_backend_released (WhisShortcutBackend *self, WhisShortcutAction action)
{
  g_signal_emit (self, signals[SIGNAL_RELEASED], 0, action);
}

void
whis_shortcut_backend_changed (WhisShortcutBackend *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
whis_shortcut_backend_lost (WhisShortcutBackend *self, gboolean returns)
{
  g_signal_emit (self, signals[SIGNAL_LOST], 0, returns);
}

void
whis_shortcut_backend_refused (WhisShortcutBackend *self)
{
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0);
}
