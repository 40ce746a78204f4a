/* SPDX-License-Identifier: MIT */
#include "wayland-input-method.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "input-method-unstable-v2-protocol.h"
#include "state-machine.h"
#include "text-pieces.h"
#include "wayland-connection.h"

/* A focused text field is told within 15 ms. */
#define ACTIVATE_TIMEOUT_MS 150

/* A field answers a commit within 30 ms, later on a busy machine. */
#define RECEIPT_TIMEOUT_MS 1000

/* A field that lays out a long text anew for each piece takes seconds, and half a text is worse
 * than a wait. */
#define PIECE_TIMEOUT_MS 10000

/* The purposes of text-input-v3 that matter. */
#define PURPOSE_PASSWORD 8
#define PURPOSE_PIN 9
#define PURPOSE_TERMINAL 13

typedef enum
{
  STATE_IDLE,
  STATE_CONNECTING,
  STATE_AWAITING_FIELD,
  STATE_AWAITING_RECEIPT,
} InputMethodState;

static GType input_method_state_get_type (void);

G_DEFINE_ENUM_TYPE (InputMethodState,
                    input_method_state,
                    G_DEFINE_ENUM_VALUE (STATE_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (STATE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (STATE_AWAITING_FIELD, "awaiting-field"),
                    G_DEFINE_ENUM_VALUE (STATE_AWAITING_RECEIPT, "awaiting-receipt"))

static const guint edges[] = {
  [STATE_IDLE] = WHIS_STATE_BIT (STATE_CONNECTING),
  [STATE_CONNECTING] = WHIS_STATE_BIT (STATE_AWAITING_FIELD) | WHIS_STATE_BIT (STATE_IDLE),
  [STATE_AWAITING_FIELD] = WHIS_STATE_BIT (STATE_AWAITING_RECEIPT) | WHIS_STATE_BIT (STATE_IDLE),
  [STATE_AWAITING_RECEIPT] = WHIS_STATE_BIT (STATE_IDLE),
};

static const WhisStateTable table = { input_method_state_get_type, G_N_ELEMENTS (edges), edges };

struct _WhisWaylandInputMethod
{
  GObject parent_instance;

  char *display_name;
  WhisStateMachine *state;

  /* Of the text under way. */
  GTask *task;
  WhisInsertion *insertion; /* %NULL if a text is taken back */
  char *taken_back;         /* nullable */
  GStrv pieces;
  guint next_piece;
  WhisWaylandConnection *connection;
  struct zwp_input_method_manager_v2 *manager;
  struct zwp_input_method_v2 *input_method;
  struct wl_callback *field_told; /* nullable; done when a new field has told all that it tells */
  guint timer;

  /* What the field has told; applied by its `done`. */
  guint serial;
  gboolean is_active;
  gboolean tells_text;
  guint purpose;
  char *text_before;
};

static void whis_wayland_input_method_insertion_method_init (WhisInsertionMethodInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (
    WhisWaylandInputMethod,
    whis_wayland_input_method,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (WHIS_TYPE_INSERTION_METHOD,
                           whis_wayland_input_method_insertion_method_init))

static InputMethodState
input_method_get_state (WhisWaylandInputMethod *self)
{
  return (InputMethodState) whis_state_machine_get (self->state);
}

static void
input_method_destroy_objects (WhisWaylandInputMethod *self)
{
  g_clear_pointer (&self->field_told, wl_callback_destroy);
  g_clear_pointer (&self->input_method, zwp_input_method_v2_destroy);
  g_clear_pointer (&self->manager, zwp_input_method_manager_v2_destroy);
}

/* Ends what is under way and gives the input method back to the compositor. */
static GTask *
input_method_end (WhisWaylandInputMethod *self)
{
  GTask *task = g_steal_pointer (&self->task);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      input_method_destroy_objects (self);
      whis_wayland_connection_flush (self->connection);
      whis_wayland_connection_close (self->connection);
      g_clear_object (&self->connection);
    }
  g_clear_pointer (&self->insertion, whis_insertion_unref);
  g_clear_pointer (&self->pieces, g_strfreev);
  g_clear_pointer (&self->text_before, g_free);
  g_clear_pointer (&self->taken_back, g_free);
  whis_state_machine_set (self->state, STATE_IDLE);

  return task;
}

static void
input_method_fail (WhisWaylandInputMethod *self, int code, const char *message)
{
  g_autoptr (GTask) task = input_method_end (self);

  g_task_return_new_error (task, WHIS_DELIVERY_ERROR, code, "%s", message);
}

static void
input_method_succeed (WhisWaylandInputMethod *self, WhisDeliveryOutcome outcome)
{
  g_autoptr (GTask) task = input_method_end (self);

  g_task_return_int (task, (gssize) outcome);
}

static gboolean
on_receipt_timeout (gpointer user_data)
{
  WhisWaylandInputMethod *self = user_data;

  self->timer = 0;
  if (self->taken_back != NULL)
    input_method_succeed (self, WHIS_DELIVERY_OUTCOME_NONE);
  else
    input_method_succeed (self, self->pieces[self->next_piece] == NULL
                                    ? WHIS_DELIVERY_OUTCOME_HANDED_OVER
                                    : WHIS_DELIVERY_OUTCOME_NOT_SEEN);

  return G_SOURCE_REMOVE;
}

static void
input_method_await_receipt (WhisWaylandInputMethod *self)
{
  guint timeout = RECEIPT_TIMEOUT_MS;

  if (self->insertion != NULL && self->pieces[self->next_piece] != NULL)
    timeout = PIECE_TIMEOUT_MS;
  else if (self->insertion != NULL && self->insertion->deadline_ms > 0)
    timeout = self->insertion->deadline_ms;

  zwp_input_method_v2_commit (self->input_method, self->serial);
  whis_wayland_connection_flush (self->connection);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (timeout, on_receipt_timeout, self);
}

/* Of two pieces that are sent before the field has answered it takes only the second. */
static void
input_method_commit_piece (WhisWaylandInputMethod *self)
{
  zwp_input_method_v2_commit_string (self->input_method, self->pieces[self->next_piece++]);
  input_method_await_receipt (self);
}

static gboolean
input_method_sees_taken_back (WhisWaylandInputMethod *self)
{
  return self->text_before != NULL && g_str_has_suffix (self->text_before, self->taken_back);
}

/* A field that is left at once does not delete anything, so that its answer is awaited. */
static void
input_method_take_back (WhisWaylandInputMethod *self)
{
  /* The protocol and GTK 3 count bytes, GTK 4 characters: it would delete what the user has
   * written. */
  if (!input_method_sees_taken_back (self) || !g_str_is_ascii (self->taken_back))
    {
      input_method_succeed (self, WHIS_DELIVERY_OUTCOME_NONE);
      return;
    }

  zwp_input_method_v2_delete_surrounding_text (self->input_method,
                                               (guint32) strlen (self->taken_back), 0);
  whis_state_machine_set (self->state, STATE_AWAITING_RECEIPT);
  input_method_await_receipt (self);
}

static void
input_method_use_field (WhisWaylandInputMethod *self)
{
  g_autofree char *text = NULL;

  if (self->taken_back != NULL)
    {
      input_method_take_back (self);
      return;
    }
  if (self->purpose == PURPOSE_PASSWORD || self->purpose == PURPOSE_PIN)
    {
      input_method_succeed (self, WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD);
      return;
    }
  if (g_cancellable_is_cancelled (g_task_get_cancellable (self->task)))
    {
      g_autoptr (GTask) task = input_method_end (self);

      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               "The insertion was cancelled");
      return;
    }

  text = self->purpose == PURPOSE_TERMINAL
             ? whis_insertion_get_terminal_text (self->insertion, FALSE)
             : g_strdup (self->insertion->text);
  /* Of newlines a terminal gets nothing; another method must not paste them there. */
  if (*text == '\0')
    {
      input_method_succeed (self, WHIS_DELIVERY_OUTCOME_COPIED);
      return;
    }

  self->pieces = whis_text_pieces_new (text);
  self->next_piece = 0;
  whis_state_machine_set (self->state, STATE_AWAITING_RECEIPT);
  input_method_commit_piece (self);
}

/* Whether the text before the caret ends in the last piece. Some fields tell only the line of the
 * caret, or a few words before it, and of a long text all tell only the end. */
static gboolean
input_method_sees_piece (WhisWaylandInputMethod *self)
{
  const char *piece = self->pieces[self->next_piece - 1];
  const char *newline = strrchr (piece, '\n');
  gsize told = strlen (self->text_before);

  if (g_str_has_suffix (self->text_before, piece))
    return TRUE;

  return g_str_has_suffix (piece, self->text_before)
         && (told >= WHIS_TEXT_PIECES_TOLD || (newline != NULL && told >= strlen (newline + 1)));
}

/* What comes from a field that does not tell its text may be about something else, such as where
 * its caret is. */
static void
input_method_take_receipt (WhisWaylandInputMethod *self)
{
  if (self->taken_back != NULL)
    {
      if (!self->is_active)
        input_method_succeed (self, WHIS_DELIVERY_OUTCOME_NONE);
      else if (!input_method_sees_taken_back (self))
        input_method_succeed (self, WHIS_DELIVERY_OUTCOME_LANDED);
    }
  else if (!self->is_active)
    input_method_succeed (self, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  else if (self->tells_text && (self->text_before == NULL || !input_method_sees_piece (self)))
    g_debug ("The field has told something else than the committed text");
  else if (self->pieces[self->next_piece] != NULL)
    input_method_commit_piece (self);
  else
    input_method_succeed (self, self->tells_text ? WHIS_DELIVERY_OUTCOME_LANDED
                                                 : WHIS_DELIVERY_OUTCOME_HANDED_OVER);
}

static void
on_activate (void *data, struct zwp_input_method_v2 *input_method)
{
  WhisWaylandInputMethod *self = data;

  self->is_active = TRUE;
  self->tells_text = FALSE;
  self->purpose = 0;
}

static void
on_deactivate (void *data, struct zwp_input_method_v2 *input_method)
{
  WhisWaylandInputMethod *self = data;

  self->is_active = FALSE;
}

static void
on_surrounding_text (void *data,
                     struct zwp_input_method_v2 *input_method,
                     const char *text,
                     uint32_t cursor,
                     uint32_t anchor)
{
  WhisWaylandInputMethod *self = data;

  self->tells_text = TRUE;
  g_free (self->text_before);
  self->text_before = g_strndup (text, MIN (cursor, strlen (text)));
}

static void
on_text_change_cause (void *data, struct zwp_input_method_v2 *input_method, uint32_t cause)
{
}

static void
on_content_type (void *data,
                 struct zwp_input_method_v2 *input_method,
                 uint32_t hint,
                 uint32_t purpose)
{
  WhisWaylandInputMethod *self = data;

  self->purpose = purpose;
}

static gboolean
on_activate_timeout (gpointer user_data)
{
  WhisWaylandInputMethod *self = user_data;

  self->timer = 0;
  input_method_fail (self, WHIS_DELIVERY_ERROR_NO_FOCUS,
                     _ ("The focused window takes no text from an input method."));

  return G_SOURCE_REMOVE;
}

static void
on_field_told (void *data, struct wl_callback *callback, uint32_t serial)
{
  g_autoptr (WhisWaylandInputMethod) self = g_object_ref (data);

  g_clear_pointer (&self->field_told, wl_callback_destroy);
  if (self->is_active)
    input_method_use_field (self);
}

static const struct wl_callback_listener field_told_listener = { on_field_told };

/* labwc tells that there is a field before it tells what kind of field that is, in a `done` of its
 * own: a password field must not be taken for a text field until then. */
static void
input_method_await_kind (WhisWaylandInputMethod *self)
{
  if (self->field_told != NULL)
    return;

  self->field_told = whis_wayland_connection_sync (self->connection);
  wl_callback_add_listener (self->field_told, &field_told_listener, self);
  whis_wayland_connection_flush (self->connection);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (RECEIPT_TIMEOUT_MS, on_activate_timeout, self);
}

static void
on_done (void *data, struct zwp_input_method_v2 *input_method)
{
  g_autoptr (WhisWaylandInputMethod) self = g_object_ref (data);

  self->serial++;
  if (input_method_get_state (self) == STATE_AWAITING_FIELD && self->is_active)
    input_method_await_kind (self);
  else if (input_method_get_state (self) == STATE_AWAITING_RECEIPT)
    input_method_take_receipt (self);
}

static void
on_unavailable (void *data, struct zwp_input_method_v2 *input_method)
{
  g_autoptr (WhisWaylandInputMethod) self = g_object_ref (data);

  if (input_method_get_state (self) == STATE_AWAITING_RECEIPT)
    input_method_succeed (self, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  else
    input_method_fail (self, WHIS_DELIVERY_ERROR_REFUSED, _ ("Another input method is in use."));
}

static const struct zwp_input_method_v2_listener input_method_listener = {
  .activate = on_activate,
  .deactivate = on_deactivate,
  .surrounding_text = on_surrounding_text,
  .text_change_cause = on_text_change_cause,
  .content_type = on_content_type,
  .done = on_done,
  .unavailable = on_unavailable,
};

static void
on_connection_closed (WhisWaylandConnection *connection, gpointer user_data)
{
  g_autoptr (WhisWaylandInputMethod) self = g_object_ref (user_data);

  input_method_destroy_objects (self);
  if (input_method_get_state (self) == STATE_AWAITING_RECEIPT)
    input_method_succeed (self, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  else if (self->task != NULL)
    input_method_fail (self, WHIS_DELIVERY_ERROR_NOT_OFFERED,
                       _ ("The connection to the desktop has ended."));
}

static void
input_method_bind (WhisWaylandInputMethod *self)
{
  struct wl_seat *seat = whis_wayland_connection_get_seat (self->connection);

  self->manager =
      whis_wayland_connection_bind (self->connection, &zwp_input_method_manager_v2_interface, 1);
  if (self->manager == NULL || seat == NULL)
    {
      input_method_fail (self, WHIS_DELIVERY_ERROR_NOT_OFFERED,
                         _ ("The desktop has no input method for other programs."));
      return;
    }

  self->serial = 0;
  self->is_active = FALSE;
  self->tells_text = FALSE;
  self->purpose = 0;
  self->input_method = zwp_input_method_manager_v2_get_input_method (self->manager, seat);
  zwp_input_method_v2_add_listener (self->input_method, &input_method_listener, self);
  whis_wayland_connection_flush (self->connection);
  whis_state_machine_set (self->state, STATE_AWAITING_FIELD);
  self->timer = g_timeout_add (ACTIVATE_TIMEOUT_MS, on_activate_timeout, self);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisWaylandInputMethod) self = user_data;
  g_autoptr (GError) error = NULL;

  self->connection = whis_wayland_connection_open_finish (result, &error);
  if (self->connection == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autoptr (GTask) task = input_method_end (self);

      g_task_return_error (task, g_steal_pointer (&error));
    }
  else if (self->connection == NULL)
    input_method_fail (self, WHIS_DELIVERY_ERROR_NOT_OFFERED, _ ("There is no Wayland session."));
  else
    {
      g_signal_connect (self->connection, "closed", G_CALLBACK (on_connection_closed), self);
      input_method_bind (self);
    }
}

/* Whether there is nothing under way; else @task is returned with an error. */
static gboolean
input_method_begin (WhisWaylandInputMethod *self, GTask *task)
{
  g_task_set_check_cancellable (task, FALSE);
  if (self->task != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                               "Another insertion is under way");
      return FALSE;
    }

  self->task = g_object_ref (task);
  whis_state_machine_set (self->state, STATE_CONNECTING);
  whis_wayland_connection_open_async (self->display_name, g_task_get_cancellable (task),
                                      on_connected, g_object_ref (self));

  return TRUE;
}

static const char *
whis_wayland_input_method_get_name (WhisInsertionMethod *method)
{
  return "wayland-input-method";
}

static gboolean
whis_wayland_input_method_uses_clipboard (WhisInsertionMethod *method)
{
  return FALSE;
}

static void
on_probe_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisWaylandConnection) connection =
      whis_wayland_connection_open_finish (result, &error);

  if (connection == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (connection == NULL)
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                             _ ("There is no Wayland session."));
  else if (!whis_wayland_connection_has (connection, zwp_input_method_manager_v2_interface.name))
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                             _ ("The desktop has no input method for other programs."));
  else
    g_task_return_boolean (task, TRUE);
}

