/* SPDX-License-Identifier: MIT */
#pragma once

#include "openai.h"
#include "service-error.h"
#include "sound-request.h"
#include "service.h"

G_BEGIN_DECLS

/* A backend of the OpenAI dialect, and a sound for it. */

#define KEY "sk-test-open-sesame"

/* The sound of the tests: letters, so that a server can repeat them as text. */
#define SOUND "0123456789abcdefghijklmnopqrstuvwxyz"

extern char *openai_fixture_sound_path;

const WhisProvider *openai_fixture_with_timeouts (const char *id, const WhisTimeouts *timeouts);
WhisBackend *openai_fixture_make_backend (const char *provider, const char *url);
WhisSpeechRequest *openai_fixture_make_request (void);
void openai_fixture_take_result (GObject *source, GAsyncResult *result, gpointer data);
char *openai_fixture_finish (WhisBackend *backend, GAsyncResult **result, GError **error);
char *openai_fixture_transcribe (WhisBackend *backend, WhisSpeechRequest *request, GError **error);
GError *openai_fixture_fail_to_transcribe (WhisBackend *backend);
void openai_fixture_drop_backend (WhisBackend *backend);
GSocketListener *openai_fixture_make_deaf_listener (char **address, const char *scheme);
int openai_fixture_run (void);

G_END_DECLS
