/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WhisCueFilter WhisCueFilter;

/**
 * WhisCueFilterFunc:
 * @samples: (array length=n_samples): sound at 16 kHz, one channel
 * @n_samples: number of samples
 * @user_data: what the filter was made with
 *
 * Takes what comes out of a filter.
 *
 * Returns: whether more is taken
 */
typedef gboolean (*WhisCueFilterFunc) (const gint16 *samples, gsize n_samples, gpointer user_data);

WhisCueFilter *whis_cue_filter_new (WhisCueFilterFunc func, gpointer user_data);
void whis_cue_filter_free (WhisCueFilter *self);

gboolean whis_cue_filter_push (WhisCueFilter *self, const gint16 *samples, gsize n_samples);
gboolean whis_cue_filter_flush (WhisCueFilter *self);
guint whis_cue_filter_get_delay_ms (WhisCueFilter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisCueFilter, whis_cue_filter_free)

G_END_DECLS
