/* SPDX-License-Identifier: MIT */
#include "live-fixture.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Live sessions that end early: lost connections, refusals, and services that send nonsense or too
 * much. */

/* --- what is lost is known -------------------------------------------------------------------- */

/* The chunks before the loss are told, those after it are not. */
static void
test_lost_at_commit (gconstpointer data)
{
  g_autoptr (LiveFixture) fixture =
      live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ .drop_at_commit = 4 });

  whis_live_start (fixture->live);
  for (guint i = 0; i < 3; i++)
    {
      live_fixture_say (fixture, i);
      live_fixture_wait_for_texts (fixture, i + 1);
    }
  for (guint i = 3; i < LIVE_FIXTURE_SENTENCES; i++)
    live_fixture_say (fixture, i);
  live_fixture_wait_for_end (fixture);

  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_NETWORK);
  g_assert_cmpuint (fixture->texts->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    live_fixture_assert_sentence (fixture, i, i);

  /* the dictation goes on without it */
  live_fixture_say (fixture, LIVE_FIXTURE_SENTENCES);
  whis_live_finish (fixture->live);
  live_fixture_iterate ();
  g_assert_cmpuint (fixture->texts->len, ==, 3);
}

static void
test_lost_early (gconstpointer data)
{
  for (guint n = 1; n < 6; n++)
    {
      g_autoptr (LiveFixture) fixture =
          live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ .drop_after = n });

      whis_live_start (fixture->live);
      live_fixture_say_all (fixture);
      live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_NETWORK);
      g_assert_cmpuint (fixture->texts->len, ==, 0);
    }
}

static void
test_no_last_answer (gconstpointer data)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new_with (
      GPOINTER_TO_INT (data), &(RealtimePlan){ .mute_from = LIVE_FIXTURE_SENTENCES },
      &(WhisLiveOptions){ .timeout_ms = 1500 });

  whis_live_start (fixture->live);
  for (guint i = 0; i < LIVE_FIXTURE_SENTENCES - 1; i++)
    {
      live_fixture_say (fixture, i);
      live_fixture_wait_for_texts (fixture, i + 1);
    }
  live_fixture_say (fixture, LIVE_FIXTURE_SENTENCES - 1);
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_TIMEOUT);
  g_assert_cmpuint (fixture->texts->len, ==, LIVE_FIXTURE_SENTENCES - 1);
}

/* Nothing is not a text: neither when the service is deaf nor when it closes as if all were well.
 */
static void
test_no_hello (gconstpointer data)
{
  RealtimeDialect dialect = GPOINTER_TO_INT (data);
  g_autoptr (LiveFixture) fixture = live_fixture_new_with (
      dialect, &(RealtimePlan){ .dumb = TRUE },
      &(WhisLiveOptions){ .timeout_ms = dialect == REALTIME_DEEPGRAM ? 0 : 200 });

  whis_live_start (fixture->live);
  live_fixture_say_all (fixture);
  live_fixture_assert_failed (fixture, fixture->dialect == REALTIME_DEEPGRAM
                                           ? WHIS_SERVICE_ERROR_NETWORK
                                           : WHIS_SERVICE_ERROR_TIMEOUT);
  g_assert_cmpuint (fixture->texts->len, ==, 0);
}

/* Sound does not pile up for a service that never takes it. */
static void
test_overflow (void)
{
  g_autoptr (LiveFixture) fixture =
      live_fixture_new (REALTIME_OPENAI, &(RealtimePlan){ .dumb = TRUE });

  whis_live_start (fixture->live);
  live_fixture_be_silent (fixture, 30000);
  live_fixture_iterate ();
  g_assert_false (fixture->ended);
  live_fixture_be_silent (fixture, 100);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_TIMEOUT);
}

