/* SPDX-License-Identifier: MIT */
#include "ibus-panel-method.h"

#include <glib/gi18n-lib.h>

#include "ibus-address.h"
#include "state-machine.h"
#include "text-pieces.h"

#define IBUS_NAME "org.freedesktop.IBus"
#define IBUS_PATH "/org/freedesktop/IBus"
#define PANEL_INTERFACE "org.freedesktop.IBus.Panel"
#define EXTENSION_NAME "org.freedesktop.IBus.Panel.Extension.Emoji"
#define EXTENSION_PATH "/org/freedesktop/IBus/Panel/Extension/Emoji"

/* The daemon's own context, which has the focus when no text field has it. It is the first that the
 * daemon makes. */
#define FAKE_CONTEXT "/org/freedesktop/IBus/InputContext_1"

/* Of RequestName. */
#define NAME_FLAGS 7u /* allow replacement, replace, do not queue */
#define NAME_IS_OWNED 1u

/* IBus answers within 10 ms, or hangs. */
#define ANSWER_TIMEOUT_MS 1000

/* Of two pieces in one turn a field on Wayland takes only the second. */
#define PIECE_MS 60

/* IBusInputPurpose. */
#define PURPOSE_PASSWORD 8
#define PURPOSE_PIN 9
#define PURPOSE_TERMINAL 10

/* Of what the daemon calls, all else is an error that it ignores. */
static const char introspection_xml[] =
    "<node><interface name='" PANEL_INTERFACE "'>"
    "  <method name='FocusIn'><arg direction='in' type='o'/></method>"
    "  <method name='FocusOut'><arg direction='in' type='o'/></method>"
    "  <method name='ContentType'><arg direction='in' type='u'/><arg direction='in' "
    "type='u'/></method>"
    "  <signal name='CommitText'><arg type='v'/></signal>"
    "</interface></node>";

typedef enum
{
  STATE_IDLE,
  STATE_CONNECTING,
  STATE_ASKING_CONTEXT,
  STATE_AWAITING_FIELD,
  STATE_COMMITTING,
  STATE_RELEASING,
} PanelState;

static GType panel_state_get_type (void);

G_DEFINE_ENUM_TYPE (PanelState,
                    panel_state,
                    G_DEFINE_ENUM_VALUE (STATE_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (STATE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (STATE_ASKING_CONTEXT, "asking-context"),
                    G_DEFINE_ENUM_VALUE (STATE_AWAITING_FIELD, "awaiting-field"),
                    G_DEFINE_ENUM_VALUE (STATE_COMMITTING, "committing"),
                    G_DEFINE_ENUM_VALUE (STATE_RELEASING, "releasing"))

static const guint edges[] = {
  [STATE_IDLE] = WHIS_STATE_BIT (STATE_CONNECTING),
  [STATE_CONNECTING] = WHIS_STATE_BIT (STATE_ASKING_CONTEXT) | WHIS_STATE_BIT (STATE_IDLE),
  [STATE_ASKING_CONTEXT] = WHIS_STATE_BIT (STATE_AWAITING_FIELD) | WHIS_STATE_BIT (STATE_IDLE),
  [STATE_AWAITING_FIELD] = WHIS_STATE_BIT (STATE_COMMITTING) | WHIS_STATE_BIT (STATE_RELEASING)
                           | WHIS_STATE_BIT (STATE_IDLE),
  [STATE_COMMITTING] = WHIS_STATE_BIT (STATE_RELEASING) | WHIS_STATE_BIT (STATE_IDLE),
  [STATE_RELEASING] = WHIS_STATE_BIT (STATE_IDLE),
};

static const WhisStateTable table = { panel_state_get_type, G_N_ELEMENTS (edges), edges };

struct _WhisIBusPanelMethod
{
  GObject parent_instance;

  char *wayland_display;
  char *x11_display;
  gboolean allowed;
  WhisStateMachine *state;

  /* Of the text under way. */
  GTask *task;
  WhisInsertion *insertion;
  GDBusConnection *bus;
  GCancellable *calls; /* of all calls on the bus */
  guint object;
  guint timer;
  guint piece_timer;
  GStrv pieces;
  guint next_piece;
  WhisDeliveryOutcome outcome; /* known while the name is released */
  GError *error;               /* the same */

  /* What the daemon has told. */
  gboolean owns_name;
  gboolean tells_purpose;
  guint purpose;
  char *context; /* nullable, the one that has the focus */
};

static void whis_ibus_panel_method_insertion_method_init (WhisInsertionMethodInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisIBusPanelMethod,
                               whis_ibus_panel_method,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_INSERTION_METHOD,
                                                      whis_ibus_panel_method_insertion_method_init))

static PanelState
panel_get_state (WhisIBusPanelMethod *self)
{
  return (PanelState) whis_state_machine_get (self->state);
}

static void on_bus_closed (GDBusConnection *bus,
                           gboolean remote_peer_vanished,
                           GError *error,
                           gpointer user_data);

static void
panel_close_bus (WhisIBusPanelMethod *self)
{
  if (self->bus == NULL)
    return;

  g_signal_handlers_disconnect_by_func (self->bus, on_bus_closed, self);
  if (self->object != 0)
    g_dbus_connection_unregister_object (self->bus, self->object);
  self->object = 0;
  g_dbus_connection_close (self->bus, NULL, NULL, NULL);
  g_clear_object (&self->bus);
}

/* Ends what is under way. The end of the connection gives the name back, too. */
static void
panel_end (WhisIBusPanelMethod *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  GError *error = g_steal_pointer (&self->error);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->piece_timer, g_source_remove);
  g_cancellable_cancel (self->calls);
  g_clear_object (&self->calls);
  panel_close_bus (self);
  g_clear_pointer (&self->insertion, whis_insertion_unref);
  g_clear_pointer (&self->pieces, g_strfreev);
  g_clear_pointer (&self->context, g_free);
  whis_state_machine_set (self->state, STATE_IDLE);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, (gssize) self->outcome);
}

