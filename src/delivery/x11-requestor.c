/* SPDX-License-Identifier: MIT */
#include "x11-requestor.h"

#include <glib/gi18n-lib.h>

#include "delivery-error.h"
#include "selection.h"

/* Reading all formats of a selection; the data of a task. */
typedef struct
{
  WhisX11Connection *connection;
  xcb_window_t window;
  xcb_atom_t selection;
  GArray *targets;  /* of xcb_atom_t */
  GPtrArray *names; /* of char, the name of each target */
  guint next;       /* the target that is read, G_MAXUINT for the list of targets */
  GByteArray *pieces;
  WhisX11Type type;
  gsize total;
  WhisX11Saved *saved;
  gulong event_handler;
  guint timer;
} Save;

/**
 * whis_x11_saved_free:
 * @self: (transfer full): what was read
 */
void
whis_x11_saved_free (WhisX11Saved *self)
{
  g_hash_table_unref (self->formats);
  g_hash_table_unref (self->types);
  g_free (self);
}

/* Ends the reading: events and time matter no more, and late answers go to a window that is gone.
 */
static void
save_stop (Save *save)
{
  g_clear_signal_handler (&save->event_handler, save->connection);
  g_clear_handle_id (&save->timer, g_source_remove);
  if (save->window != XCB_NONE && whis_x11_connection_is_open (save->connection))
    xcb_destroy_window (whis_x11_connection_get_xcb (save->connection), save->window);
  save->window = XCB_NONE;
}

static void
save_free (Save *save)
{
  save_stop (save);
  g_array_unref (save->targets);
  g_ptr_array_unref (save->names);
  g_clear_pointer (&save->pieces, g_byte_array_unref);
  g_clear_pointer (&save->saved, whis_x11_saved_free);
  g_object_unref (save->connection);
  g_free (save);
}

static gboolean
save_is_over (GTask *task)
{
  return ((Save *) g_task_get_task_data (task))->window == XCB_NONE;
}

static void
save_return (GTask *task)
{
  Save *save = g_task_get_task_data (task);

  save_stop (save);
  g_task_return_pointer (task, g_steal_pointer (&save->saved),
                         (GDestroyNotify) whis_x11_saved_free);
  g_object_unref (task);
}

static void
save_fail (GTask *task, int code, const char *message)
{
  save_stop (g_task_get_task_data (task));
  g_task_return_new_error (task, WHIS_DELIVERY_ERROR, code, "%s", message);
  g_object_unref (task);
}

static void
save_fail_too_large (GTask *task)
{
  save_fail (task, WHIS_DELIVERY_ERROR_FAILED, _ ("What is on the clipboard is too large."));
}

static void
save_fail_silent (GTask *task)
{
  save_fail (task, WHIS_DELIVERY_ERROR_TIMED_OUT,
             _ ("The program that has copied last does not answer."));
}

static void
save_convert (Save *save, xcb_atom_t target)
{
  xcb_convert_selection (
      whis_x11_connection_get_xcb (save->connection), save->window, save->selection, target,
      whis_x11_connection_get_atom (save->connection, WHIS_X11_ATOM_WHIS_SELECTION),
      XCB_CURRENT_TIME);
}

/* What is no content, but an action, a remark, or means something inside its program only. TEXT is
 * an alias of another target. */
static gboolean
save_wants (Save *save, xcb_atom_t target)
{
  static const WhisX11Atom unwanted[] = {
    WHIS_X11_ATOM_DELETE,       WHIS_X11_ATOM_GTK_TEXT_BUFFER_CONTENTS,
    WHIS_X11_ATOM_MULTIPLE,     WHIS_X11_ATOM_INSERT_PROPERTY,
    WHIS_X11_ATOM_TARGETS,      WHIS_X11_ATOM_INSERT_SELECTION,
    WHIS_X11_ATOM_SAVE_TARGETS, WHIS_X11_ATOM_TIMESTAMP,
    WHIS_X11_ATOM_TEXT,
  };

  for (guint i = 0; i < G_N_ELEMENTS (unwanted); i++)
    if (target == whis_x11_connection_get_atom (save->connection, unwanted[i]))
      return FALSE;

  return target != XCB_ATOM_NONE;
}

