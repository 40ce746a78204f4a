/* SPDX-License-Identifier: MIT */
#pragma once

#include "live.h"
#include "realtime.h"
#include "service-error.h"

G_BEGIN_DECLS

/* A live session with a service of the test, and all that it has told. */

#define LIVE_FIXTURE_SENTENCES 6
#define LIVE_FIXTURE_WORDS 4

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
} LiveFixture;

LiveFixture *live_fixture_new_with (RealtimeDialect dialect,
                                    const RealtimePlan *plan,
                                    const WhisLiveOptions *options);
LiveFixture *live_fixture_new (RealtimeDialect dialect, const RealtimePlan *plan);
void live_fixture_iterate (void);
void live_fixture_push (LiveFixture *fixture, GByteArray *taken);
guint live_fixture_get_word (guint chunk, guint i);
GByteArray *live_fixture_make_sentence (LiveFixture *fixture, guint chunk);
void live_fixture_say (LiveFixture *fixture, guint chunk);
void live_fixture_be_silent (LiveFixture *fixture, guint ms);
char *live_fixture_write_sentence (guint chunk);
void live_fixture_wait_for_texts (LiveFixture *fixture, guint n);
void live_fixture_wait_for_partial (LiveFixture *fixture, guint chunk);
void live_fixture_wait_for_end (LiveFixture *fixture);
void live_fixture_wait_for_close (LiveFixture *fixture);
void live_fixture_assert_sentence (LiveFixture *fixture, guint n, guint chunk);
void live_fixture_assert_line (LiveFixture *fixture, guint n, const char *line);
void live_fixture_assert_no_complaint (LiveFixture *fixture);
void live_fixture_assert_failed (LiveFixture *fixture, WhisServiceError code);
void live_fixture_say_all (LiveFixture *fixture);
void live_fixture_free (LiveFixture *fixture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LiveFixture, live_fixture_free)

void live_fixture_add_for_all (const char *name, GTestDataFunc func);
int live_fixture_run (void);

G_END_DECLS
