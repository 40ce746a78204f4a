/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "meter.h"
#include "model-store.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_PROVIDER_CALLS (whis_provider_calls_get_type ())
G_DECLARE_FINAL_TYPE (WhisProviderCalls, whis_provider_calls, WHIS, PROVIDER_CALLS, GObject)

WhisProviderCalls *whis_provider_calls_new (WhisBusWhis1 *skeleton,
                                            WhisDictations *dictations,
                                            WhisKeyring *keyring,
                                            WhisSettings *settings,
                                            WhisMeter *meter,
                                            WhisModelStore *models);

G_END_DECLS
