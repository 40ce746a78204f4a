/* SPDX-License-Identifier: MIT */
#include "store-error.h"

G_DEFINE_QUARK (whis_store_error, whis_store_error)
