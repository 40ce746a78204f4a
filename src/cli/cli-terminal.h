/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void whis_cli_terminal_init (void);
void whis_cli_terminal_clear_line (void);
char *whis_cli_terminal_escape (const char *text);

G_END_DECLS
