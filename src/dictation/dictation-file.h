/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictation-plan.h"
#include "history.h"
#include "recording.h"

G_BEGIN_DECLS

#define WHIS_TYPE_DICTATION_FILE (whis_dictation_file_get_type ())
G_DECLARE_FINAL_TYPE (WhisDictationFile, whis_dictation_file, WHIS, DICTATION_FILE, GObject)

WhisDictationFile *whis_dictation_file_new (const WhisDictationPlan *plan, WhisHistory *history);

void whis_dictation_file_lock (WhisDictationFile *self);
void whis_dictation_file_unlock (WhisDictationFile *self);
void whis_dictation_file_close (WhisDictationFile *self, gboolean recorded);
void whis_dictation_file_delete (WhisDictationFile *self);

const char *whis_dictation_file_get_path (WhisDictationFile *self);
WhisSound *whis_dictation_file_get_readable (WhisDictationFile *self);
WhisRecording *whis_dictation_file_get_recording (WhisDictationFile *self);
gboolean whis_dictation_file_is_saved (WhisDictationFile *self);
guint64 whis_dictation_file_get_size (WhisDictationFile *self);

G_END_DECLS
