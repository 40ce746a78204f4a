/* SPDX-License-Identifier: MIT */
#include "key-check.h"

#include <string.h>

#include "service-error.h"
#include "sound-request.h"
#include "service.h"

typedef struct
{
  TestService *server;
  WhisBackend *backend;
  GAsyncResult *result;
  GMainLoop *loop;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->server = test_service_new_scripted ();
  fixture->backend = whis_backend_new (whis_provider_lookup ("custom"),
                                       test_service_get_url (fixture->server), NULL, &error);
  g_assert_no_error (error);
  fixture->loop = g_main_loop_new (NULL, FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->backend);
  g_main_loop_unref (fixture->loop);
  test_service_free (fixture->server);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  g_set_object (&fixture->result, result);
  g_main_loop_quit (fixture->loop);
}

static WhisTranscription *
transcribe (Fixture *fixture, GError **error)
{
  g_autoptr (GBytes) sound = g_bytes_new_static ("sound", 5);
  g_autoptr (WhisSpeechRequest) request = memory_request_new (sound, WHIS_SOUND_FORMAT_MP3, 1000);

  whis_backend_transcribe_async (fixture->backend, request, NULL, keep_result, fixture);
  g_main_loop_run (fixture->loop);

  return whis_backend_transcribe_finish (fixture->backend, fixture->result, error);
}

static const TestPlan portal = { .type = "text/html", .body = "<html>Welcome to the hotel</html>" };

static void
test_portal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  test_service_plan (fixture->server, &portal);
  g_assert_null (transcribe (fixture, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_BAD_ANSWER);
  g_assert_nonnull (strstr (error->message, "Sign in"));
  g_assert_null (strstr (error->message, "hotel"));
}

/* The page of a hotel does not accept keys, though it comes with status 200. */
static void
test_portal_and_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) list_error = NULL;
  WhisKeyVerdict verdict;
  char *sentence;

  test_service_set_default (fixture->server, &portal);
  whis_backend_check_key_async (fixture->backend, "a-key", NULL, keep_result, fixture);
  g_main_loop_run (fixture->loop);
  g_assert_false (whis_backend_check_key_finish (fixture->backend, fixture->result, &verdict,
                                                 &sentence, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_BAD_ANSWER);

  whis_backend_list_models_async (fixture->backend, "a-key", NULL, keep_result, fixture);
  g_main_loop_run (fixture->loop);
  g_assert_null (whis_backend_list_models_finish (fixture->backend, fixture->result, &list_error));
  g_assert_nonnull (strstr (list_error->message, "Sign in"));
}

/* That nobody said anything is no failure. */
static void
test_empty_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) transcription = NULL;

  test_service_plan (fixture->server, &(TestPlan){ .body = "{\"text\":\"\"}" });
  transcription = transcribe (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "");
}

/* So short that the service refuses it: nothing was said in it. */
static void
test_too_short_is_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) transcription = NULL;

  test_service_plan (
      fixture->server,
      &(TestPlan){
          .status = 400,
          .body = "{\"error\":{\"message\":\"Audio file is too short. Minimum audio length is 0.1 "
                  "seconds.\",\"type\":\"invalid_request_error\",\"param\":\"file\",\"code\":"
                  "\"audio_too_short\"}}" });
  transcription = transcribe (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "");
}

/* A certificate that nobody vouches for: the user gets to know what is wrong with it. */
static void
test_certificate (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = g_test_build_filename (G_TEST_DIST, "speech", "self-signed.pem", NULL);
  Fixture fixture = { .server = test_service_new_scripted_tls (pem),
                      .loop = g_main_loop_new (NULL, FALSE) };

  fixture.backend = whis_backend_new (whis_provider_lookup ("custom"),
                                      test_service_get_url (fixture.server), NULL, &error);
  g_assert_no_error (error);
  g_assert_null (transcribe (&fixture, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TLS);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "(its certificate "));
  tear_down (&fixture, NULL);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/backend-answers/portal", test_portal);
  ADD ("/backend-answers/portal-and-key", test_portal_and_key);
  ADD ("/backend-answers/empty-text", test_empty_text);
  ADD ("/backend-answers/too-short-is-empty", test_too_short_is_empty);
  g_test_add_func ("/backend-answers/certificate", test_certificate);

  return g_test_run ();
}
