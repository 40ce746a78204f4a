/* SPDX-License-Identifier: MIT */
#include "bus-delivery.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "call-error.h"
#include "method-description.h"
#include "text-insertion.h"

/**
 * WhisBusDelivery:
 *
 * The D-Bus interface `io.github.whis_gtk.Whis1.Delivery`, see its XML for what each method means.
 */
struct _WhisBusDelivery
{
  WhisBusWhis1DeliverySkeleton parent_instance;

  WhisDictations *dictations;
  WhisSettings *settings;
  WhisHistory *history;
  WhisDelivery *delivery;
  WhisPortalKeys *portal_keys; /* nullable */
};

enum
{
  SIGNAL_INSERTED_AGAIN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void whis_bus_delivery_iface_init (WhisBusWhis1DeliveryIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisBusDelivery,
                               whis_bus_delivery,
                               WHIS_BUS_TYPE_WHIS1_DELIVERY_SKELETON,
                               G_IMPLEMENT_INTERFACE (WHIS_BUS_TYPE_WHIS1_DELIVERY,
                                                      whis_bus_delivery_iface_init))

/* A call that inserts the text of an entry. */
typedef struct
{
  WhisBusDelivery *self;
  GDBusMethodInvocation *invocation; /* (transfer full) until it is answered */
  char *id;                          /* nullable */
  gboolean is_of_last;               /* which Whis remembers also where no entry is kept */
} Call;

static void
call_free (Call *call)
{
  g_object_unref (call->self);
  g_free (call->id);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static void
bus_delivery_emit (WhisBusDelivery *self, const char *id, const WhisDeliveryResult *result)
{
  whis_bus_whis1_delivery_emit_delivered (
      WHIS_BUS_WHIS1_DELIVERY (self), id, whis_delivery_outcome_get_nick (result->outcome),
      result->method != NULL ? result->method : "", result->copied);
}

static void
on_inserted (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisDeliveryResult) delivered =
      whis_text_insertion_run_finish (WHIS_DELIVERY (object), result, &error);

  if (delivered == NULL)
    {
      whis_call_return_error (call->invocation, error);
      return;
    }

  if (call->id != NULL)
    whis_history_set_outcome (call->self->history, call->id, delivered->outcome, delivered->method);
  if (call->id != NULL
      && (delivered->copied || whis_delivery_outcome_is_inserted (delivered->outcome)))
    whis_history_set_delivered (call->self->history, call->id);
  bus_delivery_emit (call->self, call->id != NULL ? call->id : "", delivered);
  g_signal_emit (call->self, signals[SIGNAL_INSERTED_AGAIN], 0, call->is_of_last ? NULL : call->id,
                 delivered->outcome);
  g_dbus_method_invocation_return_value (
      call->invocation, g_variant_new ("(s)", whis_delivery_outcome_get_nick (delivered->outcome)));
}

/* To be inserted is what the caller wants, whatever the settings say of other texts. */
static const char *
bus_delivery_get_mode (WhisBusDelivery *self)
{
  return g_strcmp0 (whis_settings_get_delivery (self->settings), "copy") == 0 ? "insert" : NULL;
}

static void
call_insert (Call *call, const char *text, const char *language, gboolean private)
{
  const WhisTextInsertionWishes wishes = {
    .language = language,
    .private = private,
    .mode = bus_delivery_get_mode (call->self),
    .reference = call->id,
  };

  whis_text_insertion_run_async (call->self->delivery, call->self->settings, text, &wishes, NULL,
                                 on_inserted, call);
}

static Call *
call_new (WhisBusDelivery *self, GDBusMethodInvocation *invocation, const char *id)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->invocation = invocation;
  call->id = g_strdup (id);

  return call;
}

