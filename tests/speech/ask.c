/* SPDX-License-Identifier: MIT */
#include "ask.h"
#include "sound-request.h"

#include <string.h>

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

WhisBackend *
ask_new (const char *provider, const char *url)
{
  g_autoptr (GError) error = NULL;
  WhisBackend *backend = whis_backend_new (whis_provider_lookup (provider), url, NULL, &error);

  g_assert_no_error (error);

  return backend;
}

void
ask_free (WhisBackend *backend)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  while (G_OBJECT (backend)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (backend);
}

WhisSpeechRequest *
ask_make_request (const char *sound, const char *key)
{
  g_autoptr (GBytes) bytes = g_bytes_new (sound, strlen (sound));
  WhisSpeechRequest *request = memory_request_new (bytes, WHIS_SOUND_FORMAT_MP3, 1000);

  whis_speech_request_set_key (request, key);

  return request;
}

WhisTranscription *
ask_transcribe (WhisBackend *backend, WhisSpeechRequest *request, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_backend_transcribe_async (backend, request, NULL, take_result, &result);
  wait_for (&result);

  return whis_backend_transcribe_finish (backend, result, error);
}

gboolean
ask_check_key (WhisBackend *backend,
               const char *key,
               WhisKeyVerdict *verdict,
               char **sentence,
               GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_backend_check_key_async (backend, key, NULL, take_result, &result);
  wait_for (&result);

  return whis_backend_check_key_finish (backend, result, verdict, sentence, error);
}

GPtrArray *
ask_list_models (WhisBackend *backend, const char *key, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_backend_list_models_async (backend, key, NULL, take_result, &result);
  wait_for (&result);

  return whis_backend_list_models_finish (backend, result, error);
}
