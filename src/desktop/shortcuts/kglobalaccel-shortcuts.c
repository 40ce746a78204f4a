/* SPDX-License-Identifier: MIT */
#include "kglobalaccel-shortcuts.h"

#include <glib/gi18n-lib.h>
#include <xkbcommon/xkbcommon.h>

#define NAME "org.kde.kglobalaccel"
#define PATH "/kglobalaccel"
#define INTERFACE "org.kde.KGlobalAccel"
#define COMPONENT_INTERFACE "org.kde.kglobalaccel.Component"
#define BUS "org.freedesktop.DBus"

/* How globalShortcutsByKey() compares. */
#define MATCH_EQUAL 0

/* Flags of setShortcutKeys(). */
#define SET_PRESENT 2u
#define NO_AUTOLOADING 4u

/* The action for Escape, which is there only while it cancels. */
#define ESCAPE "cancel-while-recording"

/* How many keys a key sequence of Qt has. */
#define SEQUENCE_LENGTH 4

/**
 * WhisKglobalaccelShortcuts:
 *
 * Shortcuts of KDE, by the service that its own programs use. They are in its settings, where the
 * user may change them: a key that is stored there counts, until Whis is told another one.
 *
 * The service is not started by a call: where it does not run, nobody tells it the keys.
 */
struct _WhisKglobalaccelShortcuts
{
  GObject parent_instance;

  GDBusConnection *connection;
  GArray *bindings;                                    /* of WhisShortcutBinding */
  WhisShortcutTrigger before[WHIS_SHORTCUT_N_ACTIONS]; /* what was bound in this process */
  char *triggers[WHIS_SHORTCUT_N_ACTIONS];
  gboolean is_registered[WHIS_SHORTCUT_N_ACTIONS];
  gboolean is_taken[WHIS_SHORTCUT_N_ACTIONS]; /* the key, by another program */
  gboolean has_cancel;
  char *component; /* the path of the object that tells the keys; NULL until something is bound */
  char *problem;
  guint key_subscription;
  guint change_subscription;
  guint watch;
  gboolean was_there;
};

static void whis_kglobalaccel_shortcuts_backend_init (WhisShortcutBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisKglobalaccelShortcuts,
                               whis_kglobalaccel_shortcuts,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_SHORTCUT_BACKEND,
                                                      whis_kglobalaccel_shortcuts_backend_init))

static const char *
whis_kglobalaccel_shortcuts_get_name (WhisShortcutBackend *backend)
{
  return "kglobalaccel";
}

static gboolean
whis_kglobalaccel_shortcuts_tells_release (WhisShortcutBackend *backend)
{
  return TRUE;
}

static gboolean
whis_kglobalaccel_shortcuts_asks_user (WhisShortcutBackend *backend)
{
  return FALSE;
}

static GError *
new_not_offered_error (void)
{
  return g_error_new_literal (WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_NOT_OFFERED,
                              _ ("This is no session of KDE."));
}

/* --- calls -------------------------------------------------------------------------------------
 */

static void
kglobalaccel_call (WhisKglobalaccelShortcuts *self,
                   const char *method,
                   GVariant *arguments,
                   const char *type,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer data)
{
  g_dbus_connection_call (self->connection, NAME, PATH, INTERFACE, method, arguments,
                          type != NULL ? G_VARIANT_TYPE (type) : NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, cancellable, callback, data);
}

/* An action is named by component and id, for the service and for people. */
static GVariant *
new_action_id (const char *id, const char *title)
{
  const char *names[] = { WHIS_APP_ID, id, "Whis", title };

  return g_variant_new_strv (names, G_N_ELEMENTS (names));
}

static GVariant *
new_sequences (int key)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ai)"));
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("(ai)"));
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("ai"));
  g_variant_builder_add (&builder, "i", key);
  for (guint i = 1; i < SEQUENCE_LENGTH; i++)
    g_variant_builder_add (&builder, "i", 0);
  g_variant_builder_close (&builder);
  g_variant_builder_close (&builder);

  return g_variant_builder_end (&builder);
}

/* Returns: the first key of the first sequence, 0 for none */
static int
read_key (GVariant *sequences)
{
  g_autoptr (GVariant) sequence = NULL;
  g_autoptr (GVariant) keys = NULL;
  int key = 0;

  if (!g_variant_is_of_type (sequences, G_VARIANT_TYPE ("a(ai)"))
      || g_variant_n_children (sequences) == 0)
    return 0;

  sequence = g_variant_get_child_value (sequences, 0);
  keys = g_variant_get_child_value (sequence, 0);
  if (g_variant_n_children (keys) > 0)
    g_variant_get_child (keys, 0, "i", &key);

  return key;
}

