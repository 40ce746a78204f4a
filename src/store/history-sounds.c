/* SPDX-License-Identifier: MIT */
#include "history-sounds.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wav.h"

#define MAX_ID 64
#define FOLDER "recordings"

/* What a sound may be, by the end of its name: samples where it is recognised on this computer. */
static const char *const endings[] = { WHIS_WAV_ENDING, ".mp3" };
#define MP3 1

/**
 * whis_history_sounds_is_id:
 * @id: (nullable): what is said to be an id
 *
 * An id is part of a path, and comes from the bus too.
 *
 * Returns: whether it may be one
 */
gboolean
whis_history_sounds_is_id (const char *id)
{
  gsize length = id != NULL ? strlen (id) : 0;

  if (length == 0 || length > MAX_ID)
    return FALSE;
  for (const char *c = id; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-' && *c != '_')
      return FALSE;

  return TRUE;
}

static char *
dup_path (const char *directory, const char *id, const char *ending)
{
  g_autofree char *name = g_strconcat (id, ending, NULL);

  return g_build_filename (directory, FOLDER, name, NULL);
}

/**
 * whis_history_sounds_dup_path:
 * @directory: where the history is
 * @id: what is said to be an id
 * @is_lossless: whether the sound is samples in a WAV file rather than an MP3
 *
 * Returns: (transfer full) (nullable): where the sound of a dictation is, or goes; %NULL if @id is
 *   no id
 */
char *
whis_history_sounds_dup_path (const char *directory, const char *id, gboolean is_lossless)
{
  g_return_val_if_fail (directory != NULL, NULL);

  return whis_history_sounds_is_id (id)
             ? dup_path (directory, id, is_lossless ? WHIS_WAV_ENDING : endings[MP3])
             : NULL;
}

/**
 * whis_history_sounds_find:
 * @directory: where the history is
 * @id: what is said to be an id
 * @status: (out): what the system says of the file
 *
 * Returns: (transfer full) (nullable): where the sound of a dictation is; %NULL if there is none
 */
char *
whis_history_sounds_find (const char *directory, const char *id, struct stat *status)
{
  g_return_val_if_fail (directory != NULL, NULL);

  for (gsize i = 0; whis_history_sounds_is_id (id) && i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = dup_path (directory, id, endings[i]);

      if (lstat (path, status) == 0)
        return g_steal_pointer (&path);
    }

  return NULL;
}

/**
 * whis_history_sounds_get_size:
 * @directory: where the history is
 * @id: a dictation
 * @is_lossless: (out) (optional): whether it is samples in a WAV file; %FALSE if there is none
 *
 * Returns: the size of its sound in bytes; -1 if there is none
 */
gint64
whis_history_sounds_get_size (const char *directory, const char *id, gboolean *is_lossless)
{
  struct stat status;
  g_autofree char *path = whis_history_sounds_find (directory, id, &status);

  if (is_lossless != NULL)
    *is_lossless = path != NULL && whis_wav_is_name (path);

  return path != NULL && S_ISREG (status.st_mode) ? status.st_size : -1;
}

gboolean
whis_history_sounds_exists (const char *directory, const char *id)
{
  return whis_history_sounds_get_size (directory, id, NULL) >= 0;
}

/**
 * whis_history_sounds_is_settled:
 * @directory: where the history is
 * @id: a dictation
 *
 * Returns: whether its dictation was at its end, as whis_history_sounds_set_settled() said
 */
gboolean
whis_history_sounds_is_settled (const char *directory, const char *id)
{
  struct stat status;
  g_autofree char *path = whis_history_sounds_find (directory, id, &status);

  return path != NULL && (status.st_mode & S_IWUSR) == 0;
}

/**
 * whis_history_sounds_set_settled:
 * @directory: where the history is
 * @id: a dictation
 * @settled: whether its dictation is at its end
 *
 * Says in the mode of the file that nobody writes to it any more, so that a sound whose entry is
 * lost is not taken for one that was interrupted.
 */
void
whis_history_sounds_set_settled (const char *directory, const char *id, gboolean settled)
{
  struct stat status;
  g_autofree char *path = whis_history_sounds_find (directory, id, &status);

  if (path != NULL && chmod (path, settled ? 0400 : 0600) != 0 && errno != ENOENT)
    g_debug ("The mode of a sound cannot be changed: %s", g_strerror (errno));
}

/**
 * whis_history_sounds_remove:
 * @directory: where the history is
 * @id: a dictation
 *
 * Returns: whether its sound is not there any more
 */
gboolean
whis_history_sounds_remove (const char *directory, const char *id)
{
  gboolean is_gone = TRUE;

  g_return_val_if_fail (directory != NULL, FALSE);

  if (!whis_history_sounds_is_id (id))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = dup_path (directory, id, endings[i]);

      is_gone = (unlink (path) == 0 || errno == ENOENT || errno == ENOTDIR) && is_gone;
    }

  return is_gone;
}

static char *
dup_id (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (name, endings[i]))
      return g_strndup (name, strlen (name) - strlen (endings[i]));

  return NULL;
}

/**
 * whis_history_sounds_list:
 * @directory: where the history is
 *
 * Returns: (transfer full) (element-type utf8): the ids of all sounds
 */
GPtrArray *
whis_history_sounds_list (const char *directory)
{
  g_autofree char *folder = g_build_filename (directory, FOLDER, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *id = dup_id (name);

      if (id != NULL && whis_history_sounds_exists (directory, id))
        g_ptr_array_add (ids, g_steal_pointer (&id));
    }

  return ids;
}

static int
return_not_found (GError **error)
{
  g_set_error_literal (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND,
                       _ ("The sound of this dictation is not there any more."));

  return -1;
}

/**
 * whis_history_sounds_open:
 * @directory: where the history is
 * @id: a dictation
 * @path: (out) (optional) (transfer full): where it is
 * @error: return location for an error
 *
 * Returns: a file descriptor of the sound of a dictation, for reading; -1 with an error
 */
int
whis_history_sounds_open (const char *directory, const char *id, char **path, GError **error)
{
  struct stat status;
  g_autofree char *found = whis_history_sounds_find (directory, id, &status);
  int fd = found != NULL ? open (found, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;

  if (fd < 0)
    return return_not_found (error);
  if (path != NULL)
    *path = g_steal_pointer (&found);

  return fd;
}

/**
 * whis_history_sounds_lock:
 * @directory: where the history is
 * @id: a dictation
 * @error: return location for an error
 *
 * Opens the sound of a dictation for reading, and locks it against everybody else.
 *
 * Returns: a file descriptor, which holds the lock until it is closed; -1 with an error
 */
int
whis_history_sounds_lock (const char *directory, const char *id, GError **error)
{
  int fd = whis_history_sounds_open (directory, id, NULL, error);

  if (fd < 0)
    return -1;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;

  close (fd);
  g_set_error_literal (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BUSY,
                       _ ("Another Whis is working on this dictation."));

  return -1;
}

/**
 * whis_history_sounds_is_locked:
 * @directory: where the history is
 * @id: a dictation
 *
 * Returns: whether somebody works on the dictation
 */
gboolean
whis_history_sounds_is_locked (const char *directory, const char *id)
{
  g_autoptr (GError) error = NULL;
  int fd = whis_history_sounds_lock (directory, id, &error);

  if (fd >= 0)
    close (fd);

  return g_error_matches (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BUSY);
}
