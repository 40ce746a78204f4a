/* SPDX-License-Identifier: MIT */
#include "x11-selection.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "delivery-error.h"
#include "x11-requestor.h"
#include "x11-transfer.h"

struct _WhisX11Selection
{
  GObject parent_instance;

  WhisX11Connection *connection;
  WhisX11Transfers *transfers;
  gboolean tells_reader;
  gboolean with_primary;

  xcb_window_t window; /* owns the selections; XCB_NONE while there is no connection */
  GQueue owning;       /* of GTask, each awaits the server's time */
  WhisX11Offer *clipboard;
  WhisX11Offer *primary;
  GHashTable *formats; /* what the clipboard offers, while it is owned */

  /* The types of what was saved last, for when it is put back. */
  gconstpointer saved;
  GHashTable *saved_types;
};

static void whis_x11_selection_selection_init (WhisSelectionInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisX11Selection,
                               whis_x11_selection,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_SELECTION,
                                                      whis_x11_selection_selection_init))

enum
{
  PROP_0,
  PROP_CONNECTION,
  PROP_TELLS_READER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Something that is put on the clipboard; the data of its task. */
typedef struct
{
  GHashTable *formats;
  WhisX11Offer *offer;
  gboolean primary;
  guint n_awaited;
} Own;

static void
own_free (Own *own)
{
  g_hash_table_unref (own->formats);
  whis_x11_offer_unref (own->offer);
  g_free (own);
}

/* A request, until it is known who has sent it. */
typedef struct
{
  WhisX11Selection *self;
  xcb_selection_request_event_t event;
  WhisX11Offer *offer;
} Request;

static void
request_free (Request *request)
{
  g_clear_pointer (&request->offer, whis_x11_offer_unref);
  g_object_unref (request->self);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static xcb_connection_t *
x11_selection_get_xcb (WhisX11Selection *self)
{
  return whis_x11_connection_get_xcb (self->connection);
}

static xcb_atom_t
x11_selection_get_atom (WhisX11Selection *self, WhisX11Atom atom)
{
  return whis_x11_connection_get_atom (self->connection, atom);
}

static GError *
new_no_display_error (void)
{
  return g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NO_DISPLAY,
                              _ ("There is no X11 display."));
}

static void
x11_selection_forget_clipboard (WhisX11Selection *self)
{
  g_clear_pointer (&self->clipboard, whis_x11_offer_unref);
  g_clear_pointer (&self->formats, g_hash_table_unref);
}

static void
on_transferred (int reader, gboolean content, gpointer user_data)
{
  whis_selection_emit_read (user_data, (WhisSelectionReader) reader, content);
}

/* A window's id begins with that of its client: a manager is never the client with the focus. */
static void
on_focus_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  WhisX11Selection *self = request->self;
  xcb_get_input_focus_reply_t *focus = reply;
  WhisSelectionReader reader = WHIS_SELECTION_READER_OTHER;

  if (!whis_x11_connection_is_open (self->connection))
    return;

  if (focus != NULL
      && whis_x11_connection_get_client (self->connection, focus->focus)
             == whis_x11_connection_get_client (self->connection, request->event.requestor))
    reader = WHIS_SELECTION_READER_FOCUS;
  whis_x11_transfers_answer (self->transfers, &request->event, request->offer, (int) reader);
}

static void
x11_selection_answer (WhisX11Selection *self, const xcb_selection_request_event_t *event)
{
  WhisX11Offer *offer = event->selection == XCB_ATOM_PRIMARY ? self->primary : self->clipboard;
  Request *request;

  if (!self->tells_reader)
    {
      whis_x11_transfers_answer (self->transfers, event, offer, WHIS_SELECTION_READER_UNKNOWN);
      return;
    }

  request = g_new0 (Request, 1);
  request->self = g_object_ref (self);
  request->event = *event;
  request->offer = offer != NULL ? whis_x11_offer_ref (offer) : NULL;
  whis_x11_connection_expect_reply (self->connection,
                                    xcb_get_input_focus (x11_selection_get_xcb (self)).sequence,
                                    on_focus_known, request);
}

