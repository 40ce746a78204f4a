/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include "model-entry.h"

G_BEGIN_DECLS

/*
 * How fast models were on this computer, and how much memory they took: for the file as it was, and
 * for the computer as it was.
 *
 * For worker threads, one at a time.
 */
typedef struct _WhisModelMeasures WhisModelMeasures;

WhisModelMeasures *whis_model_measures_new (const char *path);
void whis_model_measures_free (WhisModelMeasures *self);

gboolean whis_model_measures_lookup (WhisModelMeasures *self,
                                     const char *path,
                                     const struct stat *status,
                                     const char *computer,
                                     const char *drivers,
                                     WhisModelMeasure *measure);
void whis_model_measures_store (WhisModelMeasures *self,
                                const char *path,
                                const struct stat *status,
                                const char *computer,
                                const char *engine,
                                const WhisModelMeasure *measure);
void whis_model_measures_store_gpu (WhisModelMeasures *self,
                                    const char *path,
                                    const char *drivers,
                                    const WhisModelMeasure *measure);
gboolean whis_model_measures_is_gpu_trusted (WhisModelMeasures *self,
                                             const char *computer,
                                             const char *drivers);
void whis_model_measures_distrust_gpu (WhisModelMeasures *self,
                                       const char *computer,
                                       const char *drivers,
                                       const char *why);
void whis_model_measures_trust_gpu (WhisModelMeasures *self);
void whis_model_measures_forget (WhisModelMeasures *self, const char *path);

G_END_DECLS
