/* SPDX-License-Identifier: MIT */
#pragma once

#include "http-error.h"

G_BEGIN_DECLS

#define WHIS_TYPE_PART_FILE (whis_part_file_get_type ())
G_DECLARE_FINAL_TYPE (WhisPartFile, whis_part_file, WHIS, PART_FILE, GObject)

WhisPartFile *whis_part_file_new (const char *path);

/* One of these at a time. */
void whis_part_file_open_async (WhisPartFile *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);
void whis_part_file_require_space_async (WhisPartFile *self,
                                         guint64 bytes,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer data);
void whis_part_file_append_async (WhisPartFile *self,
                                  GBytes *bytes,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
void whis_part_file_begin_anew_async (WhisPartFile *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer data);
void whis_part_file_complete_async (WhisPartFile *self,
                                    const char *sha256,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data);
gboolean whis_part_file_finish (WhisPartFile *self, GAsyncResult *result, GError **error);

void whis_part_file_close (WhisPartFile *self);

guint64 whis_part_file_get_size (WhisPartFile *self);
const char *whis_part_file_get_tag (WhisPartFile *self, const char *address);
void whis_part_file_set_tag (WhisPartFile *self, const char *address, const char *tag);

char *whis_part_file_dup_path (const char *path);
guint64 whis_part_file_query_size (const char *path);
guint64 whis_part_file_remove (const char *path);
void whis_part_files_remove_old (const char *directory);

G_END_DECLS
