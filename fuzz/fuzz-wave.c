/* SPDX-License-Identifier: MIT */
#include "wave.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Files of sound whose samples are taken as they are. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) file = g_bytes_new (data, size);
  g_autoptr (GBytes) samples = whis_wave_get_samples (file, NULL);

  if (samples != NULL)
    g_assert (g_bytes_get_size (samples) % 2 == 0 && g_bytes_get_size (samples) < size);

  return 0;
}
