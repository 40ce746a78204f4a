/* SPDX-License-Identifier: MIT */
#pragma once

#include "transcription.h"

G_BEGIN_DECLS

/**
 * WhisAnswerLines:
 * @WHIS_ANSWER_LINES_OF_WORDS: a line ends between words
 * @WHIS_ANSWER_LINES_AS_THEY_ARE: a line ends anywhere, and the next one has its blank in front
 *   where a word begins
 *
 * How the lines of a text go together.
 */
typedef enum
{
  WHIS_ANSWER_LINES_OF_WORDS,
  WHIS_ANSWER_LINES_AS_THEY_ARE,
} WhisAnswerLines;

WhisTranscription *whis_answer_parse (const char *service,
                                      WhisAnswerLines lines,
                                      const char *content_type,
                                      const char *data,
                                      gsize size,
                                      const char *key,
                                      GError **error);

G_END_DECLS
