/* SPDX-License-Identifier: MIT */
#include "rate-limit.h"
#include "throttle.h"
#include "latency-estimate.h"

typedef struct
{
  const char *words;
  guint64 wait_ms;
} Case;

static const Case durations[] = {
  { "20ms", 20 },
  { "1s", 1000 },
  { "37s", 37000 },
  { "6m0s", 360000 },
  { "1m39.738s", 99738 },
  { "0.5s", 500 },
  { "0.2ms", 1 },
  { "1h2m3s", 3723000 },
  { "2d", 172800000 },
  { "0s", 0 },
  { "", 0 },
  { "s", 0 },
  { "5", 0 },
  { "-3s", 0 },
  { "1e9s", 0 },
  { "0x1s", 0 },
  { "3 s", 3000 },
  { "3sx", 0 },
  { "3s.", 0 },
  { "nan s", 0 },
  { ".5s", 0 },
  { "5.s", 0 },
  { "3parsecs", 0 },
  { " 3s", 0 },
};

static void
test_durations (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      guint64 wait_ms;
      gboolean found = whis_rate_limit_parse_delay (durations[i].words, &wait_ms);

      g_test_message ("%s", durations[i].words);
      g_assert_cmpint (found, ==, durations[i].wait_ms > 0);
      if (found)
        g_assert_cmpuint (wait_ms, ==, durations[i].wait_ms);
    }
}

static const Case prose[] = {
  { "Rate limit reached (ASPH): Limit 7200, Used 7170. Please try again in 1m39.738s. Need more?",
    99738 },
  { "Requests have exceeded the rate limit. Please retry after 86400 seconds. Please contact us.",
    86400000 },
  { "Rate limit is exceeded. Try again in 50 seconds.", 50000 },
  { "please RETRY IN 1 minute 20 seconds", 80000 },
  { "try again in 2 minutes and then", 120000 },
  { "try again in a minute", 0 },
  { "try again in 5", 0 },
  { "try again later", 0 },
  { "wait 5 seconds", 0 },
  { "again in ", 0 },
  { "", 0 },
};

static void
test_prose (void)
{
  guint64 wait_ms;

  for (gsize i = 0; i < G_N_ELEMENTS (prose); i++)
    {
      gboolean found = whis_rate_limit_find_delay (prose[i].words, &wait_ms);

      g_test_message ("%s", prose[i].words);
      g_assert_cmpint (found, ==, prose[i].wait_ms > 0);
      if (found)
        g_assert_cmpuint (wait_ms, ==, prose[i].wait_ms);
    }
  g_assert_false (whis_rate_limit_find_delay (NULL, &wait_ms));
  g_assert_false (whis_rate_limit_parse_delay (NULL, &wait_ms));
}

static void
test_enormous (void)
{
  guint64 wait_ms;

  g_assert_true (whis_rate_limit_parse_delay ("99999999999999999999999999999999999999d", &wait_ms));
  g_assert_cmpuint (wait_ms, >, G_GUINT64_CONSTANT (1000000000000));
  g_assert_cmpuint (wait_ms, <, G_MAXINT64 / 1000);
}

#define NOW 1800000000

static gboolean
until_reset (const char *const *fields, gboolean is_refused, guint64 *wait_ms)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);

  for (gsize i = 0; fields[i] != NULL; i += 2)
    soup_message_headers_append (headers, fields[i], fields[i + 1]);

  return whis_rate_limit_get_delay_until_reset (headers, NOW, is_refused, wait_ms);
}

#define UNTIL_RESET(is_refused, ...)                                                               \
  until_reset ((const char *const[]){ __VA_ARGS__, NULL }, is_refused, &wait_ms)

