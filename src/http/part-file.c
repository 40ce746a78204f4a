/* SPDX-License-Identifier: MIT */
#include "part-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PART_SUFFIX ".part"
/* Beside the part: the address that it comes from, and the entity tag of the file there. */
#define TAG_SUFFIX ".part.tag"

#define READ_SIZE (256 * 1024)

/* What a download leaves free, so that recordings can still be written. */
#define RESERVE (200 * G_GUINT64_CONSTANT (1000000))

/* A download that nobody went on with for so long is not wanted any more. */
#define MAX_AGE_DAYS 30
#define SECONDS_PER_DAY (24 * 60 * 60)

/**
 * WhisPartFile:
 *
 * A file while it is fetched: it has the name of the file with `.part` behind it, is hashed while
 * it is written, and gets its name when it is complete and its checksum is right. It can be left
 * and opened again later, by another process too; two at a time cannot.
 *
 * All that touches the disk happens in worker threads, one step after the other.
 */
struct _WhisPartFile
{
  GObject parent_instance;

  char *path;
  char *part_path;
  char *tag_path;

  int descriptor;
  guint64 size;
  GChecksum *checksum;

  char *address; /* where the part comes from, or NULL */
  char *tag;
  gboolean tag_is_stored;
};

G_DEFINE_FINAL_TYPE (WhisPartFile, whis_part_file, G_TYPE_OBJECT)

/**
 * whis_part_file_dup_path:
 * @path: a file
 *
 * Returns: (transfer full): what the file is called while it is fetched
 */
char *
whis_part_file_dup_path (const char *path)
{
  g_return_val_if_fail (path != NULL, NULL);

  return g_strconcat (path, PART_SUFFIX, NULL);
}

static gboolean
fail_storage (WhisPartFile *self, int code, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->part_path);

  if (code == ENOSPC || code == EDQUOT)
    g_set_error (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_SPACE,
                 _ ("The disk is full, so %s cannot be written; free some space and try again."),
                 name);
  else
    g_set_error (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_STORAGE,
                 _ ("%s cannot be written (%s); look at the directory and the disk."), name,
                 g_strerror (code));

  return FALSE;
}

static gboolean
write_all (int descriptor, const guint8 *data, gsize size)
{
  while (size > 0)
    {
      gssize count = write (descriptor, data, size);

      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return FALSE;
      data += count;
      size -= (gsize) count;
    }

  return TRUE;
}

/* --- steps, in a worker thread -----------------------------------------------------------------
 */

static void
read_tag (WhisPartFile *self)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (self->tag_path, &text, NULL, NULL))
    return;

  lines = g_strsplit (text, "\n", 3);
  if (lines[0] == NULL || lines[1] == NULL || *lines[1] == '\0')
    return;

  self->address = g_strdup (lines[0]);
  self->tag = g_strdup (lines[1]);
  self->tag_is_stored = TRUE;
}

/* Without it the part is as good: a server that has another file then is found out by the
 * checksum, later. */
static void
store_tag (WhisPartFile *self)
{
  g_autofree char *text = NULL;

  if (self->tag_is_stored)
    return;

  self->tag_is_stored = TRUE;
  if (self->tag == NULL)
    {
      g_unlink (self->tag_path);
      return;
    }
  text = g_strdup_printf ("%s\n%s\n", self->address, self->tag);
  if (!g_file_set_contents (self->tag_path, text, -1, NULL))
    g_debug ("The entity tag cannot be kept");
}

static gboolean
hash_part (WhisPartFile *self, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  gssize count;

  while ((count = read (self->descriptor, buffer, READ_SIZE)) != 0)
    {
      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return fail_storage (self, errno, error);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      g_checksum_update (self->checksum, buffer, count);
      self->size += (guint64) count;
    }

  return TRUE;
}

