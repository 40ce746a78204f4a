/* SPDX-License-Identifier: MIT */
#include "paste-method.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "state-machine.h"

/* Clipboard managers read within 15 ms of the ownership. */
#define SETTLE_MS 30
#define LONGEST_SETTLE_MS 150

/* Targets read within 220 ms of the keys, later on a busy machine. */
#define DEADLINE_MS 1000

/* A target may ask more than once, for several formats. */
#define QUIET_MS 200

typedef enum
{
  STATE_IDLE,
  STATE_PREPARING,
  STATE_SAVING,
  STATE_OWNING,
  STATE_SETTLING,
  STATE_SENDING,
  STATE_AWAITING,
  STATE_QUIET,
  STATE_RESTORING,
} PasteState;

static GType paste_state_get_type (void);

#define TYPE_PASTE_STATE (paste_state_get_type ())

G_DEFINE_ENUM_TYPE (PasteState,
                    paste_state,
                    G_DEFINE_ENUM_VALUE (STATE_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (STATE_PREPARING, "preparing"),
                    G_DEFINE_ENUM_VALUE (STATE_SAVING, "saving"),
                    G_DEFINE_ENUM_VALUE (STATE_OWNING, "owning"),
                    G_DEFINE_ENUM_VALUE (STATE_SETTLING, "settling"),
                    G_DEFINE_ENUM_VALUE (STATE_SENDING, "sending"),
                    G_DEFINE_ENUM_VALUE (STATE_AWAITING, "awaiting"),
                    G_DEFINE_ENUM_VALUE (STATE_QUIET, "quiet"),
                    G_DEFINE_ENUM_VALUE (STATE_RESTORING, "restoring"))

#define TO(state) WHIS_STATE_BIT (STATE_##state)

static const guint edges[] = {
  [STATE_IDLE] = TO (PREPARING),
  [STATE_PREPARING] = TO (SAVING) | TO (OWNING) | TO (IDLE),
  [STATE_SAVING] = TO (OWNING) | TO (IDLE),
  [STATE_OWNING] = TO (SETTLING) | TO (RESTORING) | TO (IDLE),
  [STATE_SETTLING] = TO (SENDING) | TO (RESTORING) | TO (IDLE),
  [STATE_SENDING] = TO (AWAITING) | TO (RESTORING) | TO (IDLE),
  [STATE_AWAITING] = TO (QUIET) | TO (IDLE),
  [STATE_QUIET] = TO (RESTORING) | TO (IDLE),
  [STATE_RESTORING] = TO (IDLE),
};

static const WhisStateTable table = { paste_state_get_type, G_N_ELEMENTS (edges), edges };

struct _WhisPasteMethod
{
  GObject parent_instance;

  char *name;
  WhisSelection *selection;
  WhisKeySender *keys;
  WhisStateMachine *state;

  GTask *task;           /* the insertion under way; its data is a WhisInsertion */
  WhisInsertion *unseen; /* the last one, if its read is still awaited */
  GHashTable *saved;     /* the clipboard of before, if it is to be put back */
  guint serial;          /* of the text on the clipboard */
  gint64 sent_at;        /* when the keys began to be pressed */
  GError *error;         /* for the task, once the clipboard is put back */
  gboolean was_read;
  guint timer;
  guint settle_timer;
};

static void whis_paste_method_insertion_method_init (WhisInsertionMethodInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisPasteMethod,
                               whis_paste_method,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_INSERTION_METHOD,
                                                      whis_paste_method_insertion_method_init))

static PasteState
paste_method_get_state (WhisPasteMethod *self)
{
  return (PasteState) whis_state_machine_get (self->state);
}

static WhisInsertion *
paste_method_get_insertion (WhisPasteMethod *self)
{
  return g_task_get_task_data (self->task);
}

/* Whether the text is still on the clipboard: nobody has copied since, Whis itself neither. */
static gboolean
paste_method_is_owner (WhisPasteMethod *self)
{
  return self->serial == whis_selection_get_serial (self->selection)
         && whis_selection_is_owner (self->selection);
}

static void
paste_method_clear_timers (WhisPasteMethod *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->settle_timer, g_source_remove);
}

