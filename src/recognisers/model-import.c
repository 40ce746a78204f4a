/* SPDX-License-Identifier: MIT */
/* Taking over a file that the user has already. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "model-files.h"

#define FILE_SUFFIX ".bin"
#define OWN_PREFIX "own-"
/* No model yet, and thrown away with old parts if this process does not live to finish it. */
#define COPY_NAME "import-XXXXXX.part"

/* What is left free, so that recordings can still be written. */
#define RESERVE (200 * G_GUINT64_CONSTANT (1000000))

#define COPY_SIZE (16 * 1024 * 1024)
#define READ_SIZE (256 * 1024)

static gboolean
fail_copy (int code, GError **error)
{
  g_set_error (error, WHIS_MODEL_ERROR,
               code == ENOSPC || code == EDQUOT ? WHIS_MODEL_ERROR_SPACE : WHIS_MODEL_ERROR_STORAGE,
               _ ("The model cannot be copied (%s); the file itself was not changed."),
               g_strerror (code));

  return FALSE;
}

static gboolean
read_header (int file, struct stat *status, WhisModelHeader *header, GError **error)
{
  guint8 data[WHIS_MODEL_HEADER_SIZE];
  gssize size;

  if (fstat (file, status) != 0 || !S_ISREG (status->st_mode)
      || (size = pread (file, data, sizeof data, 0)) < 0)
    {
      g_set_error_literal (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_FILE,
                           _ ("This is no file that can be read; name a model file."));
      return FALSE;
    }

  return whis_model_header_parse (data, (gsize) size, header, error);
}

static gboolean
require_space (const char *directory, guint64 bytes, GError **error)
{
  struct statvfs status;
  g_autofree char *needed = NULL;

  if (statvfs (directory, &status) != 0)
    return fail_copy (errno, error);
  if ((guint64) status.f_bavail * status.f_frsize >= bytes + RESERVE)
    return TRUE;

  needed = g_format_size (bytes + RESERVE);
  g_set_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_SPACE,
               _ ("There is not enough space for the model: %s are needed; free some space and try "
                  "again."),
               needed);

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

/* From the present offset of both, for file systems that the kernel does not copy between. */
static gboolean
copy_by_hand (int from, int to, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  gssize count;

  while ((count = read (from, buffer, READ_SIZE)) != 0)
    {
      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0 || !write_all (to, buffer, (gsize) count))
        return fail_copy (errno, error);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    }

  return TRUE;
}

/* A reflink costs no space; the kernel's copy no detour through this process. */
static gboolean
model_import_copy (int from, int to, GCancellable *cancellable, GError **error)
{
  gssize count;

  if (ioctl (to, FICLONE, from) == 0)
    return TRUE;
  if (lseek (from, 0, SEEK_SET) != 0)
    return fail_copy (errno, error);

  while ((count = copy_file_range (from, NULL, to, NULL, COPY_SIZE, 0)) > 0)
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
  if (count == 0)
    return TRUE;
  if (errno == ENOSPC || errno == EDQUOT || errno == EIO)
    return fail_copy (errno, error);

  return copy_by_hand (from, to, cancellable, error);
}

/* What the file of a model that the catalogue does not have is called in the store. */
static char *
choose_own_name (const char *name)
{
  g_autofree char *base = g_path_get_basename (name);
  g_autoptr (GString) plain = NULL;
  gboolean is_taken;

  if (g_str_has_suffix (base, FILE_SUFFIX))
    base[strlen (base) - strlen (FILE_SUFFIX)] = '\0';
  plain = g_string_new (NULL);
  for (const char *p = base; *p != '\0'; p++)
    g_string_append_c (plain, g_ascii_isalnum (*p) || strchr ("._-", *p) != NULL ? *p : '_');
  while (plain->len > 0 && strchr (".-", plain->str[0]) != NULL)
    g_string_erase (plain, 0, 1);
  if (plain->len == 0)
    g_string_append (plain, "model");
  is_taken = whis_local_model_lookup (plain->str) != NULL;
  g_string_append (plain, FILE_SUFFIX);
  if (is_taken || whis_local_model_find_file (plain->str) != NULL)
    g_string_prepend (plain, OWN_PREFIX);

  return g_string_free (g_steal_pointer (&plain), FALSE);
}

