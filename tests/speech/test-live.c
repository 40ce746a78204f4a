/* SPDX-License-Identifier: MIT */
#include "live.h"
#include "live-marks.h"
#include "realtime.h"
#include "service-error.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define N_SENTENCES 6
#define N_WORDS 4

static const WhisProvider providers[] = {
  [REALTIME_OPENAI] = { .name = "OpenAI", .auth = WHIS_AUTH_BEARER, .needs_key = TRUE },
  [REALTIME_DEEPGRAM] = { .name = "Deepgram", .auth = WHIS_AUTH_TOKEN, .needs_key = TRUE },
  [REALTIME_ELEVENLABS] = { .name = "ElevenLabs", .auth = WHIS_AUTH_XI_API_KEY, .needs_key = TRUE },
};

static const char *const models[] = {
  [REALTIME_OPENAI] = "gpt-live-transcribe",
  [REALTIME_DEEPGRAM] = "nova-3",
  [REALTIME_ELEVENLABS] = "scribe_v2_realtime",
};

static const WhisLiveDialect dialects[] = {
  [REALTIME_OPENAI] = WHIS_LIVE_OPENAI,
  [REALTIME_DEEPGRAM] = WHIS_LIVE_DEEPGRAM,
  [REALTIME_ELEVENLABS] = WHIS_LIVE_ELEVENLABS,
};

static const char *const names[] = { "openai", "deepgram", "elevenlabs" };

/* All that was logged, at any level. */
static GString *logged;

/* --- a dictation under observation ------------------------------------------------------------ */

typedef struct
{
  RealtimeDialect dialect;
  Realtime *service;
  WhisLive *live;
  guint64 n_pushed;

  GPtrArray *texts; /* "chunk: text", or "chunk missing", as they were told */
  GPtrArray *partials;
  gboolean ended;
  GError *error;
  gboolean cancelled; /* from here on any signal fails the test */
  gboolean cancel_at_text;
} Story;

static void
on_text (WhisLive *live, guint chunk, const char *text, Story *story)
{
  g_assert_false (story->ended);
  g_assert_false (story->cancelled);
  g_ptr_array_add (story->texts, g_strdup_printf ("%u: %s", chunk, text));
  if (!story->cancel_at_text)
    return;
  story->cancelled = TRUE;
  whis_live_cancel (live);
}

static void
on_missing (WhisLive *live, guint chunk, Story *story)
{
  g_assert_false (story->ended);
  g_assert_false (story->cancelled);
  g_ptr_array_add (story->texts, g_strdup_printf ("%u missing", chunk));
}

static void
on_partial (WhisLive *live, const char *text, Story *story)
{
  g_assert_false (story->ended);
  g_assert_false (story->cancelled);
  g_ptr_array_add (story->partials, g_strdup (text));
}

static void
on_ended (WhisLive *live, GError *error, Story *story)
{
  g_assert_false (story->ended);
  g_assert_false (story->cancelled);
  story->ended = TRUE;
  story->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
watch_live (Story *story)
{
  g_signal_connect (story->live, "text", G_CALLBACK (on_text), story);
  g_signal_connect (story->live, "missing", G_CALLBACK (on_missing), story);
  g_signal_connect (story->live, "partial", G_CALLBACK (on_partial), story);
  g_signal_connect (story->live, "ended", G_CALLBACK (on_ended), story);
}

/* @options may leave out what follows from the dialect. */
static Story *
story_new_with (RealtimeDialect dialect, const RealtimePlan *plan, const WhisLiveOptions *options)
{
  WhisLiveOptions own = *options;
  Story *story = g_new0 (Story, 1);

  story->dialect = dialect;
  story->service = realtime_new (dialect, plan);
  story->texts = g_ptr_array_new_with_free_func (g_free);
  story->partials = g_ptr_array_new_with_free_func (g_free);
  own.provider = &providers[dialect];
  own.dialect = dialects[dialect];
  if (own.model == NULL)
    own.model = models[dialect];
  if (own.address == NULL)
    own.address = realtime_get_address (story->service);
  if (own.key == NULL)
    own.key = REALTIME_KEY;
  story->live = whis_live_new (&own);
  watch_live (story);

  return story;
}

/* With so much patience that the session is not given up because this machine is busy. */
static Story *
story_new (RealtimeDialect dialect, const RealtimePlan *plan)
{
  return story_new_with (dialect, plan, &(WhisLiveOptions){ .timeout_ms = 100000 });
}

static void
story_free (Story *story)
{
  /* what is under way holds no session back */
  g_assert_finalize_object (story->live);
  realtime_free (story->service);
  /* sockets are closed by the loop */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_ptr_array_unref (story->texts);
  g_ptr_array_unref (story->partials);
  g_clear_error (&story->error);
  g_free (story);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Story, story_free)

static void
let_things_happen (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
push (Story *story, GByteArray *taken)
{
  g_autoptr (GByteArray) sound = taken;
  guint piece = whis_live_get_rate (story->live) / 10 * 2;

  for (guint at = 0; at < sound->len; at += piece)
    {
      guint size = MIN (piece, sound->len - at);
      g_autoptr (GBytes) bytes = g_bytes_new (sound->data + at, size);

      whis_live_push (story->live, bytes);
      story->n_pushed += size / 2;
    }
}

static guint
get_word (guint chunk, guint i)
{
  return chunk * 10 + i;
}

/* A sentence with a pause in it and one behind it. */
static GByteArray *
make_sentence (Story *story, guint chunk)
{
  guint rate = whis_live_get_rate (story->live);
  GByteArray *sound = g_byte_array_new ();

  for (guint i = 0; i < N_WORDS; i++)
    {
      realtime_say (sound, rate, get_word (chunk, i));
      if (i == 1)
        realtime_pause (sound, rate, 100);
    }
  realtime_pause (sound, rate, 300);

  return sound;
}

static void
say (Story *story, guint chunk)
{
  push (story, make_sentence (story, chunk));
  whis_live_mark (story->live, chunk, TRUE);
}

static void
be_silent (Story *story, guint ms)
{
  GByteArray *sound = g_byte_array_new ();

  realtime_pause (sound, whis_live_get_rate (story->live), ms);
  push (story, sound);
}

static char *
write_sentence (guint chunk)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < N_WORDS; i++)
    {
      g_autofree char *word = realtime_word (get_word (chunk, i));

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", word);
    }

  return g_string_free (text, FALSE);
}

