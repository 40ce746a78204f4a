/* SPDX-License-Identifier: MIT */
#include "model-files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "model-checks.h"
#include "part-file.h"

#define FILE_SUFFIX ".bin"
/* In front of the id of a model of the user's own whose file is called as one of the catalogue. */
#define OWN_PREFIX "own-"

G_DEFINE_QUARK (whis - model - error - quark, whis_model_error)

/* --- what there is -----------------------------------------------------------------------------
 */

static char *
dup_own_id (const char *file)
{
  g_autofree char *stem = g_strndup (file, strlen (file) - strlen (FILE_SUFFIX));

  return g_strconcat (whis_local_model_lookup (stem) != NULL ? OWN_PREFIX : "", stem, NULL);
}

/* Nothing in a name may be read by a terminal as more than a name. */
static gboolean
is_plain_name (const char *name)
{
  if (!g_utf8_validate (name, -1, NULL) || *name == '.' || *name == '-')
    return FALSE;
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isgraph (g_utf8_get_char (p)) && *p != ' ')
      return FALSE;

  return strchr (name, '/') == NULL;
}

static WhisModelState
judge_row (WhisModelFiles *self,
           const WhisLocalModel *row,
           const char *path,
           const struct stat *status)
{
  g_autofree char *sha256 = whis_model_checks_lookup (self->checks, path, status);

  if (sha256 != NULL)
    return whis_local_model_has_checksum (row, sha256) ? WHIS_MODEL_STATE_VERIFIED
                                                       : WHIS_MODEL_STATE_DAMAGED;
  if (row->exact && (guint64) status->st_size != row->bytes)
    return WHIS_MODEL_STATE_DAMAGED;

  return WHIS_MODEL_STATE_UNCHECKED;
}

/* The file of a directory as an entry, or NULL if it is no model. */
static WhisModelEntry *
read_file (WhisModelFiles *self, const char *directory, const char *name, gboolean system)
{
  const WhisLocalModel *row = whis_local_model_find_file (name);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *own_id = NULL;
  g_autoptr (WhisModelEntry) entry = NULL;
  WhisModelHeader header = { 0 };
  struct stat status;
  gboolean good;

  if (!g_str_has_suffix (name, FILE_SUFFIX) || !is_plain_name (name) || stat (path, &status) != 0
      || !S_ISREG (status.st_mode))
    return NULL;

  good = whis_model_header_read_file (path, &header, NULL);
  if (row == NULL && !good)
    return NULL;

  own_id = dup_own_id (name);
  entry = whis_model_entry_new (row != NULL ? row->id : own_id, row);
  entry->path = g_steal_pointer (&path);
  entry->bytes = (guint64) status.st_size;
  entry->system = system;
  whis_model_measures_lookup (self->measures, entry->path, &status, self->computer, self->drivers,
                              &entry->measure);
  if (row == NULL)
    {
      entry->kind = header.kind;
      entry->state = WHIS_MODEL_STATE_OWN;
    }
  else
    entry->state = good && header.kind == row->kind ? judge_row (self, row, entry->path, &status)
                                                    : WHIS_MODEL_STATE_DAMAGED;

  return g_steal_pointer (&entry);
}

/* The user's own files go before those of the system, unless they are of no use. */
static void
read_directory (WhisModelFiles *self, GHashTable *found, const char *directory, gboolean system)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      WhisModelEntry *entry = read_file (self, directory, name, system);
      const WhisModelEntry *known;

      if (entry == NULL)
        continue;
      known = g_hash_table_lookup (found, entry->id);
      if (known == NULL || !whis_model_state_is_usable (known->state))
        g_hash_table_replace (found, entry->id, entry);
      else
        whis_model_entry_unref (entry);
    }
}

static GHashTable *
find_files (WhisModelFiles *self)
{
  GHashTable *found = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                             (GDestroyNotify) whis_model_entry_unref);

  read_directory (self, found, self->directory, FALSE);
  for (char **directory = self->system_directories; *directory != NULL; directory++)
    read_directory (self, found, *directory, TRUE);

  return found;
}

