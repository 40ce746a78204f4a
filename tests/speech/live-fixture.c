/* SPDX-License-Identifier: MIT */
#include "live-fixture.h"

#include <string.h>

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

static void
on_text (WhisLive *live, guint chunk, const char *text, LiveFixture *fixture)
{
  g_assert_false (fixture->ended);
  g_assert_false (fixture->cancelled);
  g_ptr_array_add (fixture->texts, g_strdup_printf ("%u: %s", chunk, text));
  if (!fixture->cancel_at_text)
    return;
  fixture->cancelled = TRUE;
  whis_live_cancel (live);
}

static void
on_missing (WhisLive *live, guint chunk, LiveFixture *fixture)
{
  g_assert_false (fixture->ended);
  g_assert_false (fixture->cancelled);
  g_ptr_array_add (fixture->texts, g_strdup_printf ("%u missing", chunk));
}

static void
on_partial (WhisLive *live, const char *text, LiveFixture *fixture)
{
  g_assert_false (fixture->ended);
  g_assert_false (fixture->cancelled);
  g_ptr_array_add (fixture->partials, g_strdup (text));
}

static void
on_ended (WhisLive *live, GError *error, LiveFixture *fixture)
{
  g_assert_false (fixture->ended);
  g_assert_false (fixture->cancelled);
  fixture->ended = TRUE;
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
watch_live (LiveFixture *fixture)
{
  g_signal_connect (fixture->live, "text", G_CALLBACK (on_text), fixture);
  g_signal_connect (fixture->live, "missing", G_CALLBACK (on_missing), fixture);
  g_signal_connect (fixture->live, "partial", G_CALLBACK (on_partial), fixture);
  g_signal_connect (fixture->live, "ended", G_CALLBACK (on_ended), fixture);
}

/* @options may leave out what follows from the dialect. */
LiveFixture *
live_fixture_new_with (RealtimeDialect dialect,
                       const RealtimePlan *plan,
                       const WhisLiveOptions *options)
{
  WhisLiveOptions own = *options;
  LiveFixture *fixture = g_new0 (LiveFixture, 1);

  fixture->dialect = dialect;
  fixture->service = realtime_new (dialect, plan);
  fixture->texts = g_ptr_array_new_with_free_func (g_free);
  fixture->partials = g_ptr_array_new_with_free_func (g_free);
  own.provider = &providers[dialect];
  own.dialect = dialects[dialect];
  if (own.model == NULL)
    own.model = models[dialect];
  if (own.address == NULL)
    own.address = realtime_get_address (fixture->service);
  if (own.key == NULL)
    own.key = REALTIME_KEY;
  fixture->live = whis_live_new (&own);
  watch_live (fixture);

  return fixture;
}

/* With so long a timeout that the session is not given up because this machine is busy. */
LiveFixture *
live_fixture_new (RealtimeDialect dialect, const RealtimePlan *plan)
{
  return live_fixture_new_with (dialect, plan, &(WhisLiveOptions){ .timeout_ms = 100000 });
}

void
live_fixture_free (LiveFixture *fixture)
{
  /* what is under way holds no session back */
  g_assert_finalize_object (fixture->live);
  realtime_free (fixture->service);
  /* sockets are closed by the loop */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_ptr_array_unref (fixture->texts);
  g_ptr_array_unref (fixture->partials);
  g_clear_error (&fixture->error);
  g_free (fixture);
}

void
live_fixture_iterate (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
live_fixture_push (LiveFixture *fixture, GByteArray *taken)
{
  g_autoptr (GByteArray) sound = taken;
  guint piece = whis_live_get_rate (fixture->live) / 10 * 2;

  for (guint at = 0; at < sound->len; at += piece)
    {
      guint size = MIN (piece, sound->len - at);
      g_autoptr (GBytes) bytes = g_bytes_new (sound->data + at, size);

      whis_live_push (fixture->live, bytes);
      fixture->n_pushed += size / 2;
    }
}

guint
live_fixture_get_word (guint chunk, guint i)
{
  return chunk * 10 + i;
}

/* A sentence with a pause in it and one behind it. */
GByteArray *
live_fixture_make_sentence (LiveFixture *fixture, guint chunk)
{
  guint rate = whis_live_get_rate (fixture->live);
  GByteArray *sound = g_byte_array_new ();

  for (guint i = 0; i < LIVE_FIXTURE_WORDS; i++)
    {
      realtime_say (sound, rate, live_fixture_get_word (chunk, i));
      if (i == 1)
        realtime_pause (sound, rate, 100);
    }
  realtime_pause (sound, rate, 300);

  return sound;
}

void
live_fixture_say (LiveFixture *fixture, guint chunk)
{
  live_fixture_push (fixture, live_fixture_make_sentence (fixture, chunk));
  whis_live_mark (fixture->live, chunk, TRUE);
}

void
live_fixture_say_all (LiveFixture *fixture)
{
  for (guint i = 0; i < LIVE_FIXTURE_SENTENCES; i++)
    live_fixture_say (fixture, i);
  whis_live_finish (fixture->live);
  live_fixture_wait_for_end (fixture);
}

void
live_fixture_be_silent (LiveFixture *fixture, guint ms)
{
  GByteArray *sound = g_byte_array_new ();

  realtime_pause (sound, whis_live_get_rate (fixture->live), ms);
  live_fixture_push (fixture, sound);
}

char *
live_fixture_write_sentence (guint chunk)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < LIVE_FIXTURE_WORDS; i++)
    {
      g_autofree char *word = realtime_word (live_fixture_get_word (chunk, i));

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", word);
    }

  return g_string_free (text, FALSE);
}

