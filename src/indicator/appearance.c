/* SPDX-License-Identifier: MIT */
#include "appearance.h"

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define SETTINGS "org.freedesktop.portal.Settings"
#define APPEARANCE "org.freedesktop.appearance"
#define GNOME_INTERFACE "org.gnome.desktop.interface"

/* The value of `color-scheme` where a light desktop is wanted. */
#define PREFERS_LIGHT 2

/**
 * WhisAppearance:
 *
 * How the desktop looks, from the Settings portal. Until that has answered, and where there is
 * none, it is dark, which can be read on any background.
 *
 * See <https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html>.
 */
struct _WhisAppearance
{
  GObject parent_instance;

  GDBusConnection *connection;
  GCancellable *cancellable;
  guint subscription;
  WhisLook look;
  char *font;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisAppearance, whis_appearance, G_TYPE_OBJECT)

/* Newer desktops say the one, older ones of GNOME the other. */
static gboolean
wants_reduced_motion (GVariant *appearance, GVariant *gnome)
{
  guint32 reduced;
  gboolean animates;

  if (appearance != NULL && g_variant_lookup (appearance, "reduced-motion", "u", &reduced))
    return reduced == 1;

  return gnome != NULL && g_variant_lookup (gnome, "enable-animations", "b", &animates)
         && !animates;
}

static void
appearance_take (WhisAppearance *self, GVariant *namespaces)
{
  g_autoptr (GVariant) appearance =
      g_variant_lookup_value (namespaces, APPEARANCE, G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) gnome =
      g_variant_lookup_value (namespaces, GNOME_INTERFACE, G_VARIANT_TYPE_VARDICT);
  guint32 scheme = 0;
  guint32 contrast = 0;

  if (appearance != NULL)
    {
      g_variant_lookup (appearance, "color-scheme", "u", &scheme);
      g_variant_lookup (appearance, "contrast", "u", &contrast);
    }
  g_clear_pointer (&self->font, g_free);
  if (gnome != NULL)
    g_variant_lookup (gnome, "font-name", "s", &self->font);
  self->look = (WhisLook){
    .is_light = scheme == PREFERS_LIGHT,
    .is_high_contrast = contrast == 1,
    .reduces_motion = wants_reduced_motion (appearance, gnome),
    .font = self->font,
  };
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_settings_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) namespaces = NULL;

  if (answer == NULL)
    {
      g_debug ("The desktop does not say how it looks: %s", error->message);
      return;
    }

  namespaces = g_variant_get_child_value (answer, 0);
  appearance_take (user_data, namespaces);
}

static void
appearance_read (WhisAppearance *self)
{
  static const char *const wanted[] = { APPEARANCE, GNOME_INTERFACE, NULL };

  g_dbus_connection_call (self->connection, PORTAL, PORTAL_PATH, SETTINGS, "ReadAll",
                          g_variant_new ("(^as)", wanted), G_VARIANT_TYPE ("(a{sa{sv}})"),
                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, on_settings_read, self);
}

static void
on_setting_changed (GDBusConnection *connection,
                    const char *sender,
                    const char *path,
                    const char *interface,
                    const char *signal,
                    GVariant *parameters,
                    gpointer user_data)
{
  appearance_read (user_data);
}

static void
whis_appearance_dispose (GObject *object)
{
  WhisAppearance *self = WHIS_APPEARANCE (object);

  g_cancellable_cancel (self->cancellable);
  if (self->subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->subscription);
  self->subscription = 0;
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (whis_appearance_parent_class)->dispose (object);
}

static void
whis_appearance_finalize (GObject *object)
{
  WhisAppearance *self = WHIS_APPEARANCE (object);

  g_clear_object (&self->cancellable);
  g_free (self->font);

  G_OBJECT_CLASS (whis_appearance_parent_class)->finalize (object);
}

static void
whis_appearance_class_init (WhisAppearanceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_appearance_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_appearance_finalize;

  /**
   * WhisAppearance::changed:
   * @self: the appearance
   *
   * The desktop has said how it looks.
   */
  signals[CHANGED] = g_signal_new ("changed", WHIS_TYPE_APPEARANCE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_appearance_init (WhisAppearance *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * whis_appearance_new:
 * @connection: the session bus
 *
 * Returns: (transfer full): an object that asks the desktop, and follows it
 */
WhisAppearance *
whis_appearance_new (GDBusConnection *connection)
{
  WhisAppearance *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  self = g_object_new (WHIS_TYPE_APPEARANCE, NULL);
  self->connection = g_object_ref (connection);
  self->subscription = g_dbus_connection_signal_subscribe (
      connection, PORTAL, SETTINGS, "SettingChanged", PORTAL_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
      on_setting_changed, self, NULL);
  appearance_read (self);

  return self;
}

/**
 * whis_appearance_get_look:
 * @self: the appearance
 *
 * Returns: (transfer none): how the desktop looks
 */
const WhisLook *
whis_appearance_get_look (WhisAppearance *self)
{
  g_return_val_if_fail (WHIS_IS_APPEARANCE (self), NULL);

  return &self->look;
}
