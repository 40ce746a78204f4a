/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-header.h"

G_BEGIN_DECLS

gboolean whis_model_file_read_header (const char *path, WhisModelHeader *header, GError **error);
gboolean whis_model_file_check (const char *path, WhisModelKind kind, GError **error);

G_END_DECLS
