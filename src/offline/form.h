/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * WhisAnswerFormat:
 * @WHIS_ANSWER_JSON: an object with the text
 * @WHIS_ANSWER_TEXT: the text alone
 * @WHIS_ANSWER_VERBOSE_JSON: an object with the text, its segments and the sound's length
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
 * @format: how the transcript is to be sent
 *
 * What a request for a transcription asks for.
 */
typedef struct
{
  GBytes *file;
  WhisAnswerFormat format;
} WhisForm;

WhisForm *
whis_form_parse (SoupMessageHeaders *headers, GBytes *body, const char **param, GError **error);
void whis_form_free (WhisForm *form);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisForm, whis_form_free)

G_END_DECLS
