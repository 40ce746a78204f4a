/* SPDX-License-Identifier: MIT */

/* Deepgram, AssemblyAI and Gemini, and how a key is looked at without a transcription. */

#include "service-client.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define INPUT "\"input\":[{\"type\":\"audio\",\"mime_type\":\"audio/flac\",\"data\":\"%data%\"}]"
#define GEMINI(config)                                                                             \
  "{\"model\":\"gemini-3.5-transcribe\",\"store\":false," INPUT                                    \
  ",\"generation_config\":{\"transcription_config\":" config "}}"

static const struct
{
  const char *kind;
  const char *name;
  ServiceAsk ask;
  guint status;
  /* part of the answer, and of the complaint; NULL for none */
  const char *says;
  const char *complains;
} cases[] = {
  { "deepgram",
    "detected",
    { .query = "model=nova-3&detect_language=true" },
    200,
    "\"detected_language\":\"de\"",
    NULL },
  { "deepgram",
    "words",
    { .query = "model=nova-3&language=multi" },
    200,
    "\"words\":[{\"word\":\"hello\",\"start\":0.000,\"end\":2.000",
    NULL },
  { "deepgram", "english-assumed", { .query = "model=nova-3" }, 200, TEST_SERVICE_GARBLE, NULL },
  { "deepgram",
    "not-detected",
    { .query = "model=nova-3&detect_language=false" },
    200,
    TEST_SERVICE_GARBLE,
    NULL },
  { "deepgram", "no-model", { .query = "language=de" }, 200, "hello", "base-general" },
  { "deepgram",
    "unknown-option",
    { .query = "model=nova-3&language=de&prompt=x" },
    200,
    "hello",
    "unknown option prompt" },
  { "deepgram",
    "keyterms",
    { .query = "model=nova-3&language=de&keyterm=Whis&keyterm=two%20words" },
    200,
    "hello",
    NULL },
  { "deepgram",
    "keywords",
    { .query = "model=nova-3&language=de&keywords=x" },
    400,
    "nova-3",
    "keywords" },
  { "deepgram",
    "switch",
    { .query = "model=nova-3&language=de&smart_format=yes" },
    400,
    "Bad Request",
    "smart_format=yes" },
  { "deepgram",
    "twice",
    { .query = "model=nova-3&language=de&language=en" },
    400,
    "Bad Request",
    "language twice" },
  { "deepgram",
    "language",
    { .query = "model=nova-3&language=xx" },
    400,
    "No such model/language",
    "xx" },
  { "deepgram",
    "type",
    { .file_type = "application/json" },
    400,
    "failed to process audio: corrupt or unsupported data",
    "application/json" },
  { "deepgram",
    "form",
    { .file_type = "multipart/form-data; boundary=B" },
    400,
    "failed to process audio",
    "multipart/form-data" },

  { "assemblyai",
    "words",
    { 0 },
    200,
    "\"words\":[{\"text\":\"hello\",\"start\":0,\"end\":100",
    NULL },
  { "assemblyai", "no-words", { .json = "{}" }, 200, "\"text\":\"hello\",\"confidence\"", NULL },
  { "assemblyai",
    "config",
    { .json = "{\"language\":\"de\"}" },
    400,
    "bad_request",
    "unknown member language" },
  { "assemblyai",
    "language",
    { .json = "{\"language_codes\":\"de\"}" },
    400,
    "bad_request",
    "language_codes" },
  { "assemblyai", "no-json", { .json = "timestamps" }, 400, "bad_request", "no JSON object" },
  { "assemblyai",
    "type",
    { .file_type = "audio/mpeg" },
    415,
    "unsupported_media_type",
    "audio/mpeg" },
  { "assemblyai",
    "pcm",
    { .file_type = "audio/pcm", .json = "{\"sample_rate\":16000,\"channels\":1}" },
    200,
    "text",
    NULL },
  { "assemblyai",
    "pcm-without-rate",
    { .file_type = "audio/pcm", .json = "{}" },
    400,
    "sample_rate",
    "sample_rate" },
  { "assemblyai", "no-model", { .headers = "X-Other: 1" }, 400, "Unknown model", "X-AAI-Model" },

  { "gemini",
    "plain",
    { .json = GEMINI ("{\"language_codes\":[\"de-DE\"]}") },
    200,
    "\"text\":\"hello\"}",
    NULL },
  { "gemini",
    "words",
    { .json = GEMINI ("{\"mode\":{\"type\":\"verbatim\","
                      "\"timestamp_granularities\":[\"word\"]}}") },
    200,
    "{\"type\":\"word_info\",\"text\":\"hello\",\"start_offset\":\"0.000s\",\"end_offset\":"
    "\"2.000s\"}",
    NULL },
  { "gemini",
    "smart",
    { .json = GEMINI ("{\"mode\":\"smart\",\"custom_vocabulary\":[\"Whis\"]}") },
    200,
    "hello",
    NULL },
  { "gemini",
    "smart-words",
    { .json = GEMINI ("{\"mode\":{\"type\":\"smart\","
                      "\"timestamp_granularities\":[\"word\"]}}") },
    400,
    "INVALID_ARGUMENT",
    "smart" },
  { "gemini",
    "vocabulary-and-words",
    { .json = GEMINI ("{\"custom_vocabulary\":[\"Whis\"],\"mode\":{\"type\":\"verbatim\","
                      "\"timestamp_granularities\":[\"word\"]}}") },
    400,
    "custom_vocabulary is incompatible with timestamps.",
    "custom_vocabulary" },
  { "gemini",
    "prompt",
    { .json = GEMINI ("{\"prompt\":\"x\"}") },
    400,
    "Unknown parameter 'prompt'",
    "prompt" },
  { "gemini",
    "stored",
    { .json = "{\"model\":\"gemini-3.5-transcribe\"," INPUT "}" },
    200,
    "hello",
    "store" },
  { "gemini", "revision", { .headers = "X-Other: 1" }, 200, "hello", "Api-Revision" },
  { "gemini",
    "model",
    { .json = "{\"model\":\"gemini-2\",\"store\":false," INPUT "}" },
    404,
    "models/gemini-2 is not found",
    "gemini-2" },
  { "gemini",
    "base64",
    { .json = "{\"model\":\"gemini-3.5-transcribe\",\"store\":false,\"input\":[{\"type\":\"audio\","
              "\"mime_type\":\"audio/flac\",\"data\":\"aGVsbG8\"}]}" },
    400,
    "Base64",
    "Base64" },
  { "gemini",
    "mime-type",
    { .json = "{\"model\":\"gemini-3.5-transcribe\",\"store\":false,\"input\":[{\"type\":\"audio\","
              "\"mime_type\":\"audio/x-wav\",\"data\":\"aGVsbG8=\"}]}" },
    400,
    "Unsupported MIME type: audio/x-wav",
    "audio/x-wav" },
  { "gemini", "no-json", { .json = "[]" }, 400, "Invalid JSON payload", "JSON" },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (TestService) service = test_service_new (cases[i].kind);
  g_autoptr (ServiceReply) reply = service_client_ask (service, cases[i].kind, &cases[i].ask);

  g_test_message ("%s", reply->body);
  g_assert_cmpuint (reply->status, ==, cases[i].status);
  g_assert_nonnull (strstr (reply->body, cases[i].says));
  if (cases[i].complains == NULL)
    g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  else
    g_assert_nonnull (strstr (test_service_get_complaint (service), cases[i].complains));
}

