/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "model-list.h"
#include "transcript.h"

G_BEGIN_DECLS

#define WHIS_TYPE_RECOGNISER (whis_recogniser_get_type ())
G_DECLARE_FINAL_TYPE (WhisRecogniser, whis_recogniser, WHIS, RECOGNISER, GObject)

WhisRecogniser *whis_recogniser_new (WhisModelList *models);
WhisModelList *whis_recogniser_get_models (WhisRecogniser *self);

void whis_recogniser_load_async (WhisRecogniser *self,
                                 const char *model,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer data);
gboolean whis_recogniser_load_finish (WhisRecogniser *self, GAsyncResult *result, GError **error);
const char *whis_recogniser_get_gpu (WhisRecogniser *self);
char *whis_recogniser_describe_engine (WhisRecogniser *self);
char *whis_recogniser_find_smaller (WhisRecogniser *self);
gboolean whis_recogniser_is_at_work (WhisRecogniser *self);
gboolean whis_recogniser_is_bloated (WhisRecogniser *self);
gboolean whis_recogniser_is_loaded (WhisRecogniser *self, const char *model);

void whis_recogniser_transcribe_async (WhisRecogniser *self,
                                       const char *model,
                                       const WhisEngineRequest *request,
                                       GBytes *samples,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer data);
WhisTranscript *
whis_recogniser_transcribe_finish (WhisRecogniser *self, GAsyncResult *result, GError **error);

G_END_DECLS
