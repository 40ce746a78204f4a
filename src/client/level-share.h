/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

double whis_level_get_share (double level);

G_END_DECLS