static void
kglobalaccel_unregister (WhisKglobalaccelShortcuts *self, const char *id)
{
  kglobalaccel_call (self, "unregister", g_variant_new ("(ss)", WHIS_APP_ID, id), NULL, NULL, NULL,
                     NULL);
}

/* --- binding -----------------------------------------------------------------------------------
 */

/* A call of one binding on its way. */
typedef struct
{
  GTask *task;
  WhisShortcutAction action;
} Call;

static void
kglobalaccel_take_key (WhisKglobalaccelShortcuts *self, WhisShortcutAction action, int key)
{
  WhisShortcutTrigger trigger;

  g_clear_pointer (&self->triggers[action], g_free);
  if (key != 0 && whis_shortcut_trigger_from_qt (key, &trigger))
    self->triggers[action] = whis_shortcut_trigger_to_label (&trigger);
}

static void
kglobalaccel_note_problems (WhisKglobalaccelShortcuts *self)
{
  g_autoptr (GString) problem = g_string_new (NULL);

  for (guint i = 0; i < self->bindings->len; i++)
    {
      const WhisShortcutBinding *binding = &g_array_index (self->bindings, WhisShortcutBinding, i);
      g_autofree char *label = whis_shortcut_trigger_to_label (&binding->trigger);

      if (self->triggers[binding->action] != NULL)
        continue;
      if (problem->len > 0)
        g_string_append_c (problem, ' ');
      if (self->is_taken[binding->action])
        g_string_append_printf (problem,
                                _ ("Another program uses %s; choose another key for “%s”."), label,
                                whis_shortcut_action_get_title (binding->action));
      else
        g_string_append_printf (
            problem, _ ("The desktop names no key for “%s”; choose one in its settings."),
            whis_shortcut_action_get_title (binding->action));
    }

  g_free (self->problem);
  self->problem = problem->len > 0 ? g_string_free (g_steal_pointer (&problem), FALSE) : NULL;
}

/* The number of calls that are still awaited is the data of the task. */
static void
kglobalaccel_count_down (GTask *task)
{
  WhisKglobalaccelShortcuts *self = g_task_get_source_object (task);
  guint n = GPOINTER_TO_UINT (g_task_get_task_data (task)) - 1;

  g_task_set_task_data (task, GUINT_TO_POINTER (n), NULL);
  if (n > 0)
    return;

  if (g_task_return_error_if_cancelled (task))
    return;
  kglobalaccel_note_problems (self);
  whis_shortcut_backend_changed (WHIS_SHORTCUT_BACKEND (self));
  g_task_return_boolean (task, TRUE);
}

/* Since Plasma 6.7 two programs may have the same key, and both get it. */
static gboolean
has_other_owner (GVariant *answer)
{
  g_autoptr (GVariantIter) owners = NULL;
  const char *component;

  g_variant_get (answer, "(a(ssssssaiai))", &owners);
  while (g_variant_iter_loop (owners, "(ss&ssssaiai)", NULL, NULL, &component, NULL, NULL, NULL,
                              NULL, NULL))
    if (!g_str_equal (component, WHIS_APP_ID))
      return TRUE;

  return FALSE;
}

static void
on_owners (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Call *call = user_data;
  g_autoptr (GTask) task = call->task;
  WhisKglobalaccelShortcuts *self = g_task_get_source_object (task);
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (answer != NULL && has_other_owner (answer))
    g_clear_pointer (&self->triggers[call->action], g_free);
  kglobalaccel_count_down (task);
}

static void
on_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Call *call = user_data;
  g_autoptr (GTask) task = call->task;
  WhisKglobalaccelShortcuts *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) sequences = NULL;
  g_autoptr (GVariant) sequence = NULL;

  if (answer == NULL)
    g_debug ("KGlobalAccel does not bind %s: %s", whis_shortcut_action_get_nick (call->action),
             error->message);
  else
    sequences = g_variant_get_child_value (answer, 0);
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      self->is_taken[call->action] = answer != NULL;
      kglobalaccel_take_key (self, call->action, sequences != NULL ? read_key (sequences) : 0);
    }
  if (sequences == NULL || read_key (sequences) == 0)
    {
      kglobalaccel_count_down (task);
      return;
    }

  sequence = g_variant_get_child_value (sequences, 0);
  kglobalaccel_call (self, "globalShortcutsByKey",
                     g_variant_new ("(@(ai)(i))", sequence, MATCH_EQUAL), "(a(ssssssaiai))",
                     g_task_get_cancellable (task), on_owners, g_steal_pointer (&call));
  g_steal_pointer (&task);
}

