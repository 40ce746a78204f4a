/* SPDX-License-Identifier: MIT */
#include "portal-shortcuts.h"

#include <glib/gi18n-lib.h>

#include "portal-error.h"
#include "portal-request.h"
#include "portal-shortcut-list.h"
#include "portal-version.h"

#define GLOBAL_SHORTCUTS "org.freedesktop.portal.GlobalShortcuts"
#define SESSION "org.freedesktop.portal.Session"
#define BUS "org.freedesktop.DBus"
/* KDE names what it stores after this where it does not know the program. */
#define SESSION_TOKEN "whis_shortcuts"

/* A portal that has ended may be on its way back by itself. */
#define RETURN_MS 1000

/* A portal that ends so often, without a key in between, is left alone. */
#define MOST_RETURNS 5

/**
 * WhisPortalShortcuts:
 *
 * Shortcuts of the portal GlobalShortcuts.
 *
 * A portal knows a program outside of a sandbox by its connection only if that is registered before
 * anything else is called, so this has a connection of its own. It tells only shortcuts that the
 * same session has bound: they are bound at every start, and desktops that know them already ask
 * nobody. A portal that ends takes the session with it; then the same is bound again.
 *
 * See
 * <https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html>.
 */
struct _WhisPortalShortcuts
{
  GObject parent_instance;

  char *address;               /* of the bus, NULL for the session's */
  GDBusConnection *connection; /* NULL until it was probed */
  gboolean is_registered;      /* with the portal that has the name now */
  guint32 version;
  GArray *bindings; /* of WhisShortcutBinding, what is wanted */
  char *session;    /* NULL while there is none */
  char *triggers[WHIS_SHORTCUT_N_ACTIONS];
  char *problem;
  GTask *current;        /* the bind that is on its way, not owned; nullable */
  GCancellable *binding; /* of one after the portal has ended */
  guint subscriptions[3];
  guint return_source;
  guint n_returns;
};

static void whis_portal_shortcuts_backend_init (WhisShortcutBackendInterface *iface);
static void portal_shortcuts_connect (WhisPortalShortcuts *self, GTask *task);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisPortalShortcuts,
                               whis_portal_shortcuts,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_SHORTCUT_BACKEND,
                                                      whis_portal_shortcuts_backend_init))

static const char *
whis_portal_shortcuts_get_name (WhisShortcutBackend *backend)
{
  return "portal";
}

static gboolean
whis_portal_shortcuts_tells_release (WhisShortcutBackend *backend)
{
  return TRUE;
}

static gboolean
whis_portal_shortcuts_asks_user (WhisShortcutBackend *backend)
{
  return TRUE;
}

/* --- the session -------------------------------------------------------------------------------
 */

static void
portal_shortcuts_forget_session (WhisPortalShortcuts *self)
{
  g_clear_pointer (&self->session, g_free);
  for (guint i = 0; i < WHIS_SHORTCUT_N_ACTIONS; i++)
    g_clear_pointer (&self->triggers[i], g_free);
}

static void
portal_shortcuts_close_session (WhisPortalShortcuts *self)
{
  if (self->session != NULL)
    g_dbus_connection_call (self->connection, WHIS_PORTAL_NAME, self->session, SESSION, "Close",
                            NULL, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
  portal_shortcuts_forget_session (self);
}

static void
portal_shortcuts_cancel_binding (WhisPortalShortcuts *self)
{
  g_cancellable_cancel (self->binding);
  g_clear_object (&self->binding);
}

static void
portal_shortcuts_note_problems (WhisPortalShortcuts *self)
{
  g_free (self->problem);
  self->problem = whis_portal_shortcut_list_describe_missing (
      (WhisShortcutBinding *) self->bindings->data, self->bindings->len, self->triggers);
}

static void
portal_shortcuts_take_triggers (WhisPortalShortcuts *self, GVariant *shortcuts)
{
  whis_portal_shortcut_list_read (shortcuts, self->triggers);
  portal_shortcuts_note_problems (self);
  whis_shortcut_backend_changed (WHIS_SHORTCUT_BACKEND (self));
}

static gboolean
portal_shortcuts_has_all (WhisPortalShortcuts *self)
{
  for (guint i = 0; i < self->bindings->len; i++)
    if (self->triggers[g_array_index (self->bindings, WhisShortcutBinding, i).action] == NULL)
      return FALSE;

  return TRUE;
}

/* --- binding -----------------------------------------------------------------------------------
 */

static void
portal_shortcuts_return_bound (WhisPortalShortcuts *self, GTask *task)
{
  if (self->current == task)
    self->current = NULL;
  g_task_return_boolean (task, TRUE);
}

/* What failed because the portal has ended is done again when it is back: until then that is the
 * problem, and not afterwards. A probe is not. */
static void
portal_shortcuts_return_error (GTask *task, GError *error)
{
  WhisPortalShortcuts *self = g_task_get_source_object (task);
  g_autoptr (GError) owned = error;
  g_autoptr (GError) translated = whis_portal_shortcut_list_translate_error (owned);
  gboolean is_repeated = g_task_get_source_tag (task) == (gpointer) portal_shortcuts_connect
                         && !g_error_matches (translated, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_debug ("The portal binds no shortcuts: %s", owned->message);
  if (self->current == task || self->current == NULL)
    {
      is_repeated = is_repeated && self->return_source != 0;
      self->current = NULL;
      portal_shortcuts_close_session (self);
      g_free (self->problem);
      self->problem = is_repeated ? g_strdup (translated->message) : NULL;
    }
  if (is_repeated)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&translated));
}

