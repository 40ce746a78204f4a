/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_utf8_make_valid (const char *data, gsize size);

G_END_DECLS
