/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void whis_cli_help_print (const char *path);

G_END_DECLS
