/* SPDX-License-Identifier: MIT */
/* The settings as people read and write them on the command line. */
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "settings-private.h"
#include "settings-error.h"

/* KEY, or KEY/PROVIDER for one entry of a setting with an entry per service. */
typedef struct
{
  GSettings *gsettings;
  char *key;
  const char *provider;
  GSettingsSchemaKey *schema_key;
} Place;

static void
place_clear (Place *place)
{
  g_clear_pointer (&place->key, g_free);
  g_clear_pointer (&place->schema_key, g_settings_schema_key_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static const GVariantType *
get_type (const Place *place)
{
  return g_settings_schema_key_get_value_type (place->schema_key);
}

static gboolean
has_entries (const GVariantType *type)
{
  return g_variant_type_is_subtype_of (type, G_VARIANT_TYPE ("a{s*}"));
}

static const GVariantType *
get_entry_type (const Place *place)
{
  return g_variant_type_value (g_variant_type_element (get_type (place)));
}

static int
compare_names (const void *a, const void *b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

/**
 * whis_settings_list_keys:
 * @self: the settings
 *
 * Returns: (transfer full): the names of all settings, sorted
 */
char **
whis_settings_list_keys (WhisSettings *self)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  char **keys;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  g_object_get (whis_settings_get_gsettings (self), "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  qsort (keys, g_strv_length (keys), sizeof *keys, compare_names);

  return keys;
}

static gboolean
fail_no_key (GError **error, const char *name)
{
  g_set_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_NO_SUCH_KEY,
               _ ("There is no setting “%s”; “whis settings --list” shows them all."), name);

  return FALSE;
}

static gboolean
find_place (WhisSettings *self, const char *name, Place *place, GError **error)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  const char *slash = strchr (name, '/');

  place->gsettings = whis_settings_get_gsettings (self);
  place->key = slash != NULL ? g_strndup (name, (gsize) (slash - name)) : g_strdup (name);
  place->provider = slash != NULL ? slash + 1 : NULL;
  g_object_get (place->gsettings, "settings-schema", &schema, NULL);
  if (!g_settings_schema_has_key (schema, place->key))
    return fail_no_key (error, place->key);

  place->schema_key = g_settings_schema_get_key (schema, place->key);
  if (slash == NULL || (slash[1] != '\0' && has_entries (get_type (place))))
    return TRUE;

  return fail_no_key (error, name);
}

/* The shortest that is read as the same number. */
static char *
print_number (double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.15g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_dtostr (text, sizeof text, number);

  return g_strdup (text);
}

static char *
print_value (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return print_number (g_variant_get_double (value));

  return g_variant_print (value, FALSE);
}

/**
 * whis_settings_print:
 * @self: the settings
 * @name: name of a setting; or, of one with an entry per service, `SETTING/PROVIDER` for one entry
 * @error: return location for an error
 *
 * Returns: (transfer full): the value as people write it, empty for an entry that is not there, or
 *   %NULL with %WHIS_SETTINGS_ERROR_NO_SUCH_KEY
 */
char *
whis_settings_print (WhisSettings *self, const char *name, GError **error)
{
  g_auto (Place) place = { 0 };
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) entry = NULL;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (!find_place (self, name, &place, error))
    return NULL;

  value = g_settings_get_value (place.gsettings, place.key);
  if (place.provider == NULL)
    return print_value (value);

  entry = g_variant_lookup_value (value, place.provider, get_entry_type (&place));

  return entry != NULL ? print_value (entry) : g_strdup ("");
}

static GVariant *
parse_type (const GVariantType *type, const char *text)
{
  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING))
    return g_variant_ref_sink (g_variant_new_string (text));

  return g_variant_parse (type, text, NULL, NULL, NULL);
}

