/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WhisTap WhisTap;

/**
 * WhisTapFunc:
 * @samples: (transfer full): sound, signed 16 bits, little endian, one channel
 * @user_data: what the tap was made with
 *
 * Takes what comes out of a tap, in the thread that feeds it.
 */
typedef void (*WhisTapFunc) (GBytes *samples, gpointer user_data);

WhisTap *whis_tap_new (guint rate, WhisTapFunc func, gpointer user_data);
void whis_tap_free (WhisTap *self);

void whis_tap_push (WhisTap *self, const gint16 *samples, gsize n_samples);
void whis_tap_flush (WhisTap *self);
void whis_tap_finish (WhisTap *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisTap, whis_tap_free)

G_END_DECLS
