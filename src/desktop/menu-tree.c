/* SPDX-License-Identifier: MIT */
#include "menu-tree.h"

/* A menu that contains itself ends here. */
#define MAX_DEPTH 16

#define ACTION_PREFIX "app."

/* The place where items are being added. */
typedef struct
{
  WhisMenuTree *tree;
  const WhisMenuTree *previous;
  GActionGroup *actions;
  WhisMenuItem *parent;
  const char *parent_key;
  guint depth;
  gboolean at_border; /* a section began or ended since the last item */
} Cursor;

/* An action as an item sees it. */
typedef struct
{
  gboolean exists;
  gboolean enabled;
  GVariant *state;
} ActionState;

static void append_model (Cursor *cursor, GMenuModel *model);

static WhisMenuItem *
item_new (int id)
{
  WhisMenuItem *self = g_new0 (WhisMenuItem, 1);

  self->id = id;
  self->children = g_ptr_array_new ();

  return self;
}

static void
item_free (WhisMenuItem *self)
{
  g_free (self->action);
  g_clear_pointer (&self->target, g_variant_unref);
  g_clear_pointer (&self->properties, g_variant_unref);
  g_ptr_array_unref (self->children);
  g_free (self);
}

/* Equal items of one parent are told apart by their order. */
static char *
unique_key (Cursor *cursor, const char *name)
{
  char *key = g_strdup_printf ("%s/%s", cursor->parent_key, name);

  for (guint i = 1; g_hash_table_contains (cursor->tree->ids, key); i++)
    {
      g_free (key);
      key = g_strdup_printf ("%s/%s#%u", cursor->parent_key, name, i);
    }

  return key;
}

static int
id_for_key (Cursor *cursor, const char *key)
{
  gpointer id;

  if (cursor->previous != NULL
      && g_hash_table_lookup_extended (cursor->previous->ids, key, NULL, &id))
    return GPOINTER_TO_INT (id);

  return cursor->tree->next_id++;
}

/* Takes @properties; returns the key, which the tree owns. */
static const char *
append_item (Cursor *cursor, const char *name, GVariantDict *properties, WhisMenuItem **item)
{
  char *key = unique_key (cursor, name);
  WhisMenuItem *new_item = item_new (id_for_key (cursor, key));

  new_item->properties = g_variant_ref_sink (g_variant_dict_end (properties));
  g_hash_table_insert (cursor->tree->items, GINT_TO_POINTER (new_item->id), new_item);
  g_hash_table_insert (cursor->tree->ids, key, GINT_TO_POINTER (new_item->id));
  g_ptr_array_add (cursor->parent->children, new_item);

  if (item != NULL)
    *item = new_item;

  return key;
}

static void
append_separator (Cursor *cursor)
{
  GVariantDict properties;

  g_variant_dict_init (&properties, NULL);
  g_variant_dict_insert (&properties, "type", "s", "separator");
  append_item (cursor, "separator", &properties, NULL);
}

/* A separator stands between items of different sections only, so it waits for the second one. */
static void
cross_border (Cursor *cursor)
{
  if (cursor->at_border && cursor->parent->children->len > 0)
    append_separator (cursor);

  cursor->at_border = FALSE;
}

static void
action_state_init (ActionState *self, GActionGroup *actions, const char *name, GVariant *target)
{
  const GVariantType *parameter = NULL;

  *self = (ActionState){ 0 };

  if (name == NULL)
    return;

  self->exists = g_action_group_query_action (actions, name, &self->enabled, &parameter, NULL, NULL,
                                              &self->state);

  /* An item whose target does not fit could only be clicked in vain. */
  if ((parameter != NULL) != (target != NULL)
      || (target != NULL && !g_variant_is_of_type (target, parameter)))
    self->enabled = FALSE;
}

static void
action_state_clear (ActionState *self)
{
  g_clear_pointer (&self->state, g_variant_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ActionState, action_state_clear)

static gboolean
is_hidden (GMenuModel *model, int index, const ActionState *action)
{
  g_autofree char *when = NULL;

  if (!g_menu_model_get_item_attribute (model, index, G_MENU_ATTRIBUTE_ACTION, "s", NULL)
      || !g_menu_model_get_item_attribute (model, index, "hidden-when", "s", &when))
    return FALSE;

  return (g_str_equal (when, "action-missing") && !action->exists)
         || (g_str_equal (when, "action-disabled") && !(action->exists && action->enabled));
}

static void
add_icon (GVariantDict *properties, GMenuModel *model, int index)
{
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GIcon) icon = NULL;

  value = g_menu_model_get_item_attribute_value (model, index, G_MENU_ATTRIBUTE_ICON, NULL);
  if (value != NULL)
    icon = g_icon_deserialize (value);

  if (G_IS_THEMED_ICON (icon))
    g_variant_dict_insert (properties, "icon-name", "s",
                           g_themed_icon_get_names (G_THEMED_ICON (icon))[0]);
}

