/* SPDX-License-Identifier: MIT */
#include "openai.h"
#include "address.h"
#include "answer.h"
#include "form.h"
#include "key-check.h"
#include "range.h"
#include "refusal.h"
#include "reply.h"
#include "speech-error.h"
#include "transport-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The services take 25 MiB for the whole upload. */
#define LARGEST_SOUND (24 * 1000 * 1000)
/* What is shorter than this is refused by services, and nobody says a word in it. */
#define SHORTEST_SOUND_MS 100
/* The pool decides how many requests are in flight; libsoup's own bound (2) must not. */
#define MOST_CONNECTIONS 64

struct _WhisOpenai
{
  GObject parent_instance;

  const WhisProvider *provider;
  char *url;
  char *host;
  GSocketConnectable *remote_connectable;
  SoupSession *session;
  /* whisper.cpp takes English for granted unless it is told to find the language out, by a word
   * that other servers refuse */
  gboolean is_whisper_cpp;
};

typedef struct
{
  WhisSpeechRequest *request;
  GBytes *sound;
} Transcription;

enum
{
  PROP_PROVIDER = 1,
  PROP_URL,
  PROP_REMOTE_CONNECTABLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void whis_openai_backend_init (WhisBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisOpenai,
                               whis_openai,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_BACKEND, whis_openai_backend_init))

static void
transcription_free (gpointer data)
{
  Transcription *job = data;

  whis_speech_request_unref (job->request);
  g_clear_pointer (&job->sound, g_bytes_unref);
  g_free (job);
}

static const char *
get_service (WhisOpenai *self)
{
  return whis_provider_get_name (self->provider);
}

static WhisTimeouts
scale_timeouts (const WhisProvider *provider, guint64 duration_ms)
{
  WhisTimeouts timeouts = provider->timeouts;
  guint64 more = MIN (duration_ms, G_MAXUINT / 1000) * timeouts.answer_percent / 100;

  timeouts.answer_ms = MIN (timeouts.answer_ms + more, G_MAXINT);

  return timeouts;
}

static void
return_transport_error (GTask *task, GError *cause)
{
  WhisOpenai *self = g_task_get_source_object (task);

  g_task_return_error (task, whis_transport_error_new (self->provider, self->host, cause));
  g_error_free (cause);
}

static gboolean
is_automatic (const Transcription *job)
{
  return job->request->language == NULL;
}

static void send_form (GTask *task);

static void
return_refusal (GTask *task, const WhisReply *reply)
{
  WhisOpenai *self = g_task_get_source_object (task);
  Transcription *job = g_task_get_task_data (task);
  g_autoptr (GError) error =
      whis_refusal_to_error (get_service (self), reply->status, reply->headers, reply->body,
                             whis_key_usable (self->provider, job->request->key));

  /* Too short to hold a word: nothing was said. */
  if (g_error_matches (error, WHIS_SPEECH_ERROR, WHIS_SPEECH_ERROR_TOO_SHORT))
    g_task_return_pointer (task, g_strdup (""), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
return_text (GTask *task, const WhisReply *reply)
{
  WhisOpenai *self = g_task_get_source_object (task);
  Transcription *job = g_task_get_task_data (task);
  GError *error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (reply->body, &size);
  char *text = whis_answer_parse (
      get_service (self), soup_message_headers_get_content_type (reply->headers, NULL), data, size,
      whis_key_usable (self->provider, job->request->key), &error);

  if (text != NULL)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, error);
}

/* Notes that the server is whisper.cpp when its answer shows it.
 *
 * Returns: whether that is news */
static gboolean
recognise_whisper_cpp (WhisOpenai *self, const WhisReply *reply)
{
  const char *server = soup_message_headers_get_one (reply->headers, "Server");

  if (self->is_whisper_cpp || !self->provider->own_address
      || g_strcmp0 (server, "whisper.cpp") != 0)
    return FALSE;
  self->is_whisper_cpp = TRUE;

  return TRUE;
}

static void
did_get_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisOpenai *self = g_task_get_source_object (task);
  g_autoptr (WhisReply) reply = NULL;
  GError *error = NULL;

  reply = whis_reply_get_finish (SOUP_SESSION (source), result, &error);
  if (reply == NULL)
    {
      return_transport_error (task, error);
      return;
    }
  g_debug ("%s answered %u with %zu bytes", self->host, reply->status,
           g_bytes_get_size (reply->body));
  if (recognise_whisper_cpp (self, reply) && is_automatic (g_task_get_task_data (task)))
    send_form (g_steal_pointer (&task));
  else if (reply->status == SOUP_STATUS_OK)
    return_text (task, reply);
  else
    return_refusal (task, reply);
}

