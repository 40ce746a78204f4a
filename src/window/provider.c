/* SPDX-License-Identifier: MIT */
#include "provider.h"

/**
 * WhisProvider:
 *
 * A transcription service as `ListProviders` describes it: a record that does not change.
 */
struct _WhisProvider
{
  GObject parent;

  char *id;
  char *name;
  char *note;
  char *host;
  char *key_page;
  char *key_source;
  char *address_hint;
  char **models;
  char **live_models;
  gboolean needs_key;
  gboolean takes_key;
  gboolean has_key;
  gboolean own_address;
  gboolean needs_model;
};

G_DEFINE_FINAL_TYPE (WhisProvider, whis_provider, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
whis_provider_finalize (GObject *object)
{
  WhisProvider *self = WHIS_PROVIDER (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->note);
  g_free (self->host);
  g_free (self->key_page);
  g_free (self->key_source);
  g_free (self->address_hint);
  g_strfreev (self->models);
  g_strfreev (self->live_models);

  G_OBJECT_CLASS (whis_provider_parent_class)->finalize (object);
}

static void
whis_provider_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WhisProvider *self = WHIS_PROVIDER (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_provider_class_init (WhisProviderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = whis_provider_finalize;
  object_class->get_property = whis_provider_get_property;

  properties[PROP_NAME] = g_param_spec_string (
      "name", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_provider_init (WhisProvider *self)
{
}

static char *
lookup_string (GVariant *description, const char *key)
{
  const char *text = "";

  g_variant_lookup (description, key, "&s", &text);
  return g_strdup (text);
}

static gboolean
lookup_boolean (GVariant *description, const char *key)
{
  gboolean flag = FALSE;

  g_variant_lookup (description, key, "b", &flag);
  return flag;
}

static char **
lookup_strings (GVariant *description, const char *key)
{
  char **strings = NULL;

  if (!g_variant_lookup (description, key, "^as", &strings))
    strings = g_new0 (char *, 1);
  return strings;
}

/**
 * whis_provider_new:
 * @description: an `a{sv}` of `ListProviders`; what it lacks is empty or false
 *
 * Returns: (transfer full): the provider
 */
WhisProvider *
whis_provider_new (GVariant *description)
{
  WhisProvider *self;

  g_return_val_if_fail (g_variant_is_of_type (description, G_VARIANT_TYPE_VARDICT), NULL);

  self = g_object_new (WHIS_TYPE_PROVIDER, NULL);
  self->id = lookup_string (description, "id");
  self->name = lookup_string (description, "name");
  self->note = lookup_string (description, "note");
  self->host = lookup_string (description, "host");
  self->key_page = lookup_string (description, "key-page");
  self->key_source = lookup_string (description, "key-source");
  self->needs_key = lookup_boolean (description, "needs-key");
  self->takes_key = lookup_boolean (description, "takes-key");
  self->has_key = lookup_boolean (description, "has-key");
  self->own_address = lookup_boolean (description, "own-address");
  self->needs_model = lookup_boolean (description, "needs-model");
  self->address_hint = lookup_string (description, "address-hint");
  self->models = lookup_strings (description, "models");
  self->live_models = lookup_strings (description, "live-models");

  return self;
}

/**
 * whis_provider_list_fill:
 * @list: a list of #WhisProvider
 * @descriptions: the `aa{sv}` of `ListProviders`
 *
 * Puts the providers into the list, in the same order, in the place of those it has.
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
      g_autoptr (WhisProvider) provider = whis_provider_new (description);

      g_list_store_append (list, provider);
    }
}

/**
 * whis_provider_list_new:
 * @descriptions: the `aa{sv}` of `ListProviders`
 *
 * Returns: (transfer full): a list of #WhisProvider in the same order
 */
GListStore *
whis_provider_list_new (GVariant *descriptions)
{
  GListStore *list = g_list_store_new (WHIS_TYPE_PROVIDER);

  whis_provider_list_fill (list, descriptions);
  return list;
}

/**
 * whis_provider_list_find:
 * @list: (nullable): a list of #WhisProvider
 * @id: the id to look for
 * @position: (out) (optional): where it stands
 *
 * Returns: (transfer none) (nullable): the provider of that id
 */
WhisProvider *
whis_provider_list_find (GListModel *list, const char *id, guint *position)
{
  g_return_val_if_fail (list == NULL || G_IS_LIST_MODEL (list), NULL);

  for (guint i = 0; list != NULL && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (WhisProvider) provider = g_list_model_get_item (list, i);

      if (g_strcmp0 (provider->id, id) != 0)
        continue;
      if (position != NULL)
        *position = i;
      return provider;
    }

  return NULL;
}

/**
 * whis_provider_list_get_name:
 * @list: (nullable): a list of #WhisProvider
 * @id: an id
 *
 * Returns: the name for people; @id itself where the list lacks it
 */
const char *
whis_provider_list_get_name (GListModel *list, const char *id)
{
  WhisProvider *provider = whis_provider_list_find (list, id, NULL);

  return provider != NULL ? provider->name : id;
}

/**
 * whis_provider_get_id:
 * @self: a provider
 *
 * Returns: the short stable name
 */
const char *
whis_provider_get_id (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), NULL);

  return self->id;
}

/**
 * whis_provider_get_name:
 * @self: a provider
 *
 * Returns: the name for people
 */
const char *
whis_provider_get_name (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), NULL);

  return self->name;
}