static gboolean
open_part (WhisPartFile *self, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (self->path);

  if (g_mkdir_with_parents (directory, 0700) != 0)
    return fail_storage (self, errno, error);
  self->descriptor = open (self->part_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->descriptor < 0)
    return fail_storage (self, errno, error);
  if (flock (self->descriptor, LOCK_EX | LOCK_NB) != 0)
    {
      close (self->descriptor);
      self->descriptor = -1;
      g_set_error_literal (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_BUSY,
                           _ ("Another program fetches this file; wait until it is done."));
      return FALSE;
    }

  read_tag (self);

  return hash_part (self, cancellable, error);
}

static gboolean
require_space (WhisPartFile *self, gpointer data, GCancellable *cancellable, GError **error)
{
  guint64 needed;
  g_autofree char *needed_text = NULL;
  g_autofree char *free_text = NULL;
  struct statvfs status;
  guint64 free_bytes;

  if (!g_uint64_checked_add (&needed, *(const guint64 *) data, RESERVE))
    needed = G_MAXUINT64;
  if (fstatvfs (self->descriptor, &status) != 0)
    return fail_storage (self, errno, error);

  free_bytes = (guint64) status.f_bavail * status.f_frsize;
  if (free_bytes >= needed)
    return TRUE;

  needed_text = g_format_size (needed);
  free_text = g_format_size (free_bytes);
  g_set_error (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_SPACE,
               _ ("There is not enough space: %s are needed and %s are free; free some space and "
                  "try again."),
               needed_text, free_text);

  return FALSE;
}

static gboolean
part_file_append (WhisPartFile *self, gpointer data, GCancellable *cancellable, GError **error)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (data, &size);

  store_tag (self);
  if (!write_all (self->descriptor, bytes, size))
    return fail_storage (self, errno, error);

  g_checksum_update (self->checksum, bytes, (gssize) size);
  self->size += size;

  return TRUE;
}

static gboolean
begin_anew (WhisPartFile *self, gpointer data, GCancellable *cancellable, GError **error)
{
  if (ftruncate (self->descriptor, 0) != 0 || lseek (self->descriptor, 0, SEEK_SET) != 0)
    return fail_storage (self, errno, error);

  g_checksum_reset (self->checksum);
  self->size = 0;
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->tag, g_free);
  self->tag_is_stored = FALSE;
  store_tag (self);

  return TRUE;
}

static void
sync_directory (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  int descriptor = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (descriptor < 0)
    return;
  (void) fsync (descriptor);
  close (descriptor);
}

static gboolean
part_file_complete (WhisPartFile *self, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_copy (self->checksum);

  if (g_strcmp0 (g_checksum_get_string (checksum), data) != 0)
    {
      g_set_error_literal (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_CHECKSUM,
                           _ ("What was fetched is not the file that was wanted: its checksum is "
                              "another one."));
      return FALSE;
    }
  if (fsync (self->descriptor) != 0 || rename (self->part_path, self->path) != 0)
    return fail_storage (self, errno, error);

  sync_directory (self->path);
  g_unlink (self->tag_path);
  close (self->descriptor);
  self->descriptor = -1;

  return TRUE;
}

/* --- the steps as asynchronous calls -----------------------------------------------------------
 */

typedef gboolean (*StepFunc) (WhisPartFile *self,
                              gpointer data,
                              GCancellable *cancellable,
                              GError **error);

typedef struct
{
  StepFunc func;
  gpointer data;
  GDestroyNotify free_data;
} Step;

static void
step_free (Step *step)
{
  if (step->free_data != NULL)
    step->free_data (step->data);
  g_free (step);
}

