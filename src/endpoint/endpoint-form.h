/* SPDX-License-Identifier: MIT */
#pragma once

#include "multipart.h"

G_BEGIN_DECLS

/**
 * WhisEndpointFormat:
 * @WHIS_ENDPOINT_JSON: an object with the text
 * @WHIS_ENDPOINT_TEXT: the text alone
 * @WHIS_ENDPOINT_VERBOSE_JSON: an object with the text, its segments or words, and the length
 * @WHIS_ENDPOINT_SRT: SubRip subtitles
 * @WHIS_ENDPOINT_VTT: WebVTT subtitles
 *
 * How a transcript is to be sent.
 */
typedef enum
{
  WHIS_ENDPOINT_JSON,
  WHIS_ENDPOINT_TEXT,
  WHIS_ENDPOINT_VERBOSE_JSON,
  WHIS_ENDPOINT_SRT,
  WHIS_ENDPOINT_VTT,
} WhisEndpointFormat;

/**
 * WhisEndpointForm:
 * @model: (nullable): the model that is wanted; %NULL for the user's own choice
 * @language: (nullable): the language that is spoken; %NULL to find it out
 * @prompt: (nullable): words that were said before or may be said
 * @temperature: how freely tokens are chosen at first, from 0 to 1
 * @format: how the transcript is to be sent
 * @wants_words: whether words with times are wanted
 * @wants_segments: whether segments with times are wanted
 * @sound: bytes of the file that have come and were not taken away
 * @has_file: whether the file has come
 * @param: (nullable): the field that is being read
 *
 * What a request for a transcription asks for.
 */
typedef struct
{
  char *model;
  char *language;
  char *prompt;
  double temperature;
  WhisEndpointFormat format;
  gboolean wants_words;
  gboolean wants_segments;
  GByteArray *sound;
  gboolean has_file;
  const char *param;

  /*< private >*/
  int field;
  GByteArray *value;
} WhisEndpointForm;

extern const WhisMultipartFuncs whis_endpoint_form_funcs;

WhisEndpointForm *whis_endpoint_form_new (void);
void whis_endpoint_form_free (WhisEndpointForm *self);
gboolean whis_endpoint_form_finish (WhisEndpointForm *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisEndpointForm, whis_endpoint_form_free)

G_END_DECLS
