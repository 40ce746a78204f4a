/* SPDX-License-Identifier: MIT */
#include "model-list.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "offline-error.h"

#define SUFFIX ".bin"
#define PREFIX "ggml-"
#define SPHINX_ID "pocketsphinx-en-us"

/* What programs send that were written for OpenAI and have no choice of models. */
#define OPENAI_ID "whisper-1"

/**
 * WhisModelList:
 *
 * The models that are installed: the files in folders, and PocketSphinx's own where that is built
 * in. The folders are looked into anew each time, for models come and go while the program runs.
 */

struct _WhisModelList
{
  GObject parent_instance;

  GStrv folders;
  char *sphinx_folder;
  char *default_id;
  char *default_path; /* of a file that is named by --model */
};

G_DEFINE_FINAL_TYPE (WhisModelList, whis_model_list, G_TYPE_OBJECT)

static const char *const english[] = { "en", NULL };

/**
 * whis_model_free:
 * @model: (transfer full): a model
 */
void
whis_model_free (WhisModel *model)
{
  g_return_if_fail (model != NULL);

  g_free (model->id);
  g_free (model->path);
  g_free (model);
}

/**
 * whis_model_check_language:
 * @model: a model
 * @language: (nullable): a language (ISO 639), or %NULL
 * @error: return location
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_LANGUAGE if the model does not know the language
 */
gboolean
whis_model_check_language (const WhisModel *model, const char *language, GError **error)
{
  g_return_val_if_fail (model != NULL, FALSE);

  if (language == NULL || g_strv_contains (model->languages, language))
    return TRUE;

  if (model->languages[1] == NULL)
    g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_LANGUAGE,
                 _ ("The model %s knows English only, not “%s”: choose another model or another "
                    "provider for this language."),
                 model->id, language);
  else
    g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_LANGUAGE,
                 _ ("The model %s does not know the language “%s”: choose another model or "
                    "another provider for this language."),
                 model->id, language);

  return FALSE;
}

static void
whis_model_list_finalize (GObject *object)
{
  WhisModelList *self = WHIS_MODEL_LIST (object);

  g_strfreev (self->folders);
  g_free (self->sphinx_folder);
  g_free (self->default_id);
  g_free (self->default_path);

  G_OBJECT_CLASS (whis_model_list_parent_class)->finalize (object);
}

static void
whis_model_list_class_init (WhisModelListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_model_list_finalize;
}

static void
whis_model_list_init (WhisModelList *self)
{
}

static void
add_search_path (GStrvBuilder *builder, const char *path)
{
  g_auto (GStrv) folders = path != NULL ? g_strsplit (path, G_SEARCHPATH_SEPARATOR_S, -1) : NULL;

  for (guint i = 0; folders != NULL && folders[i] != NULL; i++)
    if (g_path_is_absolute (folders[i]))
      g_strv_builder_add (builder, folders[i]);
}

static void
add_data_folder (GStrvBuilder *builder, const char *data_folder, const char *name)
{
  g_autofree char *folder = g_build_filename (data_folder, name, "models", NULL);

  g_strv_builder_add (builder, folder);
}

/**
 * whis_model_list_new:
 * @folders: (nullable) (array zero-terminated=1): folders to look into before all others
 * @sphinx_folder: PocketSphinx's folder of models
 *
 * Makes a list of the models in @folders, those of `WHIS_MODELS_PATH`, the user's folder and the
 * system's.
 *
 * Returns: (transfer full): the list
 */
