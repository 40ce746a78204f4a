/* SPDX-License-Identifier: MIT */
#include "autostart.h"

#include <glib/gi18n-lib.h>

#include "autostart-entry.h"
#include "portal-error.h"
#include "portal-request.h"
#include "sandbox.h"

/**
 * WhisAutostart:
 *
 * Whether the user's session starts Whis, without a window.
 *
 * Outside of a sandbox an entry in the user's autostart directory says so, and that entry is the
 * truth: the user may change it in the desktop's own settings. In a sandbox the portal
 * `org.freedesktop.portal.Background` keeps it, and cannot be asked: there the last answer is what
 * is known.
 */

#define PORTAL_INTERFACE "org.freedesktop.portal.Background"

struct _WhisAutostart
{
  GObject parent_instance;

  GDBusConnection *connection;
  char *program;
  gboolean portal;
  gboolean enabled;

  char *path; /* of the entry */
  GFileMonitor *monitor;
  GCancellable *reading;
  GQueue waiting; /* of tasks; the first is being done */
};

enum
{
  PROP_CONNECTION = 1,
  PROP_PROGRAM,
  PROP_PORTAL,
  PROP_ENABLED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WhisAutostart, whis_autostart, G_TYPE_OBJECT)

static void do_first (WhisAutostart *self);

static void
set_enabled (WhisAutostart *self, gboolean enabled)
{
  if (self->enabled == enabled)
    return;

  self->enabled = enabled;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENABLED]);
}

/* What was found on the disk. */
typedef struct
{
  gboolean on;
  gboolean has_directory;
} Found;

static void read_entry (WhisAutostart *self);

/* A directory that does not exist could be watched only by looking for it all the time; nobody but
 * Whis puts an entry there before it exists. */
static void
watch_entry (WhisAutostart *self, gboolean has_directory)
{
  g_autoptr (GFile) file = NULL;

  if (!has_directory && self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  if (!has_directory)
    g_clear_object (&self->monitor);
  if (!has_directory || self->monitor != NULL)
    return;

  file = g_file_new_for_path (self->path);
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (read_entry), self,
                             G_CONNECT_SWAPPED);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  g_autofree char *directory = g_path_get_dirname (path);
  Found *found = g_new0 (Found, 1);

  found->on = whis_autostart_entry_is_on (path);
  found->has_directory = g_file_test (directory, G_FILE_TEST_IS_DIR);
  g_task_return_pointer (task, found, g_free);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WhisAutostart *self = WHIS_AUTOSTART (object);
  g_autofree Found *found = g_task_propagate_pointer (G_TASK (result), NULL);

  if (found == NULL)
    return;

  watch_entry (self, found->has_directory);
  set_enabled (self, found->on);
}

/* What a change that is under way makes of it is known when that is over. */
static void
read_entry (WhisAutostart *self)
{
  g_autoptr (GTask) task = NULL;

  if (!g_queue_is_empty (&self->waiting))
    return;

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  task = g_task_new (self, self->reading, read_cb, NULL);
  g_task_set_source_tag (task, read_entry);
  g_task_set_task_data (task, g_strdup (self->path), g_free);
  g_task_run_in_thread (task, read_in_thread);
}

/* The next change may begin. */
static void
end_first (WhisAutostart *self, GError *error)
{
  g_autoptr (GTask) task = g_queue_pop_head (&self->waiting);
  gboolean enabled = GPOINTER_TO_INT (g_task_get_task_data (task));

  if (error == NULL)
    set_enabled (self, enabled);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);

  if (!g_queue_is_empty (&self->waiting))
    do_first (self);
  else if (!self->portal)
    read_entry (self);
}

typedef struct
{
  char *path;
  char *program;
  gboolean enabled;
} Change;

static void
change_free (Change *change)
{
  g_free (change->path);
  g_free (change->program);
  g_free (change);
}

static void
change_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Change *change = task_data;
  GError *error = NULL;

  if (change->enabled)
    whis_autostart_entry_write (change->path, change->program, &error);
  else
    whis_autostart_entry_remove (change->path, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
changed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  end_first (WHIS_AUTOSTART (object), error);
}

