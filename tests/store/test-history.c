/* SPDX-License-Identifier: MIT */
#include "history.h"
#include "history-sounds.h"
#include "awaited.h"
#include "history-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#define DAY_MS (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)

static const char *program;

/* A history in a folder of its own, and what it has said. */
typedef struct
{
  char *directory;
  char *recordings;
  char *path;
  WhisHistory *history;
  GPtrArray *changed;
  GPtrArray *removed;
  GPtrArray *problems;
  guint n_sounds;
} Fixture;

static void
add_id_cb (WhisHistory *history, const char *id, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (id));
}

static void
problem_cb (WhisHistory *history, const GError *error, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (error->message));
}

static void
open_history (Fixture *fixture)
{
  fixture->history = whis_history_new (fixture->directory);
  g_signal_connect (fixture->history, "changed", G_CALLBACK (add_id_cb), fixture->changed);
  g_signal_connect (fixture->history, "removed", G_CALLBACK (add_id_cb), fixture->removed);
  g_signal_connect (fixture->history, "problem", G_CALLBACK (problem_cb), fixture->problems);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("whis-history-XXXXXX", &error);

  g_assert_no_error (error);
  fixture->directory = g_build_filename (top, "share", "whis", NULL);
  fixture->recordings = g_build_filename (fixture->directory, "recordings", NULL);
  fixture->path = g_build_filename (fixture->directory, "history.db", NULL);
  fixture->changed = g_ptr_array_new_with_free_func (g_free);
  fixture->removed = g_ptr_array_new_with_free_func (g_free);
  fixture->problems = g_ptr_array_new_with_free_func (g_free);
  open_history (fixture);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

/* All that was asked for is done, and the worker has let go. */
static void
close_history (Fixture *fixture)
{
  gpointer watched = fixture->history;

  g_object_add_weak_pointer (G_OBJECT (fixture->history), &watched);
  g_clear_object (&fixture->history);
  while (watched != NULL || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *share = g_path_get_dirname (fixture->directory);
  g_autofree char *top = g_path_get_dirname (share);

  close_history (fixture);
  remove_tree (top);
  g_free (fixture->directory);
  g_free (fixture->recordings);
  g_free (fixture->path);
  g_ptr_array_unref (fixture->changed);
  g_ptr_array_unref (fixture->removed);
  g_ptr_array_unref (fixture->problems);
}

static gboolean
try_flush (WhisHistory *history, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_history_flush_async (history, NULL, store_result, &result);

  return whis_history_flush_finish (history, wait_for (&result), error);
}

static void
flush (WhisHistory *history)
{
  g_autoptr (GError) error = NULL;

  try_flush (history, &error);
  g_assert_no_error (error);
}

static WhisRecord *
try_get (WhisHistory *history, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_history_get_async (history, id, NULL, store_result, &result);

  return whis_history_get_finish (history, wait_for (&result), error);
}

static WhisRecord *
get (WhisHistory *history, const char *id)
{
  g_autoptr (GError) error = NULL;
  WhisRecord *record = try_get (history, id, &error);

  g_assert_no_error (error);
  g_assert_nonnull (record);

  return record;
}

static gboolean
has (WhisHistory *history, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = try_get (history, id, &error);

  if (record == NULL)
    g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND);

  return record != NULL;
}

static GPtrArray *
list (WhisHistory *history, const WhisHistoryQuery *query, guint *total)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *records;

  whis_history_list_async (history, query, NULL, store_result, &result);
  records = whis_history_list_finish (history, wait_for (&result), total, &error);
  g_assert_no_error (error);

  return records;
}

/* The ids that a search finds, newest first, with spaces between. */
static char *
search (WhisHistory *history, const char *words)
{
  const WhisHistoryQuery query = { .search = words };
  guint total;
  g_autoptr (GPtrArray) records = list (history, &query, &total);
  GString *ids = g_string_new (NULL);

  g_assert_cmpuint (records->len, ==, total);
  for (guint i = 0; i < records->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "",
                            ((WhisRecord *) g_ptr_array_index (records, i))->id);

  return g_string_free (ids, FALSE);
}

#define assert_found(history, words, expected)                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *found_ids = search (history, words);                                          \
    g_assert_cmpstr (found_ids, ==, expected);                                                     \
  }                                                                                                \
  G_STMT_END

static GPtrArray *
recover (WhisHistory *history)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *records;

  whis_history_recover_async (history, NULL, store_result, &result);
  records = whis_history_recover_finish (history, wait_for (&result), NULL, &error);
  g_assert_no_error (error);

  return records;
}

static int
lock (WhisHistory *history, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_history_lock_async (history, id, NULL, store_result, &result);

  return whis_history_lock_finish (history, wait_for (&result), NULL, error);
}

static WhisRecord *
create_record (const char *id, gint64 created_ms, WhisDictationState state, const char *text)
{
  WhisRecord *record = whis_record_new (id);

  record->created_ms = created_ms;
  record->state = state;
  record->text = g_strdup (text);

  return record;
}

static void
put (WhisHistory *history,
     const char *id,
     gint64 created,
     WhisDictationState state,
     const char *text)
{
  g_autoptr (WhisRecord) record = create_record (id, created, state, text);

  whis_history_put (history, record);
}

static void
put_text (WhisHistory *history, const char *id, gint64 created, const char *text)
{
  put (history, id, created, WHIS_DICTATION_STATE_DONE, text);
}

static void
put_chunk (WhisHistory *history, const char *id, guint index, const char *text)
{
  g_autoptr (WhisChunk) range = whis_chunk_new (id, index);
  g_autoptr (WhisRecordChunk) chunk = whis_record_chunk_new (range);

  chunk->text = g_strdup (text);
  chunk->times = whis_timed_texts_new ();
  g_ptr_array_add (chunk->times, whis_timed_text_new (100, 200, text));
  whis_history_put_chunk (history, chunk);
}

static void
add_version (WhisHistory *history, const char *id, const char *provider, const char *text)
{
  WhisRecordVersion version = { 99, 5000, (char *) provider, (char *) "large", (char *) text };

  whis_history_add_version (history, id, &version);
}

/* Every other one is a WAV file. */
static char *
write_sound (Fixture *fixture, const char *id, const char *bytes)
{
  gboolean is_lossless = fixture->n_sounds++ % 2 == 0;
  g_autoptr (GError) error = NULL;
  char *path = whis_history_dup_sound_path (fixture->history, id, is_lossless);

  g_assert_cmpint (g_mkdir_with_parents (fixture->recordings, 0700), ==, 0);
  g_file_set_contents (path, bytes, -1, &error);
  g_assert_no_error (error);

  return path;
}

static gboolean
has_sound (Fixture *fixture, const char *id)
{
  struct stat status;
  g_autofree char *path = whis_history_sounds_find (fixture->directory, id, &status);

  return path != NULL;
}

static void
words_cb (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_value (context, values[0]);
}

