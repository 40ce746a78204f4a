/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean whis_direction_is_rtl (const char *text);

G_END_DECLS
