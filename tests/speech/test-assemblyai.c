/* SPDX-License-Identifier: MIT */
#include "assemblyai-answer.h"
#include "ask.h"
#include "http-backend.h"
#include "service.h"
#include "service-error.h"
#include "sound-request.h"

#include <string.h>

#define KEY "0123456789abcdef0123456789abcdef"
#define SOUND "mp3 frames"
#define SAMPLES "16 kHz samples"

#define LONG_MS (10 * 60 * 1000)

/* Stands in for the one of the audio room. */
static void
decode_async (GBytes *mp3, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_assert_cmpmem (g_bytes_get_data (mp3, NULL), g_bytes_get_size (mp3), SOUND, strlen (SOUND));
  g_task_return_pointer (task, g_bytes_new_static (SAMPLES, strlen (SAMPLES)),
                         (GDestroyNotify) g_bytes_unref);
}

static void
fail_to_decode_async (GBytes *mp3,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "no frame");
}

static GBytes *
decode_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Letters for the service to hear, and a second of silence. */
static void
pad_async (GBytes *mp3, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  GByteArray *samples = g_bytes_unref_to_array (g_bytes_ref (mp3));
  guint size = samples->len;

  g_byte_array_set_size (samples, size + 32000);
  memset (samples->data + size, 0, 32000);
  g_task_return_pointer (task, g_byte_array_free_to_bytes (samples),
                         (GDestroyNotify) g_bytes_unref);
}

static const WhisSoundConverter converter = { decode_async, decode_finish };
static const WhisSoundConverter broken_converter = { fail_to_decode_async, decode_finish };
static const WhisSoundConverter padding_converter = { pad_async, decode_finish };

static WhisBackend *
make_backend (TestService *server)
{
  WhisBackend *backend = ask_new ("assemblyai", test_service_get_url (server));

  whis_backend_set_converter (backend, &converter);

  return backend;
}

static WhisSpeechRequest *
make_request (guint64 duration_ms)
{
  WhisSpeechRequest *request = ask_make_request (SOUND, KEY);

  request->duration_ms = duration_ms;

  return request;
}

static void
plan (TestService *server, const char *body)
{
  test_service_plan (server, &(TestPlan){ .body = body });
}

static void
assert_asked (const TestServiceRequest *request, const char *method, const char *path)
{
  g_assert_cmpstr (request->method, ==, method);
  g_assert_cmpstr (request->path, ==, path);
  g_assert_cmpstr (soup_message_headers_get_one (request->headers, "Authorization"), ==, KEY);
}

static void
assert_body (const TestServiceRequest *request, const char *type, const void *body, gsize size)
{
  g_assert_cmpstr (soup_message_headers_get_content_type (request->headers, NULL), ==, type);
  g_assert_cmpmem (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body), body,
                   size);
}

/* A part of the form that was sent, whose head says what @disposition and @type say. */
static GBytes *
get_part (const TestServiceRequest *request, int index, const char *disposition, const char *type)
{
  g_autoptr (SoupMultipart) form =
      soup_multipart_new_from_message (request->headers, request->body);
  SoupMessageHeaders *headers;
  GBytes *body;

  g_assert_nonnull (form);
  g_assert_cmpint (soup_multipart_get_length (form), ==, 2);
  g_assert_true (soup_multipart_get_part (form, index, &headers, &body));
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Content-Disposition"), ==, disposition);
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Content-Type"), ==, type);

  return g_bytes_ref (body);
}

static char *
get_config (const TestServiceRequest *request)
{
  g_autoptr (GBytes) config =
      get_part (request, 1, "form-data; name=\"config\"", "application/json");
  gsize size;
  const char *data = g_bytes_get_data (config, &size);

  return g_strndup (data, size);
}

static void
assert_wav (const TestServiceRequest *request)
{
  static const char head[] = "RIFF\x32\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0"
                             "\x10\0data\x0e\0\0\0" SAMPLES;
  g_autoptr (GBytes) wav =
      get_part (request, 0, "form-data; name=\"audio\"; filename=\"audio.wav\"", "audio/wav");

  g_assert_cmpmem (g_bytes_get_data (wav, NULL), g_bytes_get_size (wav), head, sizeof head - 1);
}

