/* SPDX-License-Identifier: MIT */

/* The sounds that AssemblyAI takes at once, and the jobs for others. */

#include "service-client.h"

#include <json-glib/json-glib.h>
#include <string.h>

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assemblyai/wav", test_wav);
  g_test_add_func ("/assemblyai/job", test_job);
  g_test_add_func ("/assemblyai/failed-job", test_failed_job);
  g_test_add_func ("/assemblyai/job-without-language", test_job_without_language);
  g_test_add_func ("/assemblyai/job-stages", test_job_stages);

  return g_test_run ();
}
