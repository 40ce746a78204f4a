/* SPDX-License-Identifier: MIT */
#include "failover.h"

#include <glib/gi18n-lib.h>

#include "service-error.h"
#include "store-error.h"
#include "secret.h"

/**
 * WhisFailover:
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
  N_TARGETS
};

typedef struct
{
  const WhisProvider *provider;
  WhisPool *pool;
  char *model;
  char *key;
  gboolean has_key; /* or has looked for one */
  GError *hopeless; /* why the next piece would fail as well */
} Target;

struct _WhisFailover
{
  GObject parent_instance;

  Target targets[N_TARGETS];
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

G_DEFINE_FINAL_TYPE (WhisFailover, whis_failover, G_TYPE_OBJECT)

/* A piece of sound on its way. */
typedef struct
{
  WhisSpeechRequest *wanted;
  WhisSpeechRequest *requests[N_TARGETS];
  GCancellable *cancellables[N_TARGETS];
  gboolean asked[N_TARGETS];
  gboolean running[N_TARGETS];
  GError *errors[N_TARGETS];
  gboolean returned;
  gulong cancelled_id;
  gulong trying_id;
  GSource *patience;
  GSource *slowness;
} Attempt;

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  for (int i = 0; i < N_TARGETS; i++)
    {
      g_clear_pointer (&attempt->requests[i], whis_speech_request_unref);
      g_object_unref (attempt->cancellables[i]);
      g_clear_error (&attempt->errors[i]);
    }
  whis_speech_request_unref (attempt->wanted);
  g_free (attempt);
}

/**
 * whis_failover_answer_free:
 * @self: (transfer full): an answer
 */
void
whis_failover_answer_free (WhisFailoverAnswer *self)
{
  g_return_if_fail (self != NULL);

  whis_transcription_free (self->transcription);
  g_free (self->model);
  g_free (self->host);
  g_free (self);
}

static const char *
get_host (const Target *target)
{
  return whis_backend_get_host (whis_pool_get_backend (target->pool));
}

static char *
dup_model (const char *model)
{
  return model != NULL && *model != '\0' ? g_strdup (model) : NULL;
}

static const char *
get_model (const Target *target)
{
  return whis_provider_choose_model (target->provider, target->model);
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
delayed_cb (WhisFailover *self, guint64 wait_ms, const GError *reason)
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
end_attempt (GTask *task)
{
  WhisFailover *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);

  attempt->returned = TRUE;
  self->n_travelling--;
  g_cancellable_disconnect (g_task_get_cancellable (task), attempt->cancelled_id);
  g_clear_signal_handler (&attempt->trying_id, self->targets[FIRST].pool);
  clear_source (&attempt->patience);
  clear_source (&attempt->slowness);
  for (int i = 0; i < N_TARGETS; i++)
    {
      if (attempt->running[i])
        g_cancellable_cancel (attempt->cancellables[i]);
    }
}

static void
return_answer (GTask *task, int which, WhisTranscription *transcription)
{
  WhisFailover *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  const Target *target = &self->targets[which];
  WhisFailoverAnswer *answer = g_new0 (WhisFailoverAnswer, 1);

  answer->transcription = transcription;
  answer->provider = target->provider;
  answer->model = g_strdup (get_model (target));
  answer->host = g_strdup (get_host (target));
  if (attempt->asked[!which])
    answer->tried = self->targets[!which].provider->id;
  end_attempt (task);
  g_task_return_pointer (task, answer, (GDestroyNotify) whis_failover_answer_free);
}

/* The service that the user chose is the one whose words count. */
static void
return_failure (GTask *task)
{
  Attempt *attempt = g_task_get_task_data (task);
  GError *error = g_steal_pointer (&attempt->errors[FIRST]);

  if (attempt->errors[SECOND] != NULL && is_cancelled (error))
    {
      g_clear_error (&error);
      error = g_steal_pointer (&attempt->errors[SECOND]);
    }
  end_attempt (task);
  g_task_return_error (task, error);
}

static void route_ask (GTask *task, int which);

