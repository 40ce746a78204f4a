/* SPDX-License-Identifier: MIT */
#include "answer.h"
#include "error-body.h"
#include "redact.h"
#include "service-error.h"

#include <string.h>

typedef struct
{
  const char *type;
  const char *body;
  const char *text;
} Case;

static const Case good[] = {
  { "application/json", "{\"text\":\"Hello.\"}", "Hello." },
  { "application/json", "{\"text\":\" Hello. \",\"x_groq\":{\"id\":\"r\"}}", "Hello." },
  { "application/json", "{\"text\":\"\"}", "" },
  { "application/json", "{\"text\":\"  \\n\"}", "" },
  { "application/json", "{\"text\":\"line one\\nline two\\n\"}", "line one line two" },
  { "application/json", "{\"text\":\"今天\\n天气\"}", "今天天气" },
  { "application/json", "{\"text\":\" …so quickly\\n. I have un\\nless\\n\"}",
    "…so quickly. I have unless" },
  { "application/json", "{\"text\":\"a\\u001b[31mb\\u0007\"}", "a [31mb" },
  { "application/json", "{\"text\":\"x\",\"logprobs\":null,\"usage\":null}", "x" },
  { "application/json", "\xEF\xBB\xBF\n{\"text\":\"bom\"}", "bom" },
  { NULL, "{\"text\":\"no type\"}", "no type" },
  { "text/html", "{\"text\":\"wrong type\"}", "wrong type" },
  { "text/plain; charset=utf-8", "Just text.\n", "Just text." },
  { "text/plain", "{\"text\":\"json after all\"}", "json after all" },
  { "text/plain", "caf\xE9 and more", "caf\uFFFD and more" },
};

static const Case bad[] = {
  { "application/json", "", "empty" },
  { "text/plain", " \n ", "empty" },
  { "application/json", "{\"text\":\"Hel", "broken" },
  { "application/json", "{\"text\":null}", "no text" },
  { "application/json", "{\"text\":5}", "no text" },
  { "application/json", "{\"text\":[\"a\"]}", "no text" },
  { "application/json", "{}", "no text" },
  { "application/json", "[]", "no text" },
  { "application/json", "\"text\"", "no text" },
  { "application/json", "null", "no text" },
  { "application/json", "{\"error\":{\"message\":\"Out of memory\"}}", "Out of memory" },
  { "application/json", "Just text.", "broken" },
  { "text/html", "<!DOCTYPE html><p>Log in</p>", "web page" },
  { "text/plain", "<html></html>", "web page" },
  { "application/json", "{\"text\":\"\xFF", "broken" },
};

/* Lines of whisper.cpp's server, which ends one after 60 characters. */
static const Case raw[] = {
  { "application/json", "{\"text\":\" Quickly\\n. I have\\n\"}", "Quickly. I have" },
  { "application/json",
    "{\"text\":\" he was not an ill\\n-disposed young man\\n, un\\nless to be\"}",
    "he was not an ill-disposed young man, unless to be" },
  { "application/json", "{\"text\":\" One.\\n Two.\\n\"}", "One. Two." },
  { "application/json", "{\"text\":\"今天\\n天气\"}", "今天天气" },
  { "application/json", "{\"text\":\"one\\ntwo\"}", "one two" },
};

static char *
parse (const char *type, const char *body, gsize size, GError **error)
{
  g_autoptr (WhisTranscription) transcription =
      whis_answer_parse ("Service", WHIS_ANSWER_LINES_OF_WORDS, type, body, size, NULL, error);

  return transcription != NULL ? g_strdup (transcription->text) : NULL;
}

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = parse (good[i].type, good[i].body, strlen (good[i].body), &error);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, good[i].text);
    }
}

static void
test_lines_as_they_are (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (raw); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) transcription =
          whis_answer_parse ("Service", WHIS_ANSWER_LINES_AS_THEY_ARE, raw[i].type, raw[i].body,
                             strlen (raw[i].body), NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (transcription->text, ==, raw[i].text);
    }
}

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = parse (bad[i].type, bad[i].body, strlen (bad[i].body), &error);

      g_test_message ("%zu: %s", i, error != NULL ? error->message : text);
      g_assert_null (text);
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_BAD_ANSWER);
      g_assert_nonnull (strstr (error->message, "Service"));
      g_assert_nonnull (strstr (error->message, bad[i].text));
    }
}

