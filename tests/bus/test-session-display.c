/* SPDX-License-Identifier: MIT */
#include "session-display.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "bus-error.h"

/* A runtime directory with a compositor in it, or none. */
typedef struct
{
  char *directory;
  GSocket *compositor;
} Fixture;

static GSocket *
listen_at (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  GSocket *socket =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &error);

  g_assert_no_error (error);
  g_socket_bind (socket, address, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (socket, &error);
  g_assert_no_error (error);

  return socket;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("whis-display-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) directory = g_dir_open (fixture->directory, 0, NULL);
  const char *name;

  g_clear_object (&fixture->compositor);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
}

static WhisSessionDisplay *
display_new (Fixture *fixture, const char *wayland, const char *x11)
{
  g_auto (GStrv) environment = g_environ_setenv (NULL, "PATH", "/usr/bin", TRUE);

  environment = g_environ_setenv (environment, "XDG_RUNTIME_DIR", fixture->directory, TRUE);
  if (wayland != NULL)
    environment = g_environ_setenv (environment, "WAYLAND_DISPLAY", wayland, TRUE);
  if (x11 != NULL)
    environment = g_environ_setenv (environment, "DISPLAY", x11, TRUE);

  return whis_session_display_new ((const char *const *) environment);
}

static void
assert_displays (WhisSessionDisplay *display, const char *wayland, const char *x11)
{
  g_auto (GStrv) environment = whis_session_display_dup_environment (display);

  g_assert_cmpstr (g_environ_getenv (environment, "WAYLAND_DISPLAY"), ==, wayland);
  g_assert_cmpstr (g_environ_getenv (environment, "DISPLAY"), ==, x11);
  g_assert_cmpstr (g_environ_getenv (environment, "PATH"), ==, "/usr/bin");
}

static void
take (WhisSessionDisplay *display, const char *environment)
{
  g_autoptr (GVariant) value =
      g_variant_ref_sink (g_variant_new_parsed (environment, G_VARIANT_TYPE ("a{ss}")));
  g_autoptr (GError) error = NULL;

  g_assert_true (whis_session_display_take (display, value, &error));
  g_assert_no_error (error);
}

/* The service was there before its compositor, and nobody has told it anything. */
static void
test_found (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisSessionDisplay) display = display_new (fixture, NULL, NULL);

  assert_displays (display, NULL, NULL);
  /* What an earlier one has left behind. */
  fixture->compositor = listen_at (fixture, "wayland-0");
  g_clear_object (&fixture->compositor);
  assert_displays (display, NULL, NULL);
  fixture->compositor = listen_at (fixture, "wayland-1");
  assert_displays (display, "wayland-1", NULL);
  g_assert_finalize_object (g_steal_pointer (&display));
}

static void
test_own (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisSessionDisplay) display = display_new (fixture, "wayland-0", NULL);

  fixture->compositor = listen_at (fixture, "wayland-0");
  take (display, "{'DISPLAY': 'elsewhere:0'}");
  assert_displays (display, "wayland-0", NULL);

  /* The session has ended, and the service lives on into the next one. */
  g_clear_object (&fixture->compositor);
  assert_displays (display, NULL, "elsewhere:0");
}

static void
test_handed_over (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisSessionDisplay) display = display_new (fixture, NULL, NULL);
  g_autofree char *path = g_build_filename (fixture->directory, "compositor", NULL);
  g_autofree char *socket = g_strdup_printf ("{'WAYLAND_DISPLAY': '%s'}", path);

  fixture->compositor = listen_at (fixture, "compositor");
  take (display, socket);
  assert_displays (display, path, NULL);
  /* One that can be reached is not given up for another one. */
  take (display, "{'DISPLAY': 'elsewhere:0'}");
  assert_displays (display, path, NULL);
  g_clear_object (&fixture->compositor);
  take (display, "{'DISPLAY': 'elsewhere:0'}");
  assert_displays (display, NULL, "elsewhere:0");
}

/* Nobody on the bus chooses what programs of this service load or where they look for them. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const char *const others[] = {
    "{'LD_PRELOAD': '/tmp/evil.so', 'DISPLAY': 'elsewhere:0'}",
    "{'PATH': '/tmp'}",
    "{'GTK_MODULES': 'x'}",
  };
  g_autoptr (WhisSessionDisplay) display = display_new (fixture, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (GVariant) value =
          g_variant_ref_sink (g_variant_new_parsed (others[i], G_VARIANT_TYPE ("a{ss}")));
      g_autoptr (GError) error = NULL;

      g_assert_false (whis_session_display_take (display, value, &error));
      g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS);
      assert_displays (display, NULL, NULL);
    }
}

/* Where nothing answers, what the environment says is as good as anything. */
static void
test_unreachable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisSessionDisplay) display = display_new (fixture, "wayland-0", ":64999");

  assert_displays (display, "wayland-0", ":64999");
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/session-display/found", test_found);
  ADD ("/session-display/own", test_own);
  ADD ("/session-display/handed-over", test_handed_over);
  ADD ("/session-display/refused", test_refused);
  ADD ("/session-display/unreachable", test_unreachable);

  return g_test_run ();
}
