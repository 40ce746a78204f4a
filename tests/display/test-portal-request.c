/* SPDX-License-Identifier: MIT */
#include "portal-request.h"

#include "../desktop/bus.h"
#include "portal-error.h"

/* Requests to a portal of the test's own, which answers when the test says so. */

#define INTERFACE "org.freedesktop.portal.Test"
#define REQUEST "org.freedesktop.portal.Request"

static const char interface_xml[] =
    "<node><interface name='" INTERFACE "'>"
    "<method name='Ask'><arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>"
    "<arg type='o' direction='out'/></method></interface>"
    "<interface name='" REQUEST "'><method name='Close'/></interface></node>";

typedef struct
{
  Bus bus;
  GDBusNodeInfo *node;
  guint registration;
  guint request; /* the object that can be closed */
  GDBusMethodInvocation *asked;
  char *path; /* where the answer is expected */
  guint n_closed;

  GVariant *results;
  char *session;
  GError *error;
  guint n_answers;
} Fixture;

static void
call_cb (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GVariant) options = NULL;
  g_autofree char *name = g_strdup (sender + 1);
  const char *text;
  const char *token = NULL;
  gboolean own = FALSE;

  if (g_str_equal (method, "Close"))
    {
      fixture->n_closed++;
      g_dbus_method_invocation_return_value (invocation, NULL);
      return;
    }

  g_variant_get (parameters, "(&s@a{sv})", &text, &options);
  g_assert_cmpstr (text, ==, "text");
  g_assert_true (g_variant_lookup (options, "own", "b", &own) && own);
  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  g_strdelimit (name, ".", '_');
  g_free (fixture->path);
  fixture->path = g_strconcat (WHIS_PORTAL_PATH "/request/", name, "/", token, NULL);
  g_assert_true (g_variant_is_object_path (fixture->path));
  fixture->asked = invocation;
}

static const GDBusInterfaceVTable vtable = { .method_call = call_cb };

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  bus_set_up (&fixture->bus, NULL);
  fixture->node = g_dbus_node_info_new_for_xml (interface_xml, &error);
  g_assert_no_error (error);
  fixture->registration = g_dbus_connection_register_object (fixture->bus.theirs, WHIS_PORTAL_PATH,
                                                             fixture->node->interfaces[0], &vtable,
                                                             fixture, NULL, &error);
  g_assert_no_error (error);
  bus_own_name (&fixture->bus, WHIS_PORTAL_NAME);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bus_settle (&fixture->bus);
  g_dbus_connection_unregister_object (fixture->bus.theirs, fixture->registration);
  if (fixture->request != 0)
    g_dbus_connection_unregister_object (fixture->bus.theirs, fixture->request);
  g_dbus_node_info_unref (fixture->node);
  g_clear_pointer (&fixture->results, g_variant_unref);
  g_clear_error (&fixture->error);
  g_free (fixture->session);
  g_free (fixture->path);
  bus_tear_down (&fixture->bus, NULL);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->results =
      whis_portal_request_finish (G_DBUS_CONNECTION (source), result, &fixture->error);
  fixture->n_answers++;
}

static void
on_session (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_pointer (&fixture->session, g_free);
  fixture->session =
      whis_portal_request_finish_session (G_DBUS_CONNECTION (source), result, &fixture->error);
  fixture->n_answers++;
}

static void
call (Fixture *fixture, const char *method, GCancellable *cancellable, GAsyncReadyCallback callback)
{
  fixture->asked = NULL;
  fixture->n_answers = 0;
  whis_portal_request_async (fixture->bus.ours, INTERFACE, method,
                             g_variant_new_parsed ("('text', {'own': <true>})"), cancellable,
                             callback, fixture);
}

static void
ask (Fixture *fixture, GCancellable *cancellable)
{
  call (fixture, "Ask", cancellable, on_answered);
  bus_await (fixture->asked != NULL);
}

/* The portal has the request, at a path that is its own affair. */
static void
accept_at (Fixture *fixture, const char *path)
{
  g_autoptr (GError) error = NULL;

  fixture->request = g_dbus_connection_register_object (
      fixture->bus.theirs, path, fixture->node->interfaces[1], &vtable, fixture, NULL, &error);
  g_assert_no_error (error);
  g_dbus_method_invocation_return_value (fixture->asked, g_variant_new ("(o)", path));
  bus_settle (&fixture->bus);
}

