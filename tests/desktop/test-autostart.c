/* SPDX-License-Identifier: MIT */
#include "autostart.h"
#include "background.h"
#include "bus.h"
#include "portal-error.h"
#include "foreign-portal-background.h"
#include "foreign-portal-request.h"
#include "portal-request.h"

#define PROGRAM "/usr/libexec/whis/whis-service"

/* How the portal answers. */
typedef enum
{
  ANSWER_LATER,      /* the test does */
  ANSWER_AT_ONCE,    /* before it has even said where */
  ANSWER_ELSEWHERE,  /* at a path of its own */
  ANSWER_NEVER_TAKEN /* the call itself is held back */
} Manner;

/* A portal as its documentation has it: what it is asked for in another way fails the test. */
typedef struct
{
  Bus bus;
  WhisDBusPortalBackground *portal;
  GPtrArray *requests; /* of WhisDBusPortalRequest */
  Manner manner;
  guint32 response;
  gboolean grants; /* what it says of autostart, if not what was asked for */
  gboolean twists; /* whether it says that */
  gboolean wanted;
  guint closed;
  GDBusMethodInvocation *held;
  char *held_path;
  GString *statuses;

  WhisAutostart *autostart;
  guint answers;
  gboolean done;
  GError *error;
} Fixture;

static void
respond (Fixture *self, WhisDBusPortalRequest *request)
{
  GVariantDict results;

  g_variant_dict_init (&results, NULL);
  g_variant_dict_insert (&results, "background", "b", self->response == 0);
  g_variant_dict_insert (&results, "autostart", "b",
                         self->twists ? self->grants : self->wanted && self->response == 0);
  whis_dbus_portal_request_emit_response (request, self->response, g_variant_dict_end (&results));
}