static void
change_entry (WhisAutostart *self, gboolean enabled)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, changed_cb, NULL);
  Change *change = g_new0 (Change, 1);

  change->path = g_strdup (self->path);
  change->program = g_strdup (self->program);
  change->enabled = enabled;
  g_task_set_source_tag (task, change_entry);
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  g_task_run_in_thread (task, change_in_thread);
}

/* In the words of what was asked for. */
static GError *
autostart_explain (const GError *error, gboolean enabled)
{
  if (g_error_matches (error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_REFUSED))
    return g_error_new_literal (WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_REFUSED,
                                _ ("The desktop does not allow Whis to run in the background; its "
                                   "settings for applications can change that."));
  if (g_error_matches (error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_NO_PORTAL))
    return g_error_new_literal (WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_NO_PORTAL,
                                _ ("This desktop has no portal for programs that start at login; "
                                   "its own settings may have a list of them."));

  return g_error_new_literal (WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_FAILED,
                              enabled ? _ ("The desktop did not take Whis into the programs that "
                                           "start at login; try again.")
                                      : _ ("The desktop did not take Whis out of the programs that "
                                           "start at login; try again."));
}

static GError *
autostart_judge (GVariant *results, const GError *error, gboolean enabled)
{
  gboolean started = FALSE;

  /* What may not run in the background is not started either. */
  if (!enabled && g_error_matches (error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_REFUSED))
    return NULL;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  if (error == NULL)
    g_variant_lookup (results, "autostart", "b", &started);
  if (error == NULL && !started == !enabled)
    return NULL;

  g_debug ("Autostart through the portal: %s", error != NULL ? error->message : "not as asked for");

  return autostart_explain (error, enabled);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisAutostart) self = user_data;
  GTask *task = g_queue_peek_head (&self->waiting);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) results =
      whis_portal_request_finish (G_DBUS_CONNECTION (object), result, &error);

  end_first (self, autostart_judge (results, error, GPOINTER_TO_INT (g_task_get_task_data (task))));
}

static void
ask_portal (WhisAutostart *self, gboolean enabled, GCancellable *cancellable)
{
  const char *const command[] = { self->program, "--at-login", NULL };
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "reason", "s",
                         _ ("Whis waits in the panel, ready for a dictation."));
  g_variant_dict_insert (&options, "autostart", "b", enabled);
  g_variant_dict_insert (&options, "commandline", "^as", command);
  /* Activation would open the window. */
  g_variant_dict_insert (&options, "dbus-activatable", "b", FALSE);
  whis_portal_request_async (self->connection, PORTAL_INTERFACE, "RequestBackground",
                             g_variant_new ("(s@a{sv})", "", g_variant_dict_end (&options)),
                             cancellable, answered_cb, g_object_ref (self));
}

static void
do_first (WhisAutostart *self)
{
  GTask *task = g_queue_peek_head (&self->waiting);
  gboolean enabled = GPOINTER_TO_INT (g_task_get_task_data (task));

  if (self->portal)
    ask_portal (self, enabled, g_task_get_cancellable (task));
  else
    change_entry (self, enabled);
}

/**
 * whis_autostart_watch:
 * @self: the start at login
 *
 * Reads the entry and follows it as others change it: [property@Autostart:enabled]. In a sandbox
 * nothing can be followed.
 */
void
whis_autostart_watch (WhisAutostart *self)
{
  g_return_if_fail (WHIS_IS_AUTOSTART (self));

  if (!self->portal)
    read_entry (self);
}

/**
 * whis_autostart_get_enabled:
 * @self: the start at login
 *
 * Returns: whether the session starts Whis, as far as is known
 */
gboolean
whis_autostart_get_enabled (WhisAutostart *self)
{
  g_return_val_if_fail (WHIS_IS_AUTOSTART (self), FALSE);

  return self->enabled;
}

