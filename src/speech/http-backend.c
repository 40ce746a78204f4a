/* SPDX-License-Identifier: MIT */
#include "http-backend.h"
#include "http-backend-private.h"
#include "http-transcription.h"
#include "address.h"
#include "error-body.h"
#include "key-check.h"
#include "models.h"
#include "retirement.h"
#include "secret.h"
#include "session.h"
#include "service-error.h"
#include "transport-error.h"
#include "trusted-certificate.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* No model has to be loaded, and no sound to be heard, for an answer about a key or about models,
 * which somebody waits for. */
#define LONGEST_BARE_ANSWER_MS 30000

/* How long all requests about a piece may take beyond the length of its sound: jobs beyond the
 * account's number wait for their turn at the service. */
#define LONGEST_WAIT_MS (10 * 60 * 1000)

enum
{
  PROP_PROVIDER = 1,
  PROP_URL,
  PROP_REMOTE_CONNECTABLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void whis_http_backend_backend_init (WhisBackendInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (WhisHttpBackend,
                                  whis_http_backend,
                                  G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (WhisHttpBackend)
                                      G_IMPLEMENT_INTERFACE (WHIS_TYPE_BACKEND,
                                                             whis_http_backend_backend_init))

static WhisHttpBackendPrivate *
get_private (WhisHttpBackend *self)
{
  return whis_http_backend_get_instance_private (self);
}

/**
 * whis_http_backend_peek_private:
 * @self: a backend
 *
 * Returns: (transfer none): what the files of this class share
 */
WhisHttpBackendPrivate *
whis_http_backend_peek_private (WhisHttpBackend *self)
{
  return get_private (self);
}

/**
 * whis_http_backend_dup_trusted:
 * @priv: what the files of this class share
 *
 * Returns: (transfer full) (nullable): the file with the certificates that the user trusts beside
 *   the system's; only a server of the user's own may have one
 */
char *
whis_http_backend_dup_trusted (WhisHttpBackendPrivate *priv)
{
  g_autoptr (GUri) uri = NULL;

  if (!priv->provider->own_address || !g_str_has_prefix (priv->url, "https://"))
    return NULL;
  uri = g_uri_parse (priv->url, G_URI_FLAGS_ENCODED, NULL);

  return uri != NULL ? whis_trusted_certificate_dup_path (g_uri_get_host (uri)) : NULL;
}

/**
 * whis_http_backend_return_transport_error:
 * @task: a task of a backend
 * @cause: (transfer full): why there was no answer
 *
 * Returns @cause from @task in a sentence about the service.
 */
void
whis_http_backend_return_transport_error (GTask *task, GError *cause)
{
  WhisHttpBackendPrivate *priv = get_private (g_task_get_source_object (task));

  g_task_return_error (task, whis_transport_error_new (priv->provider, priv->host, cause));
  g_error_free (cause);
}

/* A request without sound; takes the address. */
static WhisHttpRequest *
create_bodyless_request (WhisHttpBackend *self, char *url, const char *key)
{
  WhisHttpBackendPrivate *priv = get_private (self);
  WhisHttpRequest *request = whis_http_request_new (SOUP_METHOD_GET, url);

  request->timeouts = whis_provider_get_timeouts (priv->provider, 0, 0);
  request->timeouts.answer_ms = MIN (request->timeouts.answer_ms, LONGEST_BARE_ANSWER_MS);
  request->trusted = whis_http_backend_dup_trusted (priv);
  whis_http_request_set_key (request, priv->provider->auth, whis_key_usable (priv->provider, key));
  g_free (url);

  return request;
}

static void
whis_http_backend_check_key_async (WhisBackend *backend,
                                   const char *key,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data)
{
  WhisHttpBackend *self = WHIS_HTTP_BACKEND (backend);
  WhisHttpBackendPrivate *priv = get_private (self);

  g_autoptr (WhisHttpRequest) request =
      create_bodyless_request (self, WHIS_HTTP_BACKEND_GET_CLASS (self)->dup_check_url (self), key);

  whis_key_check_async (self, priv->session, priv->provider, priv->url, request, cancellable,
                        callback, data);
}

static gboolean
whis_http_backend_check_key_finish (WhisBackend *backend,
                                    GAsyncResult *result,
                                    WhisKeyVerdict *verdict,
                                    char **sentence,
                                    GError **error)
{
  return whis_key_check_finish (backend, result, verdict, sentence, error);
}

/* The endpoint for the list is one that a user's own server may do without. */
static gboolean
lacks_list (const WhisProvider *provider, const WhisHttpResponse *response)
{
  return provider->own_address && !provider->needs_model
         && response->status == SOUP_STATUS_NOT_FOUND;
}

static void
return_known_models (GTask *task, const WhisProvider *provider)
{
  g_task_return_pointer (task, whis_models_known (provider), (GDestroyNotify) g_ptr_array_unref);
}

static void
did_list_models (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisHttpBackend *self = g_task_get_source_object (task);
  WhisHttpBackendPrivate *priv = get_private (self);
  g_autoptr (WhisHttpResponse) response = NULL;
  GError *error = NULL;
  GPtrArray *models;

  response = whis_http_request_send_finish (SOUP_SESSION (source), result, &error);
  if (response == NULL)
    {
      whis_http_backend_return_transport_error (task, error);
      return;
    }
  if (lacks_list (priv->provider, response))
    {
      return_known_models (task, priv->provider);
      return;
    }
  if (response->status != SOUP_STATUS_OK || whis_http_response_is_page (response))
    {
      g_task_return_error (task,
                           whis_error_body_to_error (
                               whis_http_backend_get_name (self),
                               whis_provider_read_status (priv->provider, response->status),
                               response->headers, response->body, g_task_get_task_data (task)));
      return;
    }
  models = whis_models_parse (priv->provider, g_bytes_get_data (response->body, NULL),
                              g_bytes_get_size (response->body), &error);
  if (models != NULL)
    g_task_return_pointer (task, models, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
whis_http_backend_list_models_async (WhisBackend *backend,
                                     const char *key,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer data)
{
  WhisHttpBackend *self = WHIS_HTTP_BACKEND (backend);
  WhisHttpBackendPrivate *priv = get_private (self);
  WhisHttpBackendClass *klass = WHIS_HTTP_BACKEND_GET_CLASS (self);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  char *(*dup_url) (WhisHttpBackend *) =
      klass->dup_models_url != NULL ? klass->dup_models_url : klass->dup_check_url;
  g_autoptr (WhisHttpRequest) request = NULL;
  char *url;
  GError *error = NULL;

  g_task_set_source_tag (task, whis_http_backend_list_models_async);
  g_task_set_task_data (task, g_strdup (whis_key_usable (priv->provider, key)),
                        (GDestroyNotify) whis_secret_free);
  if (!whis_key_check_may_send (priv->provider, priv->url, key, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  url = dup_url (self);
  if (url == NULL)
    {
      return_known_models (task, priv->provider);
      return;
    }
  request = create_bodyless_request (self, url, key);
  whis_http_request_send_async (priv->session, request, cancellable, did_list_models,
                                g_steal_pointer (&task));
}

static GPtrArray *
whis_http_backend_list_models_finish (WhisBackend *backend, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static const char *
whis_http_backend_get_host (WhisBackend *backend)
{
  return get_private (WHIS_HTTP_BACKEND (backend))->host;
}

static void
did_warm_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisHttpBackend) self = data;
  g_autoptr (WhisHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  response = whis_http_request_send_finish (SOUP_SESSION (source), result, &error);
  if (response == NULL)
    g_debug ("No connection ahead of time to %s: %s", get_private (self)->host, error->message);
}

/* A HEAD request rather than soup_session_preconnect_async(): libsoup closes a connection that has
 * carried nothing after three seconds, and one that has carried something after sixty. */
static void
whis_http_backend_warm_up (WhisBackend *backend, const char *model)
{
  WhisHttpBackend *self = WHIS_HTTP_BACKEND (backend);
  WhisHttpBackendPrivate *priv = get_private (self);
  WhisHttpBackendClass *klass = WHIS_HTTP_BACKEND_GET_CLASS (self);
  g_autofree char *url =
      klass->dup_warm_url != NULL ? klass->dup_warm_url (self) : g_strdup (priv->url);
  g_autoptr (WhisHttpRequest) request = whis_http_request_new (SOUP_METHOD_HEAD, url);

  request->timeouts = whis_provider_get_timeouts (priv->provider, 0, 0);
  request->trusted = whis_http_backend_dup_trusted (priv);
  whis_http_request_send_async (priv->session, request, NULL, did_warm_up, g_object_ref (backend));
}

static void
whis_http_backend_set_converter (WhisBackend *backend, const WhisSoundConverter *converter)
{
  get_private (WHIS_HTTP_BACKEND (backend))->converter = converter;
}

static char *
dup_host (WhisHttpBackend *self)
{
  WhisHttpBackendClass *klass = WHIS_HTTP_BACKEND_GET_CLASS (self);
  WhisHttpBackendPrivate *priv = get_private (self);

  if (priv->provider->local)
    return g_strdup (_ ("this computer"));

  return klass->dup_host != NULL ? klass->dup_host (self) : whis_address_get_host (priv->url);
}

static void
whis_http_backend_constructed (GObject *object)
{
  WhisHttpBackendPrivate *priv = get_private (WHIS_HTTP_BACKEND (object));

  G_OBJECT_CLASS (whis_http_backend_parent_class)->constructed (object);

  priv->host = dup_host (WHIS_HTTP_BACKEND (object));
  priv->session = whis_session_new (priv->url, priv->remote_connectable);
}

static void
whis_http_backend_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WhisHttpBackendPrivate *priv = get_private (WHIS_HTTP_BACKEND (object));

  switch (id)
    {
    case PROP_PROVIDER:
      priv->provider = g_value_get_pointer (value);
      break;
    case PROP_URL:
      priv->url = g_value_dup_string (value);
      break;
    case PROP_REMOTE_CONNECTABLE:
      priv->remote_connectable = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_http_backend_dispose (GObject *object)
{
  WhisHttpBackendPrivate *priv = get_private (WHIS_HTTP_BACKEND (object));

  if (priv->session != NULL)
    soup_session_abort (priv->session);
  g_clear_object (&priv->session);
  g_clear_object (&priv->remote_connectable);

  G_OBJECT_CLASS (whis_http_backend_parent_class)->dispose (object);
}

static void
whis_http_backend_finalize (GObject *object)
{
  WhisHttpBackendPrivate *priv = get_private (WHIS_HTTP_BACKEND (object));

  g_free (priv->url);
  g_free (priv->host);

  G_OBJECT_CLASS (whis_http_backend_parent_class)->finalize (object);
}

static void
whis_http_backend_class_init (WhisHttpBackendClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = whis_http_backend_constructed;
  object_class->set_property = whis_http_backend_set_property;
  object_class->dispose = whis_http_backend_dispose;
  object_class->finalize = whis_http_backend_finalize;

  /**
   * WhisHttpBackend:provider:
   *
   * The row of the provider table, a #WhisProvider that outlives the backend.
   */
  properties[PROP_PROVIDER] = g_param_spec_pointer ("provider", NULL, NULL, flags);

  /**
   * WhisHttpBackend:url:
   *
   * The address of the service, from whis_address_complete().
   */
  properties[PROP_URL] = g_param_spec_string ("url", NULL, NULL, NULL, flags);

  /**
   * WhisHttpBackend:remote-connectable:
   *
   * Where to connect to in place of the address's host; %NULL for the host.
   */
  properties[PROP_REMOTE_CONNECTABLE] =
      g_param_spec_object ("remote-connectable", NULL, NULL, G_TYPE_SOCKET_CONNECTABLE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_http_backend_init (WhisHttpBackend *self)
{
}

static void
whis_http_backend_backend_init (WhisBackendInterface *iface)
{
  iface->transcribe_async = whis_http_transcription_async;
  iface->transcribe_finish = whis_http_transcription_finish;
  iface->check_key_async = whis_http_backend_check_key_async;
  iface->check_key_finish = whis_http_backend_check_key_finish;
  iface->list_models_async = whis_http_backend_list_models_async;
  iface->list_models_finish = whis_http_backend_list_models_finish;
  iface->get_host = whis_http_backend_get_host;
  iface->warm_up = whis_http_backend_warm_up;
  iface->set_converter = whis_http_backend_set_converter;
}

/**
 * whis_http_backend_get_provider:
 * @self: a backend
 *
 * Returns: (transfer none): the row of the provider table
 */
const WhisProvider *
whis_http_backend_get_provider (WhisHttpBackend *self)
{
  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);

  return get_private (self)->provider;
}

/**
 * whis_http_backend_get_name:
 * @self: a backend
 *
 * Returns: (transfer none): what people call the service
 */
const char *
whis_http_backend_get_name (WhisHttpBackend *self)
{
  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);

  return whis_provider_get_name (get_private (self)->provider);
}

/**
 * whis_http_backend_get_url:
 * @self: a backend
 *
 * Returns: (transfer none): the address of the service, from whis_address_complete()
 */
const char *
whis_http_backend_get_url (WhisHttpBackend *self)
{
  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);

  return get_private (self)->url;
}

/**
 * whis_http_backend_get_key:
 * @self: a backend
 * @request: a request
 *
 * Returns: (transfer none) (nullable): the key that goes with @request, if the service takes one
 */
const char *
whis_http_backend_get_key (WhisHttpBackend *self, const WhisSpeechRequest *request)
{
  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);
  g_return_val_if_fail (request != NULL, NULL);

  return whis_key_usable (get_private (self)->provider, request->key);
}

/**
 * whis_http_backend_refuse:
 * @self: a backend
 * @request: what was asked
 * @response: an answer that is no transcript
 *
 * Returns: (transfer full): the answer as an error of the domain %WHIS_SERVICE_ERROR
 */
GError *
whis_http_backend_refuse (WhisHttpBackend *self,
                          const WhisSpeechRequest *request,
                          const WhisHttpResponse *response)
{
  const WhisProvider *provider;
  GError *error;

  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);
  g_return_val_if_fail (request != NULL && response != NULL, NULL);

  provider = get_private (self)->provider;
  error = whis_error_body_to_error (
      whis_http_backend_get_name (self), whis_provider_read_status (provider, response->status),
      response->headers, response->body, whis_http_backend_get_key (self, request));

  return whis_retirement_explain (provider, whis_provider_choose_model (provider, request->model),
                                  g_get_real_time () / G_USEC_PER_SEC, error);
}

static gboolean
is_too_late (const WhisHttpJob *job)
{
  guint64 waited_ms = (guint64) (g_get_monotonic_time () - job->begun_us) / 1000;

  return waited_ms > LONGEST_WAIT_MS + job->request->duration_ms;
}

/**
 * whis_http_backend_follow:
 * @self: a backend
 * @job: a transcription on its way
 * @next: (transfer full): a request that follows another one about it
 * @error: return location for a %WHIS_SERVICE_ERROR_TIMEOUT
 *
 * Sees to it that a service is not asked after a job again and again without a pause, nor without
 * an end, whatever it says.
 *
 * Returns: (transfer full) (nullable): @next; %NULL with an error when enough was asked
 */
WhisHttpRequest *
whis_http_backend_follow (WhisHttpBackend *self,
                          const WhisHttpJob *job,
                          WhisHttpRequest *next,
                          GError **error)
{
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);
  g_return_val_if_fail (job != NULL && next != NULL, NULL);

  if (!is_too_late (job))
    {
      if (next->body == NULL)
        next->pause_ms = MAX (next->pause_ms, WHIS_HTTP_BACKEND_LEAST_PAUSE_MS);
      return next;
    }
  whis_http_request_unref (next);
  cause = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the job is not finished");
  g_propagate_error (error, whis_transport_error_new (get_private (self)->provider,
                                                      get_private (self)->host, cause));

  return NULL;
}
