/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisDiffKind:
 * @WHIS_DIFF_SAME: in both texts
 * @WHIS_DIFF_REMOVED: in the first text only
 * @WHIS_DIFF_ADDED: in the second text only
 */
typedef enum
{
  WHIS_DIFF_SAME,
  WHIS_DIFF_REMOVED,
  WHIS_DIFF_ADDED,
} WhisDiffKind;

/**
 * WhisDiffPiece:
 * @kind: which text it is in
 * @text: the words, with the space that follows each
 * @words: how many they are
 */
typedef struct
{
  WhisDiffKind kind;
  char *text;
  guint words;
} WhisDiffPiece;

void whis_diff_piece_free (WhisDiffPiece *piece);

GPtrArray *whis_word_diff (const char *before, const char *after);

G_END_DECLS
