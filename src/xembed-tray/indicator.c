/* SPDX-License-Identifier: MIT */
#include "indicator.h"

#include "picture.h"

/* A panel that has just taken an icon has not drawn what is behind it. */
#define FIRST_LOOK_MS 300

struct _WhisIndicator
{
  AppIndicator parent_instance;

  GtkStatusIcon *icon; /* not owned: the library's, while it falls back */
  gboolean own_icon;   /* or ours, when it does not */
  guint look_again;
  char *tooltip;
  guint first_look;
};

G_DEFINE_FINAL_TYPE (WhisIndicator, whis_indicator, APP_INDICATOR_TYPE)

enum
{
  PROP_0,
  PROP_EMBEDDED,
  N_PROPS
};

enum
{
  SIGNAL_ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
on_indicator_activated (WhisIndicator *self)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

static gboolean
on_indicator_released (WhisIndicator *self, GdkEventButton *event)
{
  if (event->button != GDK_BUTTON_MIDDLE)
    return GDK_EVENT_PROPAGATE;

  on_indicator_activated (self);

  return GDK_EVENT_STOP;
}

/* In place of the picture that the library chose by name. */
static void
indicator_draw (WhisIndicator *self)
{
  g_autoptr (GdkPixbuf) picture = NULL;
  GdkRectangle area;
  gboolean known;

  if (!whis_indicator_get_embedded (self))
    return;

  known = gtk_status_icon_get_geometry (self->icon, NULL, &area, NULL);
  picture = whis_picture_new (app_indicator_get_icon (APP_INDICATOR (self)),
                              gtk_status_icon_get_size (self->icon), known ? &area : NULL);
  if (picture != NULL)
    gtk_status_icon_set_from_pixbuf (self->icon, picture);
}

static gboolean
on_indicator_resized (WhisIndicator *self)
{
  indicator_draw (self);

  return GDK_EVENT_STOP;
}

static gboolean
first_look_cb (gpointer user_data)
{
  WhisIndicator *self = user_data;

  self->first_look = 0;
  indicator_draw (self);

  return G_SOURCE_REMOVE;
}

static void
embedded_changed (WhisIndicator *self)
{
  if (self->first_look == 0 && whis_indicator_get_embedded (self))
    self->first_look = g_timeout_add (FIRST_LOOK_MS, first_look_cb, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EMBEDDED]);
}

/* What the library does for a signal of the icon, it does with the indicator as data. */
static void
disconnect_library (WhisIndicator *self, GtkStatusIcon *icon, const char *signal)
{
  g_signal_handlers_disconnect_matched (icon, G_SIGNAL_MATCH_ID | G_SIGNAL_MATCH_DATA,
                                        g_signal_lookup (signal, GTK_TYPE_STATUS_ICON), 0, NULL,
                                        NULL, self);
}

static void
whis_indicator_unfallback (AppIndicator *indicator, GtkStatusIcon *icon)
{
  WhisIndicator *self = WHIS_INDICATOR (indicator);

  g_clear_weak_pointer (&self->icon);
  APP_INDICATOR_CLASS (whis_indicator_parent_class)->unfallback (indicator, icon);
  embedded_changed (self);
}

static void
drop_own_icon (WhisIndicator *self)
{
  if (!self->own_icon)
    return;

  self->own_icon = FALSE;
  whis_indicator_unfallback (APP_INDICATOR (self), self->icon);
}

