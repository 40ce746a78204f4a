/* SPDX-License-Identifier: MIT */
#include "failover.h"

#include <glib/gi18n-lib.h>

#include "failover-attempt.h"
#include "failover-target.h"

/**
 * WhisFailover:
 *
 * Where the sound of a dictation goes: to its service, and to no other, unless the user named a
 * second one. Then a request goes there too when the first fails for good, or takes several times
 * as long as it usually does; the first good answer counts.
 */

/* Nobody notices less, and what a service usually takes is known roughly. */
#define SHORTEST_TIMEOUT_MS 1000

/* Which part of the wait for an answer passes before anybody is told of it. */
#define SLOW_SHARE 4

enum
{
  FIRST,
  SECOND,
  N_TARGETS
};

struct _WhisFailover
{
  GObject parent_instance;

  WhisFailoverTarget *targets[N_TARGETS]; /* the second is NULL if the user named none */
  WhisKeyring *keyring;
  double slow_factor; /* times the usual latency until the second is asked too; 0 for never */
  gboolean second_notified;
  gboolean slow_notified;
  guint n_in_flight;
};

enum
{
  NOTICE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisFailover, whis_failover, G_TYPE_OBJECT)

/* A request and its attempts; the data of its task. */
typedef struct
{
  WhisSpeechRequest *request;
  WhisFailoverAttempt *attempts[N_TARGETS]; /* the second is NULL if there is none */
  gboolean returned;
  gulong cancelled_id;
  gulong trying_id;
  GSource *second_timeout; /* until the second is asked too */
  GSource *notice_timeout; /* until somebody is told that the answer takes long */
} Flight;

static void
flight_free (gpointer data)
{
  Flight *flight = data;

  for (int i = 0; i < N_TARGETS; i++)
    g_clear_object (&flight->attempts[i]);
  whis_speech_request_unref (flight->request);
  g_free (flight);
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
get_name (WhisFailoverTarget *target)
{
  return whis_provider_get_name (whis_failover_target_get_provider (target));
}

/* Everybody waits who wants something of that service; only those who do are told. */
static void
on_pool_delayed (WhisFailover *self, guint64 wait_ms, const GError *reason)
{
  g_autofree char *sentence = NULL;
  gulong seconds = (gulong) ((MIN (wait_ms, G_MAXUINT) + 999) / 1000);

  if (self->n_in_flight == 0)
    return;
  /* Translators: a sentence about what failed, then a time */
  sentence =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s Whis goes on by itself in %u second.",
                                    "%s Whis goes on by itself in %u seconds.", seconds),
                       reason->message, (guint) seconds);
  g_signal_emit (self, signals[NOTICE], 0, sentence);
}

