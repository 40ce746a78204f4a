/* SPDX-License-Identifier: MIT */
#include "gsettings-shortcuts.h"

#include <glib/gi18n-lib.h>

/* `tap`, since a desktop runs the command again and again while the key is held. */
#define COMMAND "whis shortcut tap "

/* What entries of Whis are called, before the action. */
#define ENTRY "whis-"

/**
 * WhisGsettingsShortcuts:
 *
 * Shortcuts of desktops that run a command for a key: an entry in the list of the user's own
 * shortcuts, beside those that the user has made. It is written when the settings of Whis say so,
 * which they do on the user's word only, and removed when they do not. The desktop tells no
 * release.
 */

typedef struct
{
  const char *bus_name; /* of what reads the list */
  const char *schema;   /* of the list; NULL if entries are found by their path */
  const char *key;      /* of the list */
  gboolean lists_paths; /* whether the list has paths, and not names */
  const char *entry_schema;
  const char *entry_path; /* without the name of the entry */
  const char *command_key;
  gboolean has_several; /* whether an entry has a list of keys */
} Desktop;

static const Desktop desktops[] = {
  { "org.gnome.SettingsDaemon.MediaKeys", "org.gnome.settings-daemon.plugins.media-keys",
    "custom-keybindings", TRUE, "org.gnome.settings-daemon.plugins.media-keys.custom-keybinding",
    "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/", "command", FALSE },
  { "org.Cinnamon", "org.cinnamon.desktop.keybindings", "custom-list", FALSE,
    "org.cinnamon.desktop.keybindings.custom-keybinding",
    "/org/cinnamon/desktop/keybindings/custom-keybindings/", "command", TRUE },
  { "org.mate.SettingsDaemon", NULL, NULL, FALSE, "org.mate.control-center.keybinding",
    "/org/mate/desktop/keybindings/", "action", FALSE },
};

struct _WhisGsettingsShortcuts
{
  GObject parent_instance;

  GDBusConnection *connection;
  const Desktop *desktop; /* NULL until one has answered */
  char *triggers[WHIS_SHORTCUT_N_ACTIONS];
  char *problem;
};

static void whis_gsettings_shortcuts_backend_init (WhisShortcutBackendInterface *iface);
static void gsettings_probe_next (GTask *task);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisGsettingsShortcuts,
                               whis_gsettings_shortcuts,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_SHORTCUT_BACKEND,
                                                      whis_gsettings_shortcuts_backend_init))

static const char *
whis_gsettings_shortcuts_get_name (WhisShortcutBackend *backend)
{
  return "gsettings";
}

static gboolean
whis_gsettings_shortcuts_tells_release (WhisShortcutBackend *backend)
{
  return FALSE;
}

static gboolean
whis_gsettings_shortcuts_asks_user (WhisShortcutBackend *backend)
{
  return FALSE;
}

/* --- entries -----------------------------------------------------------------------------------
 */

static gboolean
has_schema (const char *id)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL && id != NULL ? g_settings_schema_source_lookup (source, id, TRUE) : NULL;

  return schema != NULL;
}

static gboolean
desktop_has_schemas (const Desktop *desktop)
{
  return has_schema (desktop->entry_schema)
         && (desktop->schema == NULL || has_schema (desktop->schema));
}

static char *
desktop_dup_entry_path (const Desktop *desktop, const char *name)
{
  return g_strconcat (desktop->entry_path, name, "/", NULL);
}

/* What the list of a desktop calls an entry. */
static char *
desktop_dup_listed (const Desktop *desktop, const char *name)
{
  return desktop->lists_paths ? desktop_dup_entry_path (desktop, name) : g_strdup (name);
}

/* Adds to the list or takes out of it; what others have put there stays, in its order. */
static void
desktop_set_listed (const Desktop *desktop, const char *name, gboolean is_listed)
{
  g_autoptr (GSettings) settings = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *listed = desktop_dup_listed (desktop, name);
  g_auto (GStrv) before = NULL;
  g_auto (GStrv) after = NULL;

  if (desktop->schema == NULL)
    return;

  settings = g_settings_new (desktop->schema);
  before = g_settings_get_strv (settings, desktop->key);
  if (g_strv_contains ((const char *const *) before, listed) == is_listed)
    return;

  for (guint i = 0; before[i] != NULL; i++)
    if (!g_str_equal (before[i], listed))
      g_strv_builder_add (builder, before[i]);
  if (is_listed)
    g_strv_builder_add (builder, listed);
  after = g_strv_builder_end (builder);
  g_settings_set_strv (settings, desktop->key, (const char *const *) after);
}

static GSettings *
desktop_open_entry (const Desktop *desktop, const char *name)
{
  g_autofree char *path = desktop_dup_entry_path (desktop, name);

  return g_settings_new_with_path (desktop->entry_schema, path);
}

static char *
dup_entry_name (WhisShortcutAction action)
{
  return g_strconcat (ENTRY, whis_shortcut_action_get_nick (action), NULL);
}

