/* SPDX-License-Identifier: MIT */
#include "history-words.h"

#include <sqlite3.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static sqlite3 *
open_index (void)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db,
                                 "CREATE VIRTUAL TABLE words USING fts5 (text, content='',"
                                 " tokenize=\"unicode61 remove_diacritics 2"
                                 " categories 'L* N* Co Mn Mc'\");"
                                 "INSERT INTO words (rowid, text) VALUES (1, 'a quick brown fox')",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);

  return db;
}

/* What a user searches for is never a syntax error. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static sqlite3 *db;
  g_autofree char *search = g_strndup ((const char *) data, size);
  g_autofree char *words = whis_history_words_split (search);
  g_autofree char *query = whis_history_words_to_query (search);
  sqlite3_stmt *statement = NULL;
  int code;

  g_assert_true (g_utf8_validate (words, -1, NULL));
  if (query == NULL)
    return 0;
  if (db == NULL)
    db = open_index ();

  sqlite3_prepare_v2 (db, "SELECT rowid FROM words WHERE words MATCH ?1", -1, &statement, NULL);
  sqlite3_bind_text (statement, 1, query, -1, SQLITE_TRANSIENT);
  code = sqlite3_step (statement);
  g_assert_true (code == SQLITE_ROW || code == SQLITE_DONE);
  sqlite3_finalize (statement);

  return 0;
}