static void
assert_word (GPtrArray *times, guint index, guint64 start_ms, guint64 end_ms, const char *text)
{
  const WhisTimedText *word = g_ptr_array_index (times, index);

  g_assert_cmpuint (word->start_ms, ==, start_ms);
  g_assert_cmpuint (word->end_ms, ==, end_ms);
  g_assert_cmpstr (word->text, ==, text);
}

static void
test_at_once (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = make_request (119000);
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *config = NULL;
  const TestServiceRequest *arrived;

  whis_speech_request_set_language (request, "de-CH");
  whis_speech_request_set_prompt (request, "Über \"Züge\"");
  whis_speech_request_set_vocabulary (request, (const char *const[]){ "Quillara", "Whis", NULL });
  whis_speech_request_set_wants_times (request, TRUE);
  plan (server, "{\"text\":\"Hello you\",\"words\":[{\"text\":\"Hello\",\"start\":120,\"end\":480,"
                "\"confidence\":0.98},{\"text\":\"you\",\"start\":480.6,\"end\":600}],"
                "\"confidence\":0.97,\"audio_duration_ms\":2100,\"session_id\":\"s\","
                "\"request_time_ms\":131.2}");
  transcription = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "Hello you");
  g_assert_cmpuint (transcription->times->len, ==, 2);
  assert_word (transcription->times, 0, 120, 480, "Hello");
  assert_word (transcription->times, 1, 481, 600, "you");

  g_assert_cmpuint (test_service_get_n_requests (server), ==, 1);
  arrived = test_service_get_request (server, 0);
  assert_asked (arrived, "POST", "/v1/transcribe");
  g_assert_cmpstr (soup_message_headers_get_one (arrived->headers, "X-AAI-Model"), ==,
                   "universal-3-5-pro");
  assert_wav (arrived);
  config = get_config (arrived);
  g_assert_cmpstr (config, ==,
                   "{\"language_codes\":[\"de\"],\"prompt\":\"Über \\\"Züge\\\"\","
                   "\"keyterms_prompt\":[\"Quillara\",\"Whis\"],\"timestamps\":true}");
  ask_free (backend);
}

static void
test_plain (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = make_request (1000);
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *config = NULL;

  plan (server, "{\"text\":\"\"}");
  transcription = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "");
  config = get_config (test_service_get_request (server, 0));
  g_assert_cmpstr (config, ==, "{\"timestamps\":false}");
  ask_free (backend);
}

/* More than the service takes is refused as a whole, so that it is not sent. */
static void
test_limits (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = make_request (1000);
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autofree char *prompt = g_strnfill (4095, 'p');
  g_autofree char *longer = g_strconcat (prompt, "üq", NULL);
  g_autofree char *half = g_strnfill (1024, 'h');
  g_autofree char *most = g_strnfill (1023, 'm');
  const char *const words[] = { half, half + 1, most, "t", "u", NULL };
  g_autofree char *config = NULL;
  g_autofree char *expected = NULL;

  whis_speech_request_set_prompt (request, longer);
  whis_speech_request_set_vocabulary (request, words);
  plan (server, "{\"text\":\"x\"}");
  transcription = ask_transcribe (backend, request, NULL);
  g_assert_nonnull (transcription);
  config = get_config (test_service_get_request (server, 0));
  expected = g_strdup_printf ("{\"prompt\":\"%sü\",\"keyterms_prompt\":[\"%s\",\"%s\",\"t\"],"
                              "\"timestamps\":false}",
                              prompt, half, half + 1);
  g_assert_cmpstr (config, ==, expected);
  ask_free (backend);
}

static void
plan_job (TestService *server)
{
  plan (server, "{\"upload_url\":\"https://cdn.example/upload/1\"}");
  plan (server, "{\"id\":\"5551722-f677_48a6\",\"status\":\"queued\"}");
}

