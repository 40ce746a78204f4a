/* SPDX-License-Identifier: MIT */
#include "history-fixture.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "awaited.h"
#include "history-private.h"
#include "history-sounds.h"

static const char *program;

static void
test_whole_record (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) record = create_record ("d-1", 1234, WHIS_DICTATION_STATE_DONE, "Hello");
  g_autoptr (WhisRecord) read = NULL;
  g_autoptr (WhisChunk) range = whis_chunk_new ("d-1", 3);
  g_autoptr (WhisRecordChunk) chunk = NULL;
  const WhisRecordChunk *read_chunk;

  g_free (record->provider);
  record->provider = g_strdup ("openai");
  record->model = g_strdup ("whisper-1");
  record->language = g_strdup ("de");
  record->prompt = g_strdup ("Names: Ada");
  record->host = g_strdup ("api.openai.com");
  record->name = g_strdup ("talk.ogg");
  record->origin = g_strdup ("talk 7 9");
  record->code = g_strdup ("network");
  record->message = g_strdup ("No network.");
  record->is_file = record->deliver = record->delivered = record->complete = TRUE;
  record->longest_chunk_ms = 30000;
  record->length_ms = G_GUINT64_CONSTANT (86400000) * 100;
  range->offset = 10;
  range->size = 20;
  range->start_ms = 30;
  range->length_ms = 40;
  range->voice_ms = 50;
  range->overlaps_previous = range->has_speech = TRUE;
  chunk = whis_record_chunk_new (range);
  chunk->text = g_strdup ("Hel");
  chunk->provider = g_strdup ("groq");
  chunk->code = g_strdup ("timeout");
  chunk->message = g_strdup ("Too slow.");
  chunk->model = g_strdup ("whisper-large-v3");
  chunk->host = g_strdup ("api.groq.com");
  chunk->times = whis_timed_texts_new ();
  g_ptr_array_add (chunk->times, whis_timed_text_new (30, 70, "Hel"));
  chunk->tried = g_strdup ("openai,mistral");
  g_free (history_fixture_write_sound (fixture, "d-1", "mp3"));

  whis_history_put (fixture->history, record);
  whis_history_put_chunk (fixture->history, chunk);
  read = get_record (fixture->history, "d-1");

  g_assert_cmpint (read->created_ms, ==, 1234);
  g_assert_cmpint (read->state, ==, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (read->provider, ==, "openai");
  g_assert_cmpstr (read->model, ==, "whisper-1");
  g_assert_cmpstr (read->language, ==, "de");
  g_assert_cmpstr (read->prompt, ==, "Names: Ada");
  g_assert_cmpstr (read->host, ==, "api.openai.com");
  g_assert_cmpstr (read->name, ==, "talk.ogg");
  g_assert_cmpstr (read->origin, ==, "talk 7 9");
  g_assert_cmpstr (read->code, ==, "network");
  g_assert_cmpstr (read->message, ==, "No network.");
  g_assert_cmpstr (read->text, ==, "Hello");
  g_assert_true (read->is_file && read->deliver && read->delivered && read->complete
                 && read->has_sound);
  g_assert_false (read->private || read->marked);
  g_assert_cmpuint (read->longest_chunk_ms, ==, 30000);
  g_assert_cmpuint (read->length_ms, ==, record->length_ms);
  g_assert_cmpuint (read->chunks->len, ==, 1);
  read_chunk = g_ptr_array_index (read->chunks, 0);
  g_assert_cmpstr (read_chunk->chunk->dictation, ==, "d-1");
  g_assert_cmpuint (read_chunk->chunk->index, ==, 3);
  g_assert_cmpuint (read_chunk->chunk->offset, ==, 10);
  g_assert_cmpuint (read_chunk->chunk->size, ==, 20);
  g_assert_cmpuint (read_chunk->chunk->start_ms, ==, 30);
  g_assert_cmpuint (read_chunk->chunk->length_ms, ==, 40);
  g_assert_cmpuint (read_chunk->chunk->voice_ms, ==, 50);
  g_assert_true (read_chunk->chunk->overlaps_previous && read_chunk->chunk->has_speech);
  g_assert_cmpstr (read_chunk->text, ==, "Hel");
  g_assert_cmpstr (read_chunk->provider, ==, "groq");
  g_assert_cmpstr (read_chunk->code, ==, "timeout");
  g_assert_cmpstr (read_chunk->message, ==, "Too slow.");
  g_assert_cmpstr (read_chunk->model, ==, "whisper-large-v3");
  g_assert_cmpstr (read_chunk->host, ==, "api.groq.com");
  g_assert_cmpstr (read_chunk->tried, ==, "openai,mistral");
  g_assert_cmpuint (read_chunk->times->len, ==, 1);
  assert_time (g_ptr_array_index (read_chunk->times, 0), 30, 70, "Hel");
  g_assert_true (contains_id (fixture->changed, "d-1"));
}

