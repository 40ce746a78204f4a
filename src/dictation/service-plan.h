/* SPDX-License-Identifier: MIT */
#pragma once

#include "live-chunks.h"
#include "pools.h"
#include "failover.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SERVICE_PLAN (whis_service_plan_get_type ())
G_DECLARE_FINAL_TYPE (WhisServicePlan, whis_service_plan, WHIS, SERVICE_PLAN, GObject)

WhisServicePlan *
whis_service_plan_new (WhisSettings *settings, WhisKeyring *keyring, WhisMeter *meter);

WhisPool *
whis_service_plan_get_pool (WhisServicePlan *self, const WhisProvider *provider, GError **error);
WhisRecogniserProcess *whis_service_plan_get_recogniser (WhisServicePlan *self);
void whis_service_plan_stop_recogniser (WhisServicePlan *self);
WhisFailover *whis_service_plan_make (WhisServicePlan *self,
                                      const WhisProvider *provider,
                                      const char *model,
                                      GError **error);
WhisFailover *whis_service_plan_make_local (WhisServicePlan *self,
                                            const char *model,
                                            guint *longest_chunk_ms,
                                            GError **error);
WhisLiveChunks *whis_service_plan_make_live (WhisServicePlan *self, const WhisProvider *provider);
guint whis_service_plan_get_bitrate (WhisServicePlan *self, const WhisProvider *provider);
guint whis_service_plan_get_longest_chunk_ms (WhisServicePlan *self,
                                              const WhisProvider *provider,
                                              const char *model);

G_END_DECLS
