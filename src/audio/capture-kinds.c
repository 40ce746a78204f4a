/* SPDX-License-Identifier: MIT */
#include "capture-kinds.h"

#include "file-capture.h"
#include "microphone.h"
#include "recut-capture.h"

/**
 * whis_capture_kinds_get:
 *
 * Returns: (transfer none): captures whose sound is made by GStreamer in this process
 */
const WhisCaptureKinds *
whis_capture_kinds_get (void)
{
  static const WhisCaptureKinds kinds = { whis_microphone_new, whis_file_capture_new,
                                          whis_recut_capture_new };

  return &kinds;
}