static void
test_long (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = make_request (119001);
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autoptr (GError) error = NULL;
  static const char order[] =
      "{\"audio_url\":\"https://cdn.example/upload/1\","
      "\"speech_models\":[\"universal-3-5-pro\",\"universal-2\"],\"language_detection\":true,"
      "\"punctuate\":true,\"format_text\":true,\"keyterms_prompt\":[\"Whis\"]}";

  whis_speech_request_set_prompt (request, "This endpoint has none.");
  whis_speech_request_set_vocabulary (request, (const char *const[]){ "Whis", NULL });
  plan_job (server);
  plan (server, "{\"id\":\"other\",\"status\":\"processing\",\"text\":null}");
  plan (server, "{\"id\":\"x\",\"status\":\"completed\",\"text\":\"Long.\",\"error\":null,"
                "\"language_code\":\"en_us\",\"audio_duration\":130,"
                "\"words\":[{\"text\":\"Long.\",\"start\":250,\"end\":650,\"speaker\":null}]}");
  transcription = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "Long.");
  g_assert_cmpstr (transcription->language, ==, "en_us");
  g_assert_cmpuint (transcription->times->len, ==, 1);
  assert_word (transcription->times, 0, 250, 650, "Long.");

  g_assert_cmpuint (test_service_get_n_requests (server), ==, 4);
  assert_asked (test_service_get_request (server, 0), "POST", "/v2/upload");
  assert_body (test_service_get_request (server, 0), "application/octet-stream", SOUND,
               strlen (SOUND));
  assert_asked (test_service_get_request (server, 1), "POST", "/v2/transcript");
  assert_body (test_service_get_request (server, 1), "application/json", order, strlen (order));
  for (guint i = 2; i < 4; i++)
    assert_asked (test_service_get_request (server, i), "GET", "/v2/transcript/5551722-f677_48a6");
  ask_free (backend);
}

/* A model that the endpoint for short sound does not have takes the long way always. */
static void
test_other_model (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = make_request (1000);
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autoptr (GError) error = NULL;
  static const char order[] =
      "{\"audio_url\":\"https://cdn.example/upload/1\",\"speech_models\":[\"universal-2\"],"
      "\"language_code\":\"pt\",\"punctuate\":true,\"format_text\":true}";

  whis_speech_request_set_model (request, "universal-2");
  whis_speech_request_set_language (request, "pt");
  whis_speech_request_set_vocabulary (request, (const char *const[]){ "Whis", NULL });
  plan_job (server);
  plan (server, "{\"status\":\"completed\",\"text\":null}");
  transcription = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "");
  assert_body (test_service_get_request (server, 1), "application/json", order, strlen (order));
  ask_free (backend);
}

/* A recording whose length is not what it says does not blow up in memory. */
static void
test_larger_than_it_says (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autofree char *sound = g_strnfill (1200 * 1024, 's');
  g_autoptr (GBytes) bytes = g_bytes_new (sound, 1200 * 1024);
  g_autoptr (WhisSpeechRequest) request = memory_request_new (bytes, WHIS_SOUND_FORMAT_MP3, 1000);
  g_autoptr (WhisTranscription) transcription = NULL;

  whis_speech_request_set_key (request, KEY);
  plan_job (server);
  plan (server, "{\"status\":\"completed\",\"text\":\"x\"}");
  transcription = ask_transcribe (backend, request, NULL);
  g_assert_nonnull (transcription);
  assert_asked (test_service_get_request (server, 0), "POST", "/v2/upload");
  ask_free (backend);
}

/* A host for a region may lack the endpoint for short sound. */
static void
test_no_sync_there (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = make_request (1000);
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autoptr (GError) error = NULL;
  const TestServiceRequest *upload;

  test_service_plan (server, &(TestPlan){ .status = 404, .body = "{\"detail\":\"Not Found\"}" });
  plan_job (server);
  plan (server, "{\"status\":\"completed\",\"text\":\"After all.\"}");
  transcription = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "After all.");
  upload = test_service_get_request (server, 1);
  assert_asked (upload, "POST", "/v2/upload");
  g_assert_cmpuint (g_bytes_get_size (upload->body), ==, 44 + strlen (SAMPLES));
  ask_free (backend);
}

typedef struct
{
  const char *state;
  WhisServiceError code;
  gboolean is_retryable;
  const char *says;
} JobFailure;

