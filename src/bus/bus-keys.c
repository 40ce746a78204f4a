/* SPDX-License-Identifier: MIT */
#include "bus-keys.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "bus-error.h"
#include "call-error.h"
#include "call-file.h"
#include "call-provider.h"
#include "key-pipe.h"
#include "keyed-backend.h"
#include "providers.h"
#include "secret.h"

/**
 * WhisBusKeys:
 *
 * The methods of the D-Bus interface that are about keys.
 */

struct _WhisBusKeys
{
  GObject parent_instance;

  WhisDictations *dictations;
  WhisKeyring *keyring;
};

G_DEFINE_FINAL_TYPE (WhisBusKeys, whis_bus_keys, G_TYPE_OBJECT)

/* A call that waits for an answer from elsewhere. */
typedef struct
{
  WhisBusKeys *calls;
  WhisBusWhis1 *skeleton;
  GDBusMethodInvocation *invocation;
  const WhisProvider *provider;
} Call;

static Call *
call_new (WhisBusKeys *self,
          WhisBusWhis1 *skeleton,
          GDBusMethodInvocation *invocation,
          const WhisProvider *provider)
{
  Call *call = g_new0 (Call, 1);

  call->calls = g_object_ref (self);
  call->skeleton = g_object_ref (skeleton);
  call->invocation = invocation;
  call->provider = provider;

  return call;
}

static void
call_free (Call *call)
{
  g_object_unref (call->calls);
  g_object_unref (call->skeleton);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

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
  g_autoptr (Call) call = user_data;
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
  whis_bus_whis1_complete_set_key (call->skeleton, call->invocation, NULL,
                                   source == WHIS_KEY_SOURCE_KEYRING ? "keyring" : "session",
                                   message);
}

static void
key_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *label = NULL;
  char *key = whis_key_pipe_read_finish (G_INPUT_STREAM (object), result, &error);

  if (key == NULL)
    {
      whis_call_return_error (call->invocation, error);
      return;
    }

  label = g_strdup_printf (_ ("Whis: API key for %s"), whis_provider_get_name (call->provider));
  whis_keyring_store_async (call->calls->keyring, call->provider->id, label, key, NULL, stored_cb,
                            call);
  (void) g_steal_pointer (&call);
  whis_secret_free (key);
}

static gboolean
set_key_cb (WhisBusKeys *self,
            GDBusMethodInvocation *invocation,
            GUnixFDList *fds,
            const char *id,
            GVariant *handle,
            WhisBusWhis1 *skeleton)
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
  whis_key_pipe_read_async (stream, key_read_cb, call_new (self, skeleton, invocation, provider));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_keyring_remove_finish (WHIS_KEYRING (object), result, &error))
    whis_bus_whis1_complete_remove_key (call->skeleton, call->invocation);
  else
    whis_call_return_error (call->invocation, error);
}

static gboolean
remove_key_cb (WhisBusKeys *self,
               GDBusMethodInvocation *invocation,
               const char *id,
               WhisBusWhis1 *skeleton)
{
  const WhisProvider *provider = require_provider_with_key (invocation, id);

  if (provider != NULL)
    whis_keyring_remove_async (self->keyring, id, NULL, removed_cb,
                               call_new (self, skeleton, invocation, provider));

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
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  WhisKeyVerdict verdict = WHIS_KEY_UNKNOWN;

  if (whis_backend_check_key_finish (WHIS_BACKEND (object), result, &verdict, &sentence, &error))
    whis_bus_whis1_complete_check_key (call->skeleton, call->invocation, get_verdict_word (verdict),
                                       sentence);
  else
    whis_call_return_error (call->invocation, error);
}

static void
backend_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisKeyedBackend) found = whis_keyed_backend_find_finish (result, &error);

  if (found == NULL)
    whis_call_return_error (call->invocation, error);
  else
    whis_backend_check_key_async (found->backend, found->key, NULL, checked_cb,
                                  g_steal_pointer (&call));
}

static gboolean
check_key_cb (WhisBusKeys *self,
              GDBusMethodInvocation *invocation,
              const char *id,
              WhisBusWhis1 *skeleton)
{
  const WhisProvider *provider = whis_call_require_provider (invocation, id);

  if (provider == NULL)
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  whis_keyed_backend_find_async (self->dictations, self->keyring, provider, NULL, backend_found_cb,
                                 call_new (self, skeleton, invocation, provider));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
whis_bus_keys_dispose (GObject *object)
{
  WhisBusKeys *self = WHIS_BUS_KEYS (object);

  g_clear_object (&self->dictations);
  g_clear_object (&self->keyring);

  G_OBJECT_CLASS (whis_bus_keys_parent_class)->dispose (object);
}

static void
whis_bus_keys_class_init (WhisBusKeysClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_bus_keys_dispose;
}

static void
whis_bus_keys_init (WhisBusKeys *self)
{
}

/**
 * whis_bus_keys_new:
 * @skeleton: the exported interface
 * @dictations: for the addresses of the providers
 * @keyring: where keys are
 *
 * Returns: (transfer full): what answers the calls as long as it lives
 */
WhisBusKeys *
whis_bus_keys_new (WhisBusWhis1 *skeleton, WhisDictations *dictations, WhisKeyring *keyring)
{
  WhisBusKeys *self = g_object_new (WHIS_TYPE_BUS_KEYS, NULL);

  self->dictations = g_object_ref (dictations);
  self->keyring = g_object_ref (keyring);
  g_signal_connect_object (skeleton, "handle-set-key", G_CALLBACK (set_key_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (skeleton, "handle-remove-key", G_CALLBACK (remove_key_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (skeleton, "handle-check-key", G_CALLBACK (check_key_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