static void
desktop_add (const Desktop *desktop, const WhisShortcutBinding *binding)
{
  g_autofree char *name = dup_entry_name (binding->action);
  g_autoptr (GSettings) entry = desktop_open_entry (desktop, name);
  g_autofree char *accelerator = whis_shortcut_trigger_to_accelerator (&binding->trigger);
  g_autofree char *command =
      g_strconcat (COMMAND, whis_shortcut_action_get_nick (binding->action), NULL);
  const char *accelerators[] = { accelerator, NULL };

  g_settings_set_string (entry, "name", whis_shortcut_action_get_title (binding->action));
  g_settings_set_string (entry, desktop->command_key, command);
  if (desktop->has_several)
    g_settings_set_strv (entry, "binding", accelerators);
  else
    g_settings_set_string (entry, "binding", accelerator);
  desktop_set_listed (desktop, name, TRUE);
}

static void
desktop_remove (const Desktop *desktop, WhisShortcutAction action)
{
  g_autofree char *name = dup_entry_name (action);
  g_autoptr (GSettings) entry = desktop_open_entry (desktop, name);
  g_autoptr (GVariant) command = g_settings_get_user_value (entry, desktop->command_key);

  if (command == NULL)
    return;

  desktop_set_listed (desktop, name, FALSE);
  g_settings_reset (entry, "name");
  g_settings_reset (entry, desktop->command_key);
  g_settings_reset (entry, "binding");
}

/* Returns: (transfer full) (nullable): what the user calls another entry with the same key */
static char *
desktop_find_conflict (const Desktop *desktop, const WhisShortcutBinding *binding)
{
  g_autofree char *own = dup_entry_name (binding->action);
  g_autofree char *own_listed = desktop_dup_listed (desktop, own);
  g_autoptr (GSettings) settings = NULL;
  g_auto (GStrv) listed = NULL;

  if (!desktop->lists_paths)
    return NULL;

  settings = g_settings_new (desktop->schema);
  listed = g_settings_get_strv (settings, desktop->key);
  for (guint i = 0; listed[i] != NULL; i++)
    {
      g_autoptr (GSettings) entry = NULL;
      g_autofree char *text = NULL;
      WhisShortcutTrigger trigger;

      if (g_str_equal (listed[i], own_listed) || !g_str_has_prefix (listed[i], "/")
          || !g_str_has_suffix (listed[i], "/"))
        continue;
      entry = g_settings_new_with_path (desktop->entry_schema, listed[i]);
      text = g_settings_get_string (entry, "binding");
      if (whis_shortcut_trigger_parse (text, &trigger, NULL)
          && whis_shortcut_trigger_equal (&trigger, &binding->trigger))
        return g_settings_get_string (entry, "name");
    }

  return NULL;
}

/* --- the backend -------------------------------------------------------------------------------
 */

static void
gsettings_add_problem (WhisGsettingsShortcuts *self, char *sentence)
{
  g_autofree char *owned = sentence;
  char *joined =
      self->problem != NULL ? g_strjoin (" ", self->problem, owned, NULL) : g_strdup (owned);

  g_free (self->problem);
  self->problem = joined;
}

static void
gsettings_bind_one (WhisGsettingsShortcuts *self, const WhisShortcutBinding *binding)
{
  const char *title = whis_shortcut_action_get_title (binding->action);
  g_autofree char *label = whis_shortcut_trigger_to_label (&binding->trigger);
  g_autofree char *other = NULL;

  if (binding->trigger.button != 0)
    {
      desktop_remove (self->desktop, binding->action);
      gsettings_add_problem (self, g_strdup_printf (_ ("This desktop takes keys only; choose one "
                                                       "for “%s”."),
                                                    title));
      return;
    }
  other = desktop_find_conflict (self->desktop, binding);
  if (other != NULL)
    {
      desktop_remove (self->desktop, binding->action);
      gsettings_add_problem (
          self, g_strdup_printf (_ ("%s is your shortcut for “%s”; choose another key for “%s”."),
                                 label, other, title));
      return;
    }

  desktop_add (self->desktop, binding);
  self->triggers[binding->action] = g_steal_pointer (&label);
}

static void
whis_gsettings_shortcuts_bind_async (WhisShortcutBackend *backend,
                                     const WhisShortcutBinding *bindings,
                                     gsize n_bindings,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  WhisGsettingsShortcuts *self = WHIS_GSETTINGS_SHORTCUTS (backend);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  gboolean is_wanted[WHIS_SHORTCUT_N_ACTIONS] = { FALSE };

  g_task_set_source_tag (task, whis_gsettings_shortcuts_bind_async);
  if (self->desktop == NULL)
    {
      g_task_return_new_error (task, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_NOT_OFFERED, "%s",
                               _ ("The desktop has no list of shortcuts."));
      return;
    }

  whis_shortcut_backend_unbind (backend);
  for (gsize i = 0; i < n_bindings; i++)
    {
      is_wanted[bindings[i].action] = TRUE;
      gsettings_bind_one (self, &bindings[i]);
    }
  for (guint i = 0; i < WHIS_SHORTCUT_N_ACTIONS; i++)
    if (!is_wanted[i])
      desktop_remove (self->desktop, (WhisShortcutAction) i);
  g_task_return_boolean (task, TRUE);
}

