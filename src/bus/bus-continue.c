/* SPDX-License-Identifier: MIT */
#include "bus-continue.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "call-error.h"
#include "caller-watch.h"

/**
 * WhisBusContinue:
 *
 * The part of the D-Bus interface that goes on with earlier dictations: `Resume`, `TranscribeAgain`
 * and `UndoCancel`.
 */

struct _WhisBusContinue
{
  GObject parent_instance;

  WhisBusWhis1 *skeleton;
  WhisDictations *dictations;
  WhisUnfinished *unfinished;
};

G_DEFINE_FINAL_TYPE (WhisBusContinue, whis_bus_continue, G_TYPE_OBJECT)

typedef struct
{
  WhisBusContinue *self;
  GDBusMethodInvocation *invocation;
} Call;

static Call *
call_new (WhisBusContinue *self, GDBusMethodInvocation *invocation)
{
  Call *call = g_new (Call, 1);

  call->self = g_object_ref (self);
  call->invocation = invocation;

  return call;
}

static void
call_free (Call *call)
{
  g_object_unref (call->self);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

/* Answers the call if the dictation could not go on at all. */
static WhisDictation *
finish_call (Call *call, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisDictation) dictation =
      whis_dictations_continue_finish (call->self->dictations, result, &error);
  const GError *cause = error;

  if (dictation != NULL && whis_dictation_get_state (dictation) == WHIS_DICTATION_STATE_FAILED)
    cause = whis_dictation_get_error (dictation);
  if (cause == NULL)
    {
      whis_caller_watch_attach (dictation, call->invocation);
      return g_steal_pointer (&dictation);
    }

  whis_call_return_error (call->invocation, cause);

  return NULL;
}

static void
resumed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (WhisDictation) dictation = finish_call (call, result);

  /* Both methods answer with an id alone. */
  if (dictation != NULL)
    g_dbus_method_invocation_return_value (
        call->invocation, g_variant_new ("(s)", whis_dictation_get_id (dictation)));
}

static void
again_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (WhisDictation) dictation = finish_call (call, result);

  if (dictation != NULL)
    g_dbus_method_invocation_return_value (call->invocation, NULL);
}

static gboolean
resume_call_cb (WhisBusContinue *self,
                GDBusMethodInvocation *invocation,
                const char *id,
                GVariant *options,
                WhisBusWhis1 *skeleton)
{
  whis_dictations_continue_async (self->dictations, id, WHIS_DICTATION_MODE_RESUME, options, FALSE,
                                  NULL, resumed_cb, call_new (self, invocation));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
transcribe_again_cb (WhisBusContinue *self,
                     GDBusMethodInvocation *invocation,
                     const char *id,
                     GVariant *options,
                     WhisBusWhis1 *skeleton)
{
  whis_dictations_continue_async (self->dictations, id, WHIS_DICTATION_MODE_AGAIN, options, FALSE,
                                  NULL, again_cb, call_new (self, invocation));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
undo_cancel_cb (WhisBusContinue *self, GDBusMethodInvocation *invocation, WhisBusWhis1 *skeleton)
{
  g_autofree char *id = whis_dictations_take_cancelled (self->dictations);

  if (id == NULL)
    g_dbus_method_invocation_return_error_literal (
        invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
        _ ("Nothing was cancelled in the last minute; “whis history” shows earlier dictations."));
  else
    whis_dictations_continue_async (self->dictations, id, WHIS_DICTATION_MODE_RESUME, NULL, FALSE,
                                    NULL, resumed_cb, call_new (self, invocation));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
update_count (WhisBusContinue *self)
{
  whis_bus_whis1_set_unfinished (self->skeleton, whis_unfinished_get_count (self->unfinished));
}

static void
update_undo (WhisBusContinue *self)
{
  whis_bus_whis1_set_can_undo_cancel (self->skeleton,
                                      whis_dictations_can_undo_cancel (self->dictations));
}

static void
whis_bus_continue_dispose (GObject *object)
{
  WhisBusContinue *self = WHIS_BUS_CONTINUE (object);

  g_clear_object (&self->skeleton);
  g_clear_object (&self->dictations);
  g_clear_object (&self->unfinished);

  G_OBJECT_CLASS (whis_bus_continue_parent_class)->dispose (object);
}

static void
whis_bus_continue_class_init (WhisBusContinueClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_bus_continue_dispose;
}

static void
whis_bus_continue_init (WhisBusContinue *self)
{
}

/**
 * whis_bus_continue_new:
 * @skeleton: the interface
 * @dictations: the dictations
 * @unfinished: those that are to be finished
 *
 * Returns: (transfer full): an object that answers the calls as long as it lives
 */
WhisBusContinue *
whis_bus_continue_new (WhisBusWhis1 *skeleton,
                       WhisDictations *dictations,
                       WhisUnfinished *unfinished)
{
  WhisBusContinue *self = g_object_new (WHIS_TYPE_BUS_CONTINUE, NULL);

  self->skeleton = g_object_ref (skeleton);
  self->dictations = g_object_ref (dictations);
  self->unfinished = g_object_ref (unfinished);
  g_signal_connect_object (skeleton, "handle-resume", G_CALLBACK (resume_call_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (skeleton, "handle-transcribe-again", G_CALLBACK (transcribe_again_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (skeleton, "handle-undo-cancel", G_CALLBACK (undo_cancel_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (unfinished, "notify::count", G_CALLBACK (update_count), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictations, "notify::can-undo-cancel", G_CALLBACK (update_undo), self,
                           G_CONNECT_SWAPPED);
  update_count (self);
  update_undo (self);

  return self;
}