static void
whis_wayland_input_method_probe_async (WhisInsertionMethod *method,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  WhisWaylandInputMethod *self = WHIS_WAYLAND_INPUT_METHOD (method);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_wayland_input_method_probe_async);
  whis_wayland_connection_open_async (self->display_name, cancellable, on_probe_connected,
                                      g_steal_pointer (&task));
}

static gboolean
whis_wayland_input_method_probe_finish (WhisInsertionMethod *method,
                                        GAsyncResult *result,
                                        GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, method), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_wayland_input_method_probe_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
whis_wayland_input_method_insert_async (WhisInsertionMethod *method,
                                        WhisInsertion *insertion,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  WhisWaylandInputMethod *self = WHIS_WAYLAND_INPUT_METHOD (method);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_wayland_input_method_insert_async);
  if (input_method_begin (self, task))
    self->insertion = whis_insertion_ref (insertion);
}

static WhisDeliveryOutcome
whis_wayland_input_method_insert_finish (WhisInsertionMethod *method,
                                         GAsyncResult *result,
                                         GError **error)
{
  gssize outcome;

  g_return_val_if_fail (g_task_is_valid (result, method), WHIS_DELIVERY_OUTCOME_NONE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_wayland_input_method_insert_async),
                        WHIS_DELIVERY_OUTCOME_NONE);

  outcome = g_task_propagate_int (G_TASK (result), error);

  return outcome > 0 ? (WhisDeliveryOutcome) outcome : WHIS_DELIVERY_OUTCOME_NONE;
}