/* Ends the insertion with its outcome, or with the error if there is one. */
static void
paste_method_end (WhisPasteMethod *self, WhisDeliveryOutcome outcome)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  WhisInsertion *insertion = g_task_get_task_data (task);

  paste_method_clear_timers (self);
  g_clear_pointer (&self->saved, g_hash_table_unref);
  insertion->on_clipboard = paste_method_is_owner (self);
  if (outcome == WHIS_DELIVERY_OUTCOME_NOT_SEEN && insertion->on_clipboard)
    self->unseen = whis_insertion_ref (insertion);
  whis_state_machine_set (self->state, STATE_IDLE);

  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_int (task, (gssize) outcome);
}

static void
paste_method_fail (WhisPasteMethod *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  paste_method_end (self, WHIS_DELIVERY_OUTCOME_NONE);
}

static void
on_restored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPasteMethod) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!whis_selection_own_finish (WHIS_SELECTION (source), result, &error))
    g_message ("The clipboard of before could not be put back: %s", error->message);

  paste_method_end (self, WHIS_DELIVERY_OUTCOME_LANDED);
}

/* Puts the clipboard of before back, but only what was saved whole, and only while nobody else has
 * copied. */
static void
paste_method_restore (WhisPasteMethod *self)
{
  paste_method_clear_timers (self);
  if (self->saved == NULL || !paste_method_is_owner (self))
    {
      paste_method_end (self, WHIS_DELIVERY_OUTCOME_LANDED);
      return;
    }

  whis_state_machine_set (self->state, STATE_RESTORING);
  whis_selection_own_async (self->selection, self->saved, NULL, on_restored, g_object_ref (self));
}

/* Gives up before the keys were sent. */
static void
paste_method_abort (WhisPasteMethod *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  paste_method_restore (self);
}

static gboolean
on_quiet (gpointer user_data)
{
  WhisPasteMethod *self = user_data;

  self->timer = 0;
  paste_method_restore (self);

  return G_SOURCE_REMOVE;
}

static void
paste_method_await_quiet (WhisPasteMethod *self)
{
  paste_method_clear_timers (self);
  if (self->saved == NULL)
    {
      paste_method_end (self, WHIS_DELIVERY_OUTCOME_LANDED);
      return;
    }

  if (paste_method_get_state (self) != STATE_QUIET)
    whis_state_machine_set (self->state, STATE_QUIET);
  self->timer = g_timeout_add (QUIET_MS, on_quiet, self);
}

static gboolean
on_deadline (gpointer user_data)
{
  WhisPasteMethod *self = user_data;

  self->timer = 0;
  paste_method_end (self, WHIS_DELIVERY_OUTCOME_NOT_SEEN);

  return G_SOURCE_REMOVE;
}

static guint
paste_method_get_deadline (WhisPasteMethod *self)
{
  WhisInsertion *insertion = paste_method_get_insertion (self);

  return insertion->deadline_ms > 0 ? insertion->deadline_ms : DEADLINE_MS;
}

/* Whether nothing was sent, and nothing has to be awaited. */
static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_MODIFIERS)
         || g_error_matches (error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED)
         || g_error_matches (error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_REFUSED);
}

static void
on_keys_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPasteMethod) self = user_data;
  g_autoptr (GError) error = NULL;

  whis_key_sender_send_finish (WHIS_KEY_SENDER (source), result, &error);
  if (is_refusal (error))
    {
      paste_method_abort (self, g_steal_pointer (&error));
      return;
    }

  /* Some of the keys may have arrived, so that the read is awaited all the same. */
  if (error != NULL)
    g_message ("The keys that paste were not sent: %s", error->message);

  whis_state_machine_set (self->state, STATE_AWAITING);
  if (self->was_read)
    paste_method_await_quiet (self);
  else if (!paste_method_is_owner (self))
    paste_method_end (self, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  else
    self->timer = g_timeout_add (paste_method_get_deadline (self), on_deadline, self);
}

static gboolean
application_pastes_primary (const char *application)
{
  static const char *const applications[] = { "xterm", "uxterm", "urxvt", "st", "st-256color" };

  for (gsize i = 0; application != NULL && i < G_N_ELEMENTS (applications); i++)
    if (g_ascii_strcasecmp (application, applications[i]) == 0)
      return TRUE;

  return FALSE;
}

