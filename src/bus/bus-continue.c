/* SPDX-License-Identifier: MIT */
#include "bus-continue.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "bus-object-private.h"
#include "call-error.h"
#include "caller-watch.h"
#include "pending-call.h"

/* The part of the D-Bus interface that goes on with earlier dictations: `Resume`, `TranscribeAgain`
 * and `UndoCancel`. */

static WhisPendingCall *
call_new (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation, const char *id)
{
  WhisPendingCall *call = whis_pending_call_new (interface, invocation);

  call->id = g_strdup (id);

  return call;
}

/* Answers the call if the dictation could not go on at all. */
static WhisDictation *
finish_call (WhisPendingCall *call, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisDictation) dictation =
      whis_dictations_continue_finish (call->object->dictations, result, &error);

  if (dictation == NULL)
    whis_call_return_error_about (call->invocation, error, call->id);
  else if (whis_dictation_get_state (dictation) == WHIS_DICTATION_STATE_FAILED)
    whis_call_return_failure (call->invocation, dictation);
  else
    {
      whis_caller_watch_attach (dictation, call->invocation);
      return g_steal_pointer (&dictation);
    }

  return NULL;
}

static void
resumed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPendingCall) call = user_data;
  g_autoptr (WhisDictation) dictation = finish_call (call, result);

  /* Both methods answer with an id alone. */
  if (dictation != NULL)
    g_dbus_method_invocation_return_value (
        call->invocation, g_variant_new ("(s)", whis_dictation_get_id (dictation)));
}

static void
again_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPendingCall) call = user_data;
  g_autoptr (WhisDictation) dictation = finish_call (call, result);

  if (dictation != NULL)
    g_dbus_method_invocation_return_value (call->invocation, NULL);
}

static gboolean
bus_continue_handle_resume (WhisBusWhis1 *interface,
                            GDBusMethodInvocation *invocation,
                            const char *id,
                            GVariant *options)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);

  whis_dictations_continue_async (self->dictations, id, WHIS_DICTATION_MODE_RESUME, options, FALSE,
                                  NULL, resumed_cb, call_new (interface, invocation, id));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_continue_handle_transcribe_again (WhisBusWhis1 *interface,
                                      GDBusMethodInvocation *invocation,
                                      const char *id,
                                      GVariant *options)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);

  whis_dictations_continue_async (self->dictations, id, WHIS_DICTATION_MODE_AGAIN, options, FALSE,
                                  NULL, again_cb, call_new (interface, invocation, id));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_continue_handle_undo_cancel (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  g_autofree char *id = whis_dictations_take_cancelled (self->dictations);

  if (id == NULL)
    g_dbus_method_invocation_return_error_literal (
        invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
        _ ("Nothing was cancelled in the last minute; “whis history” shows earlier dictations."));
  else
    whis_dictations_continue_async (self->dictations, id, WHIS_DICTATION_MODE_RESUME, NULL, FALSE,
                                    NULL, resumed_cb, call_new (interface, invocation, id));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/**
 * whis_bus_continue_implement:
 * @iface: the methods of #WhisBusObject
 *
 * Fills in the methods of this area.
 */
void
whis_bus_continue_implement (WhisBusWhis1Iface *iface)
{
  iface->handle_resume = bus_continue_handle_resume;
  iface->handle_transcribe_again = bus_continue_handle_transcribe_again;
  iface->handle_undo_cancel = bus_continue_handle_undo_cancel;
}