static void
tell_diverted (WhisFailover *self, const GError *error)
{
  g_autofree char *sentence = NULL;
  const char *first = whis_provider_get_name (self->targets[FIRST].provider);
  const char *second = whis_provider_get_name (self->targets[SECOND].provider);

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
  WhisFailover *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  gboolean cancelled = g_cancellable_is_cancelled (g_task_get_cancellable (task));

  if (is_hopeless (error) && self->targets[which].hopeless == NULL)
    self->targets[which].hopeless = g_error_copy (error);
  attempt->errors[which] = error;
  if (which == FIRST && !attempt->asked[SECOND] && whis_failover_has_second (self) && !cancelled)
    {
      tell_diverted (self, error);
      route_ask (task, SECOND);
    }
  else if (!attempt->running[!which])
    return_failure (task);
}

static void
on_route_arrived (GObject *source, GAsyncResult *result, GTask *owned_task, int which)
{
  g_autoptr (GTask) task = owned_task;
  Attempt *attempt = g_task_get_task_data (task);
  GError *error = NULL;
  WhisTranscription *transcription =
      whis_pool_transcribe_finish (WHIS_POOL (source), result, &error);

  attempt->running[which] = FALSE;
  if (attempt->returned)
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
  WhisFailover *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  const Target *target = &self->targets[which];
  g_autoptr (WhisSpeechRequest) request = whis_speech_request_copy (attempt->wanted);

  whis_speech_request_set_model (request, target->model);
  whis_speech_request_set_key (request, target->key);
  attempt->requests[which] = whis_speech_request_ref (request);
  whis_pool_transcribe_async (target->pool, request, attempt->cancellables[which],
                              which == FIRST ? first_arrived : second_arrived, g_object_ref (task));
}

static void
second_key_found (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisFailover *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  Target *target = &self->targets[SECOND];
  GError *error = NULL;
  char *key = whis_keyring_lookup_finish (WHIS_KEYRING (object), result, &error);

  /* As for the first service: a keyring that is lost may well have none for it. */
  if (g_error_matches (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING)
      && !target->provider->needs_key)
    g_clear_error (&error);
  if (!target->has_key && error == NULL)
    {
      target->key = g_steal_pointer (&key);
      target->has_key = TRUE;
    }
  whis_secret_free (key);
  if (attempt->returned)
    g_clear_error (&error);
  else if (error == NULL)
    route_send (task, SECOND);
  else
    {
      attempt->running[SECOND] = FALSE;
      take_failure (task, SECOND, error);
    }
}

static void
route_ask (GTask *task, int which)
{
  WhisFailover *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  const Target *target = &self->targets[which];

  attempt->asked[which] = target->hopeless == NULL;
  if (target->hopeless != NULL)
    {
      take_failure (task, which, g_error_copy (target->hopeless));
      return;
    }
  attempt->running[which] = TRUE;
  if (which == FIRST || target->has_key)
    route_send (task, which);
  else
    whis_keyring_lookup_async (self->keyring, target->provider->id, target->provider->key_variable,
                               TRUE, attempt->cancellables[which], second_key_found,
                               g_object_ref (task));
}

static gboolean
out_of_patience (gpointer data)
{
  GTask *task = data;
  Attempt *attempt = g_task_get_task_data (task);

  g_clear_pointer (&attempt->patience, g_source_unref);
  if (!attempt->asked[SECOND])
    {
      tell_diverted (g_task_get_source_object (task), NULL);
      route_ask (task, SECOND);
    }

  return G_SOURCE_REMOVE;
}

static WhisTimeouts
get_timeouts (GTask *task)
{
  WhisFailover *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);

  return whis_provider_get_timeouts (self->targets[FIRST].provider, attempt->wanted->size,
                                     attempt->wanted->duration_ms);
}

/* Somebody who waits is told for whom, and how long at most; once for a dictation. */
static gboolean
is_slow (gpointer data)
{
  GTask *task = data;
  WhisFailover *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  const Target *target = &self->targets[FIRST];
  WhisTimeouts timeouts = get_timeouts (task);
  guint64 longest_ms =
      (guint64) timeouts.connect_ms + timeouts.send_ms + timeouts.answer_ms + timeouts.read_ms;
  gulong minutes = (gulong) ((longest_ms + 59999) / 60000);
  g_autofree char *sentence = NULL;

  g_clear_pointer (&attempt->slowness, g_source_unref);
  if (self->told_slow)
    return G_SOURCE_REMOVE;
  self->told_slow = TRUE;
  /* Translators: the name of a service, its host, a number of minutes */
  sentence = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s at %s has not answered yet; Whis waits up to %u minute.",
                   "%s at %s has not answered yet; Whis waits up to %u minutes.", minutes),
      whis_provider_get_name (target->provider), get_host (target), (guint) minutes);
  g_signal_emit (self, signals[NOTICE], 0, sentence);

  return G_SOURCE_REMOVE;
}

