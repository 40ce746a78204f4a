/* SPDX-License-Identifier: MIT */
#include "rate-limit.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Waits in headers, in bodies and in prose; the first line is the value of the header that says
 * whether something is left. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 2);
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  const char *value = lines[0] != NULL && lines[1] != NULL ? lines[1] : text;
  guint64 wait = 0;

  g_assert_true (!whis_rate_limit_parse_delay (text, &wait)
                 || (wait > 0 && wait < G_MAXINT64 / 1000));
  g_assert_true (!whis_rate_limit_find_delay (text, &wait)
                 || (wait > 0 && wait < G_MAXINT64 / 1000));
  if (lines[0] != NULL)
    {
      soup_message_headers_append (headers, "x-ratelimit-remaining-requests", lines[0]);
      soup_message_headers_append (headers, "x-ratelimit-reset-requests", value);
      soup_message_headers_append (headers, "X-RateLimit-Reset", value);
      g_assert_true (
          !whis_rate_limit_get_delay_until_reset (headers, 784111777, size % 2 == 0, &wait)
          || wait > 0);
    }

  return 0;
}
