/* SPDX-License-Identifier: MIT */
#include "frames.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "wav.h"

#define HEADER_SIZE 4
#define BLOCK_SIZE (64 * 1024)

/**
 * WhisFrames:
 *
 * The frames in a recording of ours, which may be cut off anywhere, and hold anything where a crash
 * or a power cut came in between. Only whole frames count.
 *
 * MP3 frames are told by their headers. In a WAV file, which is told by its name, frames of samples
 * are at fixed places whatever is in them; its header is not looked at.
 */
struct _WhisFrames
{
  GBytes *bytes; /* or %NULL, and then */
  int fd;
  gboolean is_wav;
  gsize size;       /* of each frame; 0 before one was seen */
  gboolean in_step; /* the bytes that follow come right after a frame */

  guint8 block[BLOCK_SIZE];
  guint64 offset; /* of the block in the file */
  gsize at;       /* what of the block was used */
  gsize n_read;
};

/**
 * whis_frames_new:
 * @path: a recording
 * @error: return location for a [error@AudioError]
 *
 * Returns: (transfer full): its frames from the beginning, or %NULL with `FILE` set
 */
WhisFrames *
whis_frames_new (const char *path, GError **error)
{
  WhisFrames *frames;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    {
      int saved_errno = errno;

      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                   _ ("The recording “%s” cannot be read (%s)."), path, g_strerror (saved_errno));
      return NULL;
    }

  frames = g_new0 (WhisFrames, 1);
  frames->fd = fd;
  frames->in_step = TRUE;
  frames->is_wav = whis_wav_is_name (path);
  if (frames->is_wav)
    frames->offset = WHIS_WAV_HEADER_SIZE;

  return frames;
}

/**
 * whis_frames_new_for_bytes:
 * @bytes: a part of an MP3 recording
 *
 * Returns: (transfer full): its frames from the beginning
 */
WhisFrames *
whis_frames_new_for_bytes (GBytes *bytes)
{
  WhisFrames *frames;

  g_return_val_if_fail (bytes != NULL, NULL);

  frames = g_new0 (WhisFrames, 1);
  frames->bytes = g_bytes_ref (bytes);
  frames->fd = -1;
  frames->in_step = TRUE;

  return frames;
}

/**
 * whis_frames_free:
 * @frames: (transfer full) (nullable): frames
 */
void
whis_frames_free (WhisFrames *frames)
{
  if (frames == NULL)
    return;

  g_clear_pointer (&frames->bytes, g_bytes_unref);
  if (frames->fd >= 0)
    close (frames->fd);
  g_free (frames);
}

/* ISO/IEC 13818-3 with the header of ISO/IEC 11172-3, 2.4.1.3: layer III at 16 kHz, 32 or 64
 * kbit/s, mono and not padded. With or without a checksum, and private and copyright bits as
 * they like. Returns its length in bytes; 0 if it is none. */
static gsize
measure_header (const guint8 *data)
{
  if (data[0] != 0xff || (data[1] & 0xfe) != 0xf2 || (data[3] & 0xc0) != 0xc0)
    return 0;
  if ((data[2] & 0xfe) == 0x48)
    return whis_bitrate_get_frame_size (WHIS_BITRATE_LOW);
  if ((data[2] & 0xfe) == 0x88)
    return whis_bitrate_get_frame_size (WHIS_BITRATE_USUAL);

  return 0;
}

static gssize
copy_at (GBytes *bytes, guint8 *data, gsize size, guint64 offset)
{
  gsize length;
  const guint8 *all = g_bytes_get_data (bytes, &length);
  gsize n = offset < length ? MIN (size, length - offset) : 0;

  if (n > 0)
    memcpy (data, all + offset, n);

  return (gssize) n;
}

static gssize
read_at (WhisFrames *frames, guint8 *data, gsize size, guint64 offset)
{
  gssize n;

  if (frames->bytes != NULL)
    return copy_at (frames->bytes, data, size, offset);

  do
    n = pread (frames->fd, data, size, (off_t) offset);
  while (n < 0 && errno == EINTR);

  return n;
}

/* Whether the block holds @size more bytes, after reading on if needed. */
static gboolean
frames_have (WhisFrames *frames, gsize size)
{
  gsize left = frames->n_read - frames->at;

  if (left >= size)
    return TRUE;

  memmove (frames->block, frames->block + frames->at, left);
  frames->offset += frames->at;
  frames->at = 0;
  frames->n_read = left;

  while (frames->n_read < size)
    {
      gssize n = read_at (frames, frames->block + frames->n_read, BLOCK_SIZE - frames->n_read,
                          frames->offset + frames->n_read);

      if (n <= 0)
        return FALSE;
      frames->n_read += (gsize) n;
    }

  return TRUE;
}

