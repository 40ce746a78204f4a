/* SPDX-License-Identifier: MIT */
#include "text-watchers.h"

#include "bus-object-private.h"

/**
 * WhisTextWatchers:
 *
 * The clients that show provisional text: the D-Bus method `WatchText`. One that leaves the bus
 * looks no more.
 */
struct _WhisTextWatchers
{
  GObject parent_instance;

  WhisDictations *dictations;
  GHashTable *watchers; /* bus name → id of the watch */
};

G_DEFINE_FINAL_TYPE (WhisTextWatchers, whis_text_watchers, G_TYPE_OBJECT)

static void
text_watchers_unwatch (gpointer id)
{
  g_bus_unwatch_name (GPOINTER_TO_UINT (id));
}

static void
text_watchers_update (WhisTextWatchers *self)
{
  whis_dictations_set_watched (self->dictations, g_hash_table_size (self->watchers) > 0);
}

static void
on_watcher_vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  WhisTextWatchers *self = data;

  if (g_hash_table_remove (self->watchers, name))
    text_watchers_update (self);
}

static gboolean
text_watchers_handle_watch_text (WhisBusWhis1 *interface,
                                 GDBusMethodInvocation *invocation,
                                 gboolean watch)
{
  WhisTextWatchers *self = WHIS_BUS_OBJECT (interface)->text_watchers;
  const char *name = g_dbus_method_invocation_get_sender (invocation);

  if (!watch)
    g_hash_table_remove (self->watchers, name);
  else if (!g_hash_table_contains (self->watchers, name))
    g_hash_table_insert (
        self->watchers, g_strdup (name),
        GUINT_TO_POINTER (g_bus_watch_name_on_connection (
            g_dbus_method_invocation_get_connection (invocation), name,
            G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, on_watcher_vanished, self, NULL)));
  text_watchers_update (self);
  whis_bus_whis1_complete_watch_text (interface, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
whis_text_watchers_dispose (GObject *object)
{
  WhisTextWatchers *self = WHIS_TEXT_WATCHERS (object);

  g_clear_pointer (&self->watchers, g_hash_table_unref);
  g_clear_object (&self->dictations);

  G_OBJECT_CLASS (whis_text_watchers_parent_class)->dispose (object);
}

static void
whis_text_watchers_class_init (WhisTextWatchersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_text_watchers_dispose;
}

static void
whis_text_watchers_init (WhisTextWatchers *self)
{
  self->watchers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, text_watchers_unwatch);
}

/**
 * whis_text_watchers_implement:
 * @iface: the methods of #WhisBusObject
 *
 * Fills in the methods of this area.
 */
void
whis_text_watchers_implement (WhisBusWhis1Iface *iface)
{
  iface->handle_watch_text = text_watchers_handle_watch_text;
}

/**
 * whis_text_watchers_new:
 * @dictations: who is told whether somebody looks
 *
 * Returns: (transfer full): an object that answers the calls as long as it lives
 */
WhisTextWatchers *
whis_text_watchers_new (WhisDictations *dictations)
{
  WhisTextWatchers *self;

  g_return_val_if_fail (WHIS_IS_DICTATIONS (dictations), NULL);

  self = g_object_new (WHIS_TYPE_TEXT_WATCHERS, NULL);
  self->dictations = g_object_ref (dictations);

  return self;
}
