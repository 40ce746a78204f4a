/* SPDX-License-Identifier: MIT */
#include "frames.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What a crash may have left of a recording: its frames are in the file, in order, and each once.
 */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  int fd = memfd_create ("recording", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (WhisFrames) frames = NULL;
  guint64 n_before;
  guint64 end = 0;
  WhisFrame frame;

  g_assert_cmpint (write (fd, data, size), ==, (gssize) size);
  frames = whis_frames_new (path, NULL);
  n_before = whis_frames_rewind (frames, size / 2, 4);
  g_assert_cmpuint (n_before * whis_codec_get_frame_size (WHIS_CODEC_LOW_BITRATE), <=, size / 2);
  whis_frames_rewind (frames, 0, 4);

  while (whis_frames_next (frames, &frame))
    {
      g_assert_cmpuint (frame.offset, >=, end);
      end = frame.offset + frame.size;
      g_assert_cmpuint (end, <=, size);
      g_assert_cmpmem (data + frame.offset, frame.size, frame.data, frame.size);
    }
  close (fd);

  return 0;
}
