/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean whis_text_echoes_prompt (const char *text, const char *prompt, guint64 voice_ms);

G_END_DECLS
