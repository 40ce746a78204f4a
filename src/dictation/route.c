/* SPDX-License-Identifier: MIT */
#include "route.h"

#include <glib/gi18n-lib.h>

#include "service-error.h"
#include "store-error.h"
#include "secret.h"

/**
 * WhisRoute:
 *
 * Where the sound of a dictation goes: to its service, and to no other, unless the user named a
 * second one. Then a piece goes there too when the first fails for good, or takes several times as
 * long as it usually does; the first good answer counts.
 */

/* Nobody notices less, and what a service usually takes is known roughly. */
#define SHORTEST_PATIENCE_MS 1000

/* Which part of the wait for an answer passes before anybody is told of it. */
#define SLOW_SHARE 4

enum
{
  FIRST,
  SECOND,
  N_STOPS
};

typedef struct
{
  const WhisProvider *provider;
  WhisPool *pool;
  char *model;
  char *key;
  gboolean has_key; /* or has looked for one */
  GError *hopeless; /* why the next piece would fail as well */
} Stop;

struct _WhisRoute
{
  GObject parent_instance;

  Stop stops[N_STOPS];
  WhisKeyring *keyring;
  double patience;
  gboolean warned;
  gboolean told_slow;
  guint n_travelling;
};

enum
{
  NOTICE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisRoute, whis_route, G_TYPE_OBJECT)

/* A piece of sound on its way. */
typedef struct
{
  WhisSpeechRequest *wanted;
  WhisSpeechRequest *requests[N_STOPS];
  GCancellable *cancellables[N_STOPS];
  gboolean asked[N_STOPS];
  gboolean running[N_STOPS];
  GError *errors[N_STOPS];
  gboolean returned;
  gulong cancelled_id;
  gulong trying_id;
  GSource *patience;
  GSource *slowness;
} Journey;

static void
journey_free (gpointer data)
{
  Journey *journey = data;

  for (int i = 0; i < N_STOPS; i++)
    {
      g_clear_pointer (&journey->requests[i], whis_speech_request_unref);
      g_object_unref (journey->cancellables[i]);
      g_clear_error (&journey->errors[i]);
    }
  whis_speech_request_unref (journey->wanted);
  g_free (journey);
}

/**
 * whis_route_answer_free:
 * @self: (transfer full): an answer
 */
void
whis_route_answer_free (WhisRouteAnswer *self)
{
  g_return_if_fail (self != NULL);

  whis_transcription_free (self->transcription);
  g_free (self->model);
  g_free (self->host);
  g_free (self);
}

static const char *
get_host (const Stop *stop)
{
  return whis_backend_get_host (whis_pool_get_backend (stop->pool));
}

static char *
dup_model (const char *model)
{
  return model != NULL && *model != '\0' ? g_strdup (model) : NULL;
}

static const char *
get_model (const Stop *stop)
{
  return whis_provider_choose_model (stop->provider, stop->model);
}

/* Refusals that the next piece would meet as well: nothing more is sent there. */
static const WhisServiceError hopeless_codes[] = {
  WHIS_SERVICE_ERROR_NO_KEY,     WHIS_SERVICE_ERROR_WRONG_KEY,
  WHIS_SERVICE_ERROR_PERMISSION, WHIS_SERVICE_ERROR_CREDIT,
  WHIS_SERVICE_ERROR_REDIRECT,   WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE,
  WHIS_SERVICE_ERROR_RETIRED,    WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL,
  WHIS_SERVICE_ERROR_ADDRESS,    WHIS_SERVICE_ERROR_NO_MODEL,
};

static gboolean
is_hopeless (const GError *error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hopeless_codes); i++)
    {
      if (g_error_matches (error, WHIS_SERVICE_ERROR, (int) hopeless_codes[i]))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Everybody waits who wants something of that service; only those who do are told. */
static void
delayed_cb (WhisRoute *self, guint64 wait_ms, const GError *reason)
{
  g_autofree char *sentence = NULL;
  gulong seconds = (gulong) ((MIN (wait_ms, G_MAXUINT) + 999) / 1000);

  if (self->n_travelling == 0)
    return;
  /* Translators: a sentence about what failed, then a time */
  sentence =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s Whis goes on by itself in %u second.",
                                    "%s Whis goes on by itself in %u seconds.", seconds),
                       reason->message, (guint) seconds);
  g_signal_emit (self, signals[NOTICE], 0, sentence);
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* No more is decided about a piece; what is still on its way is taken back. */
static void
end_journey (GTask *task)
{
  WhisRoute *self = g_task_get_source_object (task);
  Journey *journey = g_task_get_task_data (task);

  journey->returned = TRUE;
  self->n_travelling--;
  g_cancellable_disconnect (g_task_get_cancellable (task), journey->cancelled_id);
  g_clear_signal_handler (&journey->trying_id, self->stops[FIRST].pool);
  clear_source (&journey->patience);
  clear_source (&journey->slowness);
  for (int i = 0; i < N_STOPS; i++)
    {
      if (journey->running[i])
        g_cancellable_cancel (journey->cancellables[i]);
    }
}

