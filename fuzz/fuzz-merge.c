/* SPDX-License-Identifier: MIT */
#include "merge.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Two texts with a newline between them. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *left = g_strndup ((const char *) data, size);
  char *newline = strchr (left, '\n');
  const char *right = "";
  g_autofree char *beside = NULL;
  g_autofree char *merged = NULL;

  if (newline != NULL)
    {
      *newline = '\0';
      right = newline + 1;
    }
  beside = whis_merge_join (left, right, FALSE);
  merged = whis_merge_join (left, right, TRUE);
  g_assert_true (g_utf8_validate (beside, -1, NULL));
  g_assert_true (g_utf8_validate (merged, -1, NULL));
  g_assert_cmpuint (strlen (merged), <=, strlen (beside));

  return 0;
}