/* Something that is understood in addition, as each service says it. */
static const char *const chatter[] = {
  [REALTIME_OPENAI] = "{\"type\":\"conversation.item.input_audio_transcription.delta\","
                      "\"item_id\":\"x\",\"delta\":\" and more\"}",
  [REALTIME_DEEPGRAM] = "{\"type\":\"Results\",\"is_final\":true,\"start\":0,\"duration\":0,"
                        "\"channel\":{\"alternatives\":[{\"transcript\":\"and more\"}]}}",
  [REALTIME_ELEVENLABS] = "{\"message_type\":\"partial_transcript\",\"text\":\"and more\"}",
};

/* Whatever a server says, the main loop goes on and memory does not fill: the session ends, and its
 * chunks go the ordinary way. */
static void
test_flood (gconstpointer data)
{
  RealtimeDialect dialect = (RealtimeDialect) GPOINTER_TO_INT (data);
  g_autofree char *much = g_strnfill (8000, 'a');
  g_autoptr (GString) message = g_string_new (chatter[dialect]);
  RealtimePlan plan = { .mute_from = 1, .chatter_times = 1000 };
  g_autoptr (LiveFixture) fixture = NULL;

  /* A busy machine reads few messages in a second; that they are too much is told by their size. */
  g_string_replace (message, "and more", much, 0);
  plan.chatter = message->str;
  fixture = live_fixture_new (dialect, &plan);
  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_BAD_ANSWER);
  g_assert_cmpuint (fixture->partials->len, <, 100);
}

/* Pongs are answers to our pings, and no words. */
static void
test_pongs (gconstpointer data)
{
  RealtimeDialect dialect = (RealtimeDialect) GPOINTER_TO_INT (data);
  g_autoptr (LiveFixture) fixture = live_fixture_new (dialect, &(RealtimePlan){ .pongs = TRUE });

  whis_live_start (fixture->live);
  for (guint i = 0; i < LIVE_FIXTURE_SENTENCES; i++)
    live_fixture_say (fixture, i);
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->texts->len, ==, LIVE_FIXTURE_SENTENCES);
}

/* A message without an end is held by libsoup, and told to nobody. */
static void
test_endless_message (void)
{
  RealtimePlan plan = { .mute_from = 1, .endless = TRUE };
  g_autoptr (LiveFixture) fixture = live_fixture_new (REALTIME_DEEPGRAM, &plan);

  whis_live_start (fixture->live);
  live_fixture_push (fixture, live_fixture_make_sentence (fixture, 0));
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_BAD_ANSWER);
}

/* One that says something now and then, but not what is waited for, is not waited for without end.
 */
static void
test_chatter (gconstpointer data)
{
  RealtimeDialect dialect = (RealtimeDialect) GPOINTER_TO_INT (data);
  RealtimePlan plan = { .mute_from = 1, .chatter = chatter[dialect], .chatter_pause_ms = 20 };
  g_autoptr (LiveFixture) fixture =
      live_fixture_new_with (dialect, &plan, &(WhisLiveOptions){ .timeout_ms = 200 });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_TIMEOUT);
}

/* Partial texts are for people, who do not read a hundred in a second. */
static void
test_partial_pause (void)
{
  RealtimePlan plan = { .chatter = chatter[REALTIME_OPENAI], .chatter_pause_ms = 1 };
  g_autoptr (LiveFixture) fixture = live_fixture_new (REALTIME_OPENAI, &plan);
  gint64 begun;

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  while (fixture->partials->len == 0)
    g_main_context_iteration (NULL, TRUE);
  begun = g_get_monotonic_time ();
  while (fixture->partials->len < 6)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 5 * 90 * 1000);
}

/* The socket of the session, of which nobody is told. */
static int
find_socket (LiveFixture *fixture)
{
  g_autoptr (GUri) uri =
      g_uri_parse (realtime_get_address (fixture->service), G_URI_FLAGS_NONE, NULL);

  for (int fd = 3; fd < 1024; fd++)
    {
      struct sockaddr_in peer;
      socklen_t size = sizeof peer;

      if (getpeername (fd, (struct sockaddr *) &peer, &size) == 0 && peer.sin_family == AF_INET
          && ntohs (peer.sin_port) == g_uri_get_port (uri))
        return fd;
    }

  return -1;
}

