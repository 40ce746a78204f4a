/* SPDX-License-Identifier: MIT */
#include "delivery-error.h"

G_DEFINE_QUARK (whis_delivery_error, whis_delivery_error)
