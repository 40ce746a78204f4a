/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void http_answer (SoupServerMessage *message, guint status, const char *body);
void
http_break_off (SoupServerMessage *message, GSocket *socket, const char *body, gboolean after_half);

gboolean http_program_parse (int *argc, char ***argv, const GOptionEntry *options);
int http_program_run (SoupServerCallback handler, int port, gboolean until_input_ends);

G_END_DECLS
