/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GBytes *whis_known_sound_make (void);
GBytes *whis_known_sound_read (const char *path, GError **error);

G_END_DECLS