static void
whis_wayland_input_method_take_back_async (WhisInsertionMethod *method,
                                           const char *text,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  WhisWaylandInputMethod *self = WHIS_WAYLAND_INPUT_METHOD (method);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_wayland_input_method_take_back_async);
  if (input_method_begin (self, task))
    self->taken_back = g_strdup (text);
}

static gboolean
whis_wayland_input_method_take_back_finish (WhisInsertionMethod *method,
                                            GAsyncResult *result,
                                            GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, method), FALSE);
  g_return_val_if_fail (
      g_async_result_is_tagged (result, whis_wayland_input_method_take_back_async), FALSE);

  return g_task_propagate_int (G_TASK (result), error) == WHIS_DELIVERY_OUTCOME_LANDED;
}

static void
whis_wayland_input_method_finalize (GObject *object)
{
  WhisWaylandInputMethod *self = WHIS_WAYLAND_INPUT_METHOD (object);

  g_free (self->display_name);
  whis_state_machine_free (self->state);

  G_OBJECT_CLASS (whis_wayland_input_method_parent_class)->finalize (object);
}

static void
whis_wayland_input_method_class_init (WhisWaylandInputMethodClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_wayland_input_method_finalize;
}

static void
whis_wayland_input_method_insertion_method_init (WhisInsertionMethodInterface *iface)
{
  iface->get_name = whis_wayland_input_method_get_name;
  iface->uses_clipboard = whis_wayland_input_method_uses_clipboard;
  iface->probe_async = whis_wayland_input_method_probe_async;
  iface->probe_finish = whis_wayland_input_method_probe_finish;
  iface->insert_async = whis_wayland_input_method_insert_async;
  iface->insert_finish = whis_wayland_input_method_insert_finish;
  iface->take_back_async = whis_wayland_input_method_take_back_async;
  iface->take_back_finish = whis_wayland_input_method_take_back_finish;
}

static void
whis_wayland_input_method_init (WhisWaylandInputMethod *self)
{
  self->state = whis_state_machine_new (&table, NULL, NULL);
  whis_state_machine_set_name (self->state, "input-method");
}

/**
 * whis_wayland_input_method_new:
 * @display_name: (nullable): the value of `WAYLAND_DISPLAY`
 *
 * Commits a text by input-method-v2, which sway, labwc, river, Hyprland, niri and COSMIC offer. The
 * input method is taken for one text and given back at once; where another one runs it is not
 * available.
 *
 * Returns: (transfer full): a new method
 */
WhisWaylandInputMethod *
whis_wayland_input_method_new (const char *display_name)
{
  WhisWaylandInputMethod *self = g_object_new (WHIS_TYPE_WAYLAND_INPUT_METHOD, NULL);

  self->display_name = g_strdup (display_name);

  return self;
}