static WhisChord
paste_method_choose_chord (WhisPasteMethod *self, WhisInsertion *insertion)
{
  WhisFocus *focus = insertion->focus;

  if (insertion->chord != WHIS_CHORD_AUTOMATIC)
    return insertion->chord;
  if (focus == NULL || focus->kind != WHIS_FOCUS_TERMINAL)
    return WHIS_CHORD_CTRL_V;
  if (application_pastes_primary (focus->application)
      && whis_selection_has_primary (self->selection))
    return WHIS_CHORD_SHIFT_INSERT;

  return WHIS_CHORD_CTRL_SHIFT_V;
}

static void
paste_method_send (WhisPasteMethod *self)
{
  WhisInsertion *insertion = paste_method_get_insertion (self);

  paste_method_clear_timers (self);
  if (g_cancellable_is_cancelled (g_task_get_cancellable (self->task)))
    {
      paste_method_abort (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                     "The insertion was cancelled"));
      return;
    }

  whis_state_machine_set (self->state, STATE_SENDING);
  self->sent_at = g_get_monotonic_time ();
  whis_key_sender_send_async (self->keys, paste_method_choose_chord (self, insertion), NULL,
                              on_keys_sent, g_object_ref (self));
}

static gboolean
on_settled (gpointer user_data)
{
  WhisPasteMethod *self = user_data;

  self->settle_timer = 0;
  paste_method_send (self);

  return G_SOURCE_REMOVE;
}

static gboolean
on_longest_settle (gpointer user_data)
{
  WhisPasteMethod *self = user_data;

  self->timer = 0;
  paste_method_send (self);

  return G_SOURCE_REMOVE;
}

static void
paste_method_settle (WhisPasteMethod *self)
{
  g_clear_handle_id (&self->settle_timer, g_source_remove);
  self->settle_timer = g_timeout_add (SETTLE_MS, on_settled, self);
}

static void
on_owned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPasteMethod) self = user_data;
  GError *error = NULL;

  if (!whis_selection_own_finish (WHIS_SELECTION (source), result, &error))
    {
      paste_method_fail (self, error);
      return;
    }

  whis_state_machine_set (self->state, STATE_SETTLING);
  if (whis_selection_tells_reader (self->selection))
    {
      paste_method_send (self);
      return;
    }

  self->timer = g_timeout_add (LONGEST_SETTLE_MS, on_longest_settle, self);
  paste_method_settle (self);
}

static void
paste_method_own (WhisPasteMethod *self)
{
  WhisInsertion *insertion = paste_method_get_insertion (self);
  g_autofree char *terminal_text = NULL;
  g_autoptr (GHashTable) formats = NULL;

  if (insertion->focus != NULL && insertion->focus->kind == WHIS_FOCUS_TERMINAL)
    terminal_text = whis_insertion_get_terminal_text (insertion, TRUE);
  if (terminal_text != NULL && *terminal_text == '\0')
    {
      paste_method_fail (
          self, g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_TEXT,
                                     _ ("A newline alone is not inserted into a terminal.")));
      return;
    }

  formats = whis_selection_formats_new (terminal_text != NULL ? terminal_text : insertion->text,
                                        insertion->sensitive);

  whis_state_machine_set (self->state, STATE_OWNING);
  whis_selection_set_primary (self->selection, paste_method_choose_chord (self, insertion)
                                                   == WHIS_CHORD_SHIFT_INSERT);
  whis_selection_own_async (self->selection, formats, g_task_get_cancellable (self->task), on_owned,
                            g_object_ref (self));
  whis_selection_set_primary (self->selection, FALSE);
  self->serial = whis_selection_get_serial (self->selection);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPasteMethod) self = user_data;
  g_autoptr (GError) error = NULL;

  self->saved = whis_selection_save_finish (WHIS_SELECTION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      paste_method_fail (self, g_steal_pointer (&error));
      return;
    }
  if (error != NULL)
    g_message ("The clipboard will not be put back: %s", error->message);

  paste_method_own (self);
}

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPasteMethod) self = user_data;
  GError *error = NULL;

  if (!whis_key_sender_prepare_finish (WHIS_KEY_SENDER (source), result, &error))
    {
      paste_method_fail (self, error);
      return;
    }

  if (!paste_method_get_insertion (self)->restore)
    {
      paste_method_own (self);
      return;
    }

  whis_state_machine_set (self->state, STATE_SAVING);
  whis_selection_save_async (self->selection, g_task_get_cancellable (self->task), on_saved,
                             g_object_ref (self));
}

