/* SPDX-License-Identifier: MIT */
#include "live-fixture.h"

#include <string.h>

/* Live sessions: which text each chunk gets, what the service is asked for, and what a cancellation
 * does at each stage. */

/* Several sentences, each a chunk, all of them told completely and in order. */
static void
assert_complete (RealtimeDialect dialect, const RealtimePlan *plan)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (dialect, plan);

  whis_live_start (fixture->live);
  for (guint i = 0; i < LIVE_FIXTURE_SENTENCES; i++)
    {
      live_fixture_say (fixture, i);
      live_fixture_iterate ();
    }
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);

  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->texts->len, ==, LIVE_FIXTURE_SENTENCES);
  for (guint i = 0; i < LIVE_FIXTURE_SENTENCES; i++)
    live_fixture_assert_sentence (fixture, i, i);
  live_fixture_assert_no_complaint (fixture);
  g_assert_cmpuint (realtime_get_n_samples (fixture->service), ==, fixture->n_pushed);
  g_assert_cmpuint (realtime_get_n_commits (fixture->service), ==, LIVE_FIXTURE_SENTENCES);
}

/* --- what is said is told --------------------------------------------------------------------- */

static void
test_sentences (gconstpointer data)
{
  RealtimePlan plan = { 0 };

  assert_complete ((RealtimeDialect) GPOINTER_TO_INT (data), &plan);
}

static void
test_goodbye (gconstpointer data)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  live_fixture_wait_for_close (fixture);
}

/* The text of the first sentences is there long before the last one is said. */
static void
test_as_one_speaks (gconstpointer data)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_start (fixture->live);
  live_fixture_push (fixture, live_fixture_make_sentence (fixture, 0));
  live_fixture_wait_for_partial (fixture, 0);
  g_assert_cmpuint (fixture->texts->len, ==, 0);

  whis_live_mark (fixture->live, 0, TRUE);
  for (guint i = 1; i < LIVE_FIXTURE_SENTENCES; i++)
    {
      live_fixture_wait_for_texts (fixture, i);
      live_fixture_assert_sentence (fixture, i - 1, i - 1);
      live_fixture_say (fixture, i);
    }
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->texts->len, ==, LIVE_FIXTURE_SENTENCES);
  live_fixture_assert_no_complaint (fixture);
}

/* A partial text is what comes after the chunks that are told. */
static void
test_partial_goes_on (gconstpointer data)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  live_fixture_wait_for_texts (fixture, 1);
  live_fixture_push (fixture, live_fixture_make_sentence (fixture, 1));
  live_fixture_wait_for_partial (fixture, 1);
  g_assert_false (fixture->ended);
}

/* Everything is said, and the dictation over, before there is a connection. */
static void
test_before_the_connection (gconstpointer data)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_start (fixture->live);
  for (guint i = 0; i < LIVE_FIXTURE_SENTENCES; i++)
    live_fixture_say (fixture, i);
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->texts->len, ==, LIVE_FIXTURE_SENTENCES);
  for (guint i = 0; i < LIVE_FIXTURE_SENTENCES; i++)
    live_fixture_assert_sentence (fixture, i, i);
  live_fixture_assert_no_complaint (fixture);
}

/* Silence alone is never committed, and takes nothing from its neighbours. */
static void
test_silence (gconstpointer data)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_start (fixture->live);
  live_fixture_be_silent (fixture, 4000);
  whis_live_mark (fixture->live, 0, FALSE);
  live_fixture_say (fixture, 1);
  live_fixture_iterate ();
  live_fixture_be_silent (fixture, 3000);
  whis_live_mark (fixture->live, 2, FALSE);
  live_fixture_say (fixture, 3);
  live_fixture_be_silent (fixture, 1000);
  whis_live_mark (fixture->live, 4, FALSE);
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);

  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->texts->len, ==, 5);
  live_fixture_assert_line (fixture, 0, "0: ");
  live_fixture_assert_sentence (fixture, 1, 1);
  live_fixture_assert_line (fixture, 2, "2: ");
  live_fixture_assert_sentence (fixture, 3, 3);
  live_fixture_assert_line (fixture, 4, "4: ");
  live_fixture_assert_no_complaint (fixture);
  g_assert_cmpuint (realtime_get_n_commits (fixture->service), ==, 2);
}

