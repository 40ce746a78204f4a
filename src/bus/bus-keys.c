/* SPDX-License-Identifier: MIT */
#include "bus-keys.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "bus-error.h"
#include "bus-object-private.h"
#include "call-error.h"
#include "call-file.h"
#include "call-provider.h"
#include "key-pipe.h"
#include "pending-call.h"
#include "providers.h"
#include "secret.h"

/* The methods of the D-Bus interface that are about keys. */

static WhisPendingCall *
call_new (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation, const WhisProvider *provider)
{
  WhisPendingCall *call = whis_pending_call_new (interface, invocation);

  call->provider = provider;

  return call;
}

static const WhisProvider *
require_provider_with_key (GDBusMethodInvocation *invocation, const char *id)
{
  const WhisProvider *provider = whis_call_require_provider (invocation, id);

  if (provider == NULL || provider->takes_key)
    return provider;

  g_dbus_method_invocation_return_error (invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                                         _ ("%s needs no key; nothing was changed."),
                                         whis_provider_get_name (provider));
  return NULL;
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPendingCall) call = user_data;
  g_autoptr (GError) error = NULL;
  const char *name = whis_provider_get_name (call->provider);
  WhisKeySource source = whis_keyring_store_finish (WHIS_KEYRING (object), result, &error);
  g_autofree char *message = NULL;

  if (error != NULL)
    {
      whis_call_return_error (call->invocation, error);
      return;
    }

  message = g_strdup_printf (source == WHIS_KEY_SOURCE_KEYRING
                                 ? _ ("The key for %s is in the keyring.")
                                 : _ ("There is no keyring, so the key for %s is kept only until "
                                      "Whis quits."),
                             name);
  whis_bus_whis1_complete_set_key (WHIS_BUS_WHIS1 (call->object), call->invocation, NULL,
                                   source == WHIS_KEY_SOURCE_KEYRING ? "keyring" : "session",
                                   message);
}

static void
key_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPendingCall) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *label = NULL;
  char *key = whis_key_pipe_read_finish (G_INPUT_STREAM (object), result, &error);

  if (key == NULL)
    {
      whis_call_return_error (call->invocation, error);
      return;
    }

  label = g_strdup_printf (_ ("Whis: API key for %s"), whis_provider_get_name (call->provider));
  whis_keyring_store_async (call->object->keyring, call->provider->id, label, key, NULL, stored_cb,
                            call);
  (void) g_steal_pointer (&call);
  whis_secret_free (key);
}

static gboolean
bus_keys_handle_set_key (WhisBusWhis1 *interface,
                         GDBusMethodInvocation *invocation,
                         GUnixFDList *fds,
                         const char *id,
                         GVariant *handle)
{
  const WhisProvider *provider = require_provider_with_key (invocation, id);
  g_autoptr (GInputStream) stream = NULL;
  int fd;

  if (provider == NULL)
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  fd = whis_call_dup_file (fds, handle);
  if (fd < 0)
    {
      g_dbus_method_invocation_return_error_literal (invocation, WHIS_BUS_ERROR,
                                                     WHIS_BUS_ERROR_ARGUMENTS,
                                                     _ ("The key did not come with the call."));
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  stream = g_unix_input_stream_new (fd, TRUE);
  whis_key_pipe_read_async (stream, key_read_cb, call_new (interface, invocation, provider));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPendingCall) call = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_keyring_remove_finish (WHIS_KEYRING (object), result, &error))
    whis_bus_whis1_complete_remove_key (WHIS_BUS_WHIS1 (call->object), call->invocation);
  else
    whis_call_return_error (call->invocation, error);
}

static gboolean
bus_keys_handle_remove_key (WhisBusWhis1 *interface,
                            GDBusMethodInvocation *invocation,
                            const char *id)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  const WhisProvider *provider = require_provider_with_key (invocation, id);

  if (provider != NULL)
    whis_keyring_remove_async (self->keyring, id, NULL, removed_cb,
                               call_new (interface, invocation, provider));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static const char *
get_verdict_word (WhisKeyVerdict verdict)
{
  switch (verdict)
    {
    case WHIS_KEY_OK:
      return "ok";
    case WHIS_KEY_WRONG:
      return "wrong";
    case WHIS_KEY_MISSING:
      return "missing";
    case WHIS_KEY_UNKNOWN:
    default:
      return "unknown";
    }
}

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPendingCall) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  WhisKeyVerdict verdict = WHIS_KEY_UNKNOWN;

  if (whis_backend_check_key_finish (WHIS_BACKEND (object), result, &verdict, &sentence, &error))
    whis_bus_whis1_complete_check_key (WHIS_BUS_WHIS1 (call->object), call->invocation,
                                       get_verdict_word (verdict), sentence);
  else
    whis_call_return_error (call->invocation, error);
}

static void
check_key (WhisPendingCall *owned_call, WhisKeyedBackend *found)
{
  whis_backend_check_key_async (found->backend, found->key, NULL, checked_cb, owned_call);
}

static gboolean
bus_keys_handle_check_key (WhisBusWhis1 *interface,
                           GDBusMethodInvocation *invocation,
                           const char *id)
{
  const WhisProvider *provider = whis_call_require_provider (invocation, id);

  if (provider != NULL)
    whis_pending_call_find_backend (call_new (interface, invocation, provider), check_key);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/**
 * whis_bus_keys_implement:
 * @iface: the methods of #WhisBusObject
 *
 * Fills in the methods of this area.
 */
void
whis_bus_keys_implement (WhisBusWhis1Iface *iface)
{
  iface->handle_check_key = bus_keys_handle_check_key;
  iface->handle_remove_key = bus_keys_handle_remove_key;
  iface->handle_set_key = bus_keys_handle_set_key;
}