/* With SQLite's own means, as another program would. */
static void
write_as_other (const char *path, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  sqlite3_create_function (db, "whis_words", 1, SQLITE_UTF8, NULL, words_cb, NULL, NULL);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static gboolean
contains (GPtrArray *ids, const char *id)
{
  return g_ptr_array_find_with_equal_func (ids, id, g_str_equal, NULL);
}

/* As the next run of the program sees it. */
static void
reopen (Fixture *fixture)
{
  close_history (fixture);
  open_history (fixture);
}

static void
assert_time (const WhisTimedText *time, guint64 start_ms, guint64 end_ms, const char *text)
{
  g_assert_cmpuint (time->start_ms, ==, start_ms);
  g_assert_cmpuint (time->end_ms, ==, end_ms);
  g_assert_cmpstr (time->text, ==, text);
}

static void
test_whole_record (Fixture *fixture, gconstpointer data)
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
  g_free (write_sound (fixture, "d-1", "mp3"));

  whis_history_put (fixture->history, record);
  whis_history_put_chunk (fixture->history, chunk);
  read = get (fixture->history, "d-1");

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
  g_assert_true (contains (fixture->changed, "d-1"));
}

/* Only the owner may read what was said. */
static void
test_modes (Fixture *fixture, gconstpointer data)
{
  struct stat status;

  put_text (fixture->history, "d-1", 1, "Hello");
  flush (fixture->history);
  g_assert_cmpint (stat (fixture->directory, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  g_assert_cmpint (stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

static void
test_mark_stays (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) read = NULL;

  put_text (fixture->history, "d-1", 1, "One");
  whis_history_set_marked (fixture->history, "d-1", TRUE);
  put_text (fixture->history, "d-1", 1, "Two");
  read = get (fixture->history, "d-1");
  g_assert_true (read->marked);
  g_assert_cmpstr (read->text, ==, "Two");
}

static void
test_versions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) read = NULL;
  const WhisRecordVersion *version;

  put_text (fixture->history, "d-1", 1, "One");
  put_text (fixture->history, "d-1", 1, "Wun");
  add_version (fixture->history, "d-1", "groq", "Second");
  add_version (fixture->history, "d-1", "mistral", "Third");
  add_version (fixture->history, "gone", "mistral", "Nothing");
  read = get (fixture->history, "d-1");
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
test_pages (Fixture *fixture, gconstpointer data)
{
  WhisHistoryQuery query = { .offset = 1, .limit = 2 };
  g_autoptr (GPtrArray) page = NULL;
  g_autoptr (GPtrArray) waiting = NULL;
  g_autoptr (GPtrArray) marked = NULL;
  guint total;

  for (int i = 0; i < 5; i++)
    {
      g_autofree char *id = g_strdup_printf ("d-%d", i);

      put (fixture->history, id, 100 - i,
           i % 2 == 0 ? WHIS_DICTATION_STATE_DONE : WHIS_DICTATION_STATE_WAITING, "Hello");
    }
  whis_history_set_marked (fixture->history, "d-4", TRUE);

  page = list (fixture->history, &query, &total);
  g_assert_cmpuint (total, ==, 5);
  g_assert_cmpuint (page->len, ==, 2);
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (page, 0))->id, ==, "d-1");
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (page, 1))->id, ==, "d-2");

  query = (WhisHistoryQuery){ .states = 1u << WHIS_DICTATION_STATE_WAITING };
  waiting = list (fixture->history, &query, &total);
  g_assert_cmpuint (total, ==, 2);
  g_assert_cmpuint (waiting->len, ==, 2);

  query = (WhisHistoryQuery){ .marked = TRUE };
  marked = list (fixture->history, &query, &total);
  g_assert_cmpuint (total, ==, 1);
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (marked, 0))->id, ==, "d-4");
}

static void
test_search (Fixture *fixture, gconstpointer data)
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
test_search_anything (Fixture *fixture, gconstpointer data)
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
      g_autofree char *found = search (fixture->history, searches[i]);

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
test_delete (Fixture *fixture, gconstpointer data)
{
  g_free (write_sound (fixture, "a", "mp3"));
  g_free (write_sound (fixture, "b", "mp3"));
  put_text (fixture->history, "a", 1, "One");
  put_text (fixture->history, "b", 2, "Two");
  put_chunk (fixture->history, "a", 0, "One");
  add_version (fixture->history, "a", "groq", "Uno");
  whis_history_delete (fixture->history, (const char *const[]){ "a", "unknown", "../b", NULL });
  put_chunk (fixture->history, "a", 1, "late");
  flush (fixture->history);

  g_assert_false (has (fixture->history, "a"));
  g_assert_true (has (fixture->history, "b"));
  g_assert_false (has_sound (fixture, "a"));
  g_assert_true (has_sound (fixture, "b"));
  g_assert_cmpuint (fixture->removed->len, ==, 1);
  g_assert_true (contains (fixture->removed, "a"));
}

/* A deletion that ended between the commit and the file is finished, and nothing comes back. */
static void
test_half_deleted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;

  put_text (fixture->history, "a", 1, "One");
  flush (fixture->history);
  close_history (fixture);
  write_as_other (fixture->path, "INSERT INTO unwanted VALUES ('lost')");
  open_history (fixture);
  g_free (write_sound (fixture, "lost", "mp3"));

  found = recover (fixture->history);
  g_assert_cmpuint (found->len, ==, 0);
  g_assert_false (has_sound (fixture, "lost"));
}

/* Of either kind a sound is found, and goes, by the id alone. */
static void
test_kinds_of_sounds (Fixture *fixture, gconstpointer data)
{
  static const char *const ids[] = { "samples", "frames" };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      gboolean is_lossless = i == 0;
      g_autofree char *path = write_sound (fixture, ids[i], "sound");
      struct stat status;
      g_autofree char *found = whis_history_sounds_find (fixture->directory, ids[i], &status);
      g_autoptr (WhisRecord) record = NULL;

      g_assert_true (g_str_has_suffix (path, is_lossless ? "/samples.wav" : "/frames.mp3"));
      g_assert_cmpstr (found, ==, path);
      put_text (fixture->history, ids[i], 1, "Words");
      record = get (fixture->history, ids[i]);
      g_assert_true (record->has_sound);
      g_assert_cmpint (record->is_lossless, ==, is_lossless);
    }

  whis_history_delete (fixture->history, (const char *const[]){ "samples", "frames", NULL });
  flush (fixture->history);
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_false (has_sound (fixture, ids[i]));
}

static void
test_bad_ids (Fixture *fixture, gconstpointer data)
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
      g_assert_cmpint (lock (fixture->history, ids[i], &error), ==, -1);
      g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND);
      g_assert_false (has (fixture->history, ids[i]));
    }
}