static void
panel_call (WhisIBusPanelMethod *self,
            const char *name,
            const char *path,
            const char *interface,
            const char *method,
            GVariant *arguments,
            const char *answer,
            GAsyncReadyCallback callback)
{
  g_dbus_connection_call (self->bus, name, path, interface, method, arguments,
                          G_VARIANT_TYPE (answer), G_DBUS_CALL_FLAGS_NONE, -1, self->calls,
                          callback, g_object_ref (self));
}

static void
panel_get_context (WhisIBusPanelMethod *self, GAsyncReadyCallback callback)
{
  panel_call (self, IBUS_NAME, IBUS_PATH, "org.freedesktop.DBus.Properties", "Get",
              g_variant_new ("(ss)", IBUS_NAME, "CurrentInputContext"), "(v)", callback);
}

static void
on_name_released (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisIBusPanelMethod) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (answer == NULL)
    g_debug ("The name was not released: %s", error->message);
  panel_end (self);
}

/* The chooser of emoji gets its name back before anybody is told of the outcome. */
static void
panel_release (WhisIBusPanelMethod *self, WhisDeliveryOutcome outcome)
{
  self->outcome = outcome;
  whis_state_machine_set (self->state, STATE_RELEASING);
  panel_call (self, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
              "ReleaseName", g_variant_new ("(s)", EXTENSION_NAME), "(u)", on_name_released);
}

/* Before anything was committed. */
static void
panel_fail (WhisIBusPanelMethod *self, int code, const char *message)
{
  g_set_error_literal (&self->error, WHIS_DELIVERY_ERROR, code, message);
  if (self->owns_name)
    panel_release (self, WHIS_DELIVERY_OUTCOME_NONE);
  else
    panel_end (self);
}

/* What was committed is never tried again. */
static void
panel_give_up (WhisIBusPanelMethod *self, const char *message)
{
  PanelState state = panel_get_state (self);

  if (state == STATE_COMMITTING)
    self->outcome = WHIS_DELIVERY_OUTCOME_NOT_SEEN;
  else if (state != STATE_RELEASING)
    g_set_error_literal (&self->error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED,
                         message);
  panel_end (self);
}

static void
on_bus_closed (GDBusConnection *bus,
               gboolean remote_peer_vanished,
               GError *error,
               gpointer user_data)
{
  g_autoptr (WhisIBusPanelMethod) self = g_object_ref (user_data);

  panel_give_up (self, _ ("IBus has ended."));
}

