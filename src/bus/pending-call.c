/* SPDX-License-Identifier: MIT */
#include "pending-call.h"

#include "bus-object-private.h"
#include "call-error.h"

/**
 * whis_pending_call_new:
 * @interface: the object whose method was called
 * @invocation: the call
 *
 * Returns: (transfer full): a call that is not answered yet
 */
WhisPendingCall *
whis_pending_call_new (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation)
{
  WhisPendingCall *self = g_new0 (WhisPendingCall, 1);

  self->object = g_object_ref (WHIS_BUS_OBJECT (interface));
  self->invocation = invocation;

  return self;
}

void
whis_pending_call_free (WhisPendingCall *self)
{
  g_object_unref (self->object);
  g_free (self->id);
  g_free (self);
}

typedef struct
{
  WhisPendingCall *call;
  WhisPendingCallFunc then;
} Search;

static void
on_backend_found (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autofree Search *search = data;
  g_autoptr (WhisPendingCall) call = search->call;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisKeyedBackend) found = whis_keyed_backend_find_finish (result, &error);

  if (found == NULL)
    whis_call_return_error (call->invocation, error);
  else
    search->then (g_steal_pointer (&call), found);
}

/**
 * whis_pending_call_find_backend:
 * @self: (transfer full): a call with a provider
 * @then: called when it is known how the provider is spoken to, and its key
 *
 * Looks up what is needed to ask the provider something. If that fails the call is answered with
 * an error, and @then is not called.
 */
void
whis_pending_call_find_backend (WhisPendingCall *self, WhisPendingCallFunc then)
{
  Search *search = g_new (Search, 1);

  g_return_if_fail (self->provider != NULL);

  search->call = self;
  search->then = then;
  whis_keyed_backend_find_async (self->object->dictations, self->object->keyring, self->provider,
                                 NULL, on_backend_found, search);
}
