/* SPDX-License-Identifier: MIT */
#include "recording.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

/* A killed process loses nothing, because written bytes are the kernel's. This bounds what a power
 * cut can take: five seconds of speech, for one small flush in that time. */
#define SYNC_INTERVAL (5 * G_USEC_PER_SEC)

/**
 * WhisRecording:
 *
 * The MP3 file of one dictation, which grows frame by frame as sound is heard.
 *
 * The file always ends with a whole frame: one that could not be written in full is taken back.
 * A recording is used by one thread at a time; it is made to be written from GStreamer's.
 */
struct _WhisRecording
{
  char *path;
  int fd;
  guint64 size;
  gint64 synced_at;
};

static void
set_storage_error (GError **error, const char *path, int saved_errno)
{
  if (saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG)
    g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE,
                 _ ("The disk is full: the recording ends here, and “%s” holds what was said."),
                 path);
  else
    g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE,
                 _ ("The recording “%s” could not be written (%s)."), path,
                 g_strerror (saved_errno));
}

/**
 * whis_recording_new:
 * @path: where the recording goes; a file of that name must not exist
 * @error: return location for a [error@AudioError]
 *
 * Creates the file, readable by its owner only, and the directories above it. Nothing else is
 * written until the first frame, so that a directory that cannot be written to is known before
 * anybody speaks.
 *
 * Returns: (transfer full): an empty recording, or %NULL with `STORAGE` set
 */
WhisRecording *
whis_recording_new (const char *path, GError **error)
{
  g_autofree char *directory = NULL;
  WhisRecording *recording;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  directory = g_path_get_dirname (path);
  if (g_mkdir_with_parents (directory, 0700) < 0
      || (fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600)) < 0)
    {
      int saved_errno = errno;

      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE,
                   _ ("The recording “%s” could not be created (%s)."), path,
                   g_strerror (saved_errno));
      return NULL;
    }

  recording = g_new0 (WhisRecording, 1);
  recording->path = g_strdup (path);
  recording->fd = fd;
  recording->synced_at = g_get_monotonic_time ();

  return recording;
}

/**
 * whis_recording_free:
 * @recording: (transfer full) (nullable): a recording
 *
 * Closes the file and keeps it.
 */
void
whis_recording_free (WhisRecording *recording)
{
  if (recording == NULL)
    return;

  close (recording->fd);
  g_free (recording->path);
  g_free (recording);
}

static gboolean
write_all (int fd, const char *data, gsize size)
{
  while (size > 0)
    {
      gssize written = write (fd, data, size);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;

      data += written;
      size -= (gsize) written;
    }

  return TRUE;
}

static void
take_back (WhisRecording *recording)
{
  if (ftruncate (recording->fd, (off_t) recording->size) < 0)
    g_debug ("A torn frame stays at the end of a recording: %s", g_strerror (errno));
}

/**
 * whis_recording_append:
 * @recording: a recording
 * @data: (array length=size): one or more whole MP3 frames
 * @size: length of @data in bytes
 * @error: return location for a [error@AudioError]
 *
 * Appends frames. From time to time this waits for the disk, so it must not be called on the main
 * loop.
 *
 * Returns: whether all of @data is in the file; with `STORAGE` set, none of it is
 */
gboolean
whis_recording_append (WhisRecording *recording, const void *data, gsize size, GError **error)
{
  g_return_val_if_fail (recording != NULL, FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!write_all (recording->fd, data, size))
    {
      int saved_errno = errno;

      take_back (recording);
      set_storage_error (error, recording->path, saved_errno);
      return FALSE;
    }

  recording->size += size;

  if (g_get_monotonic_time () - recording->synced_at < SYNC_INTERVAL)
    return TRUE;

  return whis_recording_sync (recording, error);
}

/**
 * whis_recording_sync:
 * @recording: a recording
 * @error: return location for a [error@AudioError]
 *
 * Waits until everything appended is on the disk. Not for the main loop.
 *
 * Returns: whether the disk has it; otherwise `STORAGE` is set
 */
gboolean
whis_recording_sync (WhisRecording *recording, GError **error)
{
  g_return_val_if_fail (recording != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  recording->synced_at = g_get_monotonic_time ();

  /* EINVAL and EROFS: a file system that has nothing to flush to */
  if (fdatasync (recording->fd) < 0 && errno != EINVAL && errno != EROFS)
    {
      set_storage_error (error, recording->path, errno);
      return FALSE;
    }

  return TRUE;
}

/**
 * whis_recording_get_path:
 * @recording: a recording
 *
 * Returns: the name of the file
 */
const char *
whis_recording_get_path (WhisRecording *recording)
{
  g_return_val_if_fail (recording != NULL, NULL);

  return recording->path;
}

/**
 * whis_recording_get_size:
 * @recording: a recording
 *
 * Returns: the length of the file in bytes, all of it whole frames
 */
guint64
whis_recording_get_size (WhisRecording *recording)
{
  g_return_val_if_fail (recording != NULL, 0);

  return recording->size;
}
