/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <whisper.h>

G_BEGIN_DECLS

GArray *whis_whisper_prompt_new (struct whisper_context *context, const char *text);

G_END_DECLS