/* The length of the frame that begins here; 0 if none does. In step a header is enough. Elsewhere
 * four bytes may look like one by chance, so another must follow, or the end of the file. */
static gsize
measure_frame (WhisFrames *frames)
{
  gsize size = measure_header (frames->block + frames->at);

  if (size == 0 || (frames->size > 0 && size != frames->size) || !frames_have (frames, size))
    return 0;
  if (frames->in_step)
    return size;
  if (!frames_have (frames, size + HEADER_SIZE))
    return frames->n_read - frames->at == size ? size : 0;

  return measure_header (frames->block + frames->at + size) == size ? size : 0;
}

/* A recording has one rate: that of the frame at @offset. */
static gsize
find_size (WhisFrames *frames, guint64 offset)
{
  guint8 header[HEADER_SIZE];

  if (frames->size == 0 && read_at (frames, header, sizeof header, offset) == sizeof header)
    frames->size = measure_header (header);

  return frames->size;
}

/**
 * whis_frames_is_lossless:
 * @frames: frames
 *
 * Returns: whether they are samples, 16 kHz mono `S16LE`
 */
gboolean
whis_frames_is_lossless (WhisFrames *frames)
{
  g_return_val_if_fail (frames != NULL, FALSE);

  return frames->is_wav;
}

static void
go_to (WhisFrames *frames, guint64 offset)
{
  frames->offset = offset;
  frames->at = 0;
  frames->n_read = 0;
  frames->in_step = TRUE;
}

static guint64
rewind_samples (WhisFrames *frames, guint64 offset, guint64 most)
{
  guint size = whis_bitrate_get_frame_size (WHIS_BITRATE_LOSSLESS);
  guint64 before = offset > WHIS_WAV_HEADER_SIZE ? (offset - WHIS_WAV_HEADER_SIZE) / size : 0;
  guint64 n = MIN (before, most);

  go_to (frames, WHIS_WAV_HEADER_SIZE + (before - n) * size);

  return n;
}

/**
 * whis_frames_rewind:
 * @frames: frames
 * @offset: where a frame begins in the file
 * @most: how many frames to go back at most
 *
 * Goes to @offset, or to the first frame if that is behind it, and back from there as far as frame
 * follows upon frame.
 *
 * Returns: how many frames are before @offset from here
 */
guint64
whis_frames_rewind (WhisFrames *frames, guint64 offset, guint64 most)
{
  guint64 n = 0;
  guint8 header[HEADER_SIZE];
  gsize size;

  g_return_val_if_fail (frames != NULL, 0);

  if (frames->is_wav)
    return rewind_samples (frames, offset, most);

  size = find_size (frames, offset);
  while (n < most && size > 0 && offset >= size
         && read_at (frames, header, sizeof header, offset - size) == (gssize) sizeof header
         && measure_header (header) == size)
    {
      offset -= size;
      n++;
    }

  go_to (frames, offset);

  return n;
}

/**
 * whis_frames_get_offset:
 * @frames: frames
 *
 * Returns: up to which byte of the file they were read
 */
guint64
whis_frames_get_offset (WhisFrames *frames)
{
  g_return_val_if_fail (frames != NULL, 0);

  return frames->offset + frames->at;
}

static void
read_frame (WhisFrames *frames, gsize size, WhisFrame *frame)
{
  frame->offset = frames->offset + frames->at;
  frame->size = size;
  memcpy (frame->data, frames->block + frames->at, size);
  frames->at += size;
  frames->size = size;
  frames->in_step = TRUE;
}

static gboolean
next_samples (WhisFrames *frames, WhisFrame *frame)
{
  guint size = whis_bitrate_get_frame_size (WHIS_BITRATE_LOSSLESS);

  if (!frames_have (frames, size))
    return FALSE;
  read_frame (frames, size, frame);

  return TRUE;
}

/**
 * whis_frames_next:
 * @frames: frames
 * @frame: (out caller-allocates): the next frame
 *
 * Passes over what is no frame. This reads from the disk: not for the main loop.
 *
 * Returns: whether there was another whole frame
 */
gboolean
whis_frames_next (WhisFrames *frames, WhisFrame *frame)
{
  g_return_val_if_fail (frames != NULL, FALSE);
  g_return_val_if_fail (frame != NULL, FALSE);

  if (frames->is_wav)
    return next_samples (frames, frame);

  while (frames_have (frames, HEADER_SIZE))
    {
      gsize size = measure_frame (frames);

      if (size > 0)
        {
          read_frame (frames, size, frame);
          return TRUE;
        }

      frames->at++;
      frames->in_step = FALSE;
    }

  return FALSE;
}
