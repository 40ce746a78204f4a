/* SPDX-License-Identifier: MIT */
#include "desktop-error.h"

G_DEFINE_QUARK (whis_desktop_error, whis_desktop_error)
