/* SPDX-License-Identifier: MIT */
#pragma once

#include "kept.h"
#include "whis-bus.h"

G_BEGIN_DECLS

/**
 * WhisDictationEnd:
 * @text: (nullable): its text; %NULL if it has none
 * @code: of the signal `Failed`, as what follows; empty if there is a text
 * @message: one sentence that says what happened and what to do
 * @kept: what was kept
 * @resumable: whether `Resume` may bring its text
 *
 * How a dictation ended.
 */
typedef struct
{
  char *text;
  char *code;
  char *message;
  WhisKept kept;
  gboolean resumable;
} WhisDictationEnd;

void whis_dictation_end_free (WhisDictationEnd *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisDictationEnd, whis_dictation_end_free)

#define WHIS_TYPE_DICTATION_WATCH (whis_dictation_watch_get_type ())
G_DECLARE_FINAL_TYPE (WhisDictationWatch, whis_dictation_watch, WHIS, DICTATION_WATCH, GObject)

WhisDictationWatch *whis_dictation_watch_new (WhisBusWhis1 *service);

gboolean whis_dictation_watch_has_ended (WhisDictationWatch *self, const char *id);
WhisDictationEnd *whis_dictation_watch_take_end (WhisDictationWatch *self, const char *id);

G_END_DECLS
