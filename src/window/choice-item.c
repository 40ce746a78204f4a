/* SPDX-License-Identifier: MIT */
#include "choice-item.h"

/**
 * WhisChoiceItem:
 *
 * An item of a list to choose from: an id for the settings, and a name to show.
 */
struct _WhisChoiceItem
{
  GObject parent;

  char *id;
  char *name;
};

G_DEFINE_FINAL_TYPE (WhisChoiceItem, whis_choice_item, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
whis_choice_item_finalize (GObject *object)
{
  WhisChoiceItem *self = WHIS_CHOICE_ITEM (object);

  g_free (self->id);
  g_free (self->name);

  G_OBJECT_CLASS (whis_choice_item_parent_class)->finalize (object);
}

static void
whis_choice_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WhisChoiceItem *self = WHIS_CHOICE_ITEM (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_choice_item_class_init (WhisChoiceItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = whis_choice_item_finalize;
  object_class->get_property = whis_choice_item_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, "", flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_choice_item_init (WhisChoiceItem *self)
{
}

/**
 * whis_choice_item_new:
 * @id: what the settings store
 * @name: what people read, translated
 *
 * Returns: (transfer full): a choice
 */
WhisChoiceItem *
whis_choice_item_new (const char *id, const char *name)
{
  WhisChoiceItem *self;

  g_return_val_if_fail (id != NULL && name != NULL, NULL);

  self = g_object_new (WHIS_TYPE_CHOICE_ITEM, NULL);
  self->id = g_strdup (id);
  self->name = g_strdup (name);

  return self;
}

/**
 * whis_choice_item_get_id:
 * @self: a choice
 *
 * Returns: what the settings store
 */
const char *
whis_choice_item_get_id (WhisChoiceItem *self)
{
  g_return_val_if_fail (WHIS_IS_CHOICE_ITEM (self), NULL);

  return self->id;
}

/**
 * whis_choice_item_get_name:
 * @self: a choice
 *
 * Returns: what people read
 */
const char *
whis_choice_item_get_name (WhisChoiceItem *self)
{
  g_return_val_if_fail (WHIS_IS_CHOICE_ITEM (self), NULL);

  return self->name;
}

/**
 * whis_choice_list_append:
 * @list: a list of #WhisChoiceItem
 * @id: what the settings store
 * @name: what people read, translated
 *
 * Adds a choice to the end of the list.
 */
void
whis_choice_list_append (GListStore *list, const char *id, const char *name)
{
  g_autoptr (WhisChoiceItem) choice = whis_choice_item_new (id, name);

  g_return_if_fail (G_IS_LIST_STORE (list));

  g_list_store_append (list, choice);
}

/**
 * whis_choice_list_find:
 * @list: a list of #WhisChoiceItem
 * @id: the id to look for
 *
 * Returns: where the choice stands, %G_MAXUINT if it is not in the list
 */
guint
whis_choice_list_find (GListModel *list, const char *id)
{
  g_return_val_if_fail (G_IS_LIST_MODEL (list), G_MAXUINT);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (WhisChoiceItem) choice = g_list_model_get_item (list, i);

      if (g_strcmp0 (choice->id, id) == 0)
        return i;
    }

  return G_MAXUINT;
}
