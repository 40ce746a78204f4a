/* SPDX-License-Identifier: MIT */
#include "shortcut-error.h"

G_DEFINE_QUARK (whis_shortcut_error, whis_shortcut_error)
