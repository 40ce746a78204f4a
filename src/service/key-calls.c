/* SPDX-License-Identifier: MIT */
#include "key-calls.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "bus-error.h"
#include "call-error.h"
#include "call-file.h"
#include "key-pipe.h"
#include "providers.h"

/**
 * WhisKeyCalls:
 *
 * The methods of the D-Bus interface that are about providers and their keys.
 */

struct _WhisKeyCalls
{
  GObject parent_instance;

  WhisDictations *dictations;
  WhisKeyring *keyring;
};

G_DEFINE_FINAL_TYPE (WhisKeyCalls, whis_key_calls, G_TYPE_OBJECT)

/* A call that waits for an answer from elsewhere. */
typedef struct
{
  WhisKeyCalls *calls;
  WhisBusWhis1 *skeleton;
  GDBusMethodInvocation *invocation;
  const WhisProvider *provider;
} Call;

static Call *
call_new (WhisKeyCalls *self,
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

/* The provider of a call about keys; answers the call when there is none. */
static const WhisProvider *
require_provider (GDBusMethodInvocation *invocation, const char *id)
{
  const WhisProvider *provider = whis_provider_lookup (id);

  if (provider == NULL)
    g_dbus_method_invocation_return_error (
        invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
        _ ("There is no transcription service “%s”; “whis providers” lists them."), id);

  return provider;
}

static const WhisProvider *
require_provider_with_key (GDBusMethodInvocation *invocation, const char *id)
{
  const WhisProvider *provider = require_provider (invocation, id);

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
  whis_key_free (key);
}

static gboolean
set_key_cb (WhisKeyCalls *self,
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
remove_key_cb (WhisKeyCalls *self,
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
check_with_key (Call *owned_call, const char *key)
{
  g_autoptr (Call) call = owned_call;
  g_autoptr (GError) error = NULL;
  WhisPool *pool = whis_dictations_get_pool (call->calls->dictations, call->provider, &error);

  if (pool == NULL)
    {
      whis_call_return_error (call->invocation, error);
      return;
    }

  whis_backend_check_key_async (whis_pool_get_backend (pool), key, NULL, checked_cb,
                                g_steal_pointer (&call));
}

static void
key_to_check_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  char *key = whis_keyring_lookup_finish (WHIS_KEYRING (object), result, &error);

  if (error != NULL)
    whis_call_return_error (call->invocation, error);
  else
    check_with_key (g_steal_pointer (&call), key);
  whis_key_free (key);
}

static gboolean
check_key_cb (WhisKeyCalls *self,
              GDBusMethodInvocation *invocation,
              const char *id,
              WhisBusWhis1 *skeleton)
{
  const WhisProvider *provider = require_provider (invocation, id);

  if (provider == NULL)
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  if (provider->takes_key)
    whis_keyring_lookup_async (self->keyring, id, provider->key_variable, NULL, key_to_check_cb,
                               call_new (self, skeleton, invocation, provider));
  else
    check_with_key (call_new (self, skeleton, invocation, provider), NULL);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* The answer to ListProviders, in which the sources of the keys arrive one after the other. */
typedef struct
{
  WhisKeyCalls *calls;
  WhisBusWhis1 *skeleton;
  GDBusMethodInvocation *invocation;
  GVariantBuilder providers;
  gsize next;
} Listing;

static void list_next (Listing *listing);

static const char *
get_source_word (WhisKeySource source)
{
  switch (source)
    {
    case WHIS_KEY_SOURCE_KEYRING:
      return "keyring";
    case WHIS_KEY_SOURCE_SESSION:
      return "session";
    case WHIS_KEY_SOURCE_ENVIRONMENT:
      return "environment";
    case WHIS_KEY_SOURCE_NONE:
    default:
      return "";
    }
}

static GVariant *
get_models (const WhisProvider *provider)
{
  GVariantBuilder models;

  g_variant_builder_init (&models, G_VARIANT_TYPE ("as"));
  for (gsize i = 0; i < provider->n_models; i++)
    g_variant_builder_add (&models, "s", provider->models[i].id);

  return g_variant_builder_end (&models);
}

static const char *
get_host (WhisKeyCalls *self, const WhisProvider *provider)
{
  WhisPool *pool = whis_dictations_get_pool (self->dictations, provider, NULL);

  return pool != NULL ? whis_backend_get_host (whis_pool_get_backend (pool)) : "";
}

static void
add_provider (Listing *listing, const WhisProvider *provider, WhisKeySource source)
{
  GVariantBuilder row;
  const char *note = whis_provider_get_note (provider);

  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "id", g_variant_new_string (provider->id));
  g_variant_builder_add (&row, "{sv}", "name",
                         g_variant_new_string (whis_provider_get_name (provider)));
  g_variant_builder_add (&row, "{sv}", "needs-key", g_variant_new_boolean (provider->needs_key));
  g_variant_builder_add (&row, "{sv}", "takes-key", g_variant_new_boolean (provider->takes_key));
  g_variant_builder_add (&row, "{sv}", "has-key",
                         g_variant_new_boolean (source != WHIS_KEY_SOURCE_NONE));
  g_variant_builder_add (&row, "{sv}", "key-source",
                         g_variant_new_string (get_source_word (source)));
  g_variant_builder_add (
      &row, "{sv}", "key-page",
      g_variant_new_string (provider->key_page != NULL ? provider->key_page : ""));
  g_variant_builder_add (&row, "{sv}", "own-address",
                         g_variant_new_boolean (provider->own_address));
  g_variant_builder_add (&row, "{sv}", "limit", g_variant_new_uint32 (provider->limit));
  g_variant_builder_add (&row, "{sv}", "models", get_models (provider));
  g_variant_builder_add (&row, "{sv}", "host",
                         g_variant_new_string (get_host (listing->calls, provider)));
  g_variant_builder_add (&row, "{sv}", "note", g_variant_new_string (note != NULL ? note : ""));
  g_variant_builder_add_value (&listing->providers, g_variant_builder_end (&row));
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Listing *listing = user_data;
  gsize n;
  WhisKeySource source = whis_keyring_find_finish (WHIS_KEYRING (object), result, NULL);

  add_provider (listing, &whis_providers_list (&n)[listing->next], source);
  listing->next++;
  list_next (listing);
}

static void
listing_finish (Listing *listing)
{
  whis_bus_whis1_complete_list_providers (listing->skeleton, listing->invocation,
                                          g_variant_builder_end (&listing->providers));
  g_object_unref (listing->calls);
  g_object_unref (listing->skeleton);
  g_free (listing);
}

static void
list_next (Listing *listing)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  for (; listing->next < n && !providers[listing->next].takes_key; listing->next++)
    add_provider (listing, &providers[listing->next], WHIS_KEY_SOURCE_NONE);

  if (listing->next < n)
    whis_keyring_find_async (listing->calls->keyring, providers[listing->next].id,
                             providers[listing->next].key_variable, NULL, found_cb, listing);
  else
    listing_finish (listing);
}

static gboolean
list_providers_cb (WhisKeyCalls *self, GDBusMethodInvocation *invocation, WhisBusWhis1 *skeleton)
{
  Listing *listing = g_new0 (Listing, 1);

  listing->calls = g_object_ref (self);
  listing->skeleton = g_object_ref (skeleton);
  listing->invocation = invocation;
  g_variant_builder_init (&listing->providers, G_VARIANT_TYPE ("aa{sv}"));
  list_next (listing);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
whis_key_calls_dispose (GObject *object)
{
  WhisKeyCalls *self = WHIS_KEY_CALLS (object);

  g_clear_object (&self->dictations);
  g_clear_object (&self->keyring);

  G_OBJECT_CLASS (whis_key_calls_parent_class)->dispose (object);
}

static void
whis_key_calls_class_init (WhisKeyCallsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_key_calls_dispose;
}

static void
whis_key_calls_init (WhisKeyCalls *self)
{
}

/**
 * whis_key_calls_new:
 * @skeleton: the exported interface
 * @dictations: for the addresses of the providers
 * @keyring: where keys are
 *
 * Returns: (transfer full): what answers the calls as long as it lives
 */
WhisKeyCalls *
whis_key_calls_new (WhisBusWhis1 *skeleton, WhisDictations *dictations, WhisKeyring *keyring)
{
  WhisKeyCalls *self = g_object_new (WHIS_TYPE_KEY_CALLS, NULL);

  self->dictations = g_object_ref (dictations);
  self->keyring = g_object_ref (keyring);
  g_signal_connect_object (skeleton, "handle-set-key", G_CALLBACK (set_key_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (skeleton, "handle-remove-key", G_CALLBACK (remove_key_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (skeleton, "handle-check-key", G_CALLBACK (check_key_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (skeleton, "handle-list-providers", G_CALLBACK (list_providers_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
