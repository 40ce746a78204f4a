/* SPDX-License-Identifier: MIT */
#include "frames.h"

#include <fcntl.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Two recordings of the same bytes: what they are is told by their names. */
static const char *
write_recording (gboolean is_wav, const guint8 *data, gsize size)
{
  static char *paths[2];
  int fd;

  if (paths[is_wav] == NULL)
    {
      g_autofree char *directory = g_dir_make_tmp ("fuzz-frames-XXXXXX", NULL);

      paths[is_wav] = g_build_filename (directory, is_wav ? "a.wav" : "a.mp3", NULL);
    }
  fd = open (paths[is_wav], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  g_assert_cmpint (write (fd, data, size), ==, (gssize) size);
  close (fd);

  return paths[is_wav];
}

/* What a crash may have left of a recording: its frames are in the file, in order, and each once.
 */
static void
read_recording (gboolean is_wav, const guint8 *data, gsize size)
{
  guint least = whis_bitrate_get_frame_size (is_wav ? WHIS_BITRATE_LOSSLESS : WHIS_BITRATE_LOW);
  g_autoptr (WhisFrames) frames = whis_frames_new (write_recording (is_wav, data, size), NULL);
  guint64 n_before;
  guint64 end = 0;
  gsize n_frames = 0;
  WhisFrame frame;

  n_before = whis_frames_rewind (frames, size / 2, 4);
  g_assert_cmpuint (n_before * least, <=, size / 2);
  whis_frames_rewind (frames, 0, 4);

  while (whis_frames_next (frames, &frame))
    {
      g_assert_cmpuint (frame.offset, >=, end);
      end = frame.offset + frame.size;
      g_assert_cmpuint (end, <=, size);
      g_assert_cmpmem (data + frame.offset, frame.size, frame.data, frame.size);
      n_frames++;
    }
  if (is_wav)
    g_assert_cmpuint (n_frames, ==, size > 44 ? (size - 44) / least : 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  read_recording (FALSE, data, size);
  read_recording (TRUE, data, size);

  return 0;
}
