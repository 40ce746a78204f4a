/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "clipboard.h"
#include "../dictation-state.h"
#include "keyring.h"
#include "pool.h"

G_BEGIN_DECLS

/**
 * WhisDictationPlan:
 * @id: id of the dictation; the name of its sound file
 * @directory: where the sound file goes
 * @file: a file descriptor to transcribe, or -1 for the microphone
 * @microphone: (nullable): name of the source, %NULL for the default one
 * @provider: who transcribes
 * @model: (nullable): the model, %NULL for the provider's default
 * @language: (nullable): language code, %NULL for automatic
 * @prompt: (nullable): hint to the provider
 * @longest_chunk_ms: longest chunk in milliseconds
 * @deliver: whether the text goes to the clipboard
 *
 * What a dictation is to do. Everything is copied.
 */
typedef struct
{
  const char *id;
  const char *directory;
  int file;
  const char *microphone;
  const WhisProvider *provider;
  const char *model;
  const char *language;
  const char *prompt;
  guint longest_chunk_ms;
  gboolean deliver;
} WhisDictationPlan;

#define WHIS_TYPE_DICTATION (whis_dictation_get_type ())
G_DECLARE_FINAL_TYPE (WhisDictation, whis_dictation, WHIS, DICTATION, GObject)

WhisDictation *whis_dictation_new (const WhisDictationPlan *plan,
                                   WhisPool *pool,
                                   WhisKeyring *keyring,
                                   WhisClipboard *clipboard);

void whis_dictation_start (WhisDictation *self);
void whis_dictation_stop (WhisDictation *self);
void whis_dictation_cancel (WhisDictation *self);

const char *whis_dictation_get_id (WhisDictation *self);
WhisDictationState whis_dictation_get_state (WhisDictation *self);
guint64 whis_dictation_get_elapsed_ms (WhisDictation *self);
double whis_dictation_get_level (WhisDictation *self);
const WhisProvider *whis_dictation_get_provider (WhisDictation *self);
const char *whis_dictation_get_destination (WhisDictation *self);
const char *whis_dictation_get_text (WhisDictation *self);
const GError *whis_dictation_get_error (WhisDictation *self);
const char *whis_dictation_get_kept (WhisDictation *self);
gboolean whis_dictation_delivers (WhisDictation *self);
gboolean whis_dictation_is_file (WhisDictation *self);

G_END_DECLS
