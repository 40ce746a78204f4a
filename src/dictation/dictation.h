/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "capture.h"
#include "delivery.h"
#include "delivery-queue.h"
#include "dictation-plan.h"
#include "dictation-state.h"
#include "history.h"
#include "kept.h"
#include "keyring.h"
#include "live-chunks.h"
#include "provisional.h"
#include "failover.h"

G_BEGIN_DECLS

/**
 * WhisDictationParts:
 * @failover: where chunks become text
 * @live: (nullable): what makes them text while they are spoken
 * @provisional: (nullable): what understands the chunk that is still spoken, for who looks
 * @keyring: where the key is
 * @delivery: where the text goes
 * @settings: (nullable): how it goes there
 * @history: where everything is recorded
 * @queue: who delivers before whom
 * @captures: (nullable): who makes its captures; %NULL for those of this process
 *
 * What a dictation is made with. It takes references.
 */
typedef struct
{
  WhisFailover *failover;
  WhisLiveChunks *live;
  WhisProvisional *provisional;
  WhisKeyring *keyring;
  WhisDelivery *delivery;
  WhisSettings *settings;
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
void whis_dictation_stop_because (WhisDictation *self, const char *reason);
gboolean whis_dictation_begin_split (WhisDictation *self);
void whis_dictation_cancel_split (WhisDictation *self);
void whis_dictation_hand_over (WhisDictation *self);
void whis_dictation_discard (WhisDictation *self);
void whis_dictation_set_watched (WhisDictation *self, gboolean watched);
void whis_dictation_cancel (WhisDictation *self);
void whis_dictation_interrupt (WhisDictation *self);

const char *whis_dictation_get_id (WhisDictation *self);
WhisDictationState whis_dictation_get_state (WhisDictation *self);
const WhisRecord *whis_dictation_get_record (WhisDictation *self);
guint64 whis_dictation_get_elapsed_ms (WhisDictation *self);
guint64 whis_dictation_get_quiet_ms (WhisDictation *self, gboolean *has_spoken);
double whis_dictation_get_level (WhisDictation *self);
gboolean whis_dictation_get_silent (WhisDictation *self);
const WhisProvider *whis_dictation_get_provider (WhisDictation *self);
const char *whis_dictation_get_destination (WhisDictation *self);
gboolean whis_dictation_is_copied (WhisDictation *self);
const char *whis_dictation_get_delivery_reason (WhisDictation *self);
const char *whis_dictation_get_text (WhisDictation *self);
const GError *whis_dictation_get_error (WhisDictation *self);
WhisKept whis_dictation_get_kept (WhisDictation *self);
gboolean whis_dictation_delivers (WhisDictation *self);
gboolean whis_dictation_offers (WhisDictation *self);
gboolean whis_dictation_uses_microphone (WhisDictation *self);
gboolean whis_dictation_is_hands_free (WhisDictation *self);
gboolean whis_dictation_is_continuous (WhisDictation *self);
gboolean whis_dictation_is_reviewed (WhisDictation *self);
gboolean whis_dictation_follows (WhisDictation *self);
gboolean whis_dictation_is_attached (WhisDictation *self);
gboolean whis_dictation_wants_document (WhisDictation *self);
gboolean whis_dictation_can_resume (WhisDictation *self);
gboolean whis_dictation_is_closing (WhisDictation *self);
gboolean whis_dictation_has_all_sound (WhisDictation *self);

G_END_DECLS