static gboolean
on_timeout (gpointer user_data)
{
  g_autoptr (WhisIBusPanelMethod) self = g_object_ref (user_data);

  self->timer = 0;
  panel_give_up (self, _ ("IBus does not answer."));

  return G_SOURCE_REMOVE;
}

static void
panel_await_answer (WhisIBusPanelMethod *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (ANSWER_TIMEOUT_MS, on_timeout, self);
}

/* IBus has taken all pieces before it answers; a context that has lost the focus may not have got
 * them. */
static void
on_committed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisIBusPanelMethod) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) context = NULL;
  gboolean same;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || panel_get_state (self) != STATE_COMMITTING)
    return;

  if (answer != NULL)
    g_variant_get (answer, "(v)", &context);
  same = context != NULL && g_variant_is_of_type (context, G_VARIANT_TYPE_OBJECT_PATH)
         && g_strcmp0 (g_variant_get_string (context, NULL), self->context) == 0;
  panel_release (self, same ? WHIS_DELIVERY_OUTCOME_HANDED_OVER : WHIS_DELIVERY_OUTCOME_NOT_SEEN);
}

static GVariant *
ibus_text_new (const char *text)
{
  GVariant *attributes = g_variant_new ("(sa{sv}av)", "IBusAttrList", NULL, NULL);

  return g_variant_new ("(sa{sv}sv)", "IBusText", NULL, text, attributes);
}

static gboolean on_piece_timeout (gpointer user_data);

static void
panel_commit_piece (WhisIBusPanelMethod *self)
{
  panel_await_answer (self);
  if (self->pieces[self->next_piece] != NULL)
    g_dbus_connection_emit_signal (
        self->bus, NULL, EXTENSION_PATH, PANEL_INTERFACE, "CommitText",
        g_variant_new ("(v)", ibus_text_new (self->pieces[self->next_piece++])), NULL);

  if (self->pieces[self->next_piece] != NULL)
    self->piece_timer = g_timeout_add (PIECE_MS, on_piece_timeout, self);
  else
    panel_get_context (self, on_committed);
}

static gboolean
on_piece_timeout (gpointer user_data)
{
  WhisIBusPanelMethod *self = user_data;

  self->piece_timer = 0;
  panel_commit_piece (self);

  return G_SOURCE_REMOVE;
}

static void
panel_use_field (WhisIBusPanelMethod *self)
{
  g_autofree char *text = NULL;
  WhisFocus *focus = self->insertion->focus;

  if (self->purpose == PURPOSE_PASSWORD || self->purpose == PURPOSE_PIN)
    {
      panel_release (self, WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD);
      return;
    }
  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (self->task), &self->error))
    {
      panel_release (self, WHIS_DELIVERY_OUTCOME_NONE);
      return;
    }

  text = self->purpose == PURPOSE_TERMINAL || (focus != NULL && focus->kind == WHIS_FOCUS_TERMINAL)
             ? whis_insertion_get_terminal_text (self->insertion, FALSE)
             : g_strdup (self->insertion->text);
  self->pieces = whis_text_pieces_new (text);
  self->next_piece = 0;
  whis_state_machine_set (self->state, STATE_COMMITTING);
  panel_commit_piece (self);
}

static void
panel_use_field_if_known (WhisIBusPanelMethod *self)
{
  if (panel_get_state (self) == STATE_AWAITING_FIELD && self->owns_name && self->context != NULL
      && self->tells_purpose)
    panel_use_field (self);
}

