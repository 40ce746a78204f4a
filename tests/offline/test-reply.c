/* SPDX-License-Identifier: MIT */
#include "reply.h"

#include <string.h>

#include "exchange.h"
#include "offline-error.h"

/* A server that answers each request in the way that the test wants, and its client. */
typedef struct
{
  GSocketService *service;
  SoupServer *server;
  SoupSession *session;
  char *address;
  void (*reply) (SoupServerMessage *message, gpointer data);
  gpointer data;
} Fixture;

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  Fixture *fixture = data;

  fixture->reply (message, fixture->data);
}

static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             Fixture *fixture)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);

  return soup_server_accept_iostream (fixture->server, G_IO_STREAM (connection), local, remote,
                                      NULL);
}

/* The server listens as that of the recogniser does: libsoup 3.2 loses the sockets that it accepts
 * by itself. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketAddress) loopback = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, on_request, fixture, NULL);
  fixture->service = g_socket_service_new ();
  g_signal_connect (fixture->service, "incoming", G_CALLBACK (on_incoming), fixture);
  g_socket_listener_add_address (G_SOCKET_LISTENER (fixture->service), loopback,
                                 G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &address,
                                 &error);
  g_assert_no_error (error);
  fixture->address = g_strdup_printf (
      "http://127.0.0.1:%u/", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  fixture->session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  soup_session_abort (fixture->session);
  g_assert_finalize_object (fixture->session);
  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  g_object_unref (fixture->service);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  g_free (fixture->address);
}

static Exchange *
ask (Fixture *fixture, void (*reply) (SoupServerMessage *message, gpointer data), gpointer data)
{
  Exchange *exchange =
      exchange_start (fixture->session, soup_message_new ("GET", fixture->address));

  fixture->reply = reply;
  fixture->data = data;
  exchange_await (exchange);

  return exchange;
}

/* --- failures --------------------------------------------------------------------------------- */

typedef struct
{
  const char *param;
  GError *error;
} Failure;

static void
reply_with_failure (SoupServerMessage *message, gpointer data)
{
  const Failure *failure = data;

  whis_reply_with_failure (message, failure->param, failure->error);
}

/* A client decides by status and code whether to ask again, to choose another model, or to tell
 * the user to fetch one. */
static void
test_failures (Fixture *fixture, gconstpointer unused)
{
  static const struct
  {
    int code;
    guint status;
    const char *name;
    const char *param;
    const char *type;
  } cases[] = {
    { WHIS_OFFLINE_ERROR_MISSING, 503, "model_missing", NULL, "server_error" },
    { WHIS_OFFLINE_ERROR_MODEL, 503, "model_missing", NULL, "server_error" },
    { WHIS_OFFLINE_ERROR_UNDECODABLE, 400, "invalid_audio", "file", "invalid_request_error" },
    { WHIS_OFFLINE_ERROR_TOO_LONG, 413, "audio_too_long", "file", "invalid_request_error" },
    { WHIS_OFFLINE_ERROR_RECOGNITION, 500, NULL, NULL, "server_error" },
    { WHIS_OFFLINE_ERROR_REQUEST, 400, "invalid_value", NULL, "invalid_request_error" },
    { WHIS_OFFLINE_ERROR_NO_MODEL, 404, "model_not_found", "model", "invalid_request_error" },
    { WHIS_OFFLINE_ERROR_LANGUAGE, 400, "unsupported_language", "language",
      "invalid_request_error" },
    { WHIS_OFFLINE_ERROR_SOCKET, 500, NULL, NULL, "server_error" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error =
          g_error_new_literal (WHIS_OFFLINE_ERROR, cases[i].code, "It is “so”.");
      Failure failure = { NULL, error };
      g_autoptr (Exchange) exchange = ask (fixture, reply_with_failure, &failure);
      g_autoptr (JsonObject) answer = exchange_dup_object (exchange);
      JsonObject *told = json_object_get_object_member (answer, "error");

      g_test_message ("error %d", cases[i].code);
      g_assert_cmpuint (exchange_get_status (exchange), ==, cases[i].status);
      g_assert_cmpstr (json_object_get_string_member (told, "message"), ==, "It is “so”.");
      g_assert_cmpstr (json_object_get_string_member (told, "code"), ==, cases[i].name);
      g_assert_cmpstr (json_object_get_string_member (told, "param"), ==, cases[i].param);
      g_assert_cmpstr (json_object_get_string_member (told, "type"), ==, cases[i].type);
    }
}

/* An error of a library is one of the server, and the same number in another domain is no error of
 * ours. */
static void
test_foreign_failure (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error =
      g_error_new_literal (G_IO_ERROR, WHIS_OFFLINE_ERROR_NO_MODEL, "Disk is gone");
  Failure failure = { NULL, error };
  g_autoptr (Exchange) exchange = ask (fixture, reply_with_failure, &failure);
  g_autoptr (JsonObject) answer = exchange_dup_object (exchange);

  g_assert_cmpuint (exchange_get_status (exchange), ==, 500);
  g_assert_null (
      json_object_get_string_member (json_object_get_object_member (answer, "error"), "code"));
}

/* Where the field is known it goes before what the error usually is about. */
static void
test_named_param (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error =
      g_error_new_literal (WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_UNDECODABLE, "No.");
  Failure failure = { "temperature", error };
  g_autoptr (Exchange) exchange = ask (fixture, reply_with_failure, &failure);
  g_autoptr (JsonObject) answer = exchange_dup_object (exchange);

  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (answer, "error"), "param"), ==,
      "temperature");
}

