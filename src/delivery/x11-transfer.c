/* SPDX-License-Identifier: MIT */
#include "x11-transfer.h"

#include <string.h>

/* What is larger goes in pieces of this size (INCR), so that the server stays responsive. */
#define PIECE_SIZE (256 * 1024)

/* The longest request has a header, too. */
#define REQUEST_HEADER 64

/* A requestor that takes no piece for so long takes none any more. */
#define IDLE_SECONDS 30

#define N_MULTIPLE_MAX 1024

struct _WhisX11Transfers
{
  WhisX11Connection *connection;
  WhisX11TransferredFunc func;
  gpointer user_data;
  GQueue pieces; /* of Transfer */
  grefcount ref_count;
};

/* A format that is transferred in pieces. */
typedef struct
{
  WhisX11Transfers *transfers;
  xcb_window_t requestor;
  xcb_atom_t property;
  xcb_atom_t type;
  guint8 bits;
  GBytes *bytes;
  gsize offset;
  int reader;
  gboolean content;
  guint timeout;
} Transfer;

/* A request for several targets, whose list is being read. */
typedef struct
{
  WhisX11Transfers *transfers;
  xcb_selection_request_event_t request;
  WhisX11Offer *offer;
  int reader;
} Multiple;

static void
transfer_free (Transfer *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static void
transfers_unref (WhisX11Transfers *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  whis_x11_transfers_clear (self);
  g_object_unref (self->connection);
  g_free (self);
}

static gsize
transfers_get_piece_size (WhisX11Transfers *self)
{
  return MIN (PIECE_SIZE, whis_x11_connection_get_max_request (self->connection) - REQUEST_HEADER);
}

static void
transfers_select_events (WhisX11Transfers *self, xcb_window_t requestor, guint32 mask)
{
  xcb_change_window_attributes (whis_x11_connection_get_xcb (self->connection), requestor,
                                XCB_CW_EVENT_MASK, &mask);
}

static void
transfers_remove (WhisX11Transfers *self, Transfer *transfer)
{
  xcb_window_t requestor = transfer->requestor;

  g_queue_remove (&self->pieces, transfer);
  transfer_free (transfer);

  for (GList *l = self->pieces.head; l != NULL; l = l->next)
    if (((Transfer *) l->data)->requestor == requestor)
      return;
  if (whis_x11_connection_is_open (self->connection))
    transfers_select_events (self, requestor, XCB_EVENT_MASK_NO_EVENT);
}

static gboolean
on_idle_requestor (gpointer user_data)
{
  Transfer *transfer = user_data;

  transfer->timeout = 0;
  g_debug ("X11: a requestor did not take the whole selection");
  transfers_remove (transfer->transfers, transfer);

  return G_SOURCE_REMOVE;
}

static void
transfer_restart_timeout (Transfer *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->timeout = g_timeout_add_seconds (IDLE_SECONDS, on_idle_requestor, self);
}

static void
transfers_set_property (WhisX11Transfers *self,
                        xcb_window_t requestor,
                        xcb_atom_t property,
                        xcb_atom_t type,
                        guint8 bits,
                        gsize size,
                        gconstpointer data)
{
  xcb_change_property (whis_x11_connection_get_xcb (self->connection), XCB_PROP_MODE_REPLACE,
                       requestor, property, type, bits, (guint32) (size / (bits / 8)), data);
}

/* The requestor deletes the property when it has read it, and gets the next piece; an empty one
 * says that it has all. */
static void
transfers_begin_pieces (WhisX11Transfers *self,
                        xcb_window_t requestor,
                        xcb_atom_t property,
                        WhisX11Format *format,
                        int reader)
{
  guint32 size = (guint32) g_bytes_get_size (format->bytes);
  Transfer *transfer = g_new0 (Transfer, 1);

  transfer->transfers = self;
  transfer->requestor = requestor;
  transfer->property = property;
  transfer->type = format->type;
  transfer->bits = format->bits;
  transfer->bytes = g_bytes_ref (format->bytes);
  transfer->reader = reader;
  transfer->content = format->content;
  transfer_restart_timeout (transfer);
  g_queue_push_tail (&self->pieces, transfer);

  transfers_select_events (self, requestor,
                           XCB_EVENT_MASK_PROPERTY_CHANGE | XCB_EVENT_MASK_STRUCTURE_NOTIFY);
  transfers_set_property (self, requestor, property,
                          whis_x11_connection_get_atom (self->connection, WHIS_X11_ATOM_INCR), 32,
                          sizeof (size), &size);
}

static void
transfers_send_piece (WhisX11Transfers *self, Transfer *transfer)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (transfer->bytes, &size);
  gsize piece = MIN (size - transfer->offset, transfers_get_piece_size (self) & ~(gsize) 3);
  int reader = transfer->reader;
  gboolean content = transfer->content;

  transfers_set_property (self, transfer->requestor, transfer->property, transfer->type,
                          transfer->bits, piece, data + transfer->offset);
  transfer->offset += piece;
  if (piece > 0)
    {
      transfer_restart_timeout (transfer);
      return;
    }

  transfers_remove (self, transfer);
  self->func (reader, content, self->user_data);
}