/* What a good answer says about the next request. */
static void
test_account (void)
{
  guint64 wait_ms;

  g_assert_true (UNTIL_RESET (FALSE, "x-ratelimit-remaining-requests", "0",
                              "x-ratelimit-reset-requests", "1s"));
  g_assert_cmpuint (wait_ms, ==, 1000);
  g_assert_false (UNTIL_RESET (FALSE, "x-ratelimit-remaining-requests", "1",
                               "x-ratelimit-reset-requests", "1s"));
  g_assert_false (UNTIL_RESET (FALSE, "x-ratelimit-reset-requests", "1s"));
  g_assert_false (UNTIL_RESET (FALSE, "x-ratelimit-remaining-requests", "0"));
  g_assert_false (UNTIL_RESET (FALSE, "X-RateLimit-Reset", "1800000009"));
  g_assert_true (
      UNTIL_RESET (FALSE, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1800000009"));
  g_assert_cmpuint (wait_ms, ==, 9000);
  g_assert_true (UNTIL_RESET (TRUE, "X-RateLimit-Reset", "1800000009"));
  g_assert_false (UNTIL_RESET (TRUE, "X-RateLimit-Reset", "1800000000"));
  g_assert_false (UNTIL_RESET (TRUE, "X-RateLimit-Reset", "60"));
  g_assert_false (UNTIL_RESET (TRUE, "X-RateLimit-Reset", "99999999999999999999"));
}

/* Half as many after a refusal, one more after as many good answers as may be in flight. */
static void
test_throttle (void)
{
  WhisThrottle throttle = { 0 };

  whis_throttle_set_limit (&throttle, 8);
  g_assert_cmpuint (throttle.effective, ==, 8);
  for (guint i = 0; i < 8; i++)
    whis_throttle_lower (&throttle, 0);
  g_assert_cmpuint (throttle.effective, ==, 4);
  whis_throttle_lower (&throttle, throttle.period);
  whis_throttle_lower (&throttle, throttle.period);
  whis_throttle_lower (&throttle, throttle.period);
  g_assert_cmpuint (throttle.effective, ==, 1);

  for (guint expected = 1; expected < 8; expected++)
    {
      for (guint i = 0; i < expected; i++)
        {
          g_assert_cmpuint (throttle.effective, ==, expected);
          whis_throttle_recover (&throttle);
        }
    }
  for (guint i = 0; i < 100; i++)
    whis_throttle_recover (&throttle);
  g_assert_cmpuint (throttle.effective, ==, 8);
}

/* A limit that the user changes does not undo what the service asked for. */
static void
test_throttle_limit (void)
{
  WhisThrottle throttle = { 0 };

  whis_throttle_set_limit (&throttle, 8);
  whis_throttle_lower (&throttle, throttle.period);
  whis_throttle_set_limit (&throttle, 16);
  g_assert_cmpuint (throttle.effective, ==, 4);
  whis_throttle_set_limit (&throttle, 2);
  g_assert_cmpuint (throttle.effective, ==, 2);
  whis_throttle_set_limit (&throttle, 5);
  g_assert_cmpuint (throttle.effective, ==, 5);
}

static void
learn (WhisLatencyEstimate *usual, guint n, guint64 duration_ms, guint64 time_ms)
{
  for (guint i = 0; i < n; i++)
    whis_latency_estimate_learn (usual, duration_ms, time_ms);
}

static void
test_usual_time (void)
{
  WhisLatencyEstimate usual = { 0 };

  learn (&usual, 2, 30000, 400);
  g_assert_cmpuint (whis_latency_estimate_get (&usual, 30000), ==, 0);
  learn (&usual, 1, 30000, 400);
  g_assert_cmpuint (whis_latency_estimate_get (&usual, 30000), ==, 400);

  /* one hiccup is not what is usual; a service that has become slow is */
  learn (&usual, 1, 30000, 60000);
  g_assert_cmpuint (whis_latency_estimate_get (&usual, 30000), <, 800);
  learn (&usual, 60, 30000, 2000);
  g_assert_cmpuint (whis_latency_estimate_get (&usual, 30000), >, 1900);
  g_assert_cmpuint (whis_latency_estimate_get (&usual, 30000), <=, 2000);
}

/* A service that takes 300 ms and 20 ms for each second of sound. */
static void
test_usual_time_of_length (void)
{
  WhisLatencyEstimate usual = { 0 };

  for (guint i = 0; i < 60; i++)
    {
      guint64 seconds = 2 + (i * 7) % 29;

      whis_latency_estimate_learn (&usual, seconds * 1000, 300 + 20 * seconds);
    }
  g_assert_cmpuint (whis_latency_estimate_get (&usual, 5000), >, 380);
  g_assert_cmpuint (whis_latency_estimate_get (&usual, 5000), <, 420);
  g_assert_cmpuint (whis_latency_estimate_get (&usual, 30000), >, 870);
  g_assert_cmpuint (whis_latency_estimate_get (&usual, 30000), <, 930);
  g_assert_cmpuint (whis_latency_estimate_get (&usual, 0), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/delay/durations", test_durations);
  g_test_add_func ("/delay/prose", test_prose);
  g_test_add_func ("/delay/enormous", test_enormous);
  g_test_add_func ("/delay/account", test_account);
  g_test_add_func ("/throttle/steps", test_throttle);
  g_test_add_func ("/throttle/limit", test_throttle_limit);
  g_test_add_func ("/usual-time/steady", test_usual_time);
  g_test_add_func ("/usual-time/of-length", test_usual_time_of_length);

  return g_test_run ();
}
