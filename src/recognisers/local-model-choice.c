/* SPDX-License-Identifier: MIT */
#include "local-model-choice.h"

#include <glib/gi18n-lib.h>

#include "local-model.h"
#include "service-error.h"

#define PROVIDER "offline"
/* What the embedded recogniser calls PocketSphinx. */
#define SPHINX "english"
#define SUFFIX ".bin"
/* One of the files that PocketSphinx needs. */
#define SPHINX_FILE "en-us/cmudict-en-us.dict"

/**
 * WhisLocalModelChoice:
 *
 * Finds out which model the embedded recogniser uses: the one that the user chose, or the best that
 * is on this computer and knows the language. The settings are told its name. Where there is none,
 * the recogniser uses PocketSphinx if that is built in, which knows English.
 */
struct _WhisLocalModelChoice
{
  GObject parent_instance;

  WhisModelStore *store;
  WhisSettings *settings;
  GCancellable *cancellable; /* of the search that goes on; NULL when none does */
  GQueue waiting;            /* of GTask */
  char *current;             /* id of a model, SPHINX, or empty */
};

enum
{
  PROP_CURRENT = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WhisLocalModelChoice, whis_local_model_choice, G_TYPE_OBJECT)

static char *
dup_stem (const char *file)
{
  return g_str_has_suffix (file, SUFFIX) ? g_strndup (file, strlen (file) - strlen (SUFFIX))
                                         : g_strdup (file);
}

static gboolean
is_english (const char *language)
{
  return *language == '\0' || g_str_equal (language, "en") || g_str_has_prefix (language, "en-");
}

static void
set_current (WhisLocalModelChoice *self, const char *current)
{
  if (g_str_equal (current, self->current))
    return;

  g_free (self->current);
  self->current = g_strdup (current);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT]);
}

/* The search has ended. */
static void
local_model_choice_settle (WhisLocalModelChoice *self, const char *name, const char *current)
{
  GQueue waiting = self->waiting;

  g_clear_object (&self->cancellable);
  whis_settings_set_local_model (self->settings, name);
  set_current (self, current);
  g_queue_init (&self->waiting);
  for (GTask *task = g_queue_pop_head (&waiting); task != NULL; task = g_queue_pop_head (&waiting))
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

/* A search; another one may have begun since. */
typedef struct
{
  WhisLocalModelChoice *choice;
  GCancellable *cancellable;
  gboolean is_wanted; /* the model that the user chose is looked for */
} Search;

static Search *
search_new (WhisLocalModelChoice *self, gboolean is_wanted)
{
  Search *search = g_new (Search, 1);

  search->choice = g_object_ref (self);
  search->cancellable = g_object_ref (self->cancellable);
  search->is_wanted = is_wanted;

  return search;
}

static void
search_free (Search *search)
{
  g_object_unref (search->choice);
  g_object_unref (search->cancellable);
  g_free (search);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Search, search_free)

static void
on_sphinx_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Search) search = data;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, NULL);

  if (!g_cancellable_is_cancelled (search->cancellable))
    local_model_choice_settle (search->choice, NULL, info != NULL ? SPHINX : "");
}

static void
look_for_sphinx (WhisLocalModelChoice *self)
{
  g_autoptr (GFile) file = NULL;

  if (*WHIS_POCKETSPHINX_MODELDIR == '\0'
      || !is_english (whis_settings_get_language (self->settings)))
    {
      local_model_choice_settle (self, NULL, "");
      return;
    }

  file = g_file_new_build_filename (WHIS_POCKETSPHINX_MODELDIR, SPHINX_FILE, NULL);
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, self->cancellable, on_sphinx_found,
                           search_new (self, FALSE));
}

static void
on_chosen (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Search) search = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisModelEntry) entry =
      whis_model_store_choose_finish (WHIS_MODEL_STORE (source), result, &error);
  g_autofree char *file = entry != NULL ? g_path_get_basename (entry->path) : NULL;
  g_autofree char *name = file != NULL ? dup_stem (file) : NULL;

  if (g_cancellable_is_cancelled (search->cancellable))
    return;
  if (entry != NULL)
    {
      local_model_choice_settle (search->choice, name, entry->id);
      return;
    }

  g_debug ("No model for the embedded recogniser: %s", error->message);
  /* In the place of one that the user chose no other is taken. */
  if (search->is_wanted)
    local_model_choice_settle (search->choice, NULL, "");
  else
    look_for_sphinx (search->choice);
}

/**
 * whis_local_model_choice_refresh:
 * @self: the choice
 *
 * Looks again, since the settings or the models on this computer have changed.
 */
