/* SPDX-License-Identifier: MIT */
#pragma once

#include "providers.h"

G_BEGIN_DECLS

gboolean whis_retirement_has_come (const WhisModel *model, gint64 now);
GError *whis_retirement_explain (const WhisProvider *provider,
                                 const char *model,
                                 gint64 now,
                                 GError *error);

G_END_DECLS