static GVariant *
portal_shortcuts_new_list (WhisPortalShortcuts *self)
{
  return whis_portal_shortcut_list_new ((WhisShortcutBinding *) self->bindings->data,
                                        self->bindings->len);
}

static void
on_bound (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPortalShortcuts *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GVariant) answer =
      whis_portal_request_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) shortcuts = NULL;

  if (answer == NULL)
    {
      portal_shortcuts_return_error (task, error);
      return;
    }

  shortcuts = g_variant_lookup_value (answer, "shortcuts", G_VARIANT_TYPE ("a(sa{sv})"));
  if (shortcuts != NULL)
    portal_shortcuts_take_triggers (self, shortcuts);
  else
    portal_shortcuts_note_problems (self);
  portal_shortcuts_return_bound (self, task);
}

static void
portal_shortcuts_call_bind (WhisPortalShortcuts *self, GTask *task)
{
  whis_portal_request_async (self->connection, GLOBAL_SHORTCUTS, "BindShortcuts",
                             g_variant_new ("(o@a(sa{sv})sa{sv})", self->session,
                                            portal_shortcuts_new_list (self), "", NULL),
                             g_task_get_cancellable (task), on_bound, g_object_ref (task));
}

/* KDE before 6.1 has bound them by now, and would open its settings at every start. */
static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPortalShortcuts *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GVariant) answer =
      whis_portal_request_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) shortcuts = NULL;

  if (answer == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      portal_shortcuts_return_error (task, error);
      return;
    }

  g_clear_error (&error);
  if (answer != NULL)
    shortcuts = g_variant_lookup_value (answer, "shortcuts", G_VARIANT_TYPE ("a(sa{sv})"));
  if (shortcuts != NULL)
    portal_shortcuts_take_triggers (self, shortcuts);
  if (self->session == NULL)
    portal_shortcuts_return_error (task,
                                   g_error_new_literal (WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_FAILED,
                                                        "The session was closed"));
  else if (shortcuts != NULL && portal_shortcuts_has_all (self))
    portal_shortcuts_return_bound (self, task);
  else
    portal_shortcuts_call_bind (self, task);
}

static void
on_session_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPortalShortcuts *self = g_task_get_source_object (task);
  GError *error = NULL;
  char *session = whis_portal_request_finish_session (G_DBUS_CONNECTION (source), result, &error);

  if (session == NULL)
    {
      portal_shortcuts_return_error (task, error);
      return;
    }

  portal_shortcuts_forget_session (self);
  self->session = session;
  if (self->version >= 2)
    portal_shortcuts_call_bind (self, task);
  else
    whis_portal_request_async (self->connection, GLOBAL_SHORTCUTS, "ListShortcuts",
                               g_variant_new ("(oa{sv})", self->session, NULL),
                               g_task_get_cancellable (task), on_listed, g_object_ref (task));
}

