/* SPDX-License-Identifier: MIT */
#pragma once

#include "failover-target.h"
#include "keyring.h"
#include "state-machine.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ATTEMPT_STATE (whis_attempt_state_get_type ())

/**
 * WhisAttemptState:
 * @WHIS_ATTEMPT_STATE_IDLE: not started
 * @WHIS_ATTEMPT_STATE_KEY: the key of the service is being looked up
 * @WHIS_ATTEMPT_STATE_RUNNING: the service was sent the request, or it waits in the pool
 * @WHIS_ATTEMPT_STATE_FAILED: there is an error
 * @WHIS_ATTEMPT_STATE_DONE: there is a transcription
 *
 * Where an attempt stands.
 */
typedef enum
{
  WHIS_ATTEMPT_STATE_IDLE,
  WHIS_ATTEMPT_STATE_KEY,
  WHIS_ATTEMPT_STATE_RUNNING,
  WHIS_ATTEMPT_STATE_FAILED,
  WHIS_ATTEMPT_STATE_DONE,
} WhisAttemptState;

GType whis_attempt_state_get_type (void);
const WhisStateTable *whis_attempt_state_get_table (void);

#define WHIS_TYPE_FAILOVER_ATTEMPT (whis_failover_attempt_get_type ())
G_DECLARE_FINAL_TYPE (WhisFailoverAttempt, whis_failover_attempt, WHIS, FAILOVER_ATTEMPT, GObject)

WhisFailoverAttempt *whis_failover_attempt_new (WhisFailoverTarget *target,
                                                WhisSpeechRequest *request,
                                                WhisKeyring *keyring);

void whis_failover_attempt_start (WhisFailoverAttempt *self);
void whis_failover_attempt_cancel (WhisFailoverAttempt *self);

WhisAttemptState whis_failover_attempt_get_state (WhisFailoverAttempt *self);
WhisFailoverTarget *whis_failover_attempt_get_target (WhisFailoverAttempt *self);
gboolean whis_failover_attempt_was_sent (WhisFailoverAttempt *self);
gboolean whis_failover_attempt_sends (WhisFailoverAttempt *self, WhisSpeechRequest *request);
const GError *whis_failover_attempt_get_error (WhisFailoverAttempt *self);
WhisTranscription *whis_failover_attempt_steal_transcription (WhisFailoverAttempt *self);

G_END_DECLS