static void
wait_for_texts (Story *story, guint n)
{
  while (story->texts->len < n)
    {
      g_assert_false (story->ended);
      g_main_context_iteration (NULL, TRUE);
    }
}

/* Waits until that sentence is all that is understood and not told. */
static void
wait_for_partial (Story *story, guint chunk)
{
  g_autofree char *sentence = write_sentence (chunk);

  while (story->partials->len == 0
         || !g_str_equal (g_ptr_array_index (story->partials, story->partials->len - 1), sentence))
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_end (Story *story)
{
  while (!story->ended)
    g_main_context_iteration (NULL, TRUE);
  /* nothing comes after it */
  let_things_happen ();
}

static void
wait_for_farewell (Story *story)
{
  while (!realtime_was_closed_well (story->service))
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_sentence (Story *story, guint n, guint chunk)
{
  g_autofree char *sentence = write_sentence (chunk);
  g_autofree char *expected = g_strdup_printf ("%u: %s", chunk, sentence);

  g_assert_cmpuint (n, <, story->texts->len);
  g_assert_cmpstr (g_ptr_array_index (story->texts, n), ==, expected);
}

static void
assert_line (Story *story, guint n, const char *line)
{
  g_assert_cmpuint (n, <, story->texts->len);
  g_assert_cmpstr (g_ptr_array_index (story->texts, n), ==, line);
}

static void
assert_no_complaint (Story *story)
{
  g_assert_cmpstr (realtime_get_complaint (story->service), ==, NULL);
}

static void
assert_failed (Story *story, WhisServiceError code)
{
  g_assert_error (story->error, WHIS_SERVICE_ERROR, (int) code);
  g_assert_null (strstr (story->error->message, REALTIME_KEY));
  g_assert_nonnull (strstr (story->error->message, providers[story->dialect].name));
}

/* Several sentences, each a chunk, all of them told whole and in order. */
static void
assert_complete (RealtimeDialect dialect, const RealtimePlan *plan)
{
  g_autoptr (Story) story = story_new (dialect, plan);

  whis_live_start (story->live);
  for (guint i = 0; i < N_SENTENCES; i++)
    {
      say (story, i);
      let_things_happen ();
    }
  whis_live_finish (story->live);
  wait_for_end (story);

  g_assert_no_error (story->error);
  g_assert_cmpuint (story->texts->len, ==, N_SENTENCES);
  for (guint i = 0; i < N_SENTENCES; i++)
    assert_sentence (story, i, i);
  assert_no_complaint (story);
  g_assert_cmpuint (realtime_get_n_samples (story->service), ==, story->n_pushed);
  g_assert_cmpuint (realtime_get_n_commits (story->service), ==, N_SENTENCES);
}

/* --- what is said is told --------------------------------------------------------------------- */

static void
test_sentences (gconstpointer data)
{
  RealtimePlan plan = { 0 };

  assert_complete ((RealtimeDialect) GPOINTER_TO_INT (data), &plan);
}

static void
test_farewell (gconstpointer data)
{
  g_autoptr (Story) story = story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_start (story->live);
  say (story, 0);
  whis_live_finish (story->live);
  wait_for_end (story);
  g_assert_no_error (story->error);
  wait_for_farewell (story);
}

/* The text of the first sentences is there long before the last one is said. */
static void
test_as_one_speaks (gconstpointer data)
{
  g_autoptr (Story) story = story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_start (story->live);
  push (story, make_sentence (story, 0));
  wait_for_partial (story, 0);
  g_assert_cmpuint (story->texts->len, ==, 0);

  whis_live_mark (story->live, 0, TRUE);
  for (guint i = 1; i < N_SENTENCES; i++)
    {
      wait_for_texts (story, i);
      assert_sentence (story, i - 1, i - 1);
      say (story, i);
    }
  whis_live_finish (story->live);
  wait_for_end (story);
  g_assert_no_error (story->error);
  g_assert_cmpuint (story->texts->len, ==, N_SENTENCES);
  assert_no_complaint (story);
}

/* A partial text is what comes after the chunks that are told. */
static void
test_partial_goes_on (gconstpointer data)
{
  g_autoptr (Story) story = story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_start (story->live);
  say (story, 0);
  wait_for_texts (story, 1);
  push (story, make_sentence (story, 1));
  wait_for_partial (story, 1);
  g_assert_false (story->ended);
}

/* Everything is said, and the dictation over, before there is a connection. */
static void
test_before_the_connection (gconstpointer data)
{
  g_autoptr (Story) story = story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_start (story->live);
  for (guint i = 0; i < N_SENTENCES; i++)
    say (story, i);
  whis_live_finish (story->live);
  wait_for_end (story);
  g_assert_no_error (story->error);
  g_assert_cmpuint (story->texts->len, ==, N_SENTENCES);
  for (guint i = 0; i < N_SENTENCES; i++)
    assert_sentence (story, i, i);
  assert_no_complaint (story);
}

/* Silence alone is never committed, and takes nothing from its neighbours. */
static void
test_silence (gconstpointer data)
{
  g_autoptr (Story) story = story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_start (story->live);
  be_silent (story, 4000);
  whis_live_mark (story->live, 0, FALSE);
  say (story, 1);
  let_things_happen ();
  be_silent (story, 3000);
  whis_live_mark (story->live, 2, FALSE);
  say (story, 3);
  be_silent (story, 1000);
  whis_live_mark (story->live, 4, FALSE);
  whis_live_finish (story->live);
  wait_for_end (story);

  g_assert_no_error (story->error);
  g_assert_cmpuint (story->texts->len, ==, 5);
  assert_line (story, 0, "0: ");
  assert_sentence (story, 1, 1);
  assert_line (story, 2, "2: ");
  assert_sentence (story, 3, 3);
  assert_line (story, 4, "4: ");
  assert_no_complaint (story);
  g_assert_cmpuint (realtime_get_n_commits (story->service), ==, 2);
}

/* A cut inside of speech is not marked: the next chunk gets both texts. */
static void
test_unmarked_chunk (gconstpointer data)
{
  g_autoptr (Story) story = story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });
  g_autofree char *first = write_sentence (0);
  g_autofree char *second = write_sentence (1);
  g_autofree char *both = g_strdup_printf ("1: %s %s", first, second);

  whis_live_start (story->live);
  push (story, make_sentence (story, 0));
  say (story, 1);
  whis_live_finish (story->live);
  wait_for_end (story);
  g_assert_no_error (story->error);
  g_assert_cmpuint (story->texts->len, ==, 1);
  assert_line (story, 0, both);
}

