/* SPDX-License-Identifier: MIT */
/* The first words with a portal: who calls, and what it can do. */
#include "portal-version.h"

#include "portal-error.h"
#include "portal-request.h"
#include "sandbox.h"

#define REGISTRY "org.freedesktop.host.portal.Registry"
#define PROPERTIES "org.freedesktop.DBus.Properties"

typedef struct
{
  char *interface;
  guint32 version;
  gboolean is_registered;
} Version;

static void
version_free (gpointer data)
{
  Version *version = data;

  g_free (version->interface);
  g_free (version);
}

static void
on_version (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Version *version = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) value = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (answer == NULL)
    {
      g_task_return_new_error (task, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_NO_PORTAL, "%s",
                               error->message);
      return;
    }

  g_variant_get (answer, "(v)", &value);
  version->version =
      g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32) ? g_variant_get_uint32 (value) : 1;
  g_task_return_boolean (task, TRUE);
}

static void
version_ask (GTask *task)
{
  const Version *version = g_task_get_task_data (task);

  g_dbus_connection_call (g_task_get_source_object (task), WHIS_PORTAL_NAME, WHIS_PORTAL_PATH,
                          PROPERTIES, "Get", g_variant_new ("(ss)", version->interface, "version"),
                          G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NONE, -1,
                          g_task_get_cancellable (task), on_version, g_object_ref (task));
}

/* Portals before 1.20 have no registry, and know the program by its systemd unit, or not at all.
 * One that has ended meanwhile has registered nobody. */
static void
on_registered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Version *version = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer == NULL)
    g_debug ("The portal does not register: %s", error->message);
  version->is_registered = answer != NULL;
  version_ask (task);
}

/**
 * whis_portal_version_async:
 * @connection: a connection of its own to the session bus
 * @interface: a portal
 * @registers: whether the portal does not know yet who calls on this connection
 * @cancellable: (nullable): to wait no longer
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Tells the portal which program this is, which has to come before anything else, and asks for its
 * version. A sandbox says by itself which program it holds.
 */
void
whis_portal_version_async (GDBusConnection *connection,
                           const char *interface,
                           gboolean registers,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Version *version;

  g_return_if_fail (G_IS_DBUS_CONNECTION (connection));
  g_return_if_fail (interface != NULL);

  task = g_task_new (connection, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_portal_version_async);
  version = g_new0 (Version, 1);
  version->interface = g_strdup (interface);
  version->is_registered = !registers;
  g_task_set_task_data (task, version, version_free);

  if (!registers || whis_sandbox_is_inside ())
    version_ask (task);
  else
    g_dbus_connection_call (connection, WHIS_PORTAL_NAME, WHIS_PORTAL_PATH, REGISTRY, "Register",
                            g_variant_new ("(sa{sv})", WHIS_APP_ID, NULL), NULL,
                            G_DBUS_CALL_FLAGS_NONE, -1, cancellable, on_registered,
                            g_object_ref (task));
}

/**
 * whis_portal_version_finish:
 * @connection: the connection
 * @result: the result
 * @version: (out): the version of the portal
 * @is_registered: (out): whether the portal knows now who calls
 * @error: return location for %WHIS_PORTAL_ERROR_NO_PORTAL, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether there is such a portal
 */
gboolean
whis_portal_version_finish (GDBusConnection *connection,
                            GAsyncResult *result,
                            guint32 *version,
                            gboolean *is_registered,
                            GError **error)
{
  const Version *found;

  g_return_val_if_fail (g_task_is_valid (result, connection), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) whis_portal_version_async),
                        FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  found = g_task_get_task_data (G_TASK (result));
  *version = found->version;
  *is_registered = found->is_registered;

  return TRUE;
}