static void
add_toggle (GVariantDict *properties, GVariant *state, GVariant *target)
{
  gboolean is_radio;
  gboolean is_on;

  if (state == NULL)
    return;

  is_radio = target != NULL && g_variant_is_of_type (state, g_variant_get_type (target));
  if (is_radio)
    is_on = g_variant_equal (state, target);
  else if (target == NULL && g_variant_is_of_type (state, G_VARIANT_TYPE_BOOLEAN))
    is_on = g_variant_get_boolean (state);
  else
    return;

  g_variant_dict_insert (properties, "toggle-type", "s", is_radio ? "radio" : "checkmark");
  g_variant_dict_insert (properties, "toggle-state", "i", is_on);
}

static char *
item_name (const char *action, GVariant *target, const char *label)
{
  g_autofree char *printed = NULL;

  if (action == NULL)
    return g_strconcat ("label:", label, NULL);

  if (target != NULL)
    printed = g_variant_print (target, TRUE);

  return g_strconcat ("action:", action, ":", printed, NULL);
}

static void
append_submenu (Cursor *cursor, WhisMenuItem *item, const char *key, GMenuModel *model)
{
  Cursor inner = *cursor;

  inner.parent = item;
  inner.parent_key = key;
  inner.depth++;
  inner.at_border = FALSE;

  append_model (&inner, model);
}

static void
append_action_item (Cursor *cursor, GMenuModel *model, int index)
{
  g_autofree char *label = NULL;
  g_autofree char *full_action = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;
  g_autoptr (GMenuModel) submenu = NULL;
  g_auto (ActionState) state = { 0 };
  const char *action = NULL;
  const char *key;
  WhisMenuItem *item;
  GVariantDict properties;

  g_menu_model_get_item_attribute (model, index, G_MENU_ATTRIBUTE_LABEL, "s", &label);
  g_menu_model_get_item_attribute (model, index, G_MENU_ATTRIBUTE_ACTION, "s", &full_action);
  target = g_menu_model_get_item_attribute_value (model, index, G_MENU_ATTRIBUTE_TARGET, NULL);
  submenu = g_menu_model_get_item_link (model, index, G_MENU_LINK_SUBMENU);

  if (full_action != NULL)
    action = whis_menu_action_name (full_action);
  action_state_init (&state, cursor->actions, action, target);
  if (is_hidden (model, index, &state))
    return;

  g_variant_dict_init (&properties, NULL);
  g_variant_dict_insert (&properties, "label", "s", label != NULL ? label : "");
  if (submenu != NULL)
    g_variant_dict_insert (&properties, "children-display", "s", "submenu");
  else if (!state.enabled)
    g_variant_dict_insert (&properties, "enabled", "b", FALSE);
  add_icon (&properties, model, index);
  add_toggle (&properties, state.state, target);

  cross_border (cursor);
  name = item_name (action, target, label);
  key = append_item (cursor, name, &properties, &item);
  item->action = g_strdup (action);
  item->target = g_steal_pointer (&target);

  if (submenu != NULL)
    append_submenu (cursor, item, key, submenu);
}

/* A section's label is a line of its own, which cannot be chosen. */
static void
append_section_label (Cursor *cursor, GMenuModel *model, int index)
{
  g_autofree char *label = NULL;
  g_autofree char *name = NULL;
  GVariantDict properties;

  if (!g_menu_model_get_item_attribute (model, index, G_MENU_ATTRIBUTE_LABEL, "s", &label))
    return;

  g_variant_dict_init (&properties, NULL);
  g_variant_dict_insert (&properties, "label", "s", label);
  g_variant_dict_insert (&properties, "enabled", "b", FALSE);

  cross_border (cursor);
  name = item_name (NULL, NULL, label);
  append_item (cursor, name, &properties, NULL);
}

static void
append_section (Cursor *cursor, GMenuModel *model, int index, GMenuModel *section)
{
  cursor->at_border = TRUE;
  append_section_label (cursor, model, index);

  cursor->depth++;
  append_model (cursor, section);
  cursor->depth--;

  cursor->at_border = TRUE;
}

static void
append_model (Cursor *cursor, GMenuModel *model)
{
  if (cursor->depth > MAX_DEPTH)
    return;

  if (!g_ptr_array_find (cursor->tree->models, model, NULL))
    g_ptr_array_add (cursor->tree->models, g_object_ref (model));

  for (int i = 0; i < g_menu_model_get_n_items (model); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (model, i, G_MENU_LINK_SECTION);

      if (section != NULL)
        append_section (cursor, model, i, section);
      else
        append_action_item (cursor, model, i);
    }
}

static WhisMenuItem *
root_new (void)
{
  WhisMenuItem *root = item_new (0);
  GVariantDict properties;

  g_variant_dict_init (&properties, NULL);
  g_variant_dict_insert (&properties, "children-display", "s", "submenu");
  root->properties = g_variant_ref_sink (g_variant_dict_end (&properties));

  return root;
}

const char *
whis_menu_action_name (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return g_str_has_prefix (name, ACTION_PREFIX) ? name + strlen (ACTION_PREFIX) : name;
}