/* The recogniser on this computer is watched by whoever started it. */
static void
watch_slowness (GTask *task)
{
  WhisFailover *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);

  if (attempt->slowness != NULL || self->told_slow || self->targets[FIRST].provider->local)
    return;
  attempt->slowness = g_timeout_source_new (get_timeouts (task).answer_ms / SLOW_SHARE);
  g_source_set_callback (attempt->slowness, is_slow, task, NULL);
  g_source_attach (attempt->slowness, g_task_get_context (task));
}

static gboolean
may_divert (WhisFailover *self)
{
  return whis_failover_has_second (self) && self->patience > 0;
}

/* The clocks run from the moment at which the service is really asked. */
static void
trying_cb (GTask *task, WhisSpeechRequest *request)
{
  WhisFailover *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  guint64 usual;

  if (request != attempt->requests[FIRST])
    return;
  watch_slowness (task);
  usual = may_divert (self)
              ? whis_pool_estimate_latency (self->targets[FIRST].pool, request->duration_ms)
              : 0;
  if (usual == 0 || attempt->patience != NULL)
    return;
  attempt->patience = g_timeout_source_new (
      (guint) CLAMP ((double) usual * self->patience, SHORTEST_PATIENCE_MS, G_MAXINT));
  g_source_set_callback (attempt->patience, out_of_patience, task, NULL);
  g_source_attach (attempt->patience, g_task_get_context (task));
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  Attempt *attempt = g_task_get_task_data (data);

  for (int i = 0; i < N_TARGETS; i++)
    g_cancellable_cancel (attempt->cancellables[i]);
}

/**
 * whis_failover_transcribe_async:
 * @self: a route
 * @request: what to turn into text; model and key are those of the route
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is an answer or an error
 * @data: data for @callback
 *
 * Sends a piece of sound on its way.
 */
void
whis_failover_transcribe_async (WhisFailover *self,
                                WhisSpeechRequest *request,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Attempt *attempt;

  g_return_if_fail (WHIS_IS_FAILOVER (self));
  g_return_if_fail (request != NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, whis_failover_transcribe_async);
  attempt = g_new0 (Attempt, 1);
  attempt->wanted = whis_speech_request_ref (request);
  for (int i = 0; i < N_TARGETS; i++)
    attempt->cancellables[i] = g_cancellable_new ();
  g_task_set_task_data (task, attempt, attempt_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  self->n_travelling++;
  if (cancellable != NULL)
    attempt->cancelled_id =
        g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), task, NULL);
  attempt->trying_id =
      g_signal_connect_swapped (self->targets[FIRST].pool, "trying", G_CALLBACK (trying_cb), task);
  route_ask (task, FIRST);
}

/**
 * whis_failover_transcribe_finish:
 * @self: a route
 * @result: what the callback got
 * @error: return location for the error of the first service
 *
 * Returns: (transfer full): the first good answer; %NULL on error
 */
WhisFailoverAnswer *
whis_failover_transcribe_finish (WhisFailover *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * whis_failover_get_provider:
 * @self: a route
 *
 * Returns: the service that the user chose
 */
const WhisProvider *
whis_failover_get_provider (WhisFailover *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER (self), NULL);

  return self->targets[FIRST].provider;
}

/**
 * whis_failover_get_model:
 * @self: a route
 *
 * Returns: (nullable): its model; %NULL when the server decides
 */
const char *
whis_failover_get_model (WhisFailover *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER (self), NULL);

  return get_model (&self->targets[FIRST]);
}

/**
 * whis_failover_get_host:
 * @self: a route
 *
 * Returns: its host, for people
 */
const char *
whis_failover_get_host (WhisFailover *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER (self), NULL);

  return get_host (&self->targets[FIRST]);
}

/**
 * whis_failover_warm_up:
 * @self: a route
 *
 * Opens a connection to the service that the user chose ahead of its use.
 */
void
whis_failover_warm_up (WhisFailover *self)
{
  g_return_if_fail (WHIS_IS_FAILOVER (self));

  whis_backend_warm_up (whis_pool_get_backend (self->targets[FIRST].pool),
                        self->targets[FIRST].model);
}

/**
 * whis_failover_has_second:
 * @self: a route
 *
 * Returns: whether the user named a second service
 */