/* What a key of each sort is told at the address where keys are looked at. */
static const struct
{
  const char *kind;
  const char *path;
  const char *query;
  const char *says;
  guint restricted;
  guint wrong;
} key_checks[] = {
  { "openai", "/v1/models", NULL, "\"shutdown_date\":\"2027-02-26\"", 403, 401 },
  { "groq", "/openai/v1/models", NULL, "whisper-large-v3-turbo", 403, 401 },
  { "mistral", "/v1/models", NULL, "voxtral", 403, 401 },
  { "azure", "/openai/models", "api-version=2024-10-21", "whisper-001", 403, 401 },
  { "speaches", "/v1/models", NULL, "Systran", 200, 403 },
  { "localai", "/v1/models", NULL, "whisper-1", 200, 401 },
  { "ollama", "/v1/models", NULL, "gemma4", 200, 401 },
  { "deepgram", "/v1/auth/token", NULL, "scopes", 200, 401 },
  { "deepgram", "/v1/projects", NULL, "projects", 403, 401 },
  { "elevenlabs", "/v1/user", NULL, "subscription", 401, 401 },
  { "assemblyai", "/v2/transcript", "limit=1", "transcripts", 200, 401 },
  { "gemini", "/v1beta/models", NULL, "models/gemini-3.5-transcribe", 403, 400 },
};

