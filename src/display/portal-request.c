/* SPDX-License-Identifier: MIT */
#include "portal-request.h"

#include "portal-error.h"

#define REQUEST_INTERFACE "org.freedesktop.portal.Request"
#define BUS_NAME "org.freedesktop.DBus"

/* How a request ends, as the portals number it. */
enum
{
  RESPONSE_SUCCESS = 0,
  RESPONSE_REFUSED = 1,
};

/* A request on its way. Whatever ends it first, the task returns once. */
typedef struct
{
  GDBusConnection *connection;
  char *path; /* of the request's object, where the answer comes */
  guint response_id;
  guint owner_id;
  GSource *cancelled;
  gboolean accepted;  /* the portal has the request */
  gboolean abandoned; /* before it had it */
  gboolean over;
} Request;

static void
stop_listening (Request *request)
{
  if (request->response_id != 0)
    g_dbus_connection_signal_unsubscribe (request->connection, request->response_id);
  if (request->owner_id != 0)
    g_dbus_connection_signal_unsubscribe (request->connection, request->owner_id);
  request->response_id = 0;
  request->owner_id = 0;
  if (request->cancelled != NULL)
    g_source_destroy (request->cancelled);
  g_clear_pointer (&request->cancelled, g_source_unref);
}

static void
request_free (Request *request)
{
  stop_listening (request);
  g_object_unref (request->connection);
  g_free (request->path);
  g_free (request);
}

static void
portal_request_end (GTask *task, GVariant *results, GError *error)
{
  Request *request = g_task_get_task_data (task);

  g_assert (!request->over);

  request->over = TRUE;
  stop_listening (request);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, results, (GDestroyNotify) g_variant_unref);
}

/* Nobody waits for the answer any more: a dialog goes away. */
static void
close_request (Request *request)
{
  g_dbus_connection_call (request->connection, WHIS_PORTAL_NAME, request->path, REQUEST_INTERFACE,
                          "Close", NULL, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL,
                          NULL);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));
  Request *request = g_task_get_task_data (task);

  if (request->accepted)
    close_request (request);
  request->abandoned = !request->accepted;
  portal_request_end (task, NULL,
                      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));

  return G_SOURCE_REMOVE;
}

static void
response_cb (GDBusConnection *connection,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));
  Request *request = g_task_get_task_data (task);
  g_autoptr (GVariant) results = NULL;
  guint32 response;

  if (request->over || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    return;

  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  if (response == RESPONSE_SUCCESS)
    portal_request_end (task, g_steal_pointer (&results), NULL);
  else if (response == RESPONSE_REFUSED)
    portal_request_end (
        task, NULL, g_error_new_literal (WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_REFUSED, "Refused"));
  else
    portal_request_end (
        task, NULL,
        g_error_new (WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_FAILED, "Response %u", response));
}

/* A portal that ends, or is replaced, has forgotten the request. */
static void
owner_changed_cb (GDBusConnection *connection,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *signal,
                  GVariant *parameters,
                  gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));
  Request *request = g_task_get_task_data (task);
  const char *old_owner = "";

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sss)")))
    g_variant_get (parameters, "(&s&s&s)", NULL, &old_owner, NULL);
  if (!request->over && *old_owner != '\0')
    portal_request_end (task, NULL,
                        g_error_new_literal (WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_FAILED,
                                             "The portal ended before it answered"));
}

static void
listen_for_response (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  request->response_id = g_dbus_connection_signal_subscribe (
      request->connection, WHIS_PORTAL_NAME, REQUEST_INTERFACE, "Response", request->path, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, response_cb, g_object_ref (task), g_object_unref);
}

/* Portals of old chose the path themselves. */
static void
move_to (GTask *task, const char *path)
{
  Request *request = g_task_get_task_data (task);

  g_free (request->path);
  request->path = g_strdup (path);
  if (request->over)
    return;

  g_dbus_connection_signal_unsubscribe (request->connection, request->response_id);
  listen_for_response (task);
}

static gboolean
means_absence (const GError *error)
{
  static const GDBusError codes[] = {
    G_DBUS_ERROR_SERVICE_UNKNOWN,   G_DBUS_ERROR_NAME_HAS_NO_OWNER, G_DBUS_ERROR_UNKNOWN_METHOD,
    G_DBUS_ERROR_UNKNOWN_INTERFACE, G_DBUS_ERROR_UNKNOWN_OBJECT,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, G_DBUS_ERROR, (int) codes[i]))
      return TRUE;

  return FALSE;
}

