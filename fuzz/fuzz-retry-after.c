/* SPDX-License-Identifier: MIT */
#include "retry.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The values of the headers Retry-After and retry-after-ms. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *value = g_strndup ((const char *) data, size);
  guint64 wait = 0;

  g_assert_true (!whis_retry_after_parse (value, 784111777, &wait) || wait > 0);
  g_assert_true (!whis_retry_after_ms_parse (value, &wait) || wait > 0);

  return 0;
}
