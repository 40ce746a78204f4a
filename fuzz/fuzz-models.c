/* SPDX-License-Identifier: MIT */
#include "models.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The list of a service's models. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) models =
          whis_models_parse (&providers[i], (const char *) data, size, &error);

      g_assert_true ((models == NULL) == (error != NULL));
      for (guint j = 0; models != NULL && j < models->len; j++)
        {
          const WhisModelInfo *info = g_ptr_array_index (models, j);

          g_assert_true (*info->id != '\0' && g_utf8_validate (info->id, -1, NULL));
          g_assert_true (info->retires == NULL || strlen (info->retires) == 10);
        }
    }

  return 0;
}