static gboolean
handle_close (WhisDBusPortalRequest *request, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Fixture *self = user_data;

  self->closed++;
  whis_dbus_portal_request_complete_close (request, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static WhisDBusPortalRequest *
add_request (Fixture *self, const char *path)
{
  WhisDBusPortalRequest *request = whis_dbus_portal_request_skeleton_new ();
  g_autoptr (GError) error = NULL;

  g_signal_connect (request, "handle-close", G_CALLBACK (handle_close), self);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (request), self->bus.theirs, path,
                                    &error);
  g_assert_no_error (error);
  g_ptr_array_add (self->requests, request);

  return request;
}

static char *
get_path (GDBusMethodInvocation *invocation, GVariant *options)
{
  g_autofree char *sender = g_strdup (g_dbus_method_invocation_get_sender (invocation) + 1);
  const char *token = NULL;

  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  for (const char *c = token; *c != '\0'; c++)
    g_assert_true (g_ascii_isalnum (*c) || *c == '_');
  g_strdelimit (sender, ".", '_');

  return g_strconcat ("/org/freedesktop/portal/desktop/request/", sender, "/", token, NULL);
}

static gboolean
handle_request (WhisDBusPortalBackground *portal,
                GDBusMethodInvocation *invocation,
                const char *parent,
                GVariant *options,
                gpointer user_data)
{
  Fixture *self = user_data;
  g_autofree char *path = get_path (invocation, options);
  g_autofree const char **command = NULL;
  const char *reason = NULL;
  gboolean activatable = TRUE;

  g_assert_cmpstr (parent, ==, "");
  g_assert_cmpuint (g_variant_n_children (options), ==, 5);
  g_assert_true (g_variant_lookup (options, "reason", "&s", &reason));
  g_assert_cmpint (g_utf8_strlen (reason, -1), <=, 256);
  g_assert_cmpstr (reason, !=, "");
  g_assert_true (g_variant_lookup (options, "autostart", "b", &self->wanted));
  g_assert_true (g_variant_lookup (options, "dbus-activatable", "b", &activatable));
  g_assert_false (activatable);
  g_assert_true (g_variant_lookup (options, "commandline", "^a&s", &command));
  g_assert_cmpstr (command[0], ==, PROGRAM);
  g_assert_cmpstr (command[1], ==, "--at-login");
  g_assert_null (command[2]);

  if (self->manner == ANSWER_NEVER_TAKEN)
    {
      self->held = invocation;
      self->held_path = g_steal_pointer (&path);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  if (self->manner == ANSWER_ELSEWHERE)
    {
      g_free (path);
      path = g_strdup ("/org/freedesktop/portal/desktop/request/of/old");
    }
  add_request (self, path);
  if (self->manner == ANSWER_AT_ONCE)
    respond (self, self->requests->pdata[self->requests->len - 1]);
  whis_dbus_portal_background_complete_request_background (portal, invocation, path);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_set_status (WhisDBusPortalBackground *portal,
                   GDBusMethodInvocation *invocation,
                   GVariant *options,
                   gpointer user_data)
{
  Fixture *self = user_data;
  const char *message = NULL;

  g_assert_cmpuint (g_variant_n_children (options), ==, 1);
  g_assert_true (g_variant_lookup (options, "message", "&s", &message));
  g_assert_cmpint (g_utf8_strlen (message, -1), <, 96);
  g_string_append_printf (self->statuses, "%s ", message);
  whis_dbus_portal_background_complete_set_status (portal, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
request_free (gpointer request)
{
  g_dbus_interface_skeleton_unexport (request);
  g_object_unref (request);
}

static void
set_up (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  bus_set_up (&self->bus, NULL);
  self->requests = g_ptr_array_new_with_free_func (request_free);
  self->statuses = g_string_new (NULL);
  self->portal = whis_dbus_portal_background_skeleton_new ();
  g_signal_connect (self->portal, "handle-request-background", G_CALLBACK (handle_request), self);
  g_signal_connect (self->portal, "handle-set-status", G_CALLBACK (handle_set_status), self);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->portal), self->bus.theirs,
                                    WHIS_PORTAL_PATH, &error);
  g_assert_no_error (error);
  bus_own_name (&self->bus, WHIS_PORTAL_NAME);
  self->autostart = g_object_new (WHIS_TYPE_AUTOSTART, "connection", self->bus.ours, "program",
                                  PROGRAM, "portal", TRUE, "enabled", FALSE, NULL);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  bus_settle (&self->bus);
  g_assert_finalize_object (self->autostart);
  g_ptr_array_unref (self->requests);
  if (g_dbus_interface_skeleton_get_connection (G_DBUS_INTERFACE_SKELETON (self->portal)) != NULL)
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->portal));
  g_clear_object (&self->portal);
  g_string_free (self->statuses, TRUE);
  g_free (self->held_path);
  g_clear_error (&self->error);
  bus_tear_down (&self->bus, NULL);
}

static void
applied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;

  g_clear_error (&self->error);
  self->done = whis_autostart_apply_finish (WHIS_AUTOSTART (object), result, &self->error);
  self->answers++;
}

static void
apply (Fixture *self, gboolean enabled, GCancellable *cancellable)
{
  self->answers = 0;
  whis_autostart_apply_async (self->autostart, enabled, cancellable, applied_cb, self);
}

/* Waits for the answer, which comes once. */
static void
await_answer (Fixture *self)
{
  bus_await (self->answers > 0);
  bus_settle (&self->bus);
  g_assert_cmpuint (self->answers, ==, 1);
}

static void
apply_and_wait (Fixture *self, gboolean enabled)
{
  apply (self, enabled, NULL);
  await_answer (self);
}

static void
assert_failed (Fixture *self, WhisPortalError code, const char *part)
{
  g_assert_false (self->done);
  g_assert_error (self->error, WHIS_PORTAL_ERROR, (int) code);
  g_assert_nonnull (strstr (self->error->message, part));
  g_assert_true (g_str_has_suffix (self->error->message, "."));
}

static void
count_notify (guint *n)
{
  (*n)++;
}

