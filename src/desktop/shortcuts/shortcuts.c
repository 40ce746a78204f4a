/* SPDX-License-Identifier: MIT */
#include "shortcuts-private.h"

#include "shortcut-settings.h"

/* The extension of GNOME Shell, which binds what is in the settings by itself. */
#define SHELL_NAME WHIS_APP_ID ".Shell"

/* A desktop that runs a command for a key runs it again while the key is held, first after its
 * delay of 500 ms, then faster. */
#define TAP_AGAIN_MS 600

/**
 * WhisShortcuts:
 *
 * The shortcuts of the session. The first way that the session has binds what the settings say,
 * again when they change, and after it was lost. Presses of the extension, and of commands that
 * compositors run, arrive by [method@Shortcuts.press].
 *
 * A desktop that asks the user is not asked again after a refusal until somebody calls
 * [method@Shortcuts.bind_async].
 */

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void shortcuts_probe_next (WhisShortcuts *self);

G_DEFINE_FINAL_TYPE (WhisShortcuts, whis_shortcuts, G_TYPE_OBJECT)

static void
shortcuts_changed (WhisShortcuts *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* --- binding -----------------------------------------------------------------------------------
 */

static void
shortcuts_return_binders (WhisShortcuts *self, const GError *error)
{
  while (!g_queue_is_empty (&self->binders))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->binders);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

static void
on_bound (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisShortcuts) self = user_data;
  g_autoptr (GError) error = NULL;

  whis_shortcut_backend_bind_finish (WHIS_SHORTCUT_BACKEND (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_free (self->problem);
  self->problem = error != NULL ? g_strdup (error->message) : NULL;
  if (g_error_matches (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_REFUSED))
    whis_settings_set_shortcuts_refused (self->settings, TRUE);
  if (self->is_recording)
    whis_shortcut_backend_set_cancel (WHIS_SHORTCUT_BACKEND (source), TRUE);
  shortcuts_return_binders (self, error);
  shortcuts_changed (self);
}

/* What another way has bound, or has left in the desktop's settings, would press the same key. */
static void
shortcuts_remove_others (WhisShortcuts *self)
{
  for (guint i = 0; i < self->backends->len; i++)
    {
      WhisShortcutBackend *backend = g_ptr_array_index (self->backends, i);

      if (!self->has_shell && (self->backend == NULL || backend == self->backend))
        continue;
      whis_shortcut_backend_unbind (backend);
      whis_shortcut_backend_remove (backend);
    }
}

static void
shortcuts_bind (WhisShortcuts *self)
{
  g_autoptr (GArray) bindings = whis_shortcut_settings_read (self->settings);

  shortcuts_remove_others (self);
  g_clear_pointer (&self->problem, g_free);
  if (self->backend == NULL || self->has_shell
      || (whis_shortcut_backend_asks_user (self->backend)
          && whis_settings_get_shortcuts_refused (self->settings)))
    {
      if (self->backend != NULL)
        whis_shortcut_backend_unbind (self->backend);
      shortcuts_return_binders (self, NULL);
      shortcuts_changed (self);
      return;
    }

  whis_shortcut_backend_bind_async (self->backend, (WhisShortcutBinding *) bindings->data,
                                    bindings->len, self->cancellable, on_bound,
                                    g_object_ref (self));
}

/* --- finding a way -----------------------------------------------------------------------------
 */

/* What was on its way is given up, and no release comes of what is held. */
static void
shortcuts_begin (WhisShortcuts *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  whis_shortcut_press_release_all (self->press);
}

static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisShortcuts) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean offered =
      whis_shortcut_backend_probe_finish (WHIS_SHORTCUT_BACKEND (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!offered)
    {
      self->probed++;
      shortcuts_probe_next (self);
      return;
    }

  self->backend = WHIS_SHORTCUT_BACKEND (g_object_ref (source));
  g_debug ("Shortcuts by %s", whis_shortcut_backend_get_name (self->backend));
  shortcuts_bind (self);
}

static void
shortcuts_probe_next (WhisShortcuts *self)
{
  if (self->probed >= self->backends->len)
    {
      shortcuts_bind (self);
      return;
    }

  whis_shortcut_backend_probe_async (g_ptr_array_index (self->backends, self->probed),
                                     self->cancellable, on_probed, g_object_ref (self));
}

static void
shortcuts_probe_all (WhisShortcuts *self)
{
  shortcuts_begin (self);
  g_clear_object (&self->backend);
  self->probed = 0;
  shortcuts_probe_next (self);
}

static void
shortcuts_rebind (WhisShortcuts *self)
{
  g_clear_handle_id (&self->rebind_source, g_source_remove);
  if (!self->is_started)
    return;

  if (self->backend == NULL)
    shortcuts_probe_all (self);
  else
    {
      shortcuts_begin (self);
      shortcuts_bind (self);
    }
}

static gboolean
rebind_cb (gpointer user_data)
{
  WhisShortcuts *self = user_data;

  self->rebind_source = 0;
  shortcuts_rebind (self);

  return G_SOURCE_REMOVE;
}

/* Several settings may change at once. */
static void
on_setting_changed (WhisShortcuts *self, const char *key)
{
  if (g_str_has_prefix (key, "shortcut-") && self->is_started && self->rebind_source == 0)
    self->rebind_source = g_idle_add (rebind_cb, self);
}

static void
on_shell_appeared (GDBusConnection *connection,
                   const char *name,
                   const char *owner,
                   gpointer user_data)
{
  WhisShortcuts *self = user_data;

  self->has_shell = TRUE;
  shortcuts_rebind (self);
}

static void
on_shell_vanished (GDBusConnection *connection, const char *name, gpointer user_data)
{
  WhisShortcuts *self = user_data;

  if (!self->has_shell)
    return;
  self->has_shell = FALSE;
  shortcuts_rebind (self);
}

/* --- keys --------------------------------------------------------------------------------------
 */

static void
shortcuts_end_check (WhisShortcuts *self, gboolean arrived)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->check);

  g_clear_handle_id (&self->check_timeout, g_source_remove);
  if (task != NULL)
    g_task_return_boolean (task, arrived);
}