/* Nobody is called back from inside of a call. */
static void
test_not_at_once (gconstpointer data)
{
  g_autoptr (Story) story = story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });

  whis_live_mark (story->live, 0, FALSE);
  g_assert_cmpuint (story->texts->len, ==, 0);
  whis_live_start (story->live);
  whis_live_finish (story->live);
  g_assert_false (story->ended);
  wait_for_end (story);
  g_assert_no_error (story->error);
  g_assert_cmpuint (story->texts->len, ==, 1);
}

/* One large piece, a hundred tiny ones. */
static void
test_pieces (gconstpointer data)
{
  g_autoptr (Story) story = story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ 0 });
  g_autoptr (GByteArray) sound = make_sentence (story, 0);
  g_autoptr (GByteArray) more = make_sentence (story, 1);
  g_autoptr (GBytes) large = g_bytes_new (sound->data, sound->len);

  whis_live_start (story->live);
  whis_live_push (story->live, large);
  whis_live_mark (story->live, 0, TRUE);
  wait_for_texts (story, 1);
  for (guint at = 0; at < more->len; at += 20)
    {
      g_autoptr (GBytes) tiny = g_bytes_new (more->data + at, MIN (20, more->len - at));

      whis_live_push (story->live, tiny);
    }
  whis_live_mark (story->live, 1, TRUE);
  whis_live_finish (story->live);
  wait_for_end (story);
  g_assert_no_error (story->error);
  assert_sentence (story, 0, 0);
  assert_sentence (story, 1, 1);
  assert_no_complaint (story);
  g_assert_cmpuint (realtime_get_n_messages (story->service), <, 150);
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
  g_autoptr (Story) story =
      story_new (REALTIME_ELEVENLABS, &(RealtimePlan){ .commits_itself = TRUE });

  whis_live_start (story->live);
  for (guint i = 0; i < 3; i++)
    {
      push (story, make_sentence (story, i));
      wait_for_partial (story, i);
      whis_live_mark (story->live, i, TRUE);
      wait_for_texts (story, i + 1);
      assert_sentence (story, i, i);
    }
  whis_live_finish (story->live);
  wait_for_end (story);
  g_assert_no_error (story->error);
}

static void
say_all (Story *story)
{
  for (guint i = 0; i < N_SENTENCES; i++)
    say (story, i);
  whis_live_finish (story->live);
  wait_for_end (story);
}