/* Whether the selection was taken after @offer; the server's time wraps. */
static gboolean
is_cleared (WhisX11Offer *offer, xcb_timestamp_t time)
{
  return offer != NULL && (gint32) (time - offer->time) >= 0;
}

static void
x11_selection_take_clear (WhisX11Selection *self, const xcb_selection_clear_event_t *event)
{
  if (event->selection == XCB_ATOM_PRIMARY)
    {
      if (is_cleared (self->primary, event->time))
        g_clear_pointer (&self->primary, whis_x11_offer_unref);
    }
  else if (is_cleared (self->clipboard, event->time))
    {
      x11_selection_forget_clipboard (self);
      whis_selection_emit_lost (WHIS_SELECTION (self));
    }
}

static void
on_owner_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisX11Selection *self = g_task_get_source_object (task);
  Own *own = g_task_get_task_data (task);
  xcb_get_selection_owner_reply_t *owner = reply;

  if (owner == NULL)
    g_task_return_error (task, new_no_display_error ());
  else if ((owner->owner == self->window) == (own->offer->formats->len > 0))
    g_task_return_boolean (task, TRUE);
  else
    {
      x11_selection_forget_clipboard (self);
      g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED, "%s",
                               _ ("Something else is on the clipboard."));
    }
}

static void
x11_selection_set_owner (WhisX11Selection *self,
                         xcb_atom_t selection,
                         gboolean owned,
                         xcb_timestamp_t time)
{
  xcb_set_selection_owner (x11_selection_get_xcb (self), owned ? self->window : XCB_NONE, selection,
                           time);
}

/* Takes the selections with the server's time. */
static void
x11_selection_take (WhisX11Selection *self, GTask *task, xcb_timestamp_t time)
{
  Own *own = g_task_get_task_data (task);
  xcb_atom_t clipboard = x11_selection_get_atom (self, WHIS_X11_ATOM_CLIPBOARD);
  gboolean owned = own->offer->formats->len > 0;

  if (g_task_return_error_if_cancelled (task))
    return;

  own->offer->time = time;
  if (owned || self->clipboard != NULL)
    x11_selection_set_owner (self, clipboard, owned, time);
  x11_selection_forget_clipboard (self);
  if (owned)
    {
      self->clipboard = whis_x11_offer_ref (own->offer);
      self->formats = g_hash_table_ref (own->formats);
    }

  if (own->primary || self->primary != NULL)
    x11_selection_set_owner (self, XCB_ATOM_PRIMARY, own->primary, time);
  g_clear_pointer (&self->primary, whis_x11_offer_unref);
  if (own->primary)
    self->primary = whis_x11_offer_ref (own->offer);

  whis_x11_connection_expect_reply (
      self->connection, xcb_get_selection_owner (x11_selection_get_xcb (self), clipboard).sequence,
      on_owner_known, g_object_ref (task));
}

static void
on_event (WhisX11Connection *connection, xcb_generic_event_t *event, gpointer user_data)
{
  WhisX11Selection *self = user_data;
  guint8 type = event->response_type & 0x7f;
  const xcb_property_notify_event_t *property = (xcb_property_notify_event_t *) event;

  whis_x11_transfers_handle_event (self->transfers, event);
  if (self->window == XCB_NONE)
    return;

  if (type == XCB_SELECTION_REQUEST
      && ((xcb_selection_request_event_t *) event)->owner == self->window)
    x11_selection_answer (self, (xcb_selection_request_event_t *) event);
  else if (type == XCB_SELECTION_CLEAR
           && ((xcb_selection_clear_event_t *) event)->owner == self->window)
    x11_selection_take_clear (self, (xcb_selection_clear_event_t *) event);
  else if (type == XCB_PROPERTY_NOTIFY && property->window == self->window
           && !g_queue_is_empty (&self->owning))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->owning);

      x11_selection_take (self, task, property->time);
    }
}

