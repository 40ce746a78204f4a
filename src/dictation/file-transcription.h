/* SPDX-License-Identifier: MIT */
#pragma once

#include "record.h"
#include "failover.h"

G_BEGIN_DECLS

/**
 * WhisFileTranscriptionOptions:
 * @file: a readable file descriptor with sound or video; it is duplicated
 * @directory: where the sound is as long as it is worked on; only its owner may read it
 * @language: (nullable): the language that is spoken; %NULL or empty for automatic
 * @prompt: (nullable): words that help the recogniser
 * @temperature: how freely tokens are chosen at first, from 0, which is usual, to 1
 * @longest_chunk_ms: longest chunk in milliseconds
 *
 * What is to be transcribed, and how. Everything is copied.
 */
typedef struct
{
  int file;
  const char *directory;
  const char *language;
  const char *prompt;
  double temperature;
  guint longest_chunk_ms;
} WhisFileTranscriptionOptions;

void whis_file_transcribe_async (WhisFailover *failover,
                                 const WhisFileTranscriptionOptions *options,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer data);
WhisRecord *
whis_file_transcribe_finish (WhisFailover *failover, GAsyncResult *result, GError **error);

G_END_DECLS
