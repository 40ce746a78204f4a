/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_relative_time_format (gint64 milliseconds, GDateTime *now);

G_END_DECLS
