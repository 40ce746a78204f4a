/* SPDX-License-Identifier: MIT */
#include "sleep.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

/**
 * WhisSleep:
 *
 * Knows when the computer is about to be suspended, and can ask for a moment before that happens:
 * `Inhibit` and `PrepareForSleep` of logind's `org.freedesktop.login1.Manager`. Without logind
 * nothing happens. The system bus is talked to only between whis_sleep_delay() and
 * whis_sleep_allow().
 */

#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"

struct _WhisSleep
{
  GObject parent_instance;

  char *why;
  GDBusConnection *bus;
  guint subscription;
  int lock; /* logind waits while this is open; or -1 */
  GCancellable *cancellable;
};

enum
{
  COMING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisSleep, whis_sleep, G_TYPE_OBJECT)

static void
close_lock (WhisSleep *self)
{
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

static void
prepare_cb (GDBusConnection *bus,
            const char *sender,
            const char *path,
            const char *interface,
            const char *signal,
            GVariant *parameters,
            gpointer user_data)
{
  gboolean begins = FALSE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &begins);
  if (begins)
    g_signal_emit (user_data, signals[COMING], 0);
}

static void
inhibited_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_finish (
      G_DBUS_CONNECTION (object), &fds, result, &error);
  WhisSleep *self = user_data;
  gint32 handle = -1;

  if (answer == NULL)
    {
      g_debug ("Sleep cannot be delayed: %s", error->message);
      return;
    }

  close_lock (self);
  g_variant_get (answer, "(h)", &handle);
  if (fds != NULL && handle >= 0 && handle < g_unix_fd_list_get_length (fds))
    self->lock = g_unix_fd_list_get (fds, handle, NULL);
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  WhisSleep *self = user_data;

  if (bus == NULL)
    {
      g_debug ("Nothing is known of sleep: %s", error->message);
      return;
    }

  self->bus = g_steal_pointer (&bus);
  self->subscription = g_dbus_connection_signal_subscribe (
      self->bus, LOGIND, LOGIND_MANAGER, "PrepareForSleep", LOGIND_PATH, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, prepare_cb, self, NULL);
  g_dbus_connection_call_with_unix_fd_list (
      self->bus, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "Inhibit",
      g_variant_new ("(ssss)", "sleep", "Whis", self->why, "delay"), G_VARIANT_TYPE ("(h)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, self->cancellable, inhibited_cb, self);
}

/**
 * whis_sleep_delay:
 * @self: the sleep of the computer
 * @why: a sentence for people who ask what holds the computer
 *
 * Asks to be told before the computer sleeps, and for a moment then. [signal@Sleep::coming]
 * follows.
 */
void
whis_sleep_delay (WhisSleep *self, const char *why)
{
  g_return_if_fail (WHIS_IS_SLEEP (self));
  g_return_if_fail (why != NULL);

  if (self->cancellable != NULL)
    return;

  self->why = g_strdup (why);
  self->cancellable = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, connected_cb, self);
}

/**
 * whis_sleep_allow:
 * @self: the sleep of the computer
 *
 * The computer may sleep as far as Whis is concerned.
 */
void
whis_sleep_allow (WhisSleep *self)
{
  g_return_if_fail (WHIS_IS_SLEEP (self));

  if (self->cancellable != NULL)
    {
      g_debug ("The computer may sleep");
      g_cancellable_cancel (self->cancellable);
    }
  g_clear_object (&self->cancellable);
  if (self->subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  self->subscription = 0;
  g_clear_object (&self->bus);
  g_clear_pointer (&self->why, g_free);
  close_lock (self);
}

static void
whis_sleep_dispose (GObject *object)
{
  whis_sleep_allow (WHIS_SLEEP (object));

  G_OBJECT_CLASS (whis_sleep_parent_class)->dispose (object);
}

static void
whis_sleep_class_init (WhisSleepClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_sleep_dispose;

  /**
   * WhisSleep::coming:
   * @self: the sleep of the computer
   *
   * The computer is about to sleep, and waits some seconds for whis_sleep_allow().
   */
  signals[COMING] = g_signal_new ("coming", WHIS_TYPE_SLEEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void
whis_sleep_init (WhisSleep *self)
{
  self->lock = -1;
}

/**
 * whis_sleep_new:
 *
 * Returns: (transfer full): the sleep of the computer, which may come unannounced
 */
WhisSleep *
whis_sleep_new (void)
{
  return g_object_new (WHIS_TYPE_SLEEP, NULL);
}