/* The copy is complete and hashed: it gets its name. */
static char *
model_import_place (WhisModelFiles *self,
                    const char *copy_path,
                    const WhisLocalModel *row,
                    const char *name,
                    GError **error)
{
  g_autofree char *own_name = row == NULL ? choose_own_name (name) : NULL;
  g_autofree char *path =
      g_build_filename (self->directory, row != NULL ? row->file : own_name, NULL);

  if (row == NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_EXISTS,
                   _ ("There is a model file %s already; remove that model, or give this file "
                      "another name."),
                   own_name);
      return NULL;
    }
  if (g_rename (copy_path, path) != 0)
    {
      fail_copy (errno, error);
      return NULL;
    }

  return g_steal_pointer (&path);
}

static WhisModelEntry *
take_copy (WhisModelFiles *self,
           const char *copy_path,
           int copy_file,
           const char *name,
           const WhisModelHeader *header,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *sha256 = whis_model_checksum_of_file (copy_file, cancellable, error);
  g_autofree char *path = NULL;
  const WhisLocalModel *row;
  g_autofree char *id = NULL;
  WhisModelEntry *entry;
  struct stat status;

  if (sha256 == NULL)
    return NULL;
  if (fsync (copy_file) != 0 || fstat (copy_file, &status) != 0)
    {
      fail_copy (errno, error);
      return NULL;
    }

  row = whis_local_model_find_checksum (sha256);
  path = model_import_place (self, copy_path, row, name, error);
  if (path == NULL)
    return NULL;

  whis_model_checks_store (self->checks, path, &status, sha256);
  id = g_path_get_basename (path);
  id[strlen (id) - strlen (FILE_SUFFIX)] = '\0';
  entry = whis_model_entry_new (row != NULL ? row->id : id, row);
  entry->kind = header->kind;
  entry->path = g_steal_pointer (&path);
  entry->bytes = (guint64) status.st_size;
  entry->state = row != NULL ? WHIS_MODEL_STATE_VERIFIED : WHIS_MODEL_STATE_OWN;

  return entry;
}

/**
 * whis_model_files_import:
 * @self: the files
 * @file: an open file
 * @name: what it is called, for a model that the catalogue does not have
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Copies a model into the store. It is recognised by its checksum, whatever it is called; one that
 * the catalogue does not have is taken as the user's own if its header is one that an engine can be
 * given.
 *
 * Returns: (transfer full) (nullable): what it is
 */
WhisModelEntry *
whis_model_files_import (WhisModelFiles *self,
                         int file,
                         const char *name,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autofree char *copy_path = g_build_filename (self->directory, COPY_NAME, NULL);
  WhisModelHeader header;
  WhisModelEntry *entry = NULL;
  struct stat status;
  int copy_file;

  if (!read_header (file, &status, &header, error))
    return NULL;
  if ((guint64) status.st_size < header.min_bytes)
    {
      g_set_error_literal (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_FILE,
                           _ ("The model file is not complete: it is shorter than its header "
                              "says."));
      return NULL;
    }
  if (g_mkdir_with_parents (self->directory, 0700) != 0)
    {
      fail_copy (errno, error);
      return NULL;
    }
  if (!require_space (self->directory, (guint64) status.st_size, error))
    return NULL;
  copy_file = g_mkstemp_full (copy_path, O_RDWR | O_CLOEXEC, 0600);
  if (copy_file < 0)
    {
      fail_copy (errno, error);
      return NULL;
    }

  if (model_import_copy (file, copy_file, cancellable, error))
    entry = take_copy (self, copy_path, copy_file, name, &header, cancellable, error);
  close (copy_file);
  if (entry == NULL)
    g_unlink (copy_path);

  return entry;
}
