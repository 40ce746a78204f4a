/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "catalogue-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Names from the file become names of files and stand on terminals. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GPtrArray) rows = whis_catalogue_parse (text, strlen (text), NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const WhisLocalModel *row = g_ptr_array_index (rows, i);
      g_auto (GStrv) addresses = whis_local_model_dup_addresses (row, NULL, NULL);

      g_assert_null (strchr (row->file, '/'));
      g_assert_cmpint (row->file[0], !=, '.');
      g_assert_cmpuint (strlen (row->sha256), ==, 64);
      g_assert_cmpuint (g_strv_length (addresses), >, 0);
      g_assert_false (whis_local_model_has_language (row, ""));
      whis_local_model_count_languages (row);
      g_assert_cmpuint (whis_local_model_get_max_bytes (row), >, 0);
    }

  return 0;
}