/* libsoup tells of a failed write before it comes back, so that the session ends between two pieces
 * of sound. */
static void
test_failed_send (gconstpointer data)
{
  RealtimeDialect dialect = (RealtimeDialect) GPOINTER_TO_INT (data);
  g_autoptr (LiveFixture) fixture = live_fixture_new (dialect, &(RealtimePlan){ 0 });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  live_fixture_wait_for_texts (fixture, 1);
  g_assert_no_errno (shutdown (find_socket (fixture), SHUT_WR));
  live_fixture_say (fixture, 1);
  live_fixture_say (fixture, 2);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_NETWORK);
}

static void
test_nobody_there (void)
{
  g_autoptr (LiveFixture) fixture =
      live_fixture_new_with (REALTIME_OPENAI, &(RealtimePlan){ 0 },
                             &(WhisLiveOptions){ .address = "http://127.0.0.1:1/v1" });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_NETWORK);
}

/* --- what the service refuses ----------------------------------------------------------------- */

static void
assert_refused (RealtimeDialect dialect, const RealtimePlan *plan, WhisServiceError code)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (dialect, plan);

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, code);
  g_assert_cmpuint (fixture->texts->len, ==, 0);
  /* not again, not elsewhere */
  g_assert_cmpuint (realtime_get_n_connections (fixture->service), ==, 1);
  live_fixture_assert_no_complaint (fixture);
}

static void
test_refused_upgrade (gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *body;
    WhisServiceError code;
  } refusals[] = {
    { 401, "{\"error\":{\"message\":\"Not " REALTIME_KEY "\",\"code\":\"invalid_api_key\"}}",
      WHIS_SERVICE_ERROR_WRONG_KEY },
    { 401, "{\"detail\":{\"status\":\"quota_exceeded\",\"message\":\"Empty\"}}",
      WHIS_SERVICE_ERROR_CREDIT },
    { 402, NULL, WHIS_SERVICE_ERROR_CREDIT },
    { 403, NULL, WHIS_SERVICE_ERROR_PERMISSION },
    { 429, "{\"error\":{\"message\":\"slow\",\"code\":\"slow_down\"}}",
      WHIS_SERVICE_ERROR_RATE_LIMIT },
    { 429, "{\"error\":{\"message\":\"no\",\n\"code\":\"insufficient_quota\"}}",
      WHIS_SERVICE_ERROR_CREDIT },
    { 404, NULL, WHIS_SERVICE_ERROR_UNSUPPORTED },
    { 302, NULL, WHIS_SERVICE_ERROR_REDIRECT },
    { 500, "<html><body>Oops</body></html>", WHIS_SERVICE_ERROR_SERVICE_DOWN },
    { 200, "<html><body>Welcome to our hotel</body></html>", WHIS_SERVICE_ERROR_BAD_ANSWER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    assert_refused (
        GPOINTER_TO_INT (data),
        &(RealtimePlan){ .refuse_status = refusals[i].status, .refuse_body = refusals[i].body },
        refusals[i].code);
}

/* The service's own words are shown, wherever they stand. */
static void
test_refusal_in_header (void)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (
      REALTIME_DEEPGRAM,
      &(RealtimePlan){ .refuse_status = 402, .refuse_words = "no credits " REALTIME_KEY });

  whis_live_start (fixture->live);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_CREDIT);
  g_assert_nonnull (strstr (fixture->error->message, "(no credits …)"));
}

static void
test_wrong_key (void)
{
  assert_refused (REALTIME_OPENAI, &(RealtimePlan){ .refuse_key = TRUE },
                  WHIS_SERVICE_ERROR_WRONG_KEY);
  assert_refused (REALTIME_ELEVENLABS, &(RealtimePlan){ .refuse_key = TRUE },
                  WHIS_SERVICE_ERROR_WRONG_KEY);
  /* here a bad key is refused before, and this is about the sound */
  assert_refused (REALTIME_DEEPGRAM, &(RealtimePlan){ .refuse_key = TRUE },
                  WHIS_SERVICE_ERROR_UNSUPPORTED);
}