static void
on_closed (WhisX11Connection *connection, gpointer user_data)
{
  WhisX11Selection *self = user_data;
  gboolean was_owner = self->clipboard != NULL;

  self->window = XCB_NONE;
  x11_selection_forget_clipboard (self);
  g_clear_pointer (&self->primary, whis_x11_offer_unref);
  g_clear_pointer (&self->saved_types, g_hash_table_unref);
  whis_x11_transfers_clear (self->transfers);
  while (!g_queue_is_empty (&self->owning))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->owning);

      g_task_return_error (task, new_no_display_error ());
    }
  if (was_owner)
    whis_selection_emit_lost (WHIS_SELECTION (self));
}

static const char *
whis_x11_selection_get_name (WhisSelection *selection)
{
  return WHIS_X11_SELECTION (selection)->tells_reader ? "x11" : "xwayland";
}

static void
x11_selection_create_window (WhisX11Selection *self)
{
  xcb_connection_t *xcb = x11_selection_get_xcb (self);
  guint32 mask = XCB_EVENT_MASK_PROPERTY_CHANGE;

  if (self->window != XCB_NONE)
    return;

  self->window = xcb_generate_id (xcb);
  xcb_create_window (xcb, XCB_COPY_FROM_PARENT, self->window,
                     whis_x11_connection_get_root (self->connection), -1, -1, 1, 1, 0,
                     XCB_WINDOW_CLASS_INPUT_ONLY, XCB_COPY_FROM_PARENT, XCB_CW_EVENT_MASK, &mask);
}

/* Ends opening the connection for @task; returns whether it goes on. */
static gboolean
x11_selection_is_opened (GTask *task, GObject *source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;

  if (whis_x11_connection_open_finish (WHIS_X11_CONNECTION (source), result, &error))
    {
      x11_selection_create_window (g_task_get_source_object (task));
      return !g_task_return_error_if_cancelled (task);
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_error (task, new_no_display_error ());

  return FALSE;
}

static void
on_opened_to_probe (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (x11_selection_is_opened (task, source, result))
    g_task_return_boolean (task, TRUE);
}

static void
whis_x11_selection_probe_async (WhisSelection *selection,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  WhisX11Selection *self = WHIS_X11_SELECTION (selection);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_x11_selection_probe_async);
  whis_x11_connection_open_async (self->connection, cancellable, on_opened_to_probe, task);
}

static gboolean
whis_x11_selection_probe_finish (WhisSelection *selection, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, selection), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_x11_selection_probe_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisX11Selection *self = g_task_get_source_object (task);
  g_autoptr (WhisX11Saved) saved = NULL;
  GError *error = NULL;

  saved = whis_x11_save_finish (WHIS_X11_CONNECTION (source), result, &error);
  if (saved == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_clear_pointer (&self->saved_types, g_hash_table_unref);
  self->saved = saved->formats;
  self->saved_types = g_hash_table_ref (saved->types);
  g_task_return_pointer (task, g_hash_table_ref (saved->formats),
                         (GDestroyNotify) g_hash_table_unref);
}

static void
on_opened_to_save (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisX11Selection *self = g_task_get_source_object (task);

  if (!x11_selection_is_opened (task, source, result))
    return;

  if (self->formats != NULL)
    g_task_return_pointer (task, g_hash_table_ref (self->formats),
                           (GDestroyNotify) g_hash_table_unref);
  else
    whis_x11_save_async (self->connection, x11_selection_get_atom (self, WHIS_X11_ATOM_CLIPBOARD),
                         g_task_get_cancellable (task), on_saved, g_object_ref (task));
}

static void
whis_x11_selection_save_async (WhisSelection *selection,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  WhisX11Selection *self = WHIS_X11_SELECTION (selection);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_x11_selection_save_async);
  whis_x11_connection_open_async (self->connection, cancellable, on_opened_to_save, task);
}

static GHashTable *
whis_x11_selection_save_finish (WhisSelection *selection, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, selection), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_x11_selection_save_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The server tells its time with the notice of a property that does not change. */
static void
x11_selection_ask_time (WhisX11Selection *self, GTask *task)
{
  g_queue_push_tail (&self->owning, g_object_ref (task));
  xcb_change_property (x11_selection_get_xcb (self), XCB_PROP_MODE_APPEND, self->window,
                       x11_selection_get_atom (self, WHIS_X11_ATOM_WHIS_SELECTION), XCB_ATOM_STRING,
                       8, 0, NULL);
}

