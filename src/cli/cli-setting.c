/* SPDX-License-Identifier: MIT */
#include "cli-setting.h"

#include "settings.h"

static void
setting_free (gpointer data)
{
  WhisCliSetting *setting = data;

  g_free (setting->key);
  g_free (setting->summary);
  g_free (setting->description);
  g_free (setting->standard);
  g_free (setting);
}

static const char *
name_type (const GVariantType *type)
{
  static const struct
  {
    const char *type;
    const char *name;
  } names[] = {
    { "b", "true or false" },
    { "s", "text" },
    { "u", "number" },
    { "x", "number" },
    { "i", "number" },
    { "d", "number" },
    { "as", "list of texts" },
    { "a{ss}", "text per service" },
    { "a{su}", "number per service" },
    { "a{sd}", "number per service" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_variant_type_equal (type, names[i].type))
      return names[i].name;

  g_error ("the manual has no name for a setting of the type %s",
           g_variant_type_peek_string (type));
}

static char *
print_default (GSettingsSchemaKey *key)
{
  g_autoptr (GVariant) value = g_settings_schema_key_get_default_value (key);

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_strdup_printf ("%g", g_variant_get_double (value));
  if (g_variant_is_container (value) && g_variant_n_children (value) == 0)
    return g_strdup ("");

  return g_variant_print (value, FALSE);
}

static WhisCliSetting *
setting_new (GSettingsSchema *schema, const char *name)
{
  g_autoptr (GSettingsSchemaKey) key = g_settings_schema_get_key (schema, name);
  const GVariantType *type = g_settings_schema_key_get_value_type (key);
  const char *summary = g_settings_schema_key_get_summary (key);
  WhisCliSetting *setting = g_new0 (WhisCliSetting, 1);

  if (summary == NULL)
    g_error ("the setting “%s” has no summary", name);
  setting->key = g_strdup (name);
  setting->summary = g_strdup (summary);
  setting->description = g_strdup (g_settings_schema_key_get_description (key));
  setting->type = name_type (type);
  setting->standard = print_default (key);
  setting->per_provider = g_variant_type_is_subtype_of (type, G_VARIANT_TYPE ("a{s*}"));
  setting->is_switch = g_variant_type_equal (type, G_VARIANT_TYPE_BOOLEAN);
  setting->is_provider = g_str_has_suffix (name, "provider");

  return setting;
}

/**
 * whis_cli_setting_list:
 *
 * Returns: (transfer full) (element-type WhisCliSetting): all settings, sorted by name
 */
GPtrArray *
whis_cli_setting_list (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisSettings) store = whis_settings_new (&error);
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;
  g_autoptr (GPtrArray) settings = g_ptr_array_new_with_free_func (setting_free);

  if (store == NULL)
    g_error ("%s", error->message);

  schema =
      g_settings_schema_source_lookup (g_settings_schema_source_get_default (), WHIS_APP_ID, FALSE);
  keys = whis_settings_list_keys (store);
  for (char **key = keys; *key != NULL; key++)
    g_ptr_array_add (settings, setting_new (schema, *key));

  return g_steal_pointer (&settings);
}
