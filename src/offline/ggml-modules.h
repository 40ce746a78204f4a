/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean whis_ggml_load (GError **error);

G_END_DECLS
