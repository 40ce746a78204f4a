/* SPDX-License-Identifier: MIT */
#pragma once

#include "delivery.h"
#include "dictations.h"
#include "history.h"
#include "portal-keys.h"
#include "settings.h"
#include "whis-bus-delivery.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_DELIVERY (whis_bus_delivery_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusDelivery,
                      whis_bus_delivery,
                      WHIS,
                      BUS_DELIVERY,
                      WhisBusWhis1DeliverySkeleton)

WhisBusDelivery *whis_bus_delivery_new (WhisDictations *dictations,
                                        WhisSettings *settings,
                                        WhisHistory *history,
                                        WhisDelivery *delivery,
                                        WhisPortalKeys *portal_keys);

G_END_DECLS
