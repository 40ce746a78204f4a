/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean whis_window_start (const char *page,
                            const char *const *environment,
                            const char *activation_token,
                            GError **error);

G_END_DECLS