static gboolean
check_timeout_cb (gpointer user_data)
{
  WhisShortcuts *self = user_data;

  self->check_timeout = 0;
  shortcuts_end_check (self, FALSE);

  return G_SOURCE_REMOVE;
}

/**
 * whis_shortcuts_press:
 * @self: the shortcuts
 * @action: an action whose key was pressed, or is repeated
 */
void
whis_shortcuts_press (WhisShortcuts *self, WhisShortcutAction action)
{
  g_return_if_fail (WHIS_IS_SHORTCUTS (self));

  if (self->check != NULL)
    {
      self->check_action = (int) action;
      shortcuts_end_check (self, TRUE);
    }
  if (self->check_action != (int) action)
    whis_shortcut_press_press (self->press, action);
}

/**
 * whis_shortcuts_release:
 * @self: the shortcuts
 * @action: an action whose key was released
 */
void
whis_shortcuts_release (WhisShortcuts *self, WhisShortcutAction action)
{
  g_return_if_fail (WHIS_IS_SHORTCUTS (self));

  if (self->check_action == (int) action)
    self->check_action = -1;
  else
    whis_shortcut_press_release (self->press, action);
}

/**
 * whis_shortcuts_tap:
 * @self: the shortcuts
 * @action: an action whose key was pressed where nobody tells its release
 *
 * Repetitions of a key that is held are ignored.
 */
void
whis_shortcuts_tap (WhisShortcuts *self, WhisShortcutAction action)
{
  gint64 now = g_get_monotonic_time ();
  gint64 before;

  g_return_if_fail (WHIS_IS_SHORTCUTS (self));
  g_return_if_fail (action < WHIS_SHORTCUT_N_ACTIONS);

  before = self->tapped[action];
  self->tapped[action] = now;
  if (before != 0 && now - before < TAP_AGAIN_MS * 1000)
    return;

  whis_shortcuts_press (self, action);
  whis_shortcuts_release (self, action);
  /* What was done may have taken its time, and repetitions wait since then. */
  self->tapped[action] = g_get_monotonic_time ();
}

static void
on_lost (WhisShortcuts *self, gboolean returns, WhisShortcutBackend *backend)
{
  /* Of another one this says that it may be there again. */
  if (backend != self->backend && returns)
    return;

  whis_shortcut_press_release_all (self->press);
  if (!returns)
    shortcuts_probe_all (self);
  else
    shortcuts_changed (self);
}

