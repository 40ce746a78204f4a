/* SPDX-License-Identifier: MIT */
#include "openai-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

char *openai_fixture_sound_path;

/* A provider that waits as long as the test wants. */
const WhisProvider *
openai_fixture_with_timeouts (const char *id, const WhisTimeouts *timeouts)
{
  static WhisProvider provider;

  provider = *whis_provider_lookup (id);
  provider.timeouts = *timeouts;

  return &provider;
}

WhisBackend *
openai_fixture_make_backend (const char *provider, const char *url)
{
  g_autoptr (GError) error = NULL;
  WhisBackend *backend = whis_backend_new (whis_provider_lookup (provider), url, NULL, &error);

  g_assert_no_error (error);

  return backend;
}

WhisSpeechRequest *
openai_fixture_make_request (void)
{
  WhisSpeechRequest *request = file_request_new (openai_fixture_sound_path, 10, 20, 1000);

  whis_speech_request_set_key (request, KEY);

  return request;
}

void
openai_fixture_take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

char *
openai_fixture_finish (WhisBackend *backend, GAsyncResult **result, GError **error)
{
  g_autoptr (GAsyncResult) own = NULL;
  g_autoptr (WhisTranscription) transcription = NULL;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  own = g_steal_pointer (result);
  transcription = whis_backend_transcribe_finish (backend, own, error);

  return transcription != NULL ? g_strdup (transcription->text) : NULL;
}

char *
openai_fixture_transcribe (WhisBackend *backend, WhisSpeechRequest *request, GError **error)
{
  GAsyncResult *result = NULL;

  whis_backend_transcribe_async (backend, request, NULL, openai_fixture_take_result, &result);

  return openai_fixture_finish (backend, &result, error);
}

GError *
openai_fixture_fail_to_transcribe (WhisBackend *backend)
{
  g_autoptr (WhisSpeechRequest) request = openai_fixture_make_request ();
  GError *error = NULL;
  g_autofree char *text = openai_fixture_transcribe (backend, request, &error);

  g_assert_null (text);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_null (strstr (error->message, KEY));

  return error;
}

/* Finishes what the test left to do, so that everything is released. */
void
openai_fixture_drop_backend (WhisBackend *backend)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  while (G_OBJECT (backend)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (backend);
}

/* A listener whose connections nobody reads. */
GSocketListener *
openai_fixture_make_deaf_listener (char **address, const char *scheme)
{
  GSocketListener *listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);

  g_assert_no_error (error);
  *address = g_strdup_printf ("%s://127.0.0.1:%u", scheme, port);

  return listener;
}

/* Runs the tests that were added, with a file of the sound. */
int
openai_fixture_run (void)
{
  g_autoptr (GError) error = NULL;
  int status;

  openai_fixture_sound_path = g_build_filename (g_get_tmp_dir (), "whis-test-XXXXXX", NULL);
  g_close (g_mkstemp (openai_fixture_sound_path), NULL);
  g_file_set_contents (openai_fixture_sound_path, SOUND, -1, &error);
  g_assert_no_error (error);
  status = g_test_run ();
  g_unlink (openai_fixture_sound_path);
  g_free (openai_fixture_sound_path);

  return status;
}
