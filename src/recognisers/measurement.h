/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisMeasurement:
 * @engine: the engine and its version
 * @gpu: the graphics processor that computed, empty if none did
 * @text: what it understood of the known sound
 * @speech_ms: length of that sound in milliseconds
 * @load_ms: how long it took to load the model
 * @work_ms: how long it took to recognise the sound
 * @peak_bytes: the most memory that the program had, 0 if that is not known
 *
 * What a run of the recogniser on a known sound has shown.
 */
typedef struct
{
  char *engine;
  char *gpu;
  char *text;
  guint64 speech_ms;
  guint64 load_ms;
  guint64 work_ms;
  guint64 peak_bytes;
} WhisMeasurement;

void whis_measurement_free (WhisMeasurement *measurement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisMeasurement, whis_measurement_free)

void whis_measurement_run_async (const char *model_path,
                                 gboolean with_gpu,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer data);
WhisMeasurement *whis_measurement_run_finish (GAsyncResult *result, GError **error);

char *whis_measurement_dup_computer (void);
char *whis_measurement_dup_drivers (void);

G_END_DECLS