static void
on_backend_changed (WhisShortcuts *self, WhisShortcutBackend *backend)
{
  if (backend == self->backend)
    shortcuts_changed (self);
}

static void
on_refused (WhisShortcuts *self, WhisShortcutBackend *backend)
{
  if (backend == self->backend)
    whis_settings_set_shortcuts_refused (self->settings, TRUE);
}

/* Desktops differ in the name, not in the signal. */
static void
on_screen_saver (GDBusConnection *connection,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *signal,
                 GVariant *parameters,
                 gpointer user_data)
{
  WhisShortcuts *self = user_data;
  gboolean active = FALSE;

  if (!g_str_has_suffix (interface, ".ScreenSaver")
      || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;

  g_variant_get (parameters, "(b)", &active);
  if (active)
    whis_shortcut_press_release_all (self->press);
}

/* --- the object --------------------------------------------------------------------------------
 */

static void
whis_shortcuts_dispose (GObject *object)
{
  WhisShortcuts *self = WHIS_SHORTCUTS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->rebind_source, g_source_remove);
  shortcuts_end_check (self, FALSE);
  shortcuts_return_binders (self, NULL);
  g_clear_handle_id (&self->watch, g_bus_unwatch_name);
  if (self->lock_subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->lock_subscription);
  self->lock_subscription = 0;
  g_clear_object (&self->backend);
  g_clear_pointer (&self->backends, g_ptr_array_unref);
  g_clear_object (&self->press);
  g_clear_object (&self->connection);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_shortcuts_parent_class)->dispose (object);
}

static void
whis_shortcuts_finalize (GObject *object)
{
  WhisShortcuts *self = WHIS_SHORTCUTS (object);

  g_free (self->problem);
  g_strfreev (self->environment);

  G_OBJECT_CLASS (whis_shortcuts_parent_class)->finalize (object);
}

