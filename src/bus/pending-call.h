/* SPDX-License-Identifier: MIT */
#pragma once

#include "bus-object.h"
#include "keyed-backend.h"

G_BEGIN_DECLS

/**
 * WhisPendingCall:
 * @object: the object whose method was called; it stays until the call is answered
 * @invocation: what is to be answered
 * @id: (nullable): the dictation that it is about
 * @provider: (nullable): the provider that it is about
 *
 * A call that waits for an answer from elsewhere.
 */
typedef struct
{
  WhisBusObject *object;
  GDBusMethodInvocation *invocation;
  char *id;
  const WhisProvider *provider;
} WhisPendingCall;

/**
 * WhisPendingCallFunc:
 * @call: (transfer full): a call
 * @found: (transfer none): how its provider is spoken to
 */
typedef void (*WhisPendingCallFunc) (WhisPendingCall *call, WhisKeyedBackend *found);

WhisPendingCall *whis_pending_call_new (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation);
void whis_pending_call_free (WhisPendingCall *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisPendingCall, whis_pending_call_free)

void whis_pending_call_find_backend (WhisPendingCall *self, WhisPendingCallFunc then);

G_END_DECLS
