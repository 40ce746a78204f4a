/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

G_BEGIN_DECLS

/*
 * Which files were hashed, and what came out: so that a model of a gigabyte is hashed once and not
 * before each use. An answer holds as long as size, time of change and inode are the same.
 *
 * For worker threads, one at a time.
 */
typedef struct _WhisModelChecks WhisModelChecks;

WhisModelChecks *whis_model_checks_new (const char *path);
void whis_model_checks_free (WhisModelChecks *self);

char *whis_model_checks_lookup (WhisModelChecks *self, const char *path, const struct stat *status);
void whis_model_checks_store (WhisModelChecks *self,
                              const char *path,
                              const struct stat *status,
                              const char *sha256);
void whis_model_checks_forget (WhisModelChecks *self, const char *path);

char *whis_model_checks_dup_stamp (const struct stat *status);
char *whis_model_checks_dup_group (const char *path);

char *whis_model_checksum_of_file (int descriptor, GCancellable *cancellable, GError **error);

G_END_DECLS