/* A format whose atom is being asked for. */
typedef struct
{
  GTask *task;
  char *name;
  GBytes *bytes;
} NamedFormat;

static void
own_add (GTask *task, const char *name, xcb_atom_t target, GBytes *bytes)
{
  WhisX11Selection *self = g_task_get_source_object (task);
  Own *own = g_task_get_task_data (task);
  WhisX11Type *type = NULL;
  WhisX11Format *format;

  if (own->formats == self->saved && self->saved_types != NULL)
    type = g_hash_table_lookup (self->saved_types, name);
  whis_x11_offer_add (own->offer, target, type != NULL ? type->type : target, bytes);

  format = whis_x11_offer_find (own->offer, target);
  if (format == NULL)
    return;
  if (type != NULL && type->bits != 0)
    format->bits = type->bits;
  format->content = strcmp (name, WHIS_SELECTION_PASSWORD_HINT) != 0;
}

static void
on_interned (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autofree NamedFormat *named = user_data;
  g_autoptr (GTask) task = named->task;
  g_autofree char *name = named->name;
  g_autoptr (GBytes) bytes = named->bytes;
  WhisX11Selection *self = g_task_get_source_object (task);
  Own *own = g_task_get_task_data (task);
  xcb_intern_atom_reply_t *atom = reply;

  if (atom != NULL)
    own_add (task, name, atom->atom, bytes);
  if (--own->n_awaited > 0)
    return;

  if (whis_x11_connection_is_open (self->connection))
    x11_selection_ask_time (self, task);
  else
    g_task_return_error (task, new_no_display_error ());
}

static void
x11_selection_intern_formats (WhisX11Selection *self, GTask *task)
{
  Own *own = g_task_get_task_data (task);
  GHashTableIter iter;
  gpointer name;
  gpointer bytes;

  own->n_awaited = g_hash_table_size (own->formats);
  g_hash_table_iter_init (&iter, own->formats);
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    {
      NamedFormat *named = g_new0 (NamedFormat, 1);

      named->task = g_object_ref (task);
      named->name = g_strdup (name);
      named->bytes = g_bytes_ref (bytes);
      whis_x11_connection_expect_reply (
          self->connection,
          xcb_intern_atom (x11_selection_get_xcb (self), FALSE, (guint16) strlen (name), name)
              .sequence,
          on_interned, named);
    }
}

static void
on_opened_to_own (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisX11Selection *self = g_task_get_source_object (task);
  Own *own = g_task_get_task_data (task);
  GBytes *text = g_hash_table_lookup (own->formats, "text/plain;charset=utf-8");

  if (!x11_selection_is_opened (task, source, result))
    return;

  /* What was saved is put back as it was; a text of this program has no other names yet. */
  if (text != NULL && own->formats != self->saved)
    whis_x11_offer_add_text (own->offer, self->connection, text);

  if (g_hash_table_size (own->formats) > 0)
    x11_selection_intern_formats (self, task);
  else
    x11_selection_ask_time (self, task);
}

static void
whis_x11_selection_own_async (WhisSelection *selection,
                              GHashTable *formats,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  WhisX11Selection *self = WHIS_X11_SELECTION (selection);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Own *own = g_new0 (Own, 1);

  g_task_set_source_tag (task, whis_x11_selection_own_async);
  /* Once it is on the clipboard, that is told. */
  g_task_set_check_cancellable (task, FALSE);
  own->formats = g_hash_table_ref (formats);
  own->offer = whis_x11_offer_new ();
  own->primary = self->with_primary && g_hash_table_contains (formats, "text/plain;charset=utf-8");
  g_task_set_task_data (task, own, (GDestroyNotify) own_free);
  whis_x11_connection_open_async (self->connection, cancellable, on_opened_to_own, task);
}

static gboolean
whis_x11_selection_own_finish (WhisSelection *selection, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, selection), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_x11_selection_own_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
whis_x11_selection_is_owner (WhisSelection *selection)
{
  return WHIS_X11_SELECTION (selection)->clipboard != NULL;
}

