/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean whis_marked_diff (const char *before, const char *after, char **marked);

G_END_DECLS