/* Only the owner may read what was said. */
static void
test_modes (HistoryFixture *fixture, gconstpointer data)
{
  struct stat status;

  put_text (fixture->history, "d-1", 1, "Hello");
  flush_history (fixture->history);
  g_assert_cmpint (stat (fixture->directory, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  g_assert_cmpint (stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

static void
test_mark_stays (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) read = NULL;

  put_text (fixture->history, "d-1", 1, "One");
  whis_history_set_marked (fixture->history, "d-1", TRUE);
  put_text (fixture->history, "d-1", 1, "Two");
  read = get_record (fixture->history, "d-1");
  g_assert_true (read->marked);
  g_assert_cmpstr (read->text, ==, "Two");
}

/* A text that is pasted once more: what is known of it later is kept, and what arrived once has
 * arrived. */
static void
test_outcome (HistoryFixture *fixture, gconstpointer data)
{
  static const struct
  {
    WhisDeliveryOutcome before;
    WhisDeliveryOutcome pasted;
    WhisDeliveryOutcome expected;
    WhisDeliveryOutcome with_receipt; /* one that comes late */
  } cases[] = {
    { WHIS_DELIVERY_OUTCOME_NONE, WHIS_DELIVERY_OUTCOME_NOT_SEEN, WHIS_DELIVERY_OUTCOME_NOT_SEEN,
      WHIS_DELIVERY_OUTCOME_LANDED },
    { WHIS_DELIVERY_OUTCOME_COPIED, WHIS_DELIVERY_OUTCOME_HANDED_OVER,
      WHIS_DELIVERY_OUTCOME_HANDED_OVER, WHIS_DELIVERY_OUTCOME_LANDED },
    { WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD, WHIS_DELIVERY_OUTCOME_LANDED,
      WHIS_DELIVERY_OUTCOME_LANDED, WHIS_DELIVERY_OUTCOME_LANDED },
    { WHIS_DELIVERY_OUTCOME_NOT_SEEN, WHIS_DELIVERY_OUTCOME_NO_TEXT_FIELD,
      WHIS_DELIVERY_OUTCOME_NO_TEXT_FIELD, WHIS_DELIVERY_OUTCOME_NO_TEXT_FIELD },
    { WHIS_DELIVERY_OUTCOME_LANDED, WHIS_DELIVERY_OUTCOME_NOT_SEEN, WHIS_DELIVERY_OUTCOME_LANDED,
      WHIS_DELIVERY_OUTCOME_LANDED },
    { WHIS_DELIVERY_OUTCOME_HANDED_OVER, WHIS_DELIVERY_OUTCOME_COPIED,
      WHIS_DELIVERY_OUTCOME_HANDED_OVER, WHIS_DELIVERY_OUTCOME_LANDED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *id = g_strdup_printf ("d-%" G_GSIZE_FORMAT, i);
      g_autoptr (WhisRecord) record = create_record (id, 1, WHIS_DICTATION_STATE_DONE, "words");
      g_autoptr (WhisRecord) pasted = NULL;
      g_autoptr (WhisRecord) received = NULL;
      gboolean changes;

      record->outcome = cases[i].before;
      record->method = g_strdup ("first");
      whis_history_put (fixture->history, record);
      flush_history (fixture->history);
      g_ptr_array_set_size (fixture->changed, 0);
      whis_history_set_outcome (fixture->history, id, cases[i].pasted, "second");
      pasted = get_record (fixture->history, id);
      g_assert_cmpint (pasted->outcome, ==, cases[i].expected);
      changes = cases[i].pasted == cases[i].expected;
      g_assert_cmpstr (pasted->method, ==, changes ? "second" : "first");
      g_assert_cmpint (contains_id (fixture->changed, id), ==, changes);
      whis_history_set_landed (fixture->history, id);
      received = get_record (fixture->history, id);
      g_assert_cmpint (received->outcome, ==, cases[i].with_receipt);
    }
}

static void
test_versions (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) read = NULL;
  const WhisRecordVersion *version;

  put_text (fixture->history, "d-1", 1, "One");
  put_text (fixture->history, "d-1", 1, "Wun");
  add_version (fixture->history, "d-1", "groq", "Second");
  add_version (fixture->history, "d-1", "mistral", "Third");
  add_version (fixture->history, "gone", "mistral", "Nothing");
  read = get_record (fixture->history, "d-1");
  g_assert_cmpuint (read->versions->len, ==, 3);
  version = g_ptr_array_index (read->versions, 0);
  g_assert_cmpuint (version->number, ==, 0);
  g_assert_cmpstr (version->text, ==, "Wun");
  version = g_ptr_array_index (read->versions, 2);
  g_assert_cmpuint (version->number, ==, 2);
  g_assert_cmpstr (version->provider, ==, "mistral");
  g_assert_cmpstr (version->model, ==, "large");
  g_assert_cmpstr (version->text, ==, "Third");
  g_assert_cmpint (version->created_ms, ==, 5000);
}

static void
test_pages (HistoryFixture *fixture, gconstpointer data)
{
  WhisHistoryQuery query = { .offset = 1, .limit = 2 };
  g_autoptr (GPtrArray) page = NULL;
  g_autoptr (GPtrArray) waiting = NULL;
  g_autoptr (GPtrArray) marked = NULL;
  guint total;

  for (int i = 0; i < 5; i++)
    {
      g_autofree char *id = g_strdup_printf ("d-%d", i);

      put_record (fixture->history, id, 100 - i,
                  i % 2 == 0 ? WHIS_DICTATION_STATE_DONE : WHIS_DICTATION_STATE_WAITING, "Hello");
    }
  whis_history_set_marked (fixture->history, "d-4", TRUE);

  page = list_records (fixture->history, &query, &total);
  g_assert_cmpuint (total, ==, 5);
  g_assert_cmpuint (page->len, ==, 2);
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (page, 0))->id, ==, "d-1");
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (page, 1))->id, ==, "d-2");

  query = (WhisHistoryQuery){ .states = 1u << WHIS_DICTATION_STATE_WAITING };
  waiting = list_records (fixture->history, &query, &total);
  g_assert_cmpuint (total, ==, 2);
  g_assert_cmpuint (waiting->len, ==, 2);

  query = (WhisHistoryQuery){ .marked = TRUE };
  marked = list_records (fixture->history, &query, &total);
  g_assert_cmpuint (total, ==, 1);
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (marked, 0))->id, ==, "d-4");
}

