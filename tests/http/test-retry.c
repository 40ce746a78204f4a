/* SPDX-License-Identifier: MIT */
#include "retry.h"
#include "service-error.h"

#include <gio/gio.h>

typedef struct
{
  const char *value;
  guint64 wait_ms;
} Case;

/* 1994-11-06 08:49:37 UTC, the date of the RFC's example */
#define NOW 784111777

static const Case after[] = {
  { "1", 1000 },
  { "0.5", 500 },
  { " 20 ", 20000 },
  { "86400", 86400000 },
  { "Sun, 06 Nov 1994 08:49:47 GMT", 10000 },
  { "0", 0 },
  { "-3", 0 },
  { "", 0 },
  { "soon", 0 },
  { "1m30s", 0 },
  { "nan", 0 },
  { "inf", 0 },
  { "Sun, 06 Nov 1994 08:49:37 GMT", 0 },
  { "Sun, 06 Nov 1994 08:00:00 GMT", 0 },
  { "\xFF\xFE", 0 },
};

static void
test_retry_after (void)
{
  guint64 wait;

  for (gsize i = 0; i < G_N_ELEMENTS (after); i++)
    {
      gboolean found = whis_retry_after_parse (after[i].value, NOW, &wait);

      g_autofree char *printable = g_strescape (after[i].value, NULL);

      g_test_message ("Retry-After: %s", printable);
      g_assert_cmpint (found, ==, after[i].wait_ms > 0);
      if (found)
        g_assert_cmpuint (wait, ==, after[i].wait_ms);
    }
  g_assert_false (whis_retry_after_parse (NULL, NOW, &wait));
}

static void
test_enormous (void)
{
  guint64 wait;

  g_assert_true (whis_retry_after_parse ("1e300", NOW, &wait));
  g_assert_cmpuint (wait, >, WHIS_RETRY_LONGEST_WAIT_MS);
}

static void
test_retry_after_ms (void)
{
  guint64 wait;

  g_assert_true (whis_retry_after_ms_parse ("50", &wait));
  g_assert_cmpuint (wait, ==, 50);
  g_assert_true (whis_retry_after_ms_parse ("0.3", &wait));
  g_assert_cmpuint (wait, ==, 1);
  g_assert_false (whis_retry_after_ms_parse ("x", &wait));
  g_assert_false (whis_retry_after_ms_parse (NULL, &wait));
}

static GError *
make_error (WhisServiceError code, guint64 retry_after_ms)
{
  return whis_service_error_new_answer (code, "sentence", NULL, 503, retry_after_ms, TRUE);
}

static void
test_grows_and_ends (void)
{
  g_autoptr (GError) error = make_error (WHIS_SERVICE_ERROR_SERVICE_DOWN, 0);
  const guint longest[] = { 500, 1000, 2000 };
  guint delay;

  for (int round = 0; round < 200; round++)
    {
      for (guint attempt = 0; attempt < G_N_ELEMENTS (longest); attempt++)
        {
          g_assert_true (whis_retry_delay (error, attempt, &delay));
          g_assert_cmpuint (delay, <=, longest[attempt]);
          g_assert_cmpuint (delay, >=, longest[attempt] * 3 / 4);
        }
    }
  g_assert_false (whis_retry_delay (error, 3, &delay));
}

static void
test_obeys_server (void)
{
  g_autoptr (GError) soon = make_error (WHIS_SERVICE_ERROR_RATE_LIMIT, 12345);
  g_autoptr (GError) minute = make_error (WHIS_SERVICE_ERROR_RATE_LIMIT, 60000);
  g_autoptr (GError) late = make_error (WHIS_SERVICE_ERROR_RATE_LIMIT, 60001);
  guint delay;

  g_assert_true (whis_retry_delay (soon, 0, &delay));
  g_assert_cmpuint (delay, ==, 12345);
  g_assert_true (whis_retry_delay (minute, 2, &delay));
  g_assert_cmpuint (delay, ==, 60000);
  g_assert_false (whis_retry_delay (late, 0, &delay));
}

static void
test_timeout_once (void)
{
  g_autoptr (GError) error = whis_service_error_new (WHIS_SERVICE_ERROR_TIMEOUT, "late", NULL);
  guint delay;

  g_assert_true (whis_retry_delay (error, 0, &delay));
  g_assert_false (whis_retry_delay (error, 1, &delay));
}

/* A gateway that waited in vain took long as well, and a request that is refused as it is hardly
 * gets better. */
static void
test_little_hope_once (void)
{
  g_autoptr (GError) gateway =
      whis_service_error_new_answer (WHIS_SERVICE_ERROR_SERVICE_DOWN, "late", NULL, 504, 0, TRUE);
  g_autoptr (GError) request =
      whis_service_error_new_answer (WHIS_SERVICE_ERROR_UNSUPPORTED, "no", NULL, 422, 0, TRUE);
  guint delay;

  g_assert_true (whis_retry_delay (gateway, 0, &delay));
  g_assert_false (whis_retry_delay (gateway, 1, &delay));
  g_assert_true (whis_retry_delay (request, 0, &delay));
  g_assert_false (whis_retry_delay (request, 1, &delay));
}

static void
test_not_retried (void)
{
  g_autoptr (GError) key = whis_service_error_new (WHIS_SERVICE_ERROR_WRONG_KEY, "no", NULL);
  g_autoptr (GError) cancelled =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  guint delay;

  g_assert_false (whis_retry_delay (key, 0, &delay));
  g_assert_false (whis_retry_delay (cancelled, 0, &delay));
}

static void
test_error_copies (void)
{
  g_autoptr (GError) error = whis_service_error_new_answer (WHIS_SERVICE_ERROR_RATE_LIMIT,
                                                            "sentence", "words", 503, 700, TRUE);
  g_autoptr (GError) copy = g_error_copy (error);

  g_clear_error (&error);
  g_assert_cmpstr (whis_service_error_get_detail (copy), ==, "words");
  g_assert_null (whis_service_error_get_detail (NULL));
  g_assert_cmpuint (whis_service_error_get_status (copy), ==, 503);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (copy), ==, 700);
  g_assert_true (whis_service_error_is_retryable (copy));
  g_assert_false (whis_service_error_is_retryable (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retry/retry-after", test_retry_after);
  g_test_add_func ("/retry/enormous", test_enormous);
  g_test_add_func ("/retry/retry-after-ms", test_retry_after_ms);
  g_test_add_func ("/retry/grows-and-ends", test_grows_and_ends);
  g_test_add_func ("/retry/obeys-server", test_obeys_server);
  g_test_add_func ("/retry/timeout-once", test_timeout_once);
  g_test_add_func ("/retry/little-hope-once", test_little_hope_once);
  g_test_add_func ("/retry/not-retried", test_not_retried);
  g_test_add_func ("/retry/error-copies", test_error_copies);

  return g_test_run ();
}