static void
kglobalaccel_bind_one (WhisKglobalaccelShortcuts *self,
                       const WhisShortcutBinding *binding,
                       GTask *task)
{
  WhisShortcutAction action = binding->action;
  const char *nick = whis_shortcut_action_get_nick (action);
  const char *title = whis_shortcut_action_get_title (action);
  WhisShortcutTrigger *before = &self->before[action];
  gboolean is_first = before->keysym == 0 && before->button == 0;
  gboolean is_new = !is_first && !whis_shortcut_trigger_equal (before, &binding->trigger);
  Call *call = g_new (Call, 1);

  *call = (Call){ g_object_ref (task), action };
  *before = binding->trigger;
  self->is_registered[action] = TRUE;
  kglobalaccel_call (self, "doRegister", g_variant_new ("(@as)", new_action_id (nick, title)), NULL,
                     NULL, NULL, NULL);
  kglobalaccel_call (self, "setShortcutKeys",
                     g_variant_new ("(@as@a(ai)u)", new_action_id (nick, title),
                                    new_sequences (whis_shortcut_trigger_to_qt (&binding->trigger)),
                                    SET_PRESENT | (is_new ? NO_AUTOLOADING : 0u)),
                     "(a(ai))", g_task_get_cancellable (task), on_set, call);
}

static void
on_key (GDBusConnection *connection,
        const char *sender,
        const char *path,
        const char *interface,
        const char *signal,
        GVariant *parameters,
        gpointer user_data)
{
  WhisKglobalaccelShortcuts *self = user_data;
  WhisShortcutAction action;
  const char *component, *id;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssx)")))
    return;
  g_variant_get (parameters, "(&s&sx)", &component, &id, NULL);
  if (!g_str_equal (component, WHIS_APP_ID))
    return;

  if (g_str_equal (id, ESCAPE))
    action = WHIS_SHORTCUT_ACTION_CANCEL;
  else if (!whis_shortcut_action_from_nick (id, &action))
    return;
  if (g_str_equal (signal, "globalShortcutPressed"))
    whis_shortcut_backend_pressed (WHIS_SHORTCUT_BACKEND (self), action);
  else if (g_str_equal (signal, "globalShortcutReleased"))
    whis_shortcut_backend_released (WHIS_SHORTCUT_BACKEND (self), action);
}

/* The user has chosen another key in the settings of KDE. */
static void
on_key_changed (GDBusConnection *connection,
                const char *sender,
                const char *path,
                const char *interface,
                const char *signal,
                GVariant *parameters,
                gpointer user_data)
{
  WhisKglobalaccelShortcuts *self = user_data;
  g_autofree const char **names = NULL;
  g_autoptr (GVariant) sequences = NULL;
  WhisShortcutAction action;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(asa(ai))")))
    return;
  g_variant_get (parameters, "(^a&s@a(ai))", &names, &sequences);
  if (g_strv_length ((char **) names) < 2 || !g_str_equal (names[0], WHIS_APP_ID)
      || !whis_shortcut_action_from_nick (names[1], &action))
    return;

  self->is_taken[action] = FALSE;
  kglobalaccel_take_key (self, action, read_key (sequences));
  kglobalaccel_note_problems (self);
  whis_shortcut_backend_changed (WHIS_SHORTCUT_BACKEND (self));
}

static void
on_component (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisKglobalaccelShortcuts *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer == NULL)
    g_debug ("KGlobalAccel has no component: %s", error->message);
  else
    {
      g_free (self->component);
      g_variant_get (answer, "(o)", &self->component);
    }
  if (self->component != NULL && self->key_subscription == 0)
    self->key_subscription = g_dbus_connection_signal_subscribe (
        self->connection, NAME, COMPONENT_INTERFACE, NULL, self->component, NULL,
        G_DBUS_SIGNAL_FLAGS_NONE, on_key, self, NULL);
  kglobalaccel_count_down (task);
}

static void
kglobalaccel_unregister_all (WhisKglobalaccelShortcuts *self)
{
  for (guint i = 0; i < WHIS_SHORTCUT_N_ACTIONS; i++)
    {
      gboolean is_wanted = FALSE;

      for (guint j = 0; j < self->bindings->len; j++)
        if (g_array_index (self->bindings, WhisShortcutBinding, j).action == i)
          is_wanted = TRUE;
      if (self->is_registered[i] && !is_wanted)
        {
          self->is_registered[i] = FALSE;
          self->before[i] = (WhisShortcutTrigger){ 0 };
          kglobalaccel_unregister (self, whis_shortcut_action_get_nick ((WhisShortcutAction) i));
        }
      if (!is_wanted)
        g_clear_pointer (&self->triggers[i], g_free);
    }
}