WhisMenuTree *
whis_menu_tree_new (GMenuModel *menu, GActionGroup *actions, const WhisMenuTree *previous)
{
  WhisMenuTree *self;
  Cursor cursor = { 0 };

  g_return_val_if_fail (G_IS_MENU_MODEL (menu), NULL);
  g_return_val_if_fail (G_IS_ACTION_GROUP (actions), NULL);

  self = g_new0 (WhisMenuTree, 1);
  self->root = root_new ();
  self->items = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) item_free);
  self->models = g_ptr_array_new_with_free_func (g_object_unref);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->next_id = previous != NULL ? previous->next_id : 1;
  g_hash_table_insert (self->items, GINT_TO_POINTER (0), self->root);

  cursor.tree = self;
  cursor.previous = previous;
  cursor.actions = actions;
  cursor.parent = self->root;
  cursor.parent_key = "";
  append_model (&cursor, menu);

  return self;
}

void
whis_menu_tree_free (WhisMenuTree *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->ids);
  g_hash_table_unref (self->items);
  g_ptr_array_unref (self->models);
  g_free (self);
}

const WhisMenuItem *
whis_menu_tree_lookup (const WhisMenuTree *self, int id)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_hash_table_lookup (self->items, GINT_TO_POINTER (id));
}

static gboolean
item_same_layout (const WhisMenuItem *self, const WhisMenuItem *other)
{
  if (self->id != other->id || self->children->len != other->children->len)
    return FALSE;

  for (guint i = 0; i < self->children->len; i++)
    {
      if (!item_same_layout (self->children->pdata[i], other->children->pdata[i]))
        return FALSE;
    }

  return TRUE;
}

gboolean
whis_menu_tree_same_layout (const WhisMenuTree *self, const WhisMenuTree *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  return item_same_layout (self->root, other->root);
}

/* The properties of @self that @other does not have with the same value. */
static GVariant *
properties_not_in (GVariant *self, GVariant *other)
{
  GVariantDict difference;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_dict_init (&difference, NULL);
  g_variant_iter_init (&iter, self);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) known = g_variant_lookup_value (other, name, NULL);

      if (known == NULL || !g_variant_equal (known, value))
        g_variant_dict_insert_value (&difference, name, value);
    }

  return g_variant_ref_sink (g_variant_dict_end (&difference));
}

static GStrv
names_not_in (GVariant *self, GVariant *other)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  GVariantIter iter;
  const char *name;

  g_variant_iter_init (&iter, self);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, NULL))
    {
      g_autoptr (GVariant) known = g_variant_lookup_value (other, name, NULL);

      if (known == NULL)
        g_strv_builder_add (names, name);
    }

  return g_strv_builder_end (names);
}

static gboolean
item_diff (const WhisMenuItem *self,
           const WhisMenuItem *previous,
           GVariantBuilder *updated,
           GVariantBuilder *removed)
{
  g_autoptr (GVariant) now = properties_not_in (self->properties, previous->properties);
  g_auto (GStrv) gone = names_not_in (previous->properties, self->properties);
  gboolean is_updated = g_variant_n_children (now) > 0;
  gboolean is_removed = gone[0] != NULL;

  if (is_updated)
    g_variant_builder_add (updated, "(i@a{sv})", self->id, now);
  if (is_removed)
    g_variant_builder_add (removed, "(i^as)", self->id, gone);

  return is_updated || is_removed;
}

gboolean
whis_menu_tree_diff (const WhisMenuTree *self,
                     const WhisMenuTree *previous,
                     GVariant **updated,
                     GVariant **removed)
{
  GVariantBuilder updated_builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ia{sv})"));
  GVariantBuilder removed_builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ias)"));
  gboolean differs = FALSE;
  GHashTableIter iter;
  WhisMenuItem *item;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (previous != NULL, FALSE);
  g_return_val_if_fail (updated != NULL, FALSE);
  g_return_val_if_fail (removed != NULL, FALSE);

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &item))
    {
      const WhisMenuItem *before = whis_menu_tree_lookup (previous, item->id);

      if (before != NULL)
        differs |= item_diff (item, before, &updated_builder, &removed_builder);
    }

  *updated = g_variant_ref_sink (g_variant_builder_end (&updated_builder));
  *removed = g_variant_ref_sink (g_variant_builder_end (&removed_builder));

  return differs;
}

GVariant *
whis_menu_item_get_properties (const WhisMenuItem *self, const char *const *names)
{
  GVariantDict wanted;

  g_return_val_if_fail (self != NULL, NULL);

  if (names == NULL || names[0] == NULL)
    return self->properties;

  g_variant_dict_init (&wanted, NULL);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (self->properties, names[i], NULL);

      if (value != NULL)
        g_variant_dict_insert_value (&wanted, names[i], value);
    }

  return g_variant_dict_end (&wanted);
}

GVariant *
whis_menu_item_get_layout (const WhisMenuItem *self, int depth, const char *const *names)
{
  GVariantBuilder children = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; depth != 0 && i < self->children->len; i++)
    g_variant_builder_add (
        &children, "v",
        whis_menu_item_get_layout (self->children->pdata[i], depth > 0 ? depth - 1 : -1, names));

  return g_variant_new ("(i@a{sv}av)", self->id, whis_menu_item_get_properties (self, names),
                        &children);
}
