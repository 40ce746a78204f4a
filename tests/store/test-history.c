/* SPDX-License-Identifier: MIT */
#include "history.h"

#include <fcntl.h>
#include <glib/gstdio.h>
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

static void
store_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
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
  records = whis_history_recover_finish (history, wait_for (&result), &error);
  g_assert_no_error (error);

  return records;
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
  whis_history_put_chunk (history, chunk);
}

static void
add_version (WhisHistory *history, const char *id, const char *provider, const char *text)
{
  WhisRecordVersion version = { 99, 5000, (char *) provider, (char *) "large", (char *) text };

  whis_history_add_version (history, id, &version);
}

static char *
write_sound (Fixture *fixture, const char *id, const char *bytes)
{
  g_autoptr (GError) error = NULL;
  char *path = whis_history_dup_sound_path (fixture->history, id);

  g_assert_cmpint (g_mkdir_with_parents (fixture->recordings, 0700), ==, 0);
  g_file_set_contents (path, bytes, -1, &error);
  g_assert_no_error (error);

  return path;
}

static gboolean
has_sound (Fixture *fixture, const char *id)
{
  g_autofree char *path = whis_history_dup_sound_path (fixture->history, id);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* With SQLite's own means, as another program would. */
static void
execute (const char *path, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static gboolean
contains (GPtrArray *ids, const char *id)
{
  return g_ptr_array_find_with_equal_func (ids, id, g_str_equal, NULL);
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
  execute (fixture->path, "INSERT INTO unwanted VALUES ('lost')");
  open_history (fixture);
  g_free (write_sound (fixture, "lost", "mp3"));

  found = recover (fixture->history);
  g_assert_cmpuint (found->len, ==, 0);
  g_assert_false (has_sound (fixture, "lost"));
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

      g_assert_null (whis_history_dup_sound_path (fixture->history, ids[i]));
      g_assert_cmpint (whis_history_lock (fixture->history, ids[i], &error), ==, -1);
      g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND);
      g_assert_false (has (fixture->history, ids[i]));
    }
}

static void
test_lock (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_sound (fixture, "a", "mp3");
  g_autoptr (GError) error = NULL;
  int first = whis_history_lock (fixture->history, "a", &error);

  g_assert_no_error (error);
  g_assert_cmpint (first, >=, 0);
  g_assert_cmpint (whis_history_lock (fixture->history, "a", &error), ==, -1);
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BUSY);
  g_clear_error (&error);
  close (first);
  first = whis_history_lock (fixture->history, "a", &error);
  g_assert_no_error (error);
  close (first);
  g_unlink (path);
  g_assert_cmpint (whis_history_lock (fixture->history, "a", &error), ==, -1);
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
  WhisHistory *history = fixture->history;
  g_autofree char *orphan = write_sound (fixture, "orphan", "mp3");
  const struct utimbuf long_ago = { 50, 50 };
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (WhisRecord) interrupted = NULL;
  g_autoptr (GError) error = NULL;
  const char *const with_sound[] = { "recording", "transcribing", "waiting",   "stopped",
                                     "done",      "failed",       "cancelled", "locked" };
  int lock;

  for (gsize i = 0; i < G_N_ELEMENTS (with_sound); i++)
    g_free (write_sound (fixture, with_sound[i], "mp3"));
  g_free (write_sound (fixture, "empty", ""));
  g_free (write_sound (fixture, "empty-orphan", ""));
  utime (orphan, &long_ago);
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
  lock = whis_history_lock (history, "locked", &error);
  g_assert_no_error (error);

  found = recover (history);
  g_assert_cmpuint (found->len, ==, 6);
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (found, 0))->id, ==, "recording");
  g_assert_cmpstr (((WhisRecord *) g_ptr_array_index (found, 5))->id, ==, "orphan");
  g_assert_cmpint (find (found, "orphan")->created_ms, ==, 50000);
  g_assert_cmpint (find (found, "orphan")->state, ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_cmpint (find (found, "waiting")->state, ==, WHIS_DICTATION_STATE_WAITING);
  g_assert_cmpint (find (found, "transcribing")->state, ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_cmpuint (find (found, "transcribing")->chunks->len, ==, 1);
  g_assert_nonnull (find (found, "text-alone"));

  interrupted = get (history, "recording");
  g_assert_cmpint (interrupted->state, ==, WHIS_DICTATION_STATE_INTERRUPTED);
  g_assert_true (has (history, "orphan"));
  g_assert_false (has (history, "no-sound"));
  g_assert_false (has (history, "empty"));
  g_assert_false (has_sound (fixture, "empty"));
  g_assert_false (has_sound (fixture, "empty-orphan"));
  g_assert_true (has (history, "locked"));

  close (lock);
  again = recover (history);
  g_assert_cmpuint (again->len, ==, 7);
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
    { "/history/bad-ids", test_bad_ids },
    { "/history/lock", test_lock },
    { "/history/recover", test_recover },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);

  return g_test_run ();
}
