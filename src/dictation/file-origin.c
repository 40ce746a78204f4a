/* SPDX-License-Identifier: MIT */
#include "file-origin.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* How much of either end is looked at. */
#define END_BYTES (1024 * 1024)

/* Read by pieces, at a place of its own: the caller of the D-Bus method has the same descriptor. */
static gboolean
add_range (GChecksum *checksum, int file, off_t offset, off_t size)
{
  g_autofree guint8 *buffer = g_malloc (65536);

  while (size > 0)
    {
      gssize got = pread (file, buffer, (gsize) MIN (size, 65536), offset);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return FALSE;
      g_checksum_update (checksum, buffer, got);
      offset += got;
      size -= got;
    }

  return TRUE;
}

static void
read_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  int file = GPOINTER_TO_INT (task_data);
  g_autofree char *size = NULL;
  struct stat status;
  off_t end;

  if (fstat (file, &status) != 0)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }

  size = g_strdup_printf ("%" G_GINT64_FORMAT "\n", (gint64) status.st_size);
  g_checksum_update (checksum, (const guchar *) size, -1);
  end = MIN (status.st_size, END_BYTES);
  if (add_range (checksum, file, 0, end) && add_range (checksum, file, status.st_size - end, end))
    g_task_return_pointer (task, g_strdup (g_checksum_get_string (checksum)), g_free);
  else
    g_task_return_pointer (task, NULL, NULL);
}

static void
close_file (gpointer file)
{
  close (GPOINTER_TO_INT (file));
}

static gboolean
is_regular (int file)
{
  struct stat status;

  return fstat (file, &status) == 0 && S_ISREG (status.st_mode);
}

/**
 * whis_file_origin_async:
 * @file: a file descriptor; its place in the file is left alone
 * @cancellable: (nullable): a cancellable
 * @callback: called when the origin is known
 * @user_data: data for @callback
 *
 * Finds out which file it is, so that the same one is known when it comes again, also under another
 * name: a SHA-256 over its size, its first and its last MiB. Reads in a thread.
 */
void
whis_file_origin_async (int file,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  int own;

  g_return_if_fail (file >= 0);

  g_task_set_source_tag (task, whis_file_origin_async);
  own = is_regular (file) ? fcntl (file, F_DUPFD_CLOEXEC, 3) : -1;
  if (own < 0)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }

  g_task_set_task_data (task, GINT_TO_POINTER (own), close_file);
  g_task_run_in_thread (task, read_thread);
}

/**
 * whis_file_origin_finish:
 * @result: what the callback got
 *
 * Returns: (transfer full) (nullable): what the file is known by; %NULL if it is no regular file or
 *   cannot be read, which whoever reads it next will tell
 */
char *
whis_file_origin_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}