static void
portal_shortcuts_create_session (WhisPortalShortcuts *self, GTask *task)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "session_handle_token", "s", SESSION_TOKEN);
  if (self->version < 2)
    g_variant_dict_insert_value (&options, "shortcuts", portal_shortcuts_new_list (self));
  whis_portal_request_async (self->connection, GLOBAL_SHORTCUTS, "CreateSession",
                             g_variant_new ("(@a{sv})", g_variant_dict_end (&options)),
                             g_task_get_cancellable (task), on_session_created,
                             g_object_ref (task));
}

/* --- the portal --------------------------------------------------------------------------------
 */

static void
portal_shortcuts_return_no_portal (GTask *task, const char *why)
{
  portal_shortcuts_return_error (
      task, g_error_new_literal (WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_NO_PORTAL, why));
}

static gboolean
portal_shortcuts_return_if_cancelled (WhisPortalShortcuts *self, GTask *task)
{
  if (!g_task_return_error_if_cancelled (task))
    return FALSE;

  if (self->current == task)
    self->current = NULL;

  return TRUE;
}

static void
on_version (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPortalShortcuts *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  gboolean has_portal = whis_portal_version_finish (G_DBUS_CONNECTION (source), result,
                                                    &self->version, &self->is_registered, &error);

  if (portal_shortcuts_return_if_cancelled (self, task))
    return;

  if (!has_portal)
    portal_shortcuts_return_no_portal (task, error->message);
  else if (g_task_get_source_tag (task) == (gpointer) portal_shortcuts_connect)
    portal_shortcuts_create_session (self, task);
  else
    g_task_return_boolean (task, TRUE);
}

static void
portal_shortcuts_ask_version (WhisPortalShortcuts *self, GTask *task)
{
  whis_portal_version_async (self->connection, GLOBAL_SHORTCUTS, !self->is_registered,
                             g_task_get_cancellable (task), on_version, g_object_ref (task));
}

static gboolean
portal_shortcuts_is_own (WhisPortalShortcuts *self, GVariant *parameters, const char *type)
{
  const char *session;

  if (self->session == NULL || !g_variant_is_of_type (parameters, G_VARIANT_TYPE (type)))
    return FALSE;
  g_variant_get_child (parameters, 0, "&o", &session);

  return g_str_equal (session, self->session);
}

static void
on_shortcut_signal (GDBusConnection *connection,
                    const char *sender,
                    const char *path,
                    const char *interface,
                    const char *signal,
                    GVariant *parameters,
                    gpointer user_data)
{
  WhisPortalShortcuts *self = user_data;
  g_autoptr (GVariant) shortcuts = NULL;
  WhisShortcutAction action;
  const char *id;

  if (g_str_equal (signal, "ShortcutsChanged"))
    {
      if (!portal_shortcuts_is_own (self, parameters, "(oa(sa{sv}))"))
        return;
      shortcuts = g_variant_get_child_value (parameters, 1);
      portal_shortcuts_take_triggers (self, shortcuts);
      return;
    }
  if (!portal_shortcuts_is_own (self, parameters, "(osta{sv})"))
    return;

  g_variant_get_child (parameters, 1, "&s", &id);
  if (!whis_shortcut_action_from_nick (id, &action))
    return;
  self->n_returns = 0;
  if (g_str_equal (signal, "Activated"))
    whis_shortcut_backend_pressed (WHIS_SHORTCUT_BACKEND (self), action);
  else if (g_str_equal (signal, "Deactivated"))
    whis_shortcut_backend_released (WHIS_SHORTCUT_BACKEND (self), action);
}

static void
on_rebound (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WhisPortalShortcuts *self = WHIS_PORTAL_SHORTCUTS (source);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      g_free (self->problem);
      self->problem = g_strdup (error->message);
      if (g_error_matches (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_REFUSED))
        whis_shortcut_backend_refused (WHIS_SHORTCUT_BACKEND (self));
    }
  whis_shortcut_backend_changed (WHIS_SHORTCUT_BACKEND (self));
}

static gboolean
portal_shortcuts_return (gpointer user_data)
{
  WhisPortalShortcuts *self = user_data;
  g_autoptr (GTask) task = NULL;

  self->return_source = 0;
  self->n_returns++;
  portal_shortcuts_cancel_binding (self);
  self->binding = g_cancellable_new ();
  task = g_task_new (self, self->binding, on_rebound, NULL);
  g_task_set_source_tag (task, portal_shortcuts_connect);
  self->current = task;
  portal_shortcuts_connect (self, task);

  return G_SOURCE_REMOVE;
}

