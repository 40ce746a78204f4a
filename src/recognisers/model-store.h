/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-entry.h"
#include "model-error.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MODEL_STORE (whis_model_store_get_type ())
G_DECLARE_FINAL_TYPE (WhisModelStore, whis_model_store, WHIS, MODEL_STORE, GObject)

WhisModelStore *whis_model_store_new (const char *directory, const char *const *system_directories);
WhisModelStore *whis_model_store_new_default (void);
void
whis_model_store_set_computer (WhisModelStore *self, const char *computer, const char *drivers);

char *whis_model_store_dup_path (WhisModelStore *self, const WhisLocalModel *model);

void whis_model_store_note_fetched_async (WhisModelStore *self,
                                          const WhisLocalModel *model,
                                          GAsyncReadyCallback callback,
                                          gpointer data);
void whis_model_store_note_fetched_finish (WhisModelStore *self, GAsyncResult *result);

void whis_model_store_list_async (WhisModelStore *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
GPtrArray *
whis_model_store_list_finish (WhisModelStore *self, GAsyncResult *result, GError **error);

void whis_model_store_choose_async (WhisModelStore *self,
                                    const char *wanted,
                                    const char *language,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data);
WhisModelEntry *
whis_model_store_choose_finish (WhisModelStore *self, GAsyncResult *result, GError **error);

void whis_model_store_check_async (WhisModelStore *self,
                                   const char *id,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data);
WhisModelEntry *
whis_model_store_check_finish (WhisModelStore *self, GAsyncResult *result, GError **error);

void whis_model_store_note_measured_async (WhisModelStore *self,
                                           WhisModelEntry *entry,
                                           const char *engine,
                                           const WhisModelMeasure *measure,
                                           GAsyncReadyCallback callback,
                                           gpointer data);
gboolean
whis_model_store_note_measured_finish (WhisModelStore *self, GAsyncResult *result, GError **error);

void whis_model_store_begin_gpu_async (WhisModelStore *self,
                                       gboolean again,
                                       GAsyncReadyCallback callback,
                                       gpointer data);
gboolean whis_model_store_begin_gpu_finish (WhisModelStore *self, GAsyncResult *result);
void whis_model_store_note_gpu_async (WhisModelStore *self,
                                      WhisModelEntry *entry,
                                      const WhisModelMeasure *measure,
                                      GAsyncReadyCallback callback,
                                      gpointer data);
void whis_model_store_note_gpu_finish (WhisModelStore *self, GAsyncResult *result);

void whis_model_store_import_async (WhisModelStore *self,
                                    int file,
                                    const char *name,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data);
WhisModelEntry *
whis_model_store_import_finish (WhisModelStore *self, GAsyncResult *result, GError **error);

void whis_model_store_remove_async (WhisModelStore *self,
                                    const char *id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data);
gboolean whis_model_store_remove_finish (WhisModelStore *self,
                                         GAsyncResult *result,
                                         guint64 *freed,
                                         GError **error);

G_END_DECLS