static WhisModelEntry *
describe_absent (WhisModelFiles *self, const WhisLocalModel *row)
{
  WhisModelEntry *entry = whis_model_entry_new (row->id, row);
  g_autofree char *path = g_build_filename (self->directory, row->file, NULL);

  entry->bytes = whis_part_file_query_size (path);
  entry->state = entry->bytes > 0 ? WHIS_MODEL_STATE_PARTIAL : WHIS_MODEL_STATE_ABSENT;

  return entry;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const WhisModelEntry *const *first = a;
  const WhisModelEntry *const *second = b;

  return strcmp ((*first)->id, (*second)->id);
}

/**
 * whis_model_files_list:
 * @self: the files
 *
 * Returns: (transfer full) (element-type WhisModelEntry): all models of the catalogue in its order,
 *   then the user's own by name
 */
GPtrArray *
whis_model_files_list (WhisModelFiles *self)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_model_entry_unref);
  g_autoptr (GHashTable) found = find_files (self);
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  gsize n;
  const WhisLocalModel *const *rows = whis_local_models_list (&n);
  GHashTableIter iter;
  gpointer entry;

  for (gsize i = 0; i < n; i++)
    {
      entry = g_hash_table_lookup (found, rows[i]->id);
      g_ptr_array_add (entries, entry != NULL ? whis_model_entry_ref (entry)
                                              : describe_absent (self, rows[i]));
    }

  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    if (((WhisModelEntry *) entry)->row == NULL)
      g_ptr_array_add (own, entry);
  g_ptr_array_sort (own, compare_entries);
  for (guint i = 0; i < own->len; i++)
    g_ptr_array_add (entries, whis_model_entry_ref (g_ptr_array_index (own, i)));

  return entries;
}

/**
 * whis_model_files_find:
 * @self: the files
 * @id: an id
 * @error: return location for %WHIS_MODEL_ERROR_NOT_FOUND
 *
 * Returns: (transfer full) (nullable): what there is of the model; %NULL if nobody knows the id
 */
WhisModelEntry *
whis_model_files_find (WhisModelFiles *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) entries = whis_model_files_list (self);

  for (guint i = 0; i < entries->len; i++)
    {
      WhisModelEntry *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->id, id))
        return whis_model_entry_ref (entry);
    }

  g_set_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_NOT_FOUND,
               _ ("There is no model “%s”; “whis models local” lists them."), id);

  return NULL;
}

/* --- checking ----------------------------------------------------------------------------------
 */

static gboolean
fail_storage (int code, const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_STORAGE,
               _ ("The model file %s cannot be read or written (%s)."), name, g_strerror (code));

  return FALSE;
}

static gboolean
hash_entry (WhisModelFiles *self, WhisModelEntry *entry, GCancellable *cancellable, GError **error)
{
  g_autofree char *sha256 = NULL;
  g_autoptr (GError) read_error = NULL;
  struct stat status;
  int descriptor = open (entry->path, O_RDONLY | O_CLOEXEC);

  if (descriptor < 0 || fstat (descriptor, &status) != 0)
    {
      int code = errno;

      if (descriptor >= 0)
        close (descriptor);
      return fail_storage (code, entry->path, error);
    }

  sha256 = whis_model_checksum_of_file (descriptor, cancellable, &read_error);
  close (descriptor);
  if (g_error_matches (read_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&read_error));
      return FALSE;
    }
  if (sha256 == NULL)
    return fail_storage (EIO, entry->path, error);

  whis_model_checks_store (self->checks, entry->path, &status, sha256);
  if (entry->row != NULL)
    entry->state = whis_local_model_has_checksum (entry->row, sha256) ? WHIS_MODEL_STATE_VERIFIED
                                                                      : WHIS_MODEL_STATE_DAMAGED;

  return TRUE;
}