static void
test_lock (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_sound (fixture, "a", "mp3");
  g_autoptr (GError) error = NULL;
  int first = lock (fixture->history, "a", &error);

  g_assert_no_error (error);
  g_assert_cmpint (first, >=, 0);
  g_assert_cmpint (lock (fixture->history, "a", &error), ==, -1);
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BUSY);
  g_clear_error (&error);
  close (first);
  first = lock (fixture->history, "a", &error);
  g_assert_no_error (error);
  close (first);
  g_unlink (path);
  g_assert_cmpint (lock (fixture->history, "a", &error), ==, -1);
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND);
}

static const WhisRecord *
find (GPtrArray *records, const char *id)
{
  for (guint i = 0; i < records->len; i++)
    {
      const WhisRecord *record = g_ptr_array_index (records, i);

      if (g_str_equal (record->id, id))
        return record;
    }

  return NULL;
}

static void
test_recover (Fixture *fixture, gconstpointer data)
{
  WhisHistory *history;
  g_autofree char *orphan = write_sound (fixture, "orphan", "mp3");
  const struct utimbuf long_ago = { 50, 50 };
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (WhisRecord) given_up = NULL;
  g_autoptr (WhisRecord) interrupted = NULL;
  g_autoptr (GError) error = NULL;
  const char *const with_sound[] = { "recording", "transcribing", "waiting",   "stopped",
                                     "done",      "failed",       "cancelled", "locked" };
  int locked, born;

  g_free (write_sound (fixture, "empty-orphan", ""));
  for (gsize i = 0; i < G_N_ELEMENTS (with_sound); i++)
    g_free (write_sound (fixture, with_sound[i], "mp3"));
  g_free (write_sound (fixture, "empty", ""));
  g_free (write_sound (fixture, "being-born", ""));
  utime (orphan, &long_ago);
  history = fixture->history;
  put (history, "recording", 100, WHIS_DICTATION_STATE_RECORDING, NULL);
  put (history, "transcribing", 300, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);
  put_chunk (history, "transcribing", 0, "half");
  put (history, "waiting", 200, WHIS_DICTATION_STATE_WAITING, NULL);
  put (history, "stopped", 400, WHIS_DICTATION_STATE_INTERRUPTED, NULL);
  put (history, "done", 500, WHIS_DICTATION_STATE_DONE, "Done");
  put (history, "failed", 600, WHIS_DICTATION_STATE_FAILED, NULL);
  put (history, "cancelled", 700, WHIS_DICTATION_STATE_CANCELLED, NULL);
  put (history, "locked", 800, WHIS_DICTATION_STATE_RECORDING, NULL);
  put (history, "no-sound", 900, WHIS_DICTATION_STATE_STARTING, NULL);
  put (history, "empty", 1000, WHIS_DICTATION_STATE_RECORDING, NULL);
  put (history, "text-alone", 1100, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);
  put_chunk (history, "text-alone", 0, "words");
  flush (history);
  reopen (fixture);
  history = fixture->history;
  locked = lock (history, "locked", &error);
  g_assert_no_error (error);
  born = lock (history, "being-born", &error);
  g_assert_no_error (error);

  found = recover (history);
  g_assert_cmpuint (found->len, ==, 5);
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (found, 0))->id, ==, "recording");
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (found, 4))->id, ==, "orphan");
  g_assert_cmpint (find (found, "orphan")->created_ms, ==, 50000);
  g_assert_cmpint (find (found, "orphan")->state, ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_cmpint (find (found, "waiting")->state, ==, WHIS_DICTATION_STATE_WAITING);
  g_assert_cmpint (find (found, "transcribing")->state, ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_cmpuint (find (found, "transcribing")->chunks->len, ==, 1);

  given_up = get (history, "text-alone");
  g_assert_cmpint (given_up->state, ==, WHIS_DICTATION_STATE_FAILED);
  g_assert_cmpuint (given_up->chunks->len, ==, 1);
  interrupted = get (history, "recording");
  g_assert_cmpint (interrupted->state, ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_true (has (history, "orphan"));
  g_assert_false (has (history, "no-sound"));
  g_assert_false (has (history, "empty"));
  g_assert_false (has_sound (fixture, "empty"));
  g_assert_false (has_sound (fixture, "empty-orphan"));
  g_assert_true (has_sound (fixture, "being-born"));
  g_assert_true (has (history, "locked"));

  close (locked);
  close (born);
  again = recover (history);
  g_assert_cmpuint (again->len, ==, 6);
  g_assert_false (has_sound (fixture, "being-born"));
}

static GPtrArray *
recover_counting (WhisHistory *history, guint *n_owned)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *records;

  whis_history_recover_async (history, NULL, store_result, &result);
  records = whis_history_recover_finish (history, wait_for (&result), n_owned, &error);
  g_assert_no_error (error);

  return records;
}

/* Whoever ended a moment ago is not taken for one that is about to begin. */
static void
test_recover_at_once (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_real_time () / 1000;
  g_autoptr (GPtrArray) found = NULL;
  guint n_owned = 99;

  put (fixture->history, "sound", now, WHIS_DICTATION_STATE_RECORDING, NULL);
  put (fixture->history, "nothing", now, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);
  g_free (write_sound (fixture, "sound", "mp3"));
  g_free (write_sound (fixture, "no-entry", "mp3"));
  flush (fixture->history);
  reopen (fixture);

  found = recover_counting (fixture->history, &n_owned);
  g_assert_cmpuint (found->len, ==, 2);
  g_assert_nonnull (find (found, "sound"));
  g_assert_nonnull (find (found, "no-entry"));
  g_assert_cmpuint (n_owned, ==, 0);
  g_assert_false (has (fixture->history, "nothing"));
}

/* What another program works on is its own for as long as it lives, however old it is. */
static void
test_recover_other_run (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) own = NULL;
  g_autoptr (GPtrArray) again = NULL;
  Fixture other = *fixture;
  guint n_owned = 0;

  open_history (&other);
  put (other.history, "sound", 1, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);
  put (other.history, "nothing", 1, WHIS_DICTATION_STATE_STARTING, NULL);
  put (other.history, "waiting", 1, WHIS_DICTATION_STATE_WAITING, NULL);
  g_free (write_sound (fixture, "sound", "mp3"));
  g_free (write_sound (fixture, "waiting", "mp3"));
  flush (other.history);

  found = recover_counting (fixture->history, &n_owned);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_nonnull (find (found, "waiting"));
  g_assert_cmpuint (n_owned, ==, 2);
  g_assert_true (has (fixture->history, "nothing"));

  own = recover_counting (other.history, &n_owned);
  g_assert_cmpuint (own->len, ==, 1);
  g_assert_cmpuint (n_owned, ==, 0);

  close_history (&other);
  again = recover_counting (fixture->history, &n_owned);
  g_assert_cmpuint (again->len, ==, 2);
  g_assert_nonnull (find (again, "sound"));
  g_assert_cmpuint (n_owned, ==, 0);
  g_assert_false (has (fixture->history, "nothing"));
}

