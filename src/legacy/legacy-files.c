/* SPDX-License-Identifier: MIT */
#include "legacy-files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store-error.h"

/* The real ones have a few kilobytes. */
#define MAX_SIZE (1024 * 1024)
#define MAX_PRESETS 500

/* What the prompt of the settings is called as a preset; no user's preset has a dot. */
#define OWN_PROMPT "prompt-of-the-settings"

/* A file as it lies there. */
typedef struct
{
  char *content;
  gsize size;
  gint64 changed; /* Unix time in nanoseconds */
} Content;

static void
content_clear (Content *content)
{
  if (content->content != NULL)
    explicit_bzero (content->content, content->size);
  g_clear_pointer (&content->content, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Content, content_clear)

/* A file of settings that was understood. */
typedef struct
{
  WhisLegacySettings *settings;
  char *name;
  gint64 changed;
} Source;

static void
source_free (Source *source)
{
  whis_legacy_settings_free (source->settings);
  g_free (source->name);
  g_free (source);
}

static WhisLegacyFiles *
files_new (void)
{
  WhisLegacyFiles *self = g_atomic_rc_box_new0 (WhisLegacyFiles);

  self->read = g_ptr_array_new_with_free_func (g_free);
  self->with_keys = g_ptr_array_new_with_free_func (g_free);
  self->presets = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_legacy_preset_free);
  self->complaints = g_ptr_array_new_with_free_func (g_free);

  return self;
}

static void
files_clear (gpointer data)
{
  WhisLegacyFiles *self = data;

  whis_legacy_settings_free (self->settings);
  g_ptr_array_unref (self->read);
  g_ptr_array_unref (self->with_keys);
  g_ptr_array_unref (self->presets);
  g_ptr_array_unref (self->complaints);
}

void
whis_legacy_files_unref (WhisLegacyFiles *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, files_clear);
}

/* As people write it. */
static char *
legacy_files_shorten (const char *path)
{
  const char *home = g_get_home_dir ();
  gsize length = strlen (home);
  g_autofree char *name = g_filename_display_name (path);

  if (length > 1 && strncmp (path, home, length) == 0 && path[length] == '/')
    return g_strconcat ("~", name + length, NULL);

  return g_steal_pointer (&name);
}

static void
legacy_files_complain (WhisLegacyFiles *self, const char *path, const char *why)
{
  g_autofree char *name = legacy_files_shorten (path);

  g_ptr_array_add (self->complaints, g_strdup_printf (_ ("%s was left out: %s."), name, why));
}

/* Whether all of it was read. */
static gboolean
read_all (int fd, Content *content)
{
  gsize size = 0;

  content->content = g_malloc0 (MAX_SIZE + 1);
  content->size = MAX_SIZE + 1;
  while (size <= MAX_SIZE)
    {
      gssize n = read (fd, content->content + size, MAX_SIZE + 1 - size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      if (n == 0)
        break;
      size += (gsize) n;
    }
  content->size = size;

  return TRUE;
}

/* A link is followed, since some keep their settings elsewhere; what is no file would not end.
 *
 * Returns: (nullable): why it cannot be read */
static const char *
read_descriptor (int fd, Content *content)
{
  struct stat status;

  if (fstat (fd, &status) != 0)
    return g_strerror (errno);
  if (!S_ISREG (status.st_mode))
    return _ ("it is no regular file");
  if (status.st_size > MAX_SIZE)
    return _ ("it is too long for settings");
  if (!read_all (fd, content))
    return g_strerror (errno);
  if (content->size > MAX_SIZE)
    return _ ("it is too long for settings");
  content->changed = (gint64) status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;

  return NULL;
}

/* Whether there is something to read; what cannot be read is complained of. */
static gboolean
read_file (WhisLegacyFiles *self, const char *path, Content *content)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  const char *why;

  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
    return FALSE;
  why = fd >= 0 ? read_descriptor (fd, content) : g_strerror (errno);
  if (fd >= 0)
    close (fd);
  if (why == NULL)
    return TRUE;
  legacy_files_complain (self, path, why);

  return FALSE;
}

static void
read_settings (WhisLegacyFiles *self, const char *path, GPtrArray *sources)
{
  g_auto (Content) content = { 0 };
  WhisLegacySettings *settings;
  Source *source;

  if (!read_file (self, path, &content))
    return;
  settings = whis_legacy_settings_parse (content.content, content.size);
  if (settings == NULL)
    {
      legacy_files_complain (self, path, _ ("it is no file of settings, or was damaged"));
      return;
    }

  source = g_new0 (Source, 1);
  source->settings = settings;
  source->name = legacy_files_shorten (path);
  source->changed = content.changed;
  g_ptr_array_add (sources, source);
}

