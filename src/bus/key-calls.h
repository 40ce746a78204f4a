/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_KEY_CALLS (whis_key_calls_get_type ())
G_DECLARE_FINAL_TYPE (WhisKeyCalls, whis_key_calls, WHIS, KEY_CALLS, GObject)

WhisKeyCalls *
whis_key_calls_new (WhisBusWhis1 *skeleton, WhisDictations *dictations, WhisKeyring *keyring);

G_END_DECLS