/* The other entries, and the new one unless its text is empty. */
static GVariant *
parse_entry (const Place *place, const char *text)
{
  g_autoptr (GVariant) old = g_settings_get_value (place->gsettings, place->key);
  g_autoptr (GVariant) value = NULL;
  GVariantBuilder entries;
  GVariantIter iter;
  GVariant *kept;

  if (*text != '\0')
    value = parse_type (get_entry_type (place), text);
  if (*text != '\0' && value == NULL)
    return NULL;

  g_variant_builder_init (&entries, get_type (place));
  g_variant_iter_init (&iter, old);
  while ((kept = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_autoptr (GVariant) entry = kept;
      g_autoptr (GVariant) name = g_variant_get_child_value (entry, 0);

      if (!g_str_equal (g_variant_get_string (name, NULL), place->provider))
        g_variant_builder_add_value (&entries, entry);
    }
  if (value != NULL)
    g_variant_builder_add_value (
        &entries, g_variant_new_dict_entry (g_variant_new_string (place->provider), value));

  return g_variant_ref_sink (g_variant_builder_end (&entries));
}

/* What a range of the schema cannot say: an amount of money is a number, and not below nothing. */
static gboolean
has_good_amounts (GVariant *value)
{
  GVariantIter iter;
  double amount;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("a{sd}")))
    return TRUE;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "{sd}", NULL, &amount))
    if (!isfinite (amount) || amount < 0)
      return FALSE;

  return TRUE;
}

static GVariant *
parse_value (const Place *place, const char *text)
{
  g_autoptr (GVariant) value =
      place->provider != NULL ? parse_entry (place, text) : parse_type (get_type (place), text);

  if (value != NULL && g_settings_schema_key_range_check (place->schema_key, value)
      && has_good_amounts (value))
    return g_steal_pointer (&value);

  return NULL;
}

/**
 * whis_settings_is_own:
 * @self: the settings
 * @name: name of a setting, or `SETTING/PROVIDER` for one entry
 *
 * Returns: whether somebody gave it a value
 */
gboolean
whis_settings_is_own (WhisSettings *self, const char *name)
{
  g_auto (Place) place = { 0 };
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) entry = NULL;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (!find_place (self, name, &place, NULL))
    return FALSE;
  value = g_settings_get_user_value (place.gsettings, place.key);
  if (value == NULL || place.provider == NULL)
    return value != NULL;
  entry = g_variant_lookup_value (value, place.provider, get_entry_type (&place));

  return entry != NULL;
}

/**
 * whis_settings_write:
 * @self: the settings
 * @name: name of a setting; or, of one with an entry per service, `SETTING/PROVIDER` for one entry
 * @text: the new value as people write it; an empty one removes an entry
 * @error: return location for an error
 *
 * Changes a setting.
 *
 * Returns: %TRUE if the setting was changed
 */
gboolean
whis_settings_write (WhisSettings *self, const char *name, const char *text, GError **error)
{
  g_auto (Place) place = { 0 };
  g_autoptr (GVariant) value = NULL;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (name != NULL && text != NULL, FALSE);

  if (!find_place (self, name, &place, error))
    return FALSE;

  value = g_utf8_validate (name, -1, NULL) && g_utf8_validate (text, -1, NULL)
              ? parse_value (&place, text)
              : NULL;
  if (value == NULL)
    {
      g_set_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_BAD_VALUE,
                   _ ("“%s” is no value for the setting “%s”; nothing was changed."), text, name);
      return FALSE;
    }
  if (!g_settings_is_writable (place.gsettings, place.key)
      || !g_settings_set_value (place.gsettings, place.key, value))
    {
      g_set_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_NOT_WRITABLE,
                   _ ("The setting “%s” is locked on this computer, or its place cannot be "
                      "written; nothing was changed."),
                   name);
      return FALSE;
    }

  return TRUE;
}

/**
 * whis_settings_parse:
 * @self: the settings
 * @name: as for whis_settings_write()
 * @text: as for whis_settings_write()
 * @error: return location for an error
 *
 * Changes a setting and waits until it is stored; for the command line.
 *
 * Returns: %TRUE if the setting was changed
 */
gboolean
whis_settings_parse (WhisSettings *self, const char *name, const char *text, GError **error)
{
  if (!whis_settings_write (self, name, text, error))
    return FALSE;
  g_settings_sync ();

  return TRUE;
}
