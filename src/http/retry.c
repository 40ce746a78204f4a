/* SPDX-License-Identifier: MIT */
#include "retry.h"
#include "service-error.h"

#include <libsoup/soup.h>
#include <math.h>

#define MOST_RETRIES 3
/* A request that timed out took long already, and one that was refused as it is hardly changes its
 * chances: one more try is what a user waits for. */
#define MOST_RETRIES_IF_UNLIKELY 1
#define FIRST_DELAY_MS 500
#define LONGEST_DELAY_MS 8000
/* A hundred years: enough for any wait, and far from overflow. */
#define LONGEST_SECONDS 3.2e9

/* Timeouts here, those of the service (408) and of a gateway in front of it (504), and answers that
 * say no to the request rather than to the moment. */
static gboolean
is_unlikely_to_pass (const GError *error)
{
  guint status = whis_service_error_get_status (error);

  return g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TIMEOUT)
         || g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_UNSUPPORTED)
         || g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_BAD_ANSWER)
         || status == SOUP_STATUS_REQUEST_TIMEOUT || status == SOUP_STATUS_GATEWAY_TIMEOUT;
}

/**
 * whis_retry_delay:
 * @error: why the last try failed
 * @attempt: how many retries there have been, from 0
 * @delay_ms: (out): how long to wait before the next try, in milliseconds
 *
 * Decides whether to try again. A wait that the provider asks for is obeyed; otherwise the wait
 * doubles from half a second up to eight, and is shortened at random by up to a quarter, so that
 * requests that failed together do not come back together.
 *
 * Returns: whether to try again
 */
gboolean
whis_retry_delay (const GError *error, guint attempt, guint *delay_ms)
{
  guint most = MOST_RETRIES;
  guint64 asked;

  g_return_val_if_fail (error != NULL, FALSE);
  g_return_val_if_fail (delay_ms != NULL, FALSE);

  if (is_unlikely_to_pass (error))
    most = MOST_RETRIES_IF_UNLIKELY;
  if (!whis_service_error_is_retryable (error) || attempt >= most)
    return FALSE;

  asked = whis_service_error_get_retry_after_ms (error);
  if (asked > WHIS_RETRY_LONGEST_WAIT_MS)
    return FALSE;
  if (asked > 0)
    *delay_ms = asked;
  else
    *delay_ms = MIN (FIRST_DELAY_MS << attempt, LONGEST_DELAY_MS) * g_random_double_range (0.75, 1);

  return TRUE;
}

static gboolean
parse_number (const char *value, double factor, guint64 *wait_ms)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (value));
  char *end;
  double number;

  if (!g_ascii_isdigit (*trimmed) && *trimmed != '.')
    return FALSE;
  number = g_ascii_strtod (trimmed, &end);
  if (end == trimmed || *end != '\0' || !isfinite (number) || number < 0)
    return FALSE;
  *wait_ms = ceil (MIN (number * factor, LONGEST_SECONDS * 1000));

  return *wait_ms > 0;
}

/**
 * whis_retry_after_parse:
 * @value: (nullable): value of a `Retry-After` header (RFC 9110, 10.2.3); fractions are accepted
 * too
 * @now: the time, in seconds since 1970
 * @wait_ms: (out): how long to wait, in milliseconds
 *
 * Returns: whether @value names a wait, in seconds or as a date in the future
 */
gboolean
whis_retry_after_parse (const char *value, gint64 now, guint64 *wait_ms)
{
  g_autoptr (GDateTime) date = NULL;
  gint64 seconds;

  g_return_val_if_fail (wait_ms != NULL, FALSE);

  if (value == NULL || !g_str_is_ascii (value))
    return FALSE;
  if (parse_number (value, 1000, wait_ms))
    return TRUE;
  date = soup_date_time_new_from_http_string (value);
  if (date == NULL)
    return FALSE;
  seconds = g_date_time_to_unix (date) - now;
  if (seconds <= 0)
    return FALSE;
  *wait_ms = seconds * 1000;

  return TRUE;
}

/**
 * whis_retry_after_ms_parse:
 * @value: (nullable): value of a `retry-after-ms` header: milliseconds, fractions allowed
 * @wait_ms: (out): how long to wait, in milliseconds
 *
 * Returns: whether @value names a wait
 */
gboolean
whis_retry_after_ms_parse (const char *value, guint64 *wait_ms)
{
  g_return_val_if_fail (wait_ms != NULL, FALSE);

  return value != NULL && g_str_is_ascii (value) && parse_number (value, 1, wait_ms);
}