/* A program that reads whatever is copied, such as the window of a virtual machine, may have the
 * focus. It reads before the key is down, for which the modifier's pause has to pass. */
static gboolean
paste_method_key_is_down (WhisPasteMethod *self)
{
  return g_get_monotonic_time () - self->sent_at
         >= WHIS_CHORD_MODIFIER_MS * G_TIME_SPAN_MILLISECOND;
}

static void
on_read (WhisSelection *selection, int reader, gboolean content, gpointer user_data)
{
  WhisPasteMethod *self = user_data;
  PasteState state = paste_method_get_state (self);

  if (state == STATE_SETTLING && self->settle_timer != 0)
    paste_method_settle (self);
  g_debug ("%s: %s read in state %d, by reader %d, %.1f ms after the keys began", self->name,
           content ? "content" : "formats", (int) state, reader,
           self->sent_at != 0 ? (double) (g_get_monotonic_time () - self->sent_at) / 1000.0 : 0.0);
  if (!content || reader == WHIS_SELECTION_READER_OTHER || !paste_method_is_owner (self))
    return;

  if (state == STATE_SENDING)
    self->was_read |= paste_method_key_is_down (self);
  else if (state == STATE_AWAITING || state == STATE_QUIET)
    paste_method_await_quiet (self);
  else if (state == STATE_IDLE && self->unseen != NULL)
    {
      g_autoptr (WhisInsertion) insertion = g_steal_pointer (&self->unseen);

      whis_insertion_method_late_receipt (WHIS_INSERTION_METHOD (self), insertion);
    }
}

static void
on_lost (WhisSelection *selection, gpointer user_data)
{
  WhisPasteMethod *self = user_data;
  PasteState state = paste_method_get_state (self);

  g_clear_pointer (&self->unseen, whis_insertion_unref);
  if (self->task != NULL && state != STATE_OWNING)
    paste_method_get_insertion (self)->clipboard_lost = TRUE;
  if (state == STATE_SETTLING)
    paste_method_fail (
        self, g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED,
                                   _ ("Something else was copied while the text was inserted.")));
  else if (state == STATE_AWAITING)
    paste_method_end (self, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
  else if (state == STATE_QUIET)
    paste_method_end (self, WHIS_DELIVERY_OUTCOME_LANDED);
}

static void
on_selection_offered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPasteMethod) self = user_data;
  GError *error = NULL;

  if (!whis_selection_probe_finish (WHIS_SELECTION (source), result, &error))
    {
      paste_method_fail (self, error);
      return;
    }

  whis_key_sender_prepare_async (self->keys, g_task_get_cancellable (self->task), on_prepared,
                                 g_object_ref (self));
}

static const char *
whis_paste_method_get_name (WhisInsertionMethod *method)
{
  return WHIS_PASTE_METHOD (method)->name;
}

static gboolean
whis_paste_method_uses_clipboard (WhisInsertionMethod *method)
{
  return TRUE;
}