/* Who held a key will not be told that it was released. */
static void
portal_shortcuts_lose (WhisPortalShortcuts *self)
{
  gboolean was_bound = self->session != NULL || self->current != NULL;

  portal_shortcuts_forget_session (self);
  if (!was_bound)
    return;

  if (self->n_returns >= MOST_RETURNS)
    {
      whis_shortcut_backend_lost (WHIS_SHORTCUT_BACKEND (self), FALSE);
      return;
    }
  if (self->return_source == 0)
    self->return_source = g_timeout_add (RETURN_MS, portal_shortcuts_return, self);
  whis_shortcut_backend_lost (WHIS_SHORTCUT_BACKEND (self), TRUE);
}

static void
on_session_closed (GDBusConnection *connection,
                   const char *sender,
                   const char *path,
                   const char *interface,
                   const char *signal,
                   GVariant *parameters,
                   gpointer user_data)
{
  WhisPortalShortcuts *self = user_data;

  if (g_strcmp0 (path, self->session) == 0)
    portal_shortcuts_lose (self);
}

static void
on_owner_changed (GDBusConnection *connection,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *signal,
                  GVariant *parameters,
                  gpointer user_data)
{
  WhisPortalShortcuts *self = user_data;
  const char *old_owner, *new_owner;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sss)")))
    return;

  g_variant_get (parameters, "(&s&s&s)", NULL, &old_owner, &new_owner);
  if (*old_owner != '\0')
    {
      self->is_registered = FALSE;
      portal_shortcuts_lose (self);
    }
  if (*new_owner != '\0' && self->return_source != 0)
    {
      g_clear_handle_id (&self->return_source, g_source_remove);
      portal_shortcuts_return (self);
    }
}

static void
portal_shortcuts_subscribe (WhisPortalShortcuts *self)
{
  /* One for all signals of the portal, so that their order stays. */
  self->subscriptions[0] = g_dbus_connection_signal_subscribe (
      self->connection, WHIS_PORTAL_NAME, GLOBAL_SHORTCUTS, NULL, WHIS_PORTAL_PATH, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_shortcut_signal, self, NULL);
  self->subscriptions[1] = g_dbus_connection_signal_subscribe (
      self->connection, WHIS_PORTAL_NAME, SESSION, "Closed", NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
      on_session_closed, self, NULL);
  self->subscriptions[2] = g_dbus_connection_signal_subscribe (
      self->connection, BUS, BUS, "NameOwnerChanged", "/org/freedesktop/DBus", WHIS_PORTAL_NAME,
      G_DBUS_SIGNAL_FLAGS_NONE, on_owner_changed, self, NULL);
}

static void
portal_shortcuts_disconnect (WhisPortalShortcuts *self)
{
  if (self->connection == NULL)
    return;

  portal_shortcuts_close_session (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->subscriptions); i++)
    {
      if (self->subscriptions[i] != 0)
        g_dbus_connection_signal_unsubscribe (self->connection, self->subscriptions[i]);
      self->subscriptions[i] = 0;
    }
  g_dbus_connection_close (self->connection, NULL, NULL, NULL);
  g_clear_object (&self->connection);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPortalShortcuts *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection =
      g_dbus_connection_new_for_address_finish (result, &error);

  if (portal_shortcuts_return_if_cancelled (self, task))
    return;
  if (connection == NULL)
    {
      portal_shortcuts_return_no_portal (task, error->message);
      return;
    }

  if (self->connection == NULL)
    {
      self->connection = g_steal_pointer (&connection);
      portal_shortcuts_subscribe (self);
    }
  portal_shortcuts_ask_version (self, task);
}

/* Goes on with the task when the portal knows who calls. */
static void
portal_shortcuts_connect (WhisPortalShortcuts *self, GTask *task)
{
  g_autofree char *address = NULL;

  if (self->connection != NULL && !g_dbus_connection_is_closed (self->connection))
    {
      portal_shortcuts_ask_version (self, task);
      return;
    }

  portal_shortcuts_disconnect (self);
  self->is_registered = FALSE;
  address = self->address != NULL
                ? g_strdup (self->address)
                : g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  if (address == NULL)
    {
      portal_shortcuts_return_no_portal (task, "There is no session bus");
      return;
    }
  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                         | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, g_task_get_cancellable (task), on_connected,
                                     g_object_ref (task));
}

