/* SPDX-License-Identifier: MIT */
#include "offline-error.h"

G_DEFINE_QUARK (whis_offline_error, whis_offline_error)
