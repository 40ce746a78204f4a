/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_elapsed_time_format (guint64 milliseconds);

G_END_DECLS
