/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "transcript.h"

G_BEGIN_DECLS

/**
 * WhisSphinx:
 *
 * PocketSphinx with its English model. It belongs to one thread at a time, and its calls take as
 * long as they take.
 */
typedef struct _WhisSphinx WhisSphinx;

gboolean whis_sphinx_check_model (const char *model_dir, GError **error);

WhisSphinx *whis_sphinx_new (const char *model_dir, GError **error);
void whis_sphinx_free (WhisSphinx *self);
WhisTranscript *whis_sphinx_transcribe (WhisSphinx *self,
                                        const gint16 *samples,
                                        gsize n_samples,
                                        GCancellable *cancellable,
                                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisSphinx, whis_sphinx_free)

G_END_DECLS
