/* SPDX-License-Identifier: MIT */
#include "autostart-entry.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "settings-error.h"

#define GROUP "[Desktop Entry]\nType=Application\n"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("test-autostart-entry-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "autostart", "whis.desktop", NULL);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static char *
create_program (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  char *program = g_build_filename (fixture->folder, name, NULL);

  g_file_set_contents_full (program, "#!/bin/sh\n", -1, G_FILE_SET_CONTENTS_NONE, 0755, &error);
  g_assert_no_error (error);

  return program;
}

static void
write_entry (Fixture *fixture, const char *program)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (whis_autostart_entry_write (fixture->path, program, &error));
  g_assert_no_error (error);
}

static void
put_entry (Fixture *fixture, const char *text)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);

  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

/* Of any name, the session runs just that program, with --at-login. */
static void
test_programs (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {
    "whis-service",  "whis service", "it's",      "a\"quote", "back\\slash", "dollar$HOME",
    "tick`id`",      "50%done",      "%f",        "über",     "semi;colon",  "#hash",
    "a&b (c) *?[x]", "tab\tin it",   "tilde~end", "~begin",   "new\nline",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *program = create_program (fixture, names[i]);
      g_autoptr (GKeyFile) entry = g_key_file_new ();
      g_autofree char *exec = NULL;
      g_autofree char *try_exec = NULL;
      g_autoptr (GString) line = NULL;
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) argv = NULL;

      write_entry (fixture, program);
      g_assert_true (whis_autostart_entry_is_on (fixture->path));
      g_assert_true (g_key_file_load_from_file (entry, fixture->path, G_KEY_FILE_NONE, NULL));
      try_exec = g_key_file_get_string (entry, "Desktop Entry", "TryExec", NULL);
      g_assert_cmpstr (try_exec, ==, program);
      /* A percent sign alone stands for files, and inside of quotes a shell's rules hold. */
      exec = g_key_file_get_string (entry, "Desktop Entry", "Exec", NULL);
      line = g_string_new (exec);
      g_string_replace (line, "%%", "", 0);
      g_assert_null (strchr (line->str, '%'));
      g_string_assign (line, exec);
      g_string_replace (line, "%%", "%", 0);
      g_assert_true (g_shell_parse_argv (line->str, NULL, &argv, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (argv[0], ==, program);
      g_assert_cmpstr (argv[1], ==, "--at-login");
      g_assert_null (argv[2]);
    }
}

/* What session managers and users write into an entry, and whether that starts Whis. */
static void
test_is_on (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    gboolean on;
  } cases[] = {
    { GROUP "Exec=true\n", TRUE },
    { GROUP "Exec=true\nTryExec=sh\n", TRUE },
    { GROUP "Exec=true\nTryExec=/nowhere/whis-service\n", FALSE },
    { GROUP "Exec=true\nHidden=true\n", FALSE },
    { GROUP "Exec=true\nHidden=false\n", TRUE },
    { GROUP "Exec=true\nHidden=maybe\n", TRUE },
    { GROUP "Exec=true\nX-GNOME-Autostart-enabled=false\n", FALSE },
    { GROUP "Exec=true\nX-GNOME-Autostart-enabled=true\n", TRUE },
    { GROUP "Exec=true\nX-GNOME-Autostart-enabled=\n", TRUE },
    { GROUP, FALSE },
    { "[Another Group]\nExec=true\n", FALSE },
    { "Exec=true\n", FALSE },
    { "", FALSE },
  };

  g_assert_false (whis_autostart_entry_is_on (fixture->path));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      put_entry (fixture, cases[i].text);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (whis_autostart_entry_is_on (fixture->path), ==, cases[i].on);
    }
}

/* What the user switched off elsewhere is on again when the user wants it here. */
static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  g_autofree char *program = create_program (fixture, "whis-service");

  put_entry (fixture, GROUP "Exec=true\nHidden=true\nX-GNOME-Autostart-enabled=false\n");
  write_entry (fixture, program);
  g_assert_true (whis_autostart_entry_is_on (fixture->path));
  g_assert_cmpint (g_unlink (program), ==, 0);
  g_assert_false (whis_autostart_entry_is_on (fixture->path));
}

static void
refuse_entry (const char *path, const char *program, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (whis_autostart_entry_write (path, program, &error));
  g_assert_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_FILE);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

/* The sentence names what is in the way. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *program = create_program (fixture, "whis-service");
  g_autofree char *below_file = g_build_filename (program, "autostart", "whis.desktop", NULL);
  g_autofree char *folder = g_path_get_dirname (fixture->path);

  refuse_entry (fixture->path, "/nowhere/whis-service", "/nowhere/whis-service");
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  refuse_entry (below_file, program, "cannot be made");
  g_assert_cmpint (g_mkdir_with_parents (fixture->path, 0700), ==, 0);
  refuse_entry (fixture->path, program, "cannot be written");
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  g_autofree char *program = create_program (fixture, "whis-service");
  g_autofree char *below_file = g_build_filename (program, "whis.desktop", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (whis_autostart_entry_remove (fixture->path, &error));
  g_assert_no_error (error);
  g_assert_true (whis_autostart_entry_remove (below_file, &error));
  g_assert_no_error (error);
  write_entry (fixture, program);
  g_assert_true (whis_autostart_entry_remove (fixture->path, &error));
  g_assert_no_error (error);
  g_assert_false (whis_autostart_entry_is_on (fixture->path));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));

  g_assert_cmpint (g_mkdir_with_parents (fixture->path, 0700), ==, 0);
  g_assert_false (whis_autostart_entry_remove (fixture->path, &error));
  g_assert_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, fixture->path));
}

/* Session managers look for the id of the program below the user's configuration. */
static void
test_path (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = whis_autostart_entry_get_path ();
  g_autofree char *expected =
      g_build_filename (g_get_user_config_dir (), "autostart", WHIS_APP_ID ".desktop", NULL);

  g_assert_cmpstr (path, ==, expected);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/autostart-entry/programs", test_programs);
  ADD ("/autostart-entry/is-on", test_is_on);
  ADD ("/autostart-entry/replaced", test_replaced);
  ADD ("/autostart-entry/refused", test_refused);
  ADD ("/autostart-entry/remove", test_remove);
  ADD ("/autostart-entry/path", test_path);

  return g_test_run ();
}
