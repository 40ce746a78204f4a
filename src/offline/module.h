/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gconstpointer whis_module_find (const char *name, GError **error);

G_END_DECLS