static void
test_on_and_off (Fixture *self, gconstpointer user_data)
{
  guint notified = 0;

  g_signal_connect_swapped (self->autostart, "notify::enabled", G_CALLBACK (count_notify),
                            &notified);
  self->manner = ANSWER_AT_ONCE;
  apply_and_wait (self, TRUE);
  g_assert_no_error (self->error);
  g_assert_true (self->done);
  g_assert_true (whis_autostart_get_enabled (self->autostart));
  apply_and_wait (self, TRUE);
  g_assert_true (self->done);
  g_assert_cmpuint (notified, ==, 1);
  apply_and_wait (self, FALSE);
  g_assert_true (self->done);
  g_assert_false (self->wanted);
  g_assert_false (whis_autostart_get_enabled (self->autostart));
  g_assert_cmpuint (notified, ==, 2);
  g_assert_cmpuint (self->closed, ==, 0);
}

/* A dialog that the user takes his time with. */
static void
test_slow_user (Fixture *self, gconstpointer user_data)
{
  apply (self, TRUE, NULL);
  bus_await (self->requests->len == 1);
  bus_settle (&self->bus);
  g_assert_cmpuint (self->answers, ==, 0);
  g_assert_false (whis_autostart_get_enabled (self->autostart));
  respond (self, self->requests->pdata[0]);
  await_answer (self);
  g_assert_true (self->done);
}

static void
test_old_portal (Fixture *self, gconstpointer user_data)
{
  self->manner = ANSWER_ELSEWHERE;
  apply (self, TRUE, NULL);
  bus_await (self->requests->len == 1);
  bus_settle (&self->bus);
  respond (self, self->requests->pdata[0]);
  await_answer (self);
  g_assert_true (self->done);
}

static void
test_refused (Fixture *self, gconstpointer user_data)
{
  self->manner = ANSWER_AT_ONCE;
  self->response = 1;
  apply_and_wait (self, TRUE);
  assert_failed (self, WHIS_PORTAL_ERROR_REFUSED, "does not allow");
  g_assert_false (whis_autostart_get_enabled (self->autostart));

  /* What may not run in the background does not start at login either: that is what is asked for.
   */
  apply_and_wait (self, FALSE);
  g_assert_no_error (self->error);
  g_assert_true (self->done);
}

static void
test_failed (Fixture *self, gconstpointer user_data)
{
  self->manner = ANSWER_AT_ONCE;
  self->response = 2;
  apply_and_wait (self, TRUE);
  assert_failed (self, WHIS_PORTAL_ERROR_FAILED, "did not take Whis into");

  /* It may run in the background, but was not put among what starts. */
  self->response = 0;
  self->twists = TRUE;
  apply_and_wait (self, TRUE);
  assert_failed (self, WHIS_PORTAL_ERROR_FAILED, "did not take Whis into");
  g_assert_false (whis_autostart_get_enabled (self->autostart));
  self->twists = FALSE;
  apply_and_wait (self, TRUE);
  g_assert_true (self->done);
  self->twists = TRUE;
  self->grants = TRUE;
  apply_and_wait (self, FALSE);
  assert_failed (self, WHIS_PORTAL_ERROR_FAILED, "did not take Whis out of");
  g_assert_true (whis_autostart_get_enabled (self->autostart));
}

static void
test_absent (Fixture *self, gconstpointer user_data)
{
  /* A portal without this part, as where no back end has it. */
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->portal));
  apply_and_wait (self, TRUE);
  assert_failed (self, WHIS_PORTAL_ERROR_NO_PORTAL, "has no portal");

  bus_release_name (&self->bus, WHIS_PORTAL_NAME);
  apply_and_wait (self, TRUE);
  assert_failed (self, WHIS_PORTAL_ERROR_NO_PORTAL, "has no portal");
  g_assert_false (whis_autostart_get_enabled (self->autostart));
}