/* Versions of json-glib differ in what they make of it; none may end the process. */
static void
test_two_values (void)
{
  static const char *const bodies[] = { "{\"text\":\"one\"}{\"text\":\"two\"}",
                                        "5{\"text\":\"two\"}" };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = parse ("application/json", bodies[i], strlen (bodies[i]), &error);

      g_assert_true ((text == NULL) == (error != NULL));
    }
}

static void
test_text_with_nul (void)
{
  static const char body[] = "one\0two";
  g_autoptr (GError) error = NULL;
  g_autofree char *text = parse ("text/plain", body, sizeof body - 1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "one two");
}

/* "START-END TEXT|…" */
static char *
write_times (const WhisTranscription *transcription)
{
  GString *times = g_string_new (NULL);

  for (guint i = 0; i < transcription->times->len; i++)
    {
      const WhisTimedText *part = g_ptr_array_index (transcription->times, i);

      g_string_append_printf (times, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT " %s",
                              i > 0 ? "|" : "", part->start_ms, part->end_ms, part->text);
    }

  return g_string_free (times, FALSE);
}

static void
test_times (void)
{
  /* body, times, language */
  static const char *const cases[][3] = {
    /* OpenAI, with all the members that nobody needs */
    { "{\"task\":\"transcribe\",\"language\":\"english\",\"duration\":8.47,\"text\":\"The end.\","
      "\"segments\":[{\"id\":0,\"seek\":0,\"start\":0.0,\"end\":3.32,\"text\":\" The end.\","
      "\"tokens\":[50364],\"temperature\":0.0,\"avg_logprob\":-0.286,\"no_speech_prob\":0.0098}],"
      "\"words\":[{\"word\":\"The\",\"start\":0.0,\"end\":0.24},"
      "{\"word\":\"end\",\"start\":0.24,\"end\":1}],\"usage\":{\"type\":\"duration\",\"seconds\":9}"
      "}",
      "0-240 The|240-1000 end", "english" },
    /* Groq */
    { "{\"task\":\"transcribe\",\"language\":\"English\",\"duration\":1,\"text\":\" Hi.\","
      "\"words\":[],\"segments\":[{\"start\":0,\"end\":1.5,\"text\":\" Hi.\"}],"
      "\"x_groq\":{\"id\":\"req_01\"}}",
      "0-1500 Hi.", "English" },
    /* Mistral */
    { "{\"model\":\"voxtral-mini-2602\",\"text\":\"Hi.\",\"language\":null,\"segments\":["
      "{\"type\":\"transcription_segment\",\"text\":\"Hi.\",\"start\":0.3,\"end\":1.9,"
      "\"speaker_id\":null,\"score\":null}],\"finish_reason\":null}",
      "300-1900 Hi.", NULL },
    /* gpt-transcribe */
    { "{\"text\":\"Hei.\",\"languages\":[{\"code\":\"no\"}],\"usage\":null}", "", "no" },
    { "{\"text\":\"Hei.\",\"languages\":[{\"code\":\"no\"},{\"code\":\"da\"}]}", "", NULL },
    { "{\"text\":\"Hei.\",\"languages\":[]}", "", NULL },
    /* whisper.cpp: tokens in place of words */
    { "{\"language\":\"english\",\"detected_language\":\"german\",\"text\":\" Quillara da.\\n "
      "Ja.\\n\","
      "\"segments\":[{\"id\":0,\"text\":\" Quillara da.\",\"start\":0,\"end\":2,\"words\":["
      "{\"word\":\" Qu\",\"start\":0,\"end\":0.2,\"t_dtw\":-1,\"probability\":0.9},"
      "{\"word\":\"illara\",\"start\":0.2,\"end\":0.9},{\"word\":\" da\",\"start\":1,\"end\":1.5},"
      "{\"word\":\".\",\"start\":1.5,\"end\":1.6}]},"
      "{\"id\":1,\"text\":\" Ja.\",\"start\":2,\"end\":3,\"words\":["
      "{\"word\":\" Ja.\",\"start\":2.1,\"end\":3}]}]}",
      "0-900 Quillara|1000-1600 da.|2100-3000 Ja.", "german" },
    /* whisper.cpp: a segment that ends inside a word */
    { "{\"text\":\" Quill\\nara da\\n.\\n\",\"segments\":["
      "{\"text\":\" Quill\",\"words\":[{\"word\":\" Quill\",\"start\":0,\"end\":0.5}]},"
      "{\"text\":\"ara da\",\"words\":[{\"word\":\"ara\",\"start\":0.5,\"end\":0.9},"
      "{\"word\":\" da\",\"start\":1,\"end\":1.5}]},"
      "{\"text\":\".\",\"words\":[{\"word\":\".\",\"start\":1.5,\"end\":1.6}]}]}",
      "0-900 Quillara|1000-1600 da.", NULL },
    /* speaches: words of segments that are whole, nulls */
    { "{\"text\":\"Hi "
      "you\",\"logprobs\":null,\"usage\":null,\"words\":null,\"segments\":[{\"start\":0,"
      "\"end\":2,\"text\":\"Hi you\",\"words\":[{\"word\":\"Hi\",\"start\":0,\"end\":1},"
      "{\"word\":\"you\",\"start\":1,\"end\":2}]}]}",
      "0-1000 Hi|1000-2000 you", NULL },
    /* LocalAI: nanoseconds in old releases, words called text */
    { "{\"text\":\"Hi you\",\"segments\":[{\"start\":0,\"end\":2500000000,\"text\":\"Hi you\"}]}",
      "0-2500 Hi you", NULL },
    { "{\"text\":\"Hi\",\"words\":[{\"text\":\"Hi\",\"start\":0.5,\"end\":1}]}", "500-1000 Hi",
      NULL },
    /* diarized */
    { "{\"text\":\"Hi\",\"segments\":[{\"type\":\"transcript.text.segment\",\"id\":\"seg_001\","
      "\"start\":0,\"end\":1,\"text\":\"Hi\",\"speaker\":\"A\"}]}",
      "0-1000 Hi", NULL },
    /* a word without a place: segments; a segment without one: nothing */
    { "{\"text\":\"Hi you\",\"words\":[{\"word\":\"Hi\",\"start\":0,\"end\":1},{\"word\":\"you\","
      "\"start\":null,\"end\":null}],\"segments\":[{\"start\":0,\"end\":2,\"text\":\"Hi you\"}]}",
      "0-2000 Hi you", NULL },
    { "{\"text\":\"Hi you\",\"segments\":[{\"start\":0,\"end\":1,\"text\":\"Hi\"},"
      "{\"start\":-1,\"end\":1,\"text\":\"you\"},7,null,[]]}",
      "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) transcription =
          whis_answer_parse ("Service", WHIS_ANSWER_LINES_AS_THEY_ARE, "application/json",
                             cases[i][0], strlen (cases[i][0]), NULL, &error);
      g_autofree char *times = NULL;

      g_test_message ("%s", cases[i][0]);
      g_assert_no_error (error);
      times = write_times (transcription);
      g_assert_cmpstr (times, ==, cases[i][1]);
      g_assert_cmpstr (transcription->language, ==, cases[i][2]);
    }
}

/* A server that wants to overflow the parser's stack. */
static void
test_deep (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize n = 1000000;
  g_autofree char *body = g_malloc (n);

  memset (body, '[', n);
  text = parse ("application/json", body, n, &error);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_BAD_ANSWER);
}

