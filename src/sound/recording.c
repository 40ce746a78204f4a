/* SPDX-License-Identifier: MIT */
#include "recording.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "locked-file.h"
#include "wav.h"

/* A killed process loses nothing, because written bytes are the kernel's. This bounds what a power
 * cut can take: five seconds of speech, for one small flush in that time; and the first words are
 * on the disk sooner. */
#define SYNC_INTERVAL (5 * G_USEC_PER_SEC)
#define FIRST_SYNC (G_USEC_PER_SEC * 7 / 10)

/* A file is read faster than it sounds; two minutes of MP3, or half a minute of samples, are
 * flushed earlier, so that no more than that is kept in memory. */
#define MOST_UNSYNCED (1024 * 1024)

/* What was flushed stays in memory for as long as it may belong to a chunk that is not cut yet: the
 * chunk is then sent from memory if the disk takes the rest of it no more. A minute of sound. */
#define RECENT_MP3 (512 * 1024)
#define RECENT_SAMPLES (2 * 1024 * 1024)

/* How often a disk that refused is tried again. */
#define RETRY_INTERVAL G_USEC_PER_SEC

/* How much is written at a time when there is room again. */
#define PIECE_SIZE 4096

/**
 * WhisRecording:
 *
 * The file of one dictation, which grows frame by frame as sound is heard: an MP3 file, or a WAV
 * file where its name says so. The header of that one says nothing of its size until the recording
 * was flushed at its end.
 *
 * When the disk takes no more, the frames stay in memory, up to %WHIS_RECORDING_MOST_UNSAVED, and
 * are written in their order as soon as it does. What was written since the last flush stays in
 * memory too, so that a flush that fails loses nothing.
 *
 * The file ends with a whole frame, except while it catches up: a frame that could not be written
 * in full is taken back.
 *
 * A recording is written by one thread at a time; it is made to be written from GStreamer's. Others
 * may ask what is saved, and read, also what the disk has not taken yet.
 */
struct _WhisRecording
{
  GObject parent_instance;

  char *path;
  int fd;
  gint64 synced_at;
  gint64 tried_at; /* when the disk last refused */
  int write_errno; /* why, 0 when all is well */
  gboolean directory_synced;
  gboolean is_wav;

  /* guards what follows; held for a moment only */
  GMutex lock;
  GByteArray *kept;  /* what may not be on the disk yet, and what was recorded before that */
  guint64 kept_from; /* where in the recording that begins */
  guint64 synced;    /* so much is on the disk */
  guint64 saved;     /* length of the file */
  guint64 size;      /* length of the recording */
};

static void whis_recording_sound_init (WhisSoundInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisRecording,
                               whis_recording,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_SOUND, whis_recording_sound_init))

static gboolean
is_full (int saved_errno)
{
  return saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG;
}

static void
set_storage_error (GError **error, const char *path, int saved_errno)
{
  if (is_full (saved_errno))
    g_set_error (
        error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE,
        _ ("The disk is full: the recording “%s” ends here; make room on the disk, so that all "
           "of it can be saved."),
        path);
  else
    g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE,
                 _ ("The recording “%s” could not be written (%s)."), path,
                 g_strerror (saved_errno));
}

/**
 * whis_recording_new:
 * @path: where the recording goes; a file of that name must not exist
 *
 * Returns: (transfer full): an empty recording without a file
 */
WhisRecording *
whis_recording_new (const char *path)
{
  WhisRecording *recording;

  g_return_val_if_fail (path != NULL, NULL);

  recording = g_object_new (WHIS_TYPE_RECORDING, NULL);
  recording->path = g_strdup (path);
  recording->is_wav = whis_wav_is_name (path);

  return recording;
}

/**
 * whis_recording_open:
 * @recording: a recording
 * @error: return location for a [error@AudioError]
 *
 * Creates the file, readable by its owner only, and the directories above it, unless that was done
 * before. Nothing else is written until the first frame, so that a directory that cannot be written
 * to is known before anybody speaks. The file is locked (flock(2)) until the recording is closed:
 * what is locked is not taken for something that was left behind. Not for the main loop.
 *
 * Returns: whether there is a file; otherwise `STORAGE` is set
 */
gboolean
whis_recording_open (WhisRecording *recording, GError **error)
{
  int fd;

  g_return_val_if_fail (WHIS_IS_RECORDING (recording), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (recording->fd >= 0)
    return TRUE;

  fd = whis_locked_file_create (recording->path);
  if (fd < 0)
    {
      int saved_errno = errno;

      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE,
                   _ ("The recording “%s” could not be created (%s)."), recording->path,
                   g_strerror (saved_errno));
      return FALSE;
    }

  g_mutex_lock (&recording->lock);
  recording->fd = fd;
  g_mutex_unlock (&recording->lock);

  return TRUE;
}

