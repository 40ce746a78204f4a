/* SPDX-License-Identifier: MIT */
#include "error-sentence.h"

#include <gio/gio.h>

#include "http-error.h"
#include "redact.h"

/* A wait is rounded up, to a unit that people count in. */
static void
test_rate_limit (void)
{
  static const struct
  {
    guint64 wait_ms;
    const char *sentence;
  } cases[] = {
    { 0, "Groq wants fewer requests for now. Try again in a minute." },
    { 1, "Groq wants fewer requests. Try again in 1 second." },
    { 1000, "Groq wants fewer requests. Try again in 1 second." },
    { 1001, "Groq wants fewer requests. Try again in 2 seconds." },
    { 119000, "Groq wants fewer requests. Try again in 119 seconds." },
    { 119001, "Groq wants fewer requests. Try again in 2 minutes." },
    { 120001, "Groq wants fewer requests. Try again in 3 minutes." },
    { 7199000, "Groq wants fewer requests. Try again in 120 minutes." },
    { 7200000, "Groq wants fewer requests. Try again in 2 hours." },
    { 7200001, "Groq wants fewer requests. Try again in 3 hours." },
    { 86400000, "Groq wants fewer requests. Try again in 24 hours." },
    { G_MAXUINT64, "Groq wants fewer requests. Try again in 2147483647 hours." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sentence = whis_rate_limit_describe ("Groq", cases[i].wait_ms);

      g_assert_cmpstr (sentence, ==, cases[i].sentence);
    }
}

/* The words on the bus that clients tell failures of a download by. */
static void
test_words (void)
{
  static const struct
  {
    int code;
    const char *word;
  } cases[] = {
    { WHIS_HTTP_ERROR_NETWORK, "network" },
    { WHIS_HTTP_ERROR_TIMEOUT, "timeout" },
    { WHIS_HTTP_ERROR_TLS, "tls" },
    { WHIS_HTTP_ERROR_ADDRESS, "address" },
    { WHIS_HTTP_ERROR_STATUS, "refused" },
    { WHIS_HTTP_ERROR_OTHER_FILE, "other-file" },
    { WHIS_HTTP_ERROR_CHECKSUM, "checksum" },
    { WHIS_HTTP_ERROR_SPACE, "space" },
    { WHIS_HTTP_ERROR_STORAGE, "storage" },
    { WHIS_HTTP_ERROR_BUSY, "busy" },
    { WHIS_HTTP_ERROR_PROXY, "network" },
    { WHIS_HTTP_ERROR_METERED, "metered" },
    { 1000, "failed" },
    { -1, "failed" },
  };
  g_autoptr (GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "c");
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "n");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (WHIS_HTTP_ERROR, cases[i].code, "m");

      g_assert_cmpstr (whis_http_error_get_word (error), ==, cases[i].word);
    }
  g_assert_cmpstr (whis_http_error_get_word (cancelled), ==, "cancelled");
  g_assert_cmpstr (whis_http_error_get_word (other), ==, "failed");
}

#define LONG "0123456789abcdef0123456789abcdef"

/* No key stands in a sentence or a log: neither the one that was sent nor what looks like one. */
static void
test_redact (void)
{
  static const struct
  {
    const char *text;
    const char *key;
    const char *redacted;
  } cases[] = {
    { "nothing secret here", "a-key", "nothing secret here" },
    { "", "a-key", "" },
    { "Bad key a-key!", "a-key", "Bad key …!" },
    { "a-keya-key", "a-key", "……" },
    { "key: p+a/s=s w", "p+a/s=s w", "key: …" },
    { "no key", NULL, "no key" },
    { "no key", "", "no key" },

    /* the keys of services, whole or as they mask them themselves */
    { "Incorrect API key provided: sk-proj-********4321.", NULL, "Incorrect API key provided: …." },
    { "gsk_abc and xi-abc, AIzaSyA", NULL, "… and …, …" },
    { "sk-a", NULL, "sk-a" },
    { "sk-abc", NULL, "…" },
    { "task-force asks", NULL, "task-force asks" },

    /* long tokens, and words that are as long */
    { "id " LONG, NULL, "id …" },
    { "(" LONG ")", NULL, "(…)" },
    { "0123456789abcdef0123456789abcde", NULL, "0123456789abcdef0123456789abcde" },
    { LONG LONG "-x y", NULL, "… y" },
    { "https://example.org/path", NULL, "https://example.org/path" },
    { "Straße für “Über”", NULL, "Straße für “Über”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *redacted = whis_redact (cases[i].text, cases[i].key);

      g_assert_cmpstr (redacted, ==, cases[i].redacted);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error-sentence/rate-limit", test_rate_limit);
  g_test_add_func ("/http-error/words", test_words);
  g_test_add_func ("/redact/texts", test_redact);

  return g_test_run ();
}
