/* SPDX-License-Identifier: MIT */
#include "relative-time.h"

#include <glib/gi18n-lib.h>

/* How many midnights lie between the two; negative if @then is in the future. */
static int
days_between (GDateTime *then, GDateTime *now)
{
  GDate from, to;

  g_date_clear (&from, 1);
  g_date_clear (&to, 1);
  g_date_set_dmy (&from, (GDateDay) g_date_time_get_day_of_month (then),
                  (GDateMonth) g_date_time_get_month (then),
                  (GDateYear) g_date_time_get_year (then));
  g_date_set_dmy (&to, (GDateDay) g_date_time_get_day_of_month (now),
                  (GDateMonth) g_date_time_get_month (now), (GDateYear) g_date_time_get_year (now));
  return g_date_days_between (&from, &to);
}

static const char *
choose_format (GDateTime *then, GDateTime *now)
{
  int days = days_between (then, now);

  if (days == 0)
    /* Translators: a time of today, for g_date_time_format() */
    return _ ("Today, %H:%M");
  if (days == 1)
    /* Translators: a time of yesterday, for g_date_time_format() */
    return _ ("Yesterday, %H:%M");
  if (days > 1 && days < 7)
    /* Translators: a time in the last seven days, for g_date_time_format() */
    return _ ("%A, %H:%M");
  if (g_date_time_get_year (then) == g_date_time_get_year (now))
    /* Translators: a time in this year, for g_date_time_format() */
    return _ ("%-d %B, %H:%M");
  /* Translators: a time in another year, for g_date_time_format() */
  return _ ("%-d %B %Y, %H:%M");
}

/**
 * whis_relative_time_format:
 * @milliseconds: Unix time in milliseconds
 * @now: the present, in the time zone to speak of
 *
 * Returns: (transfer full): the time as people say it, such as “Yesterday, 14:03”
 */
char *
whis_relative_time_format (gint64 milliseconds, GDateTime *now)
{
  g_autoptr (GDateTime) universal = g_date_time_new_from_unix_utc (milliseconds / 1000);
  g_autoptr (GDateTime) then = NULL;

  g_return_val_if_fail (now != NULL, NULL);

  if (universal == NULL)
    return g_strdup ("");

  then = g_date_time_to_timezone (universal, g_date_time_get_timezone (now));
  return g_date_time_format (then, choose_format (then, now));
}