static const JobFailure job_failures[] = {
  { "{\"status\":\"error\",\"error\":\"Transcoding failed. File does not appear to contain audio. "
    "File type is text/plain.\"}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "Transcoding failed" },
  { "{\"status\":\"error\",\"error\":\"Server error, developers have been alerted.\"}",
    WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE, "developers" },
  { "{\"status\":\"error\",\"error\":\"Key " KEY " is odd\"}", WHIS_SERVICE_ERROR_UNSUPPORTED,
    FALSE, "is odd" },
  { "{\"status\":\"error\"}", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE, "AssemblyAI" },
  { "{\"status\":\"thinking\"}", WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE, "no text" },
  { "{\"status\":\"comple", WHIS_SERVICE_ERROR_BAD_ANSWER, TRUE, "broken" },
  { "<html>Log in</html>", WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE, "web page" },
  { "[]", WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE, "no text" },
  { "", WHIS_SERVICE_ERROR_BAD_ANSWER, TRUE, "empty" },
};

static void
test_job_failures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (job_failures); i++)
    {
      const char *state = job_failures[i].state;
      g_autoptr (GError) error = NULL;
      gboolean is_waiting;
      WhisTranscription *none = whis_assemblyai_answer_parse ("AssemblyAI", state, strlen (state),
                                                              KEY, &is_waiting, &error);

      g_assert_null (none);
      g_assert_false (is_waiting);
      g_assert_error (error, WHIS_SERVICE_ERROR, (int) job_failures[i].code);
      g_assert_cmpint (whis_service_error_is_retryable (error), ==, job_failures[i].is_retryable);
      g_assert_nonnull (strstr (error->message, job_failures[i].says));
      g_assert_null (strstr (error->message, KEY));
    }
}

/* What is too short, or has no words in it, is no failure. */
static void
test_nothing_said (void)
{
  static const char *const states[] = {
    "{\"status\":\"error\",\"error\":\"Audio duration is too short.\"}",
    "{\"status\":\"error\",\"error\":\"language_detection cannot be performed on files with no "
    "spoken audio.\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend = make_backend (server);
      g_autoptr (WhisSpeechRequest) request = make_request (LONG_MS);
      g_autoptr (WhisTranscription) transcription = NULL;
      g_autoptr (GError) error = NULL;

      plan_job (server);
      plan (server, states[i]);
      transcription = ask_transcribe (backend, request, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (transcription->text, ==, "");
      ask_free (backend);
    }
}

typedef struct
{
  TestPlan plan;
  WhisServiceError code;
  gboolean is_retryable;
  const char *says;
} Refusal;

static const Refusal refusals[] = {
  { { .status = 400, .body = "{\"error_code\":\"bad_audio\",\"message\":\"Not a WAV\"}" },
    WHIS_SERVICE_ERROR_UNSUPPORTED,
    FALSE,
    "Not a WAV" },
  { { .status = 401, .body = "{\"error\":\"Authentication error, API token missing/invalid.\"}" },
    WHIS_SERVICE_ERROR_WRONG_KEY,
    FALSE,
    "token missing" },
  { { .status = 413, .body = "{\"error_code\":\"audio_too_large\",\"message\":\"Too big\"}" },
    WHIS_SERVICE_ERROR_TOO_LARGE,
    FALSE,
    "Too big" },
  { { .status = 415, .body = "{\"detail\":\"unsupported_media_type\"}" },
    WHIS_SERVICE_ERROR_UNSUPPORTED,
    FALSE,
    "media" },
  { { .status = 429, .header = "Retry-After: 1", .body = "{\"detail\":\"Slow down\"}" },
    WHIS_SERVICE_ERROR_RATE_LIMIT,
    TRUE,
    "1 second." },
  { { .status = 503,
      .header = "Retry-After: 1",
      .body = "{\"status\":503,\"title\":\"capacity_exceeded\",\"detail\":\"At capacity\"}" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "At capacity" },
  { { .status = 504, .body = "{\"error_code\":\"inference_timeout\",\"message\":\"Late\"}" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "Late" },
  { { .status = 500, .type = "text/html", .body = "<html></html>" },
    WHIS_SERVICE_ERROR_SERVICE_DOWN,
    TRUE,
    "AssemblyAI" },
  { { .body = "{\"text\":\"cut o" }, WHIS_SERVICE_ERROR_BAD_ANSWER, TRUE, "broken" },
  { { .trick = TEST_TRICK_RESET }, WHIS_SERVICE_ERROR_NETWORK, TRUE, "127.0.0.1" },
};

static void
test_refusals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend = make_backend (server);
      g_autoptr (WhisSpeechRequest) request = make_request (1000);
      g_autoptr (WhisTranscription) none = NULL;
      g_autoptr (GError) error = NULL;

      test_service_plan (server, &refusals[i].plan);
      none = ask_transcribe (backend, request, &error);
      g_assert_null (none);
      g_assert_error (error, WHIS_SERVICE_ERROR, (int) refusals[i].code);
      g_assert_cmpint (whis_service_error_is_retryable (error), ==, refusals[i].is_retryable);
      g_assert_nonnull (strstr (error->message, refusals[i].says));
      g_assert_cmpuint (test_service_get_n_requests (server), ==, 1);
      ask_free (backend);
    }
}

/* Each step of a job may be refused, and none is asked for twice. */
static void
test_refused_on_the_way (void)
{
  for (guint step = 0; step < 3; step++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend = make_backend (server);
      g_autoptr (WhisSpeechRequest) request = make_request (LONG_MS);
      g_autoptr (WhisTranscription) none = NULL;
      g_autoptr (GError) error = NULL;

      if (step > 0)
        plan (server, "{\"upload_url\":\"https://cdn.example/upload/1\"}");
      if (step > 1)
        plan (server, "{\"id\":\"1\",\"status\":\"queued\"}");
      test_service_plan (server, &(TestPlan){ .status = 401, .body = "{\"error\":\"no\"}" });
      none = ask_transcribe (backend, request, &error);
      g_assert_null (none);
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_WRONG_KEY);
      g_assert_cmpuint (test_service_get_n_requests (server), ==, step + 1);
      ask_free (backend);
    }
}