static void
return_answer (GTask *task, int which, WhisTranscription *transcription)
{
  WhisRoute *self = g_task_get_source_object (task);
  Journey *journey = g_task_get_task_data (task);
  const Stop *stop = &self->stops[which];
  WhisRouteAnswer *answer = g_new0 (WhisRouteAnswer, 1);

  answer->transcription = transcription;
  answer->provider = stop->provider;
  answer->model = g_strdup (get_model (stop));
  answer->host = g_strdup (get_host (stop));
  if (journey->asked[!which])
    answer->tried = self->stops[!which].provider->id;
  end_journey (task);
  g_task_return_pointer (task, answer, (GDestroyNotify) whis_route_answer_free);
}

/* The service that the user chose is the one whose words count. */
static void
return_failure (GTask *task)
{
  Journey *journey = g_task_get_task_data (task);
  GError *error = g_steal_pointer (&journey->errors[FIRST]);

  if (journey->errors[SECOND] != NULL && is_cancelled (error))
    {
      g_clear_error (&error);
      error = g_steal_pointer (&journey->errors[SECOND]);
    }
  end_journey (task);
  g_task_return_error (task, error);
}

static void route_ask (GTask *task, int which);

static void
tell_diverted (WhisRoute *self, const GError *error)
{
  g_autofree char *sentence = NULL;
  const char *first = whis_provider_get_name (self->stops[FIRST].provider);
  const char *second = whis_provider_get_name (self->stops[SECOND].provider);

  if (self->warned)
    return;
  self->warned = TRUE;
  if (error != NULL)
    /* Translators: a sentence about what failed, then the name of a service */
    sentence = g_strdup_printf (_ ("%s The sound goes to %s in its place, as you chose."),
                                error->message, second);
  else
    sentence = g_strdup_printf (_ ("%s is slow today: the sound goes to %s too, as you chose."),
                                first, second);
  g_signal_emit (self, signals[NOTICE], 0, sentence);
}

static void
take_failure (GTask *task, int which, GError *error)
{
  WhisRoute *self = g_task_get_source_object (task);
  Journey *journey = g_task_get_task_data (task);
  gboolean cancelled = g_cancellable_is_cancelled (g_task_get_cancellable (task));

  if (is_hopeless (error) && self->stops[which].hopeless == NULL)
    self->stops[which].hopeless = g_error_copy (error);
  journey->errors[which] = error;
  if (which == FIRST && !journey->asked[SECOND] && whis_route_has_second (self) && !cancelled)
    {
      tell_diverted (self, error);
      route_ask (task, SECOND);
    }
  else if (!journey->running[!which])
    return_failure (task);
}

static void
on_route_arrived (GObject *source, GAsyncResult *result, GTask *owned_task, int which)
{
  g_autoptr (GTask) task = owned_task;
  Journey *journey = g_task_get_task_data (task);
  GError *error = NULL;
  WhisTranscription *transcription =
      whis_pool_transcribe_finish (WHIS_POOL (source), result, &error);

  journey->running[which] = FALSE;
  if (journey->returned)
    {
      g_clear_pointer (&transcription, whis_transcription_free);
      g_clear_error (&error);
    }
  else if (transcription != NULL)
    return_answer (task, which, transcription);
  else
    take_failure (task, which, error);
}

static void
first_arrived (GObject *source, GAsyncResult *result, gpointer data)
{
  on_route_arrived (source, result, data, FIRST);
}

static void
second_arrived (GObject *source, GAsyncResult *result, gpointer data)
{
  on_route_arrived (source, result, data, SECOND);
}

