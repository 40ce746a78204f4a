/* SPDX-License-Identifier: MIT */
#pragma once

#include "meter.h"
#include "pool.h"
#include "recogniser-process.h"

G_BEGIN_DECLS

#define WHIS_TYPE_POOLS (whis_pools_get_type ())
G_DECLARE_FINAL_TYPE (WhisPools, whis_pools, WHIS, POOLS, GObject)

WhisPools *whis_pools_new (WhisMeter *meter);

WhisPool *whis_pools_get (WhisPools *self,
                          const WhisProvider *provider,
                          const char *address,
                          guint limit,
                          GError **error);
WhisRecogniserProcess *whis_pools_get_recogniser (WhisPools *self);
void whis_pools_stop_recogniser (WhisPools *self);

G_END_DECLS
