/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_answer_parse (const char *service,
                         const char *content_type,
                         const char *data,
                         gsize size,
                         const char *key,
                         GError **error);

G_END_DECLS
