/* SPDX-License-Identifier: MIT */
#pragma once

#include "http-backend.h"

G_BEGIN_DECLS

void whis_http_transcription_async (WhisBackend *backend,
                                    WhisSpeechRequest *request,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data);
WhisTranscription *
whis_http_transcription_finish (WhisBackend *backend, GAsyncResult *result, GError **error);

G_END_DECLS