static void
whis_shortcuts_class_init (WhisShortcutsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_shortcuts_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_shortcuts_finalize;

  /**
   * WhisShortcuts::changed:
   * @self: the shortcuts
   *
   * [method@Shortcuts.describe] tells something else.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", WHIS_TYPE_SHORTCUTS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_shortcuts_init (WhisShortcuts *self)
{
  self->backends = g_ptr_array_new_with_free_func (g_object_unref);
  self->press = whis_shortcut_press_new (NULL);
  self->check_action = -1;
  g_queue_init (&self->binders);
}

/**
 * whis_shortcuts_new:
 * @settings: which shortcuts there are
 * @connection: the session bus
 *
 * Returns: (transfer full): the shortcuts, none of which is bound
 */
WhisShortcuts *
whis_shortcuts_new (WhisSettings *settings, GDBusConnection *connection)
{
  WhisShortcuts *self;

  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  self = g_object_new (WHIS_TYPE_SHORTCUTS, NULL);
  self->settings = g_object_ref (settings);
  self->connection = g_object_ref (connection);
  g_signal_connect_object (settings, "changed", G_CALLBACK (on_setting_changed), self,
                           G_CONNECT_SWAPPED);
  self->lock_subscription =
      g_dbus_connection_signal_subscribe (connection, NULL, NULL, "ActiveChanged", NULL, NULL,
                                          G_DBUS_SIGNAL_FLAGS_NONE, on_screen_saver, self, NULL);

  return self;
}

/**
 * whis_shortcuts_add_backend:
 * @self: the shortcuts, not started
 * @backend: a way to bind them, which is chosen if the session has it and none that was added
 * before
 */
void
whis_shortcuts_add_backend (WhisShortcuts *self, WhisShortcutBackend *backend)
{
  g_return_if_fail (WHIS_IS_SHORTCUTS (self));
  g_return_if_fail (WHIS_IS_SHORTCUT_BACKEND (backend));

  g_ptr_array_add (self->backends, g_object_ref (backend));
  g_signal_connect_object (backend, "pressed", G_CALLBACK (whis_shortcuts_press), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "released", G_CALLBACK (whis_shortcuts_release), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "lost", G_CALLBACK (on_lost), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "changed", G_CALLBACK (on_backend_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "refused", G_CALLBACK (on_refused), self, G_CONNECT_SWAPPED);
}

/**
 * whis_shortcuts_set_environment:
 * @self: the shortcuts
 * @environment: (array zero-terminated=1): that of the session, which tells the compositor
 */
void
whis_shortcuts_set_environment (WhisShortcuts *self, const char *const *environment)
{
  g_return_if_fail (WHIS_IS_SHORTCUTS (self));

  g_strfreev (self->environment);
  self->environment = g_strdupv ((char **) environment);
}

/**
 * whis_shortcuts_start:
 * @self: the shortcuts
 *
 * Finds the way of this session, and binds what the settings say. It may be called again, when the
 * session has a display at last.
 */
void
whis_shortcuts_start (WhisShortcuts *self)
{
  g_return_if_fail (WHIS_IS_SHORTCUTS (self));

  self->is_started = TRUE;
  if (self->watch == 0)
    self->watch =
        g_bus_watch_name_on_connection (self->connection, SHELL_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                        on_shell_appeared, on_shell_vanished, self, NULL);
  shortcuts_probe_all (self);
}

/**
 * whis_shortcuts_get_press:
 * @self: the shortcuts
 *
 * Returns: (transfer none): what the presses mean; its signals are what is to be done
 */
WhisShortcutPress *
whis_shortcuts_get_press (WhisShortcuts *self)
{
  g_return_val_if_fail (WHIS_IS_SHORTCUTS (self), NULL);

  return self->press;
}

/**
 * whis_shortcuts_set_recording:
 * @self: the shortcuts
 * @recording: whether a dictation records, or is about to; Escape cancels while it does
 */
void
whis_shortcuts_set_recording (WhisShortcuts *self, gboolean recording)
{
  g_return_if_fail (WHIS_IS_SHORTCUTS (self));

  if (self->is_recording == recording)
    return;

  self->is_recording = recording;
  whis_shortcut_press_set_recording (self->press, recording);
  if (self->backend != NULL && !self->has_shell)
    whis_shortcut_backend_set_cancel (self->backend, recording);
}

/**
 * whis_shortcuts_bind_async:
 * @self: the shortcuts
 * @triggers: `a{ss}`: from actions to shortcuts, or to empty texts
 * @cancellable: (nullable): to wait no longer
 * @callback: called when it is known what is bound
 * @user_data: for @callback
 *
 * Changes the settings, and binds what they say. The user has asked for it, so that the desktop may
 * ask the user, too.
 */
void
whis_shortcuts_bind_async (WhisShortcuts *self,
                           GVariant *triggers,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (WHIS_IS_SHORTCUTS (self));
  g_return_if_fail (g_variant_is_of_type (triggers, G_VARIANT_TYPE ("a{ss}")));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_shortcuts_bind_async);
  if (!whis_shortcut_settings_check (triggers, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  whis_settings_set_shortcuts_refused (self->settings, FALSE);
  whis_shortcut_settings_write (self->settings, triggers);
  self->is_started = TRUE;
  g_queue_push_tail (&self->binders, g_steal_pointer (&task));
  shortcuts_rebind (self);
}

/**
 * whis_shortcuts_bind_finish:
 * @self: the shortcuts
 * @result: the result
 * @error: return location for an error of %WHIS_SHORTCUT_ERROR
 *
 * Returns: whether the settings are changed, and nobody has refused; [method@Shortcuts.describe]
 *   tells what is bound
 */
gboolean
whis_shortcuts_bind_finish (WhisShortcuts *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_shortcuts_bind_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * whis_shortcuts_check_async:
 * @self: the shortcuts
 * @cancellable: (nullable): to wait no longer
 * @callback: called after the first key, or after %WHIS_SHORTCUTS_CHECK_MS
 * @user_data: for @callback
 *
 * Waits for the user to press a shortcut, which does nothing else this time.
 */
void
whis_shortcuts_check_async (WhisShortcuts *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (WHIS_IS_SHORTCUTS (self));

  shortcuts_end_check (self, FALSE);
  self->check = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->check, whis_shortcuts_check_async);
  self->check_timeout = g_timeout_add (WHIS_SHORTCUTS_CHECK_MS, check_timeout_cb, self);
}

/**
 * whis_shortcuts_check_finish:
 * @self: the shortcuts
 * @result: the result
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Returns: whether a key arrived
 */
gboolean
whis_shortcuts_check_finish (WhisShortcuts *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_shortcuts_check_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
