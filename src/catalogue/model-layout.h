/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-header.h"

G_BEGIN_DECLS

gboolean whis_model_layout_check (const guint8 *data, gsize size, GError **error);

G_END_DECLS
