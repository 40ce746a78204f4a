/* SPDX-License-Identifier: MIT */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

/*
 * Questions to a backend that wait for their answers, in the default main context.
 */

WhisBackend *ask_new (const char *provider, const char *url);
/* Finishes what the test left to do, so that everything is released. */
void ask_free (WhisBackend *backend);

/* A second of sound that is these letters. */
WhisSpeechRequest *ask_make_request (const char *sound, const char *key);

WhisTranscription *
ask_transcribe (WhisBackend *backend, WhisSpeechRequest *request, GError **error);
gboolean ask_check_key (WhisBackend *backend,
                        const char *key,
                        WhisKeyVerdict *verdict,
                        char **sentence,
                        GError **error);
GPtrArray *ask_list_models (WhisBackend *backend, const char *key, GError **error);

G_END_DECLS