static void
whis_kglobalaccel_shortcuts_set_cancel (WhisShortcutBackend *backend, gboolean bound)
{
  WhisKglobalaccelShortcuts *self = WHIS_KGLOBALACCEL_SHORTCUTS (backend);
  const WhisShortcutTrigger escape = { 0, XKB_KEY_Escape, 0 };
  const char *title = whis_shortcut_action_get_title (WHIS_SHORTCUT_ACTION_CANCEL);

  if (self->has_cancel == bound)
    return;

  self->has_cancel = bound;
  if (!bound)
    {
      kglobalaccel_unregister (self, ESCAPE);
      return;
    }
  kglobalaccel_call (self, "doRegister", g_variant_new ("(@as)", new_action_id (ESCAPE, title)),
                     NULL, NULL, NULL, NULL);
  kglobalaccel_call (self, "setShortcutKeys",
                     g_variant_new ("(@as@a(ai)u)", new_action_id (ESCAPE, title),
                                    new_sequences (whis_shortcut_trigger_to_qt (&escape)),
                                    SET_PRESENT | NO_AUTOLOADING),
                     NULL, NULL, NULL, NULL);
}

/* What is stored in KDE's settings stays. */
static void
whis_kglobalaccel_shortcuts_unbind (WhisShortcutBackend *backend)
{
  WhisKglobalaccelShortcuts *self = WHIS_KGLOBALACCEL_SHORTCUTS (backend);

  whis_kglobalaccel_shortcuts_set_cancel (backend, FALSE);
  for (guint i = 0; i < WHIS_SHORTCUT_N_ACTIONS; i++)
    {
      const char *nick = whis_shortcut_action_get_nick ((WhisShortcutAction) i);
      const char *title = whis_shortcut_action_get_title ((WhisShortcutAction) i);

      g_clear_pointer (&self->triggers[i], g_free);
      if (self->is_registered[i])
        kglobalaccel_call (self, "setInactive",
                           g_variant_new ("(@as)", new_action_id (nick, title)), NULL, NULL, NULL,
                           NULL);
    }
  g_array_set_size (self->bindings, 0);
  g_clear_pointer (&self->problem, g_free);
}

static void
whis_kglobalaccel_shortcuts_bind_async (WhisShortcutBackend *backend,
                                        const WhisShortcutBinding *bindings,
                                        gsize n_bindings,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  WhisKglobalaccelShortcuts *self = WHIS_KGLOBALACCEL_SHORTCUTS (backend);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_kglobalaccel_shortcuts_bind_async);
  g_array_set_size (self->bindings, 0);
  if (n_bindings > 0)
    g_array_append_vals (self->bindings, bindings, (guint) n_bindings);
  kglobalaccel_unregister_all (self);

  g_task_set_task_data (task, GUINT_TO_POINTER ((guint) n_bindings + 1), NULL);
  for (guint i = 0; i < self->bindings->len; i++)
    kglobalaccel_bind_one (self, &g_array_index (self->bindings, WhisShortcutBinding, i), task);
  /* The component exists when an action has been registered. */
  if (n_bindings > 0)
    kglobalaccel_call (self, "getComponent", g_variant_new ("(s)", WHIS_APP_ID), "(o)", cancellable,
                       on_component, g_object_ref (task));
  else
    kglobalaccel_count_down (task);
}

/* --- the service -------------------------------------------------------------------------------
 */

static void
on_owner_changed (GDBusConnection *connection,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *signal,
                  GVariant *parameters,
                  gpointer user_data)
{
  WhisKglobalaccelShortcuts *self = user_data;
  const char *old_owner;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sss)")))
    return;

  /* Whether another one follows is found out by probing again. */
  g_variant_get (parameters, "(&s&s&s)", NULL, &old_owner, NULL);
  if (*old_owner == '\0' && !self->was_there)
    return;
  self->has_cancel = FALSE;
  for (guint i = 0; i < WHIS_SHORTCUT_N_ACTIONS; i++)
    g_clear_pointer (&self->triggers[i], g_free);
  whis_shortcut_backend_lost (WHIS_SHORTCUT_BACKEND (self), FALSE);
}

static void
on_has_owner (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisKglobalaccelShortcuts *self = g_task_get_source_object (task);
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  gboolean has_owner = FALSE;

  if (g_task_return_error_if_cancelled (task))
    return;

  if (answer != NULL)
    g_variant_get (answer, "(b)", &has_owner);
  self->was_there = self->was_there || has_owner;
  if (has_owner)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, new_not_offered_error ());
}

