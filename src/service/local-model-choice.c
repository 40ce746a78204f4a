/* SPDX-License-Identifier: MIT */
#include "local-model-choice.h"

#include "local-model.h"

#define PROVIDER "offline"
/* What the embedded recogniser calls PocketSphinx. */
#define SPHINX "english"
#define SUFFIX ".bin"

/**
 * WhisLocalModelChoice:
 *
 * Finds out which model the embedded recogniser uses: the one that the user chose, or the best that
 * is on this computer and knows the language. The settings are told its name.
 */
struct _WhisLocalModelChoice
{
  GObject parent_instance;

  WhisModelStore *store;
  WhisSettings *settings;
  GCancellable *cancellable; /* of the search that goes on */
};

G_DEFINE_FINAL_TYPE (WhisLocalModelChoice, whis_local_model_choice, G_TYPE_OBJECT)

static char *
dup_stem (const char *file)
{
  return g_str_has_suffix (file, SUFFIX) ? g_strndup (file, strlen (file) - strlen (SUFFIX))
                                         : g_strdup (file);
}

static void
on_chosen (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisLocalModelChoice) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisModelEntry) entry =
      whis_model_store_choose_finish (WHIS_MODEL_STORE (source), result, &error);
  g_autofree char *file = entry != NULL ? g_path_get_basename (entry->path) : NULL;
  g_autofree char *name = file != NULL ? dup_stem (file) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->settings == NULL)
    return;
  if (error != NULL)
    g_debug ("No model for the embedded recogniser: %s", error->message);
  whis_settings_set_local_model (self->settings, name);
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
      whis_settings_set_local_model (self->settings, SPHINX);
      return;
    }
  self->cancellable = g_cancellable_new ();
  whis_model_store_choose_async (self->store, wanted, whis_settings_get_language (self->settings),
                                 self->cancellable, on_chosen, g_object_ref (self));
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

static void
whis_local_model_choice_class_init (WhisLocalModelChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_local_model_choice_dispose;
}

static void
whis_local_model_choice_init (WhisLocalModelChoice *self)
{
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
