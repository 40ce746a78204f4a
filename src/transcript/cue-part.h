/* SPDX-License-Identifier: MIT */
#pragma once

#include "record.h"

G_BEGIN_DECLS

/**
 * WhisCuePartKind:
 * @WHIS_CUE_PART_WORD: a word with a time of the service
 * @WHIS_CUE_PART_SEGMENT: words with a time of the service
 * @WHIS_CUE_PART_CHUNK: the words of a whole chunk
 * @WHIS_CUE_PART_GAP: a chunk whose words are missing
 */
typedef enum
{
  WHIS_CUE_PART_WORD,
  WHIS_CUE_PART_SEGMENT,
  WHIS_CUE_PART_CHUNK,
  WHIS_CUE_PART_GAP,
} WhisCuePartKind;

/**
 * WhisCuePart:
 * @kind: what it is
 * @start_ms: where it begins, in milliseconds of the sound
 * @end_ms: where it ends
 * @glued: whether no space is between this word and the one before it
 * @text: UTF-8 with single spaces, without control characters and line ends; not empty
 *
 * The smallest piece of a transcript that has a time of its own.
 */
typedef struct
{
  WhisCuePartKind kind;
  guint64 start_ms;
  guint64 end_ms;
  gboolean glued;
  char *text;
} WhisCuePart;

void whis_cue_part_free (WhisCuePart *self);

GPtrArray *whis_cue_parts_new (const WhisRecordChunk *chunk);
gboolean whis_cue_parts_are_words (GPtrArray *times);

G_END_DECLS