/**
 * whis_provider_get_note:
 * @self: a provider
 *
 * Returns: one line for people, may be empty
 */
const char *
whis_provider_get_note (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), NULL);

  return self->note;
}

/**
 * whis_provider_get_host:
 * @self: a provider
 *
 * Returns: the host that sound goes to, empty while it is not known
 */
const char *
whis_provider_get_host (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), NULL);

  return self->host;
}

/**
 * whis_provider_get_key_page:
 * @self: a provider
 *
 * Returns: the address of the page where keys are made, may be empty
 */
const char *
whis_provider_get_key_page (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), NULL);

  return self->key_page;
}

/**
 * whis_provider_get_key_source:
 * @self: a provider
 *
 * Returns: `keyring`, `session`, `environment` or empty
 */
const char *
whis_provider_get_key_source (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), NULL);

  return self->key_source;
}

/**
 * whis_provider_get_models:
 * @self: a provider
 *
 * Returns: (array zero-terminated=1): the known models, the default first; may be empty
 */
const char *const *
whis_provider_get_models (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), NULL);

  return (const char *const *) self->models;
}

/**
 * whis_provider_get_needs_key:
 * @self: a provider
 *
 * Returns: whether it works with a key only
 */
gboolean
whis_provider_get_needs_key (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), FALSE);

  return self->needs_key;
}

/**
 * whis_provider_get_takes_key:
 * @self: a provider
 *
 * Returns: whether a key can be given to it
 */
gboolean
whis_provider_get_takes_key (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), FALSE);

  return self->takes_key;
}

/**
 * whis_provider_get_has_key:
 * @self: a provider
 *
 * Returns: whether there is a key
 */
gboolean
whis_provider_get_has_key (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), FALSE);

  return self->has_key;
}

/**
 * whis_provider_get_own_address:
 * @self: a provider
 *
 * Returns: whether the user says where the server is
 */
gboolean
whis_provider_get_own_address (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), FALSE);

  return self->own_address;
}

/**
 * whis_provider_get_needs_model:
 * @self: a provider
 *
 * Returns: whether the user has to name a model
 */
gboolean
whis_provider_get_needs_model (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), FALSE);

  return self->needs_model;
}

/**
 * whis_provider_get_address_hint:
 * @self: a provider
 *
 * Returns: what an own address looks like, may be empty
 */
const char *
whis_provider_get_address_hint (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), NULL);

  return self->address_hint;
}

/**
 * whis_provider_get_transcribes_live:
 * @self: a provider
 *
 * Returns: whether it can transcribe while the user speaks
 */
gboolean
whis_provider_get_transcribes_live (WhisProvider *self)
{
  g_return_val_if_fail (WHIS_IS_PROVIDER (self), FALSE);

  return self->live_models[0] != NULL;
}
