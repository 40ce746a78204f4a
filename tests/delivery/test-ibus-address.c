/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <glib/gstdio.h>

#include "ibus-address.h"

static char *folder;

/* As the daemon writes it. */
static char *
write_file (const char *display, const char *address)
{
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = g_strdup_printf ("# This file is created by ibus-daemon.\n"
                                           "IBUS_ADDRESS=%s\nIBUS_DAEMON_PID=1\n",
                                           address);
  char *path;

  if (!g_file_get_contents ("/var/lib/dbus/machine-id", &id, NULL, NULL)
      && !g_file_get_contents ("/etc/machine-id", &id, NULL, NULL))
    id = g_strdup ("machine-id");
  name = g_strconcat (g_strstrip (id), "-", display, NULL);
  path = g_build_filename (folder, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static void
assert_address (const char *wayland_display, const char *x11_display, const char *expected)
{
  g_autofree char *address = whis_ibus_address_get (wayland_display, x11_display);

  g_assert_cmpstr (address, ==, expected);
}

static void
test_display (void)
{
  g_autofree char *x11 = NULL;
  g_autofree char *wayland = NULL;
  g_autofree char *remote = NULL;

  assert_address ("wayland-0", ":7", NULL);
  assert_address (NULL, NULL, NULL);
  assert_address ("", "", NULL);

  x11 = write_file ("unix-7", "unix:path=/x11");
  assert_address (NULL, ":7", "unix:path=/x11");
  assert_address (NULL, ":7.1", "unix:path=/x11");
  assert_address (NULL, ":8", NULL);
  assert_address (NULL, "none", NULL);
  assert_address ("wayland-0", ":7", "unix:path=/x11");

  wayland = write_file ("unix-wayland-0", "unix:abstract=/wayland,guid=0");
  assert_address ("wayland-0", ":7", "unix:abstract=/wayland,guid=0");

  remote = write_file ("example-7", "unix:path=/remote");
  assert_address (NULL, "example:7.0", "unix:path=/remote");

  g_unlink (x11);
  g_unlink (wayland);
  g_unlink (remote);
}

static void
test_variables (void)
{
  g_autofree char *path = write_file ("unix-7", "unix:path=/file");

  g_setenv ("IBUS_ADDRESS_FILE", path, TRUE);
  assert_address (NULL, NULL, "unix:path=/file");
  g_setenv ("IBUS_ADDRESS", "unix:path=/variable", TRUE);
  assert_address (NULL, ":7", "unix:path=/variable");
  g_unsetenv ("IBUS_ADDRESS");
  g_unsetenv ("IBUS_ADDRESS_FILE");
  g_unlink (path);
}

int
main (int argc, char *argv[])
{
  g_autofree char *config = g_dir_make_tmp ("whis-ibus-XXXXXX", NULL);
  g_autofree char *ibus = g_build_filename (config, "ibus", NULL);
  int result;

  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  g_unsetenv ("IBUS_ADDRESS");
  g_unsetenv ("IBUS_ADDRESS_FILE");
  folder = g_build_filename (ibus, "bus", NULL);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ibus-address/display", test_display);
  g_test_add_func ("/ibus-address/variables", test_variables);
  result = g_test_run ();
  g_rmdir (folder);
  g_rmdir (ibus);
  g_rmdir (config);
  g_free (folder);

  return result;
}