static void
transfers_send_targets (WhisX11Transfers *self,
                        xcb_window_t requestor,
                        xcb_atom_t property,
                        WhisX11Offer *offer)
{
  static const WhisX11Atom always[] = { WHIS_X11_ATOM_TARGETS, WHIS_X11_ATOM_TIMESTAMP,
                                        WHIS_X11_ATOM_MULTIPLE };
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (xcb_atom_t));

  for (guint i = 0; i < G_N_ELEMENTS (always); i++)
    {
      xcb_atom_t atom = whis_x11_connection_get_atom (self->connection, always[i]);

      g_array_append_val (targets, atom);
    }
  for (guint i = 0; i < offer->formats->len; i++)
    g_array_append_val (targets, g_array_index (offer->formats, WhisX11Format, i).target);

  transfers_set_property (self, requestor, property, XCB_ATOM_ATOM, 32,
                          targets->len * sizeof (xcb_atom_t), targets->data);
}

/* What came of one target. */
typedef enum
{
  CONVERSION_REFUSED,
  CONVERSION_BEGUN,
  CONVERSION_REMARK,
  CONVERSION_CONTENT,
} Conversion;

static Conversion
transfers_convert (WhisX11Transfers *self,
                   xcb_window_t requestor,
                   xcb_atom_t target,
                   xcb_atom_t property,
                   WhisX11Offer *offer,
                   int reader)
{
  WhisX11Format *format = whis_x11_offer_find (offer, target);

  if (target == whis_x11_connection_get_atom (self->connection, WHIS_X11_ATOM_TARGETS))
    {
      transfers_send_targets (self, requestor, property, offer);
      return CONVERSION_REMARK;
    }
  if (target == whis_x11_connection_get_atom (self->connection, WHIS_X11_ATOM_TIMESTAMP))
    {
      transfers_set_property (self, requestor, property, XCB_ATOM_INTEGER, 32, sizeof (offer->time),
                              &offer->time);
      return CONVERSION_REMARK;
    }
  if (format == NULL || property == XCB_ATOM_NONE)
    return CONVERSION_REFUSED;

  if (g_bytes_get_size (format->bytes) > transfers_get_piece_size (self))
    {
      transfers_begin_pieces (self, requestor, property, format, reader);
      return CONVERSION_BEGUN;
    }

  transfers_set_property (self, requestor, property, format->type, format->bits,
                          g_bytes_get_size (format->bytes), g_bytes_get_data (format->bytes, NULL));

  return format->content ? CONVERSION_CONTENT : CONVERSION_REMARK;
}

static void
transfers_notify (WhisX11Transfers *self,
                  const xcb_selection_request_event_t *request,
                  xcb_atom_t property)
{
  /* An event is always 32 bytes long. */
  union
  {
    xcb_selection_notify_event_t notify;
    char bytes[32];
  } event = { 0 };

  event.notify.response_type = XCB_SELECTION_NOTIFY;
  event.notify.time = request->time;
  event.notify.requestor = request->requestor;
  event.notify.selection = request->selection;
  event.notify.target = request->target;
  event.notify.property = property;
  xcb_send_event (whis_x11_connection_get_xcb (self->connection), FALSE, request->requestor,
                  XCB_EVENT_MASK_NO_EVENT, event.bytes);
}

static void
multiple_free (Multiple *multiple)
{
  whis_x11_offer_unref (multiple->offer);
  transfers_unref (multiple->transfers);
  g_free (multiple);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Multiple, multiple_free)

/* The list has pairs of target and property; what is refused is marked in it. */
static void
on_list_read (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (Multiple) multiple = user_data;
  WhisX11Transfers *self = multiple->transfers;
  const xcb_get_property_reply_t *property = reply;
  gboolean content = FALSE;
  xcb_atom_t *pairs;
  gsize n_pairs;

  if (!whis_x11_connection_is_open (self->connection))
    return;
  if (property == NULL || property->format != 32)
    {
      transfers_notify (self, &multiple->request, XCB_ATOM_NONE);
      return;
    }

  pairs = xcb_get_property_value (property);
  n_pairs = (gsize) xcb_get_property_value_length (property) / (2 * sizeof (xcb_atom_t));
  for (gsize i = 0; i < n_pairs; i++)
    {
      Conversion conversion =
          transfers_convert (self, multiple->request.requestor, pairs[2 * i], pairs[2 * i + 1],
                             multiple->offer, multiple->reader);

      if (conversion == CONVERSION_REFUSED)
        pairs[2 * i + 1] = XCB_ATOM_NONE;
      content |= conversion == CONVERSION_CONTENT;
    }

  transfers_set_property (self, multiple->request.requestor, multiple->request.property,
                          whis_x11_connection_get_atom (self->connection, WHIS_X11_ATOM_ATOM_PAIR),
                          32, n_pairs * 2 * sizeof (xcb_atom_t), pairs);
  transfers_notify (self, &multiple->request, multiple->request.property);
  self->func (multiple->reader, content, self->user_data);
}