static void
route_send (GTask *task, int which)
{
  WhisRoute *self = g_task_get_source_object (task);
  Journey *journey = g_task_get_task_data (task);
  const Stop *stop = &self->stops[which];
  g_autoptr (WhisSpeechRequest) request = whis_speech_request_copy (journey->wanted);

  whis_speech_request_set_model (request, stop->model);
  whis_speech_request_set_key (request, stop->key);
  journey->requests[which] = whis_speech_request_ref (request);
  whis_pool_transcribe_async (stop->pool, request, journey->cancellables[which],
                              which == FIRST ? first_arrived : second_arrived, g_object_ref (task));
}

static void
second_key_found (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisRoute *self = g_task_get_source_object (task);
  Journey *journey = g_task_get_task_data (task);
  Stop *stop = &self->stops[SECOND];
  GError *error = NULL;
  char *key = whis_keyring_lookup_finish (WHIS_KEYRING (object), result, &error);

  /* As for the first service: a keyring that is lost may well have none for it. */
  if (g_error_matches (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING)
      && !stop->provider->needs_key)
    g_clear_error (&error);
  if (!stop->has_key && error == NULL)
    {
      stop->key = g_steal_pointer (&key);
      stop->has_key = TRUE;
    }
  whis_secret_free (key);
  if (journey->returned)
    g_clear_error (&error);
  else if (error == NULL)
    route_send (task, SECOND);
  else
    {
      journey->running[SECOND] = FALSE;
      take_failure (task, SECOND, error);
    }
}

static void
route_ask (GTask *task, int which)
{
  WhisRoute *self = g_task_get_source_object (task);
  Journey *journey = g_task_get_task_data (task);
  const Stop *stop = &self->stops[which];

  journey->asked[which] = stop->hopeless == NULL;
  if (stop->hopeless != NULL)
    {
      take_failure (task, which, g_error_copy (stop->hopeless));
      return;
    }
  journey->running[which] = TRUE;
  if (which == FIRST || stop->has_key)
    route_send (task, which);
  else
    whis_keyring_lookup_async (self->keyring, stop->provider->id, stop->provider->key_variable,
                               TRUE, journey->cancellables[which], second_key_found,
                               g_object_ref (task));
}

static gboolean
out_of_patience (gpointer data)
{
  GTask *task = data;
  Journey *journey = g_task_get_task_data (task);

  g_clear_pointer (&journey->patience, g_source_unref);
  if (!journey->asked[SECOND])
    {
      tell_diverted (g_task_get_source_object (task), NULL);
      route_ask (task, SECOND);
    }

  return G_SOURCE_REMOVE;
}

static WhisTimeouts
get_timeouts (GTask *task)
{
  WhisRoute *self = g_task_get_source_object (task);
  Journey *journey = g_task_get_task_data (task);

  return whis_provider_get_timeouts (self->stops[FIRST].provider, journey->wanted->size,
                                     journey->wanted->duration_ms);
}

/* Somebody who waits is told for whom, and how long at most; once for a dictation. */
static gboolean
is_slow (gpointer data)
{
  GTask *task = data;
  WhisRoute *self = g_task_get_source_object (task);
  Journey *journey = g_task_get_task_data (task);
  const Stop *stop = &self->stops[FIRST];
  WhisTimeouts timeouts = get_timeouts (task);
  guint64 longest_ms =
      (guint64) timeouts.connect_ms + timeouts.send_ms + timeouts.answer_ms + timeouts.read_ms;
  gulong minutes = (gulong) ((longest_ms + 59999) / 60000);
  g_autofree char *sentence = NULL;

  g_clear_pointer (&journey->slowness, g_source_unref);
  if (self->told_slow)
    return G_SOURCE_REMOVE;
  self->told_slow = TRUE;
  /* Translators: the name of a service, its host, a number of minutes */
  sentence = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s at %s has not answered yet; Whis waits up to %u minute.",
                   "%s at %s has not answered yet; Whis waits up to %u minutes.", minutes),
      whis_provider_get_name (stop->provider), get_host (stop), (guint) minutes);
  g_signal_emit (self, signals[NOTICE], 0, sentence);

  return G_SOURCE_REMOVE;
}

/* The recogniser on this computer is watched by whoever started it. */
static void
watch_slowness (GTask *task)
{
  WhisRoute *self = g_task_get_source_object (task);
  Journey *journey = g_task_get_task_data (task);

  if (journey->slowness != NULL || self->told_slow || self->stops[FIRST].provider->local)
    return;
  journey->slowness = g_timeout_source_new (get_timeouts (task).answer_ms / SLOW_SHARE);
  g_source_set_callback (journey->slowness, is_slow, task, NULL);
  g_source_attach (journey->slowness, g_task_get_context (task));
}