/* The entries stay: they start Whis, too. */
static void
whis_gsettings_shortcuts_unbind (WhisShortcutBackend *backend)
{
  WhisGsettingsShortcuts *self = WHIS_GSETTINGS_SHORTCUTS (backend);

  for (guint i = 0; i < WHIS_SHORTCUT_N_ACTIONS; i++)
    g_clear_pointer (&self->triggers[i], g_free);
  g_clear_pointer (&self->problem, g_free);
}

static void
whis_gsettings_shortcuts_remove (WhisShortcutBackend *backend)
{
  for (gsize i = 0; i < G_N_ELEMENTS (desktops); i++)
    for (guint j = 0; desktop_has_schemas (&desktops[i]) && j < WHIS_SHORTCUT_N_ACTIONS; j++)
      desktop_remove (&desktops[i], (WhisShortcutAction) j);
}

static void
on_has_owner (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisGsettingsShortcuts *self = g_task_get_source_object (task);
  gsize i = GPOINTER_TO_SIZE (g_task_get_task_data (task));
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  gboolean has_owner = FALSE;

  if (g_task_return_error_if_cancelled (task))
    return;

  if (answer != NULL)
    g_variant_get (answer, "(b)", &has_owner);
  if (has_owner && desktop_has_schemas (&desktops[i]))
    {
      self->desktop = &desktops[i];
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_task_set_task_data (task, GSIZE_TO_POINTER (i + 1), NULL);
  gsettings_probe_next (task);
}

static void
gsettings_probe_next (GTask *task)
{
  WhisGsettingsShortcuts *self = g_task_get_source_object (task);
  gsize i = GPOINTER_TO_SIZE (g_task_get_task_data (task));

  if (i == G_N_ELEMENTS (desktops))
    g_task_return_new_error (task, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_NOT_OFFERED, "%s",
                             _ ("The desktop has no list of shortcuts."));
  else
    g_dbus_connection_call (self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                            "org.freedesktop.DBus", "NameHasOwner",
                            g_variant_new ("(s)", desktops[i].bus_name), G_VARIANT_TYPE ("(b)"),
                            G_DBUS_CALL_FLAGS_NONE, -1, g_task_get_cancellable (task), on_has_owner,
                            g_object_ref (task));
}

static void
whis_gsettings_shortcuts_probe_async (WhisShortcutBackend *backend,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (backend, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_gsettings_shortcuts_probe_async);
  gsettings_probe_next (task);
}

static char *
whis_gsettings_shortcuts_dup_trigger (WhisShortcutBackend *backend, WhisShortcutAction action)
{
  return g_strdup (WHIS_GSETTINGS_SHORTCUTS (backend)->triggers[action]);
}

static const char *
whis_gsettings_shortcuts_get_problem (WhisShortcutBackend *backend)
{
  return WHIS_GSETTINGS_SHORTCUTS (backend)->problem;
}

static void
whis_gsettings_shortcuts_backend_init (WhisShortcutBackendInterface *iface)
{
  iface->get_name = whis_gsettings_shortcuts_get_name;
  iface->tells_release = whis_gsettings_shortcuts_tells_release;
  iface->asks_user = whis_gsettings_shortcuts_asks_user;
  iface->probe_async = whis_gsettings_shortcuts_probe_async;
  iface->bind_async = whis_gsettings_shortcuts_bind_async;
  iface->unbind = whis_gsettings_shortcuts_unbind;
  iface->remove = whis_gsettings_shortcuts_remove;
  iface->dup_trigger = whis_gsettings_shortcuts_dup_trigger;
  iface->get_problem = whis_gsettings_shortcuts_get_problem;
}

static void
whis_gsettings_shortcuts_dispose (GObject *object)
{
  WhisGsettingsShortcuts *self = WHIS_GSETTINGS_SHORTCUTS (object);

  whis_gsettings_shortcuts_unbind (WHIS_SHORTCUT_BACKEND (self));
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (whis_gsettings_shortcuts_parent_class)->dispose (object);
}

static void
whis_gsettings_shortcuts_class_init (WhisGsettingsShortcutsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_gsettings_shortcuts_dispose;
}

static void
whis_gsettings_shortcuts_init (WhisGsettingsShortcuts *self)
{
}

/**
 * whis_gsettings_shortcuts_new:
 * @connection: the session bus
 *
 * Returns: (transfer full): a backend that has bound nothing
 */
WhisGsettingsShortcuts *
whis_gsettings_shortcuts_new (GDBusConnection *connection)
{
  WhisGsettingsShortcuts *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  self = g_object_new (WHIS_TYPE_GSETTINGS_SHORTCUTS, NULL);
  self->connection = g_object_ref (connection);

  return self;
}
