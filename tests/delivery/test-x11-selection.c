/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "display.h"
#include "delivery-error.h"
#include "x11-selection.h"
#include "xtest-keys.h"

/* A selection, and another client that asks for it. */
typedef struct
{
  Display *display;
  WhisX11Connection *connection;
  WhisSelection *selection;
  WhisX11Connection *client;
  xcb_window_t window;
  GString *log;
  GMainLoop *loop;
  GHashTable *saved;
  xcb_get_property_reply_t *property; /* answered last */
} Fixture;

static void
on_read (WhisSelection *selection, int reader, gboolean content, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->log, "%s:%d ", content ? "content" : "formats",
                          reader);
}

static void
on_lost (WhisSelection *selection, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append (fixture->log, "lost ");
  g_main_loop_quit (fixture->loop);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (whis_x11_connection_open_finish (WHIS_X11_CONNECTION (source), result, NULL));
  g_main_loop_quit (((Fixture *) user_data)->loop);
}

static void
on_client_event (WhisX11Connection *client, xcb_generic_event_t *event, gpointer user_data)
{
  Fixture *fixture = user_data;

  if ((event->response_type & 0x7f) == XCB_SELECTION_NOTIFY)
    {
      g_string_append (fixture->log, ((xcb_selection_notify_event_t *) event)->property != 0
                                         ? "given "
                                         : "refused ");
      g_main_loop_quit (fixture->loop);
    }
}

static void
fixture_set_up (Fixture *fixture, gconstpointer tells_reader)
{
  xcb_connection_t *xcb;

  fixture->display = display_new_x11 ();
  if (fixture->display == NULL)
    return;

  fixture->log = g_string_new (NULL);
  fixture->loop = g_main_loop_new (NULL, FALSE);
  fixture->connection = whis_x11_connection_new (fixture->display->name);
  fixture->selection = whis_x11_selection_new (fixture->connection, GPOINTER_TO_INT (tells_reader));
  g_signal_connect (fixture->selection, "read", G_CALLBACK (on_read), fixture);
  g_signal_connect (fixture->selection, "lost", G_CALLBACK (on_lost), fixture);

  fixture->client = whis_x11_connection_new (fixture->display->name);
  g_signal_connect (fixture->client, "event", G_CALLBACK (on_client_event), fixture);
  whis_x11_connection_open_async (fixture->client, NULL, on_opened, fixture);
  g_main_loop_run (fixture->loop);
  xcb = whis_x11_connection_get_xcb (fixture->client);
  fixture->window = xcb_generate_id (xcb);
  xcb_create_window (xcb, XCB_COPY_FROM_PARENT, fixture->window,
                     whis_x11_connection_get_root (fixture->client), 0, 0, 10, 10, 0,
                     XCB_WINDOW_CLASS_INPUT_OUTPUT, XCB_COPY_FROM_PARENT, 0, NULL);
  xcb_map_window (xcb, fixture->window);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->display == NULL)
    return;

  g_assert_finalize_object (fixture->selection);
  g_assert_finalize_object (fixture->connection);
  g_assert_finalize_object (fixture->client);
  g_clear_pointer (&fixture->saved, g_hash_table_unref);
  g_free (fixture->property);
  g_main_loop_unref (fixture->loop);
  g_string_free (fixture->log, TRUE);
  display_free (fixture->display);
}

static void
on_owned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  whis_selection_own_finish (WHIS_SELECTION (source), result, &error);
  g_assert_no_error (error);
  g_main_loop_quit (((Fixture *) user_data)->loop);
}

static void
own_text (Fixture *fixture, const char *text)
{
  g_autoptr (GHashTable) formats = whis_selection_formats_new (text, FALSE);

  whis_selection_own_async (fixture->selection, formats, NULL, on_owned, fixture);
  g_main_loop_run (fixture->loop);
}

static void
on_property (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  Fixture *fixture = user_data;
  xcb_get_property_reply_t *property = reply;

  g_free (fixture->property);
  fixture->property = g_memdup2 (property, sizeof *property + 4 * property->length);
  g_main_loop_quit (fixture->loop);
}

static GBytes *
get_property (Fixture *fixture, xcb_atom_t name)
{
  xcb_connection_t *xcb = whis_x11_connection_get_xcb (fixture->client);

  whis_x11_connection_expect_reply (
      fixture->client,
      xcb_get_property (xcb, FALSE, fixture->window, name, XCB_GET_PROPERTY_TYPE_ANY, 0, 1000)
          .sequence,
      on_property, fixture);
  g_main_loop_run (fixture->loop);

  return g_bytes_new (xcb_get_property_value (fixture->property),
                      (gsize) xcb_get_property_value_length (fixture->property));
}

