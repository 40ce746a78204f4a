/* SPDX-License-Identifier: MIT */
#pragma once

#include "key-chord.h"
#include "x11-connection.h"

G_BEGIN_DECLS

#define WHIS_TYPE_XTEST_KEYS (whis_xtest_keys_get_type ())

G_DECLARE_FINAL_TYPE (WhisXtestKeys, whis_xtest_keys, WHIS, XTEST_KEYS, GObject)

WhisKeySender *whis_xtest_keys_new (WhisX11Connection *connection);

G_END_DECLS