static void
on_keys_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (whis_key_sender_probe_finish (WHIS_KEY_SENDER (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_selection_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPasteMethod *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (whis_selection_probe_finish (WHIS_SELECTION (source), result, &error))
    whis_key_sender_probe_async (self->keys, cancellable, on_keys_probed, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

static void
whis_paste_method_probe_async (WhisInsertionMethod *method,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  WhisPasteMethod *self = WHIS_PASTE_METHOD (method);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_paste_method_probe_async);
  whis_selection_probe_async (self->selection, cancellable, on_selection_probed,
                              g_steal_pointer (&task));
}

static gboolean
whis_paste_method_probe_finish (WhisInsertionMethod *method, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, method), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_paste_method_probe_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
whis_paste_method_insert_async (WhisInsertionMethod *method,
                                WhisInsertion *insertion,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  WhisPasteMethod *self = WHIS_PASTE_METHOD (method);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_paste_method_insert_async);
  g_task_set_task_data (task, whis_insertion_ref (insertion),
                        (GDestroyNotify) whis_insertion_unref);
  g_task_set_check_cancellable (task, FALSE);
  if (self->task != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                               "Another insertion is under way");
      return;
    }

  self->task = g_steal_pointer (&task);
  self->was_read = FALSE;
  self->sent_at = 0;
  g_clear_pointer (&self->unseen, whis_insertion_unref);
  whis_state_machine_set (self->state, STATE_PREPARING);

  /* The user may be asked for the keys, and not in vain. */
  whis_selection_probe_async (self->selection, cancellable, on_selection_offered,
                              g_object_ref (self));
}

static WhisDeliveryOutcome
whis_paste_method_insert_finish (WhisInsertionMethod *method, GAsyncResult *result, GError **error)
{
  gssize outcome;

  g_return_val_if_fail (g_task_is_valid (result, method), WHIS_DELIVERY_OUTCOME_NONE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_paste_method_insert_async),
                        WHIS_DELIVERY_OUTCOME_NONE);

  outcome = g_task_propagate_int (G_TASK (result), error);

  return outcome > 0 ? (WhisDeliveryOutcome) outcome : WHIS_DELIVERY_OUTCOME_NONE;
}

static void
whis_paste_method_dispose (GObject *object)
{
  WhisPasteMethod *self = WHIS_PASTE_METHOD (object);

  paste_method_clear_timers (self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->keys);
  g_clear_pointer (&self->saved, g_hash_table_unref);
  g_clear_pointer (&self->unseen, whis_insertion_unref);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (whis_paste_method_parent_class)->dispose (object);
}

static void
whis_paste_method_finalize (GObject *object)
{
  WhisPasteMethod *self = WHIS_PASTE_METHOD (object);

  g_free (self->name);
  whis_state_machine_free (self->state);

  G_OBJECT_CLASS (whis_paste_method_parent_class)->finalize (object);
}

static void
whis_paste_method_class_init (WhisPasteMethodClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_paste_method_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_paste_method_finalize;
}

static void
whis_paste_method_insertion_method_init (WhisInsertionMethodInterface *interface)
{
  interface->get_name = whis_paste_method_get_name;
  interface->uses_clipboard = whis_paste_method_uses_clipboard;
  interface->probe_async = whis_paste_method_probe_async;
  interface->probe_finish = whis_paste_method_probe_finish;
  interface->insert_async = whis_paste_method_insert_async;
  interface->insert_finish = whis_paste_method_insert_finish;
}

static void
whis_paste_method_init (WhisPasteMethod *self)
{
  self->state = whis_state_machine_new (&table, NULL, NULL);
  whis_state_machine_set_name (self->state, "paste");
}

/**
 * whis_paste_method_new:
 * @name: the method's word, see [method@InsertionMethod.get_name]
 * @selection: the clipboard of this session
 * @keys: what presses keys in it
 *
 * The text is put on the clipboard, the keys that paste are pressed once, and the target is seen to
 * read it. Only a read of the content after the keys counts: managers, compositors and some targets
 * read when the owner changes.
 *
 * Returns: (transfer full): a new method
 */
WhisPasteMethod *
whis_paste_method_new (const char *name, WhisSelection *selection, WhisKeySender *keys)
{
  WhisPasteMethod *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (WHIS_IS_SELECTION (selection), NULL);
  g_return_val_if_fail (WHIS_IS_KEY_SENDER (keys), NULL);

  self = g_object_new (WHIS_TYPE_PASTE_METHOD, NULL);
  self->name = g_strdup (name);
  self->selection = g_object_ref (selection);
  self->keys = g_object_ref (keys);
  g_signal_connect (selection, "read", G_CALLBACK (on_read), self);
  g_signal_connect (selection, "lost", G_CALLBACK (on_lost), self);

  return self;
}
