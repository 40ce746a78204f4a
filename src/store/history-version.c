/* SPDX-License-Identifier: MIT */
/* SQLite makes files beside a database as soon as it reads it, and may change those that are there.
 * Of one that is not for this program the version is read without SQLite, after the
 * [file format](https://www.sqlite.org/fileformat2.html). */
#include "history-version.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAGIC "SQLite format 3"
#define VERSION_OFFSET 60 /* of PRAGMA user_version, in the first page */

#define WAL_HEADER 32
#define WAL_MAGIC 0x377f0682u /* the last bit says how checksums are made */
#define WAL_FRAME 24
#define LARGEST_PAGE 65536u

static guint32
get_number (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

static gboolean
read_at (int fd, guint8 *bytes, gsize size, gint64 offset)
{
  return pread (fd, bytes, size, offset) == (gssize) size;
}

/* What was written last and not been moved into the database yet: the first page as the last
 * transaction that was committed left it. */
static int
read_frames (int fd, const guint8 *header, int version)
{
  guint32 page_size = get_number (header + 8);
  guint8 frame[WAL_FRAME], number[4];
  int pending = version;

  if ((get_number (header) & ~1u) != WAL_MAGIC || page_size < 512 || page_size > LARGEST_PAGE)
    return version;

  for (gint64 at = WAL_HEADER; read_at (fd, frame, sizeof frame, at); at += WAL_FRAME + page_size)
    {
      /* Frames of an earlier round have other salts. */
      if (memcmp (frame + 8, header + 16, 8) != 0)
        break;
      if (get_number (frame) == 1
          && read_at (fd, number, sizeof number, at + WAL_FRAME + VERSION_OFFSET))
        pending = (int) get_number (number);
      if (get_number (frame + 4) != 0)
        version = pending;
    }

  return version;
}

static int
read_log (const char *path, int version)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  guint8 header[WAL_HEADER];
  int fd = open (log, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0)
    return version;
  if (read_at (fd, header, sizeof header, 0))
    version = read_frames (fd, header, version);
  close (fd);

  return version;
}

/**
 * whis_history_version_peek:
 * @path: a database of the history, that nobody in this process has open
 *
 * Looks for the version of a database without touching anything.
 *
 * Returns: its version; 0 if that cannot be told
 */
int
whis_history_version_peek (const char *path)
{
  guint8 header[VERSION_OFFSET + 4];
  gboolean is_database;
  int fd;

  g_return_val_if_fail (path != NULL, 0);

  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return 0;
  is_database = read_at (fd, header, sizeof header, 0) && memcmp (header, MAGIC, sizeof MAGIC) == 0;
  close (fd);

  return is_database ? read_log (path, (int) get_number (header + VERSION_OFFSET)) : 0;
}
