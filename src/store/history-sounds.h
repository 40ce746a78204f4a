/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

#include "store-error.h"

G_BEGIN_DECLS

gboolean whis_history_sounds_is_id (const char *id);
char *whis_history_sounds_dup_path (const char *directory, const char *id, gboolean is_lossless);
char *whis_history_sounds_find (const char *directory, const char *id, struct stat *status);
gboolean whis_history_sounds_exists (const char *directory, const char *id);
gint64 whis_history_sounds_get_size (const char *directory, const char *id, gboolean *is_lossless);
gboolean whis_history_sounds_is_settled (const char *directory, const char *id);
void whis_history_sounds_set_settled (const char *directory, const char *id, gboolean settled);
gboolean whis_history_sounds_remove (const char *directory, const char *id);
GPtrArray *whis_history_sounds_list (const char *directory);
int whis_history_sounds_open (const char *directory, const char *id, char **path, GError **error);
int whis_history_sounds_lock (const char *directory, const char *id, GError **error);
gboolean whis_history_sounds_is_locked (const char *directory, const char *id);

G_END_DECLS
