/* SPDX-License-Identifier: MIT */
#include "x11-connection.h"

#include <stdlib.h>
#include <string.h>
#include <xcb/xcbext.h>
#include <xcb/xkb.h>
#include <xcb/xtest.h>

/* In the order of WhisX11Atom. */
static const char *const atom_names[] = {
  "ATOM_PAIR",
  "CLIPBOARD",
  "DELETE",
  "GTK_TEXT_BUFFER_CONTENTS",
  "INCR",
  "INSERT_PROPERTY",
  "INSERT_SELECTION",
  "MULTIPLE",
  "_NET_ACTIVE_WINDOW",
  "_NET_WM_CM_S0",
  "_NET_WM_WINDOW_TYPE",
  "_NET_WM_WINDOW_TYPE_NOTIFICATION",
  "_NET_WORKAREA",
  "SAVE_TARGETS",
  "TARGETS",
  "TEXT",
  "TIMESTAMP",
  "UTF8_STRING",
  "_WHIS_SELECTION",
  "WM_STATE",
};

G_STATIC_ASSERT (G_N_ELEMENTS (atom_names) == WHIS_X11_N_ATOMS);

/* What was found out while the connection was opened. */
typedef struct
{
  xcb_connection_t *xcb;
  xcb_window_t root;
  xcb_atom_t atoms[WHIS_X11_N_ATOMS];
  gsize max_request;
  gboolean has_xtest;
  guint8 xkb_event;
} Server;

/* A request whose answer is awaited. */
typedef struct
{
  unsigned int sequence;
  WhisX11ReplyFunc func;
  gpointer user_data;
} Request;

typedef struct
{
  GSource source;
  WhisX11Connection *connection;
} ConnectionSource;

struct _WhisX11Connection
{
  GObject parent_instance;

  char *display;
  GQueue opening; /* of GTask */
  Server *server; /* NULL while it is not open */
  GSource *source;
  gpointer fd_tag;
  GQueue requests; /* of Request, in the order in which they are answered */

  /* Taken from xcb and not handled yet. */
  xcb_generic_event_t *event;
  gboolean has_answer;
  gpointer reply;
  xcb_generic_error_t *error;
};

G_DEFINE_FINAL_TYPE (WhisX11Connection, whis_x11_connection, G_TYPE_OBJECT)

