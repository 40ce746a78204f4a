/* SPDX-License-Identifier: MIT */
#pragma once

#include "pool.h"

G_BEGIN_DECLS

typedef struct _WhisFailoverTarget WhisFailoverTarget;

WhisFailoverTarget *
whis_failover_target_new (const WhisProvider *provider, WhisPool *pool, const char *model);
WhisFailoverTarget *whis_failover_target_ref (WhisFailoverTarget *self);
void whis_failover_target_unref (WhisFailoverTarget *self);

const WhisProvider *whis_failover_target_get_provider (WhisFailoverTarget *self);
WhisPool *whis_failover_target_get_pool (WhisFailoverTarget *self);
const char *whis_failover_target_get_model (WhisFailoverTarget *self);
const char *whis_failover_target_get_host (WhisFailoverTarget *self);
void whis_failover_target_set_model (WhisFailoverTarget *self, const char *model);
void whis_failover_target_warm_up (WhisFailoverTarget *self);

void whis_failover_target_set_key (WhisFailoverTarget *self, char *key);
gboolean whis_failover_target_knows_key (WhisFailoverTarget *self);
const char *whis_failover_target_get_key (WhisFailoverTarget *self);

void whis_failover_target_close (WhisFailoverTarget *self, const GError *error);
void whis_failover_target_note_error (WhisFailoverTarget *self, const GError *error);
const GError *whis_failover_target_get_error (WhisFailoverTarget *self);

WhisSpeechRequest *
whis_failover_target_make_request (WhisFailoverTarget *self, WhisSpeechRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisFailoverTarget, whis_failover_target_unref)

G_END_DECLS