static int
compare_changed (gconstpointer a, gconstpointer b)
{
  const Source *one = *(const Source *const *) a;
  const Source *other = *(const Source *const *) b;

  return one->changed < other->changed ? 1 : one->changed > other->changed ? -1 : 0;
}

static void
add_keys (WhisLegacySettings *to, const WhisLegacySettings *from)
{
  for (guint i = 0; i < from->keys->len; i++)
    {
      const WhisLegacyKey *key = g_ptr_array_index (from->keys, i);

      whis_legacy_settings_add_key (to, key->provider, key->key);
    }
}

/* The newest is what the user used last. Two that are merged would be one that nobody ever had, but
 * a key is a key. */
static void
legacy_files_merge (WhisLegacyFiles *self, GPtrArray *sources)
{
  g_ptr_array_sort (sources, compare_changed);
  for (guint i = 0; i < sources->len; i++)
    {
      Source *source = g_ptr_array_index (sources, i);

      g_ptr_array_add (self->read, g_strdup (source->name));
      if (source->settings->keys->len > 0)
        g_ptr_array_add (self->with_keys, g_strdup (source->name));
      if (self->settings == NULL)
        self->settings = g_steal_pointer (&source->settings);
      else
        add_keys (self->settings, source->settings);
    }
}

static gboolean
has_preset (WhisLegacyFiles *self, const char *name)
{
  for (guint i = 0; i < self->presets->len; i++)
    {
      const WhisLegacyPreset *preset = g_ptr_array_index (self->presets, i);

      if (g_str_equal (preset->name, name))
        return TRUE;
    }

  return FALSE;
}

static void
read_preset (WhisLegacyFiles *self, const char *directory, const char *file)
{
  g_autofree char *path = g_build_filename (directory, file, NULL);
  g_autofree char *name = g_strndup (file, strlen (file) - strlen (".json"));
  g_auto (Content) content = { 0 };
  WhisLegacyPreset *preset;

  if (has_preset (self, name) || !read_file (self, path, &content))
    return;
  preset = whis_legacy_preset_parse (name, content.content, content.size);
  if (preset != NULL)
    g_ptr_array_add (self->presets, preset);
  else
    legacy_files_complain (self, path, _ ("it is no preset, or was damaged"));
}

static void
read_presets (WhisLegacyFiles *self, const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      if (!g_str_has_suffix (file, ".json"))
        continue;
      if (self->presets->len >= MAX_PRESETS)
        {
          legacy_files_complain (self, directory, _ ("it has more presets than anybody can use"));
          return;
        }
      read_preset (self, directory, file);
    }
}

static void
add_own_prompt (WhisLegacyFiles *self)
{
  WhisLegacyPreset *preset;

  if (self->settings == NULL || self->settings->prompt == NULL)
    return;

  preset = g_new0 (WhisLegacyPreset, 1);
  preset->name = g_strdup (OWN_PROMPT);
  preset->prompt = g_strdup (self->settings->prompt);
  g_ptr_array_add (self->presets, preset);
}

/* Where the earlier Whis kept its files, by version and package: the shared ones up to 0.7, those
 * of the command line, those of the desktop program (Tauri's folder for the data of an
 * application), and both of the latter in the sandbox of its Flatpak. */
#define SANDBOX ".var", "app", "ink.whis.Whis"

static char **
list_settings (void)
{
  const char *home = g_get_home_dir ();
  const char *config = g_get_user_config_dir ();
  GStrvBuilder *paths = g_strv_builder_new ();
  char *const all[] = {
    g_build_filename (config, "whis", "settings.json", NULL),
    g_build_filename (config, "whis-cli", "settings.json", NULL),
    g_build_filename (g_get_user_data_dir (), "ink.whis.Whis", "settings.json", NULL),
    g_build_filename (home, SANDBOX, "config", "whis", "settings.json", NULL),
    g_build_filename (home, SANDBOX, "data", "ink.whis.Whis", "settings.json", NULL),
  };
  char **list;

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_strv_builder_add (paths, all[i]);
      g_free (all[i]);
    }
  list = g_strv_builder_end (paths);
  g_strv_builder_unref (paths);

  return list;
}