/* Every form of error body in use: message, code. */
static const char *const refusals[][3] = {
  { "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":\"c\"}}", "m", "c" },
  { "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":null}}", "m", "t" },
  { "{\"error\":{\"message\":\"m\",\"code\":500}}", "m", NULL },
  { "{\"error\":\"m\"}", "m", NULL },
  { "{\"detail\":{\"status\":\"s\",\"message\":\"m\"}}", "m", "s" },
  { "{\"detail\":\"m\"}", "m", NULL },
  { "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"m\",\"type\":\"t\"}]}", "m", "t" },
  { "{\"object\":\"error\",\"message\":\"m\",\"type\":\"t\",\"code\":\"1500\"}", "m", "1500" },
  { "{\"err_code\":\"C\",\"err_msg\":\"m\"}", "m", NULL },
  { "{\"title\":\"m\",\"status\":400}", "m", "m" },
  { "[{\"error\":{\"message\":\"m\",\"status\":\"S\"}}]", "m", "S" },
  { "Invalid request", "Invalid request", NULL },
  { "500 Internal Server Error\nstof", "500 Internal Server Error stof", NULL },
  { "<html><h1>502</h1></html>", NULL, NULL },
  { "{\"error\":{\"message\":\"<html>x</html>\"}}", NULL, NULL },
  { "{\"error\":", "{\"error\":", NULL },
  { "{}", NULL, NULL },
  { "[]", NULL, NULL },
  { "", NULL, NULL },
  { "\n\t", NULL, NULL },
  { "{\"error\":{\"message\":\"\"},\"message\":\"m\"}", "m", NULL },
};