WhisModelList *
whis_model_list_new (const char *const *folders, const char *sphinx_folder)
{
  WhisModelList *self = g_object_new (WHIS_TYPE_MODEL_LIST, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *const *system = g_get_system_data_dirs ();

  for (guint i = 0; folders != NULL && folders[i] != NULL; i++)
    g_strv_builder_add (builder, folders[i]);
  add_search_path (builder, g_getenv ("WHIS_MODELS_PATH"));
  add_data_folder (builder, g_get_user_data_dir (), WHIS_USER_FOLDER);
  for (guint i = 0; system[i] != NULL; i++)
    add_data_folder (builder, system[i], "whis");
  self->folders = g_strv_builder_end (builder);
  self->sphinx_folder = g_strdup (sphinx_folder);

  return self;
}

static WhisModel *
read_model (const char *path, const char *id, GError **error)
{
  WhisModelHeader header;
  const WhisEngineClass *engine;
  GStatBuf status;
  WhisModel *model;

  if (!whis_model_file_read_header (path, &header, error))
    return NULL;
  engine = whis_engine_for_kind (header.kind);
  if (engine == NULL || g_stat (path, &status) != 0)
    {
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL,
                   _ ("The model %s is for an engine that this Whis was built without."), path);
      return NULL;
    }

  model = g_new0 (WhisModel, 1);
  model->id = g_strdup (id);
  model->path = g_strdup (path);
  model->engine = engine;
  model->bytes = (guint64) status.st_size;
  model->modified = (gint64) status.st_mtime;
  model->languages = whis_model_header_get_languages (&header);

  return model;
}

/* Returns: %NULL, with an error where PocketSphinx is built in and lacks its model */
static WhisModel *
make_sphinx (WhisModelList *self, GError **error)
{
  const WhisEngineClass *engine = whis_engine_for_kind (WHIS_MODEL_SPHINX);
  WhisModel *model;

  if (engine == NULL || !engine->check (self->sphinx_folder, error))
    return NULL;

  model = g_new0 (WhisModel, 1);
  model->id = g_strdup (SPHINX_ID);
  model->path = g_strdup (self->sphinx_folder);
  model->engine = engine;
  model->languages = english;

  return model;
}

static gboolean
is_listed (GPtrArray *models, const char *id)
{
  for (guint i = 0; i < models->len; i++)
    if (g_str_equal (((WhisModel *) g_ptr_array_index (models, i))->id, id))
      return TRUE;

  return FALSE;
}

static void
list_folder (GPtrArray *models, const char *folder)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);

  if (entries == NULL)
    return;
  for (const char *name = g_dir_read_name (entries); name != NULL; name = g_dir_read_name (entries))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *id = NULL;
      WhisModel *model;

      if (!g_str_has_suffix (name, SUFFIX) || strlen (name) == strlen (SUFFIX))
        continue;
      id = g_strndup (name, strlen (name) - strlen (SUFFIX));
      model = is_listed (models, id) ? NULL : read_model (path, id, NULL);
      if (model != NULL)
        g_ptr_array_add (models, model);
    }
}

static int
compare_sizes (gconstpointer a, gconstpointer b)
{
  const WhisModel *first = *(WhisModel *const *) a;
  const WhisModel *second = *(WhisModel *const *) b;

  if (first->bytes != second->bytes)
    return first->bytes < second->bytes ? -1 : 1;

  return strcmp (first->id, second->id);
}

/**
 * whis_model_list_get_all:
 * @self: the list
 *
 * Returns: (transfer full) (element-type WhisModel): the installed models, the smallest first
 */
GPtrArray *
whis_model_list_get_all (WhisModelList *self)
{
  GPtrArray *models = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_model_free);
  WhisModel *sphinx;

  g_return_val_if_fail (WHIS_IS_MODEL_LIST (self), models);

  if (self->default_path != NULL)
    {
      WhisModel *named = read_model (self->default_path, self->default_id, NULL);

      if (named != NULL)
        g_ptr_array_add (models, named);
    }
  for (guint i = 0; self->folders[i] != NULL; i++)
    list_folder (models, self->folders[i]);
  g_ptr_array_sort (models, compare_sizes);
  sphinx = make_sphinx (self, NULL);
  if (sphinx != NULL)
    g_ptr_array_insert (models, 0, sphinx);

  return models;
}

static gboolean
is_called (const WhisModel *model, const char *id)
{
  if (g_str_equal (model->id, id))
    return TRUE;

  return g_str_has_prefix (model->id, PREFIX) && g_str_equal (model->id + strlen (PREFIX), id);
}

static WhisModel *
take_called (GPtrArray *models, const char *id)
{
  for (guint i = 0; i < models->len; i++)
    if (is_called (g_ptr_array_index (models, i), id))
      return g_ptr_array_steal_index (models, i);

  return NULL;
}