static guint
ask_with_key (gsize i, const char *key)
{
  g_autoptr (TestService) service = test_service_new (key_checks[i].kind);
  const ServiceAsk ask = { .method = "GET",
                           .path = key_checks[i].path,
                           .query = key_checks[i].query };
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (SoupMessage) message = NULL;
  g_autofree char *right = test_service_dup_key (service);
  g_autoptr (ServiceReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  /* the message has the key that is right when it is made */
  if (key != NULL)
    test_service_set_key (
        service, g_str_equal (key, "restricted") ? test_service_get_restricted_key (service) : key);
  message = service_client_message (service, key_checks[i].kind, &ask);
  if (key != NULL)
    test_service_set_key (service, right);
  reply = service_client_send (session, message, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  g_assert_cmpint (reply->status == 200, ==, strstr (reply->body, key_checks[i].says) != NULL);

  return reply->status;
}

static void
test_key_check (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  g_assert_cmpuint (ask_with_key (i, NULL), ==, 200);
  g_assert_cmpuint (ask_with_key (i, "restricted"), ==, key_checks[i].restricted);
  g_assert_cmpuint (ask_with_key (i, "some-other-key"), ==, key_checks[i].wrong);
}

/* A restricted key transcribes all the same, and its refusal elsewhere names the permission. */
static void
test_restricted (void)
{
  g_autoptr (TestService) service = test_service_new ("elevenlabs");
  g_autofree char *line =
      g_strconcat ("xi-api-key: ", test_service_get_restricted_key (service), NULL);
  const ServiceAsk transcribe = { .headers = line, .no_key = TRUE };
  const ServiceAsk look = { .method = "GET", .path = "/v1/user", .headers = line, .no_key = TRUE };
  g_autoptr (ServiceReply) text = service_client_ask (service, "elevenlabs", &transcribe);
  g_autoptr (ServiceReply) user = service_client_ask (service, "elevenlabs", &look);

  g_assert_cmpuint (text->status, ==, 200);
  g_assert_nonnull (strstr (user->body, "\"status\":\"missing_permissions\""));
}

static void
test_open_addresses (void)
{
  g_autoptr (TestService) whisper = test_service_new ("whisper-cpp");
  g_autoptr (TestService) ollama = test_service_new ("ollama");
  const ServiceAsk health = { .method = "GET", .path = "/health" };
  const ServiceAsk version = { .method = "GET", .path = "/api/version" };
  g_autoptr (ServiceReply) is_well = service_client_ask (whisper, "whisper-cpp", &health);
  g_autoptr (ServiceReply) is_ollama = service_client_ask (ollama, "ollama", &version);

  g_assert_cmpstr (is_well->body, ==, "{\"status\":\"ok\"}");
  g_assert_cmpstr (soup_message_headers_get_one (is_well->headers, "Keep-Alive"), ==,
                   "timeout=5, max=100");
  g_assert_nonnull (strstr (is_ollama->body, "version"));
}

/* WAV files that AssemblyAI does not take. */
static void
assert_wav (guint ms, guint bits, guint status, const char *says)
{
  g_autoptr (TestService) service = test_service_new ("assemblyai");
  g_autoptr (GBytes) wav = service_client_wav ("hello", ms);
  gsize size;
  guint8 *bytes = g_bytes_unref_to_data (g_steal_pointer (&wav), &size);
  g_autoptr (ServiceReply) reply = NULL;

  bytes[34] = (guint8) bits;
  wav = g_bytes_new_take (bytes, size);
  reply = service_client_ask (service, "assemblyai", &(ServiceAsk){ .sound = wav });
  g_assert_cmpuint (reply->status, ==, status);
  g_assert_nonnull (strstr (reply->body, says));
}

static void
test_wav (void)
{
  assert_wav (80, 16, 200, "hello");
  assert_wav (79, 16, 400, "audio_too_short");
  assert_wav (120000, 16, 200, "hello");
  assert_wav (120001, 16, 400, "bad_audio");
  assert_wav (1000, 24, 415, "unsupported_media_type");
}

static ServiceReply *
send_bytes (TestService *service, const char *path, const char *type, const char *body)
{
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (SoupMessage) message =
      service_client_message (service, "assemblyai", &(ServiceAsk){ .path = path });
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GError) error = NULL;
  ServiceReply *reply;

  soup_message_set_request_body_from_bytes (message, type, bytes);
  reply = service_client_send (session, message, &error);
  g_assert_no_error (error);

  return reply;
}

static char *
get_member (ServiceReply *reply, const char *name)
{
  g_autoptr (JsonNode) node = json_from_string (reply->body, NULL);

  return g_strdup (json_object_get_string_member (json_node_get_object (node), name));
}

/* The path of a new job. */
static char *
start_job (TestService *service, const char *more)
{
  g_autoptr (ServiceReply) upload =
      send_bytes (service, "/v2/upload", "application/octet-stream", "hello");
  g_autofree char *url = get_member (upload, "upload_url");
  g_autofree char *json = g_strdup_printf (
      "{\"audio_url\":\"%s\",\"speech_models\":[\"universal-3-5-pro\",\"universal-2\"]%s}", url,
      more);
  g_autoptr (ServiceReply) start = send_bytes (service, "/v2/transcript", "application/json", json);
  g_autofree char *id = get_member (start, "id");

  g_assert_nonnull (strstr (start->body, "\"status\":\"queued\""));

  return g_strconcat ("/v2/transcript/", id, NULL);
}

static void
assert_poll (TestService *service, const char *path, const char *says)
{
  g_autoptr (ServiceReply) reply =
      service_client_ask (service, "assemblyai", &(ServiceAsk){ .method = "GET", .path = path });

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (reply->body, says));
}