static void
send_form (GTask *task)
{
  WhisOpenai *self = g_task_get_source_object (task);
  Transcription *job = g_task_get_task_data (task);
  g_autoptr (SoupMultipart) form = NULL;
  g_autoptr (SoupMessageHeaders) headers =
      soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  g_autoptr (GBytes) body = NULL;

  form = whis_form_new (self->provider, job->request, self->is_whisper_cpp ? "auto" : NULL,
                        job->sound);
  soup_multipart_to_message (form, headers, &body);
  g_debug ("Sending %zu bytes to %s", g_bytes_get_size (body), self->host);
  whis_reply_get_async (self->session,
                        &(WhisQuestion){
                            .method = SOUP_METHOD_POST,
                            .url = self->url,
                            .key = whis_key_usable (self->provider, job->request->key),
                            .content_type = soup_message_headers_get_one (headers, "Content-Type"),
                            .body = body,
                            .timeouts = scale_timeouts (self->provider, job->request->duration_ms),
                        },
                        g_task_get_cancellable (task), did_get_reply, task);
}

static void
did_read_sound (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Transcription *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->sound = whis_range_read_finish (result, &error);
  if (job->sound == NULL)
    g_task_return_error (task, error);
  else
    send_form (g_steal_pointer (&task));
}

static GError *
make_too_large_error (WhisOpenai *self)
{
  g_autofree char *sentence = g_strdup_printf (
      _ ("A piece of the recording is too large for %s. Set shorter pieces."), get_service (self));

  return whis_speech_error_new (WHIS_SPEECH_ERROR_TOO_LARGE, sentence, NULL);
}

static void
whis_openai_transcribe_async (WhisBackend *backend,
                              WhisSpeechRequest *request,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  WhisOpenai *self = WHIS_OPENAI (backend);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Transcription *job = g_new0 (Transcription, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, whis_openai_transcribe_async);
  job->request = whis_speech_request_ref (request);
  g_task_set_task_data (task, job, transcription_free);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (!whis_key_check_may_send (self->provider, self->url, request->key, &error))
    g_task_return_error (task, error);
  else if (request->size > LARGEST_SOUND)
    g_task_return_error (task, make_too_large_error (self));
  else if (request->size == 0 || request->duration_ms < SHORTEST_SOUND_MS)
    g_task_return_pointer (task, g_strdup (""), g_free);
  else if (request->bytes != NULL)
    {
      job->sound = g_bytes_ref (request->bytes);
      send_form (g_steal_pointer (&task));
    }
  else
    whis_range_read_async (request->path, request->offset, request->size, cancellable,
                           did_read_sound, g_steal_pointer (&task));
}

static char *
whis_openai_transcribe_finish (WhisBackend *backend, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
whis_openai_check_key_async (WhisBackend *backend,
                             const char *key,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  WhisOpenai *self = WHIS_OPENAI (backend);

  whis_key_check_async (self, self->session, self->provider, self->url, key, cancellable, callback,
                        data);
}

static gboolean
whis_openai_check_key_finish (WhisBackend *backend,
                              GAsyncResult *result,
                              WhisKeyVerdict *verdict,
                              char **sentence,
                              GError **error)
{
  return whis_key_check_finish (backend, result, verdict, sentence, error);
}

static const char *
whis_openai_get_host (WhisBackend *backend)
{
  return WHIS_OPENAI (backend)->host;
}

static void
did_warm_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisOpenai) self = data;
  g_autoptr (WhisReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = whis_reply_get_finish (SOUP_SESSION (source), result, &error);
  if (reply != NULL)
    recognise_whisper_cpp (self, reply);
  else
    g_debug ("No connection ahead of time to %s: %s", self->host, error->message);
}

/* A HEAD request rather than soup_session_preconnect_async(): libsoup closes a connection that has
 * carried nothing after three seconds, and one that has carried something after sixty. */
static void
whis_openai_warm_up (WhisBackend *backend)
{
  WhisOpenai *self = WHIS_OPENAI (backend);

  whis_reply_get_async (self->session,
                        &(WhisQuestion){
                            .method = SOUP_METHOD_HEAD,
                            .url = self->url,
                            .timeouts = self->provider->timeouts,
                        },
                        NULL, did_warm_up, g_object_ref (self));
}

