/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GString *whis_json_text_new (const char *data, gsize size);

G_END_DECLS