static void
test_search (HistoryFixture *fixture, gconstpointer data)
{
  WhisHistory *history = fixture->history;

  put_text (history, "a", 1, "The quick brown fox; don’t ask. C++ and Node.js");
  put_text (history, "b", 2, "Der schnelle Fuchs über die Straße, naïve Déjà-vu");
  put_text (history, "c", 3, "今日は天気がいいですね。東京タワー");
  put_text (history, "d", 4, "我们明天去北京大学");
  put_text (history, "e", 5, "한국어는 재미있어요 हिन्दी สวัสดีครับ 100 % 😀");
  add_version (history, "b", "groq", "The speedy vixen");

  assert_found (history, "quick", "a");
  assert_found (history, "QUI", "a");
  assert_found (history, "qui fox", "");
  assert_found (history, "fox qui", "a");
  assert_found (history, "fox fuchs", "");
  assert_found (history, "don't", "a");
  assert_found (history, "node.j", "a");
  assert_found (history, "uber strasse", "");
  assert_found (history, "uber straße", "b");
  assert_found (history, "naive deja", "b");
  assert_found (history, "vixen", "b");
  assert_found (history, "天気", "c");
  assert_found (history, "気がいい", "c");
  assert_found (history, "タワー", "c");
  assert_found (history, "気天", "");
  assert_found (history, "北京", "d");
  assert_found (history, "京大　明天", "d");
  assert_found (history, "京", "d c");
  assert_found (history, "국어", "e");
  assert_found (history, "हिन्दी", "e");
  assert_found (history, "สดี", "e");
  assert_found (history, "😀", "e");
  assert_found (history, "100 %", "e");
  assert_found (history, "", "e d c b a");
  assert_found (history, "  ", "e d c b a");

  /* An index follows its texts. */
  put_text (history, "a", 1, "A lazy dog");
  assert_found (history, "quick", "");
  assert_found (history, "lazy", "a");
  whis_history_delete (history, (const char *const[]){ "b", NULL });
  assert_found (history, "vixen", "");
  assert_found (history, "fuchs", "");
}