static GtkStatusIcon *
whis_indicator_fallback (AppIndicator *indicator)
{
  WhisIndicator *self = WHIS_INDICATOR (indicator);
  GtkStatusIcon *icon;

  drop_own_icon (self);
  icon = APP_INDICATOR_CLASS (whis_indicator_parent_class)->fallback (indicator);
  disconnect_library (self, icon, "activate");
  g_signal_connect_object (icon, "activate", G_CALLBACK (on_indicator_activated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (icon, "button-release-event", G_CALLBACK (on_indicator_released), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (icon, "notify::embedded", G_CALLBACK (embedded_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (icon, "size-changed", G_CALLBACK (on_indicator_resized), self,
                           G_CONNECT_SWAPPED);
  g_set_weak_pointer (&self->icon, icon);
  gtk_status_icon_set_tooltip_markup (icon, self->tooltip);
  embedded_changed (self);

  return icon;
}

static gboolean
look_again_cb (gpointer user_data)
{
  WhisIndicator *self = user_data;

  self->look_again = 0;
  if (self->icon == NULL)
    {
      whis_indicator_fallback (APP_INDICATOR (self));
      self->own_icon = TRUE;
    }

  return G_SOURCE_REMOVE;
}

/* To the library a watcher is as good as a panel, and it is about to take its icon away. There are
 * watchers without any panel, such as KDE's in another desktop. If there is one with it, the
 * service ends this program. */
static void
whis_indicator_connection_changed (AppIndicator *indicator, gboolean connected, gpointer unused)
{
  WhisIndicator *self = WHIS_INDICATOR (indicator);

  if (connected && self->look_again == 0)
    self->look_again = g_idle_add (look_again_cb, self);
}

static void
whis_indicator_dispose (GObject *object)
{
  WhisIndicator *self = WHIS_INDICATOR (object);

  g_clear_handle_id (&self->first_look, g_source_remove);
  g_clear_handle_id (&self->look_again, g_source_remove);
  drop_own_icon (self);
  g_clear_weak_pointer (&self->icon);

  G_OBJECT_CLASS (whis_indicator_parent_class)->dispose (object);
}

static void
whis_indicator_finalize (GObject *object)
{
  WhisIndicator *self = WHIS_INDICATOR (object);

  g_free (self->tooltip);

  G_OBJECT_CLASS (whis_indicator_parent_class)->finalize (object);
}

static void
whis_indicator_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WhisIndicator *self = WHIS_INDICATOR (object);

  if (prop_id == PROP_EMBEDDED)
    g_value_set_boolean (value, whis_indicator_get_embedded (self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_indicator_class_init (WhisIndicatorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AppIndicatorClass *indicator_class = APP_INDICATOR_CLASS (klass);

  object_class->dispose = whis_indicator_dispose;
  object_class->finalize = whis_indicator_finalize;
  object_class->get_property = whis_indicator_get_property;
  indicator_class->connection_changed = whis_indicator_connection_changed;
  indicator_class->fallback = whis_indicator_fallback;
  indicator_class->unfallback = whis_indicator_unfallback;

  /**
   * WhisIndicator:embedded:
   */
  properties[PROP_EMBEDDED] =
      g_param_spec_boolean ("embedded", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, PROP_EMBEDDED, properties[PROP_EMBEDDED]);

  /**
   * WhisIndicator::activated:
   * @self: the indicator
   *
   * The icon was clicked.
   */
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_indicator_init (WhisIndicator *self)
{
}

WhisIndicator *
whis_indicator_new (void)
{
  return g_object_new (WHIS_TYPE_INDICATOR, "id", WHIS_APP_ID, "category", "ApplicationStatus",
                       "status", "Active", NULL);
}

void
whis_indicator_set_icon (WhisIndicator *self, const char *icon_name, const char *title)
{
  g_return_if_fail (WHIS_IS_INDICATOR (self));

  app_indicator_set_title (APP_INDICATOR (self), title);
  app_indicator_set_icon_full (APP_INDICATOR (self), icon_name, title);
  indicator_draw (self);
}

void
whis_indicator_set_tooltip (WhisIndicator *self, const char *markup)
{
  g_return_if_fail (WHIS_IS_INDICATOR (self));

  g_free (self->tooltip);
  self->tooltip = g_strdup (markup);
  if (self->icon != NULL)
    gtk_status_icon_set_tooltip_markup (self->icon, markup);
}

gboolean
whis_indicator_get_embedded (WhisIndicator *self)
{
  g_return_val_if_fail (WHIS_IS_INDICATOR (self), FALSE);

  return self->icon != NULL && gtk_status_icon_is_embedded (self->icon);
}
