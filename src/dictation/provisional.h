/* SPDX-License-Identifier: MIT */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

/**
 * WHIS_PROVISIONAL_RATE:
 *
 * The rate of the sound that is wanted, in Hz.
 */
#define WHIS_PROVISIONAL_RATE 16000

#define WHIS_TYPE_PROVISIONAL (whis_provisional_get_type ())
G_DECLARE_FINAL_TYPE (WhisProvisional, whis_provisional, WHIS, PROVISIONAL, GObject)

WhisProvisional *
whis_provisional_new (WhisBackend *backend, const char *model, const char *language);

void whis_provisional_begin (WhisProvisional *self, guint64 from_ms);
void whis_provisional_push (WhisProvisional *self, GBytes *samples, gboolean may_ask);
void whis_provisional_cut (WhisProvisional *self, guint64 end_ms);
void whis_provisional_end (WhisProvisional *self);

G_END_DECLS
