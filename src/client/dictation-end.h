/* SPDX-License-Identifier: MIT */
#pragma once

#include "kept.h"

G_BEGIN_DECLS

/**
 * WhisDictationEnd:
 * @text: (nullable): its text; %NULL if it has none
 * @id: the dictation; empty if an error is about none
 * @code: of the signal `Failed`, or the name of an error in the same spelling, such as `not-found`;
 *   empty if there is a text
 * @message: one sentence that says what happened and what to do; empty if there is a text
 * @kept: what was kept
 * @resumable: whether `Resume` may bring its text
 *
 * How a dictation ended, or why a call of the service failed.
 */
typedef struct
{
  char *text;
  char *id;
  char *code;
  char *message;
  WhisKept kept;
  gboolean resumable;
} WhisDictationEnd;

WhisDictationEnd *whis_dictation_end_new_with_text (const char *id, const char *text);
WhisDictationEnd *whis_dictation_end_new_failed (const char *id,
                                                 const char *code,
                                                 const char *message,
                                                 const char *kept,
                                                 gboolean resumable);
WhisDictationEnd *whis_dictation_end_new_from_error (const GError *error);
void whis_dictation_end_free (WhisDictationEnd *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisDictationEnd, whis_dictation_end_free)

G_END_DECLS