static void
save_read_next (GTask *task)
{
  Save *save = g_task_get_task_data (task);

  save->next++;
  if (save->next == save->targets->len)
    save_return (task);
  else
    save_convert (save, g_array_index (save->targets, xcb_atom_t, save->next));
}

static void
on_named (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  xcb_get_atom_name_reply_t *name = reply;

  if (save_is_over (task))
    return;
  if (name == NULL)
    {
      save_fail_silent (task);
      return;
    }

  g_ptr_array_add (save->names, g_strndup (xcb_get_atom_name_name (name),
                                           (gsize) xcb_get_atom_name_name_length (name)));
  if (save->names->len == save->targets->len)
    save_read_next (task);
}

/* The formats go by their names, which are the same on every display. */
static void
save_find_names (GTask *task)
{
  Save *save = g_task_get_task_data (task);
  xcb_connection_t *xcb = whis_x11_connection_get_xcb (save->connection);

  if (save->targets->len == 0)
    {
      save_return (task);
      return;
    }

  for (guint i = 0; i < save->targets->len; i++)
    whis_x11_connection_expect_reply (
        save->connection,
        xcb_get_atom_name (xcb, g_array_index (save->targets, xcb_atom_t, i)).sequence, on_named,
        g_object_ref (task));
}

static void
save_take_targets (GTask *task, const guint8 *data, gsize size)
{
  Save *save = g_task_get_task_data (task);
  const xcb_atom_t *targets = (const xcb_atom_t *) data;

  for (gsize i = 0; i < size / sizeof (xcb_atom_t); i++)
    if (save_wants (save, targets[i]))
      g_array_append_val (save->targets, targets[i]);
  save_find_names (task);
}

/* A whole format has arrived. */
static void
save_take (GTask *task, const guint8 *data, gsize size)
{
  Save *save = g_task_get_task_data (task);
  char *name;

  if (save->next == G_MAXUINT)
    {
      save_take_targets (task, data, size);
      return;
    }

  save->total += size;
  if (size > WHIS_SELECTION_FORMAT_MAX || save->total > WHIS_SELECTION_TOTAL_MAX)
    {
      save_fail_too_large (task);
      return;
    }

  name = save->names->pdata[save->next];
  g_hash_table_insert (save->saved->formats, g_strdup (name), g_bytes_new (data, size));
  g_hash_table_insert (save->saved->types, g_strdup (name),
                       g_memdup2 (&save->type, sizeof save->type));
  save_read_next (task);
}

static void
save_take_piece (GTask *task, const guint8 *data, gsize size)
{
  Save *save = g_task_get_task_data (task);
  g_autoptr (GByteArray) pieces = NULL;

  if (size > 0)
    {
      g_byte_array_append (save->pieces, data, (guint) size);
      if (save->pieces->len > WHIS_SELECTION_FORMAT_MAX)
        save_fail_too_large (task);
      return;
    }

  pieces = g_steal_pointer (&save->pieces);
  save_take (task, pieces->data, pieces->len);
}

static void
on_property_read (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  xcb_get_property_reply_t *property = reply;
  const guint8 *data;
  gsize size;

  if (save_is_over (task))
    return;
  if (property == NULL)
    {
      save_fail_silent (task);
      return;
    }
  if (property->bytes_after > 0)
    {
      save_fail_too_large (task);
      return;
    }

  data = xcb_get_property_value (property);
  size = (gsize) xcb_get_property_value_length (property);
  if (property->type == whis_x11_connection_get_atom (save->connection, WHIS_X11_ATOM_INCR))
    {
      save->pieces = g_byte_array_new ();
      return;
    }

  if (save->pieces == NULL || size > 0)
    save->type = (WhisX11Type){ property->type, property->format };
  if (save->pieces != NULL)
    save_take_piece (task, data, size);
  else
    save_take (task, data, size);
}

static void
save_read_property (GTask *task)
{
  Save *save = g_task_get_task_data (task);

  whis_x11_connection_expect_reply (
      save->connection,
      xcb_get_property (
          whis_x11_connection_get_xcb (save->connection), TRUE, save->window,
          whis_x11_connection_get_atom (save->connection, WHIS_X11_ATOM_WHIS_SELECTION),
          XCB_GET_PROPERTY_TYPE_ANY, 0, WHIS_SELECTION_FORMAT_MAX / 4)
          .sequence,
      on_property_read, g_object_ref (task));
}

