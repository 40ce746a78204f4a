/* SPDX-License-Identifier: MIT */
#pragma once

#include "capture.h"
#include "dictation-file.h"
#include "dictation-plan.h"
#include "model-profile.h"

G_BEGIN_DECLS

typedef struct _WhisDictationSource WhisDictationSource;

WhisDictationSource *
whis_dictation_source_new (const WhisDictationPlan *plan, const WhisCaptureKinds *captures);
void whis_dictation_source_free (WhisDictationSource *self);

void whis_dictation_source_set_former (WhisDictationSource *self, WhisCapture *former);
gboolean whis_dictation_source_is_microphone (const WhisDictationSource *self);
gboolean whis_dictation_source_has_original (const WhisDictationSource *self);
gboolean whis_dictation_source_is_only_copy (const WhisDictationSource *self);

WhisCapture *whis_dictation_source_create_capture (const WhisDictationSource *self,
                                                   WhisDictationFile *file,
                                                   const WhisRecord *record,
                                                   const WhisModelProfile *profile,
                                                   guint samples_rate);

G_END_DECLS
