/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_TRANSCRIBE_AGAIN_JOB (whis_transcribe_again_job_get_type ())
G_DECLARE_FINAL_TYPE (WhisTranscribeAgainJob,
                      whis_transcribe_again_job,
                      WHIS,
                      TRANSCRIBE_AGAIN_JOB,
                      GObject)

WhisTranscribeAgainJob *
whis_transcribe_again_job_new (WhisServiceProxy *service, GVariant *models, const char *model);

void whis_transcribe_again_job_count (WhisTranscribeAgainJob *self);
void whis_transcribe_again_job_run (WhisTranscribeAgainJob *self);
void whis_transcribe_again_job_stop (WhisTranscribeAgainJob *self);

gboolean whis_transcribe_again_job_is_running (WhisTranscribeAgainJob *self);
guint whis_transcribe_again_job_get_total (WhisTranscribeAgainJob *self);
guint whis_transcribe_again_job_get_done (WhisTranscribeAgainJob *self);
guint whis_transcribe_again_job_get_failed (WhisTranscribeAgainJob *self);
double whis_transcribe_again_job_get_fraction (WhisTranscribeAgainJob *self);

G_END_DECLS