/* A cut inside of speech is not marked: the next chunk gets both texts. */
static void
test_unmarked_chunk (gconstpointer data)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });
  g_autofree char *first = live_fixture_write_sentence (0);
  g_autofree char *second = live_fixture_write_sentence (1);
  g_autofree char *both = g_strdup_printf ("1: %s %s", first, second);

  whis_live_start (fixture->live);
  live_fixture_push (fixture, live_fixture_make_sentence (fixture, 0));
  live_fixture_say (fixture, 1);
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->texts->len, ==, 1);
  live_fixture_assert_line (fixture, 0, both);
}

/* Nobody is called back from inside of a call. */
static void
test_not_at_once (gconstpointer data)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_mark (fixture->live, 0, FALSE);
  g_assert_cmpuint (fixture->texts->len, ==, 0);
  whis_live_start (fixture->live);
  whis_live_finish (fixture->live);
  g_assert_false (fixture->ended);
  live_fixture_wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->texts->len, ==, 1);
}

/* One large piece, a hundred tiny ones. */
static void
test_pieces (gconstpointer data)
{
  g_autoptr (LiveFixture) fixture = live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });
  g_autoptr (GByteArray) sound = live_fixture_make_sentence (fixture, 0);
  g_autoptr (GByteArray) more = live_fixture_make_sentence (fixture, 1);
  g_autoptr (GBytes) large = g_bytes_new (sound->data, sound->len);

  whis_live_start (fixture->live);
  whis_live_push (fixture->live, large);
  whis_live_mark (fixture->live, 0, TRUE);
  live_fixture_wait_for_texts (fixture, 1);
  for (guint at = 0; at < more->len; at += 20)
    {
      g_autoptr (GBytes) tiny = g_bytes_new (more->data + at, MIN (20, more->len - at));

      whis_live_push (fixture->live, tiny);
    }
  whis_live_mark (fixture->live, 1, TRUE);
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  live_fixture_assert_sentence (fixture, 0, 0);
  live_fixture_assert_sentence (fixture, 1, 1);
  live_fixture_assert_no_complaint (fixture);
  g_assert_cmpuint (realtime_get_n_messages (fixture->service), <, 150);
}

static void
test_binary_json (gconstpointer data)
{
  assert_complete (GPOINTER_TO_INT (data), &(RealtimePlan){ .binary = TRUE });
}

static void
test_split_messages (gconstpointer data)
{
  assert_complete (GPOINTER_TO_INT (data), &(RealtimePlan){ .split = TRUE });
}

static void
test_out_of_order (void)
{
  assert_complete (REALTIME_OPENAI, &(RealtimePlan){ .out_of_order = TRUE });
}

/* The service need not answer a flush. */
static void
test_silent_flush (void)
{
  assert_complete (REALTIME_DEEPGRAM, &(RealtimePlan){ .silent_flush = TRUE });
}

static void
test_no_metadata (void)
{
  assert_complete (REALTIME_DEEPGRAM, &(RealtimePlan){ .silent_flush = TRUE, .no_metadata = TRUE });
}

static void
test_both_forms (void)
{
  assert_complete (REALTIME_ELEVENLABS, &(RealtimePlan){ .both_forms = TRUE });
}

/* What is committed without our asking belongs to the chunk that is being spoken. */
static void
test_commits_itself (void)
{
  g_autoptr (LiveFixture) fixture =
      live_fixture_new (REALTIME_ELEVENLABS, &(RealtimePlan){ .commits_itself = TRUE });

  whis_live_start (fixture->live);
  for (guint i = 0; i < 3; i++)
    {
      live_fixture_push (fixture, live_fixture_make_sentence (fixture, i));
      live_fixture_wait_for_partial (fixture, i);
      whis_live_mark (fixture->live, i, TRUE);
      live_fixture_wait_for_texts (fixture, i + 1);
      live_fixture_assert_sentence (fixture, i, i);
    }
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  g_assert_no_error (fixture->error);
}

/* Sentences that are heard in any sound, one after the other, for tests that come from above. */
static void
test_scripted (gconstpointer data)
{
  static const char *const sentences[] = { "Good morning.", "How are you?", NULL };
  g_autoptr (LiveFixture) fixture =
      live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ .sentences = sentences });
  guint rate = whis_live_get_rate (fixture->live);

  whis_live_start (fixture->live);
  for (guint i = 0; i < 3; i++)
    {
      GByteArray *sound = g_byte_array_new ();

      realtime_say (sound, rate, 5000);
      live_fixture_push (fixture, sound);
      whis_live_mark (fixture->live, i, TRUE);
    }
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  live_fixture_assert_line (fixture, 0, "0: Good morning.");
  live_fixture_assert_line (fixture, 1, "1: How are you?");
  live_fixture_assert_line (fixture, 2, "2: How are you?");
}

