/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_history_words_split (const char *text);
char *whis_history_words_to_query (const char *search);

G_END_DECLS
