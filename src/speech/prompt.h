/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_prompt_compose (const char *hint, const char *const *words, guint most);

G_END_DECLS