static void
respond_at (GDBusConnection *from, const char *path, guint32 response, const char *results)
{
  g_dbus_connection_emit_signal (
      from, NULL, path, REQUEST, "Response",
      g_variant_new ("(u@a{sv})", response,
                     g_variant_new_parsed (results != NULL ? results : "@a{sv} {}")),
      NULL);
}

static void
await_answer (Fixture *fixture)
{
  bus_await (fixture->n_answers > 0);
  bus_settle (&fixture->bus);
  g_assert_cmpuint (fixture->n_answers, ==, 1);
}

static void
assert_results (Fixture *fixture, const char *expected)
{
  g_autofree char *printed = NULL;

  await_answer (fixture);
  g_assert_no_error (fixture->error);
  printed = g_variant_print (fixture->results, FALSE);
  g_assert_cmpstr (printed, ==, expected);
}

static void
test_success (Fixture *fixture, gconstpointer data)
{
  ask (fixture, NULL);
  accept_at (fixture, fixture->path);
  g_assert_cmpuint (fixture->n_answers, ==, 0);
  respond_at (fixture->bus.theirs, fixture->path, 0, "{'granted': <true>}");
  assert_results (fixture, "{'granted': <true>}");
  g_assert_cmpuint (fixture->n_closed, ==, 0);

  /* A second answer is none. */
  respond_at (fixture->bus.theirs, fixture->path, 1, NULL);
  bus_settle (&fixture->bus);
  g_assert_cmpuint (fixture->n_answers, ==, 1);
}

/* A portal that asks nobody answers before it has said where. */
static void
test_early (Fixture *fixture, gconstpointer data)
{
  ask (fixture, NULL);
  respond_at (fixture->bus.theirs, fixture->path, 0, "{'granted': <true>}");
  accept_at (fixture, fixture->path);
  assert_results (fixture, "{'granted': <true>}");
}

static void
test_old_portal (Fixture *fixture, gconstpointer data)
{
  ask (fixture, NULL);
  accept_at (fixture, WHIS_PORTAL_PATH "/request/of/old");
  respond_at (fixture->bus.theirs, fixture->path, 1, NULL);
  bus_settle (&fixture->bus);
  g_assert_cmpuint (fixture->n_answers, ==, 0);
  respond_at (fixture->bus.theirs, WHIS_PORTAL_PATH "/request/of/old", 0, "{'granted': <true>}");
  assert_results (fixture, "{'granted': <true>}");
}

/* Another program guesses the path, and grants what the user was not asked for. */
static void
test_forged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDBusConnection) other = bus_connect (&fixture->bus);
  g_autoptr (GVariant) reply = NULL;

  ask (fixture, NULL);
  accept_at (fixture, fixture->path);
  respond_at (other, fixture->path, 0, "{'granted': <true>}");
  /* The bus has passed it on when it answers. */
  reply = g_dbus_connection_call_sync (other, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "GetId", NULL, NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (reply);
  g_dbus_connection_close_sync (other, NULL, NULL);
  /* What is no answer is not taken for one, either. */
  g_dbus_connection_emit_signal (fixture->bus.theirs, NULL, fixture->path, REQUEST, "Response",
                                 g_variant_new ("(s)", "granted"), NULL);
  bus_settle (&fixture->bus);
  g_assert_cmpuint (fixture->n_answers, ==, 0);
  respond_at (fixture->bus.theirs, fixture->path, 1, NULL);
  await_answer (fixture);
  g_assert_error (fixture->error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_REFUSED);
}

static void
test_failed (Fixture *fixture, gconstpointer data)
{
  ask (fixture, NULL);
  accept_at (fixture, fixture->path);
  respond_at (fixture->bus.theirs, fixture->path, 2, NULL);
  await_answer (fixture);
  g_assert_error (fixture->error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_FAILED);
  g_assert_null (fixture->results);
}