static void
called_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  const char *path = NULL;

  request->accepted = reply != NULL;
  if (reply != NULL)
    g_variant_get (reply, "(&o)", &path);

  if (path != NULL && !g_str_equal (path, request->path))
    move_to (task, path);
  if (path != NULL && request->abandoned)
    close_request (request);
  if (path == NULL && !request->over)
    portal_request_end (task, NULL,
                        g_error_new_literal (WHIS_PORTAL_ERROR,
                                             means_absence (error) ? WHIS_PORTAL_ERROR_NO_PORTAL
                                                                   : WHIS_PORTAL_ERROR_FAILED,
                                             error->message));
}

/* The same, with the token for the path added to the options. */
static GVariant *
add_token (GVariant *arguments, const char *token)
{
  gsize last = g_variant_n_children (arguments) - 1;
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);
  g_autoptr (GVariant) options = g_variant_get_child_value (arguments, last);
  GVariantDict dict;

  for (gsize i = 0; i < last; i++)
    {
      g_autoptr (GVariant) argument = g_variant_get_child_value (arguments, i);

      g_variant_builder_add_value (&builder, argument);
    }
  g_variant_dict_init (&dict, options);
  g_variant_dict_insert (&dict, "handle_token", "s", token);
  g_variant_builder_add_value (&builder, g_variant_dict_end (&dict));

  return g_variant_builder_end (&builder);
}

/* Where the portal puts the request of a token, so that its answer cannot come too early. */
static char *
predict_path (GDBusConnection *connection, const char *token)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (connection) + 1);

  g_strdelimit (sender, ".", '_');

  return g_strconcat (WHIS_PORTAL_PATH "/request/", sender, "/", token, NULL);
}

static void
listen_for_end (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  listen_for_response (task);
  request->owner_id = g_dbus_connection_signal_subscribe (
      request->connection, BUS_NAME, BUS_NAME, "NameOwnerChanged", "/org/freedesktop/DBus",
      WHIS_PORTAL_NAME, G_DBUS_SIGNAL_FLAGS_NONE, owner_changed_cb, g_object_ref (task),
      g_object_unref);
  if (cancellable == NULL)
    return;

  request->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (request->cancelled, G_SOURCE_FUNC (cancelled_cb), g_object_ref (task),
                         g_object_unref);
  g_source_attach (request->cancelled, g_task_get_context (task));
}

void
whis_portal_request_async (GDBusConnection *connection,
                           const char *interface,
                           const char *method,
                           GVariant *arguments,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GVariant) sunk = NULL;
  g_autofree char *token = NULL;
  Request *request;

  g_return_if_fail (G_IS_DBUS_CONNECTION (connection));
  g_return_if_fail (interface != NULL && method != NULL);
  g_return_if_fail (arguments != NULL);

  sunk = g_variant_ref_sink (arguments);
  task = g_task_new (connection, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_portal_request_async);
  token = g_strdup_printf ("whis%08x", g_random_int ());
  request = g_new0 (Request, 1);
  request->connection = g_object_ref (connection);
  request->path = predict_path (connection, token);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);

  if (g_task_return_error_if_cancelled (task))
    return;

  listen_for_end (task);
  g_dbus_connection_call (connection, WHIS_PORTAL_NAME, WHIS_PORTAL_PATH, interface, method,
                          add_token (sunk, token), G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE,
                          -1, NULL, called_cb, g_object_ref (task));
}

GVariant *
whis_portal_request_finish (GDBusConnection *connection, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) whis_portal_request_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

char *
whis_portal_request_finish_session (GDBusConnection *connection,
                                    GAsyncResult *result,
                                    GError **error)
{
  g_autoptr (GVariant) answer = whis_portal_request_finish (connection, result, error);
  char *session = NULL;

  if (answer == NULL)
    return NULL;

  /* The specification says "s" for historical reasons; some portals send an object path. */
  if (!g_variant_lookup (answer, "session_handle", "s", &session)
      && !g_variant_lookup (answer, "session_handle", "o", &session))
    g_set_error_literal (error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_FAILED,
                         "The portal named no session");

  return session;
}