/* The owner refuses a target. Without a list of targets it is asked for text. */
static void
save_take_refusal (GTask *task)
{
  Save *save = g_task_get_task_data (task);
  xcb_atom_t text[] = {
    whis_x11_connection_get_atom (save->connection, WHIS_X11_ATOM_UTF8_STRING),
    XCB_ATOM_STRING,
  };

  if (save->next == G_MAXUINT)
    save_take_targets (task, (const guint8 *) text, sizeof text);
  else
    save_read_next (task);
}

static void
on_event (WhisX11Connection *connection, xcb_generic_event_t *event, gpointer user_data)
{
  GTask *task = user_data;
  Save *save = g_task_get_task_data (task);
  guint8 type = event->response_type & 0x7f;

  if (type == XCB_SELECTION_NOTIFY)
    {
      const xcb_selection_notify_event_t *notify = (xcb_selection_notify_event_t *) event;

      if (notify->requestor != save->window)
        return;
      if (notify->property == XCB_ATOM_NONE)
        save_take_refusal (task);
      else
        save_read_property (task);
    }
  else if (type == XCB_PROPERTY_NOTIFY && save->pieces != NULL)
    {
      const xcb_property_notify_event_t *notify = (xcb_property_notify_event_t *) event;

      if (notify->window == save->window && notify->state == XCB_PROPERTY_NEW_VALUE)
        save_read_property (task);
    }
}

static gboolean
on_timeout (gpointer user_data)
{
  Save *save = g_task_get_task_data (user_data);

  save->timer = 0;
  save_fail_silent (user_data);

  return G_SOURCE_REMOVE;
}

static void
on_owner_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  xcb_get_selection_owner_reply_t *owner = reply;

  if (save_is_over (task))
    return;

  if (owner == NULL)
    save_fail_silent (task);
  else if (owner->owner == XCB_NONE)
    save_return (task);
  else
    save_convert (save, whis_x11_connection_get_atom (save->connection, WHIS_X11_ATOM_TARGETS));
}

/**
 * whis_x11_save_async:
 * @connection: an open connection
 * @selection: the selection to read
 * @cancellable: (nullable): to give up
 * @callback: called when it was read
 * @user_data: for @callback
 *
 * Reads what another client offers, in all its formats. It has a window of its own, so that a late
 * answer is not taken for another.
 */
void
whis_x11_save_async (WhisX11Connection *connection,
                     xcb_atom_t selection,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task = g_task_new (connection, cancellable, callback, user_data);
  xcb_connection_t *xcb = whis_x11_connection_get_xcb (connection);
  Save *save = g_new0 (Save, 1);
  guint32 mask = XCB_EVENT_MASK_PROPERTY_CHANGE;

  g_task_set_source_tag (task, whis_x11_save_async);
  save->connection = g_object_ref (connection);
  save->selection = selection;
  save->targets = g_array_new (FALSE, FALSE, sizeof (xcb_atom_t));
  save->names = g_ptr_array_new_with_free_func (g_free);
  save->next = G_MAXUINT;
  save->saved = g_new0 (WhisX11Saved, 1);
  save->saved->formats =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  save->saved->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_task_set_task_data (task, save, (GDestroyNotify) save_free);

  save->window = xcb_generate_id (xcb);
  xcb_create_window (xcb, XCB_COPY_FROM_PARENT, save->window,
                     whis_x11_connection_get_root (connection), -1, -1, 1, 1, 0,
                     XCB_WINDOW_CLASS_INPUT_ONLY, XCB_COPY_FROM_PARENT, XCB_CW_EVENT_MASK, &mask);
  save->event_handler = g_signal_connect (connection, "event", G_CALLBACK (on_event), task);
  save->timer = g_timeout_add (WHIS_SELECTION_SAVE_MS, on_timeout, task);
  whis_x11_connection_expect_reply (connection, xcb_get_selection_owner (xcb, selection).sequence,
                                    on_owner_known, g_object_ref (task));
}

/**
 * whis_x11_save_finish:
 * @connection: a connection
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): what was read, empty if nobody has copied anything
 */
WhisX11Saved *
whis_x11_save_finish (WhisX11Connection *connection, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_x11_save_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
