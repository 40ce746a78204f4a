/* SPDX-License-Identifier: MIT */
#pragma once

#include "keyring.h"
#include "settings.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_IMPORT (whis_bus_import_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusImport, whis_bus_import, WHIS, BUS_IMPORT, GObject)

WhisBusImport *
whis_bus_import_new (WhisBusWhis1 *skeleton, WhisSettings *settings, WhisKeyring *keyring);

G_END_DECLS
