/* SPDX-License-Identifier: MIT */
#include "rate-limit.h"

#include <math.h>
#include <string.h>

/* A hundred years: enough for any wait, and far from overflow. */
#define LONGEST_MS 3.2e12
/* What a counter of seconds since 1970 is at least; a smaller number is a length of time, and
 * nobody says in what. */
#define EARLIEST_TIME 1000000000
#define LATEST_TIME 100000000000

static const struct
{
  const char *name;
  double ms;
} units[] = {
  { "milliseconds", 1 }, { "ms", 1 },         { "seconds", 1000 }, { "second", 1000 },
  { "secs", 1000 },      { "sec", 1000 },     { "s", 1000 },       { "minutes", 60000 },
  { "minute", 60000 },   { "mins", 60000 },   { "min", 60000 },    { "m", 60000 },
  { "hours", 3600000 },  { "hour", 3600000 }, { "h", 3600000 },    { "days", 86400000 },
  { "day", 86400000 },   { "d", 86400000 },
};

/* Moves @text behind the unit that it begins with. */
static double
take_unit (const char **text)
{
  const char *end = *text;
  gsize length;

  while (g_ascii_isalpha (*end))
    end++;
  length = (gsize) (end - *text);
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (strlen (units[i].name) == length
          && g_ascii_strncasecmp (units[i].name, *text, length) == 0)
        {
          *text = end;
          return units[i].ms;
        }
    }

  return 0;
}

/* A number in plain decimal form: g_ascii_strtod() alone would also take "1e9" and "0x1p3". */
static gboolean
take_number (const char **text, double *number)
{
  const char *end = *text;
  g_autofree char *digits = NULL;

  while (g_ascii_isdigit (*end))
    end++;
  if (end == *text)
    return FALSE;
  if (*end == '.' && g_ascii_isdigit (end[1]))
    for (end++; g_ascii_isdigit (*end); end++)
      ;
  digits = g_strndup (*text, (gsize) (end - *text));
  *number = g_ascii_strtod (digits, NULL);
  *text = end;

  return TRUE;
}

/* One number with its unit, such as `1.5s` or `50 seconds`. */
static gboolean
take_part (const char **text, double *sum)
{
  const char *rest = *text;
  double number;
  double unit;

  if (!take_number (&rest, &number))
    return FALSE;
  while (*rest == ' ')
    rest++;
  unit = take_unit (&rest);
  if (unit == 0)
    return FALSE;
  *sum = MIN (*sum + number * unit, LONGEST_MS);
  *text = rest;

  return TRUE;
}

/* As many parts as follow each other, such as `6m0s` or `1 minute 20 seconds`. */
static const char *
take_parts (const char *text, guint64 *wait_ms)
{
  double sum = 0;
  const char *end = NULL;

  while (take_part (&text, &sum))
    {
      end = text;
      while (*text == ' ')
        text++;
    }
  *wait_ms = (guint64) ceil (sum);

  return end;
}

/**
 * whis_rate_limit_parse_delay:
 * @value: (nullable): a length of time such as `20ms`, `37s`, `6m0s`, `1m39.738s`
 * @wait_ms: (out): the same in milliseconds
 *
 * Reads the form in which Go and Protocol Buffers write a duration, and services the reset of a
 * rate limit.
 *
 * Returns: whether @value is a length of time above 0
 */
gboolean
whis_rate_limit_parse_delay (const char *value, guint64 *wait_ms)
{
  const char *end;

  g_return_val_if_fail (wait_ms != NULL, FALSE);

  if (value == NULL)
    return FALSE;
  end = take_parts (value, wait_ms);

  return end != NULL && *end == '\0' && *wait_ms > 0;
}

/**
 * whis_rate_limit_find_delay:
 * @words: (nullable): a service's own words
 * @wait_ms: (out): the wait that they name, in milliseconds
 *
 * Looks for a wait in prose, as Groq and Azure write it: `Please try again in 1m39.738s`, `Please
 * retry after 86400 seconds`.
 *
 * Returns: whether there is one
 */
gboolean
whis_rate_limit_find_delay (const char *words, guint64 *wait_ms)
{
  static const char *const openings[] = { "again in ", "retry after ", "retry in " };
  g_autofree char *lower = NULL;

  g_return_val_if_fail (wait_ms != NULL, FALSE);

  if (words == NULL)
    return FALSE;
  lower = g_ascii_strdown (words, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      const char *opening = strstr (lower, openings[i]);

      if (opening != NULL && take_parts (opening + strlen (openings[i]), wait_ms) != NULL
          && *wait_ms > 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_used_up (SoupMessageHeaders *headers, const char *name)
{
  return g_strcmp0 (soup_message_headers_get_one (headers, name), "0") == 0;
}

static gboolean
parse_time (const char *value, gint64 now, guint64 *wait_ms)
{
  guint64 time;

  if (value == NULL
      || !g_ascii_string_to_unsigned (value, 10, EARLIEST_TIME, LATEST_TIME, &time, NULL)
      || (gint64) time <= now)
    return FALSE;
  *wait_ms = (time - (guint64) now) * 1000;

  return TRUE;
}

/**
 * whis_rate_limit_get_delay_until_reset:
 * @headers: headers of an answer
 * @now: the time, in seconds since 1970
 * @is_refused: whether the answer is a refusal for too many requests
 * @wait_ms: (out): how long until another request is allowed, in milliseconds
 *
 * Looks at the headers in which services keep account: `x-ratelimit-remaining-requests` and
 * `x-ratelimit-reset-requests` of OpenAI and Groq, `X-RateLimit-Reset` with the time of the reset
 * in seconds since 1970.
 *
 * Returns: whether nothing is allowed before
 */
gboolean
whis_rate_limit_get_delay_until_reset (SoupMessageHeaders *headers,
                                       gint64 now,
                                       gboolean is_refused,
                                       guint64 *wait_ms)
{
  g_return_val_if_fail (headers != NULL && wait_ms != NULL, FALSE);

  if (is_used_up (headers, "x-ratelimit-remaining-requests")
      && whis_rate_limit_parse_delay (
          soup_message_headers_get_one (headers, "x-ratelimit-reset-requests"), wait_ms))
    return TRUE;

  return (is_refused || is_used_up (headers, "X-RateLimit-Remaining"))
         && parse_time (soup_message_headers_get_one (headers, "X-RateLimit-Reset"), now, wait_ms);
}