static gboolean
bus_delivery_handle_insert_last_text (WhisBusWhis1Delivery *interface,
                                      GDBusMethodInvocation *invocation)
{
  WhisBusDelivery *self = WHIS_BUS_DELIVERY (interface);
  const char *text = whis_dictations_get_last_text (self->dictations);
  Call *call;

  if (*text == '\0')
    {
      g_dbus_method_invocation_return_error_literal (
          invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND, _ ("There is no text yet."));
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  call = call_new (self, invocation, whis_dictations_get_last_text_id (self->dictations));
  call->is_of_last = TRUE;
  call_insert (call, text, whis_settings_get_language (self->settings),
               whis_settings_get_private (self->settings));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_entry_read (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = whis_history_get_finish (WHIS_HISTORY (object), result, &error);

  if (record == NULL)
    whis_call_return_error_about (call->invocation, error, call->id);
  else if (record->text == NULL || *record->text == '\0')
    g_dbus_method_invocation_return_error_literal (
        call->invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
        _ ("The text of this dictation is not kept any more."));
  else
    call_insert (g_steal_pointer (&call), record->text, record->language, record->private);
}

static gboolean
bus_delivery_handle_insert_entry (WhisBusWhis1Delivery *interface,
                                  GDBusMethodInvocation *invocation,
                                  const char *id)
{
  WhisBusDelivery *self = WHIS_BUS_DELIVERY (interface);

  whis_history_get_async (self->history, id, NULL, on_entry_read, call_new (self, invocation, id));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_taken_back (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  gboolean undone = whis_delivery_take_back_finish (WHIS_DELIVERY (object), result, &error);

  if (g_error_matches (error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_TEXT))
    g_dbus_method_invocation_return_error_literal (invocation, WHIS_BUS_ERROR,
                                                   WHIS_BUS_ERROR_NOT_FOUND, error->message);
  else if (error != NULL)
    whis_call_return_error (invocation, error);
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(b)", undone));
}

static gboolean
bus_delivery_handle_undo_insertion (WhisBusWhis1Delivery *interface,
                                    GDBusMethodInvocation *invocation)
{
  whis_delivery_take_back_async (WHIS_BUS_DELIVERY (interface)->delivery, NULL, on_taken_back,
                                 invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_portal_prepared (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_key_sender_prepare_finish (WHIS_KEY_SENDER (object), result, &error))
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    {
      whis_portal_keys_set_allowed (WHIS_PORTAL_KEYS (object), FALSE);
      g_dbus_method_invocation_return_error_literal (invocation, WHIS_BUS_ERROR,
                                                     WHIS_BUS_ERROR_FAILED, error->message);
    }
}

static gboolean
bus_delivery_handle_allow_portal (WhisBusWhis1Delivery *interface,
                                  GDBusMethodInvocation *invocation)
{
  WhisBusDelivery *self = WHIS_BUS_DELIVERY (interface);

  if (self->portal_keys == NULL)
    {
      g_dbus_method_invocation_return_error_literal (
          invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
          _ ("The desktop lets no other program press keys."));
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  whis_portal_keys_set_allowed (self->portal_keys, TRUE);
  whis_key_sender_prepare_async (WHIS_KEY_SENDER (self->portal_keys), NULL, on_portal_prepared,
                                 invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_described (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) methods = whis_method_description_finish (result, &error);

  if (methods != NULL)
    g_dbus_method_invocation_return_value (invocation, g_variant_new_tuple (&methods, 1));
  else
    whis_call_return_error (invocation, error);
}

static gboolean
bus_delivery_handle_describe (WhisBusWhis1Delivery *interface, GDBusMethodInvocation *invocation)
{
  whis_method_description_async (
      whis_delivery_get_methods (WHIS_BUS_DELIVERY (interface)->delivery), NULL, on_described,
      invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_late_receipt (WhisBusDelivery *self, WhisInsertion *insertion)
{
  const WhisDeliveryResult result = { .outcome = WHIS_DELIVERY_OUTCOME_LANDED,
                                      .copied = insertion->on_clipboard };

  if (insertion->reference == NULL)
    return;

  whis_history_set_landed (self->history, insertion->reference);
  bus_delivery_emit (self, insertion->reference, &result);
}

static void
on_dictation_state (WhisBusDelivery *self, GParamSpec *pspec, WhisDictation *dictation)
{
  const WhisRecord *record = whis_dictation_get_record (dictation);

  if (whis_dictation_get_state (dictation) == WHIS_DICTATION_STATE_DONE
      && record->outcome != WHIS_DELIVERY_OUTCOME_NONE)
    whis_bus_whis1_delivery_emit_delivered (WHIS_BUS_WHIS1_DELIVERY (self), record->id,
                                            whis_delivery_outcome_get_nick (record->outcome),
                                            record->method != NULL ? record->method : "",
                                            whis_dictation_is_copied (dictation));
}

static void
on_dictation_added (WhisBusDelivery *self, WhisDictation *dictation)
{
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (on_dictation_state), self,
                           G_CONNECT_SWAPPED);
}

static void
whis_bus_delivery_iface_init (WhisBusWhis1DeliveryIface *iface)
{
  iface->handle_allow_portal = bus_delivery_handle_allow_portal;
  iface->handle_describe = bus_delivery_handle_describe;
  iface->handle_insert_entry = bus_delivery_handle_insert_entry;
  iface->handle_insert_last_text = bus_delivery_handle_insert_last_text;
  iface->handle_undo_insertion = bus_delivery_handle_undo_insertion;
}

static void
whis_bus_delivery_dispose (GObject *object)
{
  WhisBusDelivery *self = WHIS_BUS_DELIVERY (object);

  g_clear_object (&self->dictations);
  g_clear_object (&self->settings);
  g_clear_object (&self->history);
  g_clear_object (&self->delivery);
  g_clear_object (&self->portal_keys);

  G_OBJECT_CLASS (whis_bus_delivery_parent_class)->dispose (object);
}

static void
whis_bus_delivery_class_init (WhisBusDeliveryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_bus_delivery_dispose;

  /**
   * WhisBusDelivery::inserted-again:
   * @self: the interface
   * @id: (nullable): the dictation, %NULL if the last text was asked for
   * @outcome: a #WhisDeliveryOutcome
   *
   * A program has asked for a text to be inserted, and that was tried.
   */
  signals[SIGNAL_INSERTED_AGAIN] =
      g_signal_new ("inserted-again", WHIS_TYPE_BUS_DELIVERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 2, G_TYPE_STRING, WHIS_TYPE_DELIVERY_OUTCOME);
}

static void
whis_bus_delivery_init (WhisBusDelivery *self)
{
}

/**
 * whis_bus_delivery_new:
 * @dictations: the dictations
 * @settings: the user's settings
 * @history: where dictations are recorded
 * @delivery: where texts go
 * @portal_keys: (nullable): what presses keys by the portal
 *
 * Returns: (transfer full): the interface, not on the bus yet
 */
WhisBusDelivery *
whis_bus_delivery_new (WhisDictations *dictations,
                       WhisSettings *settings,
                       WhisHistory *history,
                       WhisDelivery *delivery,
                       WhisPortalKeys *portal_keys)
{
  WhisBusDelivery *self = g_object_new (WHIS_TYPE_BUS_DELIVERY, NULL);

  self->dictations = g_object_ref (dictations);
  self->settings = g_object_ref (settings);
  self->history = g_object_ref (history);
  self->delivery = g_object_ref (delivery);
  g_set_object (&self->portal_keys, portal_keys);
  g_signal_connect_object (dictations, "added", G_CALLBACK (on_dictation_added), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (delivery, "late-receipt", G_CALLBACK (on_late_receipt), self,
                           G_CONNECT_SWAPPED);

  return self;
}
