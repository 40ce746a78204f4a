/* SPDX-License-Identifier: MIT */
#include "tray.h"

#include "dbus-menu.h"
#include "menu-tree.h"
#include "sandbox.h"
#include "status-notifier-item.h"
#include "tray-host.h"
#include "tray-pixmaps.h"
#if WHIS_XEMBED_TRAY
#include "xembed-icon.h"
#endif

/* An item that registers by its bus name is looked for at this path. */
#define ITEM_PATH "/StatusNotifierItem"
#define MENU_PATH ITEM_PATH "/menu"

/* A host sends the token of a click just ahead of what was clicked. One that waits for the answer
 * first, as GNOME's does for a click on the icon itself, waits this long. */
#define TOKEN_WAIT_MS 40

/**
 * WhisTray:
 *
 * An icon in the desktop's panel: a StatusNotifierItem with a dbusmenu.
 *
 * The item registers itself with `org.kde.StatusNotifierWatcher` by the unique name of the
 * connection, and again whenever the watcher comes back. Where no panel of that kind is, one of the
 * old kind shows it (X11 only). A click, and a middle click, activate one
 * action; the menu is drawn by the host from [class@DBusMenu].
 *
 * See <https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/>.
 */
struct _WhisTray
{
  GObject parent_instance;

  GDBusConnection *connection;
  GMenuModel *menu_model;
  GActionGroup *actions;
  char *activate_action;
  GVariant *activate_target;

  WhisDBusStatusNotifierItem *item;
  WhisDBusMenu *menu;
  char *icon_name;
  char *title;
  char *tooltip_title;
  char *tooltip_text;
  char *activation_token;
  GDBusMethodInvocation *token_call; /* that brought the token; not answered yet */
  guint token_wait;

  WhisTrayHost *host;
#if WHIS_XEMBED_TRAY
  WhisXembedIcon *xembed_icon;
#endif
  gboolean hosted;
};

