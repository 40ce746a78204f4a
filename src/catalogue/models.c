/* SPDX-License-Identifier: MIT */
#include "models.h"
#include "json.h"
#include "service-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Where the models are in an answer, and what they are called there. A service's list is the first
 * of these that is an array. */
static const char *const list_members[] = { "data", "stt", "models" };
static const char *const id_members[] = { "canonical_name", "id", "model_id", "name" };
static const char *const date_members[] = { "shutdown_date", "deprecation" };

/* Words that the names of models for transcription have; a list has others too. */
static const char *const transcription_words[] = {
  "transcribe", "whisper", "voxtral", "scribe", "nova", "enhanced", "base", "parakeet", "canary",
};

/* What other names with such a word in them say: speech made from text, who spoke, and a model for
 * chats alone. */
static const char *const other_words[] = { "tts", "diarize", "voxtral-small-latest" };

/**
 * whis_model_info_free:
 * @self: (transfer full): a model
 */
void
whis_model_info_free (WhisModelInfo *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->id);
  g_free (self->retires);
  g_free (self);
}

static const char *
find_string (JsonObject *object, const char *const *members, gsize n_members)
{
  for (gsize i = 0; i < n_members; i++)
    {
      const char *value = whis_json_get_string (object, members[i]);

      if (value != NULL && *value != '\0')
        return value;
    }

  return NULL;
}