/* What is left, by a letter per thing: e the entry, t its text, s its sound. */
static char *
get_rest (Fixture *fixture, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = try_get (fixture->history, id, &error);

  return g_strconcat (record != NULL ? "e" : "", record != NULL && record->text != NULL ? "t" : "",
                      has_sound (fixture, id) ? "s" : "", NULL);
}

static void
test_rules (Fixture *fixture, gconstpointer data)
{
  enum
  {
    DELIVERED = 1,
    MARKED = 2,
    PRIVATE = 4,
    SILENT = 8, /* there is no sound */
  };
  const WhisDictationState done = WHIS_DICTATION_STATE_DONE;
  const WhisDictationState cancelled = WHIS_DICTATION_STATE_CANCELLED;
  const int always = WHIS_KEEP_ALWAYS;
  const gint64 minute = 60 * 1000;
  const struct
  {
    WhisDictationState state;
    guint flags;
    gint64 age_ms;
    int keep_sound;
    int keep_text;
    const char *rest;
  } cases[] = {
    { done, DELIVERED, 5 * DAY_MS, always, always, "ets" },
    { done, DELIVERED, 5 * DAY_MS, 7, 7, "ets" },
    { done, DELIVERED, 5 * DAY_MS, 5, always, "et" },
    { done, DELIVERED, 5 * DAY_MS - minute, 5, always, "ets" },
    { done, DELIVERED, 5 * DAY_MS, 0, always, "et" },
    { done, DELIVERED, 0, 0, always, "et" },
    { done, DELIVERED, 0, 0, 0, "" },
    { done, DELIVERED, 0, 1, 0, "es" },
    { done, DELIVERED, 0, always, 0, "es" },
    { done, DELIVERED, 5 * DAY_MS, always, 3, "es" },
    { done, DELIVERED, 5 * DAY_MS, 4, 3, "" },
    { done, DELIVERED, 5 * DAY_MS, 3, 7, "et" },
    { done, DELIVERED | SILENT, 5 * DAY_MS, always, 3, "" },
    { done, DELIVERED | SILENT, 5 * DAY_MS, 3, 7, "et" },
    { done, DELIVERED | MARKED, 5 * DAY_MS, 0, 0, "ets" },
    { done, DELIVERED | PRIVATE, 0, always, always, "" },
    { done, DELIVERED | PRIVATE | MARKED, 0, always, always, "" },
    { done, 0, 5 * DAY_MS, 0, 0, "ets" },
    { done, PRIVATE, 5 * DAY_MS, 0, 0, "ets" },
    { cancelled, 0, 5 * DAY_MS, 0, 0, "ets" },
    { cancelled, DELIVERED, 5 * DAY_MS, 0, 0, "ets" },
    { cancelled, PRIVATE, minute / 2, 0, 0, "ets" },
    { cancelled, PRIVATE, 2 * minute, always, always, "" },
    { cancelled, PRIVATE | MARKED, 2 * minute, always, always, "" },
    { WHIS_DICTATION_STATE_FAILED, 0, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_FAILED, DELIVERED, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_FAILED, PRIVATE, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_WAITING, DELIVERED | PRIVATE, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_INTERRUPTED, PRIVATE, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_TRANSCRIBING, DELIVERED, 5 * DAY_MS, 0, 0, "ets" },
    { WHIS_DICTATION_STATE_RECORDING, PRIVATE, 5 * DAY_MS, 0, 0, "ets" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *id = g_strdup_printf ("case-%" G_GSIZE_FORMAT, i);
      gint64 since = g_get_real_time () / 1000 - cases[i].age_ms;
      g_autofree char *age = NULL;
      g_autofree char *rest = NULL;

      if ((cases[i].flags & SILENT) == 0)
        g_free (write_sound (fixture, id, "mp3"));
      put (fixture->history, id, 1, cases[i].state, "words");
      put_chunk (fixture->history, id, 0, "words");
      flush (fixture->history);
      age = g_strdup_printf ("UPDATE dictations SET delivered = %d, private = %d, marked = %d,"
                             " delivered_at = %" G_GINT64_FORMAT ", state_at = %" G_GINT64_FORMAT
                             " WHERE id = '%s'",
                             (cases[i].flags & DELIVERED) != 0, (cases[i].flags & PRIVATE) != 0,
                             (cases[i].flags & MARKED) != 0, since, since, id);
      write_as_other (fixture->path, age);
      whis_history_set_rules (fixture->history, cases[i].keep_sound, cases[i].keep_text);
      whis_history_apply_rules (fixture->history);
      rest = get_rest (fixture, id);
      if (!g_str_equal (rest, cases[i].rest))
        g_error ("Of case %" G_GSIZE_FORMAT " there is “%s” left, not “%s”", i, rest,
                 cases[i].rest);
      whis_history_delete (fixture->history, (const char *const[]){ id, NULL });
    }
}

/* Where the rules say so, nothing waits for the next day. */
static void
test_rules_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) record = create_record ("a", 1, WHIS_DICTATION_STATE_DONE, "words");

  g_free (write_sound (fixture, "a", "mp3"));
  g_free (write_sound (fixture, "b", "mp3"));
  whis_history_set_rules (fixture->history, 0, WHIS_KEEP_ALWAYS);
  whis_history_put (fixture->history, record);
  flush (fixture->history);
  g_assert_true (has_sound (fixture, "a"));
  record->delivered = TRUE;
  whis_history_put (fixture->history, record);
  put_text (fixture->history, "b", 2, "words");
  whis_history_set_delivered (fixture->history, "b");
  flush (fixture->history);
  g_assert_false (has_sound (fixture, "a"));
  g_assert_false (has_sound (fixture, "b"));
  g_assert_true (has (fixture->history, "a"));
}

/* When the text goes before the sound, its versions and chunks go too. */
static void
test_text_before_sound (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) read = NULL;
  const WhisRecordChunk *chunk;

  g_free (write_sound (fixture, "a", "mp3"));
  put_text (fixture->history, "a", 1, "xylophone");
  put_chunk (fixture->history, "a", 0, "xylophone");
  add_version (fixture->history, "a", "groq", "xylophones");
  whis_history_set_rules (fixture->history, WHIS_KEEP_ALWAYS, 0);
  whis_history_set_delivered (fixture->history, "a");
  read = get (fixture->history, "a");
  g_assert_null (read->text);
  g_assert_cmpuint (read->versions->len, ==, 0);
  g_assert_cmpuint (read->chunks->len, ==, 1);
  chunk = g_ptr_array_index (read->chunks, 0);
  g_assert_null (chunk->text);
  g_assert_null (chunk->times);
  assert_found (fixture->history, "xylophone", "");
}