/* Whatever somebody types is words, and never a mistake. */
static void
test_search_anything (HistoryFixture *fixture, gconstpointer data)
{
  static const char *const searches[] = {
    "\"",
    "\"\"",
    "'",
    "*",
    "fox*",
    "\"fox",
    "NEAR(",
    "NEAR(fox quick, 2)",
    "fox AND",
    "OR",
    "NOT fox",
    "text:fox",
    "{text} : fox",
    "^fox",
    "fox + quick",
    "-fox",
    "(fox",
    "fox)",
    "\\",
    "%",
    "_",
    ";--",
    "\xff\xfe",
    "fox \xc3",
    "\u200b",
    "\u0301",
    "a\u0301",
    "👩‍👩‍👧",
    "\x01\x02",
  };
  g_autofree char *long_word = g_strnfill (100 * 1024, 'x');
  GString *long_search = g_string_new (NULL);
  g_autofree char *owned = NULL;

  put_text (fixture->history, "a", 1, "The quick brown fox");
  for (gsize i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_autofree char *found = search_ids (fixture->history, searches[i]);

      g_assert_nonnull (found);
    }
  assert_found (fixture->history, "\"fox", "a");
  assert_found (fixture->history, "(fox) *quick*", "a");
  assert_found (fixture->history, "fox NOT quick", "");
  assert_found (fixture->history, long_word, "");
  for (int i = 0; i < 20000; i++)
    g_string_append (long_search, i % 2 == 0 ? "日本" : " fox");
  owned = g_string_free (long_search, FALSE);
  assert_found (fixture->history, owned, "");
}

static void
test_delete (HistoryFixture *fixture, gconstpointer data)
{
  g_free (history_fixture_write_sound (fixture, "a", "mp3"));
  g_free (history_fixture_write_sound (fixture, "b", "mp3"));
  put_text (fixture->history, "a", 1, "One");
  put_text (fixture->history, "b", 2, "Two");
  put_chunk (fixture->history, "a", 0, "One");
  add_version (fixture->history, "a", "groq", "Uno");
  whis_history_delete (fixture->history, (const char *const[]){ "a", "unknown", "../b", NULL });
  put_chunk (fixture->history, "a", 1, "late");
  flush_history (fixture->history);

  g_assert_false (has_record (fixture->history, "a"));
  g_assert_true (has_record (fixture->history, "b"));
  g_assert_false (history_fixture_has_sound (fixture, "a"));
  g_assert_true (history_fixture_has_sound (fixture, "b"));
  g_assert_cmpuint (fixture->removed->len, ==, 1);
  g_assert_true (contains_id (fixture->removed, "a"));
}

