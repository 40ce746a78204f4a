/* SPDX-License-Identifier: MIT */
#pragma once

#include "keyring.h"
#include "settings.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_IMPORT_CALLS (whis_import_calls_get_type ())
G_DECLARE_FINAL_TYPE (WhisImportCalls, whis_import_calls, WHIS, IMPORT_CALLS, GObject)

WhisImportCalls *
whis_import_calls_new (WhisBusWhis1 *skeleton, WhisSettings *settings, WhisKeyring *keyring);

G_END_DECLS
