/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "endpoint-recogniser.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ENDPOINT_JOB (whis_endpoint_job_get_type ())
G_DECLARE_FINAL_TYPE (WhisEndpointJob, whis_endpoint_job, WHIS, ENDPOINT_JOB, GObject)

WhisEndpointJob *whis_endpoint_job_new (SoupServerMessage *message, const char *directory);
WhisEndpointJob *whis_endpoint_job_get (SoupServerMessage *message);

void whis_endpoint_job_complete (WhisEndpointJob *self);
void whis_endpoint_job_run (WhisEndpointJob *self, WhisEndpointRecogniser *recogniser);
void whis_endpoint_job_close (WhisEndpointJob *self);

G_END_DECLS