enum
{
  SIGNAL_EVENT,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
server_free (Server *server)
{
  xcb_disconnect (server->xcb);
  g_free (server);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

static xcb_window_t
find_root (xcb_connection_t *xcb, int screen)
{
  xcb_screen_iterator_t screens = xcb_setup_roots_iterator (xcb_get_setup (xcb));

  while (screen-- > 0 && screens.rem > 1)
    xcb_screen_next (&screens);

  return screens.data->root;
}

static void
server_intern_atoms (Server *server)
{
  xcb_intern_atom_cookie_t cookies[WHIS_X11_N_ATOMS];

  for (guint i = 0; i < WHIS_X11_N_ATOMS; i++)
    cookies[i] =
        xcb_intern_atom (server->xcb, FALSE, (guint16) strlen (atom_names[i]), atom_names[i]);

  for (guint i = 0; i < WHIS_X11_N_ATOMS; i++)
    {
      xcb_intern_atom_reply_t *reply = xcb_intern_atom_reply (server->xcb, cookies[i], NULL);

      server->atoms[i] = reply != NULL ? reply->atom : XCB_ATOM_NONE;
      free (reply);
    }
}

static void
server_find_extensions (Server *server)
{
  const xcb_query_extension_reply_t *xtest;
  const xcb_query_extension_reply_t *xkb;
  xcb_xkb_use_extension_reply_t *reply;

  xcb_prefetch_extension_data (server->xcb, &xcb_test_id);
  xcb_prefetch_extension_data (server->xcb, &xcb_xkb_id);
  xtest = xcb_get_extension_data (server->xcb, &xcb_test_id);
  server->has_xtest = xtest != NULL && xtest->present;

  xkb = xcb_get_extension_data (server->xcb, &xcb_xkb_id);
  if (xkb == NULL || !xkb->present)
    return;

  reply = xcb_xkb_use_extension_reply (
      server->xcb,
      xcb_xkb_use_extension (server->xcb, XCB_XKB_MAJOR_VERSION, XCB_XKB_MINOR_VERSION), NULL);
  if (reply != NULL && reply->supported)
    server->xkb_event = xkb->first_event;
  free (reply);
}

/* In a thread: a server may take its time to let one in, and these are round trips. */
static void
open_in_thread (GTask *task, gpointer object, gpointer display, GCancellable *cancellable)
{
  g_autoptr (Server) server = g_new0 (Server, 1);
  int screen = 0;

  server->xcb = xcb_connect (display, &screen);
  if (xcb_connection_has_error (server->xcb) == 0)
    {
      server->root = find_root (server->xcb, screen);
      server_intern_atoms (server);
      server_find_extensions (server);
      server->max_request = (gsize) xcb_get_maximum_request_length (server->xcb) * 4;
    }

  if (xcb_connection_has_error (server->xcb) == 0)
    g_task_return_pointer (task, g_steal_pointer (&server), (GDestroyNotify) server_free);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no X11 display");
}

/* Takes what xcb has read already or can read without waiting. */
static gboolean
connection_take_input (WhisX11Connection *self)
{
  Request *request = g_queue_peek_head (&self->requests);

  if (self->event == NULL)
    self->event = xcb_poll_for_event (self->server->xcb);
  if (request != NULL && !self->has_answer)
    self->has_answer =
        xcb_poll_for_reply (self->server->xcb, request->sequence, &self->reply, &self->error) != 0;

  return self->event != NULL || self->has_answer
         || xcb_connection_has_error (self->server->xcb) != 0;
}

/* Whether the answer came before the event. */
static gboolean
connection_answer_is_next (WhisX11Connection *self)
{
  Request *request = g_queue_peek_head (&self->requests);

  return self->has_answer
         && (self->event == NULL || (gint32) (self->event->full_sequence - request->sequence) >= 0);
}

static void
connection_handle_answer (WhisX11Connection *self)
{
  g_autofree Request *request = g_queue_pop_head (&self->requests);
  gpointer reply = g_steal_pointer (&self->reply);
  xcb_generic_error_t *error = g_steal_pointer (&self->error);

  self->has_answer = FALSE;
  request->func (reply, error, request->user_data);
  free (reply);
  free (error);
}

static void
connection_handle_event (WhisX11Connection *self)
{
  xcb_generic_event_t *event = g_steal_pointer (&self->event);

  if (event->response_type == 0)
    g_debug ("X11: error %u of request %u", ((xcb_generic_error_t *) event)->error_code,
             ((xcb_generic_error_t *) event)->major_code);
  else
    g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
  free (event);
}

/* Ends the connection; whoever awaits an answer is told that none comes. */
static void
connection_close (WhisX11Connection *self)
{
  g_autoptr (Server) server = g_steal_pointer (&self->server);

  if (server == NULL)
    return;

  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_pointer (&self->event, free);
  g_clear_pointer (&self->reply, free);
  g_clear_pointer (&self->error, free);
  self->has_answer = FALSE;

  while (!g_queue_is_empty (&self->requests))
    {
      g_autofree Request *request = g_queue_pop_head (&self->requests);

      request->func (NULL, NULL, request->user_data);
    }
}

static gboolean
connection_source_prepare (GSource *source, int *timeout)
{
  WhisX11Connection *self = ((ConnectionSource *) source)->connection;

  *timeout = -1;
  xcb_flush (self->server->xcb);

  return connection_take_input (self);
}

static gboolean
connection_source_check (GSource *source)
{
  WhisX11Connection *self = ((ConnectionSource *) source)->connection;

  return g_source_query_unix_fd (source, self->fd_tag) != 0 && connection_take_input (self);
}

static gboolean
connection_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_autoptr (WhisX11Connection) self = g_object_ref (((ConnectionSource *) source)->connection);

  while (self->server != NULL && connection_take_input (self))
    {
      if (connection_answer_is_next (self))
        connection_handle_answer (self);
      else if (self->event != NULL)
        connection_handle_event (self);
      else
        {
          g_debug ("X11: the display is gone");
          connection_close (self);
          g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
        }
    }

  return self->server != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static GSourceFuncs source_funcs = {
  connection_source_prepare, connection_source_check, connection_source_dispatch, NULL, NULL, NULL,
};

static void
connection_attach (WhisX11Connection *self)
{
  self->source = g_source_new (&source_funcs, sizeof (ConnectionSource));
  ((ConnectionSource *) self->source)->connection = self;
  g_source_set_static_name (self->source, "X11 connection");
  self->fd_tag = g_source_add_unix_fd (self->source, xcb_get_file_descriptor (self->server->xcb),
                                       G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_attach (self->source, NULL);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisX11Connection) self = user_data;
  g_autoptr (GError) error = NULL;

  self->server = g_task_propagate_pointer (G_TASK (result), &error);
  if (self->server != NULL)
    connection_attach (self);

  while (!g_queue_is_empty (&self->opening))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->opening);

      if (error == NULL)
        g_task_return_boolean (task, TRUE);
      else
        g_task_return_error (task, g_error_copy (error));
    }
}

