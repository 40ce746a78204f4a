/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean whis_cli_print_text (const char *text);
gboolean whis_cli_write_text (const char *path, const char *text);

G_END_DECLS
