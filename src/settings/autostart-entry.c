/* SPDX-License-Identifier: MIT */
#include "autostart-entry.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "settings-error.h"

#define GROUP G_KEY_FILE_DESKTOP_GROUP

/* How desktops other than those that set Hidden=true switch an entry off. */
#define ENABLED_KEY "X-GNOME-Autostart-enabled"

/* What has to be quoted in an Exec line, and what needs a backslash inside of quotes. */
#define RESERVED " \t\n\"'\\><~|&;$*?#()`"
#define ESCAPED "\"`$\\"

/**
 * whis_autostart_entry_get_path:
 *
 * Returns: (transfer full): the path of the entry, whether or not it exists
 */
char *
whis_autostart_entry_get_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", WHIS_APP_ID ".desktop", NULL);
}

/* As the first word of an Exec line. */
static char *
autostart_entry_quote (const char *program)
{
  gboolean needs_quotes = strpbrk (program, RESERVED) != NULL;
  GString *word = g_string_new (needs_quotes ? "\"" : NULL);

  for (const char *c = program; *c != '\0'; c++)
    {
      if (strchr (ESCAPED, *c) != NULL)
        g_string_append_c (word, '\\');
      if (*c == '%')
        g_string_append_c (word, '%');
      g_string_append_c (word, *c);
    }
  if (needs_quotes)
    g_string_append_c (word, '"');

  return g_string_free (word, FALSE);
}

/* A program that is gone is not started, whatever else the entry says. */
static gboolean
can_run (const char *program)
{
  g_autofree char *found = program != NULL ? g_find_program_in_path (program) : NULL;

  return program == NULL || found != NULL;
}

static gboolean
is_true (GKeyFile *entry, const char *key, gboolean fallback)
{
  g_autoptr (GError) error = NULL;
  gboolean value = g_key_file_get_boolean (entry, GROUP, key, &error);

  return error == NULL ? value : fallback;
}

/**
 * whis_autostart_entry_is_on:
 * @path: where the entry is
 *
 * Returns: whether a session that finds the entry starts Whis
 */
gboolean
whis_autostart_entry_is_on (const char *path)
{
  g_autoptr (GKeyFile) entry = g_key_file_new ();
  g_autofree char *program = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  if (!g_key_file_load_from_file (entry, path, G_KEY_FILE_NONE, NULL))
    return FALSE;

  program = g_key_file_get_string (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_TRY_EXEC, NULL);

  return g_key_file_has_key (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC, NULL)
         && !is_true (entry, G_KEY_FILE_DESKTOP_KEY_HIDDEN, FALSE)
         && is_true (entry, ENABLED_KEY, TRUE) && can_run (program);
}

static char *
autostart_entry_print (const char *program)
{
  g_autoptr (GKeyFile) entry = g_key_file_new ();
  g_autofree char *word = autostart_entry_quote (program);
  g_autofree char *exec = g_strconcat (word, " --at-login", NULL);
  const struct
  {
    const char *key;
    const char *value;
  } strings[] = {
    { G_KEY_FILE_DESKTOP_KEY_TYPE, G_KEY_FILE_DESKTOP_TYPE_APPLICATION },
    { G_KEY_FILE_DESKTOP_KEY_NAME, _ ("Whis") },
    { G_KEY_FILE_DESKTOP_KEY_COMMENT, _ ("Its icon is in the panel, ready for a dictation") },
    { G_KEY_FILE_DESKTOP_KEY_ICON, WHIS_APP_ID },
    { G_KEY_FILE_DESKTOP_KEY_EXEC, exec },
    { G_KEY_FILE_DESKTOP_KEY_TRY_EXEC, program },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_key_file_set_string (entry, GROUP, strings[i].key, strings[i].value);
  g_key_file_set_boolean (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_TERMINAL, FALSE);
  g_key_file_set_boolean (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_NO_DISPLAY, TRUE);
  g_key_file_set_boolean (entry, GROUP, ENABLED_KEY, TRUE);

  return g_key_file_to_data (entry, NULL, NULL);
}

/**
 * whis_autostart_entry_write:
 * @path: where the entry is to be
 * @program: absolute path of the program `whis-service`
 * @error: return location for %WHIS_SETTINGS_ERROR_FILE with a sentence for people
 *
 * Writes an entry that is on, in place of any other.
 *
 * Returns: whether the entry is there
 */
gboolean
whis_autostart_entry_write (const char *path, const char *program, GError **error)
{
  g_autofree char *directory = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) file_error = NULL;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (program != NULL, FALSE);

  if (!can_run (program))
    {
      g_set_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_FILE,
                   _ ("Whis will not start at login, because there is no program %s; install Whis "
                      "again."),
                   program);
      return FALSE;
    }
  directory = g_path_get_dirname (path);
  text = autostart_entry_print (program);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      int problem = errno;

      g_set_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_FILE,
                   _ ("Whis will not start at login, because the directory %s cannot be made: %s."),
                   directory, g_strerror (problem));
      return FALSE;
    }
  if (g_access (directory, W_OK) != 0)
    {
      int problem = errno;

      g_set_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_FILE,
                   _ ("Whis will not start at login, because nothing can be written to %s: %s."),
                   directory, g_strerror (problem));
      return FALSE;
    }
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &file_error))
    {
      g_set_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_FILE,
                   _ ("Whis will not start at login, because its entry cannot be written: %s."),
                   file_error->message);
      return FALSE;
    }

  return TRUE;
}

/**
 * whis_autostart_entry_remove:
 * @path: where the entry is, if anywhere
 * @error: return location for %WHIS_SETTINGS_ERROR_FILE with a sentence for people
 *
 * Returns: whether there is no entry any more
 */
gboolean
whis_autostart_entry_remove (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, FALSE);

  if (g_unlink (path) != 0 && errno != ENOENT && errno != ENOTDIR)
    {
      int problem = errno;

      g_set_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_FILE,
                   _ ("Whis still starts at login, because %s cannot be removed: %s."), path,
                   g_strerror (problem));
      return FALSE;
    }

  return TRUE;
}
