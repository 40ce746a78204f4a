/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void whis_limits_apply (void);
void whis_limits_set_memory (guint64 model_bytes);
void whis_limits_release_memory (void);

G_END_DECLS