/**
 * whis_autostart_apply_async:
 * @self: the start at login
 * @enabled: whether the session shall start Whis
 * @cancellable: (nullable): takes a question back that the desktop asks the user
 * @callback: called when it is done, or not
 * @user_data: for @callback
 *
 * Changes it. Changes are made in the order in which they were asked for.
 */
void
whis_autostart_apply_async (WhisAutostart *self,
                            gboolean enabled,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;

  g_return_if_fail (WHIS_IS_AUTOSTART (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_autostart_apply_async);
  g_task_set_task_data (task, GINT_TO_POINTER (enabled), NULL);
  /* What has become of it is told, even to somebody who does not want to know any more. */
  g_task_set_check_cancellable (task, FALSE);
  g_queue_push_tail (&self->waiting, task);
  if (g_queue_get_length (&self->waiting) == 1)
    do_first (self);
}

/**
 * whis_autostart_apply_finish:
 * @self: the start at login
 * @result: the result
 * @error: return location for an error of %WHIS_PORTAL_ERROR, a sentence for people
 *
 * Returns: whether it is now as asked for; if not, nothing was changed
 */
gboolean
whis_autostart_apply_finish (WhisAutostart *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
whis_autostart_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WhisAutostart *self = WHIS_AUTOSTART (object);

  if (prop_id == PROP_ENABLED)
    g_value_set_boolean (value, self->enabled);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_autostart_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  WhisAutostart *self = WHIS_AUTOSTART (object);

  switch (prop_id)
    {
    case PROP_CONNECTION:
      self->connection = g_value_dup_object (value);
      break;
    case PROP_PROGRAM:
      self->program = g_value_dup_string (value);
      break;
    case PROP_PORTAL:
      self->portal = g_value_get_boolean (value);
      break;
    case PROP_ENABLED:
      self->enabled = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
whis_autostart_dispose (GObject *object)
{
  WhisAutostart *self = WHIS_AUTOSTART (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  watch_entry (self, FALSE);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (whis_autostart_parent_class)->dispose (object);
}

static void
whis_autostart_finalize (GObject *object)
{
  WhisAutostart *self = WHIS_AUTOSTART (object);

  g_free (self->program);
  g_free (self->path);

  G_OBJECT_CLASS (whis_autostart_parent_class)->finalize (object);
}

static void
whis_autostart_class_init (WhisAutostartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = whis_autostart_get_property;
  object_class->set_property = whis_autostart_set_property;
  object_class->dispose = whis_autostart_dispose;
  object_class->finalize = whis_autostart_finalize;

  properties[PROP_CONNECTION] =
      g_param_spec_object ("connection", NULL, NULL, G_TYPE_DBUS_CONNECTION, flags);
  properties[PROP_PROGRAM] = g_param_spec_string ("program", NULL, NULL, NULL, flags);
  /**
   * WhisAutostart:portal:
   *
   * Whether to go through the portal, as a sandbox must.
   */
  properties[PROP_PORTAL] = g_param_spec_boolean ("portal", NULL, NULL, FALSE, flags);
  /**
   * WhisAutostart:enabled:
   *
   * Whether the session starts Whis, as far as is known.
   */
  properties[PROP_ENABLED] = g_param_spec_boolean (
      "enabled", NULL, NULL, FALSE, flags | G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_autostart_init (WhisAutostart *self)
{
  self->path = whis_autostart_entry_get_path ();
  g_queue_init (&self->waiting);
}

/**
 * whis_autostart_new:
 * @connection: the session bus
 * @program: absolute path of the program `whis`
 * @enabled: what was known when Whis ended
 *
 * Returns: (transfer full): the start at login, for where Whis runs
 */
WhisAutostart *
whis_autostart_new (GDBusConnection *connection, const char *program, gboolean enabled)
{
  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);
  g_return_val_if_fail (program != NULL, NULL);

  return g_object_new (WHIS_TYPE_AUTOSTART, "connection", connection, "program", program, "portal",
                       whis_sandbox_is_inside (), "enabled", enabled, NULL);
}
