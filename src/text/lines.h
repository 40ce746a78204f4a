/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint whis_lines_count (const char *text, guint columns);
char *whis_lines_balance (const char *text, guint columns);

G_END_DECLS
