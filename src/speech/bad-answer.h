/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GError *whis_bad_answer_new (const char *service, const char *data, gsize size, const char *key);
GError *whis_unfinished_answer_new (const char *service,
                                    const char *data,
                                    gsize size,
                                    const char *key,
                                    const char *status);

G_END_DECLS
