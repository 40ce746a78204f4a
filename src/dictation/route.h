/* SPDX-License-Identifier: MIT */
#pragma once

#include "keyring.h"
#include "pool.h"

G_BEGIN_DECLS

/**
 * WhisRouteAnswer:
 * @transcription: what was said
 * @provider: who said so
 * @model: (nullable): its model
 * @host: where the sound went
 * @tried: (nullable): id of the other service if the sound went there too
 *
 * What came of a piece of sound, and who heard it.
 */
typedef struct
{
  WhisTranscription *transcription;
  const WhisProvider *provider;
  char *model;
  char *host;
  const char *tried;
} WhisRouteAnswer;

void whis_route_answer_free (WhisRouteAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisRouteAnswer, whis_route_answer_free)

#define WHIS_TYPE_ROUTE (whis_route_get_type ())
G_DECLARE_FINAL_TYPE (WhisRoute, whis_route, WHIS, ROUTE, GObject)

WhisRoute *whis_route_new (const WhisProvider *provider, WhisPool *pool, const char *model);
void whis_route_set_second (WhisRoute *self,
                            const WhisProvider *provider,
                            WhisPool *pool,
                            const char *model,
                            WhisKeyring *keyring,
                            double patience);

const WhisProvider *whis_route_get_provider (WhisRoute *self);
const char *whis_route_get_model (WhisRoute *self);
const char *whis_route_get_host (WhisRoute *self);
void whis_route_warm_up (WhisRoute *self);
gboolean whis_route_has_second (WhisRoute *self);

void whis_route_set_model (WhisRoute *self, const char *model);
void whis_route_set_key (WhisRoute *self, char *key, const GError *error);
const char *whis_route_get_key (WhisRoute *self);

void whis_route_transcribe_async (WhisRoute *self,
                                  WhisSpeechRequest *request,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
WhisRouteAnswer *
whis_route_transcribe_finish (WhisRoute *self, GAsyncResult *result, GError **error);

G_END_DECLS
