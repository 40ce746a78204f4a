/* SPDX-License-Identifier: MIT */
#include "locked-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Another program that finds the file before it is locked takes the lock for a moment, and deletes
 * the file as an empty one that nobody needs. */
static gboolean
is_lost (int fd)
{
  struct stat status;

  while (flock (fd, LOCK_EX) != 0 && errno == EINTR)
    ;

  return fstat (fd, &status) == 0 && status.st_nlink == 0;
}

/**
 * whis_locked_file_create:
 * @path: a file that does not exist
 *
 * Creates a file, readable by its owner only, and the directories above it, and locks it
 * (flock(2)).
 *
 * Returns: its descriptor; -1 with `errno`
 */
int
whis_locked_file_create (const char *path)
{
  g_autofree char *directory = NULL;

  g_return_val_if_fail (path != NULL, -1);

  directory = g_path_get_dirname (path);
  if (g_mkdir_with_parents (directory, 0700) < 0)
    return -1;

  for (;;)
    {
      int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

      if (fd < 0 || !is_lost (fd))
        return fd;
      close (fd);
    }
}

/**
 * whis_locked_file_write:
 * @fd: a file
 * @data: (array length=size): what is written
 * @size: length of @data in bytes
 * @offset: where in the file
 *
 * Returns: whether all of it was written; %FALSE with `errno`, and then perhaps a part of it
 */
gboolean
whis_locked_file_write (int fd, const guint8 *data, gsize size, guint64 offset)
{
  while (size > 0)
    {
      gssize written = pwrite (fd, data, size, (off_t) offset);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;

      data += written;
      offset += (guint64) written;
      size -= (gsize) written;
    }

  return TRUE;
}

/**
 * whis_locked_file_flush:
 * @fd: a file
 *
 * Waits until what was written is on the disk.
 *
 * Returns: whether it is, or the file system has nothing to flush to; %FALSE with `errno`
 */
gboolean
whis_locked_file_flush (int fd)
{
  return fdatasync (fd) == 0 || errno == EINVAL || errno == EROFS;
}

/**
 * whis_locked_file_flush_directory:
 * @path: a file
 *
 * The name of the file, too, is there after a power cut.
 */
void
whis_locked_file_flush_directory (const char *path)
{
  g_autofree char *directory = NULL;
  int fd;

  g_return_if_fail (path != NULL);

  directory = g_path_get_dirname (path);
  fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return;

  if (fsync (fd) < 0)
    g_debug ("A directory could not be flushed to the disk: %s", g_strerror (errno));
  close (fd);
}
