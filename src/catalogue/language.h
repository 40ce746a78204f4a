/* SPDX-License-Identifier: MIT */
#pragma once

#include "providers.h"

G_BEGIN_DECLS

gboolean whis_language_is_tag (const char *language);
char *whis_language_get_primary (const char *language);
char *whis_language_for_model (const WhisModel *model, const char *language);

G_END_DECLS
