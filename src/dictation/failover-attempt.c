/* SPDX-License-Identifier: MIT */
#include "failover-attempt.h"

#include "secret.h"
#include "service-key.h"

/**
 * WhisFailoverAttempt:
 *
 * One request to one service: the key is looked up if it is not known, then the request goes to the
 * pool of the service.
 */
struct _WhisFailoverAttempt
{
  GObject parent_instance;

  WhisStateMachine *machine; /* of WhisAttemptState */
  WhisFailoverTarget *target;
  WhisSpeechRequest *wanted;
  WhisSpeechRequest *sent; /* NULL before that */
  WhisKeyring *keyring;    /* NULL where the key is known */
  GCancellable *cancellable;
  WhisTranscription *transcription;
  GError *error;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_ENUM_TYPE (WhisAttemptState,
                    whis_attempt_state,
                    G_DEFINE_ENUM_VALUE (WHIS_ATTEMPT_STATE_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (WHIS_ATTEMPT_STATE_KEY, "key"),
                    G_DEFINE_ENUM_VALUE (WHIS_ATTEMPT_STATE_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (WHIS_ATTEMPT_STATE_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (WHIS_ATTEMPT_STATE_DONE, "done"))

G_DEFINE_FINAL_TYPE (WhisFailoverAttempt, whis_failover_attempt, G_TYPE_OBJECT)

#define TO(state) WHIS_STATE_BIT (WHIS_ATTEMPT_STATE_##state)

static const guint edges[] = {
  [WHIS_ATTEMPT_STATE_IDLE] = TO (KEY) | TO (RUNNING) | TO (FAILED),
  [WHIS_ATTEMPT_STATE_KEY] = TO (RUNNING) | TO (FAILED),
  [WHIS_ATTEMPT_STATE_RUNNING] = TO (FAILED) | TO (DONE),
  [WHIS_ATTEMPT_STATE_FAILED] = 0,
  [WHIS_ATTEMPT_STATE_DONE] = 0,
};

static const WhisStateTable table = { whis_attempt_state_get_type, G_N_ELEMENTS (edges), edges };

/**
 * whis_attempt_state_get_table:
 *
 * Returns: (transfer none): the states of an attempt, and what may follow what
 */
const WhisStateTable *
whis_attempt_state_get_table (void)
{
  return &table;
}

static void
on_state_changed (int from, int to, gpointer user_data)
{
  g_autoptr (WhisFailoverAttempt) self = g_object_ref (user_data);

  g_signal_emit (self, signals[CHANGED], 0);
}

/* Takes @error. */
static void
whis_failover_attempt_fail (WhisFailoverAttempt *self, GError *error)
{
  self->error = error;
  whis_failover_target_note_error (self->target, error);
  whis_state_machine_set (self->machine, WHIS_ATTEMPT_STATE_FAILED);
}

static void
on_transcribed (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisFailoverAttempt) self = user_data;
  GError *error = NULL;

  self->transcription = whis_pool_transcribe_finish (WHIS_POOL (object), result, &error);
  if (self->transcription != NULL)
    whis_state_machine_set (self->machine, WHIS_ATTEMPT_STATE_DONE);
  else
    whis_failover_attempt_fail (self, error);
}

static void
whis_failover_attempt_send (WhisFailoverAttempt *self)
{
  self->sent = whis_failover_target_make_request (self->target, self->wanted);
  whis_state_machine_set (self->machine, WHIS_ATTEMPT_STATE_RUNNING);
  whis_pool_transcribe_async (whis_failover_target_get_pool (self->target), self->sent,
                              self->cancellable, on_transcribed, g_object_ref (self));
}

static void
on_key_found (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisFailoverAttempt) self = user_data;
  GError *error = NULL;
  char *key = whis_service_key_lookup_finish (result, &error);

  /* Another attempt may have found it meanwhile. */
  if (error == NULL && !whis_failover_target_knows_key (self->target))
    whis_failover_target_set_key (self->target, g_steal_pointer (&key));
  whis_secret_free (key);
  if (error != NULL)
    whis_failover_attempt_fail (self, error);
  else
    whis_failover_attempt_send (self);
}

/**
 * whis_failover_attempt_start:
 * @self: an attempt that is not started
 *
 * Sends the request, after a look for the key if it is not known. Fails at once where nothing is to
 * be sent.
 */
void
whis_failover_attempt_start (WhisFailoverAttempt *self)
{
  const GError *error;

  g_return_if_fail (WHIS_IS_FAILOVER_ATTEMPT (self));
  g_return_if_fail (whis_failover_attempt_get_state (self) == WHIS_ATTEMPT_STATE_IDLE);

  error = whis_failover_target_get_error (self->target);
  if (error != NULL)
    whis_failover_attempt_fail (self, g_error_copy (error));
  else if (self->keyring == NULL || whis_failover_target_knows_key (self->target))
    whis_failover_attempt_send (self);
  else
    {
      whis_state_machine_set (self->machine, WHIS_ATTEMPT_STATE_KEY);
      whis_service_key_lookup_async (self->keyring,
                                     whis_failover_target_get_provider (self->target), TRUE,
                                     self->cancellable, on_key_found, g_object_ref (self));
    }
}

/**
 * whis_failover_attempt_cancel:
 * @self: an attempt
 *
 * Takes back what was sent and has no answer: the attempt then fails with %G_IO_ERROR_CANCELLED.
 */
void
whis_failover_attempt_cancel (WhisFailoverAttempt *self)
{
  g_return_if_fail (WHIS_IS_FAILOVER_ATTEMPT (self));

  g_cancellable_cancel (self->cancellable);
}

WhisAttemptState
whis_failover_attempt_get_state (WhisFailoverAttempt *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER_ATTEMPT (self), WHIS_ATTEMPT_STATE_IDLE);

  return (WhisAttemptState) whis_state_machine_get (self->machine);
}

/**
 * whis_failover_attempt_get_target:
 * @self: an attempt
 *
 * Returns: (transfer none): the service
 */
WhisFailoverTarget *
whis_failover_attempt_get_target (WhisFailoverAttempt *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER_ATTEMPT (self), NULL);

