/* SPDX-License-Identifier: MIT */
#include "elapsed-time.h"

/**
 * whis_elapsed_time_format:
 * @milliseconds: a length of time
 *
 * Returns: (transfer full): the length as `0:07` or `1:02:03`
 */
char *
whis_elapsed_time_format (guint64 milliseconds)
{
  guint64 seconds = milliseconds / 1000;

  if (seconds >= 3600)
    return g_strdup_printf ("%" G_GUINT64_FORMAT ":%02d:%02d", seconds / 3600,
                            (int) (seconds / 60 % 60), (int) (seconds % 60));
  return g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60));
}