static JsonArray *
find_list (JsonNode *root)
{
  JsonObject *object;

  if (JSON_NODE_HOLDS_ARRAY (root))
    return json_node_get_array (root);
  if (!JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = json_node_get_object (root);
  for (gsize i = 0; i < G_N_ELEMENTS (list_members); i++)
    {
      JsonNode *node = json_object_get_member (object, list_members[i]);

      if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
        return json_node_get_array (node);
    }

  return NULL;
}

static gboolean
is_in_list (GPtrArray *models, const char *id)
{
  for (guint i = 0; i < models->len; i++)
    {
      if (g_str_equal (((WhisModelInfo *) g_ptr_array_index (models, i))->id, id))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_live_model (const WhisProvider *provider, const char *id)
{
  for (gsize i = 0; i < provider->n_live_models; i++)
    {
      if (g_str_equal (provider->live_models[i].id, id)
          && whis_provider_find_model (provider, id) == NULL)
        return TRUE;
    }

  return strstr (id, "realtime") != NULL || strstr (id, "live") != NULL;
}

static gboolean
has_word (const char *id, const char *const *words, gsize n_words)
{
  for (gsize i = 0; i < n_words; i++)
    {
      if (strstr (id, words[i]) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* A server of the user's own may call its models what it likes. Live ones are of no use where we
 * cannot speak to them. */
static gboolean
is_for_transcription (const WhisProvider *provider, const char *id)
{
  if (provider->domain == NULL || whis_provider_find_model (provider, id) != NULL)
    return TRUE;
  if (is_live_model (provider, id))
    return provider->live != WHIS_LIVE_NONE;

  return has_word (id, transcription_words, G_N_ELEMENTS (transcription_words))
         && !has_word (id, other_words, G_N_ELEMENTS (other_words));
}

static gboolean
is_false (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN
         && !json_node_get_boolean (node);
}

/* Groq lists models that it has switched off, Mistral says what each can do, and speaches lists
 * voices. */
static gboolean
is_of_use (JsonObject *object)
{
  return !is_false (object, "active")
         && !is_false (whis_json_get_object (object, "capabilities"), "audio_transcription")
         && g_strcmp0 (whis_json_get_string (object, "task"), "text-to-speech") != 0;
}

/* The day alone of `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ssZ`. */
static char *
dup_day (const char *date)
{
  if (date == NULL || strlen (date) < 10)
    return NULL;
  for (gsize i = 0; i < 10; i++)
    {
      if ((i == 4 || i == 7) ? date[i] != '-' : !g_ascii_isdigit (date[i]))
        return NULL;
    }

  return g_strndup (date, 10);
}

static void
add_model (GPtrArray *models, const WhisProvider *provider, const char *id, const char *date)
{
  const WhisModel *known = whis_provider_find_model (provider, id);
  WhisModelInfo *info = g_new0 (WhisModelInfo, 1);

  info->id = g_strdup (id);
  info->retires = dup_day (date);
  if (info->retires == NULL && known != NULL)
    info->retires = g_strdup (known->retires);
  info->live = is_live_model (provider, id);
  g_ptr_array_add (models, info);
}

static void
add_element (GPtrArray *models, const WhisProvider *provider, JsonNode *node)
{
  JsonObject *object = whis_json_as_object (node);
  const char *id =
      object != NULL ? find_string (object, id_members, G_N_ELEMENTS (id_members)) : NULL;

  if (id == NULL || !is_of_use (object))
    return;
  if (g_str_has_prefix (id, "models/"))
    id += strlen ("models/");
  if (*id != '\0' && is_for_transcription (provider, id) && !is_in_list (models, id))
    add_model (models, provider, id,
               find_string (object, date_members, G_N_ELEMENTS (date_members)));
}

static int
get_rank (const WhisProvider *provider, const char *id)
{
  const WhisModel *known = whis_provider_find_model (provider, id);

  return known != NULL ? (int) (known - provider->models) : G_MAXINT;
}

static int
compare_models (gconstpointer a, gconstpointer b, gpointer data)
{
  const WhisModelInfo *left = *(const WhisModelInfo *const *) a;
  const WhisModelInfo *right = *(const WhisModelInfo *const *) b;
  int left_rank = get_rank (data, left->id);
  int right_rank = get_rank (data, right->id);

  return left_rank != right_rank ? (left_rank < right_rank ? -1 : 1) : strcmp (left->id, right->id);
}

/**
 * whis_models_parse:
 * @provider: whose list it is
 * @data: (array length=size): the answer of its list of models
 * @size: its length in bytes
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Reads a list of models in the form of any of the services, and leaves out what is not for
 * transcription.
 *
 * Returns: (transfer full) (element-type WhisModelInfo): the models, those that Whis knows first;
 *   %NULL with %WHIS_SERVICE_ERROR_BAD_ANSWER
 */
GPtrArray *
whis_models_parse (const WhisProvider *provider, const char *data, gsize size, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GPtrArray) models = NULL;
  JsonArray *list;

  g_return_val_if_fail (provider != NULL, NULL);
  g_return_val_if_fail (data != NULL || size == 0, NULL);

  root = whis_json_parse (data, size, NULL);
  list = root != NULL ? find_list (root) : NULL;
  if (list == NULL)
    {
      g_autofree char *sentence =
          g_strdup_printf (_ ("%s gave no list of models."), whis_provider_get_name (provider));

      g_propagate_error (error,
                         whis_service_error_new (WHIS_SERVICE_ERROR_BAD_ANSWER, sentence, NULL));
      return NULL;
    }
  models = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_model_info_free);
  for (guint i = 0; i < json_array_get_length (list); i++)
    add_element (models, provider, json_array_get_element (list, i));
  g_ptr_array_sort_with_data (models, compare_models, (gpointer) provider);

  return g_steal_pointer (&models);
}

/**
 * whis_models_known:
 * @provider: a provider
 *
 * Returns: (transfer full) (element-type WhisModelInfo): the models of the table, for a service
 *   that has no list
 */
GPtrArray *
whis_models_known (const WhisProvider *provider)
{
  GPtrArray *models = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_model_info_free);

  g_return_val_if_fail (provider != NULL, models);

  for (gsize i = 0; i < provider->n_models; i++)
    add_model (models, provider, provider->models[i].id, provider->models[i].retires);
  for (gsize i = 0; i < provider->n_live_models; i++)
    {
      if (!is_in_list (models, provider->live_models[i].id))
        add_model (models, provider, provider->live_models[i].id, provider->live_models[i].retires);
    }

  return models;
}
