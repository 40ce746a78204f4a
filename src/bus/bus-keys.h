/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_KEYS (whis_bus_keys_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusKeys, whis_bus_keys, WHIS, BUS_KEYS, GObject)

WhisBusKeys *
whis_bus_keys_new (WhisBusWhis1 *skeleton, WhisDictations *dictations, WhisKeyring *keyring);

G_END_DECLS