static gboolean
whis_x11_selection_has_primary (WhisSelection *selection)
{
  return TRUE;
}

static void
whis_x11_selection_set_primary (WhisSelection *selection, gboolean primary)
{
  WHIS_X11_SELECTION (selection)->with_primary = primary;
}

static gboolean
whis_x11_selection_tells_reader (WhisSelection *selection)
{
  return WHIS_X11_SELECTION (selection)->tells_reader;
}

static void
whis_x11_selection_constructed (GObject *object)
{
  WhisX11Selection *self = WHIS_X11_SELECTION (object);

  G_OBJECT_CLASS (whis_x11_selection_parent_class)->constructed (object);

  self->transfers = whis_x11_transfers_new (self->connection, on_transferred, self);
  g_signal_connect (self->connection, "event", G_CALLBACK (on_event), self);
  g_signal_connect (self->connection, "closed", G_CALLBACK (on_closed), self);
}

static void
whis_x11_selection_dispose (GObject *object)
{
  WhisX11Selection *self = WHIS_X11_SELECTION (object);

  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      if (self->window != XCB_NONE)
        xcb_destroy_window (x11_selection_get_xcb (self), self->window);
    }
  self->window = XCB_NONE;
  g_clear_pointer (&self->transfers, whis_x11_transfers_free);
  x11_selection_forget_clipboard (self);
  g_clear_pointer (&self->primary, whis_x11_offer_unref);
  g_clear_pointer (&self->saved_types, g_hash_table_unref);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (whis_x11_selection_parent_class)->dispose (object);
}

static void
whis_x11_selection_set_property (GObject *object,
                                 guint prop_id,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  WhisX11Selection *self = WHIS_X11_SELECTION (object);

  if (prop_id == PROP_CONNECTION)
    self->connection = g_value_dup_object (value);
  else if (prop_id == PROP_TELLS_READER)
    self->tells_reader = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_x11_selection_class_init (WhisX11SelectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = whis_x11_selection_constructed;
  object_class->dispose = whis_x11_selection_dispose;
  object_class->set_property = whis_x11_selection_set_property;

  /**
   * WhisX11Selection:connection:
   */
  properties[PROP_CONNECTION] =
      g_param_spec_object ("connection", NULL, NULL, WHIS_TYPE_X11_CONNECTION,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * WhisX11Selection:tells-reader:
   *
   * Whether the X11 focus is that of the session, so that it is known who reads. In a Wayland
   * session it is not.
   */
  properties[PROP_TELLS_READER] =
      g_param_spec_boolean ("tells-reader", NULL, NULL, TRUE,
                            G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_x11_selection_selection_init (WhisSelectionInterface *interface)
{
  interface->get_name = whis_x11_selection_get_name;
  interface->probe_async = whis_x11_selection_probe_async;
  interface->probe_finish = whis_x11_selection_probe_finish;
  interface->save_async = whis_x11_selection_save_async;
  interface->save_finish = whis_x11_selection_save_finish;
  interface->own_async = whis_x11_selection_own_async;
  interface->own_finish = whis_x11_selection_own_finish;
  interface->is_owner = whis_x11_selection_is_owner;
  interface->has_primary = whis_x11_selection_has_primary;
  interface->set_primary = whis_x11_selection_set_primary;
  interface->tells_reader = whis_x11_selection_tells_reader;
}

static void
whis_x11_selection_init (WhisX11Selection *self)
{
  g_queue_init (&self->owning);
}

/**
 * whis_x11_selection_new:
 * @connection: a connection, which need not be open
 * @tells_reader: %FALSE in a Wayland session, where the selection goes through Xwayland
 *
 * The selections of an X11 display, owned by this process. It needs neither a window that is seen
 * nor the focus.
 *
 * Returns: (transfer full): a new selection
 */
WhisSelection *
whis_x11_selection_new (WhisX11Connection *connection, gboolean tells_reader)
{
  g_return_val_if_fail (WHIS_IS_X11_CONNECTION (connection), NULL);

  return g_object_new (WHIS_TYPE_X11_SELECTION, "connection", connection, "tells-reader",
                       tells_reader, NULL);
}
