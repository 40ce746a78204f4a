/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GError *whis_bad_answer_new (const char *service, const char *data, gsize size, const char *key);

G_END_DECLS