/* A hiccup while a job is asked after does not make the whole be uploaded and paid again. */
static void
test_hiccup (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = make_request (LONG_MS);
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autoptr (GError) error = NULL;

  plan_job (server);
  test_service_plan (server, &(TestPlan){ .status = 500, .body = "{\"error\":\"Internal\"}" });
  plan (server, "{\"status\":\"completed\",\"text\":\"After all.\"}");
  transcription = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "After all.");
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 4);
  ask_free (backend);
}

static const char *const bad_orders[] = {
  "{\"id\":\"\",\"status\":\"queued\"}",
  "{\"id\":\"../upload\",\"status\":\"queued\"}",
  "{\"id\":\"@evil.example/\",\"status\":\"queued\"}",
  "{\"id\":\"1?x=y\",\"status\":\"queued\"}",
  "{\"id\":\"1%2f2\",\"status\":\"queued\"}",
  "{\"id\":\"1\\r\\nX-Evil: 1\",\"status\":\"queued\"}",
  "{\"id\":17,\"status\":\"queued\"}",
  "{\"status\":\"queued\"}",
};

/* What the service says about where to go next leads the key nowhere. */
static void
test_bad_ids (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_orders); i++)
    {
      g_autoptr (TestService) server = test_service_new_scripted ();
      WhisBackend *backend = make_backend (server);
      g_autoptr (WhisSpeechRequest) request = make_request (LONG_MS);
      g_autoptr (WhisTranscription) none = NULL;
      g_autoptr (GError) error = NULL;

      plan (server, "{\"upload_url\":\"https://cdn.example/upload/1\"}");
      plan (server, bad_orders[i]);
      none = ask_transcribe (backend, request, &error);
      g_assert_null (none);
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_BAD_ANSWER);
      g_assert_cmpuint (test_service_get_n_requests (server), ==, 2);
      ask_free (backend);
    }
}

static void
test_no_upload_url (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = make_request (LONG_MS);
  g_autoptr (WhisTranscription) none = NULL;
  g_autoptr (GError) error = NULL;

  plan (server, "{\"upload_url\":null}");
  none = ask_transcribe (backend, request, &error);
  g_assert_null (none);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_BAD_ANSWER);
  ask_free (backend);
}

/* What is asked next when a job that is begun @ago_ms ago gets this for an answer. */
static WhisHttpRequest *
ask_after (WhisBackend *backend, guint64 ago_ms, guint pause_ms, guint status, GError **error)
{
  static const char state[] = "{\"id\":\"1\",\"status\":\"processing\"}";
  g_autoptr (WhisSpeechRequest) request = make_request (LONG_MS);
  g_autoptr (WhisHttpRequest) asked =
      whis_http_request_new ("GET", "http://127.0.0.1/v2/transcript/1");
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_autoptr (GBytes) body = g_bytes_new_static (state, strlen (state));
  WhisHttpJob job = { .request = request,
                      .model = "universal-2",
                      .begun_us = g_get_monotonic_time () - (gint64) ago_ms * 1000 };
  WhisHttpResponse reply = { status, headers, body };
  WhisHttpRequest *next = NULL;

  soup_message_headers_append (headers, "Retry-After", "7");
  asked->pause_ms = pause_ms;
  g_assert_null (WHIS_HTTP_BACKEND_GET_CLASS (backend)->read (WHIS_HTTP_BACKEND (backend), &job,
                                                              asked, &reply, &next, error));

  return next != NULL ? whis_http_backend_follow (WHIS_HTTP_BACKEND (backend), &job, next, error)
                      : NULL;
}