static void
whis_x11_connection_dispose (GObject *object)
{
  WhisX11Connection *self = WHIS_X11_CONNECTION (object);

  connection_close (self);

  G_OBJECT_CLASS (whis_x11_connection_parent_class)->dispose (object);
}

static void
whis_x11_connection_finalize (GObject *object)
{
  WhisX11Connection *self = WHIS_X11_CONNECTION (object);

  g_free (self->display);

  G_OBJECT_CLASS (whis_x11_connection_parent_class)->finalize (object);
}

static void
whis_x11_connection_class_init (WhisX11ConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_x11_connection_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_x11_connection_finalize;

  /**
   * WhisX11Connection::event:
   * @self: a connection
   * @event: a `xcb_generic_event_t`, valid during the emission
   *
   * The server has sent an event. Whoever selects events knows them by window and type.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", WHIS_TYPE_X11_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);

  /**
   * WhisX11Connection::closed:
   * @self: a connection
   *
   * The server has ended the connection. All windows, grabs and selections are gone. It can be
   * opened again.
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", WHIS_TYPE_X11_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_x11_connection_init (WhisX11Connection *self)
{
  g_queue_init (&self->opening);
  g_queue_init (&self->requests);
}

/**
 * whis_x11_connection_new:
 * @display: (nullable): the name of a display, %NULL for that of the environment
 *
 * A connection is shared by all that talk to the display, and is used in the main thread alone. It
 * is opened when it is needed. What is sent is flushed before the main loop waits.
 *
 * Returns: (transfer full): a connection that is not open
 */
WhisX11Connection *
whis_x11_connection_new (const char *display)
{
  WhisX11Connection *self = g_object_new (WHIS_TYPE_X11_CONNECTION, NULL);

  self->display = g_strdup (display);

  return self;
}

/**
 * whis_x11_connection_open_async:
 * @self: a connection
 * @cancellable: (nullable): to give up
 * @callback: called when it is open
 * @user_data: for @callback
 *
 * Opens the connection, if it is not open.
 */
void
whis_x11_connection_open_async (WhisX11Connection *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) opening = NULL;

  g_return_if_fail (WHIS_IS_X11_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_x11_connection_open_async);
  if (self->server != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_queue_push_tail (&self->opening, g_steal_pointer (&task));
  if (self->opening.length > 1)
    return;

  /* The task does not own the connection, which would otherwise end in its thread now and then. */
  opening = g_task_new (NULL, NULL, on_opened, g_object_ref (self));
  g_task_set_source_tag (opening, open_in_thread);
  g_task_set_task_data (opening, g_strdup (self->display), g_free);
  g_task_run_in_thread (opening, open_in_thread);
}

/**
 * whis_x11_connection_open_finish:
 * @self: a connection
 * @result: the result
 * @error: return location for %G_IO_ERROR_NOT_FOUND if there is no display, or
 *   %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it is open
 */
gboolean
whis_x11_connection_open_finish (WhisX11Connection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_x11_connection_open_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * whis_x11_connection_is_open:
 * @self: a connection
 *
 * Returns: whether it is open; the functions below need that
 */
gboolean
whis_x11_connection_is_open (WhisX11Connection *self)
{
  g_return_val_if_fail (WHIS_IS_X11_CONNECTION (self), FALSE);

  return self->server != NULL;
}

/**
 * whis_x11_connection_get_xcb:
 * @self: an open connection
 *
 * To send requests. Events and replies are not read from it, but told by
 * [signal@X11Connection::event] and [method@X11Connection.expect_reply].
 *
 * Returns: the connection of libxcb
 */
xcb_connection_t *
whis_x11_connection_get_xcb (WhisX11Connection *self)
{
  g_return_val_if_fail (whis_x11_connection_is_open (self), NULL);

  return self->server->xcb;
}

/**
 * whis_x11_connection_get_root:
 * @self: an open connection
 *
 * Returns: the root window of the display's screen
 */
xcb_window_t
whis_x11_connection_get_root (WhisX11Connection *self)
{
  g_return_val_if_fail (whis_x11_connection_is_open (self), XCB_NONE);

  return self->server->root;
}

/**
 * whis_x11_connection_get_atom:
 * @self: an open connection
 * @atom: which one
 *
 * Returns: its value on this display
 */
xcb_atom_t
whis_x11_connection_get_atom (WhisX11Connection *self, WhisX11Atom atom)
{
  g_return_val_if_fail (whis_x11_connection_is_open (self), XCB_ATOM_NONE);
  g_return_val_if_fail (atom < WHIS_X11_N_ATOMS, XCB_ATOM_NONE);

  return self->server->atoms[atom];
}

/**
 * whis_x11_connection_get_max_request:
 * @self: an open connection
 *
 * Returns: how many bytes a request can have
 */
gsize
whis_x11_connection_get_max_request (WhisX11Connection *self)
{
  g_return_val_if_fail (whis_x11_connection_is_open (self), 0);

  return self->server->max_request;
}

/**
 * whis_x11_connection_has_xtest:
 * @self: an open connection
 *
 * Returns: whether keys can be pressed with the XTEST extension
 */
gboolean
whis_x11_connection_has_xtest (WhisX11Connection *self)
{
  g_return_val_if_fail (whis_x11_connection_is_open (self), FALSE);

  return self->server->has_xtest;
}

/**
 * whis_x11_connection_get_xkb_event:
 * @self: an open connection
 *
 * Returns: the type of all events of the XKB extension, 0 without that extension
 */
guint8
whis_x11_connection_get_xkb_event (WhisX11Connection *self)
{
  g_return_val_if_fail (whis_x11_connection_is_open (self), 0);

  return self->server->xkb_event;
}

/**
 * whis_x11_connection_get_client:
 * @self: an open connection
 * @window: a window, or another resource
 *
 * Returns: the part of its id that all resources of the same client have in common
 */
xcb_window_t
whis_x11_connection_get_client (WhisX11Connection *self, xcb_window_t window)
{
  g_return_val_if_fail (whis_x11_connection_is_open (self), XCB_NONE);

  return window & ~xcb_get_setup (self->server->xcb)->resource_id_mask;
}

/**
 * whis_x11_connection_expect_reply:
 * @self: an open connection
 * @sequence: the number of the request that was sent just now, from its cookie
 * @func: called once with the answer
 * @user_data: for @func
 *
 * Awaits an answer without blocking. Answers are told in the order of their requests, and in their
 * order among the events. A request without a reply, sent by a function in `_checked`, counts as
 * answered when a later one is answered.
 */
void
whis_x11_connection_expect_reply (WhisX11Connection *self,
                                  unsigned int sequence,
                                  WhisX11ReplyFunc func,
                                  gpointer user_data)
{
  Request *request;

  g_return_if_fail (whis_x11_connection_is_open (self));
  g_return_if_fail (func != NULL);

  request = g_new0 (Request, 1);
  request->sequence = sequence;
  request->func = func;
  request->user_data = user_data;
  g_queue_push_tail (&self->requests, request);
}