static void
assert_error_at (RealtimeDialect dialect, const char *error, WhisServiceError code)
{
  g_autoptr (LiveFixture) fixture =
      live_fixture_new (dialect, &(RealtimePlan){ .mute_from = 2, .error = error });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  live_fixture_wait_for_texts (fixture, 1);
  live_fixture_say (fixture, 1);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, code);
  g_assert_cmpuint (fixture->texts->len, ==, 1);
}

static void
test_errors_of_openai (void)
{
  assert_error_at (REALTIME_OPENAI, "{\"code\":\"session_expired\",\"message\":\"60 minutes\"}",
                   WHIS_SERVICE_ERROR_SERVICE_DOWN);
  assert_error_at (REALTIME_OPENAI,
                   "{\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}",
                   WHIS_SERVICE_ERROR_CREDIT);
  assert_error_at (REALTIME_OPENAI, "{\"code\":\"rate_limit_exceeded\"}",
                   WHIS_SERVICE_ERROR_RATE_LIMIT);
  assert_error_at (REALTIME_OPENAI, "{\"type\":\"invalid_request_error\",\"code\":null}",
                   WHIS_SERVICE_ERROR_UNSUPPORTED);
  assert_error_at (REALTIME_OPENAI, "{\"type\":\"server_error\"}", WHIS_SERVICE_ERROR_SERVICE_DOWN);
}

static void
test_errors_of_elevenlabs (void)
{
  static const struct
  {
    const char *type;
    WhisServiceError code;
  } errors[] = {
    { "error", WHIS_SERVICE_ERROR_SERVICE_DOWN },
    { "quota_exceeded", WHIS_SERVICE_ERROR_CREDIT },
    { "commit_throttled", WHIS_SERVICE_ERROR_RATE_LIMIT },
    { "unaccepted_terms", WHIS_SERVICE_ERROR_PERMISSION },
    { "rate_limited", WHIS_SERVICE_ERROR_RATE_LIMIT },
    { "queue_overflow", WHIS_SERVICE_ERROR_SERVICE_DOWN },
    { "resource_exhausted", WHIS_SERVICE_ERROR_SERVICE_DOWN },
    { "session_time_limit_exceeded", WHIS_SERVICE_ERROR_SERVICE_DOWN },
    { "input_error", WHIS_SERVICE_ERROR_UNSUPPORTED },
    { "chunk_size_exceeded", WHIS_SERVICE_ERROR_UNSUPPORTED },
    { "transcriber_error", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    assert_error_at (REALTIME_ELEVENLABS, errors[i].type, errors[i].code);
}

/* It would cut sentences as it likes, and no text could be trusted to be its chunk's. */
static void
test_keeps_turns (void)
{
  assert_refused (REALTIME_OPENAI, &(RealtimePlan){ .keeps_turns = TRUE },
                  WHIS_SERVICE_ERROR_UNSUPPORTED);
}

static void
test_stray_commit (void)
{
  g_autoptr (LiveFixture) fixture =
      live_fixture_new (REALTIME_OPENAI, &(RealtimePlan){ .stray_commit = TRUE });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_BAD_ANSWER);
}

static void
test_closed_while_draining (void)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (
      REALTIME_DEEPGRAM, &(RealtimePlan){ .silent_flush = TRUE, .close_code = 1011 });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_SERVICE_DOWN);
  g_assert_cmpuint (fixture->texts->len, ==, 0);
}

static void
test_keep_alive (void)
{
  g_autoptr (LiveFixture) fixture =
      live_fixture_new_with (REALTIME_DEEPGRAM, &(RealtimePlan){ .idle_ms = 2000 },
                             &(WhisLiveOptions){ .keep_alive_ms = 50 });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  live_fixture_wait_for_texts (fixture, 1);
  while (realtime_get_n_keep_alives (fixture->service) < 5)
    {
      g_assert_false (fixture->ended);
      g_main_context_iteration (NULL, TRUE);
    }
  live_fixture_say (fixture, 1);
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  live_fixture_assert_sentence (fixture, 1, 1);
  live_fixture_assert_no_complaint (fixture);
}