/* Whether any file of the folder has these bytes. */
static gboolean
is_on_disk (const char *directory, const char *bytes)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;
  gboolean found = FALSE;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autofree char *contents = NULL;
      gsize size;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        found = is_on_disk (path, bytes) || found;
      else if (g_file_get_contents (path, &contents, &size, NULL))
        found = memmem (contents, size, bytes, strlen (bytes)) != NULL || found;
    }

  return found;
}

/* Words of many lengths, so that pages are filled, split and joined. */
static char *
create_secret (int i)
{
  GString *text = g_string_new (NULL);

  for (int word = 0; word <= (i * 37) % 400; word++)
    g_string_append (text, "zanzibarine ");

  return g_string_free (text, FALSE);
}

static void
put_secret (WhisHistory *history, int i, gboolean private)
{
  g_autofree char *id = g_strdup_printf ("secret-%d", i);
  g_autofree char *text = create_secret (i);
  g_autoptr (WhisRecord) record = create_record (id, i, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);

  record->private = private;
  whis_history_put (history, record);
  for (guint chunk = 0; chunk < 3; chunk++)
    put_chunk (history, id, chunk, text);
  record->text = g_steal_pointer (&text);
  record->state = WHIS_DICTATION_STATE_DONE;
  whis_history_put (history, record);
  add_version (history, id, "groq", record->text);
}

static void
test_private_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  const int n = 60;

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("open-%d", i);

      put_text (fixture->history, id, i, "An open word that stays");
    }
  for (int i = 0; i < n; i++)
    put_secret (fixture->history, i, TRUE);
  flush (fixture->history);
  g_assert_true (is_on_disk (fixture->directory, "zanzibarine"));
  for (int i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("secret-%d", (i * 7) % n);

      whis_history_set_delivered (fixture->history, id);
    }
  flush (fixture->history);
  assert_found (fixture->history, "zanzibarine", "");
  g_assert_false (is_on_disk (fixture->directory, "zanzibarine"));
  g_assert_true (is_on_disk (fixture->directory, "open word"));
}

static void
test_deleted_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  put_text (fixture->history, "a", 1, "An open word that stays");
  for (int i = 0; i < 20; i++)
    put_secret (fixture->history, i, FALSE);
  flush (fixture->history);
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("secret-%d", i);

      whis_history_delete (fixture->history, (const char *const[]){ id, NULL });
    }
  flush (fixture->history);
  g_assert_false (is_on_disk (fixture->directory, "zanzi"));
}

/* What is kept is the sound; of the text nothing stays in a file. */
static void
test_text_rule_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  put_text (fixture->history, "a", 1, "An open word that stays");
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("secret-%d", i);

      g_free (write_sound (fixture, id, "mp3"));
      put_secret (fixture->history, i, FALSE);
      whis_history_set_delivered (fixture->history, id);
    }
  flush (fixture->history);
  g_assert_true (is_on_disk (fixture->directory, "zanzi"));

  whis_history_set_rules (fixture->history, WHIS_KEEP_ALWAYS, 0);
  whis_history_apply_rules (fixture->history);
  flush (fixture->history);
  g_assert_true (has (fixture->history, "secret-7"));
  g_assert_true (has_sound (fixture, "secret-7"));
  g_assert_false (is_on_disk (fixture->directory, "zanzi"));
  assert_found (fixture->history, "open word", "a");
}

static void
fill_disk (gboolean full)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = full ? 1 : limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) read = NULL;

  put_text (fixture->history, "before", 1, "Before");
  flush (fixture->history);
  fill_disk (TRUE);
  put_text (fixture->history, "a", 2, "One");
  put_text (fixture->history, "a", 2, "Two");
  put_chunk (fixture->history, "a", 0, "chunk");
  whis_history_set_marked (fixture->history, "a", TRUE);
  g_assert_false (try_flush (fixture->history, &error));
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY);
  put_text (fixture->history, "b", 3, "Three");
  g_assert_false (try_flush (fixture->history, NULL));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  /* What is there can be read. */
  g_assert_true (has (fixture->history, "before"));
  fill_disk (FALSE);

  /* Nobody asks again: it is written as soon as there is room. */
  g_ptr_array_set_size (fixture->changed, 0);
  while (!contains (fixture->changed, "b"))
    g_main_context_iteration (NULL, TRUE);
  flush (fixture->history);
  read = get (fixture->history, "a");
  g_assert_cmpstr (read->text, ==, "Two");
  g_assert_true (read->marked);
  g_assert_cmpuint (read->chunks->len, ==, 1);
}

/* Without anywhere to write to, the folder itself cannot be made. */
static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisHistory) history = whis_history_new ("/dev/null/whis");
  g_autoptr (GError) error = NULL;

  g_signal_connect (history, "problem", G_CALLBACK (problem_cb), fixture->problems);
  put_text (history, "a", 1, "One");
  put_text (history, "b", 1, "One");
  g_assert_false (try_flush (history, &error));
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY);
  g_assert_cmpuint (fixture->problems->len, ==, 1);
}

/* A disk that fails: SQLite's own way to it, but for writes that end with an error of the device.
 */
static struct
{
  sqlite3_vfs *own;
  sqlite3_vfs vfs;
  sqlite3_io_methods own_methods;
  sqlite3_io_methods methods;
  gint fails;
  gint n_failed;
  gint64 failed_us; /* when it failed last; of the worker's thread until @n_failed says so */
} disk;

static int
write_or_fail (sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
  if (!g_atomic_int_get (&disk.fails))
    return disk.own_methods.xWrite (file, data, size, offset);
  disk.failed_us = g_get_monotonic_time ();
  g_atomic_int_inc (&disk.n_failed);
  errno = EIO;

  return SQLITE_IOERR_WRITE;
}

static int
get_errno (sqlite3_vfs *vfs, int size, char *buffer)
{
  return EIO;
}

static int
open_on_disk (sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out)
{
  int code = disk.own->xOpen (disk.own, name, file, flags, out);

  /* The log is what is written to. */
  if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0)
    return code;
  disk.own_methods = *file->pMethods;
  disk.methods = disk.own_methods;
  disk.methods.xWrite = write_or_fail;
  file->pMethods = &disk.methods;

  return code;
}

static void
set_disk_fails (gboolean fails)
{
  if (disk.own == NULL)
    {
      disk.own = sqlite3_vfs_find (NULL);
      disk.vfs = *disk.own;
      disk.vfs.zName = "failing";
      disk.vfs.xOpen = open_on_disk;
      disk.vfs.xGetLastError = get_errno;
    }
  g_atomic_int_set (&disk.fails, fails);
}

/* Returns: when it failed again, in g_get_monotonic_time() */
static gint64
wait_until_disk_failed (void)
{
  gint n_failed = g_atomic_int_get (&disk.n_failed);

  while (g_atomic_int_get (&disk.n_failed) == n_failed)
    g_main_context_iteration (NULL, TRUE);

  return disk.failed_us;
}

