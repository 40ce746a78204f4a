/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * WhisAnswerFormat:
 * @WHIS_ANSWER_JSON: an object with the text
 * @WHIS_ANSWER_TEXT: the text alone
 * @WHIS_ANSWER_VERBOSE_JSON: an object with the text, its segments, what was measured of them and
 *   the sound's length
 *
 * How a transcript is to be sent.
 */
typedef enum
{
  WHIS_ANSWER_JSON,
  WHIS_ANSWER_TEXT,
  WHIS_ANSWER_VERBOSE_JSON,
} WhisAnswerFormat;

/**
 * WhisForm:
 * @file: the file with the sound, never empty
 * @media_type: (nullable): what the client calls the file
 * @format: how the transcript is to be sent
 * @model: (nullable): the model that is wanted, or %NULL for the default
 * @language: (nullable): the language that is spoken (ISO 639), or %NULL to find it out
 * @prompt: (nullable): words that were said before or may be said
 * @temperature: how freely tokens are chosen at first, from 0 to 1
 * @wants_words: whether the words and their times are wanted
 * @is_quick: whether one pass is enough, however unsure its text is; a field of Whis's own
 *
 * What a request for a transcription asks for.
 */
typedef struct
{
  GBytes *file;
  char *media_type;
  WhisAnswerFormat format;
  char *model;
  char *language;
  char *prompt;
  double temperature;
  gboolean wants_words;
  gboolean is_quick;
} WhisForm;

WhisForm *
whis_form_parse (SoupMessageHeaders *headers, GBytes *body, const char **param, GError **error);
void whis_form_free (WhisForm *form);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisForm, whis_form_free)

G_END_DECLS
