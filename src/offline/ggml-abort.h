/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void whis_ggml_set_cancellable (GCancellable *cancellable);
gboolean whis_ggml_is_abortable (void);

G_END_DECLS
