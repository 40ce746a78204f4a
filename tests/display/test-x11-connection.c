/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "display.h"
#include "x11-connection.h"

typedef struct
{
  gboolean done;
  GError *error;
} Outcome;

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  whis_x11_connection_open_finish (WHIS_X11_CONNECTION (source), result, &outcome->error);
  outcome->done = TRUE;
}

static void
open_connection (WhisX11Connection *connection)
{
  Outcome outcome = { 0 };

  whis_x11_connection_open_async (connection, NULL, on_opened, &outcome);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (outcome.error);
  g_assert_true (whis_x11_connection_is_open (connection));
}

static void
on_answered (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  GString *order = user_data;

  g_string_append_c (order, error != NULL ? 'e' : reply != NULL ? 'r' : '-');
}

static void
on_event (WhisX11Connection *connection, xcb_generic_event_t *event, gpointer user_data)
{
  GString *order = user_data;

  if ((event->response_type & 0x7f) == XCB_PROPERTY_NOTIFY)
    g_string_append_c (order, 'p');
}

static void
on_closed (WhisX11Connection *connection, gpointer user_data)
{
  GString *order = user_data;

  g_assert_false (whis_x11_connection_is_open (connection));
  g_string_append_c (order, 'c');
}

static void
await_length (GString *order, gsize length)
{
  while (order->len < length)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_no_display (void)
{
  g_autoptr (WhisX11Connection) connection = whis_x11_connection_new (":no-such-display");
  Outcome outcome = { 0 };

  whis_x11_connection_open_async (connection, NULL, on_opened, &outcome);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_false (whis_x11_connection_is_open (connection));
  g_clear_error (&outcome.error);
}

static void
test_open_twice_at_once (void)
{
  g_autoptr (Display) display = display_new_x11 ();
  g_autoptr (WhisX11Connection) connection = NULL;
  Outcome outcomes[2] = { { 0 }, { 0 } };

  if (display == NULL)
    return;

  connection = whis_x11_connection_new (display->name);
  for (guint i = 0; i < 2; i++)
    whis_x11_connection_open_async (connection, NULL, on_opened, &outcomes[i]);
  while (!outcomes[0].done || !outcomes[1].done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (outcomes[0].error);
  g_assert_no_error (outcomes[1].error);

  g_assert_true (whis_x11_connection_has_xtest (connection));
  g_assert_cmpuint (whis_x11_connection_get_xkb_event (connection), !=, 0);
  for (guint i = 0; i < WHIS_X11_N_ATOMS; i++)
    g_assert_cmpuint (whis_x11_connection_get_atom (connection, (WhisX11Atom) i), !=, 0);
}

/* Replies, errors and events are told as the server sent them. */
static void
test_order (void)
{
  g_autoptr (Display) display = display_new_x11 ();
  g_autoptr (WhisX11Connection) connection = NULL;
  g_autoptr (GString) order = g_string_new (NULL);
  xcb_connection_t *xcb;
  xcb_window_t root;
  guint32 mask = XCB_EVENT_MASK_PROPERTY_CHANGE;

  if (display == NULL)
    return;

  connection = whis_x11_connection_new (display->name);
  open_connection (connection);
  g_signal_connect (connection, "event", G_CALLBACK (on_event), order);
  xcb = whis_x11_connection_get_xcb (connection);
  root = whis_x11_connection_get_root (connection);

  xcb_change_window_attributes (xcb, root, XCB_CW_EVENT_MASK, &mask);
  whis_x11_connection_expect_reply (connection, xcb_get_input_focus (xcb).sequence, on_answered,
                                    order);
  xcb_change_property (xcb, XCB_PROP_MODE_APPEND, root, XCB_ATOM_WM_NAME, XCB_ATOM_STRING, 8, 0,
                       NULL);
  whis_x11_connection_expect_reply (connection, xcb_get_geometry (xcb, 1).sequence, on_answered,
                                    order);
  /* Without a reply; it is answered because the next one is. */
  whis_x11_connection_expect_reply (connection, xcb_map_window_checked (xcb, root).sequence,
                                    on_answered, order);
  whis_x11_connection_expect_reply (connection, xcb_map_window_checked (xcb, 1).sequence,
                                    on_answered, order);
  whis_x11_connection_expect_reply (connection, xcb_get_input_focus (xcb).sequence, on_answered,
                                    order);

  await_length (order, 6);
  g_assert_cmpstr (order->str, ==, "rpe-er");
}

static void
test_closed (void)
{
  g_autoptr (Display) display = display_new_x11 ();
  g_autoptr (WhisX11Connection) connection = NULL;
  g_autoptr (GString) order = g_string_new (NULL);

  if (display == NULL)
    return;

  connection = whis_x11_connection_new (display->name);
  open_connection (connection);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), order);

  /* The server ends before it answers. */
  g_subprocess_send_signal (display->server, SIGKILL);
  g_subprocess_wait (display->server, NULL, NULL);
  whis_x11_connection_expect_reply (
      connection, xcb_get_input_focus (whis_x11_connection_get_xcb (connection)).sequence,
      on_answered, order);

  await_length (order, 2);
  g_assert_cmpstr (order->str, ==, "-c");
}

/* What awaits an answer is told so when nobody needs the connection any more. */
static void
test_dispose (void)
{
  g_autoptr (Display) display = display_new_x11 ();
  WhisX11Connection *connection = NULL;
  g_autoptr (GString) order = g_string_new (NULL);

  if (display == NULL)
    return;

  connection = whis_x11_connection_new (display->name);
  open_connection (connection);
  whis_x11_connection_expect_reply (
      connection, xcb_get_input_focus (whis_x11_connection_get_xcb (connection)).sequence,
      on_answered, order);
  g_assert_finalize_object (connection);
  g_assert_cmpstr (order->str, ==, "-");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/x11-connection/no-display", test_no_display);
  g_test_add_func ("/x11-connection/open/twice-at-once", test_open_twice_at_once);
  g_test_add_func ("/x11-connection/order", test_order);
  g_test_add_func ("/x11-connection/closed", test_closed);
  g_test_add_func ("/x11-connection/dispose", test_dispose);

  return g_test_run ();
}
