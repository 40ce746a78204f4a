/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "model-file.h"
#include "transcript.h"

G_BEGIN_DECLS

/**
 * WhisEngineRequest:
 * @language: (nullable): the language that is spoken (ISO 639), or %NULL to find it out
 * @prompt: (nullable): words that were said before or may be said
 * @temperature: how freely tokens are chosen at first, from 0 to 1
 * @is_quick: whether one pass is enough, however unsure its text is
 * @short_window: whether no more of the sound's window is computed than has sound in it, which is
 *   faster and gets a few more words wrong
 *
 * How a piece of sound is to be recognised. An engine leaves aside what it cannot do.
 */
typedef struct
{
  const char *language;
  const char *prompt;
  double temperature;
  gboolean is_quick;
  gboolean short_window;
} WhisEngineRequest;

/**
 * WhisEngineClass:
 * @id: name of the engine
 * @kind: the models that it loads
 * @sets_language: whether a language can be given
 * @takes_prompt: whether a prompt has an effect
 * @has_word_times: whether words get times
 * @get_version: (nullable): the version of the library
 * @check: (nullable): looks quickly whether a model is there, where it is no file
 * @load: loads a model that whis_model_file_check() has passed
 * @transcribe: turns sound at 16 kHz into text
 * @get_gpu: (nullable): what the graphics processor is called that computes, %NULL if none does
 * @free: gives the model's memory back
 *
 * What recognises. The calls take as long as they take, and a loaded engine belongs to one thread
 * at a time. There is one such table for each engine that was built in.
 */
typedef struct
{
  const char *id;
  WhisModelKind kind;
  gboolean sets_language;
  gboolean takes_prompt;
  gboolean has_word_times;

  const char *(*get_version) (void);
  gboolean (*check) (const char *path, GError **error);
  gpointer (*load) (const char *path, GError **error);
  WhisTranscript *(*transcribe) (gpointer engine,
                                 const WhisEngineRequest *request,
                                 GBytes *samples,
                                 GCancellable *cancellable,
                                 GError **error);
  const char *(*get_gpu) (gpointer engine);
  void (*free) (gpointer engine);
} WhisEngineClass;

const WhisEngineClass *whis_engine_for_kind (WhisModelKind kind);

gboolean
whis_engine_check_version (const char *name, const char *built, const char *found, GError **error);

void whis_engine_set_modules (const char *folder, gboolean plain);
const char *whis_engine_get_module_folder (void);
gboolean whis_engine_is_plain (void);

void whis_engine_set_gpu (const char *device, const char *const *models);
const char *whis_engine_get_gpu (void);
gboolean whis_engine_may_use_gpu (const char *path);

G_END_DECLS