/* Once for a dictation. @error is that of the first service, or NULL if it is slow. */
static void
notify_second (WhisFailover *self, const GError *error)
{
  g_autofree char *sentence = NULL;
  const char *first = get_name (self->targets[FIRST]);
  const char *second = get_name (self->targets[SECOND]);

  if (self->second_notified)
    return;
  self->second_notified = TRUE;
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
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* Nothing more is decided about a request; what is still on its way is taken back. */
static void
flight_end (GTask *task)
{
  WhisFailover *self = g_task_get_source_object (task);
  Flight *flight = g_task_get_task_data (task);

  flight->returned = TRUE;
  self->n_in_flight--;
  g_cancellable_disconnect (g_task_get_cancellable (task), flight->cancelled_id);
  g_clear_signal_handler (&flight->trying_id, whis_failover_target_get_pool (self->targets[FIRST]));
  clear_source (&flight->second_timeout);
  clear_source (&flight->notice_timeout);
  for (int i = 0; i < N_TARGETS; i++)
    {
      if (flight->attempts[i] != NULL)
        whis_failover_attempt_cancel (flight->attempts[i]);
    }
}

static void
flight_return_answer (GTask *owned_task, int which)
{
  g_autoptr (GTask) task = owned_task;
  Flight *flight = g_task_get_task_data (task);
  WhisFailoverAttempt *attempt = flight->attempts[which];
  WhisFailoverAttempt *other = flight->attempts[!which];
  WhisFailoverTarget *target = whis_failover_attempt_get_target (attempt);
  WhisFailoverAnswer *answer = g_new0 (WhisFailoverAnswer, 1);

  answer->transcription = whis_failover_attempt_steal_transcription (attempt);
  answer->provider = whis_failover_target_get_provider (target);
  answer->model = g_strdup (whis_failover_target_get_model (target));
  answer->host = g_strdup (whis_failover_target_get_host (target));
  if (other != NULL && whis_failover_attempt_was_sent (other))
    answer->tried =
        whis_failover_target_get_provider (whis_failover_attempt_get_target (other))->id;
  flight_end (task);
  g_task_return_pointer (task, answer, (GDestroyNotify) whis_failover_answer_free);
}

static const GError *
flight_get_error (Flight *flight, int which)
{
  WhisFailoverAttempt *attempt = flight->attempts[which];

  return attempt != NULL ? whis_failover_attempt_get_error (attempt) : NULL;
}

/* The service that the user chose is the one whose words count. */
static void
flight_return_error (GTask *owned_task)
{
  g_autoptr (GTask) task = owned_task;
  Flight *flight = g_task_get_task_data (task);
  const GError *error = flight_get_error (flight, FIRST);
  const GError *second = flight_get_error (flight, SECOND);

  if (second != NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    error = second;
  flight_end (task);
  g_task_return_error (task, g_error_copy (error));
}

static gboolean
flight_is_in (Flight *flight, int which, WhisAttemptState state)
{
  return flight->attempts[which] != NULL
         && whis_failover_attempt_get_state (flight->attempts[which]) == state;
}

static gboolean
flight_is_under_way (Flight *flight, int which)
{
  return flight_is_in (flight, which, WHIS_ATTEMPT_STATE_KEY)
         || flight_is_in (flight, which, WHIS_ATTEMPT_STATE_RUNNING);
}

/* An attempt has another state: is there an answer, is the second to be asked, or is there nothing
 * left to be done? The task owns itself until it has returned. */
static void
flight_advance (GTask *task)
{
  Flight *flight = g_task_get_task_data (task);

  if (flight->returned)
    return;

  if (flight_is_in (flight, FIRST, WHIS_ATTEMPT_STATE_DONE))
    flight_return_answer (task, FIRST);
  else if (flight_is_in (flight, SECOND, WHIS_ATTEMPT_STATE_DONE))
    flight_return_answer (task, SECOND);
  else if (!flight_is_in (flight, FIRST, WHIS_ATTEMPT_STATE_FAILED))
    return;
  else if (flight_is_in (flight, SECOND, WHIS_ATTEMPT_STATE_IDLE)
           && !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      notify_second (g_task_get_source_object (task), flight_get_error (flight, FIRST));
      whis_failover_attempt_start (flight->attempts[SECOND]);
    }
  else if (!flight_is_under_way (flight, SECOND))
    flight_return_error (task);
}

static gboolean
on_second_timeout (gpointer data)
{
  GTask *task = data;
  Flight *flight = g_task_get_task_data (task);

  g_clear_pointer (&flight->second_timeout, g_source_unref);
  if (flight_is_in (flight, SECOND, WHIS_ATTEMPT_STATE_IDLE))
    {
      notify_second (g_task_get_source_object (task), NULL);
      whis_failover_attempt_start (flight->attempts[SECOND]);
    }

  return G_SOURCE_REMOVE;
}

static WhisTimeouts
flight_get_timeouts (GTask *task)
{
  WhisFailover *self = g_task_get_source_object (task);
  Flight *flight = g_task_get_task_data (task);

  return whis_provider_get_timeouts (whis_failover_target_get_provider (self->targets[FIRST]),
                                     flight->request->size, flight->request->duration_ms);
}

/* Somebody who waits is told for whom, and how long at most; once for a dictation. */
static gboolean
on_notice_timeout (gpointer data)
{
  GTask *task = data;
  WhisFailover *self = g_task_get_source_object (task);
  Flight *flight = g_task_get_task_data (task);
  WhisFailoverTarget *target = self->targets[FIRST];
  WhisTimeouts timeouts = flight_get_timeouts (task);
  guint64 longest_ms =
      (guint64) timeouts.connect_ms + timeouts.send_ms + timeouts.answer_ms + timeouts.read_ms;
  gulong minutes = (gulong) ((longest_ms + 59999) / 60000);
  g_autofree char *sentence = NULL;

  g_clear_pointer (&flight->notice_timeout, g_source_unref);
  if (self->slow_notified)
    return G_SOURCE_REMOVE;
  self->slow_notified = TRUE;
  /* Translators: the name of a service, its host, a number of minutes */
  sentence = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s at %s has not answered yet; Whis waits up to %u minute.",
                   "%s at %s has not answered yet; Whis waits up to %u minutes.", minutes),
      get_name (target), whis_failover_target_get_host (target), (guint) minutes);
  g_signal_emit (self, signals[NOTICE], 0, sentence);

  return G_SOURCE_REMOVE;
}

