/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "capture.h"
#include "clipboard.h"
#include "delivery-queue.h"
#include "dictation-state.h"
#include "history.h"
#include "kept.h"
#include "keyring.h"
#include "live-chunks.h"
#include "provisional.h"
#include "failover.h"

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
 * @bitrate: rate of the recording in kbit/s; 0 for the usual
 * @known: (nullable): an earlier try on the same file, with the same service, whose texts hold
 * @vocabulary: (nullable): names and terms that may be said
 * @wants_times: whether words or segments with times are wanted
 * @awaits_model: whether its model is not known yet: nothing is sent before
 *   whis_dictation_set_model()
 * @attached: whether it ends when who asked for it leaves the bus
 * @document: whether its transcript is remembered until who asked for it takes it
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
  guint bitrate;
  const WhisRecord *known;
  const char *const *vocabulary;
  gboolean wants_times;
  gboolean awaits_model;
  gboolean attached;
  gboolean document;
} WhisDictationPlan;

/**
 * WhisDictationParts:
 * @route: where chunks become text
 * @live: (nullable): what makes them text while they are spoken
 * @provisional: (nullable): what understands the chunk that is still spoken, for who looks
 * @keyring: where the key is
 * @clipboard: where the text goes
 * @history: where everything is recorded
 * @queue: who delivers before whom
 * @captures: (nullable): who makes its captures; %NULL for those of this process
 *
 * What a dictation is made with. It takes references.
 */
typedef struct
{
  WhisFailover *route;
  WhisLiveChunks *live;
  WhisProvisional *provisional;
  WhisKeyring *keyring;
  WhisClipboard *clipboard;
  WhisHistory *history;
  WhisDeliveryQueue *queue;
  const WhisCaptureKinds *captures;
} WhisDictationParts;

#define WHIS_TYPE_DICTATION (whis_dictation_get_type ())
G_DECLARE_FINAL_TYPE (WhisDictation, whis_dictation, WHIS, DICTATION, GObject)

WhisDictation *whis_dictation_new (const WhisDictationPlan *plan, const WhisDictationParts *parts);

void whis_dictation_start (WhisDictation *self);
void whis_dictation_set_model (WhisDictation *self, const char *model, const GError *error);
void whis_dictation_stop (WhisDictation *self);
void whis_dictation_set_watched (WhisDictation *self, gboolean watched);
void whis_dictation_cancel (WhisDictation *self);
void whis_dictation_interrupt (WhisDictation *self);

const char *whis_dictation_get_id (WhisDictation *self);
WhisDictationState whis_dictation_get_state (WhisDictation *self);
const WhisRecord *whis_dictation_get_record (WhisDictation *self);
guint64 whis_dictation_get_elapsed_ms (WhisDictation *self);
double whis_dictation_get_level (WhisDictation *self);
gboolean whis_dictation_get_silent (WhisDictation *self);
const WhisProvider *whis_dictation_get_provider (WhisDictation *self);
const char *whis_dictation_get_destination (WhisDictation *self);
const char *whis_dictation_get_text (WhisDictation *self);
const GError *whis_dictation_get_error (WhisDictation *self);
WhisKept whis_dictation_get_kept (WhisDictation *self);
gboolean whis_dictation_delivers (WhisDictation *self);
gboolean whis_dictation_offers (WhisDictation *self);
gboolean whis_dictation_uses_microphone (WhisDictation *self);
gboolean whis_dictation_is_attached (WhisDictation *self);
gboolean whis_dictation_wants_document (WhisDictation *self);
gboolean whis_dictation_can_resume (WhisDictation *self);
gboolean whis_dictation_is_closing (WhisDictation *self);
gboolean whis_dictation_has_all_sound (WhisDictation *self);

G_END_DECLS
