/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisSphinxFiles:
 *
 * The files of a speech model.
 */
typedef struct
{
  const char *acoustic_model;
  const char *language_model;
  const char *dictionary;
} WhisSphinxFiles;

/**
 * WhisSphinxDecoder:
 *
 * PocketSphinx itself. The releases before version 5 and those since then have different interfaces
 * for features, and so there are two files with these functions.
 */
typedef struct _WhisSphinxDecoder WhisSphinxDecoder;

WhisSphinxDecoder *whis_sphinx_decoder_new (const WhisSphinxFiles *files);
void whis_sphinx_decoder_free (WhisSphinxDecoder *self);
GPtrArray *whis_sphinx_decoder_run (WhisSphinxDecoder *self,
                                    const gint16 *samples,
                                    GArray *utterances,
                                    GCancellable *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisSphinxDecoder, whis_sphinx_decoder_free)

G_END_DECLS