static void
test_idle (void)
{
  g_autoptr (LiveFixture) fixture =
      live_fixture_new_with (REALTIME_DEEPGRAM, &(RealtimePlan){ .idle_ms = 1000 },
                             &(WhisLiveOptions){ .keep_alive_ms = 60000 });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_SERVICE_DOWN);
  live_fixture_assert_sentence (fixture, 0, 0);
}

/* --- keys ------------------------------------------------------------------------------------- */

static void
assert_not_sent (const WhisLiveOptions *options, WhisServiceError code)
{
  g_autoptr (LiveFixture) fixture =
      live_fixture_new_with (REALTIME_OPENAI, &(RealtimePlan){ 0 }, options);

  whis_live_start (fixture->live);
  g_assert_false (fixture->ended);
  live_fixture_wait_for_end (fixture);
  g_assert_error (fixture->error, WHIS_SERVICE_ERROR, (int) code);
  g_assert_cmpuint (realtime_get_n_connections (fixture->service), ==, 0);
}

static void
test_keys (void)
{
  assert_not_sent (&(WhisLiveOptions){ .key = "" }, WHIS_SERVICE_ERROR_NO_KEY);
  assert_not_sent (&(WhisLiveOptions){ .key = "two words" }, WHIS_SERVICE_ERROR_WRONG_KEY);
  assert_not_sent (&(WhisLiveOptions){ .address = "http://api.example.com/v1" },
                   WHIS_SERVICE_ERROR_ADDRESS);
}

/* Whom the system does not trust gets neither key nor sound. */
static void
test_untrusted (void)
{
  g_autofree char *certificate =
      g_test_build_filename (G_TEST_DIST, "speech", "self-signed.pem", NULL);
  g_autoptr (LiveFixture) fixture =
      live_fixture_new (REALTIME_OPENAI, &(RealtimePlan){ .certificate = certificate });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  live_fixture_wait_for_end (fixture);
  live_fixture_assert_failed (fixture, WHIS_SERVICE_ERROR_TLS);
  g_assert_cmpuint (realtime_get_n_connections (fixture->service), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  live_fixture_add_for_all ("lost-at-commit", test_lost_at_commit);
  live_fixture_add_for_all ("lost-early", test_lost_early);
  live_fixture_add_for_all ("no-last-answer", test_no_last_answer);
  live_fixture_add_for_all ("no-hello", test_no_hello);
  g_test_add_func ("/live/openai/overflow", test_overflow);
  live_fixture_add_for_all ("flood", test_flood);
  g_test_add_func ("/live/deepgram/endless-message", test_endless_message);
  live_fixture_add_for_all ("pongs", test_pongs);
  live_fixture_add_for_all ("chatter", test_chatter);
  g_test_add_func ("/live/openai/partial-pause", test_partial_pause);
  live_fixture_add_for_all ("failed-send", test_failed_send);
  g_test_add_func ("/live/nobody-there", test_nobody_there);
  live_fixture_add_for_all ("refused-upgrade", test_refused_upgrade);
  g_test_add_func ("/live/deepgram/refusal-in-header", test_refusal_in_header);
  g_test_add_func ("/live/wrong-key", test_wrong_key);
  g_test_add_func ("/live/openai/errors", test_errors_of_openai);
  g_test_add_func ("/live/elevenlabs/errors", test_errors_of_elevenlabs);
  g_test_add_func ("/live/openai/keeps-turns", test_keeps_turns);
  g_test_add_func ("/live/openai/stray-commit", test_stray_commit);
  g_test_add_func ("/live/deepgram/closed-while-draining", test_closed_while_draining);
  g_test_add_func ("/live/deepgram/keep-alive", test_keep_alive);
  g_test_add_func ("/live/deepgram/idle", test_idle);
  g_test_add_func ("/live/keys", test_keys);
  g_test_add_func ("/live/untrusted", test_untrusted);

  return live_fixture_run ();
}
