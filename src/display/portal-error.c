/* SPDX-License-Identifier: MIT */
#include "portal-error.h"

G_DEFINE_QUARK (whis_portal_error, whis_portal_error)
