/* SPDX-License-Identifier: MIT */
#pragma once

#include "providers.h"
#include "settings.h"
#include "usage.h"

G_BEGIN_DECLS

#define WHIS_TYPE_METER (whis_meter_get_type ())
G_DECLARE_FINAL_TYPE (WhisMeter, whis_meter, WHIS, METER, GObject)

WhisMeter *whis_meter_new (WhisSettings *settings, WhisUsage *usage);

WhisUsage *whis_meter_get_usage (WhisMeter *self);

gboolean whis_meter_knows_usage (WhisMeter *self, const WhisProvider *provider);
void whis_meter_take_back (WhisMeter *self, const WhisProvider *provider, guint64 ms);
gboolean whis_meter_admit (WhisMeter *self,
                           const WhisProvider *provider,
                           const char *model,
                           guint64 ms,
                           GError **error);
gboolean whis_meter_get_price (WhisMeter *self,
                               const WhisProvider *provider,
                               const char *model,
                               double *usd_per_minute);
double whis_meter_estimate_cost (const WhisProvider *provider,
                                 double usd_per_minute,
                                 guint64 requests,
                                 guint64 ms);

G_END_DECLS
