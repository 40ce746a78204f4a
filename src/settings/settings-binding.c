/* SPDX-License-Identifier: MIT */
/* What a widget needs to show a setting and to change it. */
#include "settings-private.h"

/**
 * whis_settings_bind:
 * @self: the settings
 * @key: name of a setting
 * @object: an object
 * @property: a property of @object, of the type of the setting
 *
 * Keeps the setting and the property the same until @object is finalised, or
 * whis_settings_unbind() is called.
 */
void
whis_settings_bind (WhisSettings *self, const char *key, gpointer object, const char *property)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (G_IS_OBJECT (object));

  g_settings_bind (whis_settings_get_gsettings (self), key, object, property,
                   G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_NO_SENSITIVITY);
}

/**
 * whis_settings_unbind:
 * @object: an object
 * @property: what was bound with whis_settings_bind(), or not
 */
void
whis_settings_unbind (gpointer object, const char *property)
{
  g_settings_unbind (object, property);
}

static double
get_number (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return g_variant_get_int32 (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    return g_variant_get_uint32 (value);

  return g_variant_get_double (value);
}

/**
 * whis_settings_get_range:
 * @self: the settings
 * @key: name of a setting whose values are numbers in a range
 * @lowest: (out): the lowest value
 * @highest: (out): the highest value
 */
void
whis_settings_get_range (WhisSettings *self, const char *key, double *lowest, double *highest)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettingsSchemaKey) schema_key = NULL;
  g_autoptr (GVariant) range = NULL;
  g_autoptr (GVariant) bounds = NULL;
  g_autoptr (GVariant) first = NULL;
  g_autoptr (GVariant) second = NULL;
  const char *kind;

  g_return_if_fail (WHIS_IS_SETTINGS (self));

  g_object_get (whis_settings_get_gsettings (self), "settings-schema", &schema, NULL);
  schema_key = g_settings_schema_get_key (schema, key);
  range = g_settings_schema_key_get_range (schema_key);
  g_variant_get (range, "(&sv)", &kind, &bounds);
  g_return_if_fail (g_str_equal (kind, "range"));

  first = g_variant_get_child_value (bounds, 0);
  second = g_variant_get_child_value (bounds, 1);
  *lowest = get_number (first);
  *highest = get_number (second);
}
