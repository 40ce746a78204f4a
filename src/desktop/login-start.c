/* SPDX-License-Identifier: MIT */
#include "login-start.h"

#include "autostart.h"

/**
 * WhisLoginStart:
 *
 * Keeps the setting `autostart` and the desktop's start at login in step. The desktop has the last
 * word: what it says becomes the setting, and a setting that it does not take goes back.
 */

struct _WhisLoginStart
{
  GObject parent_instance;

  WhisSettings *settings;
  WhisAutostart *autostart;
  guint changing;  /* changes that are under way */
  gboolean wanted; /* by the last of them */
};

enum
{
  PROBLEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisLoginStart, whis_login_start, G_TYPE_OBJECT)

static void
login_start_follow (WhisLoginStart *self)
{
  if (self->changing == 0)
    whis_settings_set_autostart (self->settings, whis_autostart_get_enabled (self->autostart));
}

static void
applied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisLoginStart *self = g_task_get_source_object (task);
  GError *error = NULL;

  whis_autostart_apply_finish (WHIS_AUTOSTART (object), result, &error);
  self->changing--;
  login_start_follow (self);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * whis_login_start_set_async:
 * @self: the start at login
 * @enabled: whether the session shall start Whis
 * @cancellable: (nullable): for giving up
 * @callback: called when it is done, or not
 * @user_data: for @callback
 *
 * Changes the start at login, and the setting when that has worked.
 */
void
whis_login_start_set_async (WhisLoginStart *self,
                            gboolean enabled,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;

  g_return_if_fail (WHIS_IS_LOGIN_START (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_login_start_set_async);
  g_task_set_check_cancellable (task, FALSE);
  self->changing++;
  self->wanted = enabled;
  g_debug ("Start at login: %s is asked for", enabled ? "on" : "off");
  whis_autostart_apply_async (self->autostart, enabled, cancellable, applied_cb, task);
}

/**
 * whis_login_start_set_finish:
 * @self: the start at login
 * @result: the result
 * @error: return location for an error, a sentence for people
 *
 * Returns: whether it is now as asked for
 */
gboolean
whis_login_start_set_finish (WhisLoginStart *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
set_by_others_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WhisLoginStart *self = WHIS_LOGIN_START (object);
  g_autoptr (GError) error = NULL;

  if (!whis_login_start_set_finish (self, result, &error))
    g_signal_emit (self, signals[PROBLEM], 0, error);
}

/* Somebody wrote the setting without asking for the change, maybe while an earlier one is made. */
static void
settings_changed_cb (WhisLoginStart *self, const char *key)
{
  gboolean wanted = whis_settings_get_autostart (self->settings);
  gboolean coming =
      self->changing > 0 ? self->wanted : whis_autostart_get_enabled (self->autostart);

  if (g_str_equal (key, "autostart") && wanted != coming)
    whis_login_start_set_async (self, wanted, NULL, set_by_others_cb, NULL);
}

static void
whis_login_start_dispose (GObject *object)
{
  WhisLoginStart *self = WHIS_LOGIN_START (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->autostart);

  G_OBJECT_CLASS (whis_login_start_parent_class)->dispose (object);
}

static void
whis_login_start_class_init (WhisLoginStartClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_login_start_dispose;

  /**
   * WhisLoginStart::problem:
   * @self: the start at login
   * @error: a sentence for people
   *
   * A setting that somebody wrote could not be carried out, and is as it was.
   */
  signals[PROBLEM] = g_signal_new ("problem", WHIS_TYPE_LOGIN_START, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_login_start_init (WhisLoginStart *self)
{
}

/* `WHIS_SERVICE_PROGRAM` in the environment names the program of a build tree. */
static char *
find_program (void)
{
  const char *program = g_getenv ("WHIS_SERVICE_PROGRAM");

  return g_canonicalize_filename (program != NULL ? program : WHIS_LIBEXECDIR "/whis-service",
                                  NULL);
}

/**
 * whis_login_start_new:
 * @connection: the session bus
 * @settings: the user's settings
 *
 * Returns: (transfer full): what keeps both in step as long as it lives
 */
WhisLoginStart *
whis_login_start_new (GDBusConnection *connection, WhisSettings *settings)
{
  WhisLoginStart *self = g_object_new (WHIS_TYPE_LOGIN_START, NULL);
  g_autofree char *program = find_program ();

  self->settings = g_object_ref (settings);
  self->autostart =
      whis_autostart_new (connection, program, whis_settings_get_autostart (settings));
  g_signal_connect_object (self->autostart, "notify::enabled", G_CALLBACK (login_start_follow),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed", G_CALLBACK (settings_changed_cb), self,
                           G_CONNECT_SWAPPED);
  whis_autostart_watch (self->autostart);

  return self;
}
