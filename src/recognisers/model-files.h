/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-checks.h"
#include "model-entry.h"
#include "model-error.h"
#include "model-measures.h"

G_BEGIN_DECLS

/**
 * WhisModelFiles:
 * @directory: where the user's models are
 * @system_directories: where the system's may be, %NULL-terminated
 * @checks: which were hashed
 * @measures: how fast they were
 * @computer: what the measures depend on beside the model
 * @drivers: what those of a graphics processor depend on, too
 *
 * The files of the store. All functions may wait for the disk: for worker threads, one at a time.
 */
typedef struct
{
  char *directory;
  GStrv system_directories;
  WhisModelChecks *checks;
  WhisModelMeasures *measures;
  char *computer;
  char *drivers;
} WhisModelFiles;

GPtrArray *whis_model_files_list (WhisModelFiles *self);
WhisModelEntry *whis_model_files_find (WhisModelFiles *self, const char *id, GError **error);
gboolean whis_model_files_check (WhisModelFiles *self,
                                 WhisModelEntry *entry,
                                 gboolean again,
                                 GCancellable *cancellable,
                                 GError **error);
void whis_model_files_note_fetched (WhisModelFiles *self, const WhisLocalModel *row);
gboolean whis_model_files_note_measured (WhisModelFiles *self,
                                         const WhisModelEntry *entry,
                                         const char *engine,
                                         const WhisModelMeasure *measure,
                                         GError **error);
gboolean
whis_model_files_remove (WhisModelFiles *self, const char *id, guint64 *freed, GError **error);
WhisModelEntry *whis_model_files_import (WhisModelFiles *self,
                                         int file,
                                         const char *name,
                                         GCancellable *cancellable,
                                         GError **error);

G_END_DECLS
