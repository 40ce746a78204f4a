/* SPDX-License-Identifier: MIT */
#include "call-options.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"

static const WhisCallOption *
call_options_find (const WhisCallOption *known, gsize n_known, const char *name, GVariant *value)
{
  for (gsize i = 0; i < n_known; i++)
    if (g_str_equal (known[i].name, name))
      return g_variant_is_of_type (value, G_VARIANT_TYPE (known[i].type)) ? &known[i] : NULL;

  return NULL;
}

static void
call_options_store (gpointer target, const WhisCallOption *option, GVariant *value)
{
  gpointer place = G_STRUCT_MEMBER_P (target, option->offset);

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    *(gboolean *) place = g_variant_get_boolean (value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    *(guint *) place = g_variant_get_uint32 (value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    {
      g_free (*(char **) place);
      *(char **) place = g_variant_dup_string (value, NULL);
    }
  else
    {
      g_strfreev (*(GStrv *) place);
      *(GStrv *) place = g_variant_dup_strv (value, NULL);
    }
}

/**
 * whis_call_options_read:
 * @options: the options of a call, a dictionary of type `a{sv}`
 * @known: (array length=n_known): the options that the method has
 * @n_known: how many
 * @target: the structure that they go into, initialised; what is not there stays as it is
 * @error: return location for %WHIS_BUS_ERROR_ARGUMENTS with a sentence for people
 *
 * Reads the options of a call. One that the method does not have is refused, as is a value of
 * another type: whoever writes it wants something that would not happen.
 *
 * Returns: whether all of them are known
 */
gboolean
whis_call_options_read (GVariant *options,
                        const WhisCallOption *known,
                        gsize n_known,
                        gpointer target,
                        GError **error)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_return_val_if_fail (g_variant_is_of_type (options, G_VARIANT_TYPE_VARDICT), FALSE);
  g_return_val_if_fail (target != NULL, FALSE);

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      const WhisCallOption *option = call_options_find (known, n_known, name, value);

      if (option != NULL)
        call_options_store (target, option, value);
      g_variant_unref (value);
      if (option == NULL)
        {
          g_set_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                       _ ("There is no option “%s”, or its value has the wrong type."), name);
          return FALSE;
        }
    }

  return TRUE;
}