static gboolean
may_divert (WhisRoute *self)
{
  return whis_route_has_second (self) && self->patience > 0;
}

/* The clocks run from the moment at which the service is really asked. */
static void
trying_cb (GTask *task, WhisSpeechRequest *request)
{
  WhisRoute *self = g_task_get_source_object (task);
  Journey *journey = g_task_get_task_data (task);
  guint64 usual;

  if (request != journey->requests[FIRST])
    return;
  watch_slowness (task);
  usual = may_divert (self)
              ? whis_pool_estimate_latency (self->stops[FIRST].pool, request->duration_ms)
              : 0;
  if (usual == 0 || journey->patience != NULL)
    return;
  journey->patience = g_timeout_source_new (
      (guint) CLAMP ((double) usual * self->patience, SHORTEST_PATIENCE_MS, G_MAXINT));
  g_source_set_callback (journey->patience, out_of_patience, task, NULL);
  g_source_attach (journey->patience, g_task_get_context (task));
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  Journey *journey = g_task_get_task_data (data);

  for (int i = 0; i < N_STOPS; i++)
    g_cancellable_cancel (journey->cancellables[i]);
}

/**
 * whis_route_transcribe_async:
 * @self: a route
 * @request: what to turn into text; model and key are those of the route
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is an answer or an error
 * @data: data for @callback
 *
 * Sends a piece of sound on its way.
 */
void
whis_route_transcribe_async (WhisRoute *self,
                             WhisSpeechRequest *request,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Journey *journey;

  g_return_if_fail (WHIS_IS_ROUTE (self));
  g_return_if_fail (request != NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, whis_route_transcribe_async);
  journey = g_new0 (Journey, 1);
  journey->wanted = whis_speech_request_ref (request);
  for (int i = 0; i < N_STOPS; i++)
    journey->cancellables[i] = g_cancellable_new ();
  g_task_set_task_data (task, journey, journey_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  self->n_travelling++;
  if (cancellable != NULL)
    journey->cancelled_id =
        g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), task, NULL);
  journey->trying_id =
      g_signal_connect_swapped (self->stops[FIRST].pool, "trying", G_CALLBACK (trying_cb), task);
  route_ask (task, FIRST);
}

/**
 * whis_route_transcribe_finish:
 * @self: a route
 * @result: what the callback got
 * @error: return location for the error of the first service
 *
 * Returns: (transfer full): the first good answer; %NULL on error
 */