void
whis_local_model_choice_refresh (WhisLocalModelChoice *self)
{
  g_autofree char *wanted = NULL;

  g_return_if_fail (WHIS_IS_LOCAL_MODEL_CHOICE (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  wanted = whis_settings_dup_wanted_model (self->settings, PROVIDER);
  if (g_strcmp0 (wanted, SPHINX) == 0)
    {
      local_model_choice_settle (self, SPHINX, SPHINX);
      return;
    }
  self->cancellable = g_cancellable_new ();
  whis_model_store_choose_async (self->store, wanted, whis_settings_get_language (self->settings),
                                 self->cancellable, on_chosen,
                                 search_new (self, wanted != NULL && *wanted != '\0'));
}

static gboolean
local_model_choice_is_searching (WhisLocalModelChoice *self)
{
  g_return_val_if_fail (WHIS_IS_LOCAL_MODEL_CHOICE (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * whis_local_model_choice_wait_async:
 * @self: the choice
 * @callback: called once it is known which model is used, at once if it is
 * @data: for @callback
 *
 * Waits for the end of a search.
 */
void
whis_local_model_choice_wait_async (WhisLocalModelChoice *self,
                                    GAsyncReadyCallback callback,
                                    gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_LOCAL_MODEL_CHOICE (self));

  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, whis_local_model_choice_wait_async);
  if (local_model_choice_is_searching (self))
    g_queue_push_tail (&self->waiting, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * whis_local_model_choice_wait_finish:
 * @self: the choice
 * @result: what the callback got
 */
void
whis_local_model_choice_wait_finish (WhisLocalModelChoice *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

/**
 * whis_local_model_choice_get_current:
 * @self: the choice
 *
 * Returns: the id of the model that is used, `english` for PocketSphinx; empty where there is none
 *   for the spoken language, and until it is known
 */
const char *
whis_local_model_choice_get_current (WhisLocalModelChoice *self)
{
  g_return_val_if_fail (WHIS_IS_LOCAL_MODEL_CHOICE (self), "");

  return self->current;
}

/**
 * whis_local_model_choice_dup_language:
 * @self: the choice
 *
 * Returns: (transfer full): the spoken language that the model is chosen for, empty for automatic
 */
char *
whis_local_model_choice_dup_language (WhisLocalModelChoice *self)
{
  g_return_val_if_fail (WHIS_IS_LOCAL_MODEL_CHOICE (self), NULL);

  return g_strdup (whis_settings_get_language (self->settings));
}

/**
 * whis_local_model_choice_dup_name:
 * @self: a choice that has been made
 *
 * Returns: (transfer full) (nullable): what the embedded recogniser calls the model; %NULL for its
 *   default
 */
char *
whis_local_model_choice_dup_name (WhisLocalModelChoice *self)
{
  g_return_val_if_fail (WHIS_IS_LOCAL_MODEL_CHOICE (self), NULL);

  return whis_settings_dup_model (self->settings, PROVIDER);
}

/**
 * whis_local_model_choice_check:
 * @self: a choice that has been made
 * @language: the spoken language, empty for automatic
 * @error: return location for %WHIS_SERVICE_ERROR_NO_MODEL
 *
 * PocketSphinx would make English words of another language that nobody said. A model that is named
 * says itself which languages it knows.
 *
 * Returns: whether the recogniser has something to recognise @language with
 */
gboolean
whis_local_model_choice_check (WhisLocalModelChoice *self, const char *language, GError **error)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (WHIS_IS_LOCAL_MODEL_CHOICE (self), FALSE);
  g_return_val_if_fail (language != NULL, FALSE);

  name = whis_local_model_choice_dup_name (self);
  if ((name != NULL && *name != '\0') || is_english (language))
    return TRUE;

  g_set_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_MODEL,
               _ ("No model on this computer knows the language “%s”; download one in the "
                  "preferences or with “whis model fetch”, or choose another service."),
               language);

  return FALSE;
}

static void
whis_local_model_choice_get_property (GObject *object,
                                      guint prop_id,
                                      GValue *value,
                                      GParamSpec *pspec)
{
  if (prop_id == PROP_CURRENT)
    g_value_set_string (value, WHIS_LOCAL_MODEL_CHOICE (object)->current);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_local_model_choice_dispose (GObject *object)
{
  WhisLocalModelChoice *self = WHIS_LOCAL_MODEL_CHOICE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->store);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_local_model_choice_parent_class)->dispose (object);
}

/* Who waits holds the choice, so that nobody does. */
static void
whis_local_model_choice_finalize (GObject *object)
{
  g_free (WHIS_LOCAL_MODEL_CHOICE (object)->current);

  G_OBJECT_CLASS (whis_local_model_choice_parent_class)->finalize (object);
}

static void
whis_local_model_choice_class_init (WhisLocalModelChoiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = whis_local_model_choice_get_property;
  object_class->dispose = whis_local_model_choice_dispose;
  object_class->finalize = whis_local_model_choice_finalize;

  properties[PROP_CURRENT] =
      g_param_spec_string ("current", NULL, NULL, "",
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_local_model_choice_init (WhisLocalModelChoice *self)
{
  g_queue_init (&self->waiting);
  self->current = g_strdup ("");
}

/**
 * whis_local_model_choice_new:
 * @store: the models on this computer
 * @settings: the user's settings
 *
 * Returns: (transfer full): the choice, which looks at once and whenever @settings change
 */
WhisLocalModelChoice *
whis_local_model_choice_new (WhisModelStore *store, WhisSettings *settings)
{
  WhisLocalModelChoice *self;

  g_return_val_if_fail (WHIS_IS_MODEL_STORE (store), NULL);
  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);

  self = g_object_new (WHIS_TYPE_LOCAL_MODEL_CHOICE, NULL);
  self->store = g_object_ref (store);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed", G_CALLBACK (whis_local_model_choice_refresh), self,
                           G_CONNECT_SWAPPED);
  whis_local_model_choice_refresh (self);

  return self;
}

/**
 * whis_local_model_choice_dup_engine_name:
 * @id: what the settings and the command line call a model
 *
 * Returns: (transfer full): what the embedded recogniser calls it: the name of its file
 */
char *
whis_local_model_choice_dup_engine_name (const char *id)
{
  const WhisLocalModel *model;

  g_return_val_if_fail (id != NULL, NULL);

  model = whis_local_model_lookup (id);

  return dup_stem (model != NULL ? model->file : id);
}
