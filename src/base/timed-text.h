/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WHIS_TYPE_TIMED_TEXT (whis_timed_text_get_type ())

/**
 * WhisTimedText:
 * @start_ms: where it begins, in milliseconds
 * @end_ms: where it ends, in milliseconds, at or after @start_ms
 * @text: a word, or a few words that belong together
 *
 * A part of a transcript and its place in the sound, as a service gave it; never a guess.
 */
typedef struct
{
  guint64 start_ms;
  guint64 end_ms;
  char *text;
} WhisTimedText;

GType whis_timed_text_get_type (void);

WhisTimedText *whis_timed_text_new (guint64 start_ms, guint64 end_ms, const char *text);
WhisTimedText *whis_timed_text_copy (const WhisTimedText *self);
void whis_timed_text_free (WhisTimedText *self);

GPtrArray *whis_timed_texts_new (void);
GPtrArray *whis_timed_texts_copy (GPtrArray *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisTimedText, whis_timed_text_free)

G_END_DECLS