/* The service finds nothing in one chunk, and that shifts no other. */
static void
test_empty_commit (gconstpointer data)
{
  g_autoptr (LiveFixture) fixture =
      live_fixture_new (GPOINTER_TO_INT (data), &(RealtimePlan){ .empty_commit = 3 });

  whis_live_start (fixture->live);
  live_fixture_say_all (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->texts->len, ==, LIVE_FIXTURE_SENTENCES);
  live_fixture_assert_line (fixture, 2, "2: ");
  for (guint i = 0; i < LIVE_FIXTURE_SENTENCES; i++)
    {
      if (i != 2)
        live_fixture_assert_sentence (fixture, i, i);
    }
}

static void
test_failed_item (void)
{
  g_autoptr (LiveFixture) fixture =
      live_fixture_new (REALTIME_OPENAI, &(RealtimePlan){ .fail_commit = 2 });

  whis_live_start (fixture->live);
  live_fixture_say_all (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->texts->len, ==, LIVE_FIXTURE_SENTENCES);
  live_fixture_assert_line (fixture, 1, "1 missing");
  live_fixture_assert_sentence (fixture, 2, 2);
}

/* --- what is asked for ------------------------------------------------------------------------ */

static char *
find_setup (RealtimeDialect dialect, const char *model, const char *language)
{
  static const char *const words[] = { "Quillara", "Zoë & Co", NULL };
  g_autoptr (LiveFixture) fixture =
      live_fixture_new_with (dialect, &(RealtimePlan){ 0 },
                             &(WhisLiveOptions){ .model = model,
                                                 .language = language,
                                                 .prompt = "About \"birds\".",
                                                 .vocabulary = words });

  whis_live_start (fixture->live);
  live_fixture_say (fixture, 0);
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  live_fixture_assert_no_complaint (fixture);

  return g_strdup (realtime_get_setup (fixture->service));
}

static void
assert_setup (RealtimeDialect dialect,
              const char *model,
              const char *language,
              const char *has,
              const char *has_not)
{
  g_autofree char *setup = find_setup (dialect, model, language);

  g_test_message ("%s", setup);
  g_assert_nonnull (strstr (setup, has));
  g_assert_null (strstr (setup, has_not));
}

static void
test_setup_of_openai (void)
{
  assert_setup (REALTIME_OPENAI, "gpt-live-transcribe", "de-AT", "\"languages\":[\"de\"]", "birds");
  assert_setup (REALTIME_OPENAI, "gpt-live-transcribe", NULL,
                "\"keywords\":[\"Quillara\",\"Zoë & Co\"]", "language");
  assert_setup (REALTIME_OPENAI, "gpt-4o-transcribe", "de", "\"language\":\"de\"", "languages");
  assert_setup (REALTIME_OPENAI, "gpt-4o-transcribe", "",
                "\"prompt\":\"About \\\"birds\\\". Quillara, Zoë & Co\"", "language");
  assert_setup (REALTIME_OPENAI, "gpt-realtime-whisper", "de", "\"language\":\"de\"", "birds");
}

static void
test_setup_of_deepgram (void)
{
  assert_setup (REALTIME_DEEPGRAM, NULL, "de-AT", "language=de&", "multi");
  assert_setup (REALTIME_DEEPGRAM, NULL, NULL, "language=multi", "detect_language");
  assert_setup (REALTIME_DEEPGRAM, NULL, NULL, "keyterm=Quillara&keyterm=Zo%C3%AB%20%26%20Co",
                "keywords");
}

static void
test_setup_of_elevenlabs (void)
{
  assert_setup (REALTIME_ELEVENLABS, NULL, "de", "language_code=de", "birds");
  assert_setup (REALTIME_ELEVENLABS, NULL, NULL, "keyterms=Quillara&keyterms=Zo%C3%AB%20%26%20Co",
                "language");
}

/* --- cancelling ------------------------------------------------------------------------------- */

