/* SPDX-License-Identifier: MIT */
#include "model-header.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* An engine is given a file only if its header is what some model has. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  WhisModelHeader header;

  if (!whis_model_header_parse (data, size, &header, &error))
    {
      g_assert_true (error->domain == WHIS_MODEL_HEADER_ERROR);
      return 0;
    }

  g_assert_cmpuint (header.heads, >, 0);
  g_assert_cmpuint (header.width % header.heads, ==, 0);
  g_assert_cmpuint (header.layers, >, 0);
  g_assert_cmpuint (header.text_layers, >, 0);
  g_assert_cmpuint (header.mels, >, 0);
  g_assert_cmpuint (header.audio_context, ==, header.kind == WHIS_MODEL_WHISPER ? 1500 : 5000);

  return 0;
}
