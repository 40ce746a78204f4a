/* SPDX-License-Identifier: MIT */
#include "model-layout.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Files that are to be models: an engine is given one only if its header is what some model has,
 * and every length in it can be true. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  WhisModelHeader header;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) of_layout = NULL;
  gboolean known = whis_model_header_parse (data, size, &header, &error);
  gboolean whole = whis_model_layout_check (data, size, &of_layout);

  g_assert (known || !whole);
  g_assert (known == (error == NULL) && whole == (of_layout == NULL));
  g_assert (error == NULL || error->domain == WHIS_MODEL_HEADER_ERROR);
  g_assert (of_layout == NULL || of_layout->domain == WHIS_MODEL_HEADER_ERROR);
  if (!known)
    return 0;

  g_assert (!whole || header.min_bytes <= size);
  g_assert (header.heads > 0 && header.width % header.heads == 0);
  g_assert (header.layers > 0 && header.text_layers > 0 && header.mels > 0);
  g_assert ((header.kind == WHIS_MODEL_WHISPER) == (header.audio_context == 1500));
  g_assert (whis_model_header_get_languages (&header)[0] != NULL);

  return 0;
}