static void
test_patience (void)
{
  WhisBackend *backend = ask_new ("assemblyai", "http://127.0.0.1:9");
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisHttpRequest) soon = ask_after (backend, 0, 500, 200, &error);
  g_autoptr (WhisHttpRequest) later = ask_after (backend, LONG_MS * 3 / 2, 3000, 200, &error);
  g_autoptr (WhisHttpRequest) never = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (soon->pause_ms, ==, 1000);
  g_assert_cmpuint (later->pause_ms, ==, 3000);
  g_assert_cmpstr (later->url, ==, "http://127.0.0.1/v2/transcript/1");
  never = ask_after (backend, 2 * LONG_MS + 1000, 3000, 200, &error);
  g_assert_null (never);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TIMEOUT);
  ask_free (backend);
}

/* The service says how long to wait, and does not keep us waiting for ever. */
static void
test_patience_with_trouble (void)
{
  WhisBackend *backend = ask_new ("assemblyai", "http://127.0.0.1:9");
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisHttpRequest) told = ask_after (backend, 0, 500, 429, &error);
  g_autoptr (WhisHttpRequest) later = ask_after (backend, 0, 12000, 503, &error);
  g_autoptr (WhisHttpRequest) never = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (told->pause_ms, ==, 7000);
  g_assert_cmpuint (later->pause_ms, ==, 24000);
  never = ask_after (backend, 0, 24000, 503, &error);
  g_assert_null (never);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_SERVICE_DOWN);
  ask_free (backend);
}

/* A question that would follow at once, and one that carries sound. */
static void
test_least_pause (void)
{
  WhisBackend *backend = ask_new ("deepgram", "http://127.0.0.1:9");
  g_autoptr (WhisSpeechRequest) request = make_request (1000);
  g_autoptr (GBytes) sound = g_bytes_new_static (SOUND, strlen (SOUND));
  WhisHttpJob job = { .request = request, .begun_us = g_get_monotonic_time () };
  g_autoptr (WhisHttpRequest) poll = whis_http_request_new ("GET", "http://127.0.0.1/job");
  g_autoptr (WhisHttpRequest) upload = whis_http_request_new ("POST", "http://127.0.0.1/upload");

  whis_http_request_set_body (upload, "audio/mpeg", sound);
  poll = whis_http_backend_follow (WHIS_HTTP_BACKEND (backend), &job, poll, NULL);
  upload = whis_http_backend_follow (WHIS_HTTP_BACKEND (backend), &job, upload, NULL);
  g_assert_cmpuint (poll->pause_ms, >=, 500);
  g_assert_cmpuint (upload->pause_ms, ==, 0);
  ask_free (backend);
}

/* The endpoint that answers at once does not. A job that it names is asked after like any other,
 * and an unnamed one not at all. */
static void
test_queued_at_once (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = make_request (1000);
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autoptr (WhisTranscription) none = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();

  plan (server, "{\"id\":\"77\",\"status\":\"queued\"}");
  plan (server, "{\"id\":\"77\",\"status\":\"queued\"}");
  plan (server, "{\"id\":\"77\",\"status\":\"completed\",\"text\":\"After all.\"}");
  test_service_set_default (server, &(TestPlan){ .body = "{\"status\":\"queued\"}" });
  transcription = ask_transcribe (backend, request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (transcription->text, ==, "After all.");
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 3);
  assert_asked (test_service_get_request (server, 1), "GET", "/v2/transcript/77");
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 1500 * 1000);

  none = ask_transcribe (backend, request, &error);
  g_assert_null (none);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_SERVICE_DOWN);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 4);
  ask_free (backend);
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

