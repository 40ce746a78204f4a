/* SPDX-License-Identifier: MIT */
#include "file-capture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture-error.h"

/* decodebin drops an error that a demuxer posts while it is being connected, and then neither sound
 * nor an end comes. */
#define FILE_TIMEOUT_MS 60000

/* After an error the rest of the sound is on its way. */
#define DRAIN_TIMEOUT_MS 500

/**
 * WhisFileCapture:
 *
 * Records the sound of a file with sound or video, in any format that GStreamer decodes, as fast as
 * it can be read.
 */
struct _WhisFileCapture
{
  WhisAudioCapture parent_instance;

  int file;         /* -1 if no descriptor was free */
  guint timeout_ms; /* 0 for a file that may come slowly */
};

G_DEFINE_FINAL_TYPE (WhisFileCapture, whis_file_capture, WHIS_TYPE_AUDIO_CAPTURE)

static gboolean
check_file (WhisFileCapture *self, GError **error)
{
  struct stat info;

  if (fstat (self->file, &info) < 0)
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                   _ ("The file cannot be read (%s)."), g_strerror (errno));
      return FALSE;
    }
  if (S_ISDIR (info.st_mode))
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                   _ ("This is a directory, not a sound file."));
      return FALSE;
    }
  if (S_ISREG (info.st_mode) && info.st_size == 0)
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE, _ ("The file is empty."));
      return FALSE;
    }

  if (!S_ISREG (info.st_mode))
    self->timeout_ms = 0;
  lseek (self->file, 0, SEEK_SET);

  return TRUE;
}

static gboolean
whis_file_capture_prepare (WhisCapture *capture, GError **error)
{
  WhisFileCapture *self = WHIS_FILE_CAPTURE (capture);

  if (self->file < 0)
    {
      g_set_error_literal (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                           _ ("Too many files are open; try again when other transcriptions have "
                              "ended."));
      return FALSE;
    }

  return check_file (self, error)
         && WHIS_CAPTURE_CLASS (whis_file_capture_parent_class)->prepare (capture, error);
}

static void
whis_file_capture_start (WhisCapture *capture)
{
  whis_audio_capture_open (WHIS_AUDIO_CAPTURE (capture), WHIS_FILE_CAPTURE (capture)->file, NULL,
                           0);
}

static gboolean
timeout_cb (gpointer user_data)
{
  whis_capture_take_error (user_data,
                           g_error_new_literal (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                                                _ ("The file holds no sound that can be read.")));
  whis_capture_close (user_data);

  return G_SOURCE_REMOVE;
}

static void
whis_file_capture_opened (WhisAudioCapture *audio_capture, const GError *error)
{
  WhisFileCapture *self = WHIS_FILE_CAPTURE (audio_capture);
  WhisCapture *capture = WHIS_CAPTURE (self);
  WhisCaptureState state = whis_capture_get_state (capture);

  if (error == NULL && state == WHIS_CAPTURE_STATE_STARTING && self->timeout_ms > 0)
    whis_capture_set_timeout (capture, self->timeout_ms, timeout_cb);
  if (error == NULL || state == WHIS_CAPTURE_STATE_CLOSING)
    return;

  whis_capture_take_error (capture, g_error_copy (error));
  whis_capture_close (capture);
}

static void
whis_file_capture_started (WhisAudioCapture *capture, guint64 duration_ms)
{
  whis_capture_emit_started (WHIS_CAPTURE (capture), duration_ms);
}

static gboolean
drain_expired_cb (gpointer user_data)
{
  whis_capture_close (user_data);

  return G_SOURCE_REMOVE;
}

static void
whis_file_capture_failed (WhisAudioCapture *audio_capture, const GError *error)
{
  WhisCapture *capture = WHIS_CAPTURE (audio_capture);
  gboolean has_started = whis_capture_has_started (capture);

  if (whis_capture_has_error (capture))
    return;

  whis_capture_take_error (capture, whis_capture_error_new (error, TRUE, has_started));
  if (!has_started)
    {
      whis_capture_close (capture);
      return;
    }

  if (whis_capture_get_state (capture) == WHIS_CAPTURE_STATE_RECORDING)
    whis_capture_set_state (capture, WHIS_CAPTURE_STATE_STOPPING);
  whis_capture_set_timeout (capture, DRAIN_TIMEOUT_MS, drain_expired_cb);
}

static void
whis_file_capture_drained (WhisAudioCapture *audio_capture)
{
  WhisCapture *capture = WHIS_CAPTURE (audio_capture);

  if (!whis_capture_has_started (capture) && !whis_capture_has_error (capture))
    whis_capture_take_error (capture, g_error_new_literal (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                                                           _ ("The file holds no sound.")));
}

static void
whis_file_capture_finalize (GObject *object)
{
  WhisFileCapture *self = WHIS_FILE_CAPTURE (object);

  if (self->file >= 0)
    close (self->file);

  G_OBJECT_CLASS (whis_file_capture_parent_class)->finalize (object);
}

static void
whis_file_capture_class_init (WhisFileCaptureClass *klass)
{
  WhisAudioCaptureClass *audio_class = WHIS_AUDIO_CAPTURE_CLASS (klass);
  WhisCaptureClass *capture_class = WHIS_CAPTURE_CLASS (klass);

  audio_class->opened = whis_file_capture_opened;
  audio_class->started = whis_file_capture_started;
  audio_class->failed = whis_file_capture_failed;
  audio_class->drained = whis_file_capture_drained;
  capture_class->prepare = whis_file_capture_prepare;
  capture_class->start = whis_file_capture_start;
  G_OBJECT_CLASS (klass)->finalize = whis_file_capture_finalize;
}

static void
whis_file_capture_init (WhisFileCapture *self)
{
  self->file = -1;
  self->timeout_ms = FILE_TIMEOUT_MS;
}

/**
 * whis_file_capture_new:
 * @options: what becomes of the sound
 * @file: a readable file descriptor, which is duplicated; regular files are read from their
 *   beginning
 *
 * Returns: (transfer full) (type WhisFileCapture): a capture that has not started
 */
WhisCapture *
whis_file_capture_new (const WhisCaptureOptions *options, int file)
{
  WhisFileCapture *self;

  g_return_val_if_fail (options != NULL && options->recording != NULL, NULL);

  self = g_object_new (WHIS_TYPE_FILE_CAPTURE, NULL);
  whis_audio_capture_set_options (WHIS_AUDIO_CAPTURE (self), options);
  self->file = file >= 0 ? fcntl (file, F_DUPFD_CLOEXEC, 3) : -1;

  return WHIS_CAPTURE (self);
}

/**
 * whis_file_capture_set_timeout:
 * @self: a capture that has not started
 * @ms: how long the first sound of a regular file may take; a minute unless this is called
 */
void
whis_file_capture_set_timeout (WhisFileCapture *self, guint ms)
{
  g_return_if_fail (WHIS_IS_FILE_CAPTURE (self));

  self->timeout_ms = ms;
}