/**
 * whis_recording_dup_lock:
 * @recording: a recording
 *
 * May be called in any thread.
 *
 * Returns: another descriptor of the file, with the same lock, which flock(2) releases for all; -1
 *   while there is no file, or if no descriptor is free
 */
int
whis_recording_dup_lock (WhisRecording *recording)
{
  int fd;

  g_return_val_if_fail (WHIS_IS_RECORDING (recording), -1);

  g_mutex_lock (&recording->lock);
  fd = recording->fd >= 0 ? fcntl (recording->fd, F_DUPFD_CLOEXEC, 3) : -1;
  g_mutex_unlock (&recording->lock);

  return fd;
}

static void
truncate_to_saved (WhisRecording *recording)
{
  if (ftruncate (recording->fd, (off_t) recording->saved) < 0)
    g_debug ("A torn frame stays at the end of a recording: %s", g_strerror (errno));
}

static void
set_write_error (WhisRecording *recording, int saved_errno)
{
  g_debug ("A recording cannot be written: %s", g_strerror (saved_errno));
  recording->write_errno = saved_errno;
  recording->tried_at = g_get_monotonic_time ();
}

/* All or nothing of it. */
static gboolean
write_piece (WhisRecording *recording, const guint8 *data, gsize size)
{
  if (!whis_locked_file_write (recording->fd, data, size, recording->saved))
    {
      int saved_errno = errno;

      truncate_to_saved (recording);
      set_write_error (recording, saved_errno);
      return FALSE;
    }

  g_mutex_lock (&recording->lock);
  recording->saved += size;
  g_mutex_unlock (&recording->lock);

  return TRUE;
}

static gsize
copy_unsaved (WhisRecording *recording, guint8 *piece, gsize most)
{
  gsize from;
  gsize size;

  g_mutex_lock (&recording->lock);
  from = (gsize) (recording->saved - recording->kept_from);
  size = MIN (recording->kept->len - from, most);
  if (size > 0)
    memcpy (piece, recording->kept->data + from, size);
  g_mutex_unlock (&recording->lock);

  return size;
}

static gboolean
catch_up (WhisRecording *recording)
{
  guint8 piece[PIECE_SIZE];
  gsize size;

  while ((size = copy_unsaved (recording, piece, sizeof piece)) > 0)
    if (!write_piece (recording, piece, size))
      return FALSE;

  recording->write_errno = 0;

  return TRUE;
}

static void
recording_keep (WhisRecording *recording, const void *data, gsize size)
{
  g_mutex_lock (&recording->lock);
  g_byte_array_append (recording->kept, data, (guint) size);
  recording->size += size;
  g_mutex_unlock (&recording->lock);
}

/* Everything in the file is on the disk: what was kept of it need not be any more, but for the end.
 */
static void
forget_saved (WhisRecording *recording)
{
  GByteArray *kept = g_byte_array_new ();
  GByteArray *before;
  const guint64 recent = recording->is_wav ? RECENT_SAMPLES : RECENT_MP3;
  guint64 from;
  gsize past;

  g_mutex_lock (&recording->lock);
  recording->synced = recording->saved;
  from = recording->synced > recent ? recording->synced - recent : 0;
  past = from > recording->kept_from ? (gsize) (from - recording->kept_from) : 0;
  before = recording->kept;
  g_byte_array_append (kept, before->data + past, (guint) (before->len - past));
  recording->kept = kept;
  recording->kept_from += past;
  g_mutex_unlock (&recording->lock);

  g_byte_array_unref (before);
}

/* For the thread that writes. */
static gsize
count_unsynced (WhisRecording *recording)
{
  return (gsize) (recording->size - recording->synced);
}

/* The disk did not get what was written since the last flush: it will be written again. */
static void
rewind_to_synced (WhisRecording *recording, int saved_errno)
{
  g_mutex_lock (&recording->lock);
  recording->saved = recording->synced;
  g_mutex_unlock (&recording->lock);

  truncate_to_saved (recording);
  set_write_error (recording, saved_errno);
}

static gboolean
recording_flush (WhisRecording *recording)
{
  recording->synced_at = g_get_monotonic_time ();

  if (!whis_locked_file_flush (recording->fd))
    {
      rewind_to_synced (recording, errno);
      return FALSE;
    }

  forget_saved (recording);
  if (!recording->directory_synced)
    whis_locked_file_flush_directory (recording->path);
  recording->directory_synced = TRUE;

  return TRUE;
}

static gboolean
recording_save (WhisRecording *recording)
{
  if (!catch_up (recording))
    return FALSE;

  if (count_unsynced (recording) < MOST_UNSYNCED
      && g_get_monotonic_time () - recording->synced_at < SYNC_INTERVAL)
    return TRUE;

  return recording_flush (recording);
}

