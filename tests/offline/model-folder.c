/* SPDX-License-Identifier: MIT */
#include "model-folder.h"

#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

/* Files that begin as models do, with nothing but zeros behind it. */

#define MAGIC 0x67676d6c

void
model_folder_add (const char *folder, const char *name, const char *data, gsize size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, (gssize) size, &error);
  g_assert_no_error (error);
}

static void
add_model (const char *folder,
           const char *name,
           const guint32 *words,
           gsize n_words,
           guint kilobytes)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree guint32 *data = g_new (guint32, n_words);

  for (gsize i = 0; i < n_words; i++)
    data[i] = GUINT32_TO_LE (words[i]);
  model_folder_add (folder, name, (const char *) data, n_words * sizeof (guint32));
  g_assert_cmpint (truncate (path, (off_t) kilobytes * 1000), ==, 0);
}

void
model_folder_add_whisper (const char *folder, const char *name, guint vocabulary, guint kilobytes)
{
  const guint32 words[] = { MAGIC, vocabulary, 1500, 1, 1, 1, 448, 1, 1, 1, 80, 1 };

  add_model (folder, name, words, G_N_ELEMENTS (words), kilobytes);
}

void
model_folder_add_parakeet (const char *folder, const char *name, guint vocabulary, guint kilobytes)
{
  const guint32 words[] = { MAGIC, vocabulary, 5000, 1, 1, 1, 128, 1, 512, 8, 1, 9, 1, 1, 5, 10 };

  add_model (folder, name, words, G_N_ELEMENTS (words), kilobytes);
}

/* With the files and empty folders in it. */
void
model_folder_remove (const char *folder)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      file, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFile *child;

  while (g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) && child != NULL)
    g_assert_true (g_file_delete (child, NULL, NULL));
  g_assert_true (g_file_delete (file, NULL, NULL));
}