  return self->target;
}

/**
 * whis_failover_attempt_was_sent:
 * @self: an attempt
 *
 * Returns: whether the service may have got the sound
 */
gboolean
whis_failover_attempt_was_sent (WhisFailoverAttempt *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER_ATTEMPT (self), FALSE);

  return self->sent != NULL;
}

/**
 * whis_failover_attempt_sends:
 * @self: an attempt
 * @request: a request of [signal@Pool::trying]
 *
 * Returns: whether that is the one of this attempt
 */
gboolean
whis_failover_attempt_sends (WhisFailoverAttempt *self, WhisSpeechRequest *request)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER_ATTEMPT (self), FALSE);

  return request != NULL && request == self->sent;
}

/**
 * whis_failover_attempt_get_error:
 * @self: an attempt
 *
 * Returns: (nullable) (transfer none): why it failed
 */
const GError *
whis_failover_attempt_get_error (WhisFailoverAttempt *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER_ATTEMPT (self), NULL);

  return self->error;
}

/**
 * whis_failover_attempt_steal_transcription:
 * @self: an attempt that is done
 *
 * Returns: (transfer full): what was said; it can be asked for once
 */
WhisTranscription *
whis_failover_attempt_steal_transcription (WhisFailoverAttempt *self)
{
  g_return_val_if_fail (WHIS_IS_FAILOVER_ATTEMPT (self), NULL);

  return g_steal_pointer (&self->transcription);
}

static void
whis_failover_attempt_finalize (GObject *object)
{
  WhisFailoverAttempt *self = WHIS_FAILOVER_ATTEMPT (object);

  whis_state_machine_free (self->machine);
  whis_failover_target_unref (self->target);
  whis_speech_request_unref (self->wanted);
  g_clear_pointer (&self->sent, whis_speech_request_unref);
  g_clear_object (&self->keyring);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->transcription, whis_transcription_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (whis_failover_attempt_parent_class)->finalize (object);
}

static void
whis_failover_attempt_class_init (WhisFailoverAttemptClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_failover_attempt_finalize;

  /**
   * WhisFailoverAttempt::changed:
   * @self: an attempt
   *
   * It has another state.
   */
  signals[CHANGED] = g_signal_new ("changed", WHIS_TYPE_FAILOVER_ATTEMPT, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_failover_attempt_init (WhisFailoverAttempt *self)
{
  self->machine = whis_state_machine_new (&table, on_state_changed, self);
  self->cancellable = g_cancellable_new ();
}

/**
 * whis_failover_attempt_new:
 * @target: a service
 * @request: what to turn into text; model and key are those of @target
 * @keyring: (nullable): where the key is looked up; %NULL if @target has what there is
 *
 * Returns: (transfer full): an attempt that is not started
 */
WhisFailoverAttempt *
whis_failover_attempt_new (WhisFailoverTarget *target,
                           WhisSpeechRequest *request,
                           WhisKeyring *keyring)
{
  WhisFailoverAttempt *self;

  g_return_val_if_fail (target != NULL, NULL);
  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (keyring == NULL || WHIS_IS_KEYRING (keyring), NULL);

  self = g_object_new (WHIS_TYPE_FAILOVER_ATTEMPT, NULL);
  self->target = whis_failover_target_ref (target);
  self->wanted = whis_speech_request_ref (request);
  g_set_object (&self->keyring, keyring);

  return self;
}
