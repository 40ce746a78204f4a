/* SPDX-License-Identifier: MIT */
#pragma once

#include "delivery.h"
#include "history.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_HISTORY (whis_bus_history_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusHistory, whis_bus_history, WHIS, BUS_HISTORY, GObject)

WhisBusHistory *
whis_bus_history_new (WhisBusWhis1 *interface, WhisHistory *history, WhisDelivery *delivery);

void whis_bus_history_implement (WhisBusWhis1Iface *iface);

G_END_DECLS
