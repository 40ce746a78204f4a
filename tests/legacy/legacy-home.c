/* SPDX-License-Identifier: MIT */
#include "legacy-home.h"

/* Returns: the path of the file */
char *
legacy_home_put (const char *folder, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *directory = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  return path;
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  g_set_object ((GAsyncResult **) data, result);
}

WhisLegacyFiles *
legacy_home_read (GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_legacy_files_read_async (NULL, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_legacy_files_read_finish (result, error);
}
