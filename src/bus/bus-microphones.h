/* SPDX-License-Identifier: MIT */
#pragma once

#include "settings.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_MICROPHONES (whis_bus_microphones_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusMicrophones, whis_bus_microphones, WHIS, BUS_MICROPHONES, GObject)

WhisBusMicrophones *whis_bus_microphones_new (WhisBusWhis1 *interface, WhisSettings *settings);

void whis_bus_microphones_implement (WhisBusWhis1Iface *iface);

G_END_DECLS
