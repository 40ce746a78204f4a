/* SPDX-License-Identifier: MIT */
#pragma once

#include "engine.h"
#include "loudness.h"

G_BEGIN_DECLS

/**
 * WhisPieceFunc:
 * @engine: the engine
 * @request: how to recognise the piece
 * @samples: (array length=n_samples): the piece
 * @n_samples: how many samples
 * @loudness: how loud the piece is
 * @cancellable: (nullable): ends the work
 * @error: return location
 *
 * Recognises one piece of a sound, its times counted from the piece's start.
 *
 * Returns: (transfer full): what was said in it
 */
typedef WhisTranscript *(*WhisPieceFunc) (gpointer engine,
                                          const WhisEngineRequest *request,
                                          const float *samples,
                                          gsize n_samples,
                                          const WhisLoudness *loudness,
                                          GCancellable *cancellable,
                                          GError **error);

WhisTranscript *whis_pieces_transcribe (gpointer engine,
                                        WhisPieceFunc transcribe,
                                        const WhisEngineRequest *request,
                                        GBytes *samples,
                                        GCancellable *cancellable,
                                        GError **error);

G_END_DECLS
