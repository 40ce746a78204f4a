/* SPDX-License-Identifier: MIT */
#include "history-schema.h"

#define INDEX                                                                                      \
  "CREATE VIRTUAL TABLE dictation_words USING fts5 (text, content='',"                             \
  "  tokenize=\"unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'\");"                     \
  "CREATE VIRTUAL TABLE version_words USING fts5 (text, content='',"                               \
  "  tokenize=\"unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'\");"

/**
 * whis_history_schema_new_index:
 *
 * The statements that make the index of the words, and those of the tables, anew.
 */
const char whis_history_schema_new_index[] =
    "DROP TABLE IF EXISTS dictation_words;"
    "DROP TABLE IF EXISTS version_words;" INDEX
    "INSERT INTO dictation_words (rowid, text) SELECT key, whis_words (text) FROM dictations"
    "  WHERE text IS NOT NULL AND NOT private;"
    "INSERT INTO version_words (rowid, text) SELECT key, whis_words (text) FROM versions"
    "  WHERE number > 0 AND NOT private;"
    "REINDEX;";

/* The index knows words alone, not texts. Nothing of a private dictation comes into it, since what
 * is deleted leaves it only when its segments are merged. `whis_words` is
 * whis_history_words_split(). A file of SQLite's own tools can read all of it, and write what has
 * no text. */
static const char version_1[] =
    "CREATE TABLE dictations ("
    "  key INTEGER PRIMARY KEY,"
    "  id TEXT NOT NULL UNIQUE,"
    "  created INTEGER NOT NULL,"
    "  state TEXT NOT NULL,"
    "  state_at INTEGER NOT NULL,"
    "  marked INTEGER NOT NULL DEFAULT 0,"
    "  private INTEGER NOT NULL,"
    "  deliver INTEGER NOT NULL,"
    "  delivered INTEGER NOT NULL,"
    "  delivered_at INTEGER,"
    "  is_file INTEGER NOT NULL,"
    "  complete INTEGER NOT NULL,"
    "  longest_chunk INTEGER NOT NULL,"
    "  length INTEGER NOT NULL,"
    "  provider TEXT NOT NULL,"
    "  model TEXT,"
    "  language TEXT,"
    "  prompt TEXT,"
    "  host TEXT,"
    "  name TEXT,"
    "  code TEXT,"
    "  message TEXT,"
    "  text TEXT,"
    "  origin TEXT,"
    /* The run that wrote the entry last, see #WhisHistoryRun. */
    "  run INTEGER,"
    /* Words of #WhisDeliveryOutcome and of an insertion method. */
    "  outcome TEXT,"
    "  method TEXT);"
    "CREATE INDEX dictations_created ON dictations (created, key);"
    "CREATE INDEX dictations_origin ON dictations (origin, created, key)"
    "  WHERE origin IS NOT NULL;"

    /* What a service said about a chunk, and what was asked of it. `times` is JSON, see
     * history-times.c; `tried` the ids of services with commas between. `spans` is where voice was
     * heard in the chunk, `gaps` where speech was heard that is in no text, both as
     * whis_spans_print() writes them. */
    "CREATE TABLE chunks ("
    "  dictation INTEGER NOT NULL REFERENCES dictations (key) ON DELETE CASCADE,"
    "  idx INTEGER NOT NULL,"
    "  offset INTEGER NOT NULL,"
    "  size INTEGER NOT NULL,"
    "  start INTEGER NOT NULL,"
    "  length INTEGER NOT NULL,"
    "  overlaps INTEGER NOT NULL,"
    "  speech INTEGER NOT NULL,"
    "  voice INTEGER NOT NULL,"
    "  provider TEXT,"
    "  code TEXT,"
    "  message TEXT,"
    "  text TEXT,"
    "  model TEXT,"
    "  host TEXT,"
    "  times TEXT,"
    "  tried TEXT,"
    "  spans TEXT,"
    "  gaps TEXT,"
    "  PRIMARY KEY (dictation, idx)) WITHOUT ROWID;"

    "CREATE TABLE versions ("
    "  key INTEGER PRIMARY KEY,"
    "  dictation INTEGER NOT NULL REFERENCES dictations (key) ON DELETE CASCADE,"
    "  number INTEGER NOT NULL,"
    "  created INTEGER NOT NULL,"
    "  private INTEGER NOT NULL,"
    "  provider TEXT NOT NULL,"
    "  model TEXT,"
    "  text TEXT NOT NULL,"
    "  UNIQUE (dictation, number));"

    /* What was sent; `ms` is the length of the sound. */
    "CREATE TABLE usage ("
    "  month TEXT NOT NULL,"
    "  provider TEXT NOT NULL,"
    "  requests INTEGER NOT NULL,"
    "  ms INTEGER NOT NULL,"
    "  PRIMARY KEY (month, provider)) WITHOUT ROWID;"

    /* How often what was put right. */
    "CREATE TABLE statistics ("
    "  provider TEXT NOT NULL,"
    "  model TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  number INTEGER NOT NULL,"
    "  PRIMARY KEY (provider, model, name)) WITHOUT ROWID;"

    /* Sounds whose entries are deleted, until they are deleted too. */
    "CREATE TABLE unwanted (id TEXT PRIMARY KEY) WITHOUT ROWID;"

    INDEX

    "CREATE TRIGGER dictation_inserted AFTER INSERT ON dictations"
    "  WHEN new.text IS NOT NULL AND NOT new.private BEGIN"
    "  INSERT INTO dictation_words (rowid, text) VALUES (new.key, whis_words (new.text));"
    "END;"
    "CREATE TRIGGER dictation_deleted AFTER DELETE ON dictations"
    "  WHEN old.text IS NOT NULL AND NOT old.private BEGIN"
    "  INSERT INTO dictation_words (dictation_words, rowid, text)"
    "    VALUES ('delete', old.key, whis_words (old.text));"
    "END;"
    "CREATE TRIGGER dictation_updated AFTER UPDATE OF text, private ON dictations"
    "  WHEN old.text IS NOT new.text OR old.private IS NOT new.private BEGIN"
    "  INSERT INTO dictation_words (dictation_words, rowid, text)"
    "    SELECT 'delete', old.key, whis_words (old.text)"
    "    WHERE old.text IS NOT NULL AND NOT old.private;"
    "  INSERT INTO dictation_words (rowid, text) SELECT new.key, whis_words (new.text)"
    "    WHERE new.text IS NOT NULL AND NOT new.private;"
    "END;"

    /* Version 0 is the text of the dictation itself. */
    "CREATE TRIGGER version_inserted AFTER INSERT ON versions"
    "  WHEN new.number > 0 AND NOT new.private BEGIN"
    "  INSERT INTO version_words (rowid, text) VALUES (new.key, whis_words (new.text));"
    "END;"
    "CREATE TRIGGER version_deleted AFTER DELETE ON versions"
    "  WHEN old.number > 0 AND NOT old.private BEGIN"
    "  INSERT INTO version_words (version_words, rowid, text)"
    "    VALUES ('delete', old.key, whis_words (old.text));"
    "END;";

/**
 * whis_history_schema_steps:
 *
 * The statements that make version N + 1 of the database out of version N, by N. A step that was
 * released is never changed.
 */
const char *const whis_history_schema_steps[] = { version_1 };

/**
 * whis_history_schema_get_version:
 *
 * Returns: the version of the database that this program knows
 */
int
whis_history_schema_get_version (void)
{
  return G_N_ELEMENTS (whis_history_schema_steps);
}