static void
test_refusals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      const char *body = refusals[i][0];
      g_autoptr (WhisErrorBody) refusal = whis_error_body_parse (body, strlen (body));

      g_test_message ("%s", body);
      g_assert_cmpstr (refusal->message, ==, refusals[i][1]);
      g_assert_cmpstr (refusal->code, ==, refusals[i][2]);
    }
}

static void
test_refusal_is_bounded (void)
{
  g_autofree char *body = g_strnfill (100000, 'x');
  g_autoptr (WhisErrorBody) refusal = whis_error_body_parse (body, 100000);
  g_autoptr (WhisErrorBody) binary = whis_error_body_parse ("\x80\x01\x00z", 4);

  g_assert_cmpint (g_utf8_strlen (refusal->message, -1), <=, 201);
  g_assert_true (g_utf8_validate (binary->message, -1, NULL));
}

typedef struct
{
  guint status;
  const char *body;
  WhisServiceError code;
  gboolean is_retryable;
} StatusCase;

static const StatusCase statuses[] = {
  { 400, "{\"error\":{\"message\":\"Audio file is too short.\",\"code\":\"audio_too_short\"}}",
    WHIS_SERVICE_ERROR_TOO_SHORT, FALSE },
  { 400,
    "{\"error\":{\"message\":\"audio duration 1830.5 seconds is longer than 1400 seconds which is "
    "the maximum for this model\",\"code\":\"invalid_value\"}}",
    WHIS_SERVICE_ERROR_TOO_LARGE, FALSE },
  { 400, "{\"error\":{\"message\":\"x\",\"code\":\"unsupported_value\"}}",
    WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE },
  { 400, "Invalid request", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE },
  { 401, "{\"detail\":\"Unauthorized\"}", WHIS_SERVICE_ERROR_WRONG_KEY, FALSE },
  { 401, "{\"detail\":{\"status\":\"quota_exceeded\",\"message\":\"m\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE },
  { 402, "", WHIS_SERVICE_ERROR_CREDIT, FALSE },
  { 403, "", WHIS_SERVICE_ERROR_PERMISSION, FALSE },
  { 404, "File Not Found (/x)", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE },
  { 408, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE },
  { 409, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE },
  { 413,
    "{\"error\":{\"message\":\"Maximum content size limit (26214400) exceeded\","
    "\"type\":\"server_error\"}}",
    WHIS_SERVICE_ERROR_TOO_LARGE, FALSE },
  { 413, "{\"error\":{\"message\":\"m\",\"code\":\"rate_limit_exceeded\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, FALSE },
  { 415, "", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE },
  { 422, "{\"detail\":[{\"msg\":\"m\"}]}", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE },
  { 429, "{\"error\":{\"message\":\"m\",\"code\":\"rate_limit_exceeded\"}}",
    WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE },
  { 429,
    "{\"error\":{\"message\":\"m\",\"type\":\"insufficient_quota\","
    "\"code\":\"insufficient_quota\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE },
  { 429, "{\"error\":{\"message\":\"m\",\"code\":\"credit_balance_exhausted\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE },
  { 429, "{\"error\":{\"message\":\"m\",\"code\":\"project_spend_limit_exceeded\"}}",
    WHIS_SERVICE_ERROR_CREDIT, FALSE },
  { 429, "", WHIS_SERVICE_ERROR_RATE_LIMIT, TRUE },
  { 500, "<html>oops</html>", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE },
  { 502, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE },
  { 503, "{\"error\":{\"message\":\"m\",\"code\":\"server_is_overloaded\"}}",
    WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE },
  { 504, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE },
  { 529, "", WHIS_SERVICE_ERROR_SERVICE_DOWN, TRUE },
  { 501, "", WHIS_SERVICE_ERROR_UNSUPPORTED, FALSE },
  { 302, "", WHIS_SERVICE_ERROR_REDIRECT, FALSE },
  { 308, "", WHIS_SERVICE_ERROR_REDIRECT, FALSE },
  { 204, "", WHIS_SERVICE_ERROR_BAD_ANSWER, FALSE },
};

static GError *
refuse (guint status, const char *body, const char *key, const char *header, const char *value)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  if (header != NULL)
    soup_message_headers_append (headers, header, value);

  return whis_error_body_to_error ("Service", status, headers, bytes, key);
}

static void
test_statuses (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      const StatusCase *item = &statuses[i];
      g_autoptr (GError) error = refuse (item->status, item->body, "key", NULL, NULL);

      g_test_message ("%u %s: %s", item->status, item->body, error->message);
      g_assert_error (error, WHIS_SERVICE_ERROR, (int) item->code);
      g_assert_cmpint (whis_service_error_is_retryable (error), ==, item->is_retryable);
      g_assert_cmpuint (whis_service_error_get_status (error), ==, item->status);
      g_assert_nonnull (strstr (error->message, "Service"));
      g_assert_null (strchr (error->message, '<'));
    }
}

static void
test_without_key (void)
{
  g_autoptr (GError) unauthorized = refuse (401, "", NULL, NULL, NULL);
  g_autoptr (GError) forbidden = refuse (403, "", NULL, NULL, NULL);

  g_assert_error (unauthorized, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY);
  g_assert_error (forbidden, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY);
}

static void
test_wait_is_told (void)
{
  g_autoptr (GError) soon = refuse (429, "", "key", "Retry-After", "7");
  g_autoptr (GError) late = refuse (429, "", "key", "Retry-After", "600");
  g_autoptr (GError) precise = refuse (503, "", "key", "Retry-After-Ms", "50");

  g_assert_true (whis_service_error_is_retryable (soon));
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (soon), ==, 7000);
  g_assert_false (whis_service_error_is_retryable (late));
  g_assert_nonnull (strstr (late->message, "10 minutes"));
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (precise), ==, 50);
}

