/* SPDX-License-Identifier: MIT */
#include "fake-capture.h"

#include <string.h>

#include "wav.h"

struct _TestCapture
{
  WhisCapture parent_instance;

  TestCaptureKind kind;
  char *dictation;
  WhisRecording *recording; /* NULL for a recut */
  WhisRecutStart start;
  guint n_chunks;
  guint64 offset;
  guint64 elapsed_ms;
  guint64 quiet_ms;
  gboolean has_spoken;
  gboolean is_splitting;
  WhisCapture *former; /* NULL if it has a microphone of its own */
};

G_DEFINE_FINAL_TYPE (TestCapture, test_capture, WHIS_TYPE_CAPTURE)

/* The last one that was made, as long as it is alive. */
static TestCapture *newest;

static void
test_capture_start (WhisCapture *capture)
{
}

static guint
test_capture_stop (WhisCapture *capture)
{
  return 0;
}

static gboolean
closed_cb (gpointer user_data)
{
  g_autoptr (WhisCapture) capture = user_data;

  whis_capture_end (capture);

  return G_SOURCE_REMOVE;
}

static void
test_capture_close (WhisCapture *capture)
{
  g_idle_add (closed_cb, g_object_ref (capture));
}

static void
test_capture_leave (WhisCapture *capture)
{
  TestCapture *self = TEST_CAPTURE (capture);

  if (self->former != NULL)
    whis_capture_cancel_split (self->former);
  g_clear_object (&self->former);
}

static guint64
test_capture_get_elapsed_ms (WhisCapture *capture)
{
  return TEST_CAPTURE (capture)->elapsed_ms;
}

static guint64
test_capture_get_quiet_ms (WhisCapture *capture, gboolean *has_spoken)
{
  *has_spoken = TEST_CAPTURE (capture)->has_spoken;

  return TEST_CAPTURE (capture)->quiet_ms;
}

/* Any silence behind words is a pause. */
static gboolean
test_capture_begin_split (WhisCapture *capture)
{
  TestCapture *self = TEST_CAPTURE (capture);

  self->is_splitting = self->has_spoken && self->quiet_ms > 0;

  return self->is_splitting;
}

static void
test_capture_cancel_split (WhisCapture *capture)
{
  TEST_CAPTURE (capture)->is_splitting = FALSE;
}

static void
test_capture_finalize (GObject *object)
{
  TestCapture *self = TEST_CAPTURE (object);

  if (newest == self)
    newest = NULL;
  g_free (self->dictation);
  g_clear_object (&self->recording);
  g_clear_object (&self->former);

  G_OBJECT_CLASS (test_capture_parent_class)->finalize (object);
}

static void
test_capture_class_init (TestCaptureClass *klass)
{
  WhisCaptureClass *capture_class = WHIS_CAPTURE_CLASS (klass);

  capture_class->start = test_capture_start;
  capture_class->stop = test_capture_stop;
  capture_class->close = test_capture_close;
  capture_class->leave = test_capture_leave;
  capture_class->get_elapsed_ms = test_capture_get_elapsed_ms;
  capture_class->get_quiet_ms = test_capture_get_quiet_ms;
  capture_class->begin_split = test_capture_begin_split;
  capture_class->cancel_split = test_capture_cancel_split;
  G_OBJECT_CLASS (klass)->finalize = test_capture_finalize;
}

static void
test_capture_init (TestCapture *self)
{
}

static WhisCapture *
create (TestCaptureKind kind, const WhisCaptureOptions *options)
{
  TestCapture *self = g_object_new (TEST_TYPE_CAPTURE, NULL);

  self->kind = kind;
  self->dictation = g_strdup (options->dictation);
  g_set_object (&self->recording, options->recording);
  newest = self;

  return WHIS_CAPTURE (self);
}

static WhisCapture *
new_microphone (const WhisCaptureOptions *options, const WhisMicrophoneOptions *microphone)
{
  WhisCapture *self = create (TEST_CAPTURE_MICROPHONE, options);

  g_set_object (&TEST_CAPTURE (self)->former, microphone->former);

  return self;
}

