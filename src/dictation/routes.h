/* SPDX-License-Identifier: MIT */
#pragma once

#include "live-chunks.h"
#include "pools.h"
#include "route.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ROUTES (whis_routes_get_type ())
G_DECLARE_FINAL_TYPE (WhisRoutes, whis_routes, WHIS, ROUTES, GObject)

WhisRoutes *whis_routes_new (WhisSettings *settings, WhisKeyring *keyring, WhisMeter *meter);

WhisPool *whis_routes_get_pool (WhisRoutes *self, const WhisProvider *provider, GError **error);
WhisRecogniserProcess *whis_routes_get_recogniser (WhisRoutes *self);
void whis_routes_stop_recogniser (WhisRoutes *self);
WhisRoute *whis_routes_make (WhisRoutes *self,
                             const WhisProvider *provider,
                             const char *model,
                             GError **error);
WhisRoute *whis_routes_make_local (WhisRoutes *self,
                                   const char *model,
                                   guint *longest_chunk_ms,
                                   GError **error);
WhisLiveChunks *whis_routes_make_live (WhisRoutes *self, const WhisProvider *provider);
guint whis_routes_get_bitrate (WhisRoutes *self, const WhisProvider *provider);
guint whis_routes_get_longest_chunk_ms (WhisRoutes *self,
                                        const WhisProvider *provider,
                                        const char *model);

G_END_DECLS
