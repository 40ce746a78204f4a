/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean whis_ggml_load (GError **error);
int whis_ggml_find_gpu (const char *path);
char *whis_ggml_dup_gpu (int number);

G_END_DECLS