static void
panel_take_context (WhisIBusPanelMethod *self, const char *context)
{
  g_autofree char *before = g_steal_pointer (&self->context);

  self->context = g_strdup (context);
  if (panel_get_state (self) == STATE_COMMITTING && g_strcmp0 (before, context) != 0)
    panel_release (self, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
}

static void
on_panel_called (GDBusConnection *bus,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *method,
                 GVariant *arguments,
                 GDBusMethodInvocation *invocation,
                 gpointer user_data)
{
  g_autoptr (WhisIBusPanelMethod) self = g_object_ref (user_data);
  const char *context;

  g_dbus_method_invocation_return_value (invocation, NULL);
  if (g_str_equal (method, "FocusIn"))
    {
      g_variant_get (arguments, "(&o)", &context);
      self->tells_purpose = FALSE;
      panel_take_context (self, context);
    }
  else if (g_str_equal (method, "FocusOut"))
    panel_take_context (self, NULL);
  else
    {
      g_variant_get (arguments, "(uu)", &self->purpose, NULL);
      self->tells_purpose = TRUE;
      panel_use_field_if_known (self);
    }
}

static void
on_name_requested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisIBusPanelMethod) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint32 reply = 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (answer != NULL)
    g_variant_get (answer, "(u)", &reply);
  self->owns_name = reply == NAME_IS_OWNED;
  if (self->owns_name)
    panel_use_field_if_known (self);
  else
    panel_fail (self, WHIS_DELIVERY_ERROR_NOT_OFFERED,
                _ ("Another program extends the panel of IBus."));
}

static void
panel_request_name (WhisIBusPanelMethod *self)
{
  static const GDBusInterfaceVTable vtable = { on_panel_called, NULL, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection_xml, NULL);

  self->object = g_dbus_connection_register_object (self->bus, EXTENSION_PATH, node->interfaces[0],
                                                    &vtable, self, NULL, NULL);
  self->owns_name = FALSE;
  self->tells_purpose = FALSE;
  whis_state_machine_set (self->state, STATE_AWAITING_FIELD);
  panel_call (self, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
              "RequestName", g_variant_new ("(su)", EXTENSION_NAME, NAME_FLAGS), "(u)",
              on_name_requested);
}

static void
on_context_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisIBusPanelMethod) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) context = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (answer != NULL)
    g_variant_get (answer, "(v)", &context);
  /* Without any context it is an error. */
  if (context == NULL || !g_variant_is_of_type (context, G_VARIANT_TYPE_OBJECT_PATH)
      || g_str_equal (g_variant_get_string (context, NULL), FAKE_CONTEXT))
    panel_fail (self, WHIS_DELIVERY_ERROR_NO_FOCUS,
                _ ("The focused window takes no text from an input method."));
  else
    panel_request_name (self);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisIBusPanelMethod) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_dbus_connection_new_for_address_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (bus == NULL)
    {
      g_debug ("IBus cannot be reached: %s", error->message);
      panel_fail (self, WHIS_DELIVERY_ERROR_NOT_OFFERED, _ ("IBus is not running."));
      return;
    }

  self->bus = g_steal_pointer (&bus);
  g_signal_connect (self->bus, "closed", G_CALLBACK (on_bus_closed), self);
  whis_state_machine_set (self->state, STATE_ASKING_CONTEXT);
  panel_get_context (self, on_context_known);
}

/* Connects to the bus of IBus; what is missing is an error of @task. */
static gboolean
panel_connect (WhisIBusPanelMethod *self,
               GTask *task,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autofree char *address = NULL;

  if (!self->allowed)
    {
      g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                               _ ("Insertion through IBus is switched off."));
      return FALSE;
    }
  address = whis_ibus_address_get (self->wayland_display, self->x11_display);
  if (address == NULL)
    {
      g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                               _ ("IBus is not running."));
      return FALSE;
    }

  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                         | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, cancellable, callback, user_data);

  return TRUE;
}

static const char *
whis_ibus_panel_method_get_name (WhisInsertionMethod *method)
{
  return "ibus-panel";
}

static gboolean
whis_ibus_panel_method_uses_clipboard (WhisInsertionMethod *method)
{
  return FALSE;
}

static void
on_probe_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_dbus_connection_new_for_address_finish (result, &error);

  if (bus != NULL)
    {
      g_dbus_connection_close (bus, NULL, NULL, NULL);
      g_task_return_boolean (task, TRUE);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                             _ ("IBus is not running."));
}

static void
whis_ibus_panel_method_probe_async (WhisInsertionMethod *method,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  WhisIBusPanelMethod *self = WHIS_IBUS_PANEL_METHOD (method);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_ibus_panel_method_probe_async);
  if (panel_connect (self, task, cancellable, on_probe_connected, task))
    g_steal_pointer (&task);
}

static gboolean
whis_ibus_panel_method_probe_finish (WhisInsertionMethod *method,
                                     GAsyncResult *result,
                                     GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, method), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_ibus_panel_method_probe_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