static gboolean
is_time_to_save (WhisRecording *recording)
{
  return recording->write_errno == 0
         || g_get_monotonic_time () - recording->tried_at >= RETRY_INTERVAL;
}

static void
keep_header (WhisRecording *recording)
{
  guint8 header[WHIS_WAV_HEADER_SIZE];

  whis_wav_fill_header (header, WHIS_WAV_UNKNOWN_SIZE);
  recording_keep (recording, header, sizeof header);
}

/* Without it readers take all that is there. */
static void
complete_header (WhisRecording *recording)
{
  guint8 header[WHIS_WAV_HEADER_SIZE];

  if (!recording->is_wav || recording->saved < sizeof header)
    return;
  whis_wav_fill_header (header, recording->saved - sizeof header);
  if (!whis_locked_file_write (recording->fd, header, sizeof header, 0))
    g_debug ("The header of a recording cannot be completed: %s", g_strerror (errno));
}

/**
 * whis_recording_append:
 * @recording: a recording
 * @data: (array length=size): one or more whole frames
 * @size: length of @data in bytes
 * @error: return location for a [error@AudioError]
 *
 * Appends frames. If the disk does not take them they stay in memory, and later calls try again,
 * once a second. From time to time this waits for the disk, so it must not be called on the main
 * loop.
 *
 * Returns: whether all of @data is in the file or in memory; with `STORAGE` set, none of it is
 */
