/* SPDX-License-Identifier: MIT */
#pragma once

#include "capture.h"
#include "dictation-plan.h"
#include "history.h"
#include "model-profile.h"

G_BEGIN_DECLS

#define WHIS_TYPE_DICTATION_SOUND (whis_dictation_sound_get_type ())
G_DECLARE_FINAL_TYPE (WhisDictationSound, whis_dictation_sound, WHIS, DICTATION_SOUND, GObject)

WhisDictationSound *whis_dictation_sound_new (const WhisDictationPlan *plan,
                                              WhisHistory *history,
                                              const WhisCaptureKinds *captures);

gboolean whis_dictation_sound_start (WhisDictationSound *self,
                                     const WhisRecord *record,
                                     const WhisModelProfile *profile,
                                     guint samples_rate,
                                     GError **error);
void whis_dictation_sound_set_passes_samples (WhisDictationSound *self, gboolean passes);
void whis_dictation_sound_stop (WhisDictationSound *self);
WhisCapture *whis_dictation_sound_get_microphone (WhisDictationSound *self);
void whis_dictation_sound_follow (WhisDictationSound *self, WhisDictationSound *former);
void whis_dictation_sound_hand_over (WhisDictationSound *self);
void whis_dictation_sound_end (WhisDictationSound *self, gboolean wanted);
void whis_dictation_sound_release (WhisDictationSound *self);
void whis_dictation_sound_delete (WhisDictationSound *self);

WhisSound *whis_dictation_sound_get_readable (WhisDictationSound *self);
gboolean whis_dictation_sound_uses_microphone (WhisDictationSound *self);
gboolean whis_dictation_sound_has_original (WhisDictationSound *self);
gboolean whis_dictation_sound_has_ended (WhisDictationSound *self);
gboolean whis_dictation_sound_is_complete (WhisDictationSound *self);
gboolean whis_dictation_sound_is_closing (WhisDictationSound *self);
gboolean whis_dictation_sound_get_silent (WhisDictationSound *self);
guint64 whis_dictation_sound_get_quiet_ms (WhisDictationSound *self, gboolean *has_spoken);
double whis_dictation_sound_get_level (WhisDictationSound *self);
guint64 whis_dictation_sound_get_size (WhisDictationSound *self);
guint64 whis_dictation_sound_get_elapsed_ms (WhisDictationSound *self);
guint64 whis_dictation_sound_get_duration_ms (WhisDictationSound *self);

G_END_DECLS
