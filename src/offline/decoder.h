/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The name of the module that decodes. */
#define WHIS_DECODER_MODULE "whis-decoder"

/**
 * WhisDecoder:
 * @decode_async: begins to decode the first sound track of a file, as [func@decode_async]
 * @decode_finish: returns the samples, as [func@decode_finish]
 *
 * What the decoder's module exports.
 */
typedef struct
{
  void (*decode_async) (GBytes *file,
                        guint64 longest_ms,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data);
  GBytes *(*decode_finish) (GAsyncResult *result, GError **error);
} WhisDecoder;

G_END_DECLS