static void
whis_portal_shortcuts_probe_async (WhisShortcutBackend *backend,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  WhisPortalShortcuts *self = WHIS_PORTAL_SHORTCUTS (backend);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_portal_shortcuts_probe_async);
  /* Another way is sought because of it; whoever asks again later may have it again. */
  if (self->n_returns >= MOST_RETURNS)
    {
      self->n_returns = 0;
      portal_shortcuts_return_no_portal (task, "It ends again and again");
      return;
    }
  portal_shortcuts_connect (self, task);
}

static void
whis_portal_shortcuts_unbind (WhisShortcutBackend *backend)
{
  WhisPortalShortcuts *self = WHIS_PORTAL_SHORTCUTS (backend);

  self->current = NULL;
  portal_shortcuts_cancel_binding (self);
  g_clear_handle_id (&self->return_source, g_source_remove);
  g_array_set_size (self->bindings, 0);
  g_clear_pointer (&self->problem, g_free);
  if (self->connection != NULL)
    portal_shortcuts_close_session (self);
}

static void
whis_portal_shortcuts_bind_async (WhisShortcutBackend *backend,
                                  const WhisShortcutBinding *bindings,
                                  gsize n_bindings,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  WhisPortalShortcuts *self = WHIS_PORTAL_SHORTCUTS (backend);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, portal_shortcuts_connect);
  whis_portal_shortcuts_unbind (backend);
  if (n_bindings > 0)
    g_array_append_vals (self->bindings, bindings, (guint) n_bindings);
  self->n_returns = 0;
  self->current = n_bindings > 0 ? task : NULL;
  if (n_bindings > 0)
    portal_shortcuts_connect (self, task);
  else
    g_task_return_boolean (task, TRUE);
}

static char *
whis_portal_shortcuts_dup_trigger (WhisShortcutBackend *backend, WhisShortcutAction action)
{
  return g_strdup (WHIS_PORTAL_SHORTCUTS (backend)->triggers[action]);
}

static const char *
whis_portal_shortcuts_get_problem (WhisShortcutBackend *backend)
{
  return WHIS_PORTAL_SHORTCUTS (backend)->problem;
}

static void
whis_portal_shortcuts_backend_init (WhisShortcutBackendInterface *iface)
{
  iface->get_name = whis_portal_shortcuts_get_name;
  iface->tells_release = whis_portal_shortcuts_tells_release;
  iface->asks_user = whis_portal_shortcuts_asks_user;
  iface->probe_async = whis_portal_shortcuts_probe_async;
  iface->bind_async = whis_portal_shortcuts_bind_async;
  iface->unbind = whis_portal_shortcuts_unbind;
  iface->dup_trigger = whis_portal_shortcuts_dup_trigger;
  iface->get_problem = whis_portal_shortcuts_get_problem;
}

static void
whis_portal_shortcuts_dispose (GObject *object)
{
  WhisPortalShortcuts *self = WHIS_PORTAL_SHORTCUTS (object);

  whis_portal_shortcuts_unbind (WHIS_SHORTCUT_BACKEND (self));
  portal_shortcuts_disconnect (self);

  G_OBJECT_CLASS (whis_portal_shortcuts_parent_class)->dispose (object);
}

static void
whis_portal_shortcuts_finalize (GObject *object)
{
  WhisPortalShortcuts *self = WHIS_PORTAL_SHORTCUTS (object);

  g_array_unref (self->bindings);
  g_free (self->address);

  G_OBJECT_CLASS (whis_portal_shortcuts_parent_class)->finalize (object);
}

static void
whis_portal_shortcuts_class_init (WhisPortalShortcutsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_portal_shortcuts_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_portal_shortcuts_finalize;
}

static void
whis_portal_shortcuts_init (WhisPortalShortcuts *self)
{
  self->bindings = g_array_new (FALSE, FALSE, sizeof (WhisShortcutBinding));
}

/**
 * whis_portal_shortcuts_new:
 * @address: (nullable): the address of a bus, %NULL for that of the session
 *
 * Returns: (transfer full): a backend that has bound nothing
 */
WhisPortalShortcuts *
whis_portal_shortcuts_new (const char *address)
{
  WhisPortalShortcuts *self = g_object_new (WHIS_TYPE_PORTAL_SHORTCUTS, NULL);

  self->address = g_strdup (address);

  return self;
}