/* Sentences that are heard in any sound, one after the other, for tests that come from above. */
static void
test_scripted (gconstpointer data)
{
  static const char *const sentences[] = { "Good morning.", "How are you?", NULL };
  g_autoptr (Story) story =
      story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ .sentences = sentences });
  guint rate = whis_live_get_rate (story->live);

  whis_live_start (story->live);
  for (guint i = 0; i < 3; i++)
    {
      GByteArray *sound = g_byte_array_new ();

      realtime_say (sound, rate, 5000);
      push (story, sound);
      whis_live_mark (story->live, i, TRUE);
    }
  whis_live_finish (story->live);
  wait_for_end (story);
  g_assert_no_error (story->error);
  assert_line (story, 0, "0: Good morning.");
  assert_line (story, 1, "1: How are you?");
  assert_line (story, 2, "2: How are you?");
}

/* The service finds nothing in one chunk, and that shifts no other. */
static void
test_empty_commit (gconstpointer data)
{
  g_autoptr (Story) story =
      story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ .empty_commit = 3 });

  whis_live_start (story->live);
  say_all (story);
  g_assert_no_error (story->error);
  g_assert_cmpuint (story->texts->len, ==, N_SENTENCES);
  assert_line (story, 2, "2: ");
  for (guint i = 0; i < N_SENTENCES; i++)
    {
      if (i != 2)
        assert_sentence (story, i, i);
    }
}

static void
test_failed_item (void)
{
  g_autoptr (Story) story = story_new (REALTIME_OPENAI, &(RealtimePlan){ .fail_commit = 2 });

  whis_live_start (story->live);
  say_all (story);
  g_assert_no_error (story->error);
  g_assert_cmpuint (story->texts->len, ==, N_SENTENCES);
  assert_line (story, 1, "1 missing");
  assert_sentence (story, 2, 2);
}

/* --- what is lost is known -------------------------------------------------------------------- */

/* The chunks before the loss are told, those after it are not. */
static void
test_lost_at_commit (gconstpointer data)
{
  g_autoptr (Story) story =
      story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ .drop_at_commit = 4 });

  whis_live_start (story->live);
  for (guint i = 0; i < 3; i++)
    {
      say (story, i);
      wait_for_texts (story, i + 1);
    }
  for (guint i = 3; i < N_SENTENCES; i++)
    say (story, i);
  wait_for_end (story);

  assert_failed (story, WHIS_SERVICE_ERROR_NETWORK);
  g_assert_cmpuint (story->texts->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    assert_sentence (story, i, i);

  /* the dictation goes on without it */
  say (story, N_SENTENCES);
  whis_live_finish (story->live);
  let_things_happen ();
  g_assert_cmpuint (story->texts->len, ==, 3);
}

static void
test_lost_early (gconstpointer data)
{
  for (guint n = 1; n < 6; n++)
    {
      g_autoptr (Story) story =
          story_new (GPOINTER_TO_INT (data), &(RealtimePlan){ .drop_after = n });

      whis_live_start (story->live);
      say_all (story);
      assert_failed (story, WHIS_SERVICE_ERROR_NETWORK);
      g_assert_cmpuint (story->texts->len, ==, 0);
    }
}

static void
test_no_last_answer (gconstpointer data)
{
  g_autoptr (Story) story =
      story_new_with (GPOINTER_TO_INT (data), &(RealtimePlan){ .mute_from = N_SENTENCES },
                      &(WhisLiveOptions){ .timeout_ms = 1500 });

  whis_live_start (story->live);
  for (guint i = 0; i < N_SENTENCES - 1; i++)
    {
      say (story, i);
      wait_for_texts (story, i + 1);
    }
  say (story, N_SENTENCES - 1);
  whis_live_finish (story->live);
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_TIMEOUT);
  g_assert_cmpuint (story->texts->len, ==, N_SENTENCES - 1);
}

/* Nothing is not a text: neither when the service is deaf nor when it closes as if all were well.
 */
static void
test_no_hello (gconstpointer data)
{
  RealtimeDialect dialect = GPOINTER_TO_INT (data);
  g_autoptr (Story) story =
      story_new_with (dialect, &(RealtimePlan){ .dumb = TRUE },
                      &(WhisLiveOptions){ .timeout_ms = dialect == REALTIME_DEEPGRAM ? 0 : 200 });

  whis_live_start (story->live);
  say_all (story);
  assert_failed (story, story->dialect == REALTIME_DEEPGRAM ? WHIS_SERVICE_ERROR_NETWORK
                                                            : WHIS_SERVICE_ERROR_TIMEOUT);
  g_assert_cmpuint (story->texts->len, ==, 0);
}

/* Sound does not pile up for a service that never takes it. */
static void
test_overflow (void)
{
  g_autoptr (Story) story = story_new (REALTIME_OPENAI, &(RealtimePlan){ .dumb = TRUE });

  whis_live_start (story->live);
  be_silent (story, 30000);
  let_things_happen ();
  g_assert_false (story->ended);
  be_silent (story, 100);
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_TIMEOUT);
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
  g_autoptr (Story) story = NULL;

  /* A busy machine reads few messages in a second; that they are too much is told by their size. */
  g_string_replace (message, "and more", much, 0);
  plan.chatter = message->str;
  story = story_new (dialect, &plan);
  whis_live_start (story->live);
  say (story, 0);
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_BAD_ANSWER);
  g_assert_cmpuint (story->partials->len, <, 100);
}