/**
 * whis_model_files_check:
 * @self: the files
 * @entry: an entry with a file, whose state is set
 * @again: whether the file is hashed also if that was done before
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Hashes the file of an entry and keeps the result.
 *
 * Returns: whether that could be done
 */
gboolean
whis_model_files_check (WhisModelFiles *self,
                        WhisModelEntry *entry,
                        gboolean again,
                        GCancellable *cancellable,
                        GError **error)
{
  if (entry->path == NULL)
    {
      g_set_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_NOT_FOUND,
                   _ ("The model “%s” is not on this computer; “whis model fetch %s” fetches it."),
                   entry->id, entry->id);
      return FALSE;
    }

  return (entry->state != WHIS_MODEL_STATE_UNCHECKED && !again)
         || hash_entry (self, entry, cancellable, error);
}

/**
 * whis_model_files_note_fetched:
 * @self: the files
 * @row: a model whose file was hashed while it was fetched
 *
 * Remembers that, so that it is not hashed again.
 */
void
whis_model_files_note_fetched (WhisModelFiles *self, const WhisLocalModel *row)
{
  g_autofree char *path = g_build_filename (self->directory, row->file, NULL);
  struct stat status;

  if (stat (path, &status) == 0)
    whis_model_checks_store (self->checks, path, &status, row->sha256);
}

/**
 * whis_model_files_note_measured:
 * @self: the files
 * @entry: what was measured, as it was before
 * @engine: the engine and its version
 * @measure: how fast it was
 * @error: return location for %WHIS_MODEL_ERROR_NOT_FOUND, if the file became another meanwhile
 *
 * Remembers how fast a model is on this computer.
 *
 * Returns: whether that is so
 */
gboolean
whis_model_files_note_measured (WhisModelFiles *self,
                                const WhisModelEntry *entry,
                                const char *engine,
                                const WhisModelMeasure *measure,
                                GError **error)
{
  struct stat status;

  if (entry->path == NULL || stat (entry->path, &status) != 0
      || (guint64) status.st_size != entry->bytes)
    {
      g_set_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_NOT_FOUND,
                   _ ("The model “%s” is not on this computer; “whis model fetch %s” fetches it."),
                   entry->id, entry->id);
      return FALSE;
    }

  whis_model_measures_store (self->measures, entry->path, &status, self->computer, engine, measure);

  return TRUE;
}

/* --- removing ----------------------------------------------------------------------------------
 */

/**
 * whis_model_files_remove:
 * @self: the files
 * @id: a model
 * @freed: (out): how many bytes that frees
 * @error: return location for an error
 *
 * Removes the user's file of a model, and the part that a download has left.
 *
 * Returns: whether it is gone
 */
gboolean
whis_model_files_remove (WhisModelFiles *self, const char *id, guint64 *freed, GError **error)
{
  g_autoptr (WhisModelEntry) entry = whis_model_files_find (self, id, error);
  g_autofree char *part_of = NULL;

  *freed = 0;
  if (entry == NULL)
    return FALSE;
  if (entry->row != NULL)
    {
      part_of = g_build_filename (self->directory, entry->row->file, NULL);
      *freed += whis_part_file_remove (part_of);
    }
  if (entry->path != NULL && entry->system)
    {
      g_set_error (
          error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_SYSTEM,
          _ ("The model “%s” belongs to the system; remove the package that it came with."), id);
      return FALSE;
    }
  if (entry->path != NULL && g_unlink (entry->path) != 0)
    return fail_storage (errno, entry->path, error);

  if (entry->path != NULL)
    {
      *freed += entry->bytes;
      whis_model_checks_forget (self->checks, entry->path);
      whis_model_measures_forget (self->measures, entry->path);
    }
  else if (*freed == 0)
    {
      g_set_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_NOT_FOUND,
                   _ ("The model “%s” is not on this computer, so there is nothing to remove."),
                   id);
      return FALSE;
    }

  return TRUE;
}
