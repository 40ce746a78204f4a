/* SPDX-License-Identifier: MIT */
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <xcb/xcb.h>

#include "x11-tray.h"

/* A real X server, and connections to it that play panels. */
typedef struct
{
  GSubprocess *server;
  char *display;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *number = NULL;

  fixture->server = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "Xvfb",
      "-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0", "64x64x24", NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->server));
  number = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->display = g_strconcat (":", number, NULL);
}

static void
end_server (Fixture *fixture)
{
  g_subprocess_force_exit (fixture->server);
  g_subprocess_wait (fixture->server, NULL, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  end_server (fixture);
  g_clear_object (&fixture->server);
  g_free (fixture->display);
}

static xcb_atom_t
intern (xcb_connection_t *panel, const char *name)
{
  xcb_intern_atom_reply_t *reply = xcb_intern_atom_reply (
      panel, xcb_intern_atom (panel, FALSE, (guint16) strlen (name), name), NULL);
  xcb_atom_t atom;

  g_assert_nonnull (reply);
  atom = reply->atom;
  free (reply);

  return atom;
}

static void
settle (xcb_connection_t *panel)
{
  free (xcb_get_input_focus_reply (panel, xcb_get_input_focus (panel), NULL));
}

/* A panel that owns the selection, as trayer does. */
static xcb_connection_t *
panel_new (Fixture *fixture, const char *selection)
{
  xcb_connection_t *panel = xcb_connect (fixture->display, NULL);
  xcb_screen_t *screen = xcb_setup_roots_iterator (xcb_get_setup (panel)).data;
  xcb_window_t window = xcb_generate_id (panel);

  xcb_create_window (panel, XCB_COPY_FROM_PARENT, window, screen->root, 0, 0, 1, 1, 0,
                     XCB_WINDOW_CLASS_INPUT_OUTPUT, XCB_COPY_FROM_PARENT, 0, NULL);
  xcb_set_selection_owner (panel, window, intern (panel, selection), XCB_CURRENT_TIME);
  settle (panel);

  return panel;
}

static void
await_present (WhisX11Tray *tray, gboolean present)
{
  while (whis_x11_tray_get_present (tray) != present)
    g_main_context_iteration (NULL, TRUE);
}

/* Lets the tray hear of a panel and of its end: what was before has been heard then, too. */
static void
await_round (Fixture *fixture, WhisX11Tray *tray)
{
  xcb_connection_t *panel = panel_new (fixture, "_NET_SYSTEM_TRAY_S0");

  await_present (tray, TRUE);
  xcb_disconnect (panel);
  await_present (tray, FALSE);
}

static void
test_there_before (Fixture *fixture, gconstpointer user_data)
{
  xcb_connection_t *panel = panel_new (fixture, "_NET_SYSTEM_TRAY_S0");
  WhisX11Tray *tray = whis_x11_tray_new (fixture->display);

  g_assert_false (whis_x11_tray_get_present (tray));
  await_present (tray, TRUE);
  g_assert_finalize_object (tray);
  xcb_disconnect (panel);
}

static void
test_comes_and_goes (Fixture *fixture, gconstpointer user_data)
{
  WhisX11Tray *tray = whis_x11_tray_new (fixture->display);
  xcb_connection_t *other = panel_new (fixture, "_NET_SYSTEM_TRAY_S1");

  await_round (fixture, tray);
  await_round (fixture, tray);
  g_assert_finalize_object (tray);
  xcb_disconnect (other);
}

/* The second takes the selection over, and the first one's end is of no interest any more. */
static void
test_two_panels (Fixture *fixture, gconstpointer user_data)
{
  xcb_connection_t *first = panel_new (fixture, "_NET_SYSTEM_TRAY_S0");
  WhisX11Tray *tray = whis_x11_tray_new (fixture->display);
  xcb_connection_t *second;

  await_present (tray, TRUE);
  second = panel_new (fixture, "_NET_SYSTEM_TRAY_S0");
  xcb_disconnect (first);
  settle (second);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (whis_x11_tray_get_present (tray));
  xcb_disconnect (second);
  await_present (tray, FALSE);
  g_assert_finalize_object (tray);
}

static void
test_server_dies (Fixture *fixture, gconstpointer user_data)
{
  xcb_connection_t *panel = panel_new (fixture, "_NET_SYSTEM_TRAY_S0");
  WhisX11Tray *tray = whis_x11_tray_new (fixture->display);

  await_present (tray, TRUE);
  end_server (fixture);
  await_present (tray, FALSE);
  g_assert_finalize_object (tray);
  xcb_disconnect (panel);
}

/* It is given up while a thread is on the way to the display. */
static void
test_given_up_early (Fixture *fixture, gconstpointer user_data)
{
  xcb_connection_t *panel = panel_new (fixture, "_NET_SYSTEM_TRAY_S0");
  WhisX11Tray *later;

  g_assert_finalize_object (whis_x11_tray_new (fixture->display));
  later = whis_x11_tray_new (fixture->display);
  await_present (later, TRUE);
  g_assert_finalize_object (later);
  xcb_disconnect (panel);
}

/* What is said of a display that nobody can reach. */
static GLogWriterOutput
note_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer seen)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE")
        && strstr (fields[i].value, "tray: the X11 display") != NULL)
      *(gboolean *) seen = TRUE;

  return G_LOG_WRITER_HANDLED;
}

static gboolean log_seen;

static void
test_no_display (void)
{
  WhisX11Tray *tray;

  g_log_set_writer_func (note_log, &log_seen, NULL);
  tray = whis_x11_tray_new (":4711");
  while (!log_seen)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (whis_x11_tray_get_present (tray));
  g_assert_finalize_object (tray);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add ("/x11-tray/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("there-before", test_there_before);
  ADD ("comes-and-goes", test_comes_and_goes);
  ADD ("two-panels", test_two_panels);
  ADD ("server-dies", test_server_dies);
  ADD ("given-up-early", test_given_up_early);
#undef ADD
  /* Last, for it takes the log away. */
  g_test_add_func ("/x11-tray/no-display", test_no_display);

  return g_test_run ();
}