/* It is told as what it is, tried again, and not for ever every other moment. */
static void
test_failing_disk (Fixture *fixture, gconstpointer data)
{
  gint64 failed_us;

  set_disk_fails (FALSE);
  g_assert_cmpint (sqlite3_vfs_register (&disk.vfs, 1), ==, SQLITE_OK);
  put_text (fixture->history, "before", 1, "Before");
  flush (fixture->history);
  set_disk_fails (TRUE);
  put_text (fixture->history, "a", 2, "One");
  g_assert_false (try_flush (fixture->history, NULL));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (fixture->problems, 0), "disk fails"));

  /* The next try comes by itself, after two seconds, and the one after it not so soon. */
  failed_us = wait_until_disk_failed ();
  g_assert_cmpint (wait_until_disk_failed () - failed_us, >=, 3 * G_USEC_PER_SEC);
  set_disk_fails (FALSE);
  put_text (fixture->history, "b", 3, "Two");
  flush (fixture->history);
  g_assert_true (has (fixture->history, "a"));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  g_assert_cmpint (sqlite3_vfs_unregister (&disk.vfs), ==, SQLITE_OK);
}

/* What may not be written is written when it may, and is not dropped. */
static void
test_denied_for_a_while (Fixture *fixture, gconstpointer data)
{
  g_autofree char *share = g_path_get_dirname (fixture->directory);

  g_assert_true (g_file_set_contents (share, "in the way", -1, NULL));
  put_text (fixture->history, "a", 1, "One");
  put_chunk (fixture->history, "a", 0, "One");
  put_text (fixture->history, "b", 2, "Two");
  g_assert_false (try_flush (fixture->history, NULL));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  g_assert_cmpint (g_unlink (share), ==, 0);

  while (!contains (fixture->changed, "b"))
    g_main_context_iteration (NULL, TRUE);
  flush (fixture->history);
  g_assert_true (has (fixture->history, "a"));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
}

/* A write that can never work is in nobody's way, and is told, each one. */
static void
test_refused_write (Fixture *fixture, gconstpointer data)
{
  put_text (fixture->history, "before", 1, "Before");
  flush (fixture->history);
  close_history (fixture);
  write_as_other (fixture->path, "CREATE TRIGGER refusal BEFORE INSERT ON dictations"
                                 "  WHEN new.name = 'bad' BEGIN"
                                 "  SELECT raise (ABORT, 'no'); END");
  open_history (fixture);
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *id = g_strdup_printf ("bad-%d", i);
      g_autoptr (WhisRecord) record = create_record (id, i, WHIS_DICTATION_STATE_DONE, "Bad");

      record->name = g_strdup ("bad");
      whis_history_put (fixture->history, record);
      g_assert_false (try_flush (fixture->history, NULL));
    }
  put_text (fixture->history, "good", 1, "Good");
  flush (fixture->history);
  g_assert_true (has (fixture->history, "good"));
  g_assert_cmpuint (fixture->problems->len, ==, 2);
}

/* In a process of its own, which gives up the rights of root where it has them. */
static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autofree char *share = g_path_get_dirname (fixture->directory);
  g_autofree char *top = g_path_get_dirname (share);
  const char *directory = g_getenv ("WHIS_TEST_READ_ONLY");
  g_autoptr (WhisHistory) history = NULL;
  g_autoptr (WhisRecord) read = NULL;
  g_autoptr (GError) error = NULL;

  if (g_test_subprocess ())
    {
      if (geteuid () == 0)
        g_assert_cmpint (setresuid (65534, 65534, 65534), ==, 0);
      history = whis_history_new (directory);
      g_signal_connect (history, "problem", G_CALLBACK (problem_cb), fixture->problems);
      read = get (history, "a");
      g_assert_cmpstr (read->text, ==, "One");
      put_text (history, "b", 1, "Two");
      g_assert_false (try_flush (history, &error));
      g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY);
      g_assert_cmpuint (fixture->problems->len, ==, 1);
      g_assert_false (has (history, "b"));
      return;
    }

  put_text (fixture->history, "a", 1, "One");
  flush (fixture->history);
  close_history (fixture);
  open_history (fixture);
  g_chmod (fixture->path, 0444);
  g_chmod (fixture->directory, 0555);
  g_chmod (share, 0755);
  g_chmod (top, 0755);
  g_setenv ("WHIS_TEST_READ_ONLY", fixture->directory, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_chmod (fixture->directory, 0755);
}

/* The thread that works on it may close it later than the history goes; with the last connection
 * the log goes, too. */
static void
await_closed_database (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);

  while (g_file_test (log, G_FILE_TEST_EXISTS))
    g_usleep (1000);
}

static void
test_too_new (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) second = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize size_before, size_after;

  put_text (fixture->history, "a", 1, "One");
  flush (fixture->history);
  close_history (fixture);
  await_closed_database (fixture->path);
  write_as_other (fixture->path, "PRAGMA user_version = 1000");
  g_assert_true (g_file_get_contents (fixture->path, &before, &size_before, NULL));
  open_history (fixture);

  put_text (fixture->history, "b", 1, "Two");
  g_assert_false (try_flush (fixture->history, &error));
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_TOO_NEW);
  g_assert_null (try_get (fixture->history, "a", &second));
  g_assert_error (second, WHIS_STORE_ERROR, WHIS_STORE_ERROR_TOO_NEW);
  g_assert_true (g_file_get_contents (fixture->path, &after, &size_after, NULL));
  g_assert_cmpmem (before, size_before, after, size_after);
}

/* Version 0 is a file without anything in it, as sqlite3_open() leaves it. */
static void
write_version_0 (Fixture *fixture)
{
  g_assert_cmpint (g_mkdir_with_parents (fixture->directory, 0700), ==, 0);
  write_as_other (fixture->path, "PRAGMA user_version = 7; PRAGMA user_version = 0");
}

static void
test_old_version (Fixture *fixture, gconstpointer data)
{
  write_version_0 (fixture);
  put_text (fixture->history, "a", 1, "One");
  assert_found (fixture->history, "one", "a");
}

/* What cannot be brought up to date says what is in the way. */
static void
test_old_version_read_only (Fixture *fixture, gconstpointer data)
{
  g_autofree char *share = g_path_get_dirname (fixture->directory);
  g_autofree char *top = g_path_get_dirname (share);
  const char *directory = g_getenv ("WHIS_TEST_READ_ONLY");
  g_autoptr (WhisHistory) history = NULL;
  g_autoptr (GError) error = NULL;

  if (g_test_subprocess ())
    {
      if (geteuid () == 0)
        g_assert_cmpint (setresuid (65534, 65534, 65534), ==, 0);
      history = whis_history_new (directory);
      g_assert_null (try_get (history, "a", &error));
      g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY);
      g_assert_nonnull (strstr (error->message, "read-only"));
      return;
    }

  write_version_0 (fixture);
  g_chmod (fixture->path, 0444);
  g_chmod (fixture->directory, 0555);
  g_chmod (share, 0755);
  g_chmod (top, 0755);
  g_setenv ("WHIS_TEST_READ_ONLY", fixture->directory, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_chmod (fixture->directory, 0755);
}