gboolean
whis_failover_has_second (WhisFailover *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER (self), FALSE);

  return self->targets[SECOND].provider != NULL;
}

/**
 * whis_failover_set_key:
 * @self: a route
 * @key: (transfer full) (nullable): the key of the service that the user chose
 * @error: (nullable): why the key could not be had; every piece fails with it then, or goes to the
 *   second service
 */
void
whis_failover_set_key (WhisFailover *self, char *key, const GError *error)
{
  Target *target;

  g_return_if_fail (WHIS_IS_FAILOVER (self));

  target = &self->targets[FIRST];
  whis_secret_free (target->key);
  target->key = key;
  target->has_key = TRUE;
  if (error != NULL && target->hopeless == NULL)
    target->hopeless = g_error_copy (error);
}

/**
 * whis_failover_set_model:
 * @self: a route on which nothing travels yet
 * @model: (nullable): the model of the service that the user chose; %NULL for its default
 */
void
whis_failover_set_model (WhisFailover *self, const char *model)
{
  g_return_if_fail (WHIS_IS_FAILOVER (self));

  g_free (self->targets[FIRST].model);
  self->targets[FIRST].model = dup_model (model);
}

/**
 * whis_failover_get_key:
 * @self: a route
 *
 * Returns: (nullable) (transfer none): the key of the service that the user chose
 */
const char *
whis_failover_get_key (WhisFailover *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER (self), NULL);

  return self->targets[FIRST].key;
}

static void
clear_target (Target *target)
{
  g_clear_object (&target->pool);
  g_free (target->model);
  whis_secret_free (target->key);
  g_clear_error (&target->hopeless);
}

static void
whis_failover_finalize (GObject *object)
{
  WhisFailover *self = WHIS_FAILOVER (object);

  for (int i = 0; i < N_TARGETS; i++)
    clear_target (&self->targets[i]);
  g_clear_object (&self->keyring);

  G_OBJECT_CLASS (whis_failover_parent_class)->finalize (object);
}

static void
whis_failover_class_init (WhisFailoverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_failover_finalize;

  /**
   * WhisFailover::notice:
   * @self: a route
   * @sentence: what the user should know
   *
   * Sound goes to the second service, for the first time; or a service asked for a wait, or lets
   * wait for itself.
   */
  signals[NOTICE] = g_signal_new ("notice", WHIS_TYPE_FAILOVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
whis_failover_init (WhisFailover *self)
{
}

static void
set_target (WhisFailover *self,
            int which,
            const WhisProvider *provider,
            WhisPool *pool,
            const char *model)
{
  Target *target = &self->targets[which];

  target->provider = provider;
  target->pool = g_object_ref (pool);
  target->model = dup_model (model);
  g_signal_connect_object (pool, "delayed", G_CALLBACK (delayed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * whis_failover_new:
 * @provider: the service that the user chose
 * @pool: where its requests wait
 * @model: (nullable): its model; %NULL for its default
 *
 * Returns: (transfer full): a route to one service
 */
WhisFailover *
whis_failover_new (const WhisProvider *provider, WhisPool *pool, const char *model)
{
  WhisFailover *self;

  g_return_val_if_fail (provider != NULL, NULL);
  g_return_val_if_fail (WHIS_IS_POOL (pool), NULL);

  self = g_object_new (WHIS_TYPE_FAILOVER, NULL);
  set_target (self, FIRST, provider, pool, model);

  return self;
}

/**
 * whis_failover_set_second:
 * @self: a route on which nothing travels yet
 * @provider: another service, which the user named for this
 * @pool: where its requests wait
 * @model: (nullable): its model; %NULL for its default
 * @keyring: where its key is
 * @patience: how many times as long as usual the first may take before the second is asked too; 0
 *   to ask it only when the first fails for good
 */
void
whis_failover_set_second (WhisFailover *self,
                          const WhisProvider *provider,
                          WhisPool *pool,
                          const char *model,
                          WhisKeyring *keyring,
                          double patience)
{
  g_return_if_fail (WHIS_IS_FAILOVER (self));
  g_return_if_fail (provider != NULL && provider != self->targets[FIRST].provider);
  g_return_if_fail (self->targets[SECOND].provider == NULL);

  set_target (self, SECOND, provider, pool, model);
  self->targets[SECOND].has_key = !provider->takes_key;
  self->keyring = g_object_ref (keyring);
  self->patience = patience;
}
