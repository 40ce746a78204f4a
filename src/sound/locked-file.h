/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int whis_locked_file_create (const char *path);
gboolean whis_locked_file_write (int fd, const guint8 *data, gsize size, guint64 offset);
gboolean whis_locked_file_flush (int fd);
void whis_locked_file_flush_directory (const char *path);

G_END_DECLS
