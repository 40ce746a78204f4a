/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "shortcut-action.h"
#include "shortcut-error.h"
#include "shortcut-trigger.h"

G_BEGIN_DECLS

/**
 * WhisShortcutBinding:
 * @action: what the shortcut does
 * @trigger: what the user presses, or would like to
 *
 * A shortcut as the settings have it.
 */
typedef struct
{
  WhisShortcutAction action;
  WhisShortcutTrigger trigger;
} WhisShortcutBinding;

#define WHIS_TYPE_SHORTCUT_BACKEND (whis_shortcut_backend_get_type ())

G_DECLARE_INTERFACE (WhisShortcutBackend, whis_shortcut_backend, WHIS, SHORTCUT_BACKEND, GObject)

/**
 * WhisShortcutBackendInterface:
 * @get_name: a fixed word for logs and `whis doctor`, such as `x11`
 * @tells_release: whether the release of a key is told, so that it can be held to talk
 * @asks_user: whether binding may open a dialog
 * @probe_async: begins a #GTask that returns whether the session has this way, or an error
 * @bind_async: begins a #GTask that returns %TRUE when the shortcuts are bound, those of before no
 *   more. A shortcut that is taken is no error, but a problem.
 * @unbind: lets all go
 * @set_cancel: (nullable): binds Escape to cancel, or lets it go; what is not implemented cannot
 *   do that without asking the user
 * @remove: (nullable): takes out of the desktop's settings what was written there, since another
 *   backend is used
 * @dup_trigger: what the user has to press for an action, in words; %NULL if it is not bound
 * @get_problem: (nullable): a sentence on what could not be bound, and what to do; %NULL for
 * nothing
 *
 * One way to get keys that are pressed in other programs.
 */
struct _WhisShortcutBackendInterface
{
  GTypeInterface parent;

  const char *(*get_name) (WhisShortcutBackend *self);
  gboolean (*tells_release) (WhisShortcutBackend *self);
  gboolean (*asks_user) (WhisShortcutBackend *self);
  void (*probe_async) (WhisShortcutBackend *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  void (*bind_async) (WhisShortcutBackend *self,
                      const WhisShortcutBinding *bindings,
                      gsize n_bindings,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  void (*unbind) (WhisShortcutBackend *self);
  void (*set_cancel) (WhisShortcutBackend *self, gboolean bound);
  void (*remove) (WhisShortcutBackend *self);
  char *(*dup_trigger) (WhisShortcutBackend *self, WhisShortcutAction action);
  const char *(*get_problem) (WhisShortcutBackend *self);
};

const char *whis_shortcut_backend_get_name (WhisShortcutBackend *self);
gboolean whis_shortcut_backend_tells_release (WhisShortcutBackend *self);
gboolean whis_shortcut_backend_asks_user (WhisShortcutBackend *self);
void whis_shortcut_backend_probe_async (WhisShortcutBackend *self,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean whis_shortcut_backend_probe_finish (WhisShortcutBackend *self,
                                             GAsyncResult *result,
                                             GError **error);
void whis_shortcut_backend_bind_async (WhisShortcutBackend *self,
                                       const WhisShortcutBinding *bindings,
                                       gsize n_bindings,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean
whis_shortcut_backend_bind_finish (WhisShortcutBackend *self, GAsyncResult *result, GError **error);
void whis_shortcut_backend_unbind (WhisShortcutBackend *self);
gboolean whis_shortcut_backend_can_bind_cancel (WhisShortcutBackend *self);
void whis_shortcut_backend_set_cancel (WhisShortcutBackend *self, gboolean bound);
void whis_shortcut_backend_remove (WhisShortcutBackend *self);
char *whis_shortcut_backend_dup_trigger (WhisShortcutBackend *self, WhisShortcutAction action);
const char *whis_shortcut_backend_get_problem (WhisShortcutBackend *self);

/* For implementations. */
void whis_shortcut_backend_pressed (WhisShortcutBackend *self, WhisShortcutAction action);
void whis_shortcut_backend_released (WhisShortcutBackend *self, WhisShortcutAction action);
void whis_shortcut_backend_changed (WhisShortcutBackend *self);
void whis_shortcut_backend_lost (WhisShortcutBackend *self, gboolean returns);
void whis_shortcut_backend_refused (WhisShortcutBackend *self);

G_END_DECLS