whis_ibus_panel_method_insert_async (WhisInsertionMethod *method,
                                     WhisInsertion *insertion,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  WhisIBusPanelMethod *self = WHIS_IBUS_PANEL_METHOD (method);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_ibus_panel_method_insert_async);
  g_task_set_check_cancellable (task, FALSE);
  if (self->task != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                               "Another insertion is under way");
      return;
    }

  g_clear_object (&self->calls);
  self->calls = g_cancellable_new ();
  if (!panel_connect (self, task, self->calls, on_connected, self))
    return;

  g_object_ref (self); /* for on_connected */
  self->task = g_steal_pointer (&task);
  self->insertion = whis_insertion_ref (insertion);
  self->owns_name = FALSE;
  whis_state_machine_set (self->state, STATE_CONNECTING);
  panel_await_answer (self);
}

static WhisDeliveryOutcome
whis_ibus_panel_method_insert_finish (WhisInsertionMethod *method,
                                      GAsyncResult *result,
                                      GError **error)
{
  gssize outcome;

  g_return_val_if_fail (g_task_is_valid (result, method), WHIS_DELIVERY_OUTCOME_NONE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_ibus_panel_method_insert_async),
                        WHIS_DELIVERY_OUTCOME_NONE);

  outcome = g_task_propagate_int (G_TASK (result), error);

  return outcome > 0 ? (WhisDeliveryOutcome) outcome : WHIS_DELIVERY_OUTCOME_NONE;
}

static void
whis_ibus_panel_method_finalize (GObject *object)
{
  WhisIBusPanelMethod *self = WHIS_IBUS_PANEL_METHOD (object);

  g_free (self->wayland_display);
  g_free (self->x11_display);
  g_clear_object (&self->calls);
  whis_state_machine_free (self->state);

  G_OBJECT_CLASS (whis_ibus_panel_method_parent_class)->finalize (object);
}

static void
whis_ibus_panel_method_class_init (WhisIBusPanelMethodClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_ibus_panel_method_finalize;
}

static void
whis_ibus_panel_method_insertion_method_init (WhisInsertionMethodInterface *iface)
{
  iface->get_name = whis_ibus_panel_method_get_name;
  iface->uses_clipboard = whis_ibus_panel_method_uses_clipboard;
  iface->probe_async = whis_ibus_panel_method_probe_async;
  iface->probe_finish = whis_ibus_panel_method_probe_finish;
  iface->insert_async = whis_ibus_panel_method_insert_async;
  iface->insert_finish = whis_ibus_panel_method_insert_finish;
}

static void
whis_ibus_panel_method_init (WhisIBusPanelMethod *self)
{
  self->state = whis_state_machine_new (&table, NULL, NULL);
  whis_state_machine_set_name (self->state, "ibus-panel");
}

/**
 * whis_ibus_panel_method_new:
 * @wayland_display: (nullable): the value of `WAYLAND_DISPLAY`
 * @x11_display: (nullable): the value of `DISPLAY`
 *
 * Commits a text by IBus. Its daemon lets one panel beside its own, that of the chooser of emoji,
 * commit a text into the focused field; that panel's name is taken for one text and given back. The
 * engine of the user is not touched. IBus tells the purpose of the field ahead and nothing of what
 * became of the text.
 *
 * The interface is that of `IBusPanelService` of libibus, which nobody else is known to use so. It
 * must be allowed with [method@IBusPanelMethod.set_allowed].
 *
 * Returns: (transfer full): a new method
 */
WhisIBusPanelMethod *
whis_ibus_panel_method_new (const char *wayland_display, const char *x11_display)
{
  WhisIBusPanelMethod *self = g_object_new (WHIS_TYPE_IBUS_PANEL_METHOD, NULL);

  self->wayland_display = g_strdup (wayland_display);
  self->x11_display = g_strdup (x11_display);

  return self;
}

/**
 * whis_ibus_panel_method_set_allowed:
 * @self: a method
 * @allowed: whether it may be used; not at first
 */
void
whis_ibus_panel_method_set_allowed (WhisIBusPanelMethod *self, gboolean allowed)
{
  g_return_if_fail (WHIS_IS_IBUS_PANEL_METHOD (self));

  self->allowed = allowed;
}