G_DEFINE_FINAL_TYPE (WhisTray, whis_tray, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CONNECTION,
  PROP_MENU,
  PROP_ACTIONS,
  PROP_ACTIVATE_ACTION,
  PROP_HOSTED,
  PROP_SETTLED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* No window follows: the host need not show any longer that it waits for one. */
static void
refuse_token (WhisTray *self)
{
  g_clear_handle_id (&self->token_wait, g_source_remove);
  g_clear_pointer (&self->activation_token, g_free);
  if (self->token_call != NULL)
    g_dbus_method_invocation_return_error_literal (g_steal_pointer (&self->token_call),
                                                   G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                                   "This click opens no window");
}

static void
tray_activate (WhisTray *self)
{
  g_action_group_activate_action (self->actions, self->activate_action, self->activate_target);
  refuse_token (self);
}

static gboolean
handle_activate (WhisTray *self, GDBusMethodInvocation *invocation, int x, int y)
{
  whis_dbus_status_notifier_item_complete_activate (self->item, invocation);
  tray_activate (self);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_secondary_activate (WhisTray *self, GDBusMethodInvocation *invocation, int x, int y)
{
  whis_dbus_status_notifier_item_complete_secondary_activate (self->item, invocation);
  tray_activate (self);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* The host draws the menu. */
static gboolean
handle_context_menu (WhisTray *self, GDBusMethodInvocation *invocation, int x, int y)
{
  whis_dbus_status_notifier_item_complete_context_menu (self->item, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_scroll (WhisTray *self, GDBusMethodInvocation *invocation, int delta, const char *direction)
{
  whis_dbus_status_notifier_item_complete_scroll (self->item, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
token_wait_cb (gpointer user_data)
{
  WhisTray *self = user_data;

  self->token_wait = 0;
  refuse_token (self);

  return G_SOURCE_REMOVE;
}

/* Whether a window follows is known when something is clicked, and so the answer waits for that. */
static gboolean
handle_token (WhisTray *self, GDBusMethodInvocation *invocation, const char *token)
{
  refuse_token (self);
  self->activation_token = g_strdup (token);
  self->token_call = invocation;
  self->token_wait = g_timeout_add (TOKEN_WAIT_MS, token_wait_cb, self);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static const struct
{
  const char *signal;
  GCallback callback;
} handlers[] = {
  { "handle-activate", G_CALLBACK (handle_activate) },
  { "handle-secondary-activate", G_CALLBACK (handle_secondary_activate) },
  { "handle-context-menu", G_CALLBACK (handle_context_menu) },
  { "handle-scroll", G_CALLBACK (handle_scroll) },
  { "handle-provide-xdg-activation-token", G_CALLBACK (handle_token) },
};

static gboolean
is_standard_icon_dir (const char *path)
{
  const char *const *data_dirs = g_get_system_data_dirs ();
  g_autofree char *user_dir = g_build_filename (g_get_user_data_dir (), "icons", NULL);

  if (g_str_equal (path, user_dir))
    return TRUE;

  for (guint i = 0; data_dirs[i] != NULL; i++)
    {
      g_autofree char *dir = g_build_filename (data_dirs[i], "icons", NULL);

      if (g_str_equal (path, dir))
        return TRUE;
    }

  return FALSE;
}

/* A sandbox's directories mean nothing to the host, which sees the icons that Flatpak exports. */
static const char *
default_icon_theme_path (void)
{
  if (whis_sandbox_is_inside () || is_standard_icon_dir (WHIS_ICONDIR))
    return "";

  return WHIS_ICONDIR;
}

/* The description of a tooltip is markup to the hosts. */
static void
update_tooltip (WhisTray *self)
{
  g_autofree char *text = NULL;

  text = g_markup_escape_text (self->tooltip_text != NULL ? self->tooltip_text : "", -1);
  whis_dbus_status_notifier_item_set_tool_tip (
      self->item, g_variant_new ("(s@a(iiay)ss)", "", g_variant_new ("a(iiay)", NULL),
                                 self->tooltip_title != NULL ? self->tooltip_title : "", text));
}

/* The same icon stands for attention: what is wrong is said by the icon, not by blinking. */
static void
update_icon (WhisTray *self)
{
  const char *name = self->icon_name != NULL ? self->icon_name : "";
  g_autoptr (GVariant) pixmaps = g_variant_ref_sink (whis_tray_pixmaps_for_icon (name));

  whis_dbus_status_notifier_item_set_icon_name (self->item, name);
  whis_dbus_status_notifier_item_set_icon_pixmap (self->item, pixmaps);
  whis_dbus_status_notifier_item_set_attention_icon_name (self->item, name);
  whis_dbus_status_notifier_item_set_attention_icon_pixmap (self->item, pixmaps);
}

static void
fill_item (WhisTray *self)
{
  GVariant *no_pixmap = g_variant_new ("a(iiay)", NULL);

  whis_dbus_status_notifier_item_set_category (self->item, "ApplicationStatus");
  whis_dbus_status_notifier_item_set_id (self->item, WHIS_APP_ID);
  whis_dbus_status_notifier_item_set_title (self->item, "");
  whis_dbus_status_notifier_item_set_status (self->item, "Active");
  whis_dbus_status_notifier_item_set_icon_theme_path (self->item, default_icon_theme_path ());
  whis_dbus_status_notifier_item_set_menu (self->item, MENU_PATH);
  whis_dbus_status_notifier_item_set_overlay_icon_name (self->item, "");
  whis_dbus_status_notifier_item_set_overlay_icon_pixmap (self->item, no_pixmap);
  whis_dbus_status_notifier_item_set_attention_movie_name (self->item, "");
  update_icon (self);
  update_tooltip (self);
}

static gboolean
export_item (WhisTray *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->item, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);

  return whis_dbus_menu_export (self->menu, self->connection, MENU_PATH, error)
         && g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->item),
                                              self->connection, ITEM_PATH, error);
}

static gboolean
is_hosted (WhisTray *self)
{
#if WHIS_XEMBED_TRAY
  if (whis_xembed_icon_get_shown (self->xembed_icon))
    return TRUE;
#endif

  return whis_tray_host_get_hosted (self->host);
}

static void
update_hosted (WhisTray *self)
{
  gboolean hosted = is_hosted (self);

  if (self->hosted == hosted)
    return;

  self->hosted = hosted;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOSTED]);
}

static void
host_changed (WhisTray *self)
{
#if WHIS_XEMBED_TRAY
  whis_xembed_icon_set_wanted (self->xembed_icon, whis_tray_host_get_settled (self->host)
                                                      && !whis_tray_host_get_hosted (self->host));
#endif
  update_hosted (self);
}

static void
settled_changed (WhisTray *self)
{
  host_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SETTLED]);
}

static void
look_for_panel (WhisTray *self)
{
#if WHIS_XEMBED_TRAY
  self->xembed_icon =
      whis_xembed_icon_new (self->connection, MENU_PATH, self->menu_model, self->actions);
  g_signal_connect_object (self->xembed_icon, "notify::shown", G_CALLBACK (update_hosted), self,
                           G_CONNECT_SWAPPED);
#endif
  self->host = whis_tray_host_new (self->connection);
  g_signal_connect_object (self->host, "notify::hosted", G_CALLBACK (host_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->host, "notify::settled", G_CALLBACK (settled_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
whis_tray_constructed (GObject *object)
{
  WhisTray *self = WHIS_TRAY (object);
  g_autoptr (GError) error = NULL;

  G_OBJECT_CLASS (whis_tray_parent_class)->constructed (object);

  self->menu = whis_dbus_menu_new (self->menu_model, self->actions);
  g_signal_connect_object (self->menu, "clicked", G_CALLBACK (refuse_token), self,
                           G_CONNECT_SWAPPED);
  fill_item (self);
  if (export_item (self, &error))
    look_for_panel (self);
  else
    g_message ("tray: the item cannot be put on the bus: %s", error->message);
}

static void
whis_tray_dispose (GObject *object)
{
  WhisTray *self = WHIS_TRAY (object);

  refuse_token (self);
  g_clear_object (&self->host);
#if WHIS_XEMBED_TRAY
  g_clear_object (&self->xembed_icon);
#endif
  if (g_dbus_interface_skeleton_get_connection (G_DBUS_INTERFACE_SKELETON (self->item)) != NULL)
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->item));
  g_clear_object (&self->menu);
  g_clear_object (&self->menu_model);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (whis_tray_parent_class)->dispose (object);
}

static void
whis_tray_finalize (GObject *object)
{
  WhisTray *self = WHIS_TRAY (object);

  g_clear_object (&self->item);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->activate_action, g_free);
  g_clear_pointer (&self->activate_target, g_variant_unref);
  g_clear_pointer (&self->icon_name, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->tooltip_title, g_free);
  g_clear_pointer (&self->tooltip_text, g_free);
  g_clear_pointer (&self->activation_token, g_free);

  G_OBJECT_CLASS (whis_tray_parent_class)->finalize (object);
}

static void
whis_tray_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WhisTray *self = WHIS_TRAY (object);

  switch (prop_id)
    {
    case PROP_HOSTED:
      g_value_set_boolean (value, whis_tray_get_hosted (self));
      break;
    case PROP_SETTLED:
      g_value_set_boolean (value, whis_tray_get_settled (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_activate_action (WhisTray *self, const char *detailed_name)
{
  g_autoptr (GError) error = NULL;

  if (!g_action_parse_detailed_name (whis_menu_action_name (detailed_name), &self->activate_action,
                                     &self->activate_target, &error))
    g_critical ("tray: %s", error->message);
}

static void
whis_tray_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  WhisTray *self = WHIS_TRAY (object);

  switch (prop_id)
    {
    case PROP_CONNECTION:
      self->connection = g_value_dup_object (value);
      break;
    case PROP_MENU:
      self->menu_model = g_value_dup_object (value);
      break;
    case PROP_ACTIONS:
      self->actions = g_value_dup_object (value);
      break;
    case PROP_ACTIVATE_ACTION:
      set_activate_action (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_construction_properties (void)
{
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  properties[PROP_CONNECTION] =
      g_param_spec_object ("connection", NULL, NULL, G_TYPE_DBUS_CONNECTION, flags);
  properties[PROP_MENU] = g_param_spec_object ("menu", NULL, NULL, G_TYPE_MENU_MODEL, flags);
  properties[PROP_ACTIONS] =
      g_param_spec_object ("actions", NULL, NULL, G_TYPE_ACTION_GROUP, flags);
  properties[PROP_ACTIVATE_ACTION] =
      g_param_spec_string ("activate-action", NULL, NULL, NULL, flags);
}

static void
install_readable_properties (void)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * WhisTray:hosted:
   *
   * Whether a panel shows the icon.
   */
  properties[PROP_HOSTED] = g_param_spec_boolean ("hosted", NULL, NULL, FALSE, flags);
  /**
   * WhisTray:settled:
   *
   * Whether [property@Tray:hosted] is known.
   */
  properties[PROP_SETTLED] = g_param_spec_boolean ("settled", NULL, NULL, FALSE, flags);
}

static void
whis_tray_class_init (WhisTrayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = whis_tray_constructed;
  object_class->dispose = whis_tray_dispose;
  object_class->finalize = whis_tray_finalize;
  object_class->get_property = whis_tray_get_property;
  object_class->set_property = whis_tray_set_property;

  install_construction_properties ();
  install_readable_properties ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_tray_init (WhisTray *self)
{
  self->item = whis_dbus_status_notifier_item_skeleton_new ();
}

/**
 * whis_tray_new:
 * @connection: the session bus
 * @menu: the menu of the icon
 * @actions: the actions that @menu and @activate_action name
 * @activate_action: a detailed name of an action in @actions, as for g_action_parse_detailed_name()
 *
 * Creates an item, exports it and starts to look for a panel that shows it. It is active, and
 * shown as soon as whis_tray_set_icon_name() was called and a host is there.
 *
 * Names of actions, here and in the menu, may carry the prefix `app.`.
 *
 * Returns: (transfer full): a new item
 */
WhisTray *
whis_tray_new (GDBusConnection *connection,
               GMenuModel *menu,
               GActionGroup *actions,
               const char *activate_action)
{
  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);
  g_return_val_if_fail (G_IS_MENU_MODEL (menu), NULL);
  g_return_val_if_fail (G_IS_ACTION_GROUP (actions), NULL);
  g_return_val_if_fail (activate_action != NULL, NULL);

  return g_object_new (WHIS_TYPE_TRAY, "connection", connection, "menu", menu, "actions", actions,
                       "activate-action", activate_action, NULL);
}

/**
 * whis_tray_get_hosted:
 * @self: a tray icon
 *
 * Whether a panel shows icons and this one is registered with it, or embedded in it. It is %FALSE
 * until the first answer from the bus; see [property@Tray:settled].
 */
gboolean
whis_tray_get_hosted (WhisTray *self)
{
  g_return_val_if_fail (WHIS_IS_TRAY (self), FALSE);

  return self->hosted;
}

/**
 * whis_tray_get_settled:
 * @self: a tray icon
 *
 * Whether [property@Tray:hosted] is known: the bus has said that no watcher exists, or the watcher
 * has answered. It turns %TRUE once, after [property@Tray:hosted] has its first real value.
 */
gboolean
whis_tray_get_settled (WhisTray *self)
{
  g_return_val_if_fail (WHIS_IS_TRAY (self), FALSE);

  /* An item that is not on the bus is not going to be hosted. */
  return self->host == NULL || whis_tray_host_get_settled (self->host);
}

/* As g_set_str(), which GLib has from 2.76 on. */
static gboolean
set_string (char **field, const char *value)
{
  if (g_strcmp0 (*field, value) == 0)
    return FALSE;

  g_free (*field);
  *field = g_strdup (value);

  return TRUE;
}

/**
 * whis_tray_set_icon_name:
 * @self: a tray icon
 * @icon_name: the name of an icon in the theme, prefixed with the application id
 *
 * Sets the icon. Pixels of the same icon are offered to hosts that do not find the name.
 */
void
whis_tray_set_icon_name (WhisTray *self, const char *icon_name)
{
  g_return_if_fail (WHIS_IS_TRAY (self));

  if (!set_string (&self->icon_name, icon_name))
    return;

  update_icon (self);
  whis_dbus_status_notifier_item_emit_new_icon (self->item);
  whis_dbus_status_notifier_item_emit_new_attention_icon (self->item);
}

/**
 * whis_tray_set_icon_theme_path:
 * @self: a tray icon
 * @path: a directory with a `hicolor` theme in it, or empty
 *
 * Sets where the host looks for the icons besides the standard places. By default it is the
 * directory that the icons are installed to, if that is no standard place.
 */
void
whis_tray_set_icon_theme_path (WhisTray *self, const char *path)
{
  g_return_if_fail (WHIS_IS_TRAY (self));
  g_return_if_fail (path != NULL);

  whis_dbus_status_notifier_item_set_icon_theme_path (self->item, path);
  whis_dbus_status_notifier_item_emit_new_icon_theme_path (self->item, path);
}

/**
 * whis_tray_set_title:
 * @self: a tray icon
 * @title: the name of the program, for people
 */
void
whis_tray_set_title (WhisTray *self, const char *title)
{
  g_return_if_fail (WHIS_IS_TRAY (self));

  if (!set_string (&self->title, title))
    return;

  whis_dbus_status_notifier_item_set_title (self->item, title != NULL ? title : "");
  whis_dbus_status_notifier_item_emit_new_title (self->item);
}

/**
 * whis_tray_set_tooltip:
 * @self: a tray icon
 * @title: one line
 * @text: (nullable): more lines, plain text
 */
void
whis_tray_set_tooltip (WhisTray *self, const char *title, const char *text)
{
  gboolean new_title;
  gboolean new_text;

  g_return_if_fail (WHIS_IS_TRAY (self));

  new_title = set_string (&self->tooltip_title, title);
  new_text = set_string (&self->tooltip_text, text);
  if (!new_title && !new_text)
    return;

  update_tooltip (self);
  whis_dbus_status_notifier_item_emit_new_tool_tip (self->item);
}

/**
 * whis_tray_take_activation_token:
 * @self: a tray icon
 *
 * Takes the XDG activation token of the click that is being handled. It is meant for a window that
 * the click opens, and is good for one. A host is told that no window follows if nobody takes it
 * while the action runs.
 *
 * Returns: (transfer full) (nullable): the token
 */
char *
whis_tray_take_activation_token (WhisTray *self)
{
  g_return_val_if_fail (WHIS_IS_TRAY (self), NULL);

  g_clear_handle_id (&self->token_wait, g_source_remove);
  if (self->token_call != NULL)
    whis_dbus_status_notifier_item_complete_provide_xdg_activation_token (
        self->item, g_steal_pointer (&self->token_call));

  return g_steal_pointer (&self->activation_token);
}