static void
transfers_answer_multiple (WhisX11Transfers *self,
                           const xcb_selection_request_event_t *request,
                           WhisX11Offer *offer,
                           int reader)
{
  Multiple *multiple = g_new0 (Multiple, 1);

  g_ref_count_inc (&self->ref_count);
  multiple->transfers = self;
  multiple->request = *request;
  multiple->offer = whis_x11_offer_ref (offer);
  multiple->reader = reader;
  whis_x11_connection_expect_reply (
      self->connection,
      xcb_get_property (whis_x11_connection_get_xcb (self->connection), FALSE, request->requestor,
                        request->property, XCB_GET_PROPERTY_TYPE_ANY, 0, N_MULTIPLE_MAX)
          .sequence,
      on_list_read, multiple);
}

/**
 * whis_x11_transfers_new:
 * @connection: a connection
 * @func: called when something was transferred whole
 * @user_data: for @func
 *
 * Answers requests for a selection as the Inter-Client Communication Conventions say: `TARGETS`,
 * `TIMESTAMP`, `MULTIPLE`, and large contents in pieces (`INCR`).
 *
 * Returns: (transfer full): a new object
 */
WhisX11Transfers *
whis_x11_transfers_new (WhisX11Connection *connection,
                        WhisX11TransferredFunc func,
                        gpointer user_data)
{
  WhisX11Transfers *self = g_new0 (WhisX11Transfers, 1);

  g_ref_count_init (&self->ref_count);
  self->connection = g_object_ref (connection);
  self->func = func;
  self->user_data = user_data;
  g_queue_init (&self->pieces);

  return self;
}

static void
ignore_transferred (int reader, gboolean content, gpointer user_data)
{
}

/**
 * whis_x11_transfers_free:
 * @self: (transfer full): an object; its function is not called any more
 */
void
whis_x11_transfers_free (WhisX11Transfers *self)
{
  self->func = ignore_transferred;
  transfers_unref (self);
}

/**
 * whis_x11_transfers_clear:
 * @self: an object
 *
 * Forgets what is transferred in pieces, because the connection has ended.
 */
void
whis_x11_transfers_clear (WhisX11Transfers *self)
{
  g_queue_clear_full (&self->pieces, (GDestroyNotify) transfer_free);
}

/**
 * whis_x11_transfers_answer:
 * @self: an object whose connection is open
 * @request: a request for a selection
 * @offer: (nullable): what that selection offers, %NULL to refuse
 * @reader: who has sent the request, for the function
 */
void
whis_x11_transfers_answer (WhisX11Transfers *self,
                           const xcb_selection_request_event_t *request,
                           WhisX11Offer *offer,
                           int reader)
{
  xcb_atom_t multiple = whis_x11_connection_get_atom (self->connection, WHIS_X11_ATOM_MULTIPLE);
  /* Clients of before 1989 name no property. */
  xcb_atom_t property = request->property != XCB_ATOM_NONE ? request->property : request->target;
  Conversion conversion = CONVERSION_REFUSED;

  if (offer != NULL && request->target == multiple && request->property != XCB_ATOM_NONE)
    {
      transfers_answer_multiple (self, request, offer, reader);
      return;
    }

  if (offer != NULL)
    conversion =
        transfers_convert (self, request->requestor, request->target, property, offer, reader);
  transfers_notify (self, request, conversion != CONVERSION_REFUSED ? property : XCB_ATOM_NONE);
  if (conversion == CONVERSION_CONTENT || conversion == CONVERSION_REMARK)
    self->func (reader, conversion == CONVERSION_CONTENT, self->user_data);
}

/**
 * whis_x11_transfers_handle_event:
 * @self: an object whose connection is open
 * @event: an event, of whatever kind
 */
void
whis_x11_transfers_handle_event (WhisX11Transfers *self, xcb_generic_event_t *event)
{
  guint8 type = event->response_type & 0x7f;
  GList *next;

  if (type != XCB_PROPERTY_NOTIFY && type != XCB_DESTROY_NOTIFY)
    return;

  for (GList *l = self->pieces.head; l != NULL; l = next)
    {
      const xcb_property_notify_event_t *property = (xcb_property_notify_event_t *) event;
      Transfer *transfer = l->data;

      next = l->next;
      if (type == XCB_DESTROY_NOTIFY)
        {
          if (((xcb_destroy_notify_event_t *) event)->window == transfer->requestor)
            transfers_remove (self, transfer);
        }
      else if (property->window == transfer->requestor && property->atom == transfer->property
               && property->state == XCB_PROPERTY_DELETE)
        {
          transfers_send_piece (self, transfer);
          return;
        }
    }
}