static void
test_server_decides (void)
{
  g_autoptr (GError) no = refuse (500, "", "key", "X-Should-Retry", "false");
  g_autoptr (GError) yes = refuse (400, "", "key", "X-Should-Retry", "true");
  g_autoptr (GError) never = refuse (401, "", "key", "X-Should-Retry", "true");

  g_assert_false (whis_service_error_is_retryable (no));
  g_assert_true (whis_service_error_is_retryable (yes));
  g_assert_false (whis_service_error_is_retryable (never));
}

static void
test_key_echo (void)
{
  g_autoptr (GError) whole = refuse (401, "{\"error\":{\"message\":\"Bad key: open sesame!\"}}",
                                     "open sesame", NULL, NULL);
  g_autoptr (GError) masked = refuse (401,
                                      "{\"error\":{\"message\":\"Incorrect API key provided: "
                                      "sk-proj-****************4321. You can\"}}",
                                      "other", NULL, NULL);

  g_assert_null (strstr (whole->message, "sesame"));
  g_assert_nonnull (strstr (whole->message, "Bad key"));
  g_assert_null (strstr (masked->message, "4321"));
  g_assert_nonnull (strstr (masked->message, "Incorrect API key"));
}

static void
test_redact (void)
{
  static const char *const cases[][3] = {
    { "nothing here", NULL, "nothing here" },
    { "key abc and abc", "abc", "key … and …" },
    { "gsk_12345 is bad", NULL, "… is bad" },
    { "sk-1234 AIzaSy12", NULL, "… …" },
    { "token 0123456789abcdef0123456789abcdef.", NULL, "token …." },
    { "a sk- b", NULL, "a sk- b" },
    { "schlüssel sk-123ü", NULL, "schlüssel …ü" },
    { "", "x", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = whis_redact (cases[i][0], cases[i][1]);

      g_assert_cmpstr (clean, ==, cases[i][2]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/answer/good", test_good);
  g_test_add_func ("/answer/bad", test_bad);
  g_test_add_func ("/answer/two-values", test_two_values);
  g_test_add_func ("/answer/text-with-nul", test_text_with_nul);
  g_test_add_func ("/answer/lines-as-they-are", test_lines_as_they_are);
  g_test_add_func ("/answer/times", test_times);
  g_test_add_func ("/answer/deep", test_deep);
  g_test_add_func ("/refusal/forms", test_refusals);
  g_test_add_func ("/refusal/bounded", test_refusal_is_bounded);
  g_test_add_func ("/refusal/statuses", test_statuses);
  g_test_add_func ("/refusal/without-key", test_without_key);
  g_test_add_func ("/refusal/wait-is-told", test_wait_is_told);
  g_test_add_func ("/refusal/server-decides", test_server_decides);
  g_test_add_func ("/refusal/key-echo", test_key_echo);
  g_test_add_func ("/redact", test_redact);

  return g_test_run ();
}
