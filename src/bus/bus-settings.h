/* SPDX-License-Identifier: MIT */
#pragma once

#include "whis-bus.h"

G_BEGIN_DECLS

void whis_bus_settings_implement (WhisBusWhis1Iface *iface);

G_END_DECLS