gboolean
whis_recording_append (WhisRecording *recording, const void *data, gsize size, GError **error)
{
  g_return_val_if_fail (WHIS_IS_RECORDING (recording), FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (recording->size == 0)
    {
      recording->synced_at = g_get_monotonic_time () - SYNC_INTERVAL + FIRST_SYNC;
      if (recording->is_wav)
        keep_header (recording);
    }

  if (count_unsynced (recording) + size > WHIS_RECORDING_MOST_UNSAVED)
    {
      if (is_time_to_save (recording) && catch_up (recording))
        recording_flush (recording);
      if (count_unsynced (recording) + size > WHIS_RECORDING_MOST_UNSAVED)
        {
          set_storage_error (error, recording->path, recording->write_errno);
          return FALSE;
        }
    }

  recording_keep (recording, data, size);
  if (is_time_to_save (recording))
    recording_save (recording);

  return TRUE;
}

/**
 * whis_recording_sync:
 * @recording: a recording
 * @error: return location for a [error@AudioError]
 *
 * Writes what is in memory only, and the size into the header of a WAV file, and waits until
 * everything appended is on the disk. Not for the main loop.
 *
 * Returns: whether the disk has it; otherwise `STORAGE` is set
 */
gboolean
whis_recording_sync (WhisRecording *recording, GError **error)
{
  g_return_val_if_fail (WHIS_IS_RECORDING (recording), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* What has no file has no sound either. */
  if (recording->fd < 0)
    return TRUE;
  if (catch_up (recording))
    complete_header (recording);
  if (recording->write_errno != 0 || !recording_flush (recording))
    {
      set_storage_error (error, recording->path, recording->write_errno);
      return FALSE;
    }

  return TRUE;
}

/**
 * whis_recording_get_saved:
 * @recording: a recording
 *
 * Returns: whether everything appended is in the file
 */
gboolean
whis_recording_get_saved (WhisRecording *recording)
{
  gboolean saved;

  g_return_val_if_fail (WHIS_IS_RECORDING (recording), FALSE);

  g_mutex_lock (&recording->lock);
  saved = recording->saved == recording->size;
  g_mutex_unlock (&recording->lock);

  return saved;
}

/**
 * whis_recording_is_full:
 * @recording: a recording
 *
 * For the thread that writes.
 *
 * Returns: whether it is for lack of room that the disk refuses
 */
gboolean
whis_recording_is_full (WhisRecording *recording)
{
  g_return_val_if_fail (WHIS_IS_RECORDING (recording), FALSE);

  return is_full (recording->write_errno);
}

static gboolean
read_all (int fd, guint8 *data, gsize size, guint64 offset)
{
  while (size > 0)
    {
      gssize n = pread (fd, data, size, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;

      data += n;
      offset += (guint64) n;
      size -= (gsize) n;
    }

  return TRUE;
}

/* A range that is being read. */
typedef struct
{
  guint64 offset;
  gsize size;
  gsize from_file; /* so many bytes at its beginning are in the file only */
  guint8 *data;
} Range;

static void
range_free (gpointer data)
{
  Range *range = data;

  g_free (range->data);
  g_free (range);
}

static void
return_range (GTask *task)
{
  Range *range = g_task_get_task_data (task);

  g_task_return_pointer (task, g_bytes_new_take (g_steal_pointer (&range->data), range->size),
                         (GDestroyNotify) g_bytes_unref);
}

/* A descriptor of its own, since the recording may be closed meanwhile. */
static int
open_to_read (WhisRecording *recording)
{
  int fd = whis_recording_dup_lock (recording);

  return fd >= 0 ? fd : open (recording->path, O_RDONLY | O_CLOEXEC);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Range *range = data;
  int fd = open_to_read (source);

  if (fd >= 0 && read_all (fd, range->data, range->from_file, range->offset))
    return_range (task);
  else
    g_task_return_error (task, whis_sound_error_new (NULL));
  if (fd >= 0)
    close (fd);
}

/* What is kept in memory is taken from there, so that the disk need not be waited for. */
static gboolean
copy_from_memory (WhisRecording *recording, Range *range)
{
  guint64 end = range->offset + range->size;
  gboolean is_recorded;

  range->data = g_try_malloc (range->size);
  if (range->data == NULL)
    return FALSE;

  g_mutex_lock (&recording->lock);
  is_recorded = end <= recording->size;
  range->from_file = range->size;
  if (is_recorded && end > recording->kept_from)
    {
      range->from_file =
          recording->kept_from > range->offset ? (gsize) (recording->kept_from - range->offset) : 0;
      memcpy (range->data + range->from_file,
              recording->kept->data + (range->offset + range->from_file - recording->kept_from),
              range->size - range->from_file);
    }
  g_mutex_unlock (&recording->lock);

  return is_recorded;
}

static void
whis_recording_read_async (WhisSound *sound,
                           guint64 offset,
                           gsize size,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  WhisRecording *recording = WHIS_RECORDING (sound);
  g_autoptr (GTask) task = g_task_new (recording, cancellable, callback, data);
  Range *range = g_new0 (Range, 1);

  g_task_set_source_tag (task, whis_recording_read_async);
  g_task_set_task_data (task, range, range_free);
  range->offset = offset;
  range->size = size;
  if (!copy_from_memory (recording, range))
    g_task_return_error (task, whis_sound_error_new (NULL));
  else if (range->from_file == 0)
    return_range (task);
  else
    g_task_run_in_thread (task, read_in_thread);
}

static GBytes *
whis_recording_read_finish (WhisSound *sound, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sound), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static WhisSoundFormat
whis_recording_get_format (WhisSound *sound)
{
  return WHIS_RECORDING (sound)->is_wav ? WHIS_SOUND_FORMAT_SAMPLES : WHIS_SOUND_FORMAT_MP3;
}

static void
whis_recording_sound_init (WhisSoundInterface *iface)
{
  iface->get_format = whis_recording_get_format;
  iface->read_async = whis_recording_read_async;
  iface->read_finish = whis_recording_read_finish;
}

/**
 * whis_recording_close:
 * @recording: a recording that has ended and is saved
 *
 * Keeps neither descriptor nor memory any more. What is read from here on is read from the file.
 */
void
whis_recording_close (WhisRecording *recording)
{
  int fd;

  g_return_if_fail (WHIS_IS_RECORDING (recording));
  g_return_if_fail (whis_recording_get_saved (recording));

  g_mutex_lock (&recording->lock);
  fd = recording->fd;
  recording->fd = -1;
  g_byte_array_unref (recording->kept);
  recording->kept = g_byte_array_new ();
  recording->kept_from = recording->size;
  g_mutex_unlock (&recording->lock);

  if (fd >= 0)
    close (fd);
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
  g_return_val_if_fail (WHIS_IS_RECORDING (recording), NULL);

  return recording->path;
}

/**
 * whis_recording_get_size:
 * @recording: a recording
 *
 * May be called in any thread.
 *
 * Returns: the length of the recording in bytes, all of it whole frames behind the header of a WAV
 *   file, in the file and in memory
 */
guint64
whis_recording_get_size (WhisRecording *recording)
{
  guint64 size;

  g_return_val_if_fail (WHIS_IS_RECORDING (recording), 0);

  g_mutex_lock (&recording->lock);
  size = recording->size;
  g_mutex_unlock (&recording->lock);

  return size;
}

static void
whis_recording_finalize (GObject *object)
{
  WhisRecording *recording = WHIS_RECORDING (object);

  if (recording->fd >= 0)
    close (recording->fd);
  g_byte_array_unref (recording->kept);
  g_mutex_clear (&recording->lock);
  g_free (recording->path);

  G_OBJECT_CLASS (whis_recording_parent_class)->finalize (object);
}

static void
whis_recording_class_init (WhisRecordingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_recording_finalize;
}

static void
whis_recording_init (WhisRecording *recording)
{
  recording->fd = -1;
  recording->kept = g_byte_array_new ();
  g_mutex_init (&recording->lock);
}