/* A damaged value costs the times, not the text. */
static void
test_damaged_times (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) read = NULL;
  const WhisRecordChunk *chunk;

  put_text (fixture->history, "a", 1, "One");
  put_chunk (fixture->history, "a", 0, "One");
  flush (fixture->history);
  write_as_other (fixture->path, "UPDATE chunks SET times = '[[0,1,\"On'");
  read = get (fixture->history, "a");
  chunk = g_ptr_array_index (read->chunks, 0);
  g_assert_cmpstr (chunk->text, ==, "One");
  g_assert_null (chunk->times);
}

static void
put_file (WhisHistory *history,
          const char *id,
          gint64 created,
          WhisDictationState state,
          const char *text)
{
  g_autoptr (WhisRecord) record = create_record (id, created, state, NULL);

  record->is_file = TRUE;
  record->origin = g_strdup ("talk 7 9");
  whis_history_put (history, record);
  put_chunk (history, id, 0, text);
}

static WhisRecord *
find_origin (WhisHistory *history, const char *origin)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  WhisRecord *record;

  whis_history_find_origin_async (history, origin, NULL, store_result, &result);
  record = whis_history_find_origin_finish (history, wait_for (&result), &error);
  g_assert_no_error (error);

  return record;
}

/* The words of an earlier run are found, and only those that can be gone on with. */
static void
test_find_origin (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) found = NULL;
  const WhisRecordChunk *chunk;

  g_assert_null (find_origin (fixture->history, "talk 7 9"));
  put_file (fixture->history, "empty", 6, WHIS_DICTATION_STATE_FAILED, "");
  g_assert_null (find_origin (fixture->history, "talk 7 9"));
  put_file (fixture->history, "older", 2, WHIS_DICTATION_STATE_FAILED, "Old words");
  put_file (fixture->history, "newer", 3, WHIS_DICTATION_STATE_INTERRUPTED, "New words");
  put_file (fixture->history, "oldest", 1, WHIS_DICTATION_STATE_CANCELLED, "Oldest words");
  put_file (fixture->history, "done", 5, WHIS_DICTATION_STATE_DONE, "All words");
  put_text (fixture->history, "spoken", 7, "Other words");

  found = find_origin (fixture->history, "talk 7 9");
  g_assert_cmpstr (found->id, ==, "newer");
  chunk = g_ptr_array_index (found->chunks, 0);
  g_assert_cmpstr (chunk->text, ==, "New words");
  assert_time (g_ptr_array_index (chunk->times, 0), 100, 200, "New words");
  g_assert_null (find_origin (fixture->history, "talk 7 8"));
}

/* What was recovered is gone on with, and not sent again. */
static void
test_recover_chunks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (WhisRecord) copy = NULL;
  const WhisRecordChunk *chunk;

  g_free (write_sound (fixture, "a", "mp3"));
  put_file (fixture->history, "a", 1, WHIS_DICTATION_STATE_TRANSCRIBING, "Words");
  flush (fixture->history);
  reopen (fixture);
  found = recover (fixture->history);
  g_assert_cmpuint (found->len, ==, 1);
  copy = whis_record_copy (g_ptr_array_index (found, 0));
  g_ptr_array_set_size (found, 0);
  g_assert_cmpstr (copy->origin, ==, "talk 7 9");
  chunk = g_ptr_array_index (copy->chunks, 0);
  assert_time (g_ptr_array_index (chunk->times, 0), 100, 200, "Words");
}

static guint
count_files (const char *directory, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      n++;

  return n;
}

static void
test_no_database (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (WhisRecord) delivered = NULL;

  g_free (write_sound (fixture, "lost", "mp3"));
  g_free (write_sound (fixture, "delivered", "mp3"));
  put_text (fixture->history, "delivered", 1, "One");
  flush (fixture->history);
  close_history (fixture);
  g_file_set_contents (fixture->path, "This is no database, whatever its name says.", -1, NULL);
  open_history (fixture);
  put_text (fixture->history, "a", 1, "One");
  flush (fixture->history);
  g_assert_true (has (fixture->history, "a"));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  g_assert_cmpuint (count_files (fixture->directory, "history.db.damaged-"), ==, 1);
  /* What was delivered is there, but not offered; what was not is. */
  found = recover (fixture->history);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_nonnull (find (found, "lost"));
  delivered = get (fixture->history, "delivered");
  g_assert_cmpint (delivered->state, ==, WHIS_DICTATION_STATE_FAILED);
  g_assert_true (delivered->has_sound);
}

/* Damage that shows only while reading. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  const WhisHistoryQuery query = { 0 };
  gsize size;

  for (int i = 0; i < 200; i++)
    put_secret (fixture->history, i, FALSE);
  flush (fixture->history);
  close_history (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &size, NULL));
  memset (bytes + 4096, 0xAA, size - 4096);
  g_file_set_contents (fixture->path, bytes, (gssize) size, NULL);
  open_history (fixture);

  whis_history_list_async (fixture->history, &query, NULL, store_result, &result);
  none = whis_history_list_finish (fixture->history, wait_for (&result), NULL, NULL);
  put_text (fixture->history, "a", 1, "One");
  flush (fixture->history);
  g_assert_true (has (fixture->history, "a"));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  g_assert_cmpuint (count_files (fixture->directory, "history.db.damaged-"), >=, 1);
}

#define PAGE 4096

static void
damage_page (Fixture *fixture, gsize number)
{
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (fixture->path, &bytes, &size, NULL));
  g_assert_cmpuint (number * PAGE, <=, size);
  memset (bytes + (number - 1) * PAGE, 0xAA, PAGE);
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) size, NULL));
}

static gsize
find_root_page (Fixture *fixture, const char *table)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
  sqlite3_stmt *row;
  sqlite3 *db;
  gsize page;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &row, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  page = (gsize) sqlite3_column_int64 (row, 0);
  sqlite3_finalize (row);
  sqlite3_close (db);

  return page;
}

/* Every page that has these bytes. */
static void
damage_pages (Fixture *fixture, const char *bytes)
{
  g_autofree char *contents = NULL;
  gsize size, n = 0;

  g_assert_true (g_file_get_contents (fixture->path, &contents, &size, NULL));
  for (gsize page = 0; page < size / PAGE; page++)
    if (memmem (contents + page * PAGE, PAGE, bytes, strlen (bytes)) != NULL)
      {
        damage_page (fixture, page + 1);
        n++;
      }
  g_assert_cmpuint (n, >, 0);
}

#define N_DELIVERED 100

