/* SPDX-License-Identifier: MIT */
#include "xembed-icon.h"

#include <string.h>

#include "x11-tray.h"
#include "xembed-client.h"

/* Many panels have trays of both kinds, and open them one after the other. */
#define START_DELAY_MS 1000

/* So many deaths within a minute are no accident. */
#define MAX_CRASHES 3
#define CRASH_WINDOW_US (60 * G_USEC_PER_SEC)

struct _WhisXembedIcon
{
  GObject parent_instance;

  GDBusConnection *connection;
  char *object_path;
  GMenuModel *menu;
  GActionGroup *actions;
  guint menu_export;
  guint actions_export;

  WhisX11Tray *tray; /* while the icon is wanted */
  WhisXembedClient *client;
  guint start_timer;
  gint64 crashes[MAX_CRASHES];
  gboolean gave_up; /* until the panel or the wish for it changes */

  gboolean shown;
};

G_DEFINE_FINAL_TYPE (WhisXembedIcon, whis_xembed_icon, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SHOWN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void xembed_icon_update (WhisXembedIcon *self);

static void
update_shown (WhisXembedIcon *self)
{
  gboolean shown = self->client != NULL && whis_xembed_client_get_shown (self->client);

  if (self->shown == shown)
    return;

  self->shown = shown;
  g_debug ("tray: %s by the X11 panel", shown ? "shown" : "not shown");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWN]);
}

static void
unexport_menu (WhisXembedIcon *self)
{
  if (self->menu_export != 0)
    g_dbus_connection_unexport_menu_model (self->connection, self->menu_export);
  if (self->actions_export != 0)
    g_dbus_connection_unexport_action_group (self->connection, self->actions_export);
  self->menu_export = self->actions_export = 0;
}

static gboolean
export_menu (WhisXembedIcon *self, GError **error)
{
  if (self->menu_export == 0)
    self->menu_export = g_dbus_connection_export_menu_model (self->connection, self->object_path,
                                                             self->menu, error);
  if (self->menu_export != 0 && self->actions_export == 0)
    self->actions_export = g_dbus_connection_export_action_group (
        self->connection, self->object_path, self->actions, error);

  return self->actions_export != 0;
}

static void
note_crash (WhisXembedIcon *self)
{
  memmove (self->crashes, self->crashes + 1, sizeof self->crashes - sizeof self->crashes[0]);
  self->crashes[MAX_CRASHES - 1] = g_get_monotonic_time ();
  self->gave_up =
      self->crashes[0] != 0 && self->crashes[MAX_CRASHES - 1] - self->crashes[0] < CRASH_WINDOW_US;
  if (self->gave_up)
    g_message ("The icon for older panels is not shown: %s ends again and again",
               whis_xembed_client_get_program ());
}

static void
client_ended (WhisXembedIcon *self, WhisXembedClient *client)
{
  g_assert (client == self->client);

  g_clear_object (&self->client);
  update_shown (self);
  note_crash (self);
  xembed_icon_update (self);
}

static void
start_client (WhisXembedIcon *self)
{
  g_autoptr (GError) error = NULL;

  if (export_menu (self, &error))
    self->client =
        whis_xembed_client_new (g_dbus_connection_get_unique_name (self->connection), &error);
  if (self->client == NULL)
    {
      self->gave_up = TRUE;
      g_message ("The icon for older panels is not shown: %s", error->message);
      return;
    }

  g_signal_connect_object (self->client, "notify::shown", G_CALLBACK (update_shown), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "ended", G_CALLBACK (client_ended), self,
                           G_CONNECT_SWAPPED);
}

static void
stop_client (WhisXembedIcon *self)
{
  g_clear_handle_id (&self->start_timer, g_source_remove);
  if (self->client != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->client, self);
      whis_xembed_client_stop (self->client);
    }
  g_clear_object (&self->client);
  unexport_menu (self);
}

static gboolean
start_cb (gpointer user_data)
{
  WhisXembedIcon *self = user_data;

  self->start_timer = 0;
  start_client (self);

  return G_SOURCE_REMOVE;
}

static void
xembed_icon_update (WhisXembedIcon *self)
{
  if (self->tray == NULL || !whis_x11_tray_get_present (self->tray))
    {
      stop_client (self);
      self->gave_up = FALSE;
      update_shown (self);
    }
  else if (self->client == NULL && self->start_timer == 0 && !self->gave_up)
    self->start_timer = g_timeout_add (START_DELAY_MS, start_cb, self);
}

static const char *
get_display (void)
{
  const char *display = g_getenv ("DISPLAY");

  if (display == NULL || *display == '\0' || g_getenv ("WAYLAND_DISPLAY") != NULL)
    return NULL;

  return display;
}

static void
whis_xembed_icon_dispose (GObject *object)
{
  WhisXembedIcon *self = WHIS_XEMBED_ICON (object);

  g_clear_object (&self->tray);
  stop_client (self);
  g_clear_object (&self->menu);
  g_clear_object (&self->actions);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (whis_xembed_icon_parent_class)->dispose (object);
}

static void
whis_xembed_icon_finalize (GObject *object)
{
  WhisXembedIcon *self = WHIS_XEMBED_ICON (object);

  g_free (self->object_path);

  G_OBJECT_CLASS (whis_xembed_icon_parent_class)->finalize (object);
}

static void
whis_xembed_icon_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WhisXembedIcon *self = WHIS_XEMBED_ICON (object);

  if (prop_id == PROP_SHOWN)
    g_value_set_boolean (value, self->shown);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_xembed_icon_class_init (WhisXembedIconClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = whis_xembed_icon_dispose;
  object_class->finalize = whis_xembed_icon_finalize;
  object_class->get_property = whis_xembed_icon_get_property;

  /**
   * WhisXembedIcon:shown:
   */
  properties[PROP_SHOWN] =
      g_param_spec_boolean ("shown", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_xembed_icon_init (WhisXembedIcon *self)
{
}

WhisXembedIcon *
whis_xembed_icon_new (GDBusConnection *connection,
                      const char *object_path,
                      GMenuModel *menu,
                      GActionGroup *actions)
{
  WhisXembedIcon *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);
  g_return_val_if_fail (object_path != NULL, NULL);
  g_return_val_if_fail (G_IS_MENU_MODEL (menu), NULL);
  g_return_val_if_fail (G_IS_ACTION_GROUP (actions), NULL);

  self = g_object_new (WHIS_TYPE_XEMBED_ICON, NULL);
  self->connection = g_object_ref (connection);
  self->object_path = g_strdup (object_path);
  self->menu = g_object_ref (menu);
  self->actions = g_object_ref (actions);

  return self;
}

void
whis_xembed_icon_set_wanted (WhisXembedIcon *self, gboolean wanted)
{
  g_return_if_fail (WHIS_IS_XEMBED_ICON (self));

  if (wanted == (self->tray != NULL) || get_display () == NULL)
    return;

  g_clear_object (&self->tray);
  if (wanted)
    {
      self->tray = whis_x11_tray_new (get_display ());
      g_signal_connect_object (self->tray, "notify::present", G_CALLBACK (xembed_icon_update), self,
                               G_CONNECT_SWAPPED);
    }
  xembed_icon_update (self);
}

gboolean
whis_xembed_icon_get_shown (WhisXembedIcon *self)
{
  g_return_val_if_fail (WHIS_IS_XEMBED_ICON (self), FALSE);

  return self->shown;
}
