/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WHIS_TYPE_USAGE_ROW (whis_usage_row_get_type ())

/**
 * WhisUsageRow:
 * @month: the month, as `YYYY-MM`, in local time
 * @provider: id of a service
 * @requests: how many requests it was sent
 * @ms: how much sound it was sent, in milliseconds
 *
 * What one service was asked to do in one month.
 */
typedef struct
{
  char *month;
  char *provider;
  guint64 requests;
  guint64 ms;
} WhisUsageRow;

GType whis_usage_row_get_type (void);
WhisUsageRow *whis_usage_row_new (const char *month, const char *provider);
WhisUsageRow *whis_usage_row_copy (const WhisUsageRow *row);
void whis_usage_row_free (WhisUsageRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisUsageRow, whis_usage_row_free)

G_END_DECLS