/* The smallest file of a model, which every computer can run, before PocketSphinx, which is
 * rougher than any. */
static WhisModel *
take_default (WhisModelList *self, GPtrArray *models)
{
  WhisModel *named = self->default_id != NULL ? take_called (models, self->default_id) : NULL;

  if (named != NULL)
    return named;
  for (guint i = 0; i < models->len; i++)
    if (((WhisModel *) g_ptr_array_index (models, i))->bytes > 0)
      return g_ptr_array_steal_index (models, i);

  return models->len > 0 ? g_ptr_array_steal_index (models, 0) : NULL;
}

static WhisModel *
refuse_none (WhisModelList *self, GError **error)
{
  if (whis_engine_for_kind (WHIS_MODEL_SPHINX) != NULL)
    return make_sphinx (self, error);
  g_set_error_literal (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING,
                       _ ("There is no model on this computer; download one in the preferences or "
                          "with “whis model fetch”, or choose another service."));

  return NULL;
}

/**
 * whis_model_list_find:
 * @self: the list
 * @id: (nullable): what a request calls the model; the default for %NULL, an empty one and
 *   `whisper-1`, and PocketSphinx for `english`
 * @error: return location
 *
 * Returns: (transfer full): the model; %NULL with %WHIS_OFFLINE_ERROR_NO_MODEL if it is not
 *   installed, or %WHIS_OFFLINE_ERROR_MISSING if none is
 */
WhisModel *
whis_model_list_find (WhisModelList *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) models = NULL;
  WhisModel *model;

  g_return_val_if_fail (WHIS_IS_MODEL_LIST (self), NULL);

  models = whis_model_list_get_all (self);
  if (id == NULL || *id == '\0' || g_str_equal (id, OPENAI_ID))
    {
      model = take_default (self, models);
      return model != NULL ? model : refuse_none (self, error);
    }

  model = take_called (models, g_str_equal (id, "english") ? SPHINX_ID : id);
  if (model == NULL)
    g_set_error (
        error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_NO_MODEL,
        _ ("The model “%s” is not on this computer; download it in the preferences or with "
           "“whis model fetch”, or choose another model."),
        id);

  return model;
}

/**
 * whis_model_list_find_smaller:
 * @self: the list
 * @model: a model of it
 *
 * Returns: (transfer full) (nullable): the name of the installed model that is next in size below
 *   @model, or %NULL if there is none
 */
char *
whis_model_list_find_smaller (WhisModelList *self, const WhisModel *model)
{
  g_autoptr (GPtrArray) models = NULL;
  const char *smaller = NULL;

  g_return_val_if_fail (WHIS_IS_MODEL_LIST (self), NULL);
  g_return_val_if_fail (model != NULL, NULL);

  models = whis_model_list_get_all (self);
  for (guint i = 0; i < models->len; i++)
    {
      const WhisModel *other = g_ptr_array_index (models, i);

      if (other->bytes < model->bytes)
        smaller = other->id;
    }

  return g_strdup (smaller);
}

/**
 * whis_model_list_set_default:
 * @self: the list
 * @name: what requests that name no model get: a model's name, or a name and the path of a file as
 *   `NAME=PATH`
 * @error: return location
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_NO_MODEL, %WHIS_OFFLINE_ERROR_MISSING or
 *   %WHIS_OFFLINE_ERROR_MODEL if there is no such model
 */
gboolean
whis_model_list_set_default (WhisModelList *self, const char *name, GError **error)
{
  g_autoptr (WhisModel) model = NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (WHIS_IS_MODEL_LIST (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  parts = g_strsplit (name, "=", 2);
  if (parts[0] != NULL && parts[1] != NULL)
    {
      path = g_canonicalize_filename (parts[1], NULL);
      model = read_model (path, parts[0], error);
    }
  else
    model = whis_model_list_find (self, name, error);
  if (model == NULL)
    return FALSE;

  g_free (self->default_id);
  self->default_id = g_strdup (model->id);
  if (path != NULL)
    {
      g_free (self->default_path);
      self->default_path = g_steal_pointer (&path);
    }

  return TRUE;
}
