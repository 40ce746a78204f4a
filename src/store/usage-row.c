/* SPDX-License-Identifier: MIT */
#include "usage-row.h"

G_DEFINE_BOXED_TYPE (WhisUsageRow, whis_usage_row, whis_usage_row_copy, whis_usage_row_free)

/**
 * whis_usage_row_new:
 * @month: a month, as `YYYY-MM`
 * @provider: id of a service
 *
 * Returns: (transfer full): a row without any request
 */
WhisUsageRow *
whis_usage_row_new (const char *month, const char *provider)
{
  WhisUsageRow *row;

  g_return_val_if_fail (month != NULL && provider != NULL, NULL);

  row = g_new0 (WhisUsageRow, 1);
  row->month = g_strdup (month);
  row->provider = g_strdup (provider);

  return row;
}

/**
 * whis_usage_row_copy:
 * @row: a row
 *
 * Returns: (transfer full): a copy of it
 */
WhisUsageRow *
whis_usage_row_copy (const WhisUsageRow *row)
{
  WhisUsageRow *copy;

  g_return_val_if_fail (row != NULL, NULL);

  copy = whis_usage_row_new (row->month, row->provider);
  copy->requests = row->requests;
  copy->ms = row->ms;

  return copy;
}

/**
 * whis_usage_row_free:
 * @row: (transfer full) (nullable): a row
 */
void
whis_usage_row_free (WhisUsageRow *row)
{
  if (row == NULL)
    return;

  g_free (row->month);
  g_free (row->provider);
  g_free (row);
}
