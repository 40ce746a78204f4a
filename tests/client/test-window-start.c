/* SPDX-License-Identifier: MIT */
#include "window-start.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bus-error.h"
#include "display-variables.h"
#include "whis-bus.h"

/* In place of the window, it says what it was started with. */
#define SCRIPT                                                                                     \
  "#!/bin/sh\n"                                                                                    \
  "read -r _ _ _ _ _ session _ </proc/$$/stat\n"                                                   \
  "[ \"$session\" = $$ ] && own=yes || own=no\n"                                                   \
  "echo \"$#|$1|$WAYLAND_DISPLAY|$XDG_ACTIVATION_TOKEN|$DESKTOP_STARTUP_ID|$own\" >\"$PIPE\"\n"

typedef struct
{
  char *folder;
  char *program;
  char *pipe;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("test-window-start-XXXXXX", &error);
  g_assert_no_error (error);
  self->program = g_build_filename (self->folder, "whis-window", NULL);
  self->pipe = g_build_filename (self->folder, "pipe", NULL);
  g_file_set_contents_full (self->program, SCRIPT, -1, G_FILE_SET_CONTENTS_NONE, 0755, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mkfifo (self->pipe, 0600), ==, 0);
  g_setenv ("WHIS_WINDOW_PROGRAM", self->program, TRUE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_unlink (self->program);
  g_unlink (self->pipe);
  g_rmdir (self->folder);
  g_free (self->program);
  g_free (self->pipe);
  g_free (self->folder);
}

/* With the token that another program was started with, which is not this window's. */
static char **
create_environment (Fixture *self, const char *display)
{
  char **environment = g_environ_setenv (NULL, "PIPE", self->pipe, TRUE);

  environment = g_environ_setenv (environment, "PATH", g_getenv ("PATH"), TRUE);
  environment = g_environ_setenv (environment, "XDG_ACTIVATION_TOKEN", "foreign", TRUE);
  environment = g_environ_setenv (environment, "DESKTOP_STARTUP_ID", "foreign", TRUE);
  if (display != NULL)
    environment = g_environ_setenv (environment, "WAYLAND_DISPLAY", display, TRUE);

  return environment;
}

static void
assert_started (Fixture *self, const char *token, const char *expected)
{
  g_auto (GStrv) environment = create_environment (self, "wayland-7");
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;

  g_assert_true (whis_window_start ("history", (const char *const *) environment, token, &error));
  g_assert_no_error (error);
  /* Waits until the program has written. */
  g_assert_true (g_file_get_contents (self->pipe, &said, NULL, &error));
  g_assert_cmpstr (said, ==, expected);
}

/* On the display of who wants to see it, and not of this process's own session. */
static void
test_started (Fixture *self, gconstpointer data)
{
  assert_started (self, NULL, "1|--page=history|wayland-7|||yes\n");
  assert_started (self, "a-token", "1|--page=history|wayland-7|a-token|a-token|yes\n");
}

static void
refuse (Fixture *self, const char *display, const char *part)
{
  g_auto (GStrv) environment = create_environment (self, display);
  g_autoptr (GError) error = NULL;

  g_assert_false (whis_window_start ("home", (const char *const *) environment, NULL, &error));
  g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, part));
}

/* What the user can do all the same stands in the sentence. */
static void
test_refused (Fixture *self, gconstpointer data)
{
  refuse (self, NULL, "no display");
  g_unlink (self->program);
  refuse (self, "wayland-7", self->program);
}

/* The variables of this program's display, for a service that was started without one. */
typedef struct
{
  GTestDBus *daemon;
  GDBusConnection *bus;
  WhisBusWhis1 *skeleton;
  GVariant *handed;
} BusFixture;

static gboolean
on_handed (WhisBusWhis1 *skeleton, GDBusMethodInvocation *call, GVariant *variables, gpointer data)
{
  BusFixture *self = data;

  self->handed = g_variant_ref (variables);
  g_object_unref (call);

  return TRUE;
}

static void
bus_set_up (BusFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;

  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  self->bus =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->daemon),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  self->skeleton = whis_bus_whis1_skeleton_new ();
  g_signal_connect (self->skeleton, "handle-hand-over-display", G_CALLBACK (on_handed), self);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), self->bus,
                                    WHIS_APP_PATH, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", WHIS_APP_ID, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  for (const char *const *name = whis_display_get_variables (); *name != NULL; name++)
    g_unsetenv (*name);
}

static void
bus_tear_down (BusFixture *self, gconstpointer data)
{
  g_clear_pointer (&self->handed, g_variant_unref);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  g_clear_object (&self->skeleton);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
  g_test_dbus_down (self->daemon);
  g_clear_object (&self->daemon);
}

static void
test_handed_over (BusFixture *self, gconstpointer data)
{
  g_autofree char *handed = NULL;

  g_setenv ("DISPLAY", ":7", TRUE);
  g_setenv ("XDG_RUNTIME_DIR", "/run/user/7", TRUE);
  g_setenv ("XAUTHORITY", "\xFF no UTF-8", TRUE);
  g_setenv ("WHIS_SECRET", "no business of the service", TRUE);
  whis_display_hand_over (self->bus);
  while (self->handed == NULL)
    g_main_context_iteration (NULL, TRUE);
  handed = g_variant_print (self->handed, FALSE);
  g_assert_cmpstr (handed, ==, "{'DISPLAY': ':7', 'XDG_RUNTIME_DIR': '/run/user/7'}");
}

/* On a console there is nothing that could take the place of a display that the service knows. */
static void
test_nothing_handed_over (BusFixture *self, gconstpointer data)
{
  g_autoptr (GVariant) reply = NULL;

  g_setenv ("XDG_RUNTIME_DIR", "/run/user/7", TRUE);
  whis_display_hand_over (self->bus);
  reply = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "GetId", NULL, NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (self->handed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/window-start/started", Fixture, NULL, set_up, test_started, tear_down);
  g_test_add ("/window-start/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/display-variables/handed-over", BusFixture, NULL, bus_set_up, test_handed_over,
              bus_tear_down);
  g_test_add ("/display-variables/nothing", BusFixture, NULL, bus_set_up, test_nothing_handed_over,
              bus_tear_down);

  return g_test_run ();
}