/* A hundred that were delivered and have their sound, one in the middle, and what was used. */
static void
fill (Fixture *fixture)
{
  for (int i = 0; i < N_DELIVERED; i++)
    {
      g_autofree char *id = g_strdup_printf ("done-%d", i);
      g_autofree char *text = g_strdup_printf ("apricot number-%d-of-many with some more words", i);

      g_free (write_sound (fixture, id, "mp3"));
      put_text (fixture->history, id, i, text);
      put_chunk (fixture->history, id, 0, text);
      add_version (fixture->history, id, "groq", "another apple");
      whis_history_set_delivered (fixture->history, id);
    }
  put (fixture->history, "half", 1000, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);
  put_chunk (fixture->history, "half", 0, "half");
  g_free (write_sound (fixture, "half", "mp3"));
  flush (fixture->history);
  close_history (fixture);
  write_as_other (fixture->path, "INSERT INTO usage VALUES ('2026-01', 'openai', 7, 5000);"
                                 "PRAGMA wal_checkpoint (TRUNCATE)");
}

static gint64
count_usage (Fixture *fixture)
{
  sqlite3_stmt *row;
  sqlite3 *db;
  gint64 ms;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT sum (ms) FROM usage", -1, &row, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  ms = sqlite3_column_int64 (row, 0);
  sqlite3_finalize (row);
  sqlite3_close (db);

  return ms;
}

/* Where nothing but an index is damaged nothing is lost, whoever is the first to notice. */
static void
test_damaged_index (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    WhisHistoryQuery query; /* that needs it */
  } indexes[] = {
    { "dictation_words_data", { .search = "apricot" } },
    { "dictations_created", { .states = 1u << WHIS_DICTATION_STATE_DONE, .limit = 10 } },
  };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (indexes); i++)
    {
      g_autoptr (GPtrArray) records = NULL;
      guint total = 0;

      damage_page (fixture, find_root_page (fixture, indexes[i].name));
      open_history (fixture);
      records = list (fixture->history, &indexes[i].query, &total);
      g_assert_cmpuint (total, ==, N_DELIVERED);
      flush (fixture->history);
      g_assert_cmpuint (fixture->problems->len, ==, i + 1);
      g_assert_nonnull (strstr (g_ptr_array_index (fixture->problems, i), "nothing is lost"));
      g_assert_cmpuint (count_files (fixture->directory, "history.db.damaged-"), ==, 0);
      close_history (fixture);
    }

  /* Or a write. */
  damage_page (fixture, find_root_page (fixture, "dictation_words_data"));
  open_history (fixture);
  put_text (fixture->history, "new", 2000, "a new apricot");
  assert_found (fixture->history, "new apricot", "new");
  assert_found (fixture->history, "number-7-of", "done-7");
  flush (fixture->history);
  g_assert_cmpuint (fixture->problems->len, ==, 3);
  g_assert_cmpint (count_usage (fixture), ==, 5000);
}

/* One page of a table takes with it what was in it, and no more. */
static void
test_damaged_page (Fixture *fixture, gconstpointer data)
{
  const WhisHistoryQuery done = { .states = 1u << WHIS_DICTATION_STATE_DONE };
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (WhisRecord) kept = NULL;
  g_autoptr (WhisRecord) lost = NULL;
  const char *problem;
  guint total = 0;

  fill (fixture);
  damage_pages (fixture, "number-50-of-many");
  open_history (fixture);
  found = recover (fixture->history);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_nonnull (find (found, "half"));
  g_assert_cmpuint (find (found, "half")->chunks->len, ==, 1);

  records = list (fixture->history, &done, &total);
  g_assert_cmpuint (total, >, N_DELIVERED / 2);
  g_assert_cmpuint (total, <, N_DELIVERED);
  kept = get (fixture->history, "done-0");
  g_assert_true (kept->delivered);
  g_assert_cmpuint (kept->chunks->len, ==, 1);
  g_assert_cmpuint (kept->versions->len, ==, 2);
  assert_found (fixture->history, "number-99-of", "done-99");
  lost = get (fixture->history, "done-50");
  g_assert_cmpint (lost->state, ==, WHIS_DICTATION_STATE_FAILED);
  g_assert_cmpint (count_usage (fixture), ==, 5000);

  flush (fixture->history);
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  problem = g_ptr_array_index (fixture->problems, 0);
  g_assert_nonnull (strstr (problem, "history.db.damaged-"));
  g_assert_cmpuint (count_files (fixture->directory, "history.db.damaged-"), >=, 1);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
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
  g_assert_true (has (fixture->history, "a"));
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
test_forgotten (Fixture *fixture, gconstpointer data)
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
test_two_programs (Fixture *fixture, gconstpointer data)
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
  flush (history);
  if (directory != NULL)
    return;

  g_assert_true (g_subprocess_wait_check (child, NULL, &error));
  g_assert_no_error (error);
  query.search = "both write";
  g_ptr_array_unref (list (history, &query, &total));
  g_assert_cmpuint (total, ==, 400);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/history/whole-record", test_whole_record },
    { "/history/modes", test_modes },
    { "/history/mark-stays", test_mark_stays },
    { "/history/versions", test_versions },
    { "/history/pages", test_pages },
    { "/history/search", test_search },
    { "/history/search-anything", test_search_anything },
    { "/history/delete", test_delete },
    { "/history/half-deleted", test_half_deleted },
    { "/history/kinds-of-sounds", test_kinds_of_sounds },
    { "/history/bad-ids", test_bad_ids },
    { "/history/lock", test_lock },
    { "/history/recover", test_recover },
    { "/history/recover-at-once", test_recover_at_once },
    { "/history/recover-other-run", test_recover_other_run },
    { "/history/rules", test_rules },
    { "/history/rules-at-once", test_rules_at_once },
    { "/history/text-before-sound", test_text_before_sound },
    { "/history/private-leaves-nothing", test_private_leaves_nothing },
    { "/history/deleted-leaves-nothing", test_deleted_leaves_nothing },
    { "/history/text-rule-leaves-nothing", test_text_rule_leaves_nothing },
    { "/history/full-disk", test_full_disk },
    { "/history/no-folder", test_no_folder },
    { "/history/failing-disk", test_failing_disk },
    { "/history/denied-for-a-while", test_denied_for_a_while },
    { "/history/refused-write", test_refused_write },
    { "/history/read-only", test_read_only },
    { "/history/too-new", test_too_new },
    { "/history/old-version", test_old_version },
    { "/history/old-version-read-only", test_old_version_read_only },
    { "/history/damaged-times", test_damaged_times },
    { "/history/find-origin", test_find_origin },
    { "/history/recover-chunks", test_recover_chunks },
    { "/history/no-database", test_no_database },
    { "/history/damaged", test_damaged },
    { "/history/damaged-index", test_damaged_index },
    { "/history/damaged-page", test_damaged_page },
    { "/history/cancelled", test_cancelled },
    { "/history/forgotten", test_forgotten },
    { "/history/two-programs", test_two_programs },
  };

  program = argv[0];
  (void) signal (SIGXFSZ, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);

  return g_test_run ();
}