WhisRouteAnswer *
whis_route_transcribe_finish (WhisRoute *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * whis_route_get_provider:
 * @self: a route
 *
 * Returns: the service that the user chose
 */
const WhisProvider *
whis_route_get_provider (WhisRoute *self)
{
  g_return_val_if_fail (WHIS_IS_ROUTE (self), NULL);

  return self->stops[FIRST].provider;
}

/**
 * whis_route_get_model:
 * @self: a route
 *
 * Returns: (nullable): its model; %NULL when the server decides
 */
const char *
whis_route_get_model (WhisRoute *self)
{
  g_return_val_if_fail (WHIS_IS_ROUTE (self), NULL);

  return get_model (&self->stops[FIRST]);
}

/**
 * whis_route_get_host:
 * @self: a route
 *
 * Returns: its host, for people
 */
const char *
whis_route_get_host (WhisRoute *self)
{
  g_return_val_if_fail (WHIS_IS_ROUTE (self), NULL);

  return get_host (&self->stops[FIRST]);
}

/**
 * whis_route_warm_up:
 * @self: a route
 *
 * Opens a connection to the service that the user chose ahead of its use.
 */
void
whis_route_warm_up (WhisRoute *self)
{
  g_return_if_fail (WHIS_IS_ROUTE (self));

  whis_backend_warm_up (whis_pool_get_backend (self->stops[FIRST].pool), self->stops[FIRST].model);
}

/**
 * whis_route_has_second:
 * @self: a route
 *
 * Returns: whether the user named a second service
 */
gboolean
whis_route_has_second (WhisRoute *self)
{
  g_return_val_if_fail (WHIS_IS_ROUTE (self), FALSE);

  return self->stops[SECOND].provider != NULL;
}

/**
 * whis_route_set_key:
 * @self: a route
 * @key: (transfer full) (nullable): the key of the service that the user chose
 * @error: (nullable): why the key could not be had; every piece fails with it then, or goes to the
 *   second service
 */
void
whis_route_set_key (WhisRoute *self, char *key, const GError *error)
{
  Stop *stop;

  g_return_if_fail (WHIS_IS_ROUTE (self));

  stop = &self->stops[FIRST];
  whis_secret_free (stop->key);
  stop->key = key;
  stop->has_key = TRUE;
  if (error != NULL && stop->hopeless == NULL)
    stop->hopeless = g_error_copy (error);
}

/**
 * whis_route_set_model:
 * @self: a route on which nothing travels yet
 * @model: (nullable): the model of the service that the user chose; %NULL for its default
 */
void
whis_route_set_model (WhisRoute *self, const char *model)
{
  g_return_if_fail (WHIS_IS_ROUTE (self));

  g_free (self->stops[FIRST].model);
  self->stops[FIRST].model = dup_model (model);
}

/**
 * whis_route_get_key:
 * @self: a route
 *
 * Returns: (nullable) (transfer none): the key of the service that the user chose
 */
const char *
whis_route_get_key (WhisRoute *self)
{
  g_return_val_if_fail (WHIS_IS_ROUTE (self), NULL);

  return self->stops[FIRST].key;
}

static void
clear_stop (Stop *stop)
{
  g_clear_object (&stop->pool);
  g_free (stop->model);
  whis_secret_free (stop->key);
  g_clear_error (&stop->hopeless);
}

static void
whis_route_finalize (GObject *object)
{
  WhisRoute *self = WHIS_ROUTE (object);

  for (int i = 0; i < N_STOPS; i++)
    clear_stop (&self->stops[i]);
  g_clear_object (&self->keyring);

  G_OBJECT_CLASS (whis_route_parent_class)->finalize (object);
}

static void
whis_route_class_init (WhisRouteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_route_finalize;

  /**
   * WhisRoute::notice:
   * @self: a route
   * @sentence: what the user should know
   *
   * Sound goes to the second service, for the first time; or a service asked for a wait, or lets
   * wait for itself.
   */
  signals[NOTICE] = g_signal_new ("notice", WHIS_TYPE_ROUTE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
whis_route_init (WhisRoute *self)
{
}

static void
set_stop (WhisRoute *self,
          int which,
          const WhisProvider *provider,
          WhisPool *pool,
          const char *model)
{
  Stop *stop = &self->stops[which];

  stop->provider = provider;
  stop->pool = g_object_ref (pool);
  stop->model = dup_model (model);
  g_signal_connect_object (pool, "delayed", G_CALLBACK (delayed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * whis_route_new:
 * @provider: the service that the user chose
 * @pool: where its requests wait
 * @model: (nullable): its model; %NULL for its default
 *
 * Returns: (transfer full): a route to one service
 */
WhisRoute *
whis_route_new (const WhisProvider *provider, WhisPool *pool, const char *model)
{
  WhisRoute *self;

  g_return_val_if_fail (provider != NULL, NULL);
  g_return_val_if_fail (WHIS_IS_POOL (pool), NULL);

  self = g_object_new (WHIS_TYPE_ROUTE, NULL);
  set_stop (self, FIRST, provider, pool, model);

  return self;
}

/**
 * whis_route_set_second:
 * @self: a route on which nothing travels yet
 * @provider: another service, which the user named for this
 * @pool: where its requests wait
 * @model: (nullable): its model; %NULL for its default
 * @keyring: where its key is
 * @patience: how many times as long as usual the first may take before the second is asked too; 0
 *   to ask it only when the first fails for good
 */
void
whis_route_set_second (WhisRoute *self,
                       const WhisProvider *provider,
                       WhisPool *pool,
                       const char *model,
                       WhisKeyring *keyring,
                       double patience)
{
  g_return_if_fail (WHIS_IS_ROUTE (self));
  g_return_if_fail (provider != NULL && provider != self->stops[FIRST].provider);
  g_return_if_fail (self->stops[SECOND].provider == NULL);

  set_stop (self, SECOND, provider, pool, model);
  self->stops[SECOND].has_key = !provider->takes_key;
  self->keyring = g_object_ref (keyring);
  self->patience = patience;
}