static GSource *
flight_add_timeout (GTask *task, guint ms, GSourceFunc func)
{
  GSource *source = g_timeout_source_new (ms);

  g_source_set_callback (source, func, task, NULL);
  g_source_attach (source, g_task_get_context (task));

  return source;
}

/* The recogniser on this computer is watched by whoever started it. */
static void
flight_start_notice_timeout (GTask *task)
{
  WhisFailover *self = g_task_get_source_object (task);
  Flight *flight = g_task_get_task_data (task);

  if (flight->notice_timeout != NULL || self->slow_notified
      || whis_failover_target_get_provider (self->targets[FIRST])->local)
    return;
  flight->notice_timeout = flight_add_timeout (
      task, flight_get_timeouts (task).answer_ms / SLOW_SHARE, on_notice_timeout);
}

static void
flight_start_second_timeout (GTask *task)
{
  WhisFailover *self = g_task_get_source_object (task);
  Flight *flight = g_task_get_task_data (task);
  guint64 usual_ms;

  if (flight->second_timeout != NULL || flight->attempts[SECOND] == NULL || self->slow_factor <= 0)
    return;
  usual_ms = whis_pool_estimate_latency (whis_failover_target_get_pool (self->targets[FIRST]),
                                         flight->request->duration_ms);
  if (usual_ms == 0)
    return;
  flight->second_timeout = flight_add_timeout (
      task, (guint) CLAMP ((double) usual_ms * self->slow_factor, SHORTEST_TIMEOUT_MS, G_MAXINT),
      on_second_timeout);
}

/* The clocks run from the moment at which the service is really asked. */
static void
on_pool_trying (GTask *task, WhisSpeechRequest *request)
{
  Flight *flight = g_task_get_task_data (task);

  if (!whis_failover_attempt_sends (flight->attempts[FIRST], request))
    return;
  flight_start_notice_timeout (task);
  flight_start_second_timeout (task);
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Flight *flight = g_task_get_task_data (data);

  for (int i = 0; i < N_TARGETS; i++)
    {
      if (flight->attempts[i] != NULL)
        whis_failover_attempt_cancel (flight->attempts[i]);
    }
}

static WhisFailoverAttempt *
flight_create_attempt (GTask *task, int which)
{
  WhisFailover *self = g_task_get_source_object (task);
  Flight *flight = g_task_get_task_data (task);
  WhisFailoverAttempt *attempt;

  if (self->targets[which] == NULL)
    return NULL;
  attempt = whis_failover_attempt_new (self->targets[which], flight->request,
                                       which == FIRST ? NULL : self->keyring);
  g_signal_connect_object (attempt, "changed", G_CALLBACK (flight_advance), task,
                           G_CONNECT_SWAPPED);

  return attempt;
}

/**
 * whis_failover_transcribe_async:
 * @self: a failover
 * @request: what to turn into text; model and key are those of the services
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is an answer or an error
 * @data: data for @callback
 *
 * Turns sound into text.
 */
void
whis_failover_transcribe_async (WhisFailover *self,
                                WhisSpeechRequest *request,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Flight *flight;

  g_return_if_fail (WHIS_IS_FAILOVER (self));
  g_return_if_fail (request != NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, whis_failover_transcribe_async);
  flight = g_new0 (Flight, 1);
  flight->request = whis_speech_request_ref (request);
  g_task_set_task_data (task, flight, flight_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  for (int i = 0; i < N_TARGETS; i++)
    flight->attempts[i] = flight_create_attempt (task, i);
  self->n_in_flight++;
  g_object_ref (task);
  if (cancellable != NULL)
    flight->cancelled_id =
        g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), task, NULL);
  flight->trying_id =
      g_signal_connect_swapped (whis_failover_target_get_pool (self->targets[FIRST]), "trying",
                                G_CALLBACK (on_pool_trying), task);
  whis_failover_attempt_start (flight->attempts[FIRST]);
}

/**
 * whis_failover_transcribe_finish:
 * @self: a failover
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
 * @self: a failover
 *
 * Returns: the service that the user chose
 */