/* --- transcripts ------------------------------------------------------------------------------ */

typedef struct
{
  WhisTranscript *transcript;
  WhisAnswerFormat format;
  gboolean wants_words;
} Answer;

static void
reply_with_transcript (SoupServerMessage *message, gpointer data)
{
  const Answer *answer = data;

  whis_reply_with_transcript (message, answer->transcript, answer->format, answer->wants_words);
}

static WhisTranscript *
make_transcript (void)
{
  WhisTranscript *transcript = whis_transcript_new (4250);
  WhisSegment *first = whis_segment_new (100, 1250, " He said: \"Grüße\"");
  WhisSegment *second = whis_segment_new (1250, 4250, "\\n.");

  whis_segment_add_word (first, 100, 400, "He");
  whis_segment_add_word (first, 400, 1250, "said: \"Grüße\"");
  whis_segment_add_word (second, 1250, 4250, "\\n.");
  first->is_measured = TRUE;
  first->average_logprob = -0.25;
  first->no_speech_probability = 0.125;
  first->compression_ratio = 1.5;
  first->temperature = 0.2;
  transcript->language = g_strdup ("de");
  transcript->n_removed = 3;
  whis_transcript_take (transcript, first);
  whis_transcript_take (transcript, second);

  return transcript;
}

#define TEXT "He said: \"Grüße\"\\n."

static void
test_text (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (WhisTranscript) transcript = make_transcript ();
  g_autoptr (WhisTranscript) empty = whis_transcript_new (1000);
  Answer answer = { transcript, WHIS_ANSWER_TEXT, TRUE };
  Answer nothing = { empty, WHIS_ANSWER_TEXT, TRUE };
  g_autoptr (Exchange) exchange = ask (fixture, reply_with_transcript, &answer);
  g_autoptr (Exchange) silence = ask (fixture, reply_with_transcript, &nothing);
  SoupMessageHeaders *headers = soup_message_get_response_headers (exchange->message);

  g_assert_cmpuint (exchange_get_status (exchange), ==, 200);
  g_assert_cmpstr (soup_message_headers_get_one (headers, "Content-Type"), ==,
                   "text/plain; charset=utf-8");
  g_assert_cmpmem (g_bytes_get_data (exchange->body, NULL), g_bytes_get_size (exchange->body),
                   TEXT "\n", strlen (TEXT "\n"));
  g_assert_cmpmem (g_bytes_get_data (silence->body, NULL), g_bytes_get_size (silence->body), "\n",
                   1);
}

/* Plain JSON has the text and what is billed, and nothing that a strict client does not know. */
static void
test_json (Fixture *fixture, gconstpointer unused)
{
  static const char *const unwanted[] = { "words", "segments", "language", "duration", "task" };
  g_autoptr (WhisTranscript) transcript = make_transcript ();
  Answer answer = { transcript, WHIS_ANSWER_JSON, TRUE };
  g_autoptr (Exchange) exchange = ask (fixture, reply_with_transcript, &answer);
  g_autoptr (JsonObject) object = exchange_dup_object (exchange);

  g_assert_cmpstr (json_object_get_string_member (object, "text"), ==, TEXT);
  g_assert_true (json_object_has_member (object, "usage"));
  for (gsize i = 0; i < G_N_ELEMENTS (unwanted); i++)
    g_assert_false (json_object_has_member (object, unwanted[i]));
}

