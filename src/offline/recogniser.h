/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "transcript.h"

G_BEGIN_DECLS

#define WHIS_TYPE_RECOGNISER (whis_recogniser_get_type ())
G_DECLARE_FINAL_TYPE (WhisRecogniser, whis_recogniser, WHIS, RECOGNISER, GObject)

WhisRecogniser *whis_recogniser_new (const char *model_dir);

void whis_recogniser_load_async (WhisRecogniser *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer data);
gboolean whis_recogniser_load_finish (WhisRecogniser *self, GAsyncResult *result, GError **error);
gboolean whis_recogniser_is_loaded (WhisRecogniser *self);

void whis_recogniser_transcribe_async (WhisRecogniser *self,
                                       GBytes *samples,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer data);
WhisTranscript *
whis_recogniser_transcribe_finish (WhisRecogniser *self, GAsyncResult *result, GError **error);

G_END_DECLS
