/* SPDX-License-Identifier: MIT */
#include "model-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Files that are to be models. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  WhisModelHeader header;
  g_autoptr (GError) of_layout = NULL;
  gboolean known = whis_model_header_parse (data, size, size, &header, NULL);
  gboolean whole = whis_model_layout_check (data, size, &of_layout);

  g_assert (known || !whole);
  g_assert (whole == (of_layout == NULL));
  if (known)
    g_assert (header.least_bytes <= size && whis_model_header_get_languages (&header)[0] != NULL);

  return 0;
}