/* What is not there is told apart from what does not want to. */
static void
test_errors (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *error;
    WhisPortalError code;
  } cases[] = {
    { "org.freedesktop.DBus.Error.UnknownMethod", WHIS_PORTAL_ERROR_NO_PORTAL },
    { "org.freedesktop.DBus.Error.UnknownInterface", WHIS_PORTAL_ERROR_NO_PORTAL },
    { "org.freedesktop.portal.Error.NotAllowed", WHIS_PORTAL_ERROR_FAILED },
    { "org.freedesktop.DBus.Error.NoReply", WHIS_PORTAL_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ask (fixture, NULL);
      g_dbus_method_invocation_return_dbus_error (fixture->asked, cases[i].error, "No");
      await_answer (fixture);
      g_assert_error (fixture->error, WHIS_PORTAL_ERROR, (int) cases[i].code);
      g_clear_error (&fixture->error);
    }

  call (fixture, "Sing", NULL, on_answered);
  await_answer (fixture);
  g_assert_error (fixture->error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_NO_PORTAL);
  g_clear_error (&fixture->error);

  bus_release_name (&fixture->bus, WHIS_PORTAL_NAME);
  call (fixture, "Ask", NULL, on_answered);
  await_answer (fixture);
  g_assert_error (fixture->error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_NO_PORTAL);
}

/* A portal that ends has forgotten the dialog; one that begins has not shown it yet. */
static void
test_ends (Fixture *fixture, gconstpointer data)
{
  ask (fixture, NULL);
  accept_at (fixture, fixture->path);
  bus_release_name (&fixture->bus, WHIS_PORTAL_NAME);
  await_answer (fixture);
  g_assert_error (fixture->error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_FAILED);
  bus_own_name (&fixture->bus, WHIS_PORTAL_NAME);
  respond_at (fixture->bus.theirs, fixture->path, 0, NULL);
  bus_settle (&fixture->bus);
  g_assert_cmpuint (fixture->n_answers, ==, 1);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) early = g_cancellable_new ();

  ask (fixture, cancellable);
  accept_at (fixture, fixture->path);
  g_cancellable_cancel (cancellable);
  await_answer (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  bus_await (fixture->n_closed == 1);
  g_clear_error (&fixture->error);

  /* It is closed as soon as it is known where it is: an old portal has put it somewhere else. */
  g_dbus_connection_unregister_object (fixture->bus.theirs, fixture->request);
  ask (fixture, early);
  g_cancellable_cancel (early);
  await_answer (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
  accept_at (fixture, WHIS_PORTAL_PATH "/request/of/old");
  bus_await (fixture->n_closed == 2);
  g_assert_cmpuint (fixture->n_answers, ==, 1);
  g_clear_error (&fixture->error);

  /* Nothing is asked that nobody wants to know. */
  call (fixture, "Ask", early, on_answered);
  await_answer (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (fixture->asked);
}

/* The specification has a string there, and some portals an object path. */
static void
test_session (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *results;
    const char *session; /* nullable */
  } cases[] = {
    { "{'session_handle': <'/session/1'>}", "/session/1" },
    { "{'session_handle': <objectpath '/session/2'>}", "/session/2" },
    { "{'session_handle': <@u 3>}", NULL },
    { NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      call (fixture, "Ask", NULL, on_session);
      bus_await (fixture->asked != NULL);
      g_dbus_method_invocation_return_value (fixture->asked, g_variant_new ("(o)", fixture->path));
      respond_at (fixture->bus.theirs, fixture->path, 0, cases[i].results);
      await_answer (fixture);
      g_assert_cmpstr (fixture->session, ==, cases[i].session);
      if (cases[i].session == NULL)
        g_assert_error (fixture->error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_FAILED);
      else
        g_assert_no_error (fixture->error);
      g_clear_error (&fixture->error);
    }
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/portal-request/success", test_success);
  ADD ("/portal-request/early", test_early);
  ADD ("/portal-request/old-portal", test_old_portal);
  ADD ("/portal-request/forged", test_forged);
  ADD ("/portal-request/failed", test_failed);
  ADD ("/portal-request/errors", test_errors);
  ADD ("/portal-request/ends", test_ends);
  ADD ("/portal-request/cancelled", test_cancelled);
  ADD ("/portal-request/session", test_session);

  return g_test_run ();
}
