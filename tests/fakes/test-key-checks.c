/* SPDX-License-Identifier: MIT */

/* How a key is looked at without a transcription. */

#include "service-client.h"

#include <string.h>

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (key_checks); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/key-checks/%s%s", key_checks[i].kind, key_checks[i].path);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_key_check);
    }
  g_test_add_func ("/key-checks/elevenlabs/restricted", test_restricted);
  g_test_add_func ("/key-checks/open-addresses", test_open_addresses);

  return g_test_run ();
}
