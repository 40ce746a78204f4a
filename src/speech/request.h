/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "chunk.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SPEECH_REQUEST (whis_speech_request_get_type ())

/**
 * WhisSpeechRequest:
 * @path: the recording
 * @offset: first byte to send
 * @size: number of bytes to send
 * @bytes: (nullable): the bytes themselves, while they could not be written to the file
 * @is_lossless: whether the bytes are samples, 16 kHz mono `S16LE`, rather than MP3 frames
 * @samples: (nullable): the sound itself in place of the file, 16 kHz mono `S16LE`, for a
 * recogniser on this computer
 * @is_provisional: whether the text is only for the eye, and any other request goes before
 * @duration_ms: length of the sound in these bytes, in milliseconds
 * @model: (nullable): the model; %NULL for the provider's default
 * @language: (nullable): a language code (ISO 639-1, or BCP 47 of which the first part is used);
 *   %NULL or empty for automatic
 * @prompt: (nullable): words that help the recogniser
 * @context: (nullable): the end of the text before, for a recogniser that goes on from there
 * @vocabulary: (nullable): names and terms that may be said
 * @temperature: how freely tokens are chosen at first, from 0 to 1, where the service can be told
 * @wants_times: whether words or segments with times are wanted, where the service can give them
 * @key: (nullable): the key; wiped from memory with the request
 * @was_sent: whether any of it went out to the service, so that it may cost something; set by the
 *   backend that has it
 *
 * What is to be turned into text, and how. Counted references; do not change a request that has
 * been handed to a backend, which alone changes @was_sent.
 */
typedef struct
{
  char *path;
  guint64 offset;
  guint64 size;
  GBytes *bytes;
  gboolean is_lossless;
  GBytes *samples;
  gboolean is_provisional;
  guint64 duration_ms;
  char *model;
  char *language;
  char *prompt;
  char *context;
  GStrv vocabulary;
  double temperature;
  gboolean wants_times;
  char *key;
  gboolean was_sent;
} WhisSpeechRequest;

GType whis_speech_request_get_type (void);

WhisSpeechRequest *
whis_speech_request_new (const char *path, guint64 offset, guint64 size, guint64 duration_ms);
WhisSpeechRequest *whis_speech_request_new_provisional (GBytes *samples);
WhisSpeechRequest *whis_speech_request_new_for_chunk (const char *path, const WhisChunk *chunk);
WhisSpeechRequest *whis_speech_request_copy (const WhisSpeechRequest *self);
WhisSpeechRequest *whis_speech_request_ref (WhisSpeechRequest *self);
void whis_speech_request_unref (WhisSpeechRequest *self);

void whis_speech_request_set_model (WhisSpeechRequest *self, const char *model);
void whis_speech_request_set_language (WhisSpeechRequest *self, const char *language);
void whis_speech_request_set_prompt (WhisSpeechRequest *self, const char *prompt);
void whis_speech_request_set_context (WhisSpeechRequest *self, const char *context);
void whis_speech_request_set_vocabulary (WhisSpeechRequest *self, const char *const *vocabulary);
void whis_speech_request_set_temperature (WhisSpeechRequest *self, double temperature);
void whis_speech_request_set_wants_times (WhisSpeechRequest *self, gboolean wants_times);
void whis_speech_request_set_bytes (WhisSpeechRequest *self, GBytes *bytes);
void whis_speech_request_set_key (WhisSpeechRequest *self, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisSpeechRequest, whis_speech_request_unref)

G_END_DECLS
