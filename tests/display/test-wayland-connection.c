/* SPDX-License-Identifier: MIT */
#include "compositor.h"
#include "wayland-connection.h"

#define ALL_GLOBALS (COMPOSITOR_SEAT | COMPOSITOR_INPUT_METHOD | COMPOSITOR_FAKE_INPUT)

typedef struct
{
  gboolean done;
  WhisWaylandConnection *connection;
  GError *error;
} End;

static void
end_clear (End *end)
{
  g_clear_object (&end->connection);
  g_clear_error (&end->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (End, end_clear)

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  end->connection = whis_wayland_connection_open_finish (result, &end->error);
  end->done = TRUE;
}

static void
open_connection (const char *name, GCancellable *cancellable, End *end)
{
  whis_wayland_connection_open_async (name, cancellable, on_opened, end);
  while (!end->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_closed (WhisWaylandConnection *connection, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
on_closed_close (WhisWaylandConnection *connection, gpointer user_data)
{
  whis_wayland_connection_close (connection);
}

static void
on_synced (void *data, struct wl_callback *callback, uint32_t serial)
{
  wl_callback_destroy (callback);
  ++*(guint *) data;
}

static const struct wl_callback_listener sync_listener = { on_synced };

static void
synchronize (WhisWaylandConnection *connection)
{
  guint n_synced = 0;

  wl_callback_add_listener (whis_wayland_connection_sync (connection), &sync_listener, &n_synced);
  while (n_synced == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_no_compositor (void)
{
  static const char *const names[] = { NULL, "", "/nonexistent/wayland-0" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_auto (End) end = { 0 };

      open_connection (names[i], NULL, &end);
      g_assert_null (end.connection);
      g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    }
}

static void
test_globals (void)
{
  static const struct
  {
    guint globals;
    gboolean seat;
    gboolean input_method;
    gboolean clipboard;
  } cases[] = {
    { 0, FALSE, FALSE, FALSE },
    { COMPOSITOR_SEAT, TRUE, FALSE, FALSE },
    { COMPOSITOR_INPUT_METHOD, FALSE, TRUE, FALSE },
    { ALL_GLOBALS, TRUE, TRUE, FALSE },
    { COMPOSITOR_SEAT | COMPOSITOR_EXT_DATA_CONTROL, TRUE, FALSE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Compositor) compositor = compositor_new (cases[i].globals);
      g_auto (End) end = { 0 };

      open_connection (compositor->name, NULL, &end);
      g_assert_no_error (end.error);
      g_assert_true (whis_wayland_connection_is_open (end.connection));
      g_assert_true ((whis_wayland_connection_get_seat (end.connection) != NULL) == cases[i].seat);
      g_assert_true (whis_wayland_connection_has (end.connection, "zwp_input_method_manager_v2")
                     == cases[i].input_method);
      g_assert_true (whis_wayland_connection_has (end.connection, "ext_data_control_manager_v1")
                     == cases[i].clipboard);
    }
}

/* The version is that which both know. */
static void
test_bind (void)
{
  g_autoptr (Compositor) compositor = compositor_new (COMPOSITOR_SEAT);
  g_auto (End) end = { 0 };
  struct wl_seat *seat;

  open_connection (compositor->name, NULL, &end);
  g_assert_null (whis_wayland_connection_bind (end.connection, &wl_output_interface, 1));

  for (guint version = 1; version <= 7; version += 3)
    {
      seat = whis_wayland_connection_bind (end.connection, &wl_seat_interface, version);
      g_assert_cmpuint (wl_seat_get_version (seat), ==, version);
      wl_seat_destroy (seat);
    }
  seat = whis_wayland_connection_bind (end.connection, &wl_seat_interface, 100);
  g_assert_cmpuint (wl_seat_get_version (seat), ==, 7);
  wl_seat_destroy (seat);
  synchronize (end.connection);
  g_assert_true (whis_wayland_connection_is_open (end.connection));
}

static void
test_global_removed (void)
{
  g_autoptr (Compositor) compositor = compositor_new (ALL_GLOBALS);
  g_auto (End) end = { 0 };

  open_connection (compositor->name, NULL, &end);
  compositor_remove (compositor, COMPOSITOR_INPUT_METHOD);
  synchronize (end.connection);
  g_assert_false (whis_wayland_connection_has (end.connection, "zwp_input_method_manager_v2"));
  g_assert_true (whis_wayland_connection_has (end.connection, "org_kde_kwin_fake_input"));
  g_assert_nonnull (whis_wayland_connection_get_seat (end.connection));
}

static void
test_cancelled (void)
{
  g_autoptr (Compositor) compositor = compositor_new (ALL_GLOBALS);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (End) early = { 0 };
  g_auto (End) late = { 0 };

  /* While the compositor is asked for its globals. */
  whis_wayland_connection_open_async (compositor->name, cancellable, on_opened, &late);
  g_cancellable_cancel (cancellable);
  open_connection (compositor->name, cancellable, &early);
  while (!late.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (early.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (late.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  while (compositor_count_clients (compositor) > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* The compositor has the connection and says nothing any more. */
static void
test_gone_while_opening (void)
{
  g_autoptr (Compositor) compositor = compositor_new (ALL_GLOBALS);
  g_auto (End) end = { 0 };

  whis_wayland_connection_open_async (compositor->name, NULL, on_opened, &end);
  compositor_stop (compositor);
  while (!end.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (end.connection);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_closed_by_compositor (void)
{
  g_autoptr (Compositor) compositor = compositor_new (ALL_GLOBALS);
  g_auto (End) end = { 0 };
  guint n_closed = 0;

  open_connection (compositor->name, NULL, &end);
  g_signal_connect (end.connection, "closed", G_CALLBACK (on_closed), &n_closed);
  compositor_stop (compositor);
  while (n_closed == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_false (whis_wayland_connection_is_open (end.connection));
  g_assert_false (whis_wayland_connection_has (end.connection, "wl_seat"));
  g_assert_null (whis_wayland_connection_get_seat (end.connection));
  g_assert_null (whis_wayland_connection_bind (end.connection, &wl_seat_interface, 1));
  whis_wayland_connection_flush (end.connection);
  whis_wayland_connection_close (end.connection);
  g_assert_cmpuint (n_closed, ==, 1);
}

/* Who is told that it has ended may close it, as they would at their own end. */
static void
test_close_while_closing (void)
{
  g_autoptr (Compositor) compositor = compositor_new (ALL_GLOBALS);
  g_auto (End) end = { 0 };
  guint n_closed = 0;

  open_connection (compositor->name, NULL, &end);
  g_signal_connect (end.connection, "closed", G_CALLBACK (on_closed_close), NULL);
  g_signal_connect (end.connection, "closed", G_CALLBACK (on_closed), &n_closed);
  compositor_stop (compositor);
  while (whis_wayland_connection_is_open (end.connection))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_closed, ==, 1);
}

static void
test_close (void)
{
  g_autoptr (Compositor) compositor = compositor_new (ALL_GLOBALS);
  g_auto (End) end = { 0 };
  guint n_closed = 0;

  open_connection (compositor->name, NULL, &end);
  g_signal_connect (end.connection, "closed", G_CALLBACK (on_closed), &n_closed);
  g_assert_cmpuint (compositor_count_clients (compositor), ==, 1);
  whis_wayland_connection_close (end.connection);
  g_assert_cmpuint (n_closed, ==, 1);
  while (compositor_count_clients (compositor) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_dispose (void)
{
  g_autoptr (Compositor) compositor = compositor_new (ALL_GLOBALS);
  g_auto (End) end = { 0 };

  open_connection (compositor->name, NULL, &end);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (g_steal_pointer (&end.connection));
  while (compositor_count_clients (compositor) > 0)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wayland-connection/no-compositor", test_no_compositor);
  g_test_add_func ("/wayland-connection/globals", test_globals);
  g_test_add_func ("/wayland-connection/bind", test_bind);
  g_test_add_func ("/wayland-connection/global-removed", test_global_removed);
  g_test_add_func ("/wayland-connection/cancelled", test_cancelled);
  g_test_add_func ("/wayland-connection/gone-while-opening", test_gone_while_opening);
  g_test_add_func ("/wayland-connection/closed-by-compositor", test_closed_by_compositor);
  g_test_add_func ("/wayland-connection/close", test_close);
  g_test_add_func ("/wayland-connection/close-while-closing", test_close_while_closing);
  g_test_add_func ("/wayland-connection/dispose", test_dispose);

  return g_test_run ();
}