static WhisCapture *
new_file (const WhisCaptureOptions *options, int file)
{
  return create (TEST_CAPTURE_FILE, options);
}

static WhisCapture *
new_recut (const WhisCaptureOptions *options, const char *path, const WhisRecutStart *start)
{
  TestCapture *self = TEST_CAPTURE (create (TEST_CAPTURE_RECUT, options));

  self->start = *start;
  self->n_chunks = start->index;
  self->offset = start->offset;
  self->elapsed_ms = start->ms;

  return WHIS_CAPTURE (self);
}

const WhisCaptureKinds test_capture_kinds = { new_microphone, new_file, new_recut };

TestCapture *
test_capture_get_newest (void)
{
  return newest;
}

TestCaptureKind
test_capture_get_kind (TestCapture *self)
{
  return self->kind;
}

const WhisRecutStart *
test_capture_get_recut_start (TestCapture *self)
{
  return &self->start;
}

gboolean
test_capture_is_splitting (TestCapture *self)
{
  return self->is_splitting;
}

/* The first sound; in a WAV file it comes behind the header. The microphone of another one is taken
 * over. */
void
test_capture_begin (TestCapture *self)
{
  if (self->recording != NULL)
    {
      g_assert_true (whis_recording_open (self->recording, NULL));
      if (whis_wav_is_name (whis_recording_get_path (self->recording)))
        self->offset = WHIS_WAV_HEADER_SIZE;
    }
  if (self->former != NULL)
    {
      g_assert_true (test_capture_is_splitting (TEST_CAPTURE (self->former)));
      whis_capture_close (self->former);
      g_clear_object (&self->former);
    }
  whis_capture_emit_started (WHIS_CAPTURE (self), 0);
}

static void
append_frames (TestCapture *self)
{
  guint8 frame[TEST_CAPTURE_FRAME_SIZE];

  memset (frame, (int) self->n_chunks, sizeof frame);
  for (guint i = 0; i < TEST_CAPTURE_FRAMES; i++)
    g_assert_true (whis_recording_append (self->recording, frame, sizeof frame, NULL));
}

/* Another chunk. */
void
test_capture_say (TestCapture *self, gboolean has_speech)
{
  g_autoptr (WhisChunk) chunk = whis_chunk_new (self->dictation, self->n_chunks);

  if (self->recording != NULL)
    append_frames (self);
  chunk->offset = self->offset;
  chunk->size = TEST_CAPTURE_CHUNK_SIZE;
  chunk->start_ms = self->elapsed_ms;
  chunk->length_ms = TEST_CAPTURE_CHUNK_MS;
  chunk->has_speech = has_speech;
  self->n_chunks++;
  self->offset += chunk->size;
  self->elapsed_ms += chunk->length_ms;
  self->quiet_ms = has_speech ? 0 : self->quiet_ms + chunk->length_ms;
  self->has_spoken = self->has_spoken || has_speech;
  whis_capture_emit_chunk (WHIS_CAPTURE (self), chunk);
}

/* Nobody has spoken for so long. */
void
test_capture_pause (TestCapture *self, guint64 quiet_ms)
{
  self->quiet_ms = quiet_ms;
  whis_capture_emit_level (WHIS_CAPTURE (self), -60);
}

/* It ends, and not because it was stopped. */
void
test_capture_fail (TestCapture *self, WhisAudioError code)
{
  whis_capture_take_error (WHIS_CAPTURE (self),
                           g_error_new_literal (WHIS_AUDIO_ERROR, (int) code, "It broke."));
  whis_capture_end (WHIS_CAPTURE (self));
}

/* All sound was heard. */
void
test_capture_finish (TestCapture *self)
{
  if (self->recording != NULL && whis_recording_get_size (self->recording) > 0)
    whis_recording_sync (self->recording, NULL);
  whis_capture_end (WHIS_CAPTURE (self));
}

/* After the end: returns whether the disk took the rest. */
gboolean
test_capture_save (TestCapture *self)
{
  if (!whis_recording_sync (self->recording, NULL))
    return FALSE;

  whis_capture_emit_saved (WHIS_CAPTURE (self));

  return TRUE;
}
