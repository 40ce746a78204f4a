/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "meter.h"
#include "model-store.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_PROVIDERS (whis_bus_providers_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusProviders, whis_bus_providers, WHIS, BUS_PROVIDERS, GObject)

WhisBusProviders *whis_bus_providers_new (WhisBusWhis1 *skeleton,
                                          WhisDictations *dictations,
                                          WhisKeyring *keyring,
                                          WhisSettings *settings,
                                          WhisMeter *meter,
                                          WhisModelStore *models);

G_END_DECLS
