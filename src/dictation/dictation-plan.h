/* SPDX-License-Identifier: MIT */
#pragma once

#include "record.h"

typedef struct _WhisDictation WhisDictation;

G_BEGIN_DECLS

/**
 * WhisDictationMode:
 * @WHIS_DICTATION_MODE_NEW: from the microphone or a file
 * @WHIS_DICTATION_MODE_RESUME: goes on where an earlier one ended; only what is missing is sent
 * @WHIS_DICTATION_MODE_AGAIN: all of its sound once more; the text becomes another version
 *
 * Where the sound of a dictation is to come from.
 */
typedef enum
{
  WHIS_DICTATION_MODE_NEW,
  WHIS_DICTATION_MODE_RESUME,
  WHIS_DICTATION_MODE_AGAIN,
} WhisDictationMode;

/**
 * WhisDictationPlan:
 * @mode: where the sound comes from
 * @record: what the history is to know of it, its id above all; for a dictation that goes on, all
 *   that the history knows
 * @offer: whether the text comes so late that it is not to be delivered, but offered
 * @file: a file descriptor to transcribe if the record says that it is a file
 * @lock: (transfer full): of a dictation that goes on, what whis_history_lock_finish() gave
 * @sound_size: and how many bytes its sound has
 * @microphone: (nullable): name of the source, %NULL for the default one
 * @microphone_name: (nullable): what the source was called
 * @automatic_gain: whether a quiet microphone is amplified
 * @noise_suppression: whether noise is suppressed
 * @has_cue: whether a sound tells the user of the start
 * @bitrate: rate of the recording in kbit/s; 0 for the usual
 * @known: (nullable): an earlier try on the same file, with the same service, whose texts hold
 * @vocabulary: (nullable): names and terms that may be said
 * @wants_times: whether words or segments with times are wanted
 * @awaits_model: whether its model is not known yet: nothing is sent before
 *   whis_dictation_set_model()
 * @attached: whether it ends when who asked for it leaves the bus
 * @document: whether its transcript is remembered until who asked for it takes it
 * @hands_free: whether it stops after a silence whatever the settings say
 * @pause_ms: for a passage of a continuous dictation the shortest pause behind it, in milliseconds;
 *   0 for any other dictation
 * @former: (nullable): the passage before, which is at such a pause: whis_dictation_begin_split()
 *   has returned %TRUE
 *
 * What a dictation is to do. Everything but the lock is copied.
 */
typedef struct
{
  WhisDictationMode mode;
  const WhisRecord *record;
  gboolean offer;
  int file;
  int lock;
  guint64 sound_size;
  const char *microphone;
  const char *microphone_name;
  gboolean automatic_gain;
  gboolean noise_suppression;
  gboolean has_cue;
  guint bitrate;
  const WhisRecord *known;
  const char *const *vocabulary;
  gboolean wants_times;
  gboolean awaits_model;
  gboolean attached;
  gboolean document;
  gboolean hands_free;
  guint pause_ms;
  WhisDictation *former;
} WhisDictationPlan;

G_END_DECLS