static void
focus_client (Fixture *fixture)
{
  xcb_set_input_focus (whis_x11_connection_get_xcb (fixture->client), XCB_INPUT_FOCUS_NONE,
                       fixture->window, XCB_CURRENT_TIME);
  g_bytes_unref (get_property (fixture, XCB_ATOM_WM_NAME));
}

/* The other client asks for a target, into the property of the clipboard's name. */
static void
ask (Fixture *fixture, xcb_atom_t selection, xcb_atom_t target)
{
  xcb_atom_t clipboard = whis_x11_connection_get_atom (fixture->client, WHIS_X11_ATOM_CLIPBOARD);

  xcb_convert_selection (whis_x11_connection_get_xcb (fixture->client), fixture->window,
                         selection != 0 ? selection : clipboard, target, clipboard,
                         XCB_CURRENT_TIME);
  g_main_loop_run (fixture->loop);
}

static void
assert_property (Fixture *fixture, xcb_atom_t name, const char *text)
{
  g_autoptr (GBytes) bytes = get_property (fixture, name);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void
test_readers (Fixture *fixture, gconstpointer data)
{
  xcb_atom_t utf8;

  if (fixture->display == NULL)
    return;

  own_text (fixture, "wörds");
  g_assert_true (whis_selection_is_owner (fixture->selection));
  utf8 = whis_x11_connection_get_atom (fixture->client, WHIS_X11_ATOM_UTF8_STRING);
  ask (fixture, 0, utf8);
  focus_client (fixture);
  ask (fixture, 0, utf8);
  ask (fixture, 0, whis_x11_connection_get_atom (fixture->client, WHIS_X11_ATOM_TARGETS));
  ask (fixture, 0, XCB_ATOM_BITMAP);
  g_assert_cmpstr (fixture->log->str, ==,
                   "content:2 given content:1 given formats:1 given refused ");
}

static void
test_reader_is_not_told (Fixture *fixture, gconstpointer data)
{
  if (fixture->display == NULL)
    return;

  own_text (fixture, "words");
  focus_client (fixture);
  ask (fixture, 0, XCB_ATOM_STRING);
  g_assert_cmpstr (fixture->log->str, ==, "content:0 given ");
  assert_property (fixture, whis_x11_connection_get_atom (fixture->client, WHIS_X11_ATOM_CLIPBOARD),
                   "words");
}

/* Two formats and one that there is not, in one request. */
static void
test_multiple (Fixture *fixture, gconstpointer data)
{
  xcb_atom_t clipboard;
  xcb_atom_t pairs[6];
  g_autoptr (GBytes) answered = NULL;

  if (fixture->display == NULL)
    return;

  own_text (fixture, "wörds");
  focus_client (fixture);
  clipboard = whis_x11_connection_get_atom (fixture->client, WHIS_X11_ATOM_CLIPBOARD);
  pairs[0] = whis_x11_connection_get_atom (fixture->client, WHIS_X11_ATOM_UTF8_STRING);
  pairs[1] = XCB_ATOM_CUT_BUFFER0;
  pairs[2] = XCB_ATOM_BITMAP;
  pairs[3] = XCB_ATOM_CUT_BUFFER1;
  pairs[4] = XCB_ATOM_STRING;
  pairs[5] = XCB_ATOM_CUT_BUFFER2;
  xcb_change_property (whis_x11_connection_get_xcb (fixture->client), XCB_PROP_MODE_REPLACE,
                       fixture->window, clipboard,
                       whis_x11_connection_get_atom (fixture->client, WHIS_X11_ATOM_ATOM_PAIR), 32,
                       G_N_ELEMENTS (pairs), pairs);
  ask (fixture, 0, whis_x11_connection_get_atom (fixture->client, WHIS_X11_ATOM_MULTIPLE));

  g_assert_cmpstr (fixture->log->str, ==, "content:1 given ");
  assert_property (fixture, XCB_ATOM_CUT_BUFFER0, "wörds");
  assert_property (fixture, XCB_ATOM_CUT_BUFFER1, "");
  assert_property (fixture, XCB_ATOM_CUT_BUFFER2, "w\xf6rds");
  answered = get_property (fixture, clipboard);
  g_assert_cmpuint (((const xcb_atom_t *) g_bytes_get_data (answered, NULL))[3], ==, 0);
}

/* The primary selection is left alone, unless it is wished for. */
static void
test_primary (Fixture *fixture, gconstpointer data)
{
  if (fixture->display == NULL)
    return;

  own_text (fixture, "words");
  ask (fixture, XCB_ATOM_PRIMARY, XCB_ATOM_STRING);
  whis_selection_set_primary (fixture->selection, TRUE);
  own_text (fixture, "words");
  ask (fixture, XCB_ATOM_PRIMARY, XCB_ATOM_STRING);
  whis_selection_set_primary (fixture->selection, FALSE);
  own_text (fixture, "words");
  ask (fixture, XCB_ATOM_PRIMARY, XCB_ATOM_STRING);
  g_assert_cmpstr (fixture->log->str, ==, "refused content:2 given refused ");
}

static void
test_lost (Fixture *fixture, gconstpointer data)
{
  if (fixture->display == NULL)
    return;

  own_text (fixture, "words");
  xcb_set_selection_owner (whis_x11_connection_get_xcb (fixture->client), fixture->window,
                           whis_x11_connection_get_atom (fixture->client, WHIS_X11_ATOM_CLIPBOARD),
                           XCB_CURRENT_TIME);
  g_main_loop_run (fixture->loop);
  g_assert_cmpstr (fixture->log->str, ==, "lost ");
  g_assert_false (whis_selection_is_owner (fixture->selection));
}

static void
test_display_ends (Fixture *fixture, gconstpointer data)
{
  if (fixture->display == NULL)
    return;

  own_text (fixture, "words");
  g_subprocess_send_signal (fixture->display->server, SIGKILL);
  g_main_loop_run (fixture->loop);
  g_assert_cmpstr (fixture->log->str, ==, "lost ");
  g_assert_false (whis_selection_is_owner (fixture->selection));
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;

  fixture->saved = whis_selection_save_finish (WHIS_SELECTION (source), result, &error);
  g_string_append (fixture->log, error != NULL ? error->message : "saved ");
  g_main_loop_quit (fixture->loop);
}

static void
test_save_nothing (Fixture *fixture, gconstpointer data)
{
  if (fixture->display == NULL)
    return;

  whis_selection_save_async (fixture->selection, NULL, on_saved, fixture);
  g_main_loop_run (fixture->loop);
  g_assert_cmpstr (fixture->log->str, ==, "saved ");
  g_assert_cmpuint (g_hash_table_size (fixture->saved), ==, 0);
}

/* The owner never answers. */
static void
test_save_silent (Fixture *fixture, gconstpointer data)
{
  if (fixture->display == NULL)
    return;

  xcb_set_selection_owner (whis_x11_connection_get_xcb (fixture->client), fixture->window,
                           whis_x11_connection_get_atom (fixture->client, WHIS_X11_ATOM_CLIPBOARD),
                           XCB_CURRENT_TIME);
  /* An answer says that the server has done it. */
  g_bytes_unref (get_property (fixture, XCB_ATOM_WM_NAME));
  whis_selection_save_async (fixture->selection, NULL, on_saved, fixture);
  g_main_loop_run (fixture->loop);
  g_assert_null (fixture->saved);
  g_assert_cmpstr (fixture->log->str, ==, "The program that has copied last does not answer.");
}

static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;

  g_string_append (fixture->log,
                   whis_key_sender_probe_finish (WHIS_KEY_SENDER (source), result, &error)
                       ? "offered "
                   : g_error_matches (error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED)
                       ? "not-offered "
                       : "error ");
  g_main_loop_quit (fixture->loop);
}