static void
test_verbose (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (WhisTranscript) transcript = make_transcript ();
  Answer answer = { transcript, WHIS_ANSWER_VERBOSE_JSON, FALSE };
  g_autoptr (Exchange) exchange = ask (fixture, reply_with_transcript, &answer);
  g_autoptr (JsonObject) object = exchange_dup_object (exchange);
  JsonArray *segments = json_object_get_array_member (object, "segments");
  JsonObject *first = json_array_get_object_element (segments, 0);
  JsonObject *second = json_array_get_object_element (segments, 1);

  g_assert_cmpstr (json_object_get_string_member (object, "task"), ==, "transcribe");
  g_assert_cmpstr (json_object_get_string_member (object, "language"), ==, "de");
  g_assert_cmpfloat (json_object_get_double_member (object, "duration"), ==, 4.25);
  g_assert_cmpint (json_object_get_int_member (object, "removed_segments"), ==, 3);
  g_assert_false (json_object_has_member (object, "words"));
  g_assert_cmpuint (json_array_get_length (segments), ==, 2);
  g_assert_cmpint (json_object_get_int_member (second, "id"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (first, "start"), ==, 0.1);
  g_assert_cmpfloat (json_object_get_double_member (first, "end"), ==, 1.25);
  g_assert_cmpstr (json_object_get_string_member (second, "text"), ==, "\\n.");
  g_assert_cmpfloat (json_object_get_double_member (first, "avg_logprob"), ==, -0.25);
  g_assert_cmpfloat (json_object_get_double_member (first, "no_speech_prob"), ==, 0.125);
  g_assert_cmpfloat (json_object_get_double_member (first, "compression_ratio"), ==, 1.5);
  g_assert_cmpfloat (json_object_get_double_member (first, "temperature"), ==, 0.2);
  /* What was not measured is not told as nought. */
  g_assert_false (json_object_has_member (second, "avg_logprob"));
  g_assert_false (json_object_has_member (second, "no_speech_prob"));
}

static void
test_words (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (WhisTranscript) transcript = make_transcript ();
  Answer answer = { transcript, WHIS_ANSWER_VERBOSE_JSON, TRUE };
  g_autoptr (Exchange) exchange = ask (fixture, reply_with_transcript, &answer);
  g_autoptr (JsonObject) object = exchange_dup_object (exchange);
  JsonArray *words = json_object_get_array_member (object, "words");
  JsonObject *second = json_array_get_object_element (words, 1);
  JsonObject *third = json_array_get_object_element (words, 2);

  g_assert_cmpuint (json_array_get_length (words), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (second, "word"), ==, "said: \"Grüße\"");
  g_assert_cmpfloat (json_object_get_double_member (second, "end"), ==, 1.25);
  g_assert_cmpfloat (json_object_get_double_member (third, "start"), ==, 1.25);
}

/* A list of some of the words would look like all of them. */
static void
test_words_of_some (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (WhisTranscript) transcript = make_transcript ();
  Answer answer = { transcript, WHIS_ANSWER_VERBOSE_JSON, TRUE };
  g_autoptr (Exchange) exchange = NULL;
  g_autoptr (JsonObject) object = NULL;

  whis_transcript_take (transcript, whis_segment_new (4250, 4250, " without times"));
  exchange = ask (fixture, reply_with_transcript, &answer);
  object = exchange_dup_object (exchange);
  g_assert_false (json_object_has_member (object, "words"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "segments")), ==,
                    3);
}

/* Nothing was said: the members are there and empty, and the language is not known. */
static void
test_silence (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (WhisTranscript) transcript = whis_transcript_new (0);
  Answer answer = { transcript, WHIS_ANSWER_VERBOSE_JSON, TRUE };
  g_autoptr (Exchange) exchange = ask (fixture, reply_with_transcript, &answer);
  g_autoptr (JsonObject) object = exchange_dup_object (exchange);

  g_assert_cmpuint (exchange_get_status (exchange), ==, 200);
  g_assert_cmpstr (json_object_get_string_member (object, "text"), ==, "");
  g_assert_true (json_object_get_null_member (object, "language"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "segments")), ==,
                    0);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "words")), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add ("/offline/reply/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("failures", test_failures);
  ADD ("failures/foreign", test_foreign_failure);
  ADD ("failures/named-param", test_named_param);
  ADD ("text", test_text);
  ADD ("json", test_json);
  ADD ("verbose", test_verbose);
  ADD ("words", test_words);
  ADD ("words-of-some", test_words_of_some);
  ADD ("silence", test_silence);

  return g_test_run ();
}
