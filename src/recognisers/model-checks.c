/* SPDX-License-Identifier: MIT */
#include "model-checks.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE (256 * 1024)

struct _WhisModelChecks
{
  char *path;
  GKeyFile *file; /* group: path of a model, escaped; keys: stamp and sha256 */
  gboolean is_loaded;
};

/**
 * whis_model_checks_new:
 * @path: where they are kept
 *
 * Returns: (transfer full): the checks, not read yet
 */
WhisModelChecks *
whis_model_checks_new (const char *path)
{
  WhisModelChecks *self = g_new0 (WhisModelChecks, 1);

  self->path = g_strdup (path);
  self->file = g_key_file_new ();

  return self;
}

void
whis_model_checks_free (WhisModelChecks *self)
{
  g_key_file_unref (self->file);
  g_free (self->path);
  g_free (self);
}

/* A damaged file, or none, costs another look at the models. */
static void
ensure_loaded (WhisModelChecks *self)
{
  if (self->is_loaded)
    return;

  self->is_loaded = TRUE;
  g_key_file_load_from_file (self->file, self->path, G_KEY_FILE_NONE, NULL);
}

static void
model_checks_save (WhisModelChecks *self)
{
  g_autofree char *directory = g_path_get_dirname (self->path);
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (directory, 0700) != 0
      || !g_key_file_save_to_file (self->file, self->path, &error))
    g_debug ("What was checked cannot be kept");
}

/**
 * whis_model_checks_dup_stamp:
 * @status: what a file is like
 *
 * Returns: (transfer full): what is another one once the file was changed
 */
char *
whis_model_checks_dup_stamp (const struct stat *status)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld %" G_GUINT64_FORMAT,
                          (guint64) status->st_size, (gint64) status->st_mtim.tv_sec,
                          status->st_mtim.tv_nsec, (guint64) status->st_ino);
}

/**
 * whis_model_checks_dup_group:
 * @path: a file
 *
 * Returns: (transfer full): its group in a key file, whose name may have no brackets and no control
 *   characters in it
 */
char *
whis_model_checks_dup_group (const char *path)
{
  return g_uri_escape_string (path, "/", FALSE);
}

/**
 * whis_model_checks_lookup:
 * @self: the checks
 * @path: a file
 * @status: what it is like now
 *
 * Returns: (transfer full) (nullable): its SHA-256 in hexadecimal; %NULL if the file is not the one
 * that was hashed
 */
char *
whis_model_checks_lookup (WhisModelChecks *self, const char *path, const struct stat *status)
{
  g_autofree char *group = whis_model_checks_dup_group (path);
  g_autofree char *stamp = whis_model_checks_dup_stamp (status);
  g_autofree char *stored = NULL;

  ensure_loaded (self);
  stored = g_key_file_get_string (self->file, group, "stamp", NULL);
  if (g_strcmp0 (stored, stamp) != 0)
    return NULL;

  return g_key_file_get_string (self->file, group, "sha256", NULL);
}

/**
 * whis_model_checks_store:
 * @self: the checks
 * @path: a file
 * @status: what it was like when it was hashed
 * @sha256: its SHA-256 in hexadecimal
 */
void
whis_model_checks_store (WhisModelChecks *self,
                         const char *path,
                         const struct stat *status,
                         const char *sha256)
{
  g_autofree char *group = whis_model_checks_dup_group (path);
  g_autofree char *stamp = whis_model_checks_dup_stamp (status);

  ensure_loaded (self);
  g_key_file_set_string (self->file, group, "stamp", stamp);
  g_key_file_set_string (self->file, group, "sha256", sha256);
  model_checks_save (self);
}

/**
 * whis_model_checks_forget:
 * @self: the checks
 * @path: a file that is gone
 */
void
whis_model_checks_forget (WhisModelChecks *self, const char *path)
{
  g_autofree char *group = whis_model_checks_dup_group (path);

  ensure_loaded (self);
  if (g_key_file_remove_group (self->file, group, NULL))
    model_checks_save (self);
}

/**
 * whis_model_checksum_of_file:
 * @descriptor: an open file, read from its beginning
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of %G_IO_ERROR
 *
 * Takes seconds for a large file.
 *
 * Returns: (transfer full) (nullable): its SHA-256 in lower-case hexadecimal
 */
char *
whis_model_checksum_of_file (int descriptor, GCancellable *cancellable, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  off_t offset = 0;
  gssize count;

  while ((count = pread (descriptor, buffer, READ_SIZE, offset)) != 0)
    {
      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        {
          int code = errno;

          g_set_error_literal (error, G_IO_ERROR, (int) g_io_error_from_errno (code),
                               g_strerror (code));
          return NULL;
        }
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      g_checksum_update (checksum, buffer, count);
      offset += count;
    }

  return g_strdup (g_checksum_get_string (checksum));
}
