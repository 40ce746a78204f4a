/* SPDX-License-Identifier: MIT */
#include "display.h"

#include <glib/gstdio.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

/* sway refuses to run as root. */
#define UNPRIVILEGED_USER "nobody"

static gboolean
is_installed (const char *program)
{
  g_autofree char *path = g_find_program_in_path (program);

  if (path == NULL)
    g_test_skip_printf ("%s is not installed", program);

  return path != NULL;
}

/* The server writes one line when it is ready. */
static char *
read_line (GSubprocess *server)
{
  g_autoptr (GDataInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  char *line;

  stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (stream), FALSE);
  line = g_data_input_stream_read_line (stream, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);

  return line;
}

static Display *
display_new (const char *template)
{
  Display *self = g_new0 (Display, 1);
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp (template, &error);
  g_assert_no_error (error);

  return self;
}

Display *
display_new_x11 (void)
{
  g_autoptr (Display) self = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL;

  if (!is_installed ("Xvfb") || !is_installed ("xclip"))
    return NULL;

  self = display_new ("whis-x11-XXXXXX");
  self->server = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "Xvfb",
      "-displayfd", "1", "-screen", "0", "320x240x24", "-nolisten", "tcp", NULL);
  g_assert_no_error (error);
  number = read_line (self->server);
  self->name = g_strconcat (":", number, NULL);

  return g_steal_pointer (&self);
}

/* The words that start a program as another user, who gets @dir. */
static void
become_user (GStrvBuilder *argv, const char *dir, const char *user)
{
  const struct passwd *entry = getpwnam (user);
  g_autofree char *uid = NULL;
  g_autofree char *gid = NULL;

  g_assert_nonnull (entry);
  g_assert_no_errno (chown (dir, entry->pw_uid, entry->pw_gid));

  uid = g_strdup_printf ("--reuid=%u", entry->pw_uid);
  gid = g_strdup_printf ("--regid=%u", entry->pw_gid);
  g_strv_builder_add_many (argv, "setpriv", uid, gid, "--clear-groups", NULL);
}

static char *
write_sway_config (const char *dir)
{
  char *path = g_build_filename (dir, "sway.conf", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, "xwayland disable\nexec echo $WAYLAND_DISPLAY\n", -1, &error);
  g_assert_no_error (error);
  g_assert_no_errno (g_chmod (path, 0644));

  return path;
}

Display *
display_new_wayland (void)
{
  g_autoptr (Display) self = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *config = NULL;
  g_autofree char *socket = NULL;

  if (!is_installed ("sway") || !is_installed ("wl-copy"))
    return NULL;

  self = display_new ("whis-wayland-XXXXXX");
  config = write_sway_config (self->dir);
  if (geteuid () == 0)
    become_user (builder, self->dir, UNPRIVILEGED_USER);
  g_strv_builder_add_many (builder, "sway", "-c", config, NULL);
  argv = g_strv_builder_end (builder);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                        | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", self->dir, TRUE);
  g_subprocess_launcher_setenv (launcher, "WLR_BACKENDS", "headless", TRUE);
  g_subprocess_launcher_setenv (launcher, "WLR_LIBINPUT_NO_DEVICES", "1", TRUE);
  g_subprocess_launcher_setenv (launcher, "WLR_RENDERER", "pixman", TRUE);
  self->server = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);
  g_assert_no_error (error);

  /* An absolute name, so that clients need no XDG_RUNTIME_DIR. */
  socket = read_line (self->server);
  self->name = g_build_filename (self->dir, socket, NULL);

  return g_steal_pointer (&self);
}

void
delete_tree (const char *path)
{
  const char *argv[] = { "rm", "-rf", path, NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                &error);
  g_assert_no_error (error);
}

void
display_free (Display *self)
{
  if (self->server != NULL)
    {
      g_subprocess_send_signal (self->server, SIGTERM);
      g_subprocess_wait (self->server, NULL, NULL);
    }
  g_clear_object (&self->server);
  delete_tree (self->dir);
  g_free (self->dir);
  g_free (self->name);
  g_free (self);
}
