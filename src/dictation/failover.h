/* SPDX-License-Identifier: MIT */
#pragma once

#include "keyring.h"
#include "pool.h"

G_BEGIN_DECLS

/**
 * WhisFailoverAnswer:
 * @transcription: what was said
 * @provider: who said so
 * @model: (nullable): its model
 * @host: where the sound went
 * @tried: (nullable): id of the other service if the sound went there too
 *
 * What came of a request, and who answered it.
 */
typedef struct
{
  WhisTranscription *transcription;
  const WhisProvider *provider;
  char *model;
  char *host;
  const char *tried;
} WhisFailoverAnswer;

void whis_failover_answer_free (WhisFailoverAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisFailoverAnswer, whis_failover_answer_free)

#define WHIS_TYPE_FAILOVER (whis_failover_get_type ())
G_DECLARE_FINAL_TYPE (WhisFailover, whis_failover, WHIS, FAILOVER, GObject)

WhisFailover *whis_failover_new (const WhisProvider *provider, WhisPool *pool, const char *model);
void whis_failover_set_second (WhisFailover *self,
                               const WhisProvider *provider,
                               WhisPool *pool,
                               const char *model,
                               WhisKeyring *keyring,
                               double slow_factor);

const WhisProvider *whis_failover_get_provider (WhisFailover *self);
const char *whis_failover_get_model (WhisFailover *self);
const char *whis_failover_get_host (WhisFailover *self);
void whis_failover_warm_up (WhisFailover *self);
gboolean whis_failover_has_second (WhisFailover *self);

void whis_failover_set_model (WhisFailover *self, const char *model);
void whis_failover_set_key (WhisFailover *self, char *key, const GError *error);
const char *whis_failover_get_key (WhisFailover *self);

void whis_failover_transcribe_async (WhisFailover *self,
                                     WhisSpeechRequest *request,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer data);
WhisFailoverAnswer *
whis_failover_transcribe_finish (WhisFailover *self, GAsyncResult *result, GError **error);

G_END_DECLS