/* A deletion that ended between the commit and the file is finished, and nothing comes back. */
static void
test_half_deleted (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;

  put_text (fixture->history, "a", 1, "One");
  flush_history (fixture->history);
  history_fixture_close (fixture);
  write_as_other (fixture->path, "INSERT INTO unwanted VALUES ('lost')");
  history_fixture_open (fixture);
  g_free (history_fixture_write_sound (fixture, "lost", "mp3"));

  found = recover_records (fixture->history);
  g_assert_cmpuint (found->len, ==, 0);
  g_assert_false (history_fixture_has_sound (fixture, "lost"));
}

/* Of either kind a sound is found, and goes, by the id alone. */
static void
test_kinds_of_sounds (HistoryFixture *fixture, gconstpointer data)
{
  static const char *const ids[] = { "samples", "frames" };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      gboolean is_lossless = i == 0;
      g_autofree char *path = history_fixture_write_sound (fixture, ids[i], "sound");
      struct stat status;
      g_autofree char *found = whis_history_sounds_find (fixture->directory, ids[i], &status);
      g_autoptr (WhisRecord) record = NULL;

      g_assert_true (g_str_has_suffix (path, is_lossless ? "/samples.wav" : "/frames.mp3"));
      g_assert_cmpstr (found, ==, path);
      put_text (fixture->history, ids[i], 1, "Words");
      record = get_record (fixture->history, ids[i]);
      g_assert_true (record->has_sound);
      g_assert_cmpint (record->is_lossless, ==, is_lossless);
    }

  whis_history_delete (fixture->history, (const char *const[]){ "samples", "frames", NULL });
  flush_history (fixture->history);
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_false (history_fixture_has_sound (fixture, ids[i]));
}

static void
test_bad_ids (HistoryFixture *fixture, gconstpointer data)
{
  static const char *const ids[] = {
    "",    "..",          "../x",
    "a/b", "/etc/passwd", "a.b",
    "a b", "ä",           "0123456789012345678901234567890123456789012345678901234567890123456789",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (whis_history_dup_sound_path (fixture->history, ids[i], FALSE));
      g_assert_null (whis_history_dup_sound_path (fixture->history, ids[i], TRUE));
      g_assert_cmpint (lock_sound (fixture->history, ids[i], &error), ==, -1);
      g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND);
      g_assert_false (has_record (fixture->history, ids[i]));
    }
}

static void
test_lock (HistoryFixture *fixture, gconstpointer data)
{
  g_autofree char *path = history_fixture_write_sound (fixture, "a", "mp3");
  g_autoptr (GError) error = NULL;
  int first = lock_sound (fixture->history, "a", &error);

  g_assert_no_error (error);
  g_assert_cmpint (first, >=, 0);
  g_assert_cmpint (lock_sound (fixture->history, "a", &error), ==, -1);
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BUSY);
  g_clear_error (&error);
  close (first);
  first = lock_sound (fixture->history, "a", &error);
  g_assert_no_error (error);
  close (first);
  g_unlink (path);
  g_assert_cmpint (lock_sound (fixture->history, "a", &error), ==, -1);
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND);
}