/* Pongs are answers to our pings, and no words. */
static void
test_pongs (gconstpointer data)
{
  RealtimeDialect dialect = (RealtimeDialect) GPOINTER_TO_INT (data);
  g_autoptr (Story) story = story_new (dialect, &(RealtimePlan){ .pongs = TRUE });

  whis_live_start (story->live);
  for (guint i = 0; i < N_SENTENCES; i++)
    say (story, i);
  whis_live_finish (story->live);
  wait_for_end (story);
  g_assert_no_error (story->error);
  g_assert_cmpuint (story->texts->len, ==, N_SENTENCES);
}

/* A message without an end is held by libsoup, and told to nobody. */
static void
test_endless_message (void)
{
  RealtimePlan plan = { .mute_from = 1, .endless = TRUE };
  g_autoptr (Story) story = story_new (REALTIME_DEEPGRAM, &plan);

  whis_live_start (story->live);
  push (story, make_sentence (story, 0));
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_BAD_ANSWER);
}

/* One that says something now and then, but not what is waited for, is not waited for without end.
 */
static void
test_chatter (gconstpointer data)
{
  RealtimeDialect dialect = (RealtimeDialect) GPOINTER_TO_INT (data);
  RealtimePlan plan = { .mute_from = 1, .chatter = chatter[dialect], .chatter_pause_ms = 20 };
  g_autoptr (Story) story =
      story_new_with (dialect, &plan, &(WhisLiveOptions){ .timeout_ms = 200 });

  whis_live_start (story->live);
  say (story, 0);
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_TIMEOUT);
}

/* Partial texts are for people, who do not read a hundred in a second. */
static void
test_partial_pause (void)
{
  RealtimePlan plan = { .chatter = chatter[REALTIME_OPENAI], .chatter_pause_ms = 1 };
  g_autoptr (Story) story = story_new (REALTIME_OPENAI, &plan);
  gint64 begun;

  whis_live_start (story->live);
  say (story, 0);
  while (story->partials->len == 0)
    g_main_context_iteration (NULL, TRUE);
  begun = g_get_monotonic_time ();
  while (story->partials->len < 6)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 5 * 90 * 1000);
}

/* The socket of the session, of which nobody is told. */
static int
find_socket (Story *story)
{
  g_autoptr (GUri) uri =
      g_uri_parse (realtime_get_address (story->service), G_URI_FLAGS_NONE, NULL);

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
  g_autoptr (Story) story = story_new (dialect, &(RealtimePlan){ 0 });

  whis_live_start (story->live);
  say (story, 0);
  wait_for_texts (story, 1);
  g_assert_no_errno (shutdown (find_socket (story), SHUT_WR));
  say (story, 1);
  say (story, 2);
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_NETWORK);
}

static void
test_nobody_there (void)
{
  g_autoptr (Story) story =
      story_new_with (REALTIME_OPENAI, &(RealtimePlan){ 0 },
                      &(WhisLiveOptions){ .address = "http://127.0.0.1:1/v1" });

  whis_live_start (story->live);
  say (story, 0);
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_NETWORK);
}

/* --- what the service refuses ----------------------------------------------------------------- */

static void
assert_refused (RealtimeDialect dialect, const RealtimePlan *plan, WhisServiceError code)
{
  g_autoptr (Story) story = story_new (dialect, plan);

  whis_live_start (story->live);
  say (story, 0);
  wait_for_end (story);
  assert_failed (story, code);
  g_assert_cmpuint (story->texts->len, ==, 0);
  /* not again, not elsewhere */
  g_assert_cmpuint (realtime_get_n_connections (story->service), ==, 1);
  assert_no_complaint (story);
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
  g_autoptr (Story) story =
      story_new (REALTIME_DEEPGRAM, &(RealtimePlan){ .refuse_status = 402,
                                                     .refuse_words = "no credits " REALTIME_KEY });

  whis_live_start (story->live);
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_CREDIT);
  g_assert_nonnull (strstr (story->error->message, "(no credits …)"));
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
  g_autoptr (Story) story = story_new (dialect, &(RealtimePlan){ .mute_from = 2, .error = error });

  whis_live_start (story->live);
  say (story, 0);
  wait_for_texts (story, 1);
  say (story, 1);
  wait_for_end (story);
  assert_failed (story, code);
  g_assert_cmpuint (story->texts->len, ==, 1);
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
  g_autoptr (Story) story = story_new (REALTIME_OPENAI, &(RealtimePlan){ .stray_commit = TRUE });

  whis_live_start (story->live);
  say (story, 0);
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_BAD_ANSWER);
}

static void
test_closed_while_draining (void)
{
  g_autoptr (Story) story =
      story_new (REALTIME_DEEPGRAM, &(RealtimePlan){ .silent_flush = TRUE, .close_code = 1011 });

  whis_live_start (story->live);
  say (story, 0);
  whis_live_finish (story->live);
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_SERVICE_DOWN);
  g_assert_cmpuint (story->texts->len, ==, 0);
}