static void
whis_kglobalaccel_shortcuts_probe_async (WhisShortcutBackend *backend,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  WhisKglobalaccelShortcuts *self = WHIS_KGLOBALACCEL_SHORTCUTS (backend);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_kglobalaccel_shortcuts_probe_async);
  g_dbus_connection_call (self->connection, BUS, "/org/freedesktop/DBus", BUS, "NameHasOwner",
                          g_variant_new ("(s)", NAME), G_VARIANT_TYPE ("(b)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, cancellable, on_has_owner, task);
}

static char *
whis_kglobalaccel_shortcuts_dup_trigger (WhisShortcutBackend *backend, WhisShortcutAction action)
{
  return g_strdup (WHIS_KGLOBALACCEL_SHORTCUTS (backend)->triggers[action]);
}

static const char *
whis_kglobalaccel_shortcuts_get_problem (WhisShortcutBackend *backend)
{
  return WHIS_KGLOBALACCEL_SHORTCUTS (backend)->problem;
}

static void
whis_kglobalaccel_shortcuts_backend_init (WhisShortcutBackendInterface *iface)
{
  iface->get_name = whis_kglobalaccel_shortcuts_get_name;
  iface->tells_release = whis_kglobalaccel_shortcuts_tells_release;
  iface->asks_user = whis_kglobalaccel_shortcuts_asks_user;
  iface->probe_async = whis_kglobalaccel_shortcuts_probe_async;
  iface->bind_async = whis_kglobalaccel_shortcuts_bind_async;
  iface->unbind = whis_kglobalaccel_shortcuts_unbind;
  iface->set_cancel = whis_kglobalaccel_shortcuts_set_cancel;
  iface->dup_trigger = whis_kglobalaccel_shortcuts_dup_trigger;
  iface->get_problem = whis_kglobalaccel_shortcuts_get_problem;
}

static void
kglobalaccel_unsubscribe (WhisKglobalaccelShortcuts *self, guint *id)
{
  if (*id != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, *id);
  *id = 0;
}

static void
whis_kglobalaccel_shortcuts_dispose (GObject *object)
{
  WhisKglobalaccelShortcuts *self = WHIS_KGLOBALACCEL_SHORTCUTS (object);

  if (self->connection != NULL)
    {
      whis_kglobalaccel_shortcuts_unbind (WHIS_SHORTCUT_BACKEND (self));
      kglobalaccel_unsubscribe (self, &self->key_subscription);
      kglobalaccel_unsubscribe (self, &self->change_subscription);
      kglobalaccel_unsubscribe (self, &self->watch);
    }
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (whis_kglobalaccel_shortcuts_parent_class)->dispose (object);
}

static void
whis_kglobalaccel_shortcuts_finalize (GObject *object)
{
  WhisKglobalaccelShortcuts *self = WHIS_KGLOBALACCEL_SHORTCUTS (object);

  g_array_unref (self->bindings);
  g_free (self->component);

  G_OBJECT_CLASS (whis_kglobalaccel_shortcuts_parent_class)->finalize (object);
}

static void
whis_kglobalaccel_shortcuts_class_init (WhisKglobalaccelShortcutsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_kglobalaccel_shortcuts_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_kglobalaccel_shortcuts_finalize;
}

static void
whis_kglobalaccel_shortcuts_init (WhisKglobalaccelShortcuts *self)
{
  self->bindings = g_array_new (FALSE, FALSE, sizeof (WhisShortcutBinding));
}

/**
 * whis_kglobalaccel_shortcuts_new:
 * @connection: the session bus
 *
 * Returns: (transfer full): a backend that has bound nothing
 */
WhisKglobalaccelShortcuts *
whis_kglobalaccel_shortcuts_new (GDBusConnection *connection)
{
  WhisKglobalaccelShortcuts *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  self = g_object_new (WHIS_TYPE_KGLOBALACCEL_SHORTCUTS, NULL);
  self->connection = g_object_ref (connection);
  self->change_subscription = g_dbus_connection_signal_subscribe (
      connection, NAME, INTERFACE, "yourShortcutsChanged", PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
      on_key_changed, self, NULL);
  self->watch = g_dbus_connection_signal_subscribe (
      connection, BUS, BUS, "NameOwnerChanged", "/org/freedesktop/DBus", NAME,
      G_DBUS_SIGNAL_FLAGS_NONE, on_owner_changed, self, NULL);

  return self;
}