static void
test_cancelled (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const WhisHistoryQuery query = { 0 };

  put_text (fixture->history, "a", 1, "One");
  whis_history_list_async (fixture->history, &query, cancellable, store_result, &result);
  g_cancellable_cancel (cancellable);
  g_assert_null (whis_history_list_finish (fixture->history, wait_for (&result), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* Nobody else was meant. */
  g_assert_true (has_record (fixture->history, "a"));
}

static void
use_one_processor (void)
{
  cpu_set_t first;

  CPU_ZERO (&first);
  CPU_SET ((gsize) sched_getcpu (), &first);
  sched_setaffinity (0, sizeof first, &first);
}

/* From here on the main context goes on before this thread does, once it has something to do. */
static gpointer
read_idly (WhisHistoryDatabase *database, gconstpointer data, GError **error)
{
  const struct sched_param none = { 0 };

  sched_setaffinity (0, sizeof (cpu_set_t), data);
  sched_setscheduler (0, SCHED_IDLE, &none);

  return NULL;
}

static void
note_thread (gpointer thread)
{
  *(GThread **) thread = g_thread_self ();
}

/* What an answer was for ends in the main context, with all that it holds, and not in the thread
 * that read. */
static void
test_forgotten (HistoryFixture *fixture, gconstpointer data)
{
  cpu_set_t one;

  /* The threads of others are not to be slowed down. */
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }

  use_one_processor ();
  sched_getaffinity (0, sizeof one, &one);
  for (int i = 0; i < 100; i++)
    {
      GThread *ended_in = NULL;
      GTask *task = g_task_new (fixture->history, NULL, NULL, NULL);

      g_task_set_task_data (task, &one, NULL);
      g_object_set_data_full (G_OBJECT (task), "ended-in", &ended_in, note_thread);
      whis_history_worker_read (whis_history_get_worker (fixture->history), read_idly, g_free,
                                task);
      g_object_unref (task);
      while (g_atomic_pointer_get (&ended_in) == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_true (ended_in == g_thread_self ());
    }
}

/* Two programs write at once, from the first moment on. */
static void
test_two_programs (HistoryFixture *fixture, gconstpointer data)
{
  const char *directory = g_getenv ("WHIS_TEST_SHARED");
  const char *name = directory != NULL ? "child" : "parent";
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (WhisHistory) history = NULL;
  g_autoptr (GError) error = NULL;
  WhisHistoryQuery query = { 0 };
  guint total = 0;

  if (directory == NULL)
    {
      launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
      g_subprocess_launcher_setenv (launcher, "WHIS_TEST_SHARED", fixture->directory, TRUE);
      child = g_subprocess_launcher_spawn (launcher, &error, program, "-p", "/history/two-programs",
                                           NULL);
      g_assert_no_error (error);
    }
  history = whis_history_new (directory != NULL ? directory : fixture->directory);
  for (int i = 0; i < 200; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s-%d", name, i);

      put_text (history, id, i, "Both write");
      put_text (history, "shared", i, name);
    }
  flush_history (history);
  if (directory != NULL)
    return;

  g_assert_true (g_subprocess_wait_check (child, NULL, &error));
  g_assert_no_error (error);
  query.search = "both write";
  g_ptr_array_unref (list_records (history, &query, &total));
  g_assert_cmpuint (total, ==, 400);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (HistoryFixture *fixture, gconstpointer data);
  } tests[] = {
    { "/history/whole-record", test_whole_record },
    { "/history/modes", test_modes },
    { "/history/mark-stays", test_mark_stays },
    { "/history/outcome", test_outcome },
    { "/history/versions", test_versions },
    { "/history/pages", test_pages },
    { "/history/search", test_search },
    { "/history/search-anything", test_search_anything },
    { "/history/delete", test_delete },
    { "/history/half-deleted", test_half_deleted },
    { "/history/kinds-of-sounds", test_kinds_of_sounds },
    { "/history/bad-ids", test_bad_ids },
    { "/history/lock", test_lock },
    { "/history/cancelled", test_cancelled },
    { "/history/forgotten", test_forgotten },
    { "/history/two-programs", test_two_programs },
  };

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, HistoryFixture, NULL, history_fixture_set_up, tests[i].run,
                history_fixture_tear_down);

  return g_test_run ();
}
