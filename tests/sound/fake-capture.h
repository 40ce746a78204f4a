/* SPDX-License-Identifier: MIT */
#pragma once

#include "capture.h"

G_BEGIN_DECLS

/*
 * A capture without sound: what a test says becomes frames of the recording and a chunk. It stops
 * when the test says so.
 */

/* Each chunk has so many frames, each of a byte that counts the chunks. */
#define TEST_CAPTURE_FRAMES 50
#define TEST_CAPTURE_FRAME_SIZE 288
#define TEST_CAPTURE_CHUNK_SIZE (TEST_CAPTURE_FRAMES * TEST_CAPTURE_FRAME_SIZE)
#define TEST_CAPTURE_CHUNK_MS (TEST_CAPTURE_FRAMES * 36)

#define TEST_TYPE_CAPTURE (test_capture_get_type ())
G_DECLARE_FINAL_TYPE (TestCapture, test_capture, TEST, CAPTURE, WhisCapture)

/* What kind of capture was made last, and from where a recut begins. */
typedef enum
{
  TEST_CAPTURE_NONE,
  TEST_CAPTURE_MICROPHONE,
  TEST_CAPTURE_FILE,
  TEST_CAPTURE_RECUT,
} TestCaptureKind;

extern const WhisCaptureKinds test_capture_kinds;

TestCapture *test_capture_get_newest (void);
TestCaptureKind test_capture_get_kind (TestCapture *self);
const WhisRecutStart *test_capture_get_recut_start (TestCapture *self);

void test_capture_begin (TestCapture *self);
void test_capture_say (TestCapture *self, gboolean has_speech);
void test_capture_pause (TestCapture *self, guint64 quiet_ms);
gboolean test_capture_is_splitting (TestCapture *self);
void test_capture_fail (TestCapture *self, WhisAudioError code);
void test_capture_finish (TestCapture *self);
gboolean test_capture_save (TestCapture *self);

G_END_DECLS