static void
test_cancelled_while_waiting (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = make_request (LONG_MS);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  plan_job (server);
  test_service_set_default (server, &(TestPlan){ .body = "{\"status\":\"processing\"}" });
  whis_backend_transcribe_async (backend, request, cancellable, take_result, &result);
  test_service_wait_requests (server, 3);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (whis_backend_transcribe_finish (backend, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 3);
  g_clear_object (&result);
  ask_free (backend);
}

static void
test_undecodable (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (WhisSpeechRequest) request = make_request (1000);
  g_autoptr (WhisTranscription) none = NULL;
  g_autoptr (GError) error = NULL;

  whis_backend_set_converter (backend, &broken_converter);
  none = ask_transcribe (backend, request, &error);
  g_assert_null (none);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_FILE);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 0);
  ask_free (backend);
}

static void
test_check_key (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autofree char *accepted = NULL;
  g_autofree char *refused = NULL;
  WhisKeyVerdict verdict;

  plan (server, "{\"page_details\":{\"limit\":1},\"transcripts\":[]}");
  g_assert_true (ask_check_key (backend, KEY, &verdict, &accepted, NULL));
  g_assert_cmpint (verdict, ==, WHIS_KEY_OK);
  assert_asked (test_service_get_request (server, 0), "GET", "/v2/transcript");
  g_assert_cmpstr (test_service_get_request (server, 0)->query, ==, "limit=1");
  test_service_plan (server, &(TestPlan){ .status = 401,
                                          .body = "{\"error\":\"Authentication error, API token "
                                                  "missing/invalid.\"}" });
  g_assert_true (ask_check_key (backend, KEY, &verdict, &refused, NULL));
  g_assert_cmpint (verdict, ==, WHIS_KEY_WRONG);
  ask_free (backend);
}

