/* SPDX-License-Identifier: MIT */
#include "dictation-watch.h"

/**
 * WhisDictationWatch:
 *
 * Watches dictations of the service to their ends. One may end before the answer comes that gives
 * its id; its end is kept until it is taken.
 */
struct _WhisDictationWatch
{
  GObject parent_instance;

  WhisBusWhis1 *service;
  GHashTable *ends; /* id → WhisDictationEnd */
};

enum
{
  ENDED,
  LOST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisDictationWatch, whis_dictation_watch, G_TYPE_OBJECT)

static void
whis_dictation_watch_add (WhisDictationWatch *self, WhisDictationEnd *end)
{
  g_autofree char *id = g_strdup (end->id);

  g_hash_table_replace (self->ends, g_strdup (id), end);
  g_signal_emit (self, signals[ENDED], 0, id);
}

static void
finished_cb (WhisDictationWatch *self, const char *id, const char *text)
{
  whis_dictation_watch_add (self, whis_dictation_end_new_with_text (id, text));
}

static void
failed_cb (WhisDictationWatch *self,
           const char *id,
           const char *code,
           const char *message,
           const char *kept,
           gboolean resumable)
{
  whis_dictation_watch_add (self,
                            whis_dictation_end_new_failed (id, code, message, kept, resumable));
}

static void
closed_cb (WhisDictationWatch *self)
{
  g_signal_emit (self, signals[LOST], 0);
}

static void
owner_changed_cb (WhisDictationWatch *self)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->service));

  if (owner == NULL)
    g_signal_emit (self, signals[LOST], 0);
}

/**
 * whis_dictation_watch_has_ended:
 * @self: a watch
 * @id: a dictation
 *
 * Returns: whether it has ended since the watch began, and its end was not taken
 */
gboolean
whis_dictation_watch_has_ended (WhisDictationWatch *self, const char *id)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_WATCH (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  return g_hash_table_contains (self->ends, id);
}

/**
 * whis_dictation_watch_take_end:
 * @self: a watch
 * @id: a dictation
 *
 * Returns: (transfer full) (nullable): how it ended; %NULL if it has not yet, or this was taken
 */
WhisDictationEnd *
whis_dictation_watch_take_end (WhisDictationWatch *self, const char *id)
{
  g_autofree char *key = NULL;
  gpointer end = NULL;

  g_return_val_if_fail (WHIS_IS_DICTATION_WATCH (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  g_hash_table_steal_extended (self->ends, id, (gpointer *) &key, &end);

  return end;
}

/* GIO's thread may let go of the connection last, and GObject cannot bear that handlers go in one
 * thread and what they are connected to in another: they are disconnected while both are there. */
static void
whis_dictation_watch_dispose (GObject *object)
{
  WhisDictationWatch *self = WHIS_DICTATION_WATCH (object);

  if (self->service != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->service, self);
      g_signal_handlers_disconnect_by_data (
          g_dbus_proxy_get_connection (G_DBUS_PROXY (self->service)), self);
    }
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_dictation_watch_parent_class)->dispose (object);
}

static void
whis_dictation_watch_finalize (GObject *object)
{
  WhisDictationWatch *self = WHIS_DICTATION_WATCH (object);

  g_hash_table_unref (self->ends);

  G_OBJECT_CLASS (whis_dictation_watch_parent_class)->finalize (object);
}

static void
whis_dictation_watch_class_init (WhisDictationWatchClass *klass)
{
  GType type = WHIS_TYPE_DICTATION_WATCH;

  G_OBJECT_CLASS (klass)->dispose = whis_dictation_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_dictation_watch_finalize;

  /**
   * WhisDictationWatch::ended:
   * @self: a watch
   * @id: a dictation that has ended, of whomever
   */
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_STRING);

  /**
   * WhisDictationWatch::lost:
   * @self: a watch
   *
   * The service or the bus has gone: no end will be told any more.
   */
  signals[LOST] =
      g_signal_new ("lost", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_dictation_watch_init (WhisDictationWatch *self)
{
  self->ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify) whis_dictation_end_free);
}

/**
 * whis_dictation_watch_new:
 * @service: the service
 *
 * Returns: (transfer full): a watch, which has begun: nothing is missed of a dictation that is
 *   started next
 */
WhisDictationWatch *
whis_dictation_watch_new (WhisBusWhis1 *service)
{
  WhisDictationWatch *self = g_object_new (WHIS_TYPE_DICTATION_WATCH, NULL);

  g_return_val_if_fail (WHIS_BUS_IS_WHIS1 (service), NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (service, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::g-name-owner", G_CALLBACK (owner_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (g_dbus_proxy_get_connection (G_DBUS_PROXY (service)), "closed",
                           G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);

  return self;
}