void
live_fixture_wait_for_texts (LiveFixture *fixture, guint n)
{
  while (fixture->texts->len < n)
    {
      g_assert_false (fixture->ended);
      g_main_context_iteration (NULL, TRUE);
    }
}

/* Waits until that sentence is all that is understood and not told. */
void
live_fixture_wait_for_partial (LiveFixture *fixture, guint chunk)
{
  g_autofree char *sentence = live_fixture_write_sentence (chunk);

  while (
      fixture->partials->len == 0
      || !g_str_equal (g_ptr_array_index (fixture->partials, fixture->partials->len - 1), sentence))
    g_main_context_iteration (NULL, TRUE);
}

void
live_fixture_wait_for_end (LiveFixture *fixture)
{
  while (!fixture->ended)
    g_main_context_iteration (NULL, TRUE);
  /* nothing comes after it */
  live_fixture_iterate ();
}

void
live_fixture_wait_for_close (LiveFixture *fixture)
{
  while (!realtime_was_closed_well (fixture->service))
    g_main_context_iteration (NULL, TRUE);
}

void
live_fixture_assert_sentence (LiveFixture *fixture, guint n, guint chunk)
{
  g_autofree char *sentence = live_fixture_write_sentence (chunk);
  g_autofree char *expected = g_strdup_printf ("%u: %s", chunk, sentence);

  g_assert_cmpuint (n, <, fixture->texts->len);
  g_assert_cmpstr (g_ptr_array_index (fixture->texts, n), ==, expected);
}

void
live_fixture_assert_line (LiveFixture *fixture, guint n, const char *line)
{
  g_assert_cmpuint (n, <, fixture->texts->len);
  g_assert_cmpstr (g_ptr_array_index (fixture->texts, n), ==, line);
}

void
live_fixture_assert_no_complaint (LiveFixture *fixture)
{
  g_assert_cmpstr (realtime_get_complaint (fixture->service), ==, NULL);
}

void
live_fixture_assert_failed (LiveFixture *fixture, WhisServiceError code)
{
  g_assert_error (fixture->error, WHIS_SERVICE_ERROR, (int) code);
  g_assert_null (strstr (fixture->error->message, REALTIME_KEY));
  g_assert_nonnull (strstr (fixture->error->message, providers[fixture->dialect].name));
}

/* --- logs ------------------------------------------------------------------------------------- */

static GLogWriterOutput
keep_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  g_autofree char *line = g_log_writer_format_fields (level, fields, n_fields, FALSE);

  g_string_append_printf (logged, "%s\n", line);

  return g_log_writer_default (level, fields, n_fields, data);
}

static void
test_logs (void)
{
  g_assert_nonnull (strstr (logged->str, "ive session"));
  g_assert_null (strstr (logged->str, "0123456789abcdef"));
  g_assert_null (strstr (logged->str, "wörd"));
  g_assert_null (strstr (logged->str, "Quillara"));
}

/* Once for each service. */
void
live_fixture_add_for_all (const char *name, GTestDataFunc func)
{
  for (int i = 0; i < N_REALTIMES; i++)
    {
      g_autofree char *path = g_strdup_printf ("/live/%s/%s", names[i], name);

      g_test_add_data_func (path, GINT_TO_POINTER (i), func);
    }
}

/* Runs what was added, and last of all looks at what was logged. */
int
live_fixture_run (void)
{
  logged = g_string_new (NULL);
  g_log_set_writer_func (keep_log, NULL, NULL);
  g_test_add_func ("/live-logs/nothing-said", test_logs);

  return g_test_run ();
}