static void
test_keep_alive (void)
{
  g_autoptr (Story) story = story_new_with (REALTIME_DEEPGRAM, &(RealtimePlan){ .idle_ms = 2000 },
                                            &(WhisLiveOptions){ .keep_alive_ms = 50 });

  whis_live_start (story->live);
  say (story, 0);
  wait_for_texts (story, 1);
  while (realtime_get_n_keep_alives (story->service) < 5)
    {
      g_assert_false (story->ended);
      g_main_context_iteration (NULL, TRUE);
    }
  say (story, 1);
  whis_live_finish (story->live);
  wait_for_end (story);
  g_assert_no_error (story->error);
  assert_sentence (story, 1, 1);
  assert_no_complaint (story);
}

static void
test_idle (void)
{
  g_autoptr (Story) story = story_new_with (REALTIME_DEEPGRAM, &(RealtimePlan){ .idle_ms = 1000 },
                                            &(WhisLiveOptions){ .keep_alive_ms = 60000 });

  whis_live_start (story->live);
  say (story, 0);
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_SERVICE_DOWN);
  assert_sentence (story, 0, 0);
}

/* --- keys ------------------------------------------------------------------------------------- */

static void
assert_not_sent (const WhisLiveOptions *options, WhisServiceError code)
{
  g_autoptr (Story) story = story_new_with (REALTIME_OPENAI, &(RealtimePlan){ 0 }, options);

  whis_live_start (story->live);
  g_assert_false (story->ended);
  wait_for_end (story);
  g_assert_error (story->error, WHIS_SERVICE_ERROR, (int) code);
  g_assert_cmpuint (realtime_get_n_connections (story->service), ==, 0);
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
  g_autoptr (Story) story =
      story_new (REALTIME_OPENAI, &(RealtimePlan){ .certificate = certificate });

  whis_live_start (story->live);
  say (story, 0);
  wait_for_end (story);
  assert_failed (story, WHIS_SERVICE_ERROR_TLS);
  g_assert_cmpuint (realtime_get_n_connections (story->service), ==, 0);
}

/* --- what is asked for ------------------------------------------------------------------------ */

