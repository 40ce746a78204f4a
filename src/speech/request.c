/* SPDX-License-Identifier: MIT */
#include "request.h"

#include "secret.h"
#include "wav.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (WhisSpeechRequest,
                     whis_speech_request,
                     whis_speech_request_ref,
                     whis_speech_request_unref)

static void
clear_request (WhisSpeechRequest *self)
{
  g_clear_pointer (&self->key, whis_secret_free);
  g_clear_object (&self->sound);
  g_free (self->model);
  g_free (self->language);
  g_free (self->prompt);
  g_free (self->context);
  g_strfreev (self->vocabulary);
}

/**
 * whis_speech_request_new:
 * @sound: where the sound is read from, when the request is made
 * @offset: first byte to send
 * @size: number of bytes to send
 * @duration_ms: length of the sound in these bytes, in milliseconds
 *
 * Returns: (transfer full): a request for the provider's default model, any language and no key
 */
WhisSpeechRequest *
whis_speech_request_new (WhisSound *sound, guint64 offset, guint64 size, guint64 duration_ms)
{
  WhisSpeechRequest *self;

  g_return_val_if_fail (WHIS_IS_SOUND (sound), NULL);

  self = g_atomic_rc_box_new0 (WhisSpeechRequest);
  self->sound = g_object_ref (sound);
  self->is_lossless = whis_sound_get_format (sound) == WHIS_SOUND_FORMAT_SAMPLES;
  self->offset = offset;
  self->size = size;
  self->duration_ms = duration_ms;

  return self;
}

/**
 * whis_speech_request_new_provisional:
 * @sound: samples
 * @size: how many bytes they have
 *
 * Returns: (transfer full): a request for what was said so far in a piece that is still spoken
 */
WhisSpeechRequest *
whis_speech_request_new_provisional (WhisSound *sound, guint64 size)
{
  WhisSpeechRequest *self = whis_speech_request_new (sound, 0, size, size / WHIS_WAV_BYTES_PER_MS);

  g_return_val_if_fail (self != NULL && self->is_lossless, NULL);

  self->is_provisional = TRUE;

  return self;
}

/**
 * whis_speech_request_new_for_chunk:
 * @sound: the recording of the chunk's dictation
 * @chunk: a chunk
 *
 * Returns: (transfer full): a request for the sound of @chunk
 */
WhisSpeechRequest *
whis_speech_request_new_for_chunk (WhisSound *sound, const WhisChunk *chunk)
{
  g_return_val_if_fail (chunk != NULL, NULL);

  return whis_speech_request_new (sound, chunk->offset, chunk->size, chunk->length_ms);
}

/**
 * whis_speech_request_copy:
 * @self: a request
 *
 * Returns: (transfer full): the same request for another service: without model and key
 */
WhisSpeechRequest *
whis_speech_request_copy (const WhisSpeechRequest *self)
{
  WhisSpeechRequest *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = whis_speech_request_new (self->sound, self->offset, self->size, self->duration_ms);
  whis_speech_request_set_language (copy, self->language);
  whis_speech_request_set_prompt (copy, self->prompt);
  whis_speech_request_set_context (copy, self->context);
  whis_speech_request_set_vocabulary (copy, (const char *const *) self->vocabulary);
  whis_speech_request_set_temperature (copy, self->temperature);
  whis_speech_request_set_wants_times (copy, self->wants_times);

  return copy;
}

/**
 * whis_speech_request_ref:
 * @self: a request
 *
 * Returns: (transfer full): @self
 */
WhisSpeechRequest *
whis_speech_request_ref (WhisSpeechRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * whis_speech_request_unref:
 * @self: (transfer full): a request
 */
void
whis_speech_request_unref (WhisSpeechRequest *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, (GDestroyNotify) clear_request);
}

static void
set_string (char **place, const char *value)
{
  char *copy = value != NULL && *value != '\0' ? g_strdup (value) : NULL;

  g_free (*place);
  *place = copy;
}

/**
 * whis_speech_request_set_model:
 * @self: a request
 * @model: (nullable): a model, %NULL or empty for the provider's default
 */
void
whis_speech_request_set_model (WhisSpeechRequest *self, const char *model)
{
  g_return_if_fail (self != NULL);

  set_string (&self->model, model);
}

/**
 * whis_speech_request_set_language:
 * @self: a request
 * @language: (nullable): a language code, %NULL or empty for automatic
 */
void
whis_speech_request_set_language (WhisSpeechRequest *self, const char *language)
{
  g_return_if_fail (self != NULL);

  set_string (&self->language, language);
}

/**
 * whis_speech_request_set_prompt:
 * @self: a request
 * @prompt: (nullable): words that help the recogniser, %NULL or empty for none
 */
void
whis_speech_request_set_prompt (WhisSpeechRequest *self, const char *prompt)
{
  g_return_if_fail (self != NULL);

  set_string (&self->prompt, prompt);
}

/**
 * whis_speech_request_set_context:
 * @self: a request
 * @context: (nullable): the end of the text before the sound, %NULL or empty for none
 */
void
whis_speech_request_set_context (WhisSpeechRequest *self, const char *context)
{
  g_return_if_fail (self != NULL);

  set_string (&self->context, context);
}

/**
 * whis_speech_request_set_vocabulary:
 * @self: a request
 * @vocabulary: (nullable): names and terms that may be said
 */
void
whis_speech_request_set_vocabulary (WhisSpeechRequest *self, const char *const *vocabulary)
{
  GStrv copy = NULL;

  g_return_if_fail (self != NULL);

  if (vocabulary != NULL && vocabulary[0] != NULL)
    copy = g_strdupv ((GStrv) vocabulary);
  g_strfreev (self->vocabulary);
  self->vocabulary = copy;
}

/**
 * whis_speech_request_set_temperature:
 * @self: a request
 * @temperature: how freely tokens are chosen at first, from 0, which is usual, to 1
 */
void
whis_speech_request_set_temperature (WhisSpeechRequest *self, double temperature)
{
  g_return_if_fail (self != NULL);

  self->temperature = temperature;
}

/**
 * whis_speech_request_set_wants_times:
 * @self: a request
 * @wants_times: whether words or segments with times are wanted, where the service can give them
 */
void
whis_speech_request_set_wants_times (WhisSpeechRequest *self, gboolean wants_times)
{
  g_return_if_fail (self != NULL);

  self->wants_times = wants_times;
}

/**
 * whis_speech_request_set_key:
 * @self: a request
 * @key: (nullable): the provider's key, %NULL or empty for none; blanks around it are removed
 */
void
whis_speech_request_set_key (WhisSpeechRequest *self, const char *key)
{
  gsize length;

  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->key, whis_secret_free);
  if (key == NULL)
    return;

  /* Copied without the blanks, so that no part of it stays behind them in memory. */
  while (g_ascii_isspace (*key))
    key++;
  length = strlen (key);
  while (length > 0 && g_ascii_isspace (key[length - 1]))
    length--;
  if (length > 0)
    self->key = g_strndup (key, length);
}