static void
read_everything (WhisLegacyFiles *self)
{
  g_auto (GStrv) settings = list_settings ();
  g_autofree char *presets = g_build_filename (g_get_user_config_dir (), "whis", "presets", NULL);
  g_autofree char *in_sandbox =
      g_build_filename (g_get_home_dir (), SANDBOX, "config", "whis", "presets", NULL);
  g_autoptr (GPtrArray) sources = g_ptr_array_new_with_free_func ((GDestroyNotify) source_free);

  for (char **path = settings; *path != NULL; path++)
    read_settings (self, *path, sources);
  legacy_files_merge (self, sources);
  read_presets (self, presets);
  read_presets (self, in_sandbox);
  add_own_prompt (self);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (WhisLegacyFiles) self = files_new ();

  read_everything (self);
  if (self->settings != NULL || self->presets->len > 0 || self->complaints->len > 0)
    g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify) whis_legacy_files_unref);
  else
    g_task_return_new_error (task, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND,
                             _ ("There are no settings of an earlier Whis to import."));
}

/**
 * whis_legacy_files_read_async:
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Reads what the earlier Whis left. Nothing of it is changed.
 */
void
whis_legacy_files_read_async (GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_legacy_files_read_async);
  g_task_run_in_thread (task, read_in_thread);
}

/**
 * whis_legacy_files_read_finish:
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full): what there is, or %NULL with %WHIS_STORE_ERROR_NOT_FOUND
 */
WhisLegacyFiles *
whis_legacy_files_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_legacy_files_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* What a file in ~/.local/share/whis/presets holds: an object with `name` and `prompt`, and where
 * they are known `description`, `service` and `model`, all strings. */
static char *
print_preset (const WhisLegacyPreset *preset)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  add_member (builder, "name", preset->name);
  add_member (builder, "description", preset->description);
  add_member (builder, "prompt", preset->prompt);
  add_member (builder, "service", preset->service);
  add_member (builder, "model", preset->model);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);

  return g_strconcat (text, "\n", NULL);
}

/* What is to be done with the presets. */
typedef struct
{
  WhisLegacyFiles *files;
  gboolean overwrite;
  gboolean only_look;
} Copying;

static void
copying_free (Copying *copying)
{
  whis_legacy_files_unref (copying->files);
  g_free (copying);
}

static WhisPresetFate
copy_preset (const Copying *copying, const char *directory, const WhisLegacyPreset *preset)
{
  g_autofree char *file = g_strconcat (preset->name, ".json", NULL);
  g_autofree char *path = g_build_filename (directory, file, NULL);
  g_autofree char *text = print_preset (preset);
  g_autofree char *old = NULL;
  g_autoptr (GError) error = NULL;

  if (g_file_get_contents (path, &old, NULL, NULL) && g_str_equal (old, text))
    return WHIS_PRESET_SAME;
  if (!copying->overwrite && g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    return WHIS_PRESET_KEPT;
  if (copying->only_look)
    return WHIS_PRESET_WRITTEN;
  if (g_mkdir_with_parents (directory, 0700) == 0
      && g_file_set_contents_full (path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, &error))
    return WHIS_PRESET_WRITTEN;
  g_message ("A preset cannot be written: %s", error != NULL ? error->message : g_strerror (errno));

  return WHIS_PRESET_FAILED;
}

static void
copy_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Copying *copying = data;
  g_autofree char *directory =
      g_build_filename (g_get_user_data_dir (), WHIS_USER_FOLDER, "presets", NULL);
  GArray *fates = g_array_new (FALSE, FALSE, sizeof (WhisPresetFate));

  for (guint i = 0; i < copying->files->presets->len; i++)
    {
      WhisPresetFate fate =
          copy_preset (copying, directory, g_ptr_array_index (copying->files->presets, i));

      g_array_append_val (fates, fate);
    }
  g_task_return_pointer (task, fates, (GDestroyNotify) g_array_unref);
}

/**
 * whis_legacy_files_copy_presets_async:
 * @self: what there is
 * @overwrite: whether presets of the same name are replaced
 * @only_look: whether nothing is written
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Copies the presets to where they are when Whis can use them.
 */
void
whis_legacy_files_copy_presets_async (WhisLegacyFiles *self,
                                      gboolean overwrite,
                                      gboolean only_look,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Copying *copying;

  g_return_if_fail (self != NULL);

  copying = g_new0 (Copying, 1);
  copying->files = g_atomic_rc_box_acquire (self);
  copying->overwrite = overwrite;
  copying->only_look = only_look;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_legacy_files_copy_presets_async);
  g_task_set_task_data (task, copying, (GDestroyNotify) copying_free);
  g_task_run_in_thread (task, copy_in_thread);
}

/**
 * whis_legacy_files_copy_presets_finish:
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type WhisPresetFate): what became of each preset, in their
 * order
 */
GArray *
whis_legacy_files_copy_presets_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_legacy_files_copy_presets_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
