/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_AGAIN_JOB (whis_again_job_get_type ())
G_DECLARE_FINAL_TYPE (WhisAgainJob, whis_again_job, WHIS, AGAIN_JOB, GObject)

WhisAgainJob *whis_again_job_new (WhisServiceProxy *service, GVariant *models, const char *model);

void whis_again_job_count (WhisAgainJob *self);
void whis_again_job_run (WhisAgainJob *self);
void whis_again_job_stop (WhisAgainJob *self);

gboolean whis_again_job_is_running (WhisAgainJob *self);
guint whis_again_job_get_total (WhisAgainJob *self);
guint whis_again_job_get_done (WhisAgainJob *self);
guint whis_again_job_get_failed (WhisAgainJob *self);
double whis_again_job_get_fraction (WhisAgainJob *self);

G_END_DECLS
