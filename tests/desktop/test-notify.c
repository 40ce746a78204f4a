/* SPDX-License-Identifier: MIT */
#include "bus.h"
#include "foreign-notifications.h"
#include "notify.h"
#include "foreign-portal-notification.h"

#define SERVER_NAME "org.freedesktop.Notifications"
#define SERVER_PATH "/org/freedesktop/Notifications"
#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"

/* A server that notes what it is asked to show, as one line each. */
typedef struct
{
  Bus bus;
  WhisDBusNotifications *server;
  WhisDBusPortalNotification *portal;
  const char *const *capabilities;
  GPtrArray *shown;
  guint n_ids;
  GDBusMethodInvocation *held; /* an answer that is held back */
  gboolean holds;

  GString *invoked; /* "id:action " */
} Fixture;

static gboolean
handle_get_capabilities (WhisDBusNotifications *server,
                         GDBusMethodInvocation *invocation,
                         gpointer user_data)
{
  Fixture *fixture = user_data;

  whis_dbus_notifications_complete_get_capabilities (server, invocation, fixture->capabilities);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_notify (WhisDBusNotifications *server,
               GDBusMethodInvocation *invocation,
               const char *app_name,
               guint replaces_id,
               const char *app_icon,
               const char *summary,
               const char *body,
               const char *const *actions,
               GVariant *hints,
               int expire_timeout,
               gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *joined = g_strjoinv (",", (char **) actions);
  guchar urgency = 255;

  g_variant_lookup (hints, "urgency", "y", &urgency);
  g_ptr_array_add (fixture->shown, g_strdup_printf ("%s|%u|%s|%s|%s|%s|%u", app_name, replaces_id,
                                                    app_icon, summary, body, joined, urgency));
  if (fixture->holds)
    fixture->held = invocation;
  else
    whis_dbus_notifications_complete_notify (server, invocation,
                                             replaces_id != 0 ? replaces_id : ++fixture->n_ids);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_close (WhisDBusNotifications *server,
              GDBusMethodInvocation *invocation,
              guint id,
              gpointer user_data)
{
  Fixture *fixture = user_data;

  g_ptr_array_add (fixture->shown, g_strdup_printf ("close %u", id));
  whis_dbus_notifications_complete_close_notification (server, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_add (WhisDBusPortalNotification *portal,
            GDBusMethodInvocation *invocation,
            const char *id,
            GVariant *notification,
            gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *printed = g_variant_print (notification, FALSE);

  g_ptr_array_add (fixture->shown, g_strdup_printf ("%s %s", id, printed));
  whis_dbus_portal_notification_complete_add_notification (portal, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_remove (WhisDBusPortalNotification *portal,
               GDBusMethodInvocation *invocation,
               const char *id,
               gpointer user_data)
{
  Fixture *fixture = user_data;

  g_ptr_array_add (fixture->shown, g_strdup_printf ("remove %s", id));
  whis_dbus_portal_notification_complete_remove_notification (portal, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
export_on (Fixture *fixture, gpointer skeleton, const char *path, const char *name)
{
  g_autoptr (GError) error = NULL;

  g_dbus_interface_skeleton_export (skeleton, fixture->bus.theirs, path, &error);
  g_assert_no_error (error);
  bus_own_name (&fixture->bus, name);
}

static void
unexport (gpointer skeleton)
{
  if (g_dbus_interface_skeleton_get_connection (skeleton) != NULL)
    g_dbus_interface_skeleton_unexport (skeleton);
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  static const char *const capabilities[] = { "body", "body-markup", "actions", NULL };

  bus_set_up (&fixture->bus, NULL);
  fixture->shown = g_ptr_array_new_with_free_func (g_free);
  fixture->invoked = g_string_new (NULL);
  fixture->capabilities = capabilities;

  fixture->server = whis_dbus_notifications_skeleton_new ();
  g_signal_connect (fixture->server, "handle-get-capabilities",
                    G_CALLBACK (handle_get_capabilities), fixture);
  g_signal_connect (fixture->server, "handle-notify", G_CALLBACK (handle_notify), fixture);
  g_signal_connect (fixture->server, "handle-close-notification", G_CALLBACK (handle_close),
                    fixture);
  fixture->portal = whis_dbus_portal_notification_skeleton_new ();
  g_signal_connect (fixture->portal, "handle-add-notification", G_CALLBACK (handle_add), fixture);
  g_signal_connect (fixture->portal, "handle-remove-notification", G_CALLBACK (handle_remove),
                    fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  unexport (fixture->server);
  unexport (fixture->portal);
  g_clear_object (&fixture->server);
  g_clear_object (&fixture->portal);
  g_ptr_array_unref (fixture->shown);
  g_string_free (fixture->invoked, TRUE);
  bus_tear_down (&fixture->bus, NULL);
}

static void
note_action (WhisNotify *notify, const char *id, const char *action, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->invoked, "%s:%s ", id, action);
}

static WhisNotify *
notify_new (Fixture *fixture, gboolean portal)
{
  WhisNotify *notify = g_object_new (WHIS_TYPE_NOTIFY, "connection", fixture->bus.ours, "app-name",
                                     "Whis", "portal", portal, NULL);

  g_signal_connect (notify, "action-invoked", G_CALLBACK (note_action), fixture);

  return notify;
}

static WhisNotify *
served_notify_new (Fixture *fixture)
{
  export_on (fixture, fixture->server, SERVER_PATH, SERVER_NAME);

  return notify_new (fixture, FALSE);
}

static void
show (WhisNotify *notify, const char *id, const char *title)
{
  whis_notify_show (notify, id, title, NULL, NULL, WHIS_NOTIFY_URGENCY_NORMAL, NULL);
}

static void
assert_shown (Fixture *fixture, guint index, const char *expected)
{
  bus_await (fixture->shown->len > index);
  g_assert_cmpstr (fixture->shown->pdata[index], ==, expected);
}

static void
test_show (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify = served_notify_new (fixture);

  whis_notify_show (notify, "failed", "R & D", "1 < 2 <b>", "dialog-error",
                    WHIS_NOTIFY_URGENCY_CRITICAL, "default", "Open", "retry", "Try again", NULL);
  assert_shown (fixture, 0,
                "Whis|0|dialog-error|R & D|1 &lt; 2 &lt;b&gt;|default,Open,retry,Try again|2");
  bus_settle (&fixture->bus);
  g_assert_true (whis_notify_get_available (notify));
  g_assert_finalize_object (notify);
}

static void
test_simple_server (Fixture *fixture, gconstpointer user_data)
{
  static const char *const capabilities[] = { "body", NULL };
  WhisNotify *notify = served_notify_new (fixture);

  fixture->capabilities = capabilities;
  whis_notify_show (notify, "done", "Title", "1 < 2", NULL, WHIS_NOTIFY_URGENCY_LOW, "copy", "Copy",
                    NULL);
  assert_shown (fixture, 0, "Whis|0|" WHIS_APP_ID "|Title|1 < 2||0");
  g_assert_finalize_object (notify);
}

static void
test_replaces (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify = served_notify_new (fixture);

  show (notify, "one", "first");
  assert_shown (fixture, 0, "Whis|0|" WHIS_APP_ID "|first|||1");
  bus_settle (&fixture->bus);
  show (notify, "one", "second");
  assert_shown (fixture, 1, "Whis|1|" WHIS_APP_ID "|second|||1");
  show (notify, "two", "other");
  assert_shown (fixture, 2, "Whis|0|" WHIS_APP_ID "|other|||1");

  /* What the user has closed is not there to be replaced. */
  bus_settle (&fixture->bus);
  whis_dbus_notifications_emit_notification_closed (fixture->server, 1, 2);
  bus_settle (&fixture->bus);
  show (notify, "one", "third");
  assert_shown (fixture, 3, "Whis|0|" WHIS_APP_ID "|third|||1");
  g_assert_finalize_object (notify);
}

/* While the server takes its time, only the newest text waits, and it replaces the first. */
static void
test_slow_server (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify = served_notify_new (fixture);

  fixture->holds = TRUE;
  show (notify, "one", "first");
  bus_await (fixture->held != NULL);
  show (notify, "one", "second");
  show (notify, "one", "third");
  fixture->holds = FALSE;
  whis_dbus_notifications_complete_notify (fixture->server, g_steal_pointer (&fixture->held), 7);

  assert_shown (fixture, 1, "Whis|7|" WHIS_APP_ID "|third|||1");
  bus_settle (&fixture->bus);
  g_assert_cmpuint (fixture->shown->len, ==, 2);
  g_assert_finalize_object (notify);
}

static void
test_withdraw (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify = served_notify_new (fixture);

  show (notify, "one", "first");
  assert_shown (fixture, 0, "Whis|0|" WHIS_APP_ID "|first|||1");
  bus_settle (&fixture->bus);
  whis_notify_withdraw (notify, "one");
  assert_shown (fixture, 1, "close 1");

  fixture->holds = TRUE;
  show (notify, "one", "second");
  bus_await (fixture->held != NULL);
  whis_notify_withdraw (notify, "one");
  whis_notify_withdraw (notify, "unknown");
  whis_dbus_notifications_complete_notify (fixture->server, g_steal_pointer (&fixture->held), 8);
  assert_shown (fixture, 3, "close 8");
  g_assert_finalize_object (notify);
}

static void
test_action (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify = served_notify_new (fixture);

  show (notify, "one", "first");
  assert_shown (fixture, 0, "Whis|0|" WHIS_APP_ID "|first|||1");
  bus_settle (&fixture->bus);
  whis_dbus_notifications_emit_action_invoked (fixture->server, 4242, "default");
  whis_dbus_notifications_emit_activation_token (fixture->server, 1, "a token");
  whis_dbus_notifications_emit_action_invoked (fixture->server, 1, "retry");
  bus_settle (&fixture->bus);

  g_assert_cmpstr (fixture->invoked->str, ==, "one:retry ");
  g_assert_finalize_object (notify);
}

static void
take_token (WhisNotify *notify, const char *id, const char *action, char **token)
{
  g_free (*token);
  *token = g_str_equal (action, "open") ? whis_notify_take_activation_token (notify) : NULL;
}

/* It is for the window of the action that it came with, and for no later one. */
static void
test_token (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify = served_notify_new (fixture);
  g_autofree char *token = NULL;

  show (notify, "one", "first");
  assert_shown (fixture, 0, "Whis|0|" WHIS_APP_ID "|first|||1");
  bus_settle (&fixture->bus);
  g_signal_connect (notify, "action-invoked", G_CALLBACK (take_token), &token);
  whis_dbus_notifications_emit_activation_token (fixture->server, 1, "of the window");
  whis_dbus_notifications_emit_action_invoked (fixture->server, 1, "open");
  bus_settle (&fixture->bus);
  g_assert_cmpstr (token, ==, "of the window");

  whis_dbus_notifications_emit_activation_token (fixture->server, 1, "of another button");
  whis_dbus_notifications_emit_action_invoked (fixture->server, 1, "retry");
  whis_dbus_notifications_emit_action_invoked (fixture->server, 1, "open");
  bus_settle (&fixture->bus);
  g_assert_null (token);
  g_assert_finalize_object (notify);
}

static void
test_no_server (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify = notify_new (fixture, FALSE);

  g_assert_true (whis_notify_get_available (notify));
  show (notify, "one", "first");
  bus_await (!whis_notify_get_available (notify));

  /* One that comes later is found. */
  export_on (fixture, fixture->server, SERVER_PATH, SERVER_NAME);
  show (notify, "one", "second");
  assert_shown (fixture, 0, "Whis|0|" WHIS_APP_ID "|second|||1");
  bus_await (whis_notify_get_available (notify));
  g_assert_finalize_object (notify);
}

/* It counts anew: the same number is another program's now, and neither replaced, nor closed, nor
 * is its click ours. */
static void
test_restart (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify = served_notify_new (fixture);

  show (notify, "one", "first");
  assert_shown (fixture, 0, "Whis|0|" WHIS_APP_ID "|first|||1");
  show (notify, "two", "also");
  assert_shown (fixture, 1, "Whis|0|" WHIS_APP_ID "|also|||1");
  bus_settle (&fixture->bus);
  bus_release_name (&fixture->bus, SERVER_NAME);
  bus_own_name (&fixture->bus, SERVER_NAME);
  bus_settle (&fixture->bus);
  whis_dbus_notifications_emit_action_invoked (fixture->server, 1, "default");
  bus_settle (&fixture->bus);
  g_assert_cmpstr (fixture->invoked->str, ==, "");

  whis_notify_withdraw (notify, "two");
  show (notify, "one", "second");
  assert_shown (fixture, 2, "Whis|0|" WHIS_APP_ID "|second|||1");
  bus_settle (&fixture->bus);
  whis_dbus_notifications_emit_action_invoked (fixture->server, 3, "retry");
  bus_settle (&fixture->bus);
  g_assert_cmpstr (fixture->invoked->str, ==, "one:retry ");
  g_assert_finalize_object (notify);
}

/* It ends while it is told: that one is lost, and the next is shown by the next server. */
static void
test_ends_meanwhile (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify = served_notify_new (fixture);

  show (notify, "one", "first");
  assert_shown (fixture, 0, "Whis|0|" WHIS_APP_ID "|first|||1");
  bus_settle (&fixture->bus);
  fixture->holds = TRUE;
  show (notify, "one", "second");
  bus_await (fixture->held != NULL);
  bus_release_name (&fixture->bus, SERVER_NAME);
  bus_settle (&fixture->bus);
  g_dbus_method_invocation_return_dbus_error (g_steal_pointer (&fixture->held),
                                              "org.freedesktop.DBus.Error.NoReply", "Ended");
  bus_await (!whis_notify_get_available (notify));

  fixture->holds = FALSE;
  bus_own_name (&fixture->bus, SERVER_NAME);
  show (notify, "one", "third");
  assert_shown (fixture, 2, "Whis|0|" WHIS_APP_ID "|third|||1");
  bus_await (whis_notify_get_available (notify));
  g_assert_finalize_object (notify);
}

static void
test_gone_early (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify = served_notify_new (fixture);

  show (notify, "one", "first");
  g_assert_finalize_object (notify);
  bus_settle (&fixture->bus);
}

/* A provider's message may be anything. */
static void
test_bad_text (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify = served_notify_new (fixture);

  show (notify, "one", "half a letter \xc3");
  assert_shown (fixture, 0, "Whis|0|" WHIS_APP_ID "|half a letter \xef\xbf\xbd|||1");
  g_assert_finalize_object (notify);
}

static void
test_portal (Fixture *fixture, gconstpointer user_data)
{
  WhisNotify *notify;
  g_autofree char *token = NULL;

  export_on (fixture, fixture->portal, PORTAL_PATH, PORTAL_NAME);
  notify = notify_new (fixture, TRUE);
  whis_notify_show (notify, "failed", "Title", "1 < 2", NULL, WHIS_NOTIFY_URGENCY_CRITICAL,
                    "default", "Open", "retry::20261124-a b", "Try again", "stop", "Stop", NULL);
  bus_await (fixture->shown->len == 1);
  g_assert_true (g_str_has_prefix (fixture->shown->pdata[0], "failed {"));
  g_assert_nonnull (strstr (fixture->shown->pdata[0], "'body': <'1 < 2'>"));
  g_assert_nonnull (strstr (fixture->shown->pdata[0], "'priority': <'urgent'>"));
  g_assert_nonnull (strstr (fixture->shown->pdata[0], "'action': <'retry'>"));
  g_assert_nonnull (strstr (fixture->shown->pdata[0], "'target': <'20261124-a b'>"));
  g_assert_nonnull (strstr (fixture->shown->pdata[0], "'default-action': <'default'>"));
  g_assert_null (strstr (fixture->shown->pdata[0], "Open"));

  whis_dbus_portal_notification_emit_action_invoked (fixture->portal, "failed", "retry",
                                                     g_variant_new_parsed ("[<'20261124'>]"));
  bus_await (fixture->invoked->len > 0);
  g_assert_cmpstr (fixture->invoked->str, ==, "failed:retry::20261124 ");
  g_assert_null (whis_notify_take_activation_token (notify));

  /* A newer portal passes on what lets a window come to the front. */
  g_string_truncate (fixture->invoked, 0);
  g_signal_connect (notify, "action-invoked", G_CALLBACK (take_token), &token);
  whis_dbus_portal_notification_emit_action_invoked (
      fixture->portal, "failed", "open",
      g_variant_new_parsed ("[<{'activation-token': <'a token'>}>]"));
  bus_await (fixture->invoked->len > 0);
  g_assert_cmpstr (fixture->invoked->str, ==, "failed:open ");
  g_assert_cmpstr (token, ==, "a token");

  /* Not something that was offered. */
  whis_dbus_portal_notification_emit_action_invoked (fixture->portal, "failed",
                                                     "no name::", g_variant_new ("av", NULL));
  bus_settle (&fixture->bus);
  g_assert_cmpstr (fixture->invoked->str, ==, "failed:open ");

  whis_notify_withdraw (notify, "failed");
  assert_shown (fixture, 1, "remove failed");
  g_assert_finalize_object (notify);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/notify/show", test_show);
  ADD ("/notify/simple-server", test_simple_server);
  ADD ("/notify/replaces", test_replaces);
  ADD ("/notify/slow-server", test_slow_server);
  ADD ("/notify/withdraw", test_withdraw);
  ADD ("/notify/action", test_action);
  ADD ("/notify/token", test_token);
  ADD ("/notify/no-server", test_no_server);
  ADD ("/notify/restart", test_restart);
  ADD ("/notify/ends-meanwhile", test_ends_meanwhile);
  ADD ("/notify/gone-early", test_gone_early);
  ADD ("/notify/bad-text", test_bad_text);
  ADD ("/notify/portal", test_portal);

  return g_test_run ();
}
