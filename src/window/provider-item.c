/* SPDX-License-Identifier: MIT */
#include "provider-item.h"

#include "choice-item.h"

/**
 * WhisProviderItem:
 *
 * A transcription service as an item of a list: its row of the catalogue, and what only the service
 * of the program knows, as `ListProviders` says it: whether there is a key, where the sound goes,
 * and which models are on this computer. It does not change.
 */
struct _WhisProviderItem
{
  GObject parent;

  const WhisProvider *provider;
  char *host;
  char *key_source;
  gboolean has_key;
  char **models;
};

G_DEFINE_FINAL_TYPE (WhisProviderItem, whis_provider_item, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
whis_provider_item_finalize (GObject *object)
{
  WhisProviderItem *self = WHIS_PROVIDER_ITEM (object);

  g_free (self->host);
  g_free (self->key_source);
  g_strfreev (self->models);

  G_OBJECT_CLASS (whis_provider_item_parent_class)->finalize (object);
}

static void
whis_provider_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WhisProviderItem *self = WHIS_PROVIDER_ITEM (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, whis_provider_item_get_name (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_provider_item_class_init (WhisProviderItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = whis_provider_item_finalize;
  object_class->get_property = whis_provider_item_get_property;

  properties[PROP_NAME] = g_param_spec_string (
      "name", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_provider_item_init (WhisProviderItem *self)
{
}

/* The models of this computer are files, the others are in the catalogue. */
static char **
dup_models (const WhisProvider *provider, GVariant *description)
{
  char **models = NULL;

  if (!provider->local)
    {
      models = g_new0 (char *, provider->n_models + 1);
      for (gsize i = 0; i < provider->n_models; i++)
        models[i] = g_strdup (provider->models[i].id);
    }
  else if (!g_variant_lookup (description, "models", "^as", &models))
    models = g_new0 (char *, 1);

  return models;
}

static char *
lookup_string (GVariant *description, const char *key)
{
  const char *text = "";

  g_variant_lookup (description, key, "&s", &text);
  return g_strdup (text);
}

/**
 * whis_provider_item_new:
 * @description: an `a{sv}` of `ListProviders`; what it lacks is empty or false
 *
 * Returns: (transfer full) (nullable): the item; %NULL if the catalogue has no such service
 */
WhisProviderItem *
whis_provider_item_new (GVariant *description)
{
  const WhisProvider *provider;
  const char *id = "";
  WhisProviderItem *self;

  g_return_val_if_fail (g_variant_is_of_type (description, G_VARIANT_TYPE_VARDICT), NULL);

  g_variant_lookup (description, "id", "&s", &id);
  provider = whis_provider_lookup (id);
  if (provider == NULL)
    return NULL;

  self = g_object_new (WHIS_TYPE_PROVIDER_ITEM, NULL);
  self->provider = provider;
  self->host = lookup_string (description, "host");
  self->key_source = lookup_string (description, "key-source");
  g_variant_lookup (description, "has-key", "b", &self->has_key);
  self->models = dup_models (provider, description);

  return self;
}

/**
 * whis_provider_list_fill:
 * @list: a list of #WhisProviderItem
 * @descriptions: the `aa{sv}` of `ListProviders`
 *
 * Puts the services into the list, in the same order, in the place of those it has. Those that the
 * catalogue does not know, which only a newer service can name, are left out.
 */
void
whis_provider_list_fill (GListStore *list, GVariant *descriptions)
{
  GVariantIter iter;
  GVariant *description;

  g_return_if_fail (G_IS_LIST_STORE (list));
  g_return_if_fail (g_variant_is_of_type (descriptions, G_VARIANT_TYPE ("aa{sv}")));

  g_list_store_remove_all (list);
  g_variant_iter_init (&iter, descriptions);
  while (g_variant_iter_loop (&iter, "@a{sv}", &description))
    {
      g_autoptr (WhisProviderItem) item = whis_provider_item_new (description);

      if (item != NULL)
        g_list_store_append (list, item);
    }
}

/**
 * whis_provider_list_new:
 * @descriptions: the `aa{sv}` of `ListProviders`
 *
 * Returns: (transfer full): a list of #WhisProviderItem in the same order
 */
GListStore *
whis_provider_list_new (GVariant *descriptions)
{
  GListStore *list = g_list_store_new (WHIS_TYPE_PROVIDER_ITEM);

  whis_provider_list_fill (list, descriptions);
  return list;
}

/**
 * whis_provider_list_find:
 * @list: (nullable): a list of #WhisProviderItem
 * @id: the id to look for
 * @position: (out) (optional): where it stands
 *
 * Returns: (transfer none) (nullable): the item of that id
 */
WhisProviderItem *
whis_provider_list_find (GListModel *list, const char *id, guint *position)
{
  g_return_val_if_fail (list == NULL || G_IS_LIST_MODEL (list), NULL);

  for (guint i = 0; list != NULL && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (WhisProviderItem) item = g_list_model_get_item (list, i);

      if (g_strcmp0 (item->provider->id, id) != 0)
        continue;
      if (position != NULL)
        *position = i;
      return item;
    }

  return NULL;
}

/**
 * whis_provider_list_new_choices:
 * @list: a list of #WhisProviderItem
 * @id: id of the choice that is no provider
 * @name: how that one is called
 *
 * Returns: (transfer full): a list of #WhisChoiceItem: that choice, and then the providers
 */
GListModel *
whis_provider_list_new_choices (GListModel *list, const char *id, const char *name)
{
  GListStore *choices;

  g_return_val_if_fail (G_IS_LIST_MODEL (list), NULL);
  g_return_val_if_fail (id != NULL && name != NULL, NULL);

  choices = g_list_store_new (WHIS_TYPE_CHOICE_ITEM);
  whis_choice_list_append (choices, id, name);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (WhisProviderItem) provider = g_list_model_get_item (list, i);

      whis_choice_list_append (choices, whis_provider_item_get_id (provider),
                               whis_provider_item_get_name (provider));
    }

  return G_LIST_MODEL (choices);
}

/**
 * whis_provider_item_get_provider:
 * @self: an item
 *
 * Returns: (transfer none): its row of the catalogue
 */
const WhisProvider *
whis_provider_item_get_provider (WhisProviderItem *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER_ITEM (self), NULL);

  return self->provider;
}

/**
 * whis_provider_item_get_id:
 * @self: an item
 *
 * Returns: what the settings call it
 */
const char *
whis_provider_item_get_id (WhisProviderItem *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER_ITEM (self), NULL);

  return self->provider->id;
}

/**
 * whis_provider_item_get_name:
 * @self: an item
 *
 * Returns: what people call it
 */
const char *
whis_provider_item_get_name (WhisProviderItem *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER_ITEM (self), NULL);

  return whis_provider_get_name (self->provider);
}

/**
 * whis_provider_item_get_host:
 * @self: an item
 *
 * Returns: the host that sound goes to, empty while it is not known
 */
const char *
whis_provider_item_get_host (WhisProviderItem *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER_ITEM (self), NULL);

  return self->host;
}

/**
 * whis_provider_item_get_key_source:
 * @self: an item
 *
 * Returns: `keyring`, `session`, `environment` or empty
 */
const char *
whis_provider_item_get_key_source (WhisProviderItem *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER_ITEM (self), NULL);

  return self->key_source;
}

/**
 * whis_provider_item_has_key:
 * @self: an item
 *
 * Returns: whether there is a key
 */
gboolean
whis_provider_item_has_key (WhisProviderItem *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER_ITEM (self), FALSE);

  return self->has_key;
}

/**
 * whis_provider_item_lacks_key:
 * @self: an item
 *
 * Returns: whether it cannot be used before it is given a key
 */
gboolean
whis_provider_item_lacks_key (WhisProviderItem *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER_ITEM (self), FALSE);

  return self->provider->needs_key && !self->has_key;
}

/**
 * whis_provider_item_get_models:
 * @self: an item
 *
 * Returns: (array zero-terminated=1): the known models, the default first; may be empty
 */
const char *const *
whis_provider_item_get_models (WhisProviderItem *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER_ITEM (self), NULL);

  return (const char *const *) self->models;
}