static void
run_step (GTask *task, gpointer object, gpointer task_data, GCancellable *cancellable)
{
  const Step *step = task_data;
  GError *error = NULL;

  if (step->func (object, step->data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
start_step (WhisPartFile *self,
            StepFunc func,
            gpointer step_data,
            GDestroyNotify free_data,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Step *step = g_new (Step, 1);

  *step = (Step){ func, step_data, free_data };
  g_task_set_source_tag (task, start_step);
  g_task_set_task_data (task, step, (GDestroyNotify) step_free);
  /* A step that was done must not be called cancelled: size and checksum have it already. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, run_step);
}

/**
 * whis_part_file_open_async:
 * @self: a part that was not opened
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is open
 * @data: for @callback
 *
 * Opens the part and hashes what an earlier download left in it. Finish with
 * whis_part_file_finish().
 */
void
whis_part_file_open_async (WhisPartFile *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_return_if_fail (WHIS_IS_PART_FILE (self) && self->descriptor < 0);

  start_step (self, open_part, NULL, NULL, cancellable, callback, data);
}

/**
 * whis_part_file_require_space_async:
 * @self: an open part
 * @bytes: how much is still to come
 * @cancellable: (nullable): a cancellable
 * @callback: called with the answer
 * @data: for @callback
 *
 * Looks whether so much more fits on the disk, and 200 MB besides for the rest of the user's work.
 * Finish with whis_part_file_finish(), which fails with %WHIS_HTTP_ERROR_SPACE if not.
 */
void
whis_part_file_require_space_async (WhisPartFile *self,
                                    guint64 bytes,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data)
{
  g_return_if_fail (WHIS_IS_PART_FILE (self) && self->descriptor >= 0);

  start_step (self, require_space, g_memdup2 (&bytes, sizeof bytes), g_free, cancellable, callback,
              data);
}

/**
 * whis_part_file_append_async:
 * @self: an open part
 * @bytes: what comes next
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is written
 * @data: for @callback
 *
 * Writes and hashes. Finish with whis_part_file_finish(); after an error the part is to be closed.
 */
void
whis_part_file_append_async (WhisPartFile *self,
                             GBytes *bytes,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_return_if_fail (WHIS_IS_PART_FILE (self) && self->descriptor >= 0);
  g_return_if_fail (bytes != NULL);

  start_step (self, part_file_append, g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref,
              cancellable, callback, data);
}

/**
 * whis_part_file_begin_anew_async:
 * @self: an open part
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is empty
 * @data: for @callback
 *
 * Throws away what there is. Finish with whis_part_file_finish().
 */
void
whis_part_file_begin_anew_async (WhisPartFile *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer data)
{
  g_return_if_fail (WHIS_IS_PART_FILE (self) && self->descriptor >= 0);

  start_step (self, begin_anew, NULL, NULL, cancellable, callback, data);
}

/**
 * whis_part_file_complete_async:
 * @self: an open part
 * @sha256: what its checksum must be, in lower-case hexadecimal
 * @cancellable: (nullable): a cancellable
 * @callback: called when the file has its name
 * @data: for @callback
 *
 * Gives the file its name if its checksum is right, once it is safe on the disk. Finish with
 * whis_part_file_finish(), which fails with %WHIS_HTTP_ERROR_CHECKSUM if the checksum is wrong; the
 * part stays as it is then.
 */
void
whis_part_file_complete_async (WhisPartFile *self,
                               const char *sha256,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  g_return_if_fail (WHIS_IS_PART_FILE (self) && self->descriptor >= 0);
  g_return_if_fail (sha256 != NULL);

  start_step (self, part_file_complete, g_strdup (sha256), g_free, cancellable, callback, data);
}

/**
 * whis_part_file_finish:
 * @self: a part
 * @result: what the callback of any step got
 * @error: return location for an error of %WHIS_HTTP_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the step was done
 */
gboolean
whis_part_file_finish (WhisPartFile *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, start_step), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * whis_part_file_get_size:
 * @self: a part
 *
 * Returns: how many bytes there are
 */
guint64
whis_part_file_get_size (WhisPartFile *self)
{
  g_return_val_if_fail (WHIS_IS_PART_FILE (self), 0);

  return self->size;
}

/**
 * whis_part_file_get_tag:
 * @self: an open part
 * @address: where the rest is to come from
 *
 * Returns: (transfer none) (nullable): the entity tag (RFC 9110, 8.8.3) that the file had at that
 *   address, or %NULL if the part comes from elsewhere
 */
const char *
whis_part_file_get_tag (WhisPartFile *self, const char *address)
{
  g_return_val_if_fail (WHIS_IS_PART_FILE (self), NULL);

  return g_strcmp0 (self->address, address) == 0 ? self->tag : NULL;
}

/**
 * whis_part_file_set_tag:
 * @self: an open part
 * @address: where it comes from
 * @tag: (nullable): the entity tag of the file there
 *
 * It is stored with what is appended next.
 */
void
whis_part_file_set_tag (WhisPartFile *self, const char *address, const char *tag)
{
  g_return_if_fail (WHIS_IS_PART_FILE (self));
  g_return_if_fail (address != NULL);

  g_free (self->address);
  self->address = g_strdup (address);
  g_free (self->tag);
  self->tag = g_strdup (tag);
  self->tag_is_stored = FALSE;
}

/**
 * whis_part_file_close:
 * @self: a part of which no step runs
 *
 * Lets others have the part. An empty one is removed.
 */
void
whis_part_file_close (WhisPartFile *self)
{
  struct stat status;

  g_return_if_fail (WHIS_IS_PART_FILE (self));

  if (self->descriptor < 0)
    return;

  /* Who was cancelled while it was opened has not counted what is in it. */
  if (fstat (self->descriptor, &status) == 0 && status.st_size == 0)
    {
      g_unlink (self->part_path);
      g_unlink (self->tag_path);
    }
  close (self->descriptor);
  self->descriptor = -1;
}

static void
whis_part_file_finalize (GObject *object)
{
  WhisPartFile *self = WHIS_PART_FILE (object);

  whis_part_file_close (self);
  g_checksum_free (self->checksum);
  g_free (self->path);
  g_free (self->part_path);
  g_free (self->tag_path);
  g_free (self->address);
  g_free (self->tag);

  G_OBJECT_CLASS (whis_part_file_parent_class)->finalize (object);
}

static void
whis_part_file_class_init (WhisPartFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_part_file_finalize;
}

static void
whis_part_file_init (WhisPartFile *self)
{
  self->descriptor = -1;
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
}

/**
 * whis_part_file_new:
 * @path: the name that the file is to have
 *
 * Returns: (transfer full): a part that is not open yet
 */
WhisPartFile *
whis_part_file_new (const char *path)
{
  WhisPartFile *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (WHIS_TYPE_PART_FILE, NULL);
  self->path = g_strdup (path);
  self->part_path = whis_part_file_dup_path (path);
  self->tag_path = g_strconcat (path, TAG_SUFFIX, NULL);

  return self;
}

/* --- parts that nobody has open ----------------------------------------------------------------
 */

/**
 * whis_part_file_query_size:
 * @path: a file
 *
 * For worker threads.
 *
 * Returns: how many bytes of the file an earlier download has left; 0 if there is none
 */
guint64
whis_part_file_query_size (const char *path)
{
  g_autofree char *part = whis_part_file_dup_path (path);
  struct stat status;

  return stat (part, &status) == 0 ? (guint64) status.st_size : 0;
}

/**
 * whis_part_file_remove:
 * @path: a file
 *
 * Removes what a download that does not run has left. For worker threads.
 *
 * Returns: how many bytes that frees
 */
guint64
whis_part_file_remove (const char *path)
{
  g_autofree char *part = whis_part_file_dup_path (path);
  g_autofree char *tag = g_strconcat (path, TAG_SUFFIX, NULL);
  guint64 size = whis_part_file_query_size (path);

  g_unlink (tag);

  return g_unlink (part) == 0 ? size : 0;
}

/**
 * whis_part_files_remove_old:
 * @directory: a directory
 *
 * Removes parts that nobody wrote to for 30 days. For worker threads.
 */
void
whis_part_files_remove_old (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  gint64 oldest = g_get_real_time () / G_USEC_PER_SEC - MAX_AGE_DAYS * SECONDS_PER_DAY;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *part = g_build_filename (directory, name, NULL);
      struct stat status;

      if (g_str_has_suffix (name, PART_SUFFIX) && lstat (part, &status) == 0
          && S_ISREG (status.st_mode) && (gint64) status.st_mtime < oldest)
        {
          part[strlen (part) - strlen (PART_SUFFIX)] = '\0';
          whis_part_file_remove (part);
        }
    }
}