static void
test_job (void)
{
  g_autoptr (TestService) service = test_service_new ("assemblyai");
  g_autofree char *path = start_job (service, ",\"language_detection\":true");

  assert_poll (service, path, "\"status\":\"queued\"");
  assert_poll (service, path, "\"status\":\"processing\"");
  assert_poll (service, path, "\"text\":\"hello\"");
  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  g_assert_cmpuint (test_service_get_n_sounds (service), ==, 1);
}

static void
test_failed_job (void)
{
  g_autoptr (TestService) service = test_service_new ("assemblyai");
  g_autofree char *path = NULL;

  test_service_fail_next (service, "job-too-short");
  path = start_job (service, ",\"language_code\":\"de\"");
  assert_poll (service, path, "queued");
  assert_poll (service, path, "processing");
  assert_poll (service, path,
               "\"status\":\"error\",\"text\":null,\"words\":null,\"error\":\"Audio "
               "duration is too short.\"");
}

static void
test_job_without_language (void)
{
  g_autoptr (TestService) service = test_service_new ("assemblyai");
  g_autofree char *path = start_job (service, "");

  assert_poll (service, path, "queued");
  assert_poll (service, path, "processing");
  assert_poll (service, path, TEST_SERVICE_GARBLE);
}

static void
test_job_stages (void)
{
  g_autoptr (TestService) service = test_service_new ("assemblyai");
  g_autofree char *path = NULL;
  g_autoptr (ServiceReply) upload = NULL;
  g_autoptr (ServiceReply) poll = NULL;
  g_autoptr (ServiceReply) foreign = NULL;

  test_service_fail_next (service, "upload-down");
  upload = send_bytes (service, "/v2/upload", "application/octet-stream", "hello");
  g_assert_cmpuint (upload->status, ==, 500);

  path = start_job (service, "");
  test_service_fail_next (service, "poll-rate-limit");
  poll = service_client_ask (service, "assemblyai", &(ServiceAsk){ .method = "GET", .path = path });
  g_assert_cmpuint (poll->status, ==, 429);
  assert_poll (service, path, "queued");

  foreign = send_bytes (service, "/v2/transcript", "application/json",
                        "{\"audio_url\":\"https://example.org/a\",\"speech_models\":"
                        "[\"universal-2\"]}");
  g_assert_cmpuint (foreign->status, ==, 400);
  g_assert_nonnull (strstr (test_service_get_complaint (service), "audio_url"));
}

static void
test_no_length (void)
{
  g_autoptr (TestService) service = test_service_new ("gemini");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (SoupMessage) message = service_client_message (service, "gemini", &(ServiceAsk){ 0 });
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data ("{}", 2, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ServiceReply) reply = NULL;

  soup_message_set_request_body (message, "application/json", stream, -1);
  reply = service_client_send (session, message, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, 411);
}

static void
add_tables (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/apis/%s/%s", cases[i].kind, cases[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (key_checks); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/apis/%s/key%s", key_checks[i].kind, key_checks[i].path);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_key_check);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_tables ();
  g_test_add_func ("/apis/elevenlabs/restricted", test_restricted);
  g_test_add_func ("/apis/open", test_open_addresses);
  g_test_add_func ("/apis/assemblyai/wav", test_wav);
  g_test_add_func ("/apis/assemblyai/job", test_job);
  g_test_add_func ("/apis/assemblyai/failed-job", test_failed_job);
  g_test_add_func ("/apis/assemblyai/job-without-language", test_job_without_language);
  g_test_add_func ("/apis/assemblyai/job-stages", test_job_stages);
  g_test_add_func ("/apis/gemini/no-length", test_no_length);

  return g_test_run ();
}
