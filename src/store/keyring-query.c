/* SPDX-License-Identifier: MIT */
#include "keyring-query.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "secret.h"
#include "store-error.h"

/* What an operation of the keyring is about, and its calls to the Secret Service: bounded in time,
 * and their errors told apart. */

static void
keyring_query_free (WhisKeyringQuery *query)
{
  g_assert (query->call == NULL);
  g_free (query->provider);
  g_free (query->variable);
  g_free (query->label);
  whis_secret_free (query->key);
  g_free (query);
}

/* Its data are a WhisKeyringQuery. */
GTask *
whis_keyring_query_task_new (gpointer keyring,
                             const char *provider,
                             const char *variable,
                             gpointer source_tag,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (keyring, cancellable, callback, user_data);
  WhisKeyringQuery *query = g_new0 (WhisKeyringQuery, 1);

  query->provider = g_strdup (provider);
  query->variable = g_strdup (variable);
  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, query, (GDestroyNotify) keyring_query_free);

  return task;
}

static gboolean
on_keyring_query_timeout (gpointer user_data)
{
  WhisKeyringQuery *query = user_data;

  query->timeout = 0;
  query->timed_out = TRUE;
  g_cancellable_cancel (query->call);

  return G_SOURCE_REMOVE;
}

static void
on_keyring_query_cancelled (GCancellable *cancellable, gpointer call)
{
  g_cancellable_cancel (call);
}

/* Returns what cancels the call to the keyring that is to follow. */
GCancellable *
whis_keyring_query_begin_call (GTask *task, guint timeout_ms)
{
  WhisKeyringQuery *query = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  query->call = g_cancellable_new ();
  query->timed_out = FALSE;
  query->timeout = g_timeout_add (timeout_ms, on_keyring_query_timeout, query);
  if (cancellable != NULL)
    query->cancelled_id =
        g_cancellable_connect (cancellable, G_CALLBACK (on_keyring_query_cancelled),
                               g_object_ref (query->call), g_object_unref);

  return query->call;
}

/* Returns whether the keyring answered in time. */
gboolean
whis_keyring_query_end_call (GTask *task)
{
  WhisKeyringQuery *query = g_task_get_task_data (task);

  g_cancellable_disconnect (g_task_get_cancellable (task), query->cancelled_id);
  query->cancelled_id = 0;
  g_clear_handle_id (&query->timeout, g_source_remove);
  g_clear_object (&query->call);

  return !query->timed_out;
}

/* Whether an error says that there is no keyring, rather than that it is lost or said no. */
gboolean
whis_keyring_query_says_no_keyring (const GError *error)
{
  if (error->domain == G_IO_ERROR)
    return error->code == G_IO_ERROR_NOT_FOUND || error->code == G_IO_ERROR_CONNECTION_REFUSED;
  if (error->domain != G_DBUS_ERROR)
    return FALSE;

  return error->code == G_DBUS_ERROR_SERVICE_UNKNOWN
         || error->code == G_DBUS_ERROR_NAME_HAS_NO_OWNER
         || (error->code >= G_DBUS_ERROR_SPAWN_EXEC_FAILED
             && error->code <= G_DBUS_ERROR_SPAWN_NO_MEMORY);
}

/* Whether once more makes sense, which is so once: libsecret remembers its session with a keyring
 * that was restarted since, and only a new one knows nothing of the old. */
gboolean
whis_keyring_query_try_again (GTask *task, const GError *error)
{
  WhisKeyringQuery *query = g_task_get_task_data (task);

  if (query->tried_again || g_task_get_completed (task)
      || g_cancellable_is_cancelled (g_task_get_cancellable (task))
      || g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return FALSE;

  query->tried_again = TRUE;
  secret_service_disconnect ();

  return TRUE;
}

/* Returns the error of a keyring that is locked. */
void
whis_keyring_query_return_locked (GTask *task)
{
  g_task_return_new_error (
      task, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING_LOCKED,
      _ ("The keyring that holds the key is locked; unlock it and try again."));
}

static void
keyring_query_return_no_answer (GTask *task)
{
  /* What is under way there is not to be waited for next time. */
  secret_service_disconnect ();
  g_task_return_new_error (
      task, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING,
      _ ("The keyring does not answer; log out and in again if that goes on."));
}

/* Returns the error of a keyring that is there and did not do it. */
void
whis_keyring_query_return_error (GTask *task, const GError *error)
{
  const WhisKeyringQuery *query = g_task_get_task_data (task);

  if (query->timed_out)
    keyring_query_return_no_answer (task);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_error_copy (error));
  else if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    whis_keyring_query_return_locked (task);
  else
    g_task_return_new_error (task, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING,
                             _ ("The keyring refused (%s); see that it is unlocked and try again."),
                             error->message);
}