static void
test_dies (Fixture *self, gconstpointer user_data)
{
  apply (self, TRUE, NULL);
  bus_await (self->requests->len == 1);
  bus_settle (&self->bus);
  bus_release_name (&self->bus, WHIS_PORTAL_NAME);
  await_answer (self);
  assert_failed (self, WHIS_PORTAL_ERROR_FAILED, "try again");

  /* The next one is asked as if nothing had been. */
  bus_own_name (&self->bus, WHIS_PORTAL_NAME);
  self->manner = ANSWER_AT_ONCE;
  apply_and_wait (self, TRUE);
  g_assert_true (self->done);
}

static void
test_cancelled (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) early = g_cancellable_new ();

  apply (self, TRUE, cancellable);
  bus_await (self->requests->len == 1);
  bus_settle (&self->bus);
  g_cancellable_cancel (cancellable);
  await_answer (self);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self->closed, ==, 1);
  g_assert_false (whis_autostart_get_enabled (self->autostart));
  respond (self, self->requests->pdata[0]);
  bus_settle (&self->bus);
  g_assert_cmpuint (self->answers, ==, 1);

  /* Nobody is asked what nobody wants to know any more. */
  g_cancellable_cancel (early);
  apply (self, TRUE, early);
  await_answer (self);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self->requests->len, ==, 1);
}

/* The portal has the request, but has not said so yet: it is closed when it does. */
static void
test_cancelled_early (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  self->manner = ANSWER_NEVER_TAKEN;
  apply (self, TRUE, cancellable);
  bus_await (self->held != NULL);
  g_cancellable_cancel (cancellable);
  await_answer (self);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self->closed, ==, 0);
  add_request (self, self->held_path);
  whis_dbus_portal_background_complete_request_background (
      self->portal, g_steal_pointer (&self->held), self->held_path);
  bus_await (self->closed == 1);
}

/* A second change waits for the first; the last one holds. */
static void
test_in_order (Fixture *self, gconstpointer user_data)
{
  apply (self, TRUE, NULL);
  whis_autostart_apply_async (self->autostart, FALSE, NULL, applied_cb, self);
  bus_await (self->requests->len == 1);
  bus_settle (&self->bus);
  g_assert_cmpuint (self->requests->len, ==, 1);
  respond (self, self->requests->pdata[0]);
  bus_await (self->requests->len == 2);
  g_assert_cmpuint (self->answers, ==, 1);
  g_assert_true (whis_autostart_get_enabled (self->autostart));
  bus_settle (&self->bus);
  respond (self, self->requests->pdata[1]);
  bus_await (self->answers == 2);
  g_assert_false (whis_autostart_get_enabled (self->autostart));
}

static void
test_status (Fixture *self, gconstpointer user_data)
{
  whis_background_set_status (self->bus.ours, "Ready");
  whis_background_set_status (self->bus.ours, "Recording");
  bus_await (g_str_equal (self->statuses->str, "Ready Recording "));

  /* Without the portal it goes nowhere, and nothing is said about it. */
  bus_release_name (&self->bus, WHIS_PORTAL_NAME);
  whis_background_set_status (self->bus.ours, "Ready");
  bus_settle (&self->bus);
  g_assert_cmpstr (self->statuses->str, ==, "Ready Recording ");
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/autostart/portal/on-and-off", test_on_and_off);
  ADD ("/autostart/portal/slow-user", test_slow_user);
  ADD ("/autostart/portal/old-portal", test_old_portal);
  ADD ("/autostart/portal/refused", test_refused);
  ADD ("/autostart/portal/failed", test_failed);
  ADD ("/autostart/portal/absent", test_absent);
  ADD ("/autostart/portal/dies", test_dies);
  ADD ("/autostart/portal/cancelled", test_cancelled);
  ADD ("/autostart/portal/cancelled-early", test_cancelled_early);
  ADD ("/autostart/portal/in-order", test_in_order);
  ADD ("/autostart/status", test_status);

  return g_test_run ();
}