const WhisProvider *
whis_failover_get_provider (WhisFailover *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER (self), NULL);

  return whis_failover_target_get_provider (self->targets[FIRST]);
}

/**
 * whis_failover_get_model:
 * @self: a failover
 *
 * Returns: (nullable): its model; %NULL when the server decides
 */
const char *
whis_failover_get_model (WhisFailover *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER (self), NULL);

  return whis_failover_target_get_model (self->targets[FIRST]);
}

/**
 * whis_failover_get_host:
 * @self: a failover
 *
 * Returns: its host, for people
 */
const char *
whis_failover_get_host (WhisFailover *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER (self), NULL);

  return whis_failover_target_get_host (self->targets[FIRST]);
}

/**
 * whis_failover_warm_up:
 * @self: a failover
 *
 * Opens a connection to the service that the user chose ahead of its use.
 */
void
whis_failover_warm_up (WhisFailover *self)
{
  g_return_if_fail (WHIS_IS_FAILOVER (self));

  whis_failover_target_warm_up (self->targets[FIRST]);
}

/**
 * whis_failover_has_second:
 * @self: a failover
 *
 * Returns: whether the user named a second service
 */
gboolean
whis_failover_has_second (WhisFailover *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER (self), FALSE);

  return self->targets[SECOND] != NULL;
}

/**
 * whis_failover_set_key:
 * @self: a failover
 * @key: (transfer full) (nullable): the key of the service that the user chose
 * @error: (nullable): why the key could not be had; every request fails with it then, or goes to
 * the second service
 */
void
whis_failover_set_key (WhisFailover *self, char *key, const GError *error)
{
  g_return_if_fail (WHIS_IS_FAILOVER (self));

  whis_failover_target_set_key (self->targets[FIRST], key);
  if (error != NULL)
    whis_failover_target_close (self->targets[FIRST], error);
}

/**
 * whis_failover_set_model:
 * @self: a failover that has no request yet
 * @model: (nullable): the model of the service that the user chose; %NULL for its default
 */
void
whis_failover_set_model (WhisFailover *self, const char *model)
{
  g_return_if_fail (WHIS_IS_FAILOVER (self));

  whis_failover_target_set_model (self->targets[FIRST], model);
}

/**
 * whis_failover_get_key:
 * @self: a failover
 *
 * Returns: (nullable) (transfer none): the key of the service that the user chose
 */
const char *
whis_failover_get_key (WhisFailover *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER (self), NULL);

  return whis_failover_target_get_key (self->targets[FIRST]);
}

static void
whis_failover_finalize (GObject *object)
{
  WhisFailover *self = WHIS_FAILOVER (object);

  for (int i = 0; i < N_TARGETS; i++)
    g_clear_pointer (&self->targets[i], whis_failover_target_unref);
  g_clear_object (&self->keyring);

  G_OBJECT_CLASS (whis_failover_parent_class)->finalize (object);
}

static void
whis_failover_class_init (WhisFailoverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_failover_finalize;

  /**
   * WhisFailover::notice:
   * @self: a failover
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
  self->targets[which] = whis_failover_target_new (provider, pool, model);
  g_signal_connect_object (pool, "delayed", G_CALLBACK (on_pool_delayed), self, G_CONNECT_SWAPPED);
}

/**
 * whis_failover_new:
 * @provider: the service that the user chose
 * @pool: where its requests wait
 * @model: (nullable): its model; %NULL for its default
 *
 * Returns: (transfer full): a failover with one service
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
 * @self: a failover that has no request yet
 * @provider: another service, which the user named for this
 * @pool: where its requests wait
 * @model: (nullable): its model; %NULL for its default
 * @keyring: where its key is
 * @slow_factor: how many times as long as usual the first may take before the second is asked too;
 * 0 to ask it only when the first fails for good
 */
void
whis_failover_set_second (WhisFailover *self,
                          const WhisProvider *provider,
                          WhisPool *pool,
                          const char *model,
                          WhisKeyring *keyring,
                          double slow_factor)
{
  g_return_if_fail (WHIS_IS_FAILOVER (self));
  g_return_if_fail (provider != NULL && provider != whis_failover_get_provider (self));
  g_return_if_fail (self->targets[SECOND] == NULL);

  set_target (self, SECOND, provider, pool, model);
  self->keyring = g_object_ref (keyring);
  self->slow_factor = slow_factor;
}