/* Xwayland has XTEST, too; its keys are not those of the session. */
static void
test_keys_in_a_wayland_session (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisKeySender) keys = NULL;

  if (fixture->display == NULL)
    return;

  keys = whis_xtest_keys_new (fixture->connection);
  g_setenv ("WAYLAND_DISPLAY", "wayland-0", TRUE);
  whis_key_sender_probe_async (keys, NULL, on_probed, fixture);
  g_main_loop_run (fixture->loop);
  g_unsetenv ("WAYLAND_DISPLAY");
  whis_key_sender_probe_async (keys, NULL, on_probed, fixture);
  g_main_loop_run (fixture->loop);
  g_assert_cmpstr (fixture->log->str, ==, "not-offered offered ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function, tells_reader)                                                          \
  g_test_add ("/x11-selection/" path, Fixture, GINT_TO_POINTER (tells_reader), fixture_set_up,     \
              function, fixture_tear_down)

  ADD ("read/readers", test_readers, TRUE);
  ADD ("read/not-told", test_reader_is_not_told, FALSE);
  ADD ("read/multiple", test_multiple, TRUE);
  ADD ("primary", test_primary, TRUE);
  ADD ("lost", test_lost, TRUE);
  ADD ("display-ends", test_display_ends, TRUE);
  ADD ("save/nothing", test_save_nothing, TRUE);
  ADD ("save/silent", test_save_silent, TRUE);

  ADD ("keys/wayland-session", test_keys_in_a_wayland_session, TRUE);

  return g_test_run ();
}
