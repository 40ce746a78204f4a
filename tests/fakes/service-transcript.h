/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What a service heard: a text, and where in the sound its words and segments are. The words share
 * the duration evenly; a segment is a sentence.
 */

typedef struct
{
  char *text;
  guint64 duration_ms;
} ServiceTranscript;

ServiceTranscript *service_transcript_new (const char *text, guint64 duration_ms);
void service_transcript_free (ServiceTranscript *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServiceTranscript, service_transcript_free)

/*
 * JSON arrays with one element per word or segment, made of a template with the gaps %text%
 * (quoted), %start%, %end% (seconds), %start_ms%, %end_ms%, %index% and, in a segment, %words%
 * (made of
 * @word_template, which may be NULL).
 */
char *service_transcript_words (ServiceTranscript *self, const char *template);
char *service_transcript_segments (ServiceTranscript *self,
                                   const char *template,
                                   const char *word_template);

/* The text with a line end behind each segment. */
char *service_transcript_lines (ServiceTranscript *self);

G_END_DECLS
