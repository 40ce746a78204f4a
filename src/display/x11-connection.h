/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>
#include <xcb/xcb.h>

G_BEGIN_DECLS

/**
 * WhisX11Atom:
 *
 * Atoms that are known as soon as the connection is open; those of the core protocol are
 * `XCB_ATOM_*`. The names are in the `.c` file, in the same order.
 */
typedef enum
{
  WHIS_X11_ATOM_ATOM_PAIR,
  WHIS_X11_ATOM_CLIPBOARD,
  WHIS_X11_ATOM_DELETE,
  WHIS_X11_ATOM_GTK_TEXT_BUFFER_CONTENTS,
  WHIS_X11_ATOM_INCR,
  WHIS_X11_ATOM_INSERT_PROPERTY,
  WHIS_X11_ATOM_INSERT_SELECTION,
  WHIS_X11_ATOM_MULTIPLE,
  WHIS_X11_ATOM_NET_ACTIVE_WINDOW,
  WHIS_X11_ATOM_NET_WM_CM_S0,
  WHIS_X11_ATOM_NET_WM_WINDOW_TYPE,
  WHIS_X11_ATOM_NET_WM_WINDOW_TYPE_NOTIFICATION,
  WHIS_X11_ATOM_NET_WORKAREA,
  WHIS_X11_ATOM_SAVE_TARGETS,
  WHIS_X11_ATOM_TARGETS,
  WHIS_X11_ATOM_TEXT,
  WHIS_X11_ATOM_TIMESTAMP,
  WHIS_X11_ATOM_UTF8_STRING,
  WHIS_X11_ATOM_WHIS_SELECTION,
  WHIS_X11_ATOM_WM_STATE,
  WHIS_X11_N_ATOMS
} WhisX11Atom;

/**
 * WhisX11ReplyFunc:
 * @reply: (nullable): the reply, a `xcb_*_reply_t` that belongs to the connection
 * @error: (nullable): the error of the server
 * @user_data: what was given with the function
 *
 * Called with the answer to a request. Both are %NULL if the connection has ended, and for a
 * request without a reply that succeeded.
 */
typedef void (*WhisX11ReplyFunc) (gpointer reply, xcb_generic_error_t *error, gpointer user_data);

#define WHIS_TYPE_X11_CONNECTION (whis_x11_connection_get_type ())

G_DECLARE_FINAL_TYPE (WhisX11Connection, whis_x11_connection, WHIS, X11_CONNECTION, GObject)

WhisX11Connection *whis_x11_connection_new (const char *display);

void whis_x11_connection_open_async (WhisX11Connection *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
whis_x11_connection_open_finish (WhisX11Connection *self, GAsyncResult *result, GError **error);
gboolean whis_x11_connection_is_open (WhisX11Connection *self);

xcb_connection_t *whis_x11_connection_get_xcb (WhisX11Connection *self);
xcb_window_t whis_x11_connection_get_root (WhisX11Connection *self);
xcb_atom_t whis_x11_connection_get_atom (WhisX11Connection *self, WhisX11Atom atom);
gsize whis_x11_connection_get_max_request (WhisX11Connection *self);
gboolean whis_x11_connection_has_xtest (WhisX11Connection *self);
guint8 whis_x11_connection_get_xkb_event (WhisX11Connection *self);

xcb_window_t whis_x11_connection_get_client (WhisX11Connection *self, xcb_window_t window);

void whis_x11_connection_expect_reply (WhisX11Connection *self,
                                       unsigned int sequence,
                                       WhisX11ReplyFunc func,
                                       gpointer user_data);

G_END_DECLS