static char *
find_setup (RealtimeDialect dialect, const char *model, const char *language)
{
  static const char *const words[] = { "Quillara", "Zoë & Co", NULL };
  g_autoptr (Story) story = story_new_with (dialect, &(RealtimePlan){ 0 },
                                            &(WhisLiveOptions){ .model = model,
                                                                .language = language,
                                                                .prompt = "About \"birds\".",
                                                                .vocabulary = words });

  whis_live_start (story->live);
  say (story, 0);
  whis_live_finish (story->live);
  wait_for_end (story);
  g_assert_no_error (story->error);
  assert_no_complaint (story);

  return g_strdup (realtime_get_setup (story->service));
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
go_to_stage (Story *story, Stage stage)
{
  if (stage == STAGE_NEW)
    return;
  whis_live_start (story->live);
  while (stage >= STAGE_CONNECTED && realtime_get_n_connections (story->service) == 0)
    g_main_context_iteration (NULL, TRUE);
  if (stage < STAGE_HEARD)
    return;
  push (story, make_sentence (story, 0));
  while (story->partials->len == 0)
    g_main_context_iteration (NULL, TRUE);
  story->cancel_at_text = stage == STAGE_TEXT;
  if (stage >= STAGE_MARKED)
    whis_live_mark (story->live, 0, TRUE);
  if (stage >= STAGE_FINISHING)
    whis_live_finish (story->live);
  while (stage == STAGE_TEXT && !story->cancelled)
    g_main_context_iteration (NULL, TRUE);
  if (stage == STAGE_ENDED)
    wait_for_end (story);
}

static void
assert_cancels (RealtimeDialect dialect, Stage stage, gboolean by_freeing)
{
  RealtimePlan plan = { .drop_at_commit = stage == STAGE_LOST ? 1 : 0 };
  g_autoptr (Story) story = story_new (dialect, &plan);

  go_to_stage (story, stage);
  story->cancelled = TRUE;
  if (by_freeing)
    return;
  whis_live_cancel (story->live);
  let_things_happen ();
  /* what comes too late is not heard, and does no harm */
  say (story, 1);
  if (stage != STAGE_NEW)
    whis_live_finish (story->live);
  whis_live_cancel (story->live);
  let_things_happen ();
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

/* --- marks alone ------------------------------------------------------------------------------ */

static void
commit_chunks (WhisLiveMarks *marks, guint n, guint samples)
{
  for (guint i = 0; i < n; i++)
    {
      whis_live_marks_add (marks, i, TRUE, (i + 1) * samples);
      g_assert_cmpuint (whis_live_marks_commit (marks), ==, i + 1);
    }
}

static void
assert_popped (gboolean popped, guint chunk, char *taken, guint expected, const char *text)
{
  g_autofree char *own = taken;

  g_assert_true (popped);
  g_assert_cmpuint (chunk, ==, expected);
  g_assert_cmpstr (own, ==, text);
}

static void
assert_pops (WhisLiveMarks *marks, guint expected, const char *text)
{
  guint chunk = 0;
  char *popped = NULL;
  gboolean did = whis_live_marks_pop (marks, &chunk, &popped);

  assert_popped (did, chunk, popped, expected, text);
}

static void
assert_pops_nothing (WhisLiveMarks *marks)
{
  guint chunk;
  char *text;

  g_assert_false (whis_live_marks_pop (marks, &chunk, &text));
}

static gboolean
take (WhisLiveMarks *marks, WhisLiveEventType type, const char *item, const char *text)
{
  return whis_live_marks_handle_event (
      marks, &(WhisLiveEvent){ .type = type, .item = (char *) item, .text = (char *) text });
}

/* What is understood of one chunk is not held without end, in any of the ways in which it comes. */
static void
test_marks_bounded (void)
{
  static const struct
  {
    WhisLiveMatch match;
    WhisLiveEventType type;
  } ways[] = {
    { WHIS_LIVE_MATCH_ITEM, WHIS_LIVE_EVENT_DELTA },
    { WHIS_LIVE_MATCH_ITEM, WHIS_LIVE_EVENT_FINAL },
    { WHIS_LIVE_MATCH_ORDER, WHIS_LIVE_EVENT_FINAL },
    { WHIS_LIVE_MATCH_TIME, WHIS_LIVE_EVENT_FINAL },
  };
  g_autofree char *text = g_strnfill (8192, 'a');
  g_autofree char *name = g_strnfill (8192, 'n');
  g_autoptr (WhisLiveMarks) named = whis_live_marks_new (WHIS_LIVE_MATCH_ITEM, 1000);

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (ways[i].match, 1000);
      guint n = 0;

      while (n < 1000 && take (marks, ways[i].type, "a", text))
        n++;
      g_assert_cmpuint (n, >, 10);
      g_assert_cmpuint (n, <, 1000);
    }
  g_assert_false (take (named, WHIS_LIVE_EVENT_DELTA, name, "a"));
}

/* Sentences are put side by side, with a blank where the script has them. */
static void
test_marks_joined (void)
{
  static const struct
  {
    const char *texts[3];
    const char *joined;
  } joins[] = {
    { { "One two.", "Three.", "" }, "One two. Three." },
    { { "今天", "天气", "很好。" }, "今天天气很好。" },
    { { "今天", "good", "" }, "今天 good" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (joins); i++)
    {
      g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_TIME, 1000);
      g_autofree char *partial = NULL;

      for (gsize j = 0; j < G_N_ELEMENTS (joins[i].texts); j++)
        g_assert_true (take (marks, WHIS_LIVE_EVENT_FINAL, NULL, joins[i].texts[j]));
      partial = whis_live_marks_dup_partial (marks);
      g_assert_cmpstr (partial, ==, joins[i].joined);
    }
}

/* A text that is held back because of an earlier chunk is told when that one is lost. */
static void
test_marks_rest (void)
{
  g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_ITEM, 1000);
  guint chunk = 0;
  char *text = NULL;
  gboolean did;

  commit_chunks (marks, 3, 1000);
  g_assert_true (take (marks, WHIS_LIVE_EVENT_TAKEN, "a", NULL));
  g_assert_true (take (marks, WHIS_LIVE_EVENT_TAKEN, "b", NULL));
  g_assert_true (take (marks, WHIS_LIVE_EVENT_FINAL, "b", "second"));
  assert_pops_nothing (marks);
  g_assert_true (whis_live_marks_is_waiting (marks));
  did = whis_live_marks_pop_rest (marks, &chunk, &text);
  assert_popped (did, chunk, text, 1, "second");
  g_assert_false (whis_live_marks_pop_rest (marks, &chunk, &text));
}

/* The text may be there before the commit is acknowledged, and may be told twice. */
static void
test_marks_early_text (void)
{
  g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_ITEM, 1000);
  g_autofree char *partial = NULL;

  commit_chunks (marks, 1, 1000);
  g_assert_true (take (marks, WHIS_LIVE_EVENT_FINAL, "a", " first\n"));
  assert_pops_nothing (marks);
  g_assert_true (take (marks, WHIS_LIVE_EVENT_TAKEN, "a", NULL));
  assert_pops (marks, 0, "first");
  g_assert_true (take (marks, WHIS_LIVE_EVENT_FINAL, "a", "first"));
  g_assert_true (take (marks, WHIS_LIVE_EVENT_DELTA, "a", "first"));
  partial = whis_live_marks_dup_partial (marks);
  g_assert_cmpstr (partial, ==, "");
}

/* Memory does not grow with the nonsense of a service. */
static void
test_marks_strays (void)
{
  g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_ITEM, 1000);
  guint n = 0;
  g_autofree char *name = g_strdup ("item");

  while (n < 1000 && take (marks, WHIS_LIVE_EVENT_DELTA, name, "x"))
    {
      g_free (name);
      name = g_strdup_printf ("item%u", n++);
    }
  g_assert_cmpuint (n, <, 1000);
}

static void
hear_final (WhisLiveMarks *marks, guint start_ms, guint end_ms, gboolean flushed, const char *text)
{
  g_assert_true (
      whis_live_marks_handle_event (marks, &(WhisLiveEvent){ .type = WHIS_LIVE_EVENT_FINAL,
                                                             .text = (char *) text,
                                                             .start_us = start_ms * 1000,
                                                             .end_us = end_ms * 1000,
                                                             .flushed = flushed }));
}

