/* SPDX-License-Identifier: MIT */

/* Transcripts as server-sent events. */

#include "service-client.h"

#include <string.h>

#define SENTENCE "Grüße aus Köln. Bis bald!"
#define DELTA(text) "data: {\"type\":\"transcript.text.delta\",\"delta\":\"" text "\"}\n\n"

static const ServiceAsk asks[] = {
  { .fields = "model=gpt-transcribe\nstream=true" },
  { .fields = "model=voxtral-mini-latest\nstream=true" },
  { .fields = "model=Systran/faster-whisper-small\nstream=true" },
};

static ServiceReply *
ask (const char *kind, const ServiceAsk *request, const char *failure)
{
  g_autoptr (TestService) service = test_service_new (kind);
  g_autoptr (GBytes) sound = g_bytes_new_static ("\xff\xfb\x90\x64", 4);
  ServiceAsk with_sound = *request;
  ServiceReply *reply;

  with_sound.sound = sound;
  test_service_set_text (service, SENTENCE);
  if (failure != NULL)
    test_service_fail_next (service, failure);
  reply = service_client_ask (service, kind, &with_sound);
  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  g_assert_cmpstr (reply->type, ==, "text/event-stream; charset=utf-8");

  return reply;
}

static void
test_openai (void)
{
  g_autoptr (ServiceReply) reply = ask ("openai", &asks[0], NULL);

  g_assert_true (g_str_has_prefix (reply->body, DELTA ("Grüße") DELTA (" aus")));
  g_assert_nonnull (strstr (reply->body, "\"transcript.text.done\",\"text\":\"" SENTENCE "\""));
  g_assert_true (g_str_has_suffix (reply->body, "}\n\ndata: [DONE]\n\n"));
}

static void
test_failures (void)
{
  g_autoptr (ServiceReply) crlf = ask ("openai", &asks[0], "stream-crlf");
  g_autoptr (ServiceReply) comments = ask ("openai", &asks[0], "stream-comments");
  g_autoptr (ServiceReply) endless = ask ("openai", &asks[0], "stream-without-end");
  g_autoptr (ServiceReply) undone = ask ("openai", &asks[0], "stream-without-done");
  g_autoptr (ServiceReply) failed = ask ("openai", &asks[0], "stream-error");

  g_assert_nonnull (strstr (crlf->body, "}\r\n\r\ndata: "));
  g_assert_nonnull (strstr (comments->body, "}\n\n: ping\n\ndata: "));
  g_assert_null (strstr (endless->body, "[DONE]"));
  g_assert_nonnull (strstr (endless->body, "text.done"));
  g_assert_nonnull (strstr (undone->body, "[DONE]"));
  g_assert_null (strstr (undone->body, "text.done"));
  g_assert_nonnull (strstr (failed->body, DELTA ("Grüße")));
  g_assert_true (
      g_str_has_suffix (failed->body, "\"server_error\",\"param\":null,\"code\":null}}\n\n"));
}

static void
test_mistral (void)
{
  g_autoptr (ServiceReply) reply = ask ("mistral", &asks[1], NULL);

  g_assert_true (g_str_has_prefix (reply->body, "event: transcription.language\ndata: {\"type\":"
                                                "\"transcription.language\","));
  g_assert_nonnull (strstr (reply->body, "event: transcription.done\n"));
  g_assert_null (strstr (reply->body, "[DONE]"));
}

static void
test_speaches (void)
{
  g_autoptr (ServiceReply) reply = ask ("speaches", &asks[2], NULL);

  g_assert_nonnull (strstr (reply->body, "\"delta\":\"Grüße aus Köln.\""));
  g_assert_nonnull (strstr (reply->body, "\"delta\":\" Bis bald!\""));
  g_assert_null (strstr (reply->body, "[DONE]"));
}

/* What comes at a time ends anywhere, in the middle of a character too. */
static void
test_pieces (void)
{
  g_autoptr (TestService) service = test_service_new ("openai");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (SoupMessage) message = service_client_message (service, "openai", &asks[0]);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) body = soup_session_send (session, message, NULL, &error);
  char bytes[4096];
  gssize n_read;

  g_assert_no_error (error);
  while ((n_read = g_input_stream_read (body, bytes, sizeof bytes, NULL, &error)) > 0)
    g_assert_cmpint (n_read, <=, 7);
  g_assert_no_error (error);
}

/* whisper-1 does not stream, whatever it is told. */
static void
test_whisper (void)
{
  g_autoptr (TestService) service = test_service_new ("openai");
  g_autoptr (ServiceReply) reply = service_client_ask (
      service, "openai", &(ServiceAsk){ .fields = "model=whisper-1\nstream=true" });

  g_assert_cmpstr (reply->type, ==, "application/json");
  g_assert_nonnull (strstr (reply->body, "hello"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/streams/openai", test_openai);
  g_test_add_func ("/streams/failures", test_failures);
  g_test_add_func ("/streams/mistral", test_mistral);
  g_test_add_func ("/streams/speaches", test_speaches);
  g_test_add_func ("/streams/pieces", test_pieces);
  g_test_add_func ("/streams/whisper", test_whisper);

  return g_test_run ();
}
