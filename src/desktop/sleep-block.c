/* SPDX-License-Identifier: MIT */
#include "sleep-block.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#include "sandbox.h"

/**
 * WhisSleepBlock:
 *
 * Keeps the computer from being suspended for want of something to do: a lock of logind for `sleep`
 * with the mode `block`, in a sandbox the Inhibit portal with the flag for suspend.
 *
 * The desktops' own timers ask logind to suspend, which refuses while there is such a lock. A lid
 * that is closed counts more: logind ignores these locks then, and #WhisSleep is told. `idle`
 * would keep the screen from being locked as well, which is not ours to decide.
 */

#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_INHIBIT "org.freedesktop.portal.Inhibit"
#define PORTAL_INHIBIT_SUSPEND 4u

struct _WhisSleepBlock
{
  GObject parent_instance;

  char *why;
  GCancellable *cancellable; /* of what holds or is about to; nullable */
  int lock;                  /* of logind, or -1 */
  GDBusConnection *session;  /* where `request` is; nullable */
  char *request;             /* of the portal; nullable */
};

G_DEFINE_FINAL_TYPE (WhisSleepBlock, whis_sleep_block, G_TYPE_OBJECT)

/* What comes after a release is given back at once. */
static void
close_request (GDBusConnection *session, const char *request)
{
  g_dbus_connection_call (session, PORTAL, request, "org.freedesktop.portal.Request", "Close", NULL,
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void
lock_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisSleepBlock *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_finish (
      G_DBUS_CONNECTION (object), &fds, result, &error);
  gint32 handle = -1;

  if (answer == NULL)
    {
      g_debug ("Sleep cannot be blocked: %s", error->message);
      return;
    }
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return;

  g_variant_get (answer, "(h)", &handle);
  if (fds != NULL && handle >= 0 && handle < g_unix_fd_list_get_length (fds))
    self->lock = g_unix_fd_list_get (fds, handle, NULL);
}

static void
request_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisSleepBlock *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  const char *request;

  if (answer == NULL)
    {
      g_debug ("Sleep cannot be blocked: %s", error->message);
      return;
    }

  g_variant_get (answer, "(&o)", &request);
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      close_request (G_DBUS_CONNECTION (object), request);
      return;
    }

  self->session = g_object_ref (G_DBUS_CONNECTION (object));
  self->request = g_strdup (request);
}

static void
sleep_block_ask_portal (WhisSleepBlock *self, GDBusConnection *bus, GTask *task)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (self->why));
  g_dbus_connection_call (bus, PORTAL, PORTAL_PATH, PORTAL_INHIBIT, "Inhibit",
                          g_variant_new ("(sua{sv})", "", PORTAL_INHIBIT_SUSPEND, &options),
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, request_cb,
                          g_object_ref (task));
}

static void
bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisSleepBlock *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL || g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      g_debug ("Sleep is not blocked: %s", error != NULL ? error->message : "released");
      return;
    }

  if (whis_sandbox_is_inside ())
    {
      sleep_block_ask_portal (self, bus, task);
      return;
    }

  g_dbus_connection_call_with_unix_fd_list (
      bus, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "Inhibit",
      g_variant_new ("(ssss)", "sleep", "Whis", self->why, "block"), G_VARIANT_TYPE ("(h)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, lock_cb, g_object_ref (task));
}

/**
 * whis_sleep_block_hold:
 * @self: a block
 * @why: a sentence for people who ask what keeps the computer awake
 *
 * Keeps the computer awake, as far as that can be had.
 */
void
whis_sleep_block_hold (WhisSleepBlock *self, const char *why)
{
  GTask *task;

  g_return_if_fail (WHIS_IS_SLEEP_BLOCK (self));
  g_return_if_fail (why != NULL);

  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  g_free (self->why);
  self->why = g_strdup (why);
  task = g_task_new (self, self->cancellable, NULL, NULL);
  g_task_set_source_tag (task, whis_sleep_block_hold);
  g_bus_get (whis_sandbox_is_inside () ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM, NULL, bus_cb,
             task);
}

/**
 * whis_sleep_block_release:
 * @self: a block
 *
 * The computer may be suspended.
 */
void
whis_sleep_block_release (WhisSleepBlock *self)
{
  g_return_if_fail (WHIS_IS_SLEEP_BLOCK (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
  if (self->request != NULL)
    close_request (self->session, self->request);
  g_clear_pointer (&self->request, g_free);
  g_clear_object (&self->session);
}

static void
whis_sleep_block_finalize (GObject *object)
{
  WhisSleepBlock *self = WHIS_SLEEP_BLOCK (object);

  whis_sleep_block_release (self);
  g_free (self->why);

  G_OBJECT_CLASS (whis_sleep_block_parent_class)->finalize (object);
}

static void
whis_sleep_block_class_init (WhisSleepBlockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_sleep_block_finalize;
}

static void
whis_sleep_block_init (WhisSleepBlock *self)
{
  self->lock = -1;
}

/**
 * whis_sleep_block_new:
 *
 * Returns: (transfer full): a block that does not hold yet
 */
WhisSleepBlock *
whis_sleep_block_new (void)
{
  return g_object_new (WHIS_TYPE_SLEEP_BLOCK, NULL);
}