static SoupSession *
make_session (WhisOpenai *self)
{
  SoupSession *session = soup_session_new_with_options (
      "user-agent", "Whis/" WHIS_VERSION, "timeout", 0, "max-conns", MOST_CONNECTIONS,
      "max-conns-per-host", MOST_CONNECTIONS, "remote-connectable", self->remote_connectable, NULL);

  /* A key is shown in the way of the provider's row, and in no other. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  /* Plain http is for this computer and its network: a proxy would carry it elsewhere. */
  if (self->remote_connectable != NULL || g_str_has_prefix (self->url, "http://"))
    soup_session_set_proxy_resolver (session, NULL);

  return session;
}

static void
whis_openai_constructed (GObject *object)
{
  WhisOpenai *self = WHIS_OPENAI (object);

  G_OBJECT_CLASS (whis_openai_parent_class)->constructed (object);

  if (self->provider->local)
    self->host = g_strdup (_ ("this computer"));
  else
    self->host = whis_address_get_host (self->url);
  self->is_whisper_cpp = g_str_has_suffix (self->url, "/inference");
  self->session = make_session (self);
}

static void
whis_openai_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WhisOpenai *self = WHIS_OPENAI (object);

  switch (id)
    {
    case PROP_PROVIDER:
      self->provider = g_value_get_pointer (value);
      break;
    case PROP_URL:
      self->url = g_value_dup_string (value);
      break;
    case PROP_REMOTE_CONNECTABLE:
      self->remote_connectable = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_openai_dispose (GObject *object)
{
  WhisOpenai *self = WHIS_OPENAI (object);

  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->remote_connectable);

  G_OBJECT_CLASS (whis_openai_parent_class)->dispose (object);
}

static void
whis_openai_finalize (GObject *object)
{
  WhisOpenai *self = WHIS_OPENAI (object);

  g_free (self->url);
  g_free (self->host);

  G_OBJECT_CLASS (whis_openai_parent_class)->finalize (object);
}

static void
whis_openai_class_init (WhisOpenaiClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = whis_openai_constructed;
  object_class->set_property = whis_openai_set_property;
  object_class->dispose = whis_openai_dispose;
  object_class->finalize = whis_openai_finalize;

  /**
   * WhisOpenai:provider:
   *
   * The row of the provider table, a #WhisProvider that outlives the backend.
   */
  properties[PROP_PROVIDER] = g_param_spec_pointer ("provider", NULL, NULL, flags);

  /**
   * WhisOpenai:url:
   *
   * The address of the endpoint.
   */
  properties[PROP_URL] = g_param_spec_string ("url", NULL, NULL, NULL, flags);

  /**
   * WhisOpenai:remote-connectable:
   *
   * Where to connect to in place of the address's host; %NULL for the host.
   */
  properties[PROP_REMOTE_CONNECTABLE] =
      g_param_spec_object ("remote-connectable", NULL, NULL, G_TYPE_SOCKET_CONNECTABLE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_openai_init (WhisOpenai *self)
{
}

static void
whis_openai_backend_init (WhisBackendInterface *iface)
{
  iface->transcribe_async = whis_openai_transcribe_async;
  iface->transcribe_finish = whis_openai_transcribe_finish;
  iface->check_key_async = whis_openai_check_key_async;
  iface->check_key_finish = whis_openai_check_key_finish;
  iface->get_host = whis_openai_get_host;
  iface->warm_up = whis_openai_warm_up;
}

/**
 * whis_openai_new:
 * @provider: a row of the provider table
 * @url: address of the endpoint, from whis_address_normalize()
 * @connectable: (nullable): where to connect to in place of the host in @url
 *
 * Returns: (transfer full): a backend for the dialect of OpenAI
 */
WhisOpenai *
whis_openai_new (const WhisProvider *provider, const char *url, GSocketConnectable *connectable)
{
  g_return_val_if_fail (provider != NULL, NULL);
  g_return_val_if_fail (url != NULL, NULL);

  return g_object_new (WHIS_TYPE_OPENAI, "provider", provider, "url", url, "remote-connectable",
                       connectable, NULL);
}

/**
 * whis_openai_get_provider:
 * @self: a backend
 *
 * Returns: (transfer none): the row of the provider table
 */
const WhisProvider *
whis_openai_get_provider (WhisOpenai *self)
{
  g_return_val_if_fail (WHIS_IS_OPENAI (self), NULL);

  return self->provider;
}