/* Each final text goes to the chunk that holds its middle. */
static void
test_marks_times (void)
{
  g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_TIME, 1000);

  commit_chunks (marks, 3, 1000);
  hear_final (marks, 0, 400, FALSE, "one");
  hear_final (marks, 400, 700, FALSE, "");
  hear_final (marks, 700, 950, FALSE, "two");
  assert_pops_nothing (marks);
  hear_final (marks, 950, 1500, FALSE, "three");
  assert_pops (marks, 0, "one two");
  hear_final (marks, 1500, 1980, TRUE, "four");
  assert_pops (marks, 1, "three four");
  assert_pops_nothing (marks);
  hear_final (marks, 1980, 2400, FALSE, "five");
  assert_pops_nothing (marks);
  whis_live_marks_hold_last (marks, TRUE);
  hear_final (marks, 2400, 3000, TRUE, "six");
  assert_pops_nothing (marks);
  hear_final (marks, 3000, 3100, FALSE, "seven");
  whis_live_marks_settle_all (marks);
  assert_pops (marks, 2, "five six seven");
}

/* The answer to an earlier flush does not settle the chunk that came meanwhile. */
static void
test_marks_late_flush (void)
{
  g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_TIME, 1000);

  commit_chunks (marks, 2, 300);
  hear_final (marks, 0, 300, TRUE, "one");
  assert_pops (marks, 0, "one");
  assert_pops_nothing (marks);
  hear_final (marks, 300, 600, TRUE, "two");
  assert_pops (marks, 1, "two");
}

/* --- logs ------------------------------------------------------------------------------------- */

static GLogWriterOutput
keep_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  g_autofree char *line = g_log_writer_format_fields (level, fields, n_fields, FALSE);

  g_string_append_printf (logged, "%s\n", line);

  return g_log_writer_default (level, fields, n_fields, data);
}

/* Runs last. */
static void
test_logs (void)
{
  g_assert_nonnull (strstr (logged->str, "Live session"));
  g_assert_null (strstr (logged->str, "0123456789abcdef"));
  g_assert_null (strstr (logged->str, "wörd"));
  g_assert_null (strstr (logged->str, "Quillara"));
}

static void
add_for_all (const char *name, GTestDataFunc func)
{
  for (int i = 0; i < N_REALTIMES; i++)
    {
      g_autofree char *path = g_strdup_printf ("/live/%s/%s", names[i], name);

      g_test_add_data_func (path, GINT_TO_POINTER (i), func);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  logged = g_string_new (NULL);
  g_log_set_writer_func (keep_log, NULL, NULL);

  add_for_all ("sentences", test_sentences);
  add_for_all ("farewell", test_farewell);
  add_for_all ("as-one-speaks", test_as_one_speaks);
  add_for_all ("partial-goes-on", test_partial_goes_on);
  add_for_all ("before-the-connection", test_before_the_connection);
  add_for_all ("silence", test_silence);
  add_for_all ("unmarked-chunk", test_unmarked_chunk);
  add_for_all ("not-at-once", test_not_at_once);
  add_for_all ("pieces", test_pieces);
  add_for_all ("scripted", test_scripted);
  add_for_all ("binary-json", test_binary_json);
  add_for_all ("split-messages", test_split_messages);
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
  add_for_all ("lost-at-commit", test_lost_at_commit);
  add_for_all ("lost-early", test_lost_early);
  add_for_all ("no-last-answer", test_no_last_answer);
  add_for_all ("no-hello", test_no_hello);
  g_test_add_func ("/live/openai/overflow", test_overflow);
  add_for_all ("flood", test_flood);
  g_test_add_func ("/live/deepgram/endless-message", test_endless_message);
  add_for_all ("pongs", test_pongs);
  add_for_all ("chatter", test_chatter);
  g_test_add_func ("/live/openai/partial-pause", test_partial_pause);
  add_for_all ("failed-send", test_failed_send);
  g_test_add_func ("/live/nobody-there", test_nobody_there);
  add_for_all ("refused-upgrade", test_refused_upgrade);
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
  g_test_add_func ("/live/openai/setup", test_setup_of_openai);
  g_test_add_func ("/live/deepgram/setup", test_setup_of_deepgram);
  g_test_add_func ("/live/elevenlabs/setup", test_setup_of_elevenlabs);
  add_for_all ("cancel", test_cancel);
  g_test_add_func ("/live-marks/bounded", test_marks_bounded);
  g_test_add_func ("/live-marks/joined", test_marks_joined);
  g_test_add_func ("/live-marks/rest", test_marks_rest);
  g_test_add_func ("/live-marks/early-text", test_marks_early_text);
  g_test_add_func ("/live-marks/strays", test_marks_strays);
  g_test_add_func ("/live-marks/times", test_marks_times);
  g_test_add_func ("/live-marks/late-flush", test_marks_late_flush);
  g_test_add_func ("/live-logs/nothing-said", test_logs);

  return g_test_run ();
}