static void
test_models (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models = ask_list_models (backend, KEY, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (models->len, ==, 2);
  g_assert_cmpuint (test_service_get_n_requests (server), ==, 0);
  ask_free (backend);
}

/* Sound goes to two hosts of the service, so people see the domain of both. */
static void
test_host (void)
{
  WhisBackend *backend = ask_new ("assemblyai", NULL);
  WhisBackend *region = ask_new ("assemblyai", "https://api.eu.assemblyai.com");

  g_assert_cmpstr (whis_backend_get_host (backend), ==, "assemblyai.com");
  g_assert_cmpstr (whis_backend_get_host (region), ==, "api.eu.assemblyai.com");
  ask_free (backend);
  ask_free (region);
}

static void
test_warm_up (void)
{
  g_autoptr (TestService) server = test_service_new_scripted ();
  WhisBackend *backend = make_backend (server);
  const TestServiceRequest *arrived;

  whis_backend_warm_up (backend, NULL);
  test_service_wait_requests (server, 1);
  arrived = test_service_get_request (server, 0);
  g_assert_cmpstr (arrived->path, ==, "/v1/warm");
  g_assert_null (soup_message_headers_get_one (arrived->headers, "Authorization"));
  ask_free (backend);
}

/* What the service hears of @duration_ms when it is asked for all that it can do. */
static WhisTranscription *
ask_service (TestService *service, guint64 duration_ms, GError **error)
{
  WhisBackend *backend = ask_new ("assemblyai", test_service_get_url (service));
  g_autofree char *key = test_service_dup_key (service);
  g_autoptr (WhisSpeechRequest) request = ask_make_request (SOUND, key);
  g_autofree char *prompt = g_strnfill (5000, 'p');
  WhisTranscription *transcription;

  whis_backend_set_converter (backend, &padding_converter);
  request->duration_ms = duration_ms;
  whis_speech_request_set_language (request, "de");
  whis_speech_request_set_prompt (request, prompt);
  whis_speech_request_set_vocabulary (request, (const char *const[]){ "Whis", prompt, NULL });
  whis_speech_request_set_wants_times (request, TRUE);
  transcription = ask_transcribe (backend, request, error);
  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  ask_free (backend);

  return transcription;
}

static void
test_strict (void)
{
  static const guint64 durations[] = { 1000, LONG_MS };

  for (gsize i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      g_autoptr (TestService) service = test_service_new ("assemblyai");
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) transcription = ask_service (service, durations[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (transcription->text, ==, SOUND);
      g_assert_cmpuint (transcription->times->len, ==, 2);
    }
}

typedef struct
{
  const char *failure;
  guint64 duration_ms;
  /* NULL when it fails */
  const char *text;
  int code;
} Trouble;

static const Trouble troubles[] = {
  { "empty-text", 1000, "" },
  { "other-answer", 1000, SOUND },
  { "too-short", 1000, "" },
  { "job-too-short", LONG_MS, "" },
  { "job-language", LONG_MS, "" },
  { "poll-down", LONG_MS, SOUND },
  { "wrong-key", 1000, NULL, WHIS_SERVICE_ERROR_WRONG_KEY },
  { "other-shape", 1000, NULL, WHIS_SERVICE_ERROR_WRONG_KEY },
  { "no-money", LONG_MS, NULL, WHIS_SERVICE_ERROR_CREDIT },
  { "other-shape-money", 1000, NULL, WHIS_SERVICE_ERROR_CREDIT },
  { "unknown-model", 1000, NULL, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { "unsupported-language", 1000, NULL, WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE },
  { "truncated", 1000, NULL, WHIS_SERVICE_ERROR_BAD_ANSWER },
  { "captive-portal", 1000, NULL, WHIS_SERVICE_ERROR_BAD_ANSWER },
  { "captive-redirect", LONG_MS, NULL, WHIS_SERVICE_ERROR_REDIRECT },
  { "overloaded", 1000, NULL, WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "gateway-timeout", 1000, NULL, WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "rate-limit", 1000, NULL, WHIS_SERVICE_ERROR_RATE_LIMIT },
  { "too-large", 1000, NULL, WHIS_SERVICE_ERROR_TOO_LARGE },
  { "upload-down", LONG_MS, NULL, WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "upload-reset", LONG_MS, NULL, WHIS_SERVICE_ERROR_NETWORK },
  { "job-broken-file", LONG_MS, NULL, WHIS_SERVICE_ERROR_UNSUPPORTED },
};

static void
test_troubles (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      g_autoptr (TestService) service = test_service_new ("assemblyai");
      g_autoptr (WhisTranscription) transcription = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", troubles[i].failure);
      test_service_fail_next (service, troubles[i].failure);
      transcription = ask_service (service, troubles[i].duration_ms, &error);
      g_assert_cmpstr (transcription != NULL ? transcription->text : NULL, ==, troubles[i].text);
      if (troubles[i].text == NULL)
        g_assert_error (error, WHIS_SERVICE_ERROR, troubles[i].code);
      else
        g_assert_no_error (error);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assemblyai/at-once", test_at_once);
  g_test_add_func ("/assemblyai/plain", test_plain);
  g_test_add_func ("/assemblyai/limits", test_limits);
  g_test_add_func ("/assemblyai/long", test_long);
  g_test_add_func ("/assemblyai/other-model", test_other_model);
  g_test_add_func ("/assemblyai/larger-than-it-says", test_larger_than_it_says);
  g_test_add_func ("/assemblyai/no-sync-there", test_no_sync_there);
  g_test_add_func ("/assemblyai/job-failures", test_job_failures);
  g_test_add_func ("/assemblyai/nothing-said", test_nothing_said);
  g_test_add_func ("/assemblyai/refusals", test_refusals);
  g_test_add_func ("/assemblyai/refused-on-the-way", test_refused_on_the_way);
  g_test_add_func ("/assemblyai/hiccup", test_hiccup);
  g_test_add_func ("/assemblyai/bad-ids", test_bad_ids);
  g_test_add_func ("/assemblyai/no-upload-url", test_no_upload_url);
  g_test_add_func ("/assemblyai/patience", test_patience);
  g_test_add_func ("/assemblyai/patience-with-trouble", test_patience_with_trouble);
  g_test_add_func ("/assemblyai/least-pause", test_least_pause);
  g_test_add_func ("/assemblyai/queued-at-once", test_queued_at_once);
  g_test_add_func ("/assemblyai/cancelled-while-waiting", test_cancelled_while_waiting);
  g_test_add_func ("/assemblyai/undecodable", test_undecodable);
  g_test_add_func ("/assemblyai/check-key", test_check_key);
  g_test_add_func ("/assemblyai/models", test_models);
  g_test_add_func ("/assemblyai/host", test_host);
  g_test_add_func ("/assemblyai/warm-up", test_warm_up);
  g_test_add_func ("/assemblyai/strict", test_strict);
  g_test_add_func ("/assemblyai/troubles", test_troubles);

  return g_test_run ();
}
