/* SPDX-License-Identifier: MIT */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

#define WHIS_TYPE_POOL (whis_pool_get_type ())
G_DECLARE_FINAL_TYPE (WhisPool, whis_pool, WHIS, POOL, GObject)

/**
 * WhisPoolGate:
 * @request: what is about to be sent
 * @data: what was given with the gate
 * @error: return location for why not
 *
 * Asked before each try of a request, the first and all others.
 *
 * Returns: %TRUE to send it; %FALSE with @error set to end it, and without if that is not known
 * yet: it then waits for whis_pool_ask_gate_again()
 */
typedef gboolean (*WhisPoolGate) (WhisSpeechRequest *request, gpointer data, GError **error);

/**
 * WhisPoolUnsent:
 * @request: what the gate let through
 * @data: what was given with the gate
 *
 * Called when a try has ended without an answer before any of the request went out.
 */
typedef void (*WhisPoolUnsent) (WhisSpeechRequest *request, gpointer data);

WhisPool *whis_pool_new (WhisBackend *backend, guint limit);

WhisBackend *whis_pool_get_backend (WhisPool *self);
void whis_pool_set_limit (WhisPool *self, guint limit);
guint64 whis_pool_estimate_latency (WhisPool *self, guint64 duration_ms);
void whis_pool_set_gate (WhisPool *self,
                         WhisPoolGate gate,
                         WhisPoolUnsent unsent,
                         gpointer data,
                         GDestroyNotify destroy);
void whis_pool_ask_gate_again (WhisPool *self);

void whis_pool_transcribe_async (WhisPool *self,
                                 WhisSpeechRequest *request,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer data);
WhisTranscription *
whis_pool_transcribe_finish (WhisPool *self, GAsyncResult *result, GError **error);

G_END_DECLS
