/* SPDX-License-Identifier: MIT */
#include "backend.h"
#include "address.h"
#include "assemblyai.h"
#include "deepgram.h"
#include "elevenlabs.h"
#include "gemini.h"
#include "openai.h"

G_DEFINE_INTERFACE (WhisBackend, whis_backend, G_TYPE_OBJECT)

static guint exhausted_signal;

static void
whis_backend_default_init (WhisBackendInterface *iface)
{
  /**
   * WhisBackend::exhausted:
   * @reason: a %WHIS_SERVICE_ERROR_RATE_LIMIT with the wait in it
   *
   * The service said in a good answer that it would refuse the next request for a while.
   */
  exhausted_signal = g_signal_new ("exhausted", WHIS_TYPE_BACKEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static GType
get_type (WhisDialect dialect)
{
  switch (dialect)
    {
    case WHIS_DIALECT_OPENAI:
      return WHIS_TYPE_OPENAI;
    case WHIS_DIALECT_DEEPGRAM:
      return WHIS_TYPE_DEEPGRAM;
    case WHIS_DIALECT_ELEVENLABS:
      return WHIS_TYPE_ELEVENLABS;
    case WHIS_DIALECT_ASSEMBLYAI:
      return WHIS_TYPE_ASSEMBLYAI;
    case WHIS_DIALECT_GEMINI:
      return WHIS_TYPE_GEMINI;
    default:
      g_return_val_if_reached (G_TYPE_INVALID);
    }
}

/**
 * whis_backend_new:
 * @provider: a provider
 * @address: (nullable): the address of its server; %NULL or empty for the one of the table. See
 *   whis_address_is_of_provider() for what a user may choose
 * @connectable: (nullable): where to connect to in place of the address's host, for the embedded
 *   recogniser on its Unix socket
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Makes the backend for the provider's dialect.
 *
 * Returns: (transfer full): a backend; %NULL with %WHIS_SERVICE_ERROR_ADDRESS when the address is
 *   missing or cannot be used
 */
WhisBackend *
whis_backend_new (const WhisProvider *provider,
                  const char *address,
                  GSocketConnectable *connectable,
                  GError **error)
{
  g_autofree char *url = NULL;

  g_return_val_if_fail (provider != NULL, NULL);

  if (address == NULL || *address == '\0')
    address = provider->base_url;
  url = whis_address_complete (provider, address != NULL ? address : "", error);
  if (url == NULL || !whis_address_is_of_provider (provider, url, error))
    return NULL;

  return g_object_new (get_type (provider->dialect), "provider", provider, "url", url,
                       "remote-connectable", connectable, NULL);
}

/**
 * whis_backend_transcribe_async:
 * @self: a backend
 * @request: what to turn into text
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is a text or an error
 * @data: data for @callback
 *
 * Begins to turn sound into text, with one try. See #WhisPool for several requests and retries.
 */
void
whis_backend_transcribe_async (WhisBackend *self,
                               WhisSpeechRequest *request,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  g_return_if_fail (WHIS_IS_BACKEND (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  WHIS_BACKEND_GET_IFACE (self)->transcribe_async (self, request, cancellable, callback, data);
}

/**
 * whis_backend_transcribe_finish:
 * @self: a backend
 * @result: what the callback got
 * @error: return location for a %WHIS_SERVICE_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): what was said, with an empty text when it was nothing; %NULL on error
 */
WhisTranscription *
whis_backend_transcribe_finish (WhisBackend *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_BACKEND (self), NULL);

  return WHIS_BACKEND_GET_IFACE (self)->transcribe_finish (self, result, error);
}

/**
 * whis_backend_check_key_async:
 * @self: a backend
 * @key: (nullable): a key
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is a verdict
 * @data: data for @callback
 *
 * Asks the provider about a key, by a request that costs nothing.
 */
void
whis_backend_check_key_async (WhisBackend *self,
                              const char *key,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  g_return_if_fail (WHIS_IS_BACKEND (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  WHIS_BACKEND_GET_IFACE (self)->check_key_async (self, key, cancellable, callback, data);
}

/**
 * whis_backend_check_key_finish:
 * @self: a backend
 * @result: what the callback got
 * @verdict: (out): what the provider thinks of the key
 * @sentence: (out) (transfer full): the same as a sentence for people
 * @error: return location for a %WHIS_SERVICE_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether there is a verdict; not when the provider could not be reached or has trouble
 */
gboolean
whis_backend_check_key_finish (WhisBackend *self,
                               GAsyncResult *result,
                               WhisKeyVerdict *verdict,
                               char **sentence,
                               GError **error)
{
  g_return_val_if_fail (WHIS_IS_BACKEND (self), FALSE);
  g_return_val_if_fail (verdict != NULL && sentence != NULL, FALSE);

  return WHIS_BACKEND_GET_IFACE (self)->check_key_finish (self, result, verdict, sentence, error);
}

/**
 * whis_backend_list_models_async:
 * @self: a backend
 * @key: (nullable): a key
 * @cancellable: (nullable): a cancellable
 * @callback: called when the models are known
 * @data: data for @callback
 *
 * Asks the provider for the models that it has at present, by a request that costs nothing.
 */
void
whis_backend_list_models_async (WhisBackend *self,
                                const char *key,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  g_return_if_fail (WHIS_IS_BACKEND (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  WHIS_BACKEND_GET_IFACE (self)->list_models_async (self, key, cancellable, callback, data);
}

/**
 * whis_backend_list_models_finish:
 * @self: a backend
 * @result: what the callback got
 * @error: return location for a %WHIS_SERVICE_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type WhisModelInfo): the models for transcription, those that
 *   Whis knows first
 */
GPtrArray *
whis_backend_list_models_finish (WhisBackend *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_BACKEND (self), NULL);

  return WHIS_BACKEND_GET_IFACE (self)->list_models_finish (self, result, error);
}

/**
 * whis_backend_set_converter:
 * @self: a backend
 * @converter: what decodes and encodes; must outlive the backend
 *
 * Gives the means to turn MP3 frames into samples, which some services want, and samples into MP3
 * frames, which the others get.
 */
void
whis_backend_set_converter (WhisBackend *self, const WhisSoundConverter *converter)
{
  g_return_if_fail (WHIS_IS_BACKEND (self));
  g_return_if_fail (converter != NULL);

  WHIS_BACKEND_GET_IFACE (self)->set_converter (self, converter);
}

/**
 * whis_backend_get_host:
 * @self: a backend
 *
 * Returns: (transfer none): where the sound goes, for people: a host, with its port where it is not
 *   the usual one, or "this computer" in the user's language for the embedded recogniser
 */
const char *
whis_backend_get_host (WhisBackend *self)
{
  g_return_val_if_fail (WHIS_IS_BACKEND (self), NULL);

  return WHIS_BACKEND_GET_IFACE (self)->get_host (self);
}

/**
 * whis_backend_warm_up:
 * @self: a backend
 * @model: (nullable): the model that is going to be asked for
 *
 * Opens a connection ahead of its use, when a recording begins, and has a recogniser on this
 * computer load the model. Sends neither key nor sound, and says nothing when it fails.
 */
void
whis_backend_warm_up (WhisBackend *self, const char *model)
{
  g_return_if_fail (WHIS_IS_BACKEND (self));

  WHIS_BACKEND_GET_IFACE (self)->warm_up (self, model);
}

/**
 * whis_backend_exhausted:
 * @self: a backend
 * @reason: a %WHIS_SERVICE_ERROR_RATE_LIMIT with the wait in it
 *
 * For implementations: emits #WhisBackend::exhausted.
 */
void
whis_backend_exhausted (WhisBackend *self, GError *reason)
{
  g_return_if_fail (WHIS_IS_BACKEND (self));
  g_return_if_fail (reason != NULL);

  g_signal_emit (self, exhausted_signal, 0, reason);
}
