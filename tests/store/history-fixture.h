/* SPDX-License-Identifier: MIT */
#pragma once

#include "history.h"

G_BEGIN_DECLS

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
  guint n_sounds;
} HistoryFixture;

void history_fixture_open (HistoryFixture *fixture);
void history_fixture_set_up (HistoryFixture *fixture, gconstpointer data);
void add_problem_cb (WhisHistory *history, const GError *error, gpointer problems);
void remove_tree (const char *path);
/* All that was asked for is done, and the worker has released it. */
void history_fixture_close (HistoryFixture *fixture);
void history_fixture_tear_down (HistoryFixture *fixture, gconstpointer data);
gboolean try_flush_history (WhisHistory *history, GError **error);
void flush_history (WhisHistory *history);
WhisRecord *try_get_record (WhisHistory *history, const char *id, GError **error);
WhisRecord *get_record (WhisHistory *history, const char *id);
gboolean has_record (WhisHistory *history, const char *id);
GPtrArray *list_records (WhisHistory *history, const WhisHistoryQuery *query, guint *total);
/* The ids that a search finds, newest first, with spaces between. */
char *search_ids (WhisHistory *history, const char *words);
GPtrArray *recover_records (WhisHistory *history);
int lock_sound (WhisHistory *history, const char *id, GError **error);
WhisRecord *
create_record (const char *id, gint64 created_ms, WhisDictationState state, const char *text);
void put_record (WhisHistory *history,
                 const char *id,
                 gint64 created,
                 WhisDictationState state,
                 const char *text);
void put_text (WhisHistory *history, const char *id, gint64 created, const char *text);
void put_chunk (WhisHistory *history, const char *id, guint index, const char *text);
void add_version (WhisHistory *history, const char *id, const char *provider, const char *text);
/* Every other one is a WAV file. */
char *history_fixture_write_sound (HistoryFixture *fixture, const char *id, const char *bytes);
gboolean history_fixture_has_sound (HistoryFixture *fixture, const char *id);
/* With SQLite's own means, as another program would. */
void write_as_other (const char *path, const char *sql);
gboolean contains_id (GPtrArray *ids, const char *id);
/* As the next run of the program sees it. */
void history_fixture_reopen (HistoryFixture *fixture);
const WhisRecord *find_record (GPtrArray *records, const char *id);
/* Words of many lengths, so that pages are filled, split and joined. */
char *create_secret (int i);
void put_secret (WhisHistory *history, int i, gboolean private);
void assert_time (const WhisTimedText *time, guint64 start_ms, guint64 end_ms, const char *text);

#define assert_found(history, words, expected)                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *found_ids = search_ids (history, words);                                      \
    g_assert_cmpstr (found_ids, ==, expected);                                                     \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