typedef enum
{
  STAGE_NEW,
  STAGE_CONNECTING,
  STAGE_CONNECTED,
  STAGE_HEARD,
  STAGE_MARKED,
  STAGE_FINISHING,
  STAGE_TEXT,
  STAGE_LOST,
  STAGE_ENDED,
  N_STAGES,
} Stage;

static void
go_to_stage (LiveFixture *fixture, Stage stage)
{
  if (stage == STAGE_NEW)
    return;
  whis_live_start (fixture->live);
  while (stage >= STAGE_CONNECTED && realtime_get_n_connections (fixture->service) == 0)
    g_main_context_iteration (NULL, TRUE);
  if (stage < STAGE_HEARD)
    return;
  live_fixture_push (fixture, live_fixture_make_sentence (fixture, 0));
  while (fixture->partials->len == 0)
    g_main_context_iteration (NULL, TRUE);
  fixture->cancel_at_text = stage == STAGE_TEXT;
  if (stage >= STAGE_MARKED)
    whis_live_mark (fixture->live, 0, TRUE);
  if (stage >= STAGE_FINISHING)
    whis_live_finish (fixture->live);
  while (stage == STAGE_TEXT && !fixture->cancelled)
    g_main_context_iteration (NULL, TRUE);
  if (stage == STAGE_ENDED)
    live_fixture_wait_for_end (fixture);
}

static void
assert_cancels (RealtimeDialect dialect, Stage stage, gboolean by_freeing)
{
  RealtimePlan plan = { .drop_at_commit = stage == STAGE_LOST ? 1 : 0 };
  g_autoptr (LiveFixture) fixture = live_fixture_new (dialect, &plan);

  go_to_stage (fixture, stage);
  fixture->cancelled = TRUE;
  if (by_freeing)
    return;
  whis_live_cancel (fixture->live);
  live_fixture_iterate ();
  /* what comes too late is not heard, and does no harm */
  live_fixture_say (fixture, 1);
  if (stage != STAGE_NEW)
    whis_live_finish (fixture->live);
  whis_live_cancel (fixture->live);
  live_fixture_iterate ();
}

static void
test_cancel (gconstpointer data)
{
  for (Stage stage = STAGE_NEW; stage < N_STAGES; stage++)
    {
      g_test_message ("stage %d", stage);
      assert_cancels (GPOINTER_TO_INT (data), stage, FALSE);
      assert_cancels (GPOINTER_TO_INT (data), stage, TRUE);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  live_fixture_add_for_all ("sentences", test_sentences);
  live_fixture_add_for_all ("goodbye", test_goodbye);
  live_fixture_add_for_all ("as-one-speaks", test_as_one_speaks);
  live_fixture_add_for_all ("partial-goes-on", test_partial_goes_on);
  live_fixture_add_for_all ("before-the-connection", test_before_the_connection);
  live_fixture_add_for_all ("silence", test_silence);
  live_fixture_add_for_all ("unmarked-chunk", test_unmarked_chunk);
  live_fixture_add_for_all ("not-at-once", test_not_at_once);
  live_fixture_add_for_all ("pieces", test_pieces);
  live_fixture_add_for_all ("scripted", test_scripted);
  live_fixture_add_for_all ("binary-json", test_binary_json);
  live_fixture_add_for_all ("split-messages", test_split_messages);
  g_test_add_func ("/live/openai/out-of-order", test_out_of_order);
  g_test_add_func ("/live/deepgram/silent-flush", test_silent_flush);
  g_test_add_func ("/live/deepgram/no-metadata", test_no_metadata);
  g_test_add_func ("/live/elevenlabs/both-forms", test_both_forms);
  g_test_add_func ("/live/elevenlabs/commits-itself", test_commits_itself);
  g_test_add_data_func ("/live/openai/empty-commit", GINT_TO_POINTER (REALTIME_OPENAI),
                        test_empty_commit);
  g_test_add_data_func ("/live/elevenlabs/empty-commit", GINT_TO_POINTER (REALTIME_ELEVENLABS),
                        test_empty_commit);
  g_test_add_func ("/live/openai/failed-item", test_failed_item);
  g_test_add_func ("/live/openai/setup", test_setup_of_openai);
  g_test_add_func ("/live/deepgram/setup", test_setup_of_deepgram);
  g_test_add_func ("/live/elevenlabs/setup", test_setup_of_elevenlabs);
  live_fixture_add_for_all ("cancel", test_cancel);

  return live_fixture_run ();
}
